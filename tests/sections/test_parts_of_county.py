"""Delregioner and nämnder, worked out of their kommuner when these are all there, and told by the finding."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pandas as pd
import pytest

from support import read_page, table_rows, words
from vgstats import sections
from vgstats.catalogue import areas
from vgstats.observations import COLUMNS
from vgstats.reports.uppfoljning import Uppfoljning

KOMMUNER = areas.kommuner("lan:14")
SKARABORG = areas.parts("lan:14")["delregion:14-skaraborg"]
Rate = Callable[[str, str], float]


@pytest.fixture
def with_all(vg) -> Callable[..., Uppfoljning]:
    """A function that gives the report all 49 kommuner, and what is said of the whole by somebody."""

    def made(rate: Rate, left_out: str = "", given: dict[str, float] | None = None) -> Uppfoljning:
        rows = []
        for period in ("2005-12", "2008-12"):
            of = {
                "ohalsotal": lambda k, p=period: rate(k, p),
                "forsakrade": lambda k: 1000 * int(k[-2:]),
            }
            rows += [
                (measure, kommun, period, "alla", "", number(kommun), each, "ok", "fk-ohalsotal", "2026-01-31")
                for (measure, number), each in zip(of.items(), (0.1, 1), strict=True)
                for kommun in KOMMUNER
                if kommun != left_out
            ]  # fmt: skip
            rows += [
                (
                    "ohalsotal",
                    part,
                    period,
                    "alla",
                    "",
                    value,
                    0.1,
                    "ok",
                    "fk-ohalsotal",
                    "2026-01-31",
                )
                for part, value in (given or {}).items()
            ]
        figures = vg._bundle.observations
        figures = figures[~figures["area"].isin(KOMMUNER)]
        more = pd.concat([figures, pd.DataFrame(rows, columns=COLUMNS)], ignore_index=True)
        return Uppfoljning(vg.parameters, replace(vg._bundle, observations=more))

    return made


def falling_most_in_skaraborg(kommun: str, period: str) -> float:
    return 40.0 if period == "2005-12" else 33.0 if kommun in SKARABORG else 35.0


def caption(report: Uppfoljning) -> str:
    return words(read_page(sections.parts(report).html()).caption).replace(" ,", ",")


def test_each_is_the_weighted_mean_of_its_kommuner(with_all):
    report = with_all(lambda kommun, period: 30.0 + int(kommun[-2:]) / 10)
    sizes = [int(kommun[-2:]) for kommun in SKARABORG]
    expected = sum(size * (30 + size / 10) for size in sizes) / sum(sizes)
    page = read_page(sections.parts(report).html())
    assert table_rows(page, "delar")["Skaraborg"][0] == f"{expected:.1f}".replace(".", ",")
    # No source has said it: it does not stand under the key of a published number.
    ids = {element["data-fact"] for element in page.select("#delar data")}
    assert "ohalsotal|kommunerna i delregion:14-skaraborg|2008-12" in ids
    assert not any(name.startswith("ohalsotal|delregion") for name in ids)


def test_four_delregioner_and_nine_nämnder_stand_and_göteborgs_three_are_said_once(with_all):
    report = with_all(falling_most_in_skaraborg)
    page = read_page(sections.parts(report).html())
    rows = table_rows(page, "delar")
    assert list(rows)[:4] == [
        "Skaraborg",
        "Fyrbodal",
        "Stor-Göteborg",
        "Sjuhärad och Mittenälvsborg",
    ]
    assert len(rows) == 4 + 9 and not any("Göteborg " in name for name in rows)
    assert (
        "vägda med antalet försäkrade, enligt indelningen 2008. Stenungsund ligger utanför"
        in words(page)
    )
    (said,) = report.left_out
    assert said.startswith("HSN 5 Göteborg Centrum/Väster, HSN 11 Göteborg Hisingen och HSN 12")


def test_its_title_says_what_fell_rose_or_stood_still(with_all):
    assert caption(with_all(falling_most_in_skaraborg)) == (
        "Ohälsotalet: störst minskning i Skaraborg, −7,0 dagar; minst minskning i Fyrbodal, Stor-Göteborg och "
        "Sjuhärad och Mittenälvsborg, −5,0"
    )

    def of(skaraborg: float, others: float) -> str:
        return caption(
            with_all(
                lambda k, p: (
                    40.0 if p == "2005-12" else 40.0 + (skaraborg if k in SKARABORG else others)
                )
            )
        )

    assert "störst ökning i Skaraborg, +3,0 dagar; minst ökning i" in of(3, 1)
    assert "störst minskning i Skaraborg, −3,0 dagar; störst ökning i" in of(-3, 1)
    assert "störst minskning i Skaraborg, −3,0 dagar; oförändrat i" in of(-3, 0)
    assert "störst ökning i Skaraborg, +3,0 dagar; oförändrat i" in of(3, 0)
    assert of(-3, -3) == "Ohälsotalet ändrades lika mycket i alla delar, −3,0 dagar"
    assert (
        of(-3.1, -3)
        == "Ohälsotalet ändrades ungefär lika mycket i alla delar, −3,1 till −3,0 dagar"
    )


def test_where_one_kommun_lacks_its_number_only_its_parts_are_not_there(with_all):
    report = with_all(falling_most_in_skaraborg, left_out=SKARABORG[0])
    rows = table_rows(read_page(sections.parts(report).html()), "delar")
    assert "Skaraborg" not in rows and len([name for name in rows if "HSN" not in name]) == 3


def test_what_a_source_gives_of_a_part_stands(with_all):
    report = with_all(falling_most_in_skaraborg, given={"delregion:14-skaraborg": 36.5})
    page = read_page(sections.parts(report).html())
    assert table_rows(page, "delar")["Skaraborg"] == ["36,5", "36,5", "0,0"]
    assert "ohalsotal|delregion:14-skaraborg|2008-12" in str(page)


def test_the_bundled_kommuner_are_too_few_and_the_page_lists_that_once(vg):
    report = Uppfoljning(vg.parameters, vg._bundle)
    assert sections.parts(report).html() == ""
    ((said, block),) = report.left_out.items()
    assert said.startswith("Ohälsotal för delregioner och nämnder (alla kommuners tal")
    assert all(command.startswith("vgstats fetch ") for command in block.commands)


def test_a_county_without_parts_and_a_kommun_say_nothing(counties):
    (orebro,) = (report for report in counties if report.area == "lan:18")
    fresh = Uppfoljning(orebro.parameters, orebro._bundle)
    block = sections.parts(fresh)
    assert block.html() == "" and block.left_out() == [] and fresh.left_out == {}
