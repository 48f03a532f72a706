"""Matplotlib's SVG made small: short numbers, relative paths, short ids, nothing that is not drawn.

Matplotlib writes what is read here: paths of M, L, Q, C and z with absolute coordinates, groups with ids
that nothing refers to, styles with spaces. What is drawn stays where it was to a hundredth of a point.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

_DROPPED = re.compile(r"<\?xml.*?\?>|<!DOCTYPE.*?>|<!--.*?-->|<metadata>.*?</metadata>", re.DOTALL)
_TAG = re.compile(r"<[^>]+>|[^<]+")
_PATH = re.compile(r'(?<= d=")[^"]*')
_STEP = re.compile(r"([MLQCz])([^MLQCz]*)")
_STYLE = re.compile(r'(?<=style=")[^"]*')
_COLOUR = re.compile(r"#([0-9a-f])\1([0-9a-f])\2([0-9a-f])\3\b")
_LONG = re.compile(r"-?\d+\.\d{3,}")
_EXACT = re.compile(r"scale\([^)]*\)")
_MOVED = re.compile(r'transform="translate\(([^ )]*) ([^)]*)\)"')
_ID = re.compile(r' id="([^"]*)"')
_USED = re.compile(r'url\(#([^)]*)\)|href="#([^"]*)"')
_PER_POINT = 100


def small_svg(svg: str) -> str:
    """Return a drawing that matplotlib has written as SVG in fewer bytes, looking the same."""
    names = {found[1] or found[2]: "" for found in _USED.finditer(svg)}
    names = {name: f"i{number:x}" for number, name in enumerate(names)}
    tags = (tag for tag in _TAG.findall(_DROPPED.sub("", svg)) if not tag.isspace())
    return "".join(_without_idle_groups(_short(tag, names) for tag in tags))


def _without_idle_groups(tags: Iterable[str]) -> Iterator[str]:
    """Yield the tags without the groups that say nothing of what is in them."""
    kept: list[bool] = []
    for tag in tags:
        if tag.startswith("<g"):
            kept.append(tag != "<g>")
        if not tag.startswith(("<g", "</g")) or (kept.pop() if tag == "</g>" else kept[-1]):
            yield tag


def _short(tag: str, names: dict[str, str]) -> str:
    """Return a tag as short as it can be, or a text as it is."""
    if not tag.startswith("<") or tag.startswith("</"):
        return tag
    tag = _ID.sub(lambda m: f' id="{names[m[1]]}"' if m[1] in names else "", tag)
    tag = _USED.sub(lambda m: f"url(#{names[m[1]]})" if m[1] else f'href="#{names[m[2]]}"', tag)
    if " d=" in tag:
        return _PATH.sub(lambda m: _path(m[0]), _plain(tag))
    scales = iter(_EXACT.findall(tag))
    rounded = _LONG.sub(lambda m: _number(_unit(m[0])), tag)
    tag = _EXACT.sub(lambda _: next(scales), rounded)
    if tag.startswith("<use"):
        tag = _MOVED.sub(lambda m: f'x="{m[1]}"' + (f' y="{m[2]}"' if m[2] != "0" else ""), tag)
    return _plain(tag)


def _plain(tag: str) -> str:
    style = _STYLE.sub(lambda m: m[0].replace(": ", ":").replace("; ", ";"), tag)
    return _COLOUR.sub(r"#\1\2\3", style)


def _path(absolute: str) -> str:
    """Return a path with each point told from the one before, so that most numbers are short."""
    done: list[str] = []
    last = ""
    x = y = start_x = start_y = 0
    for command, rest in _STEP.findall(absolute):
        if command == "z":
            done.append("z")
            last, x, y = "z", start_x, start_y
            continue
        places = [_unit(number) for number in rest.split()]
        steps = [place - (y if i % 2 else x) for i, place in enumerate(places)]
        x, y = places[-2:]
        if command == "M":
            start_x, start_y = x, y
        name = command.lower()
        if name == "l" and not (steps[0] and steps[1]):
            name, steps = ("h", steps[:1]) if steps[0] else ("v", steps[1:])
        numbers = _numbers(steps)
        between = "" if numbers[0] == "-" else " "
        done.append(between + numbers if name == last and name != "m" else name + numbers)
        last = name
    return "".join(done)


def _unit(number: str) -> int:
    return round(float(number) * _PER_POINT)


def _numbers(units: list[int]) -> str:
    texts = [_number(unit) for unit in units]
    return texts[0] + "".join(text if text[0] == "-" else f" {text}" for text in texts[1:])


def _number(unit: int) -> str:
    whole, part = divmod(abs(unit), _PER_POINT)
    text = f"{whole}.{part:02d}".rstrip("0").rstrip(".") if part else str(whole)
    return ("-" if unit < 0 else "") + (text.removeprefix("0") if part else text)
