"""A drawing made small is the same drawing: every point where it was, every reference to something there."""

from __future__ import annotations

import io
import re
from urllib.parse import unquote
from xml.etree import ElementTree

import matplotlib as mpl
import pytest
from matplotlib.figure import Figure

from vgstats.drawing.embedding import image_address

NUMBER = re.compile(r"-?\d+(?:\.\d+)?")
DRAWN = ("path", "use", "rect", "pattern", "clipPath")


@pytest.fixture(scope="module")
def drawing() -> Figure:
    figure = Figure(figsize=(4, 30))
    axes = figure.subplots()
    axes.plot([0, 1, 2, 2], [0.5, 900, -7, 3], marker="o", label="å <b> & c")
    axes.bar([0, 1], [200, 400], hatch="///", alpha=0.3)
    axes.fill_between([0, 1, 2], [1, 2, 1], [500, 700, 2], color="#AABBCC")
    axes.annotate("Öland", (1, 900), bbox={"boxstyle": "circle", "fc": "white"}, rotation=20)
    axes.legend(loc="upper left")
    return figure


@pytest.fixture(scope="module")
def written(drawing) -> str:
    text = io.StringIO()
    with mpl.rc_context({"svg.hashsalt": "vgstats", "svg.fonttype": "path"}):
        drawing.savefig(text, format="svg")
    return text.getvalue()


@pytest.fixture(scope="module")
def small(drawing) -> str:
    return unquote(image_address(drawing).removeprefix("data:image/svg+xml,"))


def drawn(svg: str) -> list[ElementTree.Element]:
    parts = ElementTree.fromstring(svg).iter()  # noqa: S314 - our own drawing
    return [part for part in parts if part.tag.endswith(DRAWN)]


def numbers(part: ElementTree.Element) -> list[float]:
    """The numbers that say where a part is; a letter's move along its line may be written as its x."""
    texts = {name: part.get(name, "") for name in ("d", "x", "y", "width", "height", "transform")}
    moved = re.fullmatch(r"translate\((\S+) 0\)", texts["transform"])
    if moved and not texts["x"] and part.tag.endswith("use"):
        texts |= {"x": moved[1], "transform": ""}
    return [float(number) for text in texts.values() for number in NUMBER.findall(text)]


def test_every_part_and_every_number_stays_to_a_hundredth_of_a_point(written, small):
    before, after = drawn(written), drawn(small)
    assert [part.tag for part in before] == [part.tag for part in after] and len(before) > 50
    for one, other in zip(before, after, strict=True):
        assert numbers(other) == pytest.approx(numbers(one), abs=0.00501), one.attrib


def test_letters_keep_their_size_exactly(written, small):
    scales = [re.findall(r"scale\([^)]*\)", svg) for svg in (written, small)]
    assert scales[0] == scales[1] and "scale(0.015625)" in scales[1]


def test_every_reference_leads_somewhere_and_no_other_id_is_left(small):
    used = {one or other for one, other in re.findall(r"url\(#([^)]*)\)|href='#([^']*)'", small)}
    ids = re.findall(r" id='([^']*)'", small)
    assert used == set(ids) and len(ids) == len(used) > 5


def test_every_reference_leads_to_the_part_that_it_led_to(written, small):
    ids = [re.findall(r""" id=["']([^"']*)["']""", svg) for svg in (written, small)]
    led = [re.findall(r"""(?:url\(|href=["'])#([^"')]*)""", svg) for svg in (written, small)]
    there = [name for name in ids[0] if name in led[0]]
    assert [there.index(name) for name in led[0]] == [ids[1].index(name) for name in led[1]]


def test_nothing_is_kept_that_is_not_drawn(written, small):
    assert len(small) < 0.8 * len(written)
    assert not re.search(r"<!--|<metadata|<\?xml|\n", small)


def test_a_difference_that_nobody_can_see_changes_no_byte():
    """Layouts differ in their last bits from one run to the next; the names of clippings told so."""
    shifted = [Figure(figsize=(2, 2)) for _ in range(2)]
    for figure, left in zip(shifted, (0.2, 0.2 + 1e-12), strict=True):
        axes = figure.add_axes((left, 0.2, 0.7, 0.7))
        axes.plot([0, 1], [0, 1])
    assert image_address(shifted[0]) == image_address(shifted[1])
