"""A drawing made small is the same drawing: every point where it was, every reference to something there."""

from __future__ import annotations

import io
import re
from xml.etree import ElementTree

import pytest
from matplotlib.figure import Figure

from vgstats.presentation.svg import small_svg

NUMBER = re.compile(r"-?(?:\d+\.?\d*|\.\d+)")
TAKES = {"m": 2, "l": 2, "q": 4, "c": 6, "h": 1, "v": 1}


@pytest.fixture(scope="module")
def written() -> str:
    figure = Figure(figsize=(4, 9))
    axes = figure.subplots()
    axes.plot([0, 1, 2, 2], [0.5, 900, -7, 3], marker="o", label="å <b> & c")
    axes.bar([0, 1], [200, 400], hatch="///", alpha=0.3)
    axes.fill_between([0, 1, 2], [1, 2, 1], [500, 700, 2], color="#AABBCC")
    axes.annotate("Öland", (1, 900), bbox={"boxstyle": "circle", "fc": "white"}, rotation=20)
    axes.legend(loc="upper left")
    text = io.StringIO()
    figure.savefig(text, format="svg")
    return text.getvalue()


def elements(svg: str) -> list[ElementTree.Element]:
    return list(ElementTree.fromstring(svg).iter())  # noqa: S314 - our own drawing


def points(path: str) -> list[tuple[float, float]]:
    """Every point of a path, whether it is written with absolute or relative coordinates."""
    found: list[tuple[float, float]] = []
    x = y = 0.0
    start = (0.0, 0.0)
    for command, rest in re.findall(r"([A-Za-z])([^A-Za-z]*)", path):
        if command in "zZ":
            x, y = start
            continue
        numbers = [float(number) for number in NUMBER.findall(rest)]
        step = TAKES[command.lower()]
        for i in range(0, len(numbers), step):
            some = numbers[i : i + step]
            if command in "hv":
                some = [some[0], 0.0] if command == "h" else [0.0, some[0]]
            moved = (x, y) if command.islower() else (0.0, 0.0)
            here = [
                (a + moved[0], b + moved[1]) for a, b in zip(some[::2], some[1::2], strict=True)
            ]
            found += here
            x, y = here[-1]
            if command in "mM":
                start = (x, y)
    return found


def all_points(svg: str) -> list[list[tuple[float, float]]]:
    return [points(e.get("d", "")) for e in elements(svg) if e.get("d")]


def test_every_point_stays_where_it_was(written):
    before, after = all_points(written), all_points(small_svg(written))
    assert len(before) == len(after) > 20
    for one, other in zip(before, after, strict=True):
        assert [p for pair in other for p in pair] == pytest.approx(
            [p for pair in one for p in pair], abs=0.0051
        )


def test_every_reference_leads_somewhere_and_no_other_id_is_left(written):
    small = small_svg(written)
    used = set(re.findall(r"url\(#([^)]*)\)", small)) | set(re.findall(r'href="#([^"]*)"', small))
    ids = re.findall(r' id="([^"]*)"', small)
    assert used == set(ids) and len(ids) == len(used) > 5


def test_what_is_drawn_is_all_there_in_half_the_bytes(written):
    small = small_svg(written)
    kinds = [
        sorted(e.tag for e in elements(svg) if e.tag.endswith(kind))
        for kind in ("path", "use", "rect", "pattern", "clipPath")
        for svg in (written, small)
    ]
    assert kinds[::2] == kinds[1::2]
    assert len(small) < 0.65 * len(written) and "<!--" not in small and "<metadata" not in small


def test_a_moved_sign_stands_where_it_stood():
    use = '<use xlink:href="#a" transform="translate(63.623047 0)"/>'
    svg = f'<svg xmlns:xlink="x"><path id="a" d="M 0 0 \nL 1 0.006 \nz\n"/>{use}</svg>'
    assert small_svg(svg) == (
        '<svg xmlns:xlink="x"><path id="i0" d="m0 0l1 .01z"/><use xlink:href="#i0" x="63.62"/></svg>'
    )
