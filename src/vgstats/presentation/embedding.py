"""Drawings as addresses that hold the whole image: SVG, or PNG at twice the size where smaller."""

from __future__ import annotations

import base64
import io
from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import quote

import matplotlib as mpl
from matplotlib.backends.backend_svg import FigureCanvasSVG
from matplotlib.figure import Figure
from scour import scour

# Bytes of SVG. A PNG that is sharp on a phone takes 150 000 and more, whatever it shows.
_TRY_PNG_FROM = 120_000
_DOTS_PER_INCH = 192


def image_address(drawing: Figure, *, stamp: str = "") -> str:
    """Return a drawing as a data address, with `stamp` written across it."""
    if stamp:
        drawing.text(
            0.5, 0.5, stamp, rotation=20, ha="center", va="center",
            fontsize=22, color="#B3261E", alpha=0.28, weight="bold",
        )  # fmt: skip
    svg = _svg_address(drawing)
    return svg if len(svg) < _TRY_PNG_FROM else min(svg, _png_address(drawing), key=len)


def _svg_address(drawing: Figure) -> str:
    text = io.StringIO()
    with mpl.rc_context({"svg.hashsalt": "vgstats", "svg.fonttype": "path"}), _laid_out(drawing):
        drawing.savefig(text, format="svg", metadata={"Date": None, "Creator": None})
    small = scour.scourString(text.getvalue(), _SVG_CLEANING).replace('"', "'")
    return "data:image/svg+xml," + quote(small, safe=" '=:/;,.()-_!*@$+?&|~[]{}^`")


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
    drawing.savefig(data, format="png", dpi=_DOTS_PER_INCH, metadata={"Software": None})
    return "data:image/png;base64," + base64.b64encode(data.getvalue()).decode("ascii")


_SVG_CLEANING = scour.sanitizeOptions()
_SVG_CLEANING.strip_xml_prolog = True
_SVG_CLEANING.strip_comments = True
_SVG_CLEANING.remove_metadata = True
_SVG_CLEANING.strip_ids = True
_SVG_CLEANING.shorten_ids = True
_SVG_CLEANING.indent_type = "none"
_SVG_CLEANING.newlines = False
_SVG_CLEANING.digits = 4
