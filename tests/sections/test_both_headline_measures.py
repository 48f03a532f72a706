"""Sjukpenningtal and ohälsotal together, on the counties' published series: neither may hide the other."""

from __future__ import annotations

import pandas as pd
import pytest

from support import batch_of, plain
from vgstats import published
from vgstats.catalogue.measures import measure
from vgstats.methods.like_start import far_out, like_starting_level
from vgstats.methods.observed import per_inhabitants
from vgstats.observations import one, select
from vgstats.reports.uppfoljning import Uppfoljning
from vgstats.sections import answer, benefits, comparison, more_ways
from vgstats.sections import counties as all_counties


@pytest.fixture(scope="module")
def reports():
    """The reports of a batch by county, each made when asked for."""
    jobs = {name: batch_of(name).jobs for name in _BATCHES}

    def report(batch: str, lan: str) -> Uppfoljning:
        job = next(job for job in jobs[batch] if job.parameters.lan == lan)
        return Uppfoljning(job.parameters, job.bundle)

    return report


_BATCHES = ("lan-2005-2008", "lan-2015-2018", "lan-2019-2025")


def text(block) -> str:
    from support import read_page, words

    return words(read_page(block.html()))


def test_both_are_compared_with_the_other_counties_and_cases_per_inhabitant(reports):
    report = reports("lan-2019-2025", "05")
    both = ["sjukpenningtal", "ohalsotal"]
    compared = [found.county.after.measure for found in report.compared]
    assert compared == [*both, "pagaende_sjukfall_per_1000"]
    said = text(comparison(report))
    assert "utan hänsyn till" not in said
    assert all_counties(report).html().count("Staplar för ") == 1
    assert all_counties(report, most=2).html().count("Staplar för ") == 2
    (figure,) = all_counties(report).blocks
    headings = [plain(column.heading) for column in figure.table.columns]
    assert headings == [
        "Län",
        "Sjukpenningtal, %",
        "Ohälsotal, %",
    ]
    row = report.index_row()
    assert row.about.startswith("Sjukpenningtal, ") and row.drawn == ""
    assert row.mark == report.compared[0].mark()


def test_growth_is_said_not_to_be_accounted_for_where_there_is_no_population(reports):
    said = text(comparison(reports("lan-2005-2008", "14")))
    assert (
        "Sjukfallen jämförs i antal, utan hänsyn till att länens befolkning har växt olika" in said
    )


def test_cases_per_inhabitant_are_those_of_the_year_over_the_people_at_its_beginning():
    figures = published()
    found = per_inhabitants(figures, "pagaende_sjukfall", "pagaende_sjukfall_per_1000")
    cases = one(figures, "pagaende_sjukfall", "lan:14", "2018").value
    people = one(figures, "befolkning", "lan:14", "2017").value
    value = one(found, "pagaende_sjukfall_per_1000", "lan:14", "2018")
    assert value.value == pytest.approx(1000 * cases / people)
    assert round(value.value, 1) == 20.2  # 34 182 cases, 1 690 782 inhabitants
    assert value.status == "derived"
    assert found["period"].min() == "2012" and found["period"].max() == "2025"


@pytest.mark.parametrize("lan", ["01", "09", "14", "22"])
def test_the_answer_gives_an_interval_or_says_that_it_cannot_be_told(reports, lan):
    said = text(answer(reports("lan-2015-2018", lan)))
    assert ("är vanliga, med de andra länen som måttstock" in said) != (
        "Det går inte att säga" in said
    )
    for word in ("lika mycket", "på samma sätt", "åt samma håll", "tack vare"):
        assert word not in said


def level_and_change(measure_: str, before: str, after: str) -> pd.DataFrame:
    rows = select(published(), measure=measure_, period=[before, after], sex="alla", group="")
    counties = rows[rows["area"].str.startswith("lan:")].drop_duplicates(["area", "period"])
    wide = counties.pivot(index="area", columns="period", values="value")
    frame = pd.DataFrame({"before": wide[before], "difference": wide[after] - wide[before]})
    return frame.reset_index(names="area")


@pytest.mark.parametrize(
    ("measure_", "printed"), [("ohalsotal", "−0,61"), ("sjukpenningtal", "−0,70")]
)
def test_a_county_that_began_far_out_is_told_of_regression_to_the_mean(measure_, printed):
    frame = level_and_change(measure_, "2016-12", "2018-12")
    found = far_out(frame, frame.loc[frame["before"].idxmax(), "area"])
    said = found.sentence().plain()
    assert f"korrelation {printed}" in said
    assert "brukar närma sig dem även när ingenting görs" in said
    assert "valdes" not in said  # nobody picked it


def test_no_direction_is_claimed_for_a_change_within_rounding(reports):
    said = text(answer(reports("lan-2019-2025", "07")))
    assert (
        "sjukpenningtalet ändrades inte mer än avrundningen i länet och ökade med 7 procent" in said
    )


def test_a_county_near_the_others_is_not():
    assert far_out(level_and_change("ohalsotal", "2016-12", "2018-12"), "lan:18") is None


def test_all_areas_tied_with_the_last_of_the_nearest_are_taken_whatever_the_order():
    levels = [30.0, 31.0, 31.0, 32.0, 33.0, 33.0, 33.0, 40.0]
    frame = pd.DataFrame(
        {"area": list("abcdefgh"), "before": levels, "difference": [-1.0, 0, 1, 2, 3, 4, 5, 6]}
    )
    found = {
        tuple(sorted(like_starting_level(f, "a", nearest=5).areas))
        for f in (frame, frame[::-1], frame.sample(frac=1, random_state=1))
    }
    assert found == {("b", "c", "d", "e", "f", "g")}


def test_a_blend_that_follows_badly_before_is_refused_with_its_error(reports):
    report = reports("lan-2015-2018", "22")
    more_ways(report)
    (said,) = (words for words in report.left_out if "för dåligt före" in words)
    assert "högst" in said


def test_ways_that_give_different_answers_are_said_to(reports):
    said = text(more_ways(reports("lan-2015-2018", "14")))
    assert "Sätten ger olika svar, år för år 0,0 dagar och mot en blandning av andra län" in said


def test_the_parts_of_ohalsotal_are_about_since_the_denominators_may_differ(reports):
    said = text(benefits(reports("lan-2015-2018", "14")))
    assert "Delarna är ungefärliga" in said
    # 11,7 · (30,5 - 11,7) / 365 and 11,2 · (27,2 - 11,2) / 365
    assert "omkring 0,6 dagar mindre 2015 och 0,5 dagar mindre 2018" in said
    assert "Kolada" in measure("sjukpenningtal").definition


def test_ongoing_cases_are_never_summed_over_months():
    assert measure("pagaende_sjukfall").kind == "stock"
