"""What is drawn can be seen and told apart: contrast, direct labels, few series, sharp and small."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.colors import to_rgba
from matplotlib.figure import Figure as Drawing
from matplotlib.patches import Patch
from matplotlib.text import Text

from support import blocks
from vgstats.blocks.blocks import Blocks
from vgstats.blocks.figures import Figure
from vgstats.catalogue import areas
from vgstats.drawing import maps
from vgstats.drawing.embedding import image_address
from vgstats.drawing.style import BLUE, LIGHT, TURQUOISE
from vgstats.reports.uppfoljning import Uppfoljning


def contrast(one, other="#FFFFFF") -> float:
    """The contrast of two colours as WCAG defines it; a transparent colour lies on white."""

    def luminance(colour) -> float:
        *rgb, alpha = to_rgba(colour)
        channels = [alpha * c + 1 - alpha for c in rgb]
        linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
        return float(np.dot(linear, [0.2126, 0.7152, 0.0722]))

    low, high = sorted([luminance(one), luminance(other)])
    return (high + 0.05) / (low + 0.05)


def figures_of(report: Uppfoljning) -> list[Figure]:
    def parts(block):
        return [p for b in block.blocks for p in parts(b)] if isinstance(block, Blocks) else [block]

    found = [part for block in blocks(report).values() for part in parts(block)]
    return [part for part in found if isinstance(part, Figure)]


@pytest.fixture(scope="module")
def drawings(vg, practice_batch) -> list[Drawing]:
    job = practice_batch.jobs[0]
    found = [*figures_of(vg), *figures_of(Uppfoljning(job.parameters, job.bundle))]
    assert len(found) >= 12
    return [figure.drawing for figure in found]


def seen(patch: Patch) -> bool:
    """Whether a patch stands out from white by its colour or its edge."""
    edge = patch.get_edgecolor()
    edged = patch.get_linewidth() > 0 and edge[3] > 0 and contrast(edge) >= 3
    return edged or contrast(patch.get_facecolor()) >= 3


def test_contrast_is_counted_as_wcag_does():
    assert contrast("#000000") == pytest.approx(21)
    assert contrast("#767676") == pytest.approx(4.54, abs=0.01)


def test_every_bar_and_area_stands_out_from_the_paper(drawings):
    for drawing in drawings:
        for axes in drawing.axes:
            fields = [p for p in axes.patches if p.get_zorder() <= 0 and p is not axes.patch]
            edges = [x for line in axes.lines for x in np.atleast_1d(line.get_xdata())]
            for patch in axes.patches:
                if patch in fields:  # a shaded stretch has a line at each end instead
                    box = patch.get_extents().transformed(axes.transData.inverted())
                    assert all(np.isclose(edges, end).any() for end in (box.x0, box.x1))
                else:
                    assert seen(patch), patch


def test_every_line_and_point_stands_out(drawings):
    for drawing in drawings:
        for axes in drawing.axes:
            for line in axes.lines:
                assert contrast(line.get_color()) >= 3, line
            for points in axes.collections:
                faces, rims = points.get_facecolor(), points.get_edgecolor()
                colours = [*faces, *rims]
                assert max(contrast(colour) for colour in colours) >= 3, points


def test_every_word_can_be_read(drawings):
    for drawing in drawings:
        for text in drawing.findobj(Text):
            if text.get_text().strip() and text.get_visible():
                on = "#FFFFFF"
                if text.get_color() == "white":
                    on = BLUE
                elif text.get_color() == "black":
                    on = min((LIGHT, TURQUOISE), key=lambda c: contrast("black", c))
                assert contrast(text.get_color(), on) >= 4.5, (text.get_text(), text.get_color())


def test_no_figure_has_a_legend_or_more_than_four_series(drawings):
    for drawing in drawings:
        assert not drawing.legends
        for axes in drawing.axes:
            assert axes.get_legend() is None
            joined = [line for line in axes.lines if len(line.get_xdata()) > 2]
            assert len({line.get_color() for line in joined}) <= 4


def test_colours_beside_each_other_are_told_apart_without_colour():
    assert contrast(BLUE, LIGHT) >= 3 and contrast(BLUE, TURQUOISE) >= 3


def test_a_drawing_is_svg_or_a_png_of_twice_the_size_where_that_is_smaller():
    plain = Drawing(figsize=(2, 1))
    plain.subplots().plot([1, 2])
    assert image_address(plain).startswith("data:image/svg+xml,")
    crowded = Drawing(figsize=(2, 1))
    random = np.random.default_rng(1)
    crowded.subplots().plot(random.random(4000), random.random(4000), ",")
    address = image_address(crowded)
    assert address.startswith("data:image/png;base64,")
    assert len(address) < 100_000


def test_the_key_of_a_map_lies_inside_the_picture():
    values = pd.DataFrame(
        {"area": areas.lan(), "value": range(-30, 33, 3), "unchanged": [False] * 20 + [True]}
    )
    figure = maps.changes(values)
    FigureCanvasAgg(figure).draw()
    keys = [*figure.legends, *(axes.get_legend() for axes in figure.axes)]
    (key,) = filter(None, keys)
    inside, whole = key.get_window_extent(), figure.bbox
    assert whole.x0 <= inside.x0 and inside.x1 <= whole.x1 and inside.y1 <= whole.y1
