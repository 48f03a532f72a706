"""A region's own pictures, beside its words: read, cleaned of what nobody sees, and carried as data."""

from __future__ import annotations

import base64
import re
import warnings
from io import BytesIO
from pathlib import Path
from urllib.parse import quote, unquote
from xml.etree import ElementTree

_MOST_BYTES = 400_000
_MOST_DOTS = 4000
_RASTER = {".png": "PNG", ".jpg": "JPEG", ".jpeg": "JPEG"}
_SVG = "{http://www.w3.org/2000/svg}"
_DRAWN = {
    "svg", "g", "defs", "path", "rect", "circle", "ellipse", "line", "polyline", "polygon", "text", "tspan", "title",
    "desc", "linearGradient", "radialGradient", "stop", "clipPath", "mask", "pattern", "use", "symbol", "marker",
}  # fmt: skip
_OUTSIDE = re.compile(r"url\(\s*['\"]?(?!#)|javascript:|data:|@import|expression", re.IGNORECASE)
_HREF = {"href", "{http://www.w3.org/1999/xlink}href"}


def data_address(folder: Path, name: str) -> str:
    """Return a picture in a folder as a data address.

    Raises:
        ValueError: there is none, it lies elsewhere, is too large, or is no picture that a page can hold; the message
            says what to do.
    """
    name = unquote(name)
    file = (folder / name).resolve()
    if re.match(r"\w+:|[/\\]", name) or not file.is_relative_to(folder.resolve()):
        raise ValueError(f"the picture {name!r} lies elsewhere. Put it in the folder of the text")
    kind = file.suffix.lower()
    if kind not in {".svg", *_RASTER}:
        raise ValueError(f"the picture {name!r} is of another kind. Save it as png, jpg or svg")
    try:
        content = file.read_bytes()
    except OSError as error:
        raise ValueError(
            f"the picture {name!r} cannot be read ({error.strerror}). Correct the name"
        ) from None
    if len(content) > _MOST_BYTES:
        raise ValueError(
            f"the picture {name!r} is {len(content) // 1000} kB, and at most {_MOST_BYTES // 1000} have room. "
            "Save it smaller"
        )
    if kind == ".svg":
        text = content.decode("utf-8-sig", "replace")
        if not is_still_drawing(text):
            raise ValueError(
                f"the drawing {name!r} holds more than shapes and words, such as a script, a style sheet or something "
                "from outside. Export it as plain SVG, or save it as png"
            )
        return f"data:image/svg+xml,{quote(text)}"
    return _raster(name, content, _RASTER[kind])


def _raster(name: str, content: bytes, kind: str) -> str:
    """Return a picture of dots without what else its file tells, such as where it was taken."""
    from PIL import Image, ImageOps  # an unchanged batch has no use for it

    written = BytesIO()
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            with Image.open(BytesIO(content), formats=[kind]) as opened:
                if max(opened.size) > _MOST_DOTS:
                    raise ValueError(
                        f"the picture {name!r} is {opened.width} x {opened.height} dots, and at most {_MOST_DOTS} "
                        "have room on a side. Save it smaller"
                    )
                picture = ImageOps.exif_transpose(opened)
                picture.info.clear()
                if kind == "JPEG":
                    picture.convert("RGB").save(written, kind, quality=90)
                else:
                    picture.save(written, kind)
    except (OSError, SyntaxError, Warning, Image.DecompressionBombError) as error:
        raise ValueError(
            f"the picture {name!r} is no {kind} that can be read ({error}). Save it anew"
        ) from None
    data = base64.b64encode(written.getvalue()).decode("ascii")
    return f"data:image/{kind.lower()};base64,{data}"


def is_still_drawing(svg: str) -> bool:
    """Return whether an SVG holds shapes and words alone: nothing that runs, moves or is fetched."""
    if "<!DOCTYPE" in svg or "<!ENTITY" in svg or "<?xml-stylesheet" in svg:
        return False
    try:
        whole = ElementTree.fromstring(svg)  # noqa: S314 - without a document type there are no entities
    except ElementTree.ParseError:
        return False
    return whole.tag == f"{_SVG}svg" and all(map(_is_still, whole.iter()))


def _is_still(element: ElementTree.Element) -> bool:
    if not isinstance(element.tag, str) or element.tag.removeprefix(_SVG) not in _DRAWN:
        return False
    return all(
        not name.lower().startswith("on")
        and not _OUTSIDE.search(value)
        and (name not in _HREF or value.startswith("#"))
        for name, value in element.attrib.items()
    )
