"""What is asked of a region's units and its cases built of certificates: per listed, divided, never in order."""

from __future__ import annotations

from collections.abc import Callable

import pandas as pd
import pytest

import vgstats as vg
from mapped_rows import DAYS, LISTED
from support import read_page, words
from vgstats.explore.absent import HiddenError
from vgstats.methods.observed import with_worked_out
from vgstats.store.store import Store

RATE = "intygsfall_per_1000_listade"


def text(answer: vg.Answer) -> str:
    return words(read_page(answer.html()))


@pytest.mark.parametrize(
    "question",
    [
        lambda store: vg.ranking("intygsfall", *DAYS, areas="enheter", store=store),
        lambda store: vg.ranking(
            "intygsfall", *DAYS, areas=["lan:14", "enhet:14-stora"], store=store
        ),
        lambda store: vg.map("intygsfall", *DAYS, areas="enheter", store=store),
    ],
)
def test_units_are_neither_ranked_nor_mapped_and_what_sets_them_side_by_side_is_named(
    question: Callable[[Store], object], mapped_store: Store
):
    with pytest.raises(vg.VgstatsError, match=r"vg\.changes sets them side by side"):
        question(mapped_store)
    side_by_side = vg.changes("intygsfall", "enheter", *DAYS, store=mapped_store).to_frame()
    assert "rank" not in side_by_side
    assert side_by_side["area"].iloc[0] == "enhet:14-stora"  # as declared, not by size of change


def test_a_ranking_takes_two_areas_and_a_map_of_one_tells_it_once(mapped_store):
    with pytest.raises(vg.VgstatsError, match=r"only Västra Götalands län .* vg\.change"):
        vg.ranking("intygsfall", *DAYS, store=mapped_store)
    with pytest.raises(vg.VgstatsError, match=r"takes 2 areas beside riket\."):
        vg.ranking("ohalsotal", "2019-12", "2024-12", areas=["riket", "Örebro"])
    found = vg.map("intygsfall", *DAYS, store=mapped_store).sentence().plain()
    assert found.endswith("procent i Västra Götalands län") and "från" not in found


def test_which_counties_lack_a_number_is_told_with_the_ranking():
    found = vg.ranking("ohalsotal", "2019-12", "2024-12", areas="län")
    assert "saknas" not in found.sentence().plain()
    rows = vg.figures("ohalsotal", "län", ["2019-12", "2024-12"])
    some = rows[~rows["area"].isin(["lan:09", "lan:25"])]
    told = vg.ranking("ohalsotal", "2019-12", "2024-12", data=some).sentence().plain()
    assert "Tal saknas för Gotlands län, Norrbottens län." in told


@pytest.mark.parametrize(
    "question",
    [
        lambda store: vg.kommuner("intygsfall", "Västra Götaland", *DAYS, store=store),
        lambda store: vg.map("intygsfall", *DAYS, within="Västra Götaland", store=store),
    ],
)
def test_that_no_kommun_has_figures_is_told_of_all_and_own_counts_are_not_called_official(
    question: Callable[[Store], object], mapped_store: Store
):
    with pytest.raises(vg.VgstatsError) as refused:
        question(mapped_store)
    assert "Härryda, Partille" in str(refused.value) and "and 41 more" in str(refused.value)
    assert "a region's own" in str(refused.value) and "Official" not in str(refused.value)


def test_a_county_with_own_counts_has_no_other_beside_it(mapped_store):
    with pytest.raises(vg.VgstatsError, match="counted by the region itself"):
        vg.compare("intygsfall", "Västra Götaland", *DAYS, store=mapped_store)


def test_the_kommuner_on_a_map_are_those_of_a_county(mapped_store):
    with pytest.raises(vg.VgstatsError, match="Stora vårdcentralen is no county"):
        vg.map("intygsfall", *DAYS, within="Stora vårdcentralen", store=mapped_store)
    with pytest.raises(vg.VgstatsError, match="counties, or kommuner, and not both"):
        vg.map("ohalsotal", "2005-12", "2008-12", areas=["Örebro", "Göteborgs kommun"])


def test_cases_are_per_thousand_of_those_listed_at_the_unit_and_not_rounded(mapped_store):
    rates = vg.figures(RATE, "enheter", DAYS[1], store=mapped_store).set_index("area")["value"]
    counts = vg.figures("intygsfall", "enheter", DAYS[1], store=mapped_store)
    for area, count in counts.set_index("area")["value"].items():
        listed = LISTED[str(area).partition("-")[2]]
        assert rates[area] == pytest.approx(1000 * count / listed)
    found = vg.change(RATE, "Stora vårdcentralen", *DAYS, store=mapped_store)
    assert found.difference_band.high - found.difference_band.low < 1e-6
    assert found.after.source == "egna-intyg-matt"


def test_a_hidden_count_has_no_rate(mapped_store):
    rows = vg.figures(["intygsfall", "listade"], "enheter", None, store=mapped_store)
    hidden = (rows["measure"] == "intygsfall") & (rows["area"] == "enhet:14-lilla")
    rows.loc[hidden, ["value", "status"]] = [None, "suppressed"]
    rates = with_worked_out(rows.astype({"sex": object}))
    rates = rates[rates["measure"] == RATE]
    assert set(rates["area"]) == {f"enhet:14-{unit}" for unit in LISTED} - {"enhet:14-lilla"}


def test_a_count_divides_by_the_tables_of_its_own_with_the_county_beside(mapped_store):
    found = vg.shares(
        "intygsfall", "Stora vårdcentralen", *DAYS, dimension="langd", store=mapped_store
    )
    rows = found.to_frame()
    assert rows["group"].tolist() == [f"langd={n}+" for n in (28, 60, 90, 180, 365)]
    assert rows["share_county"].between(1, 99).all()
    assert "Länet 2025-10-01" in text(found)
    assert "efter längd, efter" not in text(found)
    county = vg.shares("intygsfall", "lan:14", *DAYS, dimension="langd", store=mapped_store)
    assert "share_county" not in county.to_frame()
    with pytest.raises(vg.VgstatsError, match="Did you mean 'diagnos'"):
        vg.shares("intygsfall", "lan:14", *DAYS, dimension="diagnoser", store=mapped_store)


def test_what_is_hidden_of_a_division_is_told(mapped_store):
    rows = vg.figures("intygsfall_diagnos", "lan:14", None, None, None, store=mapped_store)
    rows["area"] = "enhet:14-stora"
    one = (rows["group"] == "diagnos=F43") & (rows["period"] == DAYS[0])
    rows.loc[one, ["value", "status"]] = [None, "suppressed"]
    found = vg.shares("intygsfall_diagnos", "enhet:14-stora", *DAYS, data=rows, store=mapped_store)
    assert "diagnos=F43" not in set(found.to_frame()["group"])
    assert "Störst" not in text(found)  # what is hidden may have changed more
    assert "Dolt, eftersom talen är små" in text(found) and "diagnoser (F43)" in text(found)
    with pytest.raises(HiddenError, match="are hidden, since they are small"):
        vg.shares("intygsfall", "enhet:14-lilla", *DAYS, dimension="diagnos", store=mapped_store)


def test_a_table_of_one_sex_that_was_not_released_is_told_as_hidden(mapped_store):
    rows = vg.figures("intygsfall_langd", "enhet:14-stora", None, None, None, store=mapped_store)
    rows = rows[(rows["sex"] == "alla") | (rows["group"] == "")]
    with pytest.raises(HiddenError):
        vg.shares(
            "intygsfall_langd", "enhet:14-stora", *DAYS,
            dimension="langd", sex="kvinnor", data=rows, store=mapped_store,
        )  # fmt: skip


def test_what_is_no_count_has_no_shares_nor_has_nothing(mapped_store):
    with pytest.raises(vg.VgstatsError, match="is no count, so it has no shares"):
        vg.shares("pagaende_sjukfall_psykiatriska_andel", "Örebro", "2019", "2024", dimension="kön")
    rows = vg.figures("intygsfall", "enhet:14-stora", None, None, None, store=mapped_store)
    rows.loc[rows["period"] == DAYS[0], ["value", "status"]] = [0, "nil"]
    with pytest.raises(vg.VgstatsError, match="nothing has no shares"):
        vg.shares(
            "intygsfall", "enhet:14-stora", *DAYS, dimension="kön", data=rows, store=mapped_store
        )


def test_that_no_share_moved_is_not_told_as_the_largest_change(mapped_store):
    rows = vg.figures("intygsfall_grad", "lan:14", DAYS[1], None, None, store=mapped_store)
    before = rows.assign(period=DAYS[0])
    found = vg.shares(
        "intygsfall_grad", "lan:14", *DAYS, dimension="grad", data=pd.concat([rows, before])
    )
    assert "Ingen andel är större eller mindre än förut" in text(found)


def test_that_chance_moves_a_units_numbers_is_told(mapped_store):
    of_unit = vg.change("intygsfall", "Mellanby vårdcentral", *DAYS, store=mapped_store)
    assert "rör sig mycket av slumpen" in of_unit.sentence().plain()
    of_county = vg.change("intygsfall", "lan:14", *DAYS, store=mapped_store)
    assert "slumpen" not in of_county.sentence().plain()


def test_a_store_that_is_asked_again_knows_its_units_though_another_was_opened_since(
    mapped_store, tmp_path
):
    Store(tmp_path / "another")
    assert len(vg.figures("intygsfall", "enheter", DAYS[1], store=mapped_store)) == len(LISTED)
    Store(tmp_path / "another")
    assert len(vg.changes("intygsfall", "enheter", *DAYS, store=mapped_store).to_frame()) == 6


def test_a_unit_is_found_by_a_name_that_it_had_before(mapped_store):
    found = vg.change("intygsfall", "gamla mellanby", *DAYS, store=mapped_store)
    assert found.after.area == "enhet:14-mellan"
    assert "i Mellanby vårdcentral" in found.sentence().plain()
    both = vg.changes("intygsfall", ["Gamla Mellanby", "lan:14"], *DAYS, store=mapped_store)
    assert both.to_frame()["area"].tolist() == ["enhet:14-mellan", "lan:14"]
