"""One parameter file is a round: places times periods, with some more and some fewer."""

from __future__ import annotations

import itertools

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from vgstats.batch.parameter_file import expanded
from vgstats.batch.plan import read_batches
from vgstats.catalogue import areas
from vgstats.errors import VgstatsError
from vgstats.reports import kind

MODEL = kind("uppfoljning").model
PERIODS = {"before": "2014-12", "after": "2019-12"}
LATER = {"before": "2017-12", "after": "2022-12"}


def orders(tmp_path, **content):
    file = tmp_path / "round.yaml"
    file.write_text(yaml.safe_dump({"report": "uppfoljning", **content}), encoding="utf-8")
    (batch,) = read_batches([file])
    return [job.name.removeprefix("round/").removesuffix(".html") for job in batch.jobs]


def test_every_county_is_made_for_every_entry_of_the_matrix(tmp_path):
    found = orders(tmp_path, lan=["09", "14"], matrix=[PERIODS, LATER])
    assert found == [
        "gotlands-lan-2014-12-2019-12",
        "vastra-gotalands-lan-2014-12-2019-12",
        "gotlands-lan-2017-12-2022-12",
        "vastra-gotalands-lan-2017-12-2022-12",
    ]


def test_a_round_has_some_more_and_some_fewer(tmp_path):
    found = orders(
        tmp_path,
        lan="alla",
        matrix=[PERIODS, LATER],
        include=[{"lan": ["14"], "before": "2011-12", "after": "2022-12"}],
        exclude=[{"lan": ["09", "10"], "after": "2019-12"}, {"lan": ["25"]}],
    )
    assert len(found) == 2 * 21 + 1 - 2 - 2
    assert (
        "vastra-gotalands-lan-2011-12-2022-12" in found and "gotlands-lan-2017-12-2022-12" in found
    )
    assert "gotlands-lan-2014-12-2019-12" not in found and not any(
        "norrbotten" in name for name in found
    )


def test_all_kommuner_of_some_counties_are_made_for_every_entry_of_the_matrix(tmp_path):
    found = orders(
        tmp_path, report="kommun", lan=["20", "09"], kommun="alla", matrix=[PERIODS, LATER]
    )
    assert len(found) == 2 * (15 + 1)
    assert "gotland-2014-12-2019-12" in found and "falun-2017-12-2022-12" in found


def test_all_290_kommuner_are_one_file(tmp_path):
    found = orders(tmp_path, report="kommun", lan="alla", kommun="alla", **PERIODS)
    assert len(found) == len(set(found)) == 290


def test_kommuner_can_be_named_added_and_left_out(tmp_path):
    found = orders(
        tmp_path,
        report="kommun",
        lan=["14", "20"],
        kommun=["1480", "2080", "1401"],
        include=[{"lan": ["09"], "kommun": "alla", **PERIODS}],
        exclude=[{"kommun": ["1401"]}, {"lan": ["20"], "kommun": "alla", "after": "2022-12"}],
        matrix=[PERIODS, LATER],
    )
    assert found == [
        "goteborg-2014-12-2019-12",
        "falun-2014-12-2019-12",
        "goteborg-2017-12-2022-12",
        "gotland-2014-12-2019-12",
    ]


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"kommun": ["1480", "0180"]}, r"kommun: '0180' is no kommun of Västra Götalands län"),
        ({"kommun": ["148"]}, r"kommun: '148' is no kommun.*Expected four digits"),
        ({"kommun": "1480"}, r"kommun: '1480' will not do\. Expected a list of kommun codes"),
        ({"kommun": []}, r"kommun: the list is empty"),
        ({"kommun": ["1480", "1480"]}, r"kommun: '1480' stands twice"),
        ({"lan": ["99"], "kommun": "alla"}, r"lan: '99' is not a county code"),
        ({"report": "uppfoljning"}, r"unknown key 'kommun'"),
        ({"exclude": [{"kommun": ["1401"]}]}, r"exclude: no report has"),
        ({"exclude": [{"kommun": ["1480"]}]}, r"every report is left out"),
        ({"include": [{"kommun": ["1480"]}]}, r"would be made twice"),
    ],
)
def test_a_mistake_in_the_places_is_named(tmp_path, change, message):
    good = {"report": "kommun", "lan": ["14"], "kommun": ["1480"], **PERIODS}
    assert orders(tmp_path, **good) == ["goteborg-2014-12-2019-12"]
    with pytest.raises(VgstatsError, match=message):
        orders(tmp_path, **{**good, **change})


@pytest.fixture
def with_units(mapped_store, monkeypatch):
    monkeypatch.setenv("VGSTATS_STORE", str(mapped_store.folder))


OF_UNITS = {"report": "enhetsblad", "snapshot": "2025-10-01"}


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (
            {"enhet": "Stora vårdcentralen"},
            r"Expected a list of ids of units.* Write enhet: \['stora'\]",
        ),
        ({"enhet": ["stor"]}, r"'stor' is no unit that is declared\. Did you mean 'stora'\?"),
        ({"lan": ["14", "20"]}, r"enhet: no unit of the county is declared\. Known: lilla, "),
        ({"snapshot": ["2025-10-01"]}, r"snapshot: .* Expected a day in quotation marks"),
        (
            {"enhet": ["stora"], "earlier": "2026-10-01"},
            r"earlier '2026-10-01' must lie before snapshot",
        ),
    ],
)
def test_a_mistake_in_units_or_days_is_named(tmp_path, with_units, change, message):
    with pytest.raises(VgstatsError, match=message):
        orders(tmp_path, **{**OF_UNITS, "lan": ["14"], **change})


def test_all_counties_are_those_that_have_units(tmp_path, with_units):
    assert (
        len(orders(tmp_path, **OF_UNITS, lan="alla", enhet="alla"))
        == len(areas.units("lan:14"))
        > 1
    )


@pytest.mark.parametrize("where", ["matrix", "include"])
def test_an_unknown_key_within_an_entry_names_the_keys_of_an_entry(tmp_path, where):
    content = {"report": "uppfoljning", "lan": ["14"], "before": "2011-12", "after": "2015-12"}
    entry = {"lan": ["20"]} if where == "include" else {}
    with pytest.raises(VgstatsError) as error:
        orders(tmp_path, **content, **{where: [{**entry, "afer": "2016-12"}]})
    assert "unknown key 'afer'. Did you mean 'after'?" in str(error.value)
    assert "intervention" in str(error.value) and "threshold" not in str(error.value)


def test_a_report_on_kommuner_needs_to_know_which(tmp_path):
    with pytest.raises(VgstatsError, match="the key 'kommun' is missing"):
        orders(tmp_path, report="kommun", lan=["14"], **PERIODS)


COUNTIES = [area.removeprefix("lan:") for area in areas.lan()]


@given(
    lan=st.lists(st.sampled_from(COUNTIES), min_size=1, unique=True),
    entries=st.lists(st.sampled_from([PERIODS, LATER]), max_size=2, unique_by=str),
    out=st.lists(st.sampled_from(COUNTIES), max_size=3, unique=True),
)
def test_what_is_made_is_the_product_without_what_is_left_out(lan, entries, out):
    left_out = [code for code in out if code in lan]
    content = {"lan": lan, "matrix": entries, "exclude": [{"lan": [code]} for code in left_out]}
    kept = [code for code in lan if code not in left_out]
    if not kept:
        with pytest.raises(VgstatsError, match="every report is left out"):
            expanded(content, MODEL)
        return
    found = [(values["lan"], values.get("after")) for values in expanded(content, MODEL)]
    afters = [entry["after"] for entry in entries] or [None]
    assert sorted(found, key=str) == sorted(itertools.product(kept, afters), key=str)
