"""One way to figures: what a report sees, by the names that people use, and never silence."""

from __future__ import annotations

import shutil
import warnings

import matplotlib as mpl
import pandas as pd
import pytest
import seaborn as sns
from pandas.testing import assert_frame_equal

import vgstats as vg
from support import followup
from vgstats.disclosure.release import ledger_of, record
from vgstats.observations import COLUMNS, DEMO, KEY
from vgstats.store.store import Store

COUNTED = "pagaende_sjukfall_eget_register"


def refusal(*asked: object, **more: object) -> str:
    with pytest.raises(vg.VgstatsError) as refused:
        vg.figures(*asked, **more)  # type: ignore[arg-type]
    return str(refused.value)


def test_published_numbers_come_by_name_code_and_id():
    named = vg.figures("Ohälsotal", "Västra Götaland", ["2005", "2008"])
    assert named["value"].tolist() == [42.9, 36.8]
    for area in ("14", "lan:14", "västra götalands län", "Region Västra Götaland"):
        assert_frame_equal(vg.figures("ohalsotal", area, ["2005", "2008"]), named)


def test_a_stretch_of_periods_and_all_counties_are_a_word_each():
    found = vg.figures("sjukpenningtal", "län", slice("2015", "2019"))
    assert found["area"].nunique() == 21
    assert {f"{year}-12" for year in range(2015, 2020)} <= set(found["period"])
    assert found["date"].between("2015-01-01", "2019-12-31").all()


def test_a_dimension_stands_for_all_its_groups():
    found = vg.figures("sjukfall_60_dagar_andel", "Västra Götaland", "2008", group="diagnos")
    assert found["group"].tolist() == ["diagnos=F00-F99", "diagnos=M00-M99", "diagnos=övriga"]
    assert "There are: '', 'diagnos=F00-F99'" in refusal(
        "pagaende_sjukfall", "Örebro", group="alder"
    )


def test_a_report_sees_the_same_numbers():
    report = followup("18", "2019-12", "2025-12")
    for measure in (
        "ohalsotal",
        "pagaende_sjukfall_per_1000",
        "pagaende_sjukfall_psykiatriska_andel",
    ):
        ours = vg.figures(measure, "Örebro").set_index("period")["value"]
        theirs = {v.period: v.value for v in report.series(measure)}
        assert {period: ours[period] for period in theirs} == theirs


def test_the_frame_is_ready_for_seaborn():
    found = vg.figures("ohalsotal", ["Örebro", "riket"])
    assert found["area_name"].cat.categories.tolist() == ["Örebro län", "Riket"]
    assert found["area_name"].cat.ordered and found["sex"].cat.ordered
    assert pd.api.types.is_datetime64_any_dtype(found["date"])
    ours = found[found["area"] == "lan:18"]
    assert ours["date"].dt.year.tolist() == ours["period"].str[:4].astype(int).tolist()
    assert found["date"].max() == pd.Timestamp("2025-07-02"), "2025 is drawn as 2025, not at 2026"
    with mpl.rc_context({"backend": "agg"}):
        grid = sns.relplot(data=found, x="date", y="value", hue="area_name")
    assert [text.get_text() for text in grid.legend.texts] == ["Örebro län", "Riket"]


@pytest.mark.parametrize(
    ("asked", "answer"),
    [
        ({"measure": "ohalsotall"}, "Did you mean 'ohalsotal'?"),
        ({"measure": "ohalsotal", "area": 18}, "Write codes and periods in quotation marks"),
        ({"measure": "ohalsotal", "area": "18", "period": 2022}, "2022 is not a text"),
        ({"measure": "ohalsotal", "area": ["18", 14]}, "14 is not a text"),
        ({"measure": "sjukfall"}, "pagaende_sjukfall"),
        ({"measure": "pagaende_sjukfall", "area": "18", "sex": "women"}, "Did you mean 'kvinnor'?"),
        ({"measure": "ohalsotal", "area": "Skane"}, "Did you mean 'Skåne län'?"),
        ({"measure": "ohalsotal", "area": "Öerbro"}, "Did you mean 'Örebro län'?"),
        ({"measure": "ohalsotal", "area": ["Örebro", "lan:99"]}, "There is no area 'lan:99'"),
        ({"measure": "ohalsotal", "area": "Habo"}, "vgstats fetch ohalsotal --lan 06"),
        ({"measure": "ohalsotal", "area": "Örebro", "period": "2001"}, "2011-12 to 2025-12"),
        ({"measure": "ohalsotal", "area": "Örebro", "period": slice("1990", "1999")}, "2011-12 to"),
        ({"measure": "ohalsotal", "area": "Örebro", "period": "2019-13"}, "no such date"),
        ({"measure": "ohalsotal", "area": "Örebro", "sex": "kvinna"}, "Did you mean 'kvinnor'?"),
        ({"measure": "ohalsotal", "area": "Örebro", "sex": "kvinnor"}, "finns bara för alla"),
        (
            {"measure": "sjukpenningtal", "area": "Örebro", "group": "diagnos=F"},
            "There are: ''",
        ),
        (
            {"measure": "sjukfall_60_dagar_andel", "area": "14", "group": "diagnos=F00-F98"},
            "Did you mean 'diagnos=F00-F99'?",
        ),
        ({"measure": "sjukfall_60_dagar_andel", "area": "14"}, "finns bara per kön"),
    ],
)  # fmt: skip
def test_what_is_not_there_is_answered_with_what_there_is(asked, answer):
    assert answer in refusal(**asked)


def test_a_name_without_figures_among_others_is_said():
    with pytest.warns(UserWarning, match=r"no such figures for Habo, 1999\."):
        vg.figures("ohalsotal", ["Lerum", "Habo"], ["2010", "1999"])
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        vg.figures("ohalsotal", "kommuner")


def test_a_list_of_nothing_is_no_wish_for_everything():
    assert "names nothing" in refusal("ohalsotal", vg.areas.kommuner("Göteborg"))


def test_changes_name_the_areas_and_say_which_are_left_out():
    with pytest.warns(UserWarning, match="no such figures for Västerbottens län"):
        found = vg.changes("sa_mottagare", "län", "2018-12", "2019-12").to_frame()
    assert len(found) == 19 and "Örebro län" in set(found["area_name"])


def test_where_nothing_is_bundled_or_fetched_it_says_whom_to_ask():
    assert "fråga Försäkringskassan" in refusal("ohalsotal_sa", "Värmland")


def test_made_up_figures_are_called_so_in_every_legend(register_store):
    found = vg.figures("ohalsotal", "Dalarna", store=register_store.folder)
    assert set(found["source"]) == {DEMO}
    assert found["area_name"].unique().tolist() == ["Dalarnas län (påhittade siffror)"]


def test_own_counts_come_as_they_were_released_or_not_at_all(
    register_store, register_job, tmp_path
):
    store = Store(shutil.copytree(register_store.folder, tmp_path / "store"))
    ledger_of(COUNTED, store).path.unlink(missing_ok=True)
    assert "never released" in refusal(COUNTED, "20", store=store)
    assert COUNTED not in set(vg.figures(store=store)["measure"])
    record(register_job.release, store)
    found = vg.figures(COUNTED, None, None, None, None, store=store)
    hidden = found[found["status"] == "suppressed"]
    assert len(hidden) and hidden["value"].isna().all()
    with_numbers = found.dropna(subset="value").set_index(KEY)["value"]
    shown = register_job.bundle.observations.dropna(subset="value")
    shown = shown[shown["measure"] == COUNTED].set_index(KEY)["value"]
    assert shown.to_dict().items() <= with_numbers.to_dict().items()


def test_what_there_is_stands_in_a_table():
    found = vg.available("Ohälsotal")
    assert found.columns.tolist() == [
        "measure", "name", "unit", "level", "areas", "first", "last", "sexes", "groups", "sources",
    ]  # fmt: skip
    lan = found.set_index("level").loc["lan"]
    assert (lan["areas"], lan["last"]) == (21, "2025-12")
    whole = vg.available()
    assert whole["measure"].nunique() > 30
    by_group = whole.set_index("measure")["groups"].to_dict()
    assert by_group["sjukfall_60_dagar_andel"] == "diagnos, grad, instans, sysselsättning"


def test_all_figures_have_the_columns_of_the_tidy_table_first():
    found = vg.figures("ohalsotal", "riket")
    assert found.columns.tolist() == [*COLUMNS, "measure_name", "unit", "area_name", "date"]
