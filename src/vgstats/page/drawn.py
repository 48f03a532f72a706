"""Whether an image is what matplotlib draws, and nothing that a browser would load, run or read out."""

from __future__ import annotations

import re

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
