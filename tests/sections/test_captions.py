"""What a text beside a figure says of its colours, marks and counts is what the figure has."""

from __future__ import annotations

import colorsys
import re
from collections.abc import Iterator
from dataclasses import replace

import matplotlib.colors as colors
import pytest
from matplotlib.artist import Artist

from support import block_calls, blocks, plain
from vgstats.blocks.blocks import Block
from vgstats.blocks.figures import Figure
from vgstats.blocks.overview import MADE, Listed, overview
from vgstats.blocks.record import IndexRow
from vgstats.drawing import style
from vgstats.reports.uppfoljning import Uppfoljning

COLOUR = re.compile(
    r"\b(\w*(?:blå|grå|beige|orange|lila|turkos|röd|grön|gul|svart|vit))t?\b", re.IGNORECASE
)


@pytest.fixture(scope="module")
def practice(practice_batch) -> Uppfoljning:
    job = practice_batch.jobs[0]
    return Uppfoljning(job.parameters, job.bundle)


@pytest.fixture(scope="module")
def by_sex(counties) -> list[Uppfoljning]:
    """Reports whose source tells women from men and has no number for both together."""
    found = []
    for report in counties[:4]:
        figures = report.observations[report.observations["sex"] != "alla"]
        bundle = replace(report._bundle, observations=figures)
        found.append(Uppfoljning(report.parameters, bundle))
    return found


def figures_in(block: Block) -> Iterator[Figure]:
    if isinstance(block, Figure):
        yield block
    for part in getattr(block, "blocks", ()):
        yield from figures_in(part)


def drawn_colours(figure: Figure) -> set[str]:
    found: set[str] = set()
    for artist in figure.drawing.findobj(Artist):
        for getter in ("get_facecolor", "get_edgecolor"):
            if artist.get_visible() and hasattr(artist, getter):
                for colour in colors.to_rgba_array(getattr(artist, getter)()):
                    found.add(colors.to_hex(colour, keep_alpha=colour[3] < 1).upper())
    return found


def test_every_colour_that_a_text_names_is_drawn(vg, counties, by_sex, practice):
    named = []
    for report in (vg, counties[0], by_sex[0], practice):
        for figure in (f for block in blocks(report).values() for f in figures_in(block)):
            for text in (figure.alt.plain(), str(figure.note or ""), str(figure.caption)):
                for word in COLOUR.findall(text):
                    colour = next(
                        c for c, name in style.COLOUR_NAMES.items() if name == word.lower()
                    )
                    assert colour in drawn_colours(figure), (word, text)
                    named.append(word)
    assert "ljusblå" in named


def test_the_names_of_the_colours_are_theirs():
    for colour, name in style.COLOUR_NAMES.items():
        red, green, blue, _ = colors.to_rgba(colour)
        hue, saturation, _ = colorsys.rgb_to_hsv(red, green, blue)
        said = "grå" if saturation < 0.03 else "orange" if hue < 0.1 else "ljusblå"
        assert said == name
    assert 0.5 < colorsys.rgb_to_hsv(*colors.to_rgb(style.FIELD))[0] < 0.7


def test_the_number_of_bars_in_words_is_the_number_drawn(counties, by_sex):
    for report in (counties[0], by_sex[0]):
        for figure in (f for f in figures_in(blocks(report)["counties"])):
            bars = [bar for drawn in figure.drawing.axes[0].containers for bar in drawn]
            assert plain(figure.alt.plain()).startswith(
                f"Staplar för {len(bars) - 1} län och riket."
            )


def test_an_index_of_reports_by_sex_says_whose_values_it_shows(by_sex):
    rows = [report.index_row() for report in by_sex]
    assert {row.drawn for row in rows} == {"kvinnor"}
    again = [IndexRow.from_json(row.as_json()) for row in rows]
    (figure,) = overview([Listed(r.name, f"{r.area[4:]}.html", r, MADE) for r in again]).blocks[1:]
    assert str(figure.caption).startswith(
        "Pågående sjukfall av alla längder, kvinnor: minskade i 4"
    )
    headings = [column.heading for column in figure.table.columns]
    assert headings == [
        "Län", "Efter, kvinnor, sjukfall", "Ändring, kvinnor", "Ändring, män", "Bland länen, kvinnor",
    ]  # fmt: skip
    assert all(len(row) == len(headings) for row in figure.table.rows)
    assert plain(figure.alt.plain()).startswith("Karta över 4 län.")


def test_both_together_need_no_sex_in_the_index(counties):
    row = counties[0].index_row()
    assert row.drawn == "" and row.columns == ()


def test_no_figure_speaks_of_what_is_not_in_it(vg):
    assert "shares" in " ".join(block_calls())
    (figure,) = figures_in(blocks(vg)["shares"])
    titles = [axes.get_title(loc="left").lower() for axes in figure.drawing.axes]
    head = plain(figure.alt.plain()).partition(". ")[0]
    assert head == f"Staplar före och efter för {', '.join(titles[:-1])} och {titles[-1]}"
