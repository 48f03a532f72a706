"""A finished page's figures as pictures for slides: 1920 by 1080 dots, with what they say, their label and source.

It is made of the page alone, which has passed its gate.
"""

from __future__ import annotations

import html
import io
import math
from collections.abc import Sequence
from typing import Any

import pandas as pd
from PIL.PngImagePlugin import PngInfo

from vgstats.blocks.blocks import SYNTHETIC
from vgstats.errors import VgstatsError
from vgstats.page.parts import Called, FigureRead, Parts
from vgstats.page.pdf import READING, pdf_of

_WIDE, _HIGH, _EDGE = 1920, 1080, 70  # dots
_MOST_OF_THE_WIDTH = 1150  # dots, for the drawing
_POINTS = 0.75  # a dot, on paper
_TITLES, _TEXTS = (
    (60, 52, 46, 40, 34),
    (30, 26, 23, 20),
)  # sizes, the largest that there is room for
_SIGN = 0.62  # how wide a letter is at most, of its height
_LINE = 1.3
_STYLE = f"""
@page {{ size: {_WIDE}px {_HIGH}px; margin: 0 }}
body {{ margin: 0; font-family: system-ui, "Segoe UI", Roboto, Arial, "DejaVu Sans", sans-serif; color: #1f1f1f }}
section {{ position: relative; width: {_WIDE}px; height: {_HIGH}px; break-after: page; overflow: hidden }}
section:last-child {{ break-after: auto }}
div {{ position: absolute; left: {_EDGE}px; top: {_EDGE}px; line-height: {_LINE} }}
img {{ position: absolute; right: {_EDGE}px }}
h1 {{ margin: 0 0 .6em; color: #12436d; line-height: {_LINE} }}
p {{ margin: 0 0 .8em; color: #3d3d3d }}
p.said {{ font-weight: bold; color: #b3261e }}
"""


def pictures_of(page: str, observations: pd.DataFrame, sources: pd.DataFrame) -> dict[str, bytes]:
    """Return the figures of a finished page as PNG files, by their names, in the order of the page.

    The alternative text of each stands in its file as its description.

    Args:
        page: the page, which has passed its gate.
        observations: the figures that it was made of, for the source of a figure that does not name it.
        sources: what their sources are called, by their keys.

    Raises:
        VgstatsError: what draws them is not installed (see `pdf_of`), or a text does not fit beside its figure.
    """
    parts = Parts.of(page)
    if not parts.figures:
        return {}
    called = Called(parts.words, observations, sources)
    slides = "\n".join(
        _slide(figure, parts.warnings, called, parts.title) for figure in parts.figures
    )
    data = pdf_of(
        f'<!DOCTYPE html><html lang="sv"><head><meta charset="utf-8"><title>{html.escape(parts.title)}</title>'
        f"<style>{_STYLE}</style></head><body>{slides}</body></html>"
    )
    with READING:
        return _pictures(data, parts)


def _pictures(data: bytes, parts: Parts) -> dict[str, bytes]:
    import pypdfium2

    sheets = pypdfium2.PdfDocument(data)
    if len(sheets) != len(parts.figures):
        raise VgstatsError(
            f"the pictures are refused: {len(parts.figures)} figures take {len(sheets)} of them. Shorten the words of "
            "the one that needs more than its own."
        )
    mark = "pahittade-siffror-" if SYNTHETIC in parts.warnings else ""
    names = (f"{n:02}-{mark}{figure.table.id}.png" for n, figure in enumerate(parts.figures, 1))
    described = zip(names, sheets, parts.figures, strict=True)
    return {name: _png(sheet, parts, figure) for name, sheet, figure in described}


def _slide(figure: FigureRead, warnings: Sequence[str], called: Called, report: str) -> str:
    width, height = figure.size
    scale = min(_MOST_OF_THE_WIDTH / width, (_HIGH - 2 * _EDGE) / height)
    across, down = round(width * scale), round(height * scale)
    room = _WIDE - 3 * _EDGE - across
    title = _size([figure.finding], room, 0.45 * (_HIGH - 2 * _EDGE), _TITLES)
    texts = [*warnings, *_notes(figure, called), report]
    left = _HIGH - 2 * _EDGE - _lines(figure.finding, room, title) * title * _LINE - title
    text = _size(texts, room, left, _TEXTS)
    below = "".join(
        f"<p{' class=said' if words in warnings else ''}>{html.escape(words)}</p>"
        for words in texts
    )
    return (
        f'<section><div style="width:{room}px;font-size:{text}px"><h1 style="font-size:{title}px">'
        f"{html.escape(figure.finding)}</h1>{below}</div>"
        f'<img alt="{html.escape(figure.alt, quote=True)}" src="{html.escape(figure.image, quote=True)}"'
        f' style="width:{across}px;height:{down}px;top:{(_HIGH - down) // 2}px"></section>'
    )


def _notes(figure: FigureRead, called: Called) -> list[str]:
    """Return what stands under a figure, and its source also where the page says it elsewhere."""
    if any(words in note for note in figure.notes for words in ("Källa:", "Källor:")):
        return list(figure.notes)
    source = called.of(n for row in figure.table.rows for cell in row for n in cell.numbers)
    return [*figure.notes, *([f"Källa: {source}."] if source else [])]


def _size(texts: Sequence[str], width: float, height: float, sizes: Sequence[int]) -> int:
    """Return the largest size of letters at which texts fit in a box, each with a line of space after it."""
    fitting = (
        size
        for size in sizes
        if sum(_lines(text, width, size) + 0.8 for text in texts) * size * _LINE <= height
        and max((len(word) for text in texts for word in text.split()), default=0) * size * _SIGN
        <= width
    )
    return next(fitting, sizes[-1])


def _lines(text: str, width: float, size: int) -> int:
    return math.ceil(1.1 * len(text) * size * _SIGN / width)


def _png(sheet: Any, parts: Parts, figure: FigureRead) -> bytes:
    """Return a sheet as a PNG file that says what it shows."""
    picture = sheet.render(scale=1 / _POINTS).to_pil()
    about = PngInfo()
    about.add_itxt("Title", f"{parts.title}: {figure.finding}", lang="sv")
    about.add_itxt("Description", figure.alt, lang="sv")
    data = io.BytesIO()
    picture.save(data, format="PNG", optimize=True, pnginfo=about)
    return data.getvalue()
