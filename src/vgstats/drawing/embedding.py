"""Drawings as addresses that hold the whole image: SVG, or PNG at twice the size where smaller."""

from __future__ import annotations

import base64
import io
import re
from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import quote

from matplotlib.backends.backend_svg import FigureCanvasSVG
from matplotlib.figure import Figure
from matplotlib.style import context

# Bytes of SVG. A PNG that is sharp on a phone takes 150 000 and more, whatever it shows.
_TRY_PNG_FROM = 120_000
_DOTS_PER_INCH = 192
_NOT_DRAWN = re.compile(
    r"<\?xml.*?\?>|<!DOCTYPE.*?>|<!--.*?-->|<metadata>.*?</metadata>|(?<=>)\s+(?=<)", re.DOTALL
)
_ID = re.compile(r' id="([^"]*)"')
_REFERENCE = re.compile(r'(?<=url\(#)[^)]*|(?<=href="#)[^"]*')
_LETTER_MOVED = re.compile(r'(<use [^>]*)transform="translate\((\S+) 0\)"')
# WeasyPrint cuts off what is see-through as a group, such as turned words.
_SEEN_THROUGH = re.compile(r'(<g style="fill: [^;"]*; )opacity')
_LONG_NUMBER = re.compile(r"scale\([^)]*\)|\d+\.\d{3,}")
_IDLE_SPACE = re.compile(r"\s*\n|(?<=[MLQC:;]) ")


def image_address(drawing: Figure, *, stamp: str = "") -> str:
    """Return a drawing as a data address, with `stamp` written across it."""
    if stamp:
        drawing.text(
            0.5, 0.5, stamp, rotation=20, ha="center", va="center",
            fontsize=min(22, 4.6 * drawing.get_figwidth()), color="#B3261E", alpha=0.28, weight="bold",
        )  # fmt: skip
    svg = _svg_address(drawing)
    return svg if len(svg) < _TRY_PNG_FROM else min(svg, _png_address(drawing), key=len)


def _svg_address(drawing: Figure) -> str:
    small = svg_of(drawing).replace('"', "'")
    return "data:image/svg+xml," + quote(small, safe=" '=:/;,.()-_!*@$+?&|~[]{}^`<>")


def svg_of(drawing: Figure) -> str:
    """Return a drawing as SVG, without what is not drawn."""
    text = io.StringIO()
    look = {"svg.hashsalt": "vgstats", "svg.fonttype": "path"}
    with context(["default", look]), _laid_out(drawing):
        drawing.savefig(text, format="svg", metadata={"Date": None, "Creator": None})
    return _small(text.getvalue())


def _small(svg: str) -> str:
    """Return a drawing without what is not drawn, its places to a hundredth of a point."""
    drawn = _NOT_DRAWN.sub("", svg)
    used = dict.fromkeys(_REFERENCE.findall(drawn))
    short = {name: f"i{number}" for number, name in enumerate(used)}
    drawn = _ID.sub(lambda m: f' id="{short[m[1]]}"' if m[1] in short else "", drawn)
    drawn = _REFERENCE.sub(lambda m: short[m[0]], drawn)
    drawn = _LETTER_MOVED.sub(r'\1x="\2"', drawn)
    drawn = _SEEN_THROUGH.sub(r"\1fill-opacity", drawn)
    return _IDLE_SPACE.sub("", _LONG_NUMBER.sub(_shorter, drawn))


def _shorter(found: re.Match[str]) -> str:
    """Return a number in fewer digits; how much the letters are scaled stays exact."""
    if found[0].startswith("scale"):
        return found[0]
    return f"{float(found[0]):.2f}".rstrip("0").rstrip(".")


@contextmanager
def _laid_out(drawing: Figure) -> Iterator[None]:
    """Put the parts of a drawing in their places; savefig would draw it all once more to do so."""
    engine, dots = drawing.get_layout_engine(), drawing.dpi
    try:
        if engine is not None:
            FigureCanvasSVG(drawing)
            drawing.dpi = FigureCanvasSVG.fixed_dpi
            engine.execute(drawing)
            drawing.set_layout_engine(None)
        yield
    finally:
        drawing.dpi = dots
        drawing.set_layout_engine(engine)


def _png_address(drawing: Figure) -> str:
    data = io.BytesIO()
    with context("default"):
        drawing.savefig(data, format="png", dpi=_DOTS_PER_INCH, metadata={"Software": None})
    return "data:image/png;base64," + base64.b64encode(data.getvalue()).decode("ascii")
