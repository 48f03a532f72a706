"""Questions in a line each: the numbers are the published ones, and what there is not is told."""

from __future__ import annotations

from collections.abc import Callable
from io import StringIO
from pathlib import Path

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
import pytest

import vgstats as vg
from vgstats import methods as m
from vgstats.demo import store as made_up_store

VG = ("Västra Götaland", "2005-12", "2008-12")
ANSWERS: dict[str, Callable[..., vg.Answer]] = {
    "change": lambda **more: vg.change("ohalsotal", *VG, **more),
    "changes": lambda **more: vg.changes(["ohalsotal", "sjukfall_60_dagar"], *VG, **more),
    "compare": lambda **more: vg.compare("pagaende_sjukfall", "14", "2005", "2008", **more),
    "compare a kommun": lambda **more: vg.compare("ohalsotal", "Lerum", *VG[1:], **more),
    "series": lambda **more: vg.series("ohalsotal", "Västra Götaland", **more),
    "years_before": lambda **more: vg.years_before("ohalsotal", "Örebro", "2019", "2024", **more),
    "shares": lambda **more: vg.shares("sjukfall_60_dagar", *VG, **more),
    "ranking": lambda **more: vg.ranking("ohalsotal", "2019", "2024", **more),
    "map": lambda **more: vg.map("ohalsotal", "2019", "2024", **more),
    "map within": lambda **more: vg.map("ohalsotal", *VG[1:], within="14", **more),
    "kommuner": lambda **more: vg.kommuner("ohalsotal", *VG, **more),
}


@pytest.fixture(autouse=True)
def no_store(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("VGSTATS_STORE", str(tmp_path / "store"))


@pytest.fixture(scope="module")
def table() -> pd.DataFrame:
    return vg.published()


def at(answer: vg.Answer, **where: str) -> pd.Series:
    rows = answer.to_frame()
    for column, value in where.items():
        rows = rows[rows[column] == value]
    (row,) = (row for _, row in rows.iterrows())
    return row


def test_a_change_is_that_of_the_evaluation_with_its_method_band_and_source():
    found = vg.change("Ohälsotal", *VG)
    assert (found.before.value, found.after.value, found.difference) == (42.9, 36.8, -6.1)
    assert (round(found.percent, 1), found.interval.low, found.interval.high) == (-14.2, -6.2, -6.0)
    assert found.source == "vg-2009-tabell-2"
    assert "avrundning" in found.method
    assert "från 42,9 till 36,8 dagar" in found.sentence().plain()
    assert at(found)["difference"] == -6.1


@pytest.mark.parametrize("area", ["Västra Götaland", "14", "lan:14", "Region Västra Götaland"])
def test_an_area_is_named_as_people_name_it(area: str):
    assert vg.change("ohalsotal", area, "2005", "2008").difference == -6.1


def test_a_share_changes_by_percentage_points():
    found = vg.change("sjukfall_60_dagar_andel", "14", "2005", "2008", group="diagnos=F00-F99")
    assert (found.before.value, found.after.value) == (38, 35)
    assert "med 3 procentenheter eller 8 procent" in found.sentence().plain()
    assert "psykiatriska diagnoser" in found.html()


def test_women_and_men_stand_beside_both():
    shown = pd.read_html(StringIO(vg.change("ohalsotal", *VG).html()), decimal=",", thousands=" ")[
        0
    ]
    assert shown["Före"].tolist() == [42.9, 51.7, 34.3]
    assert shown["Efter"].tolist() == [36.8, 44.0, 29.6]
    assert vg.change("ohalsotal", *VG, sex="kvinnor").difference == -7.7


def test_several_measures_stand_in_one_table():
    found = vg.changes(["ohalsotal", "sjukpenningtal"], "Örebro", "2019-12", "2024-12")
    assert found.to_frame()["difference"].tolist() == [0.3, 2.2]
    places = vg.changes("ohalsotal", ["Örebro", "riket"], "2019-12", "2024-12").to_frame()
    assert places[["area", "before", "after"]].to_numpy().tolist() == [
        ["lan:18", 25.1, 25.4],
        ["riket", 23.5, 22.6],
    ]


def test_a_county_is_compared_as_its_report_compares_it(table: pd.DataFrame):
    found = vg.compare("pagaende_sjukfall", "Västra Götaland", "2005", "2008")
    same = m.compare(table, "pagaende_sjukfall", "lan:14", "2005", "2008")
    assert (found.rank, found.counties, found.stands_out) == (11, 21, False)
    assert found.sentence().plain() == same.sentence().plain()


def test_a_series_has_a_row_a_year_with_riket_beside_it():
    found = vg.series("ohalsotal", "Västra Götaland")
    assert at(found, area="lan:14", period="2005-12")["value"] == 42.9
    assert at(found, area="riket", period="2025-12")["value"] == 22.0
    assert found.to_frame()["date"].dt.month.unique().tolist() == [7]


def test_the_share_of_psychiatric_diagnoses_among_women_is_worked_out_of_the_counts(
    table: pd.DataFrame,
):
    found = vg.series("pagaende_sjukfall_psykiatriska_andel", "Örebro", sex="kvinnor")
    group, whole = (
        m.one(table, "pagaende_sjukfall", "lan:18", "2019", "kvinnor", of).value
        for of in ("diagnos=F00-F99", "")
    )
    assert at(found, area="lan:18", period="2019")["value"] == pytest.approx(100 * group / whole)
    assert {"riket", "lan:18"} == set(found.to_frame()["area"])
    assert "kvinnor" in found.html()
    assert "i december" not in found.html()


def test_a_count_stands_alone_in_its_series_since_rikets_would_flatten_it():
    found = vg.series("pagaende_sjukfall", "Örebro", group="diagnos=F00-F99")
    assert set(found.to_frame()["area"]) == {"lan:18"}
    assert "psykiatriska diagnoser" in found.html()


def test_the_years_before_are_told():
    found = vg.years_before("ohalsotal", "Örebro", "2019", "2024")
    assert (found.base, found.last, found.n) == ("2019", "2024", 20)
    assert found.interval is not None
    assert found.to_frame()["side"].tolist()[:2] == ["före", "före"]


def test_shares_stand_with_their_counts():
    found = vg.shares("sjukfall_60_dagar", *VG)
    psychiatric = at(found, group="diagnos=F00-F99")
    assert psychiatric["share_before":"share_after"].tolist() == [38, 35]
    assert psychiatric["count_before":"count_after"].tolist() == [11476.0, 6615.0]


def test_a_count_by_sex_has_its_shares_worked_out(table: pd.DataFrame):
    found = vg.shares("pagaende_sjukfall", "Örebro", "2019", "2025", dimension="kön")
    women, whole = (
        m.one(table, "pagaende_sjukfall", "lan:18", "2025", sex).value
        for sex in ("kvinnor", "alla")
    )
    assert at(found, group="kvinnor")["share_after"] == pytest.approx(100 * women / whole)
    assert at(found, group="kvinnor")["count_after"] == women


def test_a_ranking_is_in_order_and_riket_has_no_rank():
    frame = vg.ranking("pagaende_sjukfall", "2005", "2008", highlight="Örebro").to_frame()
    assert frame["percent"].is_monotonic_increasing
    assert frame.loc[frame["area"] == "lan:14", "rank"].tolist() == [11]
    assert frame.loc[frame["area"] == "riket", "rank"].isna().all()


def test_a_county_and_a_kommun_of_one_name_are_two_bars():
    both = vg.ranking("ohalsotal", *VG[1:], areas=["Västra Götaland", "Göteborg", "kommun:1441"])
    assert both.to_frame()["area"].nunique() == 4 - ("riket" not in set(both.to_frame()["area"]))


def test_kommuner_stand_with_their_county():
    found = vg.kommuner("ohalsotal", *VG, highlight="Lerum")
    assert found.to_frame()["area"].iloc[0] == "lan:14"
    assert at(found, area="kommun:1441")[["before", "after"]].tolist() == [36.9, 29.3]
    assert "10 av 49" in found.block.texts()[0].plain() + "".join(
        text.plain() for text in found.block.texts()
    )


def test_a_frame_of_ones_own_is_asked_in_its_place(table: pd.DataFrame):
    own = m.select(table, measure="ohalsotal", area="lan:14")
    own = own.assign(value=own["value"] + 1, source="egen-fil")
    found = vg.change("ohalsotal", *VG, data=own)
    assert (found.before.value, found.difference, found.source) == (43.9, -6.1, "egen-fil")
    assert "egen-fil" in found.html()


def test_a_frame_in_the_first_place_is_answered_by_the_method(table: pd.DataFrame):
    assert isinstance(vg.change(table, "ohalsotal", "lan:14", *VG[1:], "kvinnor"), m.Change)
    assert len(vg.changes(table, "2005-12", "2008-12")) > 10
    assert vg.compare(table, "pagaende_sjukfall", "lan:14", "2005", "2008").rank == 11


def test_made_up_figures_of_a_store_say_so():
    found = vg.change("ohalsotal", "Dalarna", "2019-12", "2024-12", store=made_up_store("Dalarna"))
    assert found.synthetic()
    assert "Påhittade siffror" in found.html()


@pytest.mark.parametrize(
    ("question", "told"),
    [
        (lambda: vg.change("ohalsotl", *VG), "Did you mean 'ohalsotal'"),
        (lambda: vg.change("ohalsotal", "Örbro", *VG[1:]), "Did you mean 'Örebro län'"),
        (lambda: vg.change("ohalsotal", *VG, sex="kvinna"), "alla, kvinnor, män"),
        (lambda: vg.change("ohalsotal", "Örebro", *VG[1:]), "2011-12 to 2025-12"),
        (lambda: vg.change("ohalsotal", "Örebro", "2019", "2024", sex="kvinnor"), "finns bara"),
        (lambda: vg.change("ohalsotal", "Örebro", "2024", "2019"), "must lie before"),
        (lambda: vg.change("ohalsotal", "Örebro", "igår", "2024"), "is not a period"),
        (lambda: vg.shares("pagaende_sjukfall", "18", "2019", "2025", dimension="grad"), "diagnos, kön"),
        (lambda: vg.years_before("ohalsotal", "Lerum", "2005", "2008"), "no county"),
        (lambda: vg.years_before("pagaende_sjukfall", "18", "2019", "2024"), "told in days"),
        (lambda: vg.kommuner("ohalsotal", "Lerum", "2005", "2008"), "no county"),
        (lambda: vg.series("sjukfall_60_dagar", "Örebro"), "three years"),
        (lambda: vg.change("ohalsotal", *VG).plott, "plott"),
    ],
)  # fmt: skip
def test_what_there_is_not_is_told_with_what_there_is(question: Callable[[], object], told: str):
    with pytest.raises((vg.VgstatsError, AttributeError)) as error:
        question()
    assert told in str(error.value)


@pytest.mark.parametrize("name", ANSWERS)
def test_every_answer_shows_draws_and_gives_its_numbers(name: str):
    found = ANSWERS[name]()
    frame = found.to_frame()
    assert len(frame)
    assert frame.select_dtypes(np.number).shape[1]
    assert found.sentence().plain()
    assert found.method
    assert found.source
    assert "<table" in found.html()
    assert found.sentence().plain() in repr(found)
    _, ax = plt.subplots()
    assert found.plot(ax=ax) is ax
    assert ax.has_data() or ax.patches
    drawn = found.plot()
    assert drawn.figure.number in plt.get_fignums()
    plt.close("all")


@pytest.mark.parametrize(
    ("asked", "told"),
    [
        ({"measure": "ohalsotl"}, "Did you mean 'ohalsotal'"),
        ({"area": "Örebro"}, "Its id is 'lan:18'"),
        ({"measure": "ohalsotal", "area": "lan:18", "sex": "kvinnor"}, "have: 'alla'"),
        ({"measure": "ohalsotal", "sex": "kvinna"}, "There is no sex 'kvinna'"),
        ({"measure": "ohalsotal", "area": "lan:18", "period": "2005-12"}, "'2011-12'"),
        ({"period": "december 2005"}, "There is no period"),
    ],
)
def test_select_never_answers_with_silence(table: pd.DataFrame, asked: dict[str, str], told: str):
    with pytest.raises(vg.VgstatsError) as error:
        vg.select(table, **asked)
    assert told in str(error.value)


def test_select_says_which_of_several_names_it_has_no_rows_of(table: pd.DataFrame):
    with pytest.warns(UserWarning, match="kvinnor"):
        found = vg.select(table, measure="ohalsotal", area="lan:18", sex=["alla", "kvinnor"])
    assert len(found) == 15


WOMEN = "för kvinnor (psykiatriska diagnoser, F00–F99)"
OF_WOMEN = {"sex": "kvinnor", "group": "diagnos=F00-F99"}
SICK = ("pagaende_sjukfall", "Halland", "2019", "2025")


@pytest.mark.parametrize(
    "found",
    [
        pytest.param(lambda: vg.change(*SICK, **OF_WOMEN), id="change"),
        pytest.param(lambda: vg.compare(*SICK, **OF_WOMEN), id="compare"),
        pytest.param(lambda: vg.series(*SICK, **OF_WOMEN), id="series"),
        pytest.param(lambda: vg.ranking(SICK[0], *SICK[2:], **OF_WOMEN), id="ranking"),
        pytest.param(lambda: vg.map(SICK[0], *SICK[2:], **OF_WOMEN), id="map"),
    ],
)
def test_a_sentence_and_a_title_say_whose_numbers_they_tell(found: Callable[[], vg.Answer]):
    answer = found()
    assert f"De pågående sjukfallen {WOMEN}" in answer.sentence().plain()
    titles = [text.plain() for text in answer.texts() if text.plain() != answer.sentence().plain()]
    assert any(WOMEN in title for title in titles)
    assert "kvinnor, psykiatriska diagnoser (F00–F99)" in answer.html()


def test_sentences_on_several_areas_or_measures_say_which():
    said = vg.changes(SICK[0], ["Halland", "riket"], *SICK[2:], sex="kvinnor").sentence().plain()
    assert "De pågående sjukfallen för kvinnor i Hallands län steg från 3" in said
    assert "De pågående sjukfallen för kvinnor i riket steg från" in said
    shared = vg.shares(*SICK, sex="kvinnor").sentence().plain()
    assert shared.startswith("Andel av de pågående sjukfallen för kvinnor i Hallands län: Psyk")
    years = vg.years_before("ohalsotal", "Örebro", "2019", "2024").sentence().plain()
    assert years.startswith("Ohälsotalet: 2019 låg Örebro län")


def of_one_sex(measure: str, change_of: dict[str, tuple[float, float]]) -> pd.DataFrame:
    """Return a county and two of its kommuner, women and men and both, as one's own figures."""
    rows = [
        {"measure": measure, "area": area, "period": period, "sex": sex, "group": ""}
        | {"value": times * value, "resolution": 1.0, "status": "published"}
        | {"source": "egen", "retrieved": "2026-01-01"}
        for area in ("lan:18", "kommun:1880", "kommun:1881", "riket")
        for sex, times in (("alla", 3), ("kvinnor", 2), ("män", 1))
        for period, value in zip(("2019-12", "2024-12"), change_of[area], strict=True)
    ]
    return pd.DataFrame(rows)


def test_a_table_of_kommuner_has_the_counts_of_the_sex_that_is_asked_for():
    moved = {"lan:18": (900, 800), "kommun:1880": (500, 400), "kommun:1881": (70, 60)}
    mine = of_one_sex("sjukfall_60_dagar", moved | {"riket": (9000, 8000)})
    found = vg.kommuner("sjukfall_60_dagar", "18", "2019-12", "2024-12", sex="kvinnor", data=mine)
    shown = pd.read_html(StringIO(found.html()), decimal=",", thousands="\xa0")[0]
    assert shown.iloc[:, 1].astype(str).str.replace(r"\D", "", regex=True).tolist() == [
        "1000",
        "140",
    ]
    assert "kvinnor per kommun" in found.html()


def test_a_title_of_kommuner_says_which_sex():
    moved = {"lan:18": (30, 28), "kommun:1880": (30, 25), "kommun:1881": (20, 21)}
    mine = of_one_sex("ohalsotal", moved | {"riket": (25, 24)})
    found = vg.kommuner("ohalsotal", "18", "2019-12", "2024-12", sex="kvinnor", data=mine)
    assert "sjönk ohälsotalet för kvinnor mer än i länet" in found.html()
    beside = vg.compare("ohalsotal", "1880", "2019-12", "2024-12", sex="kvinnor", data=mine)
    titles = [text.plain() for text in beside.texts()]
    assert any("Ohälsotalet för kvinnor: −10,0 dagar i Örebro" in title for title in titles)


@pytest.mark.parametrize("place", ["Halland", "Örebro"])
def test_rounding_is_no_room_below_nothing(place: str):
    averages = vg.change("pagaende_sjukfall", place, "2019", "2025")
    assert averages.difference_band.low == averages.difference_band.high
    said = [text.plain() for text in averages.texts()]
    alone = vg.changes("pagaende_sjukfall", [place], "2019", "2025")
    said += [text.plain() for text in alone.texts()]
    assert not any("Avrundningen kan ändra" in text for text in said)
    rounded = [text.plain() for text in vg.change("ohalsotal", *VG).texts()]
    assert any("Avrundningen kan ändra förändringen med högst 0,1." in text for text in rounded)


REVISED = "Talen för 2025 är preliminära och kan ändras."


@pytest.mark.parametrize(
    "found",
    [
        pytest.param(lambda: vg.change(*SICK), id="change"),
        pytest.param(lambda: vg.changes(SICK[0], ["Halland", "riket"], *SICK[2:]), id="changes"),
        pytest.param(lambda: vg.compare(*SICK), id="compare"),
        pytest.param(lambda: vg.series(*SICK[:2]), id="series"),
        pytest.param(lambda: vg.ranking(SICK[0], *SICK[2:]), id="ranking"),
        pytest.param(lambda: vg.shares(*SICK, sex="kvinnor"), id="shares"),
    ],
)
def test_preliminary_figures_are_told_and_both_sources_named(found: Callable[[], vg.Answer]):
    answer = found()
    assert answer.sentence().plain().count(REVISED) == 1
    assert REVISED in [text.plain() for text in answer.texts()]
    assert answer.source == "fk-pagaende-sjukfall-2005-2024, fk-pagaende-sjukfall-2025"


def test_figures_that_are_final_are_not_called_preliminary():
    assert "preliminär" not in vg.change("ohalsotal", *VG).sentence().plain()


@pytest.mark.parametrize(
    "found",
    [
        pytest.param(lambda: vg.change("ohalsotal", "Lerum", "2001", "2016"), id="change"),
        pytest.param(lambda: vg.series("ohalsotal", "Lerum"), id="series"),
        pytest.param(lambda: vg.map("ohalsotal", "2001", "2016", within="14"), id="map"),
        pytest.param(
            lambda: vg.ranking("ohalsotal", "2001", "2016", areas=["Lerum", "1482"]), id="ranking"
        ),
    ],
)
def test_another_way_of_counting_in_between_is_told(found: Callable[[], vg.Answer]):
    answer, told = found(), "Beräkningssättet för ohälsotalet ändrades i januari 2002."
    assert answer.sentence().plain().count(told) == 1
    assert any(text.plain().startswith(told) for text in answer.texts())
    assert told not in vg.change("ohalsotal", *VG).sentence().plain()


def test_a_kommun_is_compared_in_the_sentence_too_and_riket_with_nothing():
    found = vg.compare("ohalsotal", "Lerum", *VG[1:])
    assert "Ohälsotalet minskade med 14 procent i Västra Götalands län." in found.sentence().plain()
    assert found.source == "lerumsnyheter-2017, vg-2009-tabell-2"
    with pytest.raises(vg.VgstatsError, match="riket is the whole country"):
        vg.compare("ohalsotal", "riket", "2019", "2025")


def test_that_all_numbers_are_worked_out_is_said_once():
    rated = vg.series("pagaende_sjukfall_per_1000", "Halland").html()
    assert "(uträknat)" not in rated
    assert "år för år, uträknat" in rated
