"""The elements and attributes that our templates, blocks and Markdown cells write; anything else is a fault.

A list of what is forbidden is never complete: a number can stand in any attribute, and be hidden by any element.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from selectolax.lexbor import LexborNode

_NAME = r"[\w-]+"
_ANY = r"[\s\S]*"
_HEADING_ROLES = "(?:row|column)header"
_ADDRESS = rf"#{_NAME}|data:text/csv;{_ANY}|https?://\S+|[\w-][\w.-]*\.(?:html|pdf)"
_IMAGE = rf"data:image/(?:svg\+xml,|png;base64,){_ANY}"

# Each element, and what each attribute that it may have may say.
_ELEMENTS: dict[str, dict[str, str]] = {
    "html": {"lang": ".*"},
    "head": {},
    "meta": {
        "charset": "utf-8",
        "name": "viewport|color-scheme",
        "http-equiv": "Content-Security-Policy",
        "content": ".*",
    },
    "title": {},
    "style": {},
    "script": {"type": r"application/ld\+json"},
    "body": {},
    "main": {"id": "innehallet"},
    "nav": {"aria-labelledby": "innehall"},
    "footer": {},
    "h2": {"id": r"avsnitt-\d+"},
    **{f"h{level}": {} for level in (1, 3, 4, 5, 6)},
    **{tag: {} for tag in ("ul", "ol", "li", "em", "br", "hr", "blockquote", "code", "cite")},
    "p": {
        "class": "byline|download|lead|missing|note|own-figures|synthetic-page|uncontrolled-page",
        "id": "innehall",
    },
    "strong": {"class": "synthetic"},
    "span": {"class": "hidden-number|missing|unseen", "aria-hidden": "true"},
    "a": {
        "class": "skip",
        "href": _ADDRESS,
        "rel": "noreferrer noopener",
        "download": rf"{_NAME}\.csv",
    },
    "pre": {"class": "copy", "tabindex": "0"},
    "time": {"datetime": r"[\d:T+-]+"},
    "data": {"value": r"-?\d+(?:\.\d+)?", "data-fact": ".+"},
    "i": {"class": "[gm]"},
    "dl": {"class": "key-figures"},
    "dt": {},
    "dd": {"class": "values|change|when"},
    "div": {
        "class": "table(?: stacks)?(?: short)?(?: wide)?|folded|first-screen|side-by-side",
        "role": "region",
        "tabindex": "0",
        "aria-labelledby": _NAME,
    },
    "table": {"id": _NAME, "role": "table"},
    "caption": {"id": _NAME},
    "thead": {"role": "rowgroup"},
    "tbody": {"role": "rowgroup"},
    "tr": {"role": "row"},
    "th": {"scope": "row|col", "class": "number|address", "role": _HEADING_ROLES},
    "td": {"class": "number|address", "role": "cell", "data-label": ".+"},
    "figure": {},
    "figcaption": {},
    "img": {"alt": _ANY, "data-facts": _ANY, "width": r"\d+", "height": r"\d+", "src": _IMAGE},
    "details": {},
    "summary": {},
}
_BELONGS = {
    **dict.fromkeys(("meta", "title", "style", "script"), "head"),
    "summary": "details",
}

# What matplotlib draws: paths, and no letter or word.
_DRAWN = {
    "svg": "height version viewBox width xmlns xmlns:xlink",
    "defs": "",
    "style": "type",
    "g": "clip-path style transform",
    "path": "clip-path d id style transform",
    "use": "style transform x xlink:href y",
    "clipPath": "id",
    "rect": "clip-path fill height id style transform width x y",
    "pattern": "height id patternUnits width x y",
}
_TAG = re.compile(r"<(/?)([\w:]*)((?:\s+[\w:-]+\s*=\s*(?:'[^'<]*'|\"[^\"<]*\"))*)\s*/?>")
_ATTRIBUTE = re.compile(r"([\w:-]+)\s*=\s*(?:'([^']*)'|\"([^\"]*)\")")
_OUTSIDE = re.compile(r"url\(\s*['\"]?(?!#)|@import|image-set|javascript:", re.IGNORECASE)
_DRAWING_STYLE = re.compile(r"\*\{[a-z:;-]*\}")


def strangers(element: LexborNode) -> Iterator[str]:
    """Yield in words what an element is or has that nothing of ours writes."""
    tag, above = element.tag or "", element.parent.tag if element.parent is not None else None
    if tag not in _ELEMENTS:
        yield f"there is a {tag} element"
        return
    if _BELONGS.get(tag, above) != above:
        yield f"there is a {tag} element in a {above}"
    if tag == "details" and any(child.tag != "summary" for child in element.iter()):
        yield "a details element holds more than its summary, which no style can print"
    for name, value in element.attributes.items():
        may_be = _ELEMENTS[tag].get(name)
        if may_be is None:
            yield f"a {tag} has the attribute {name}"
        elif not re.fullmatch(may_be, value or ""):
            yield f"a {tag} has the {name} {(value or '')[:80]!r}, which no part of a page of vgstats has"


def is_drawing(svg: str) -> bool:
    """Return whether an image in SVG holds paths as matplotlib draws them, and no text, link or comment."""
    place = 0
    inside = ""
    for found in _TAG.finditer(svg):
        closes, tag, attributes = found.groups()
        between = svg[place : found.start()].strip()
        if between and not (inside == "style" and _DRAWING_STYLE.fullmatch(between)):
            return False
        place, inside = found.end(), tag if not closes else ""
        if tag not in _DRAWN:
            return False
        for name, *values in _ATTRIBUTE.findall(attributes):
            value = "".join(values)
            known = name in _DRAWN[tag].split()
            if not known or _OUTSIDE.search(value) or (name == "xlink:href" and value[:1] != "#"):
                return False
            if name == "id" and not re.fullmatch(r"i\d+", value):
                return False
    return place > 0 and not svg[place:].strip()
