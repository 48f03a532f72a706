"""Försäkringskassan's JSON: every number as it stands, suppressed and missing apart, no guesses."""

from __future__ import annotations

import csv
import json
import re
import tempfile
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given

from examples import bounded
from intake import (
    Cell,
    Key,
    Tally,
    faults,
    mutated,
    mutations,
    outcome_is_honest,
    put,
    snapshot,
    stored,
    take,
)
from vgstats import VgstatsError
from vgstats.sources.datasets import datasets_text
from vgstats.store.store import Store

OHT = {"measure": "ohalsotal", "observation": "oht"}
SEXES = {"all": "alla", "t": "alla", "k": "kvinnor", "2": "kvinnor", "m": "män", "1": "män"}


def row(value: Any = 24.8, *, rojd: Any = False, name: str = "oht", **dimensions: Any) -> dict:
    dims = {"row_nr": 1, "ar": "2024", "manad": "12", "lan_kod": "14", "kommun_kod": "ALL_14"}
    dims |= {"aldersklass_kod": "ALL", "kon_kod": "ALL"} | dimensions
    return {"dimensions": dims, "observations": {name: {"rojd": rojd, "value": value}}}


def answer_of(shared: Path, measure: str, name: str) -> list[dict]:
    """The shared figures in the API's form."""
    file = shared / "data" / "fk_ohalsotal_sjukpenningtal_lan_2011-2025.csv"
    rows = []
    with file.open(encoding="utf-8", newline="") as stream:
        for line in csv.DictReader(stream):
            if line["matt"] == measure:
                lan = line["lan_kod"].replace("00", "ALL")
                place = {"lan_kod": lan, "kommun_kod": f"ALL_{lan}", "row_nr": len(rows) + 1}
                rows.append(row(float(line["varde"]), name=name, ar=line["ar"], **place))
    return rows


def taken(folder: Path, *rows: Any, name: str = "answer.json", **options: Any):
    store = Store(folder / "store")
    return store, take(put(folder, json.dumps(list(rows)), name), store, **options)


def test_every_shared_figure_arrives_as_it_stands(tmp_path, shared):
    rows = answer_of(shared, "ohalsotal", "oht")
    store, outcome = taken(tmp_path, *rows)
    found = stored(store)
    assert outcome.added.new == len(rows) == len(found) == 22 * 15
    assert found["ohalsotal", "lan:14", "2024-12", "alla", ""] == (24.8, "ok")
    assert found["ohalsotal", "riket", "2011-12", "alla", ""] == (27.7, "ok")
    expected = {
        (r["dimensions"]["lan_kod"], r["dimensions"]["ar"]): r["observations"]["oht"]["value"]
        for r in rows
    }
    got = {
        (k[1].replace("riket", "ALL")[-3:].lstrip(":"), k[2][:4]): v for k, (v, _) in found.items()
    }
    assert got == expected
    assert outcome.summary[["areas", "first", "last"]].to_numpy().tolist() == [
        ["21 lan, riket", "2011-12", "2025-12"]
    ]


def test_suppressed_missing_and_zero_stay_apart(tmp_path):
    store, _ = taken(tmp_path, row(7.5, rojd=True), row(None, kon_kod="K"), row(0.0, kon_kod="M"))
    assert sorted(stored(store).values(), key=str) == [
        (0.0, "ok"),
        (None, "missing"),
        (None, "suppressed"),
    ]


def test_a_kommun_is_read_in_both_forms_and_must_lie_in_its_lan(tmp_path):
    store, _ = taken(
        tmp_path, row(1.0, kommun_kod="1480_14"), row(2.0, kommun_kod="80_14", ar="2023")
    )
    assert {key[1:3] for key in stored(store)} == {
        ("kommun:1480", "2024-12"),
        ("kommun:1480", "2023-12"),
    }
    _, outcome = taken(tmp_path, row(1.0, kommun_kod="0180_14"))
    assert faults(outcome) == [(1, "lan_kod, kommun_kod", "14 / 0180_14")]


def test_several_numbers_in_a_row_are_told_apart(tmp_path):
    dims = {"ar": "2024", "manad": "04", "lan_kod": "ALL", "kon_kod": "ALL"}
    both = {
        "dimensions": dims | {"diagnoskapitel_kod": "F00-F99"},
        "observations": {
            "antal": {"rojd": False, "value": 92000},
            "andel": {"rojd": False, "value": "49,1"},
        },
    }
    name = "SJPPagSjukfallDiagnosLan.json"
    _, outcome = taken(tmp_path, both, name=name)
    assert faults(outcome) == [(1, "andel", "49,1")]
    both["observations"]["andel"]["value"] = 49
    store, _ = taken(tmp_path, both, name=name)
    assert stored(store) == {
        ("pagaende_sjukfall", "riket", "2024-04", "alla", "diagnos=F00-F99"): (92000, "ok"),
        ("pagaende_sjukfall_andel", "riket", "2024-04", "alla", "diagnos=F00-F99"): (49, "ok"),
    }


def test_a_file_that_may_come_from_several_datasets_is_named_by_the_user(tmp_path):
    dims = {"ar": "2024", "manad": "04", "lan_kod": "ALL", "kommun_kod": "ALL_ALL", "kon_kod": "K"}
    some = {"dimensions": dims, "observations": {"antal": {"rojd": False, "value": 5}}}
    with pytest.raises(VgstatsError, match=r"several datasets.*--dataset"):
        taken(tmp_path, some)
    store, _ = taken(tmp_path, some, dataset="sjp-pagaende-sjukfall-diagnos-f43")
    assert set(stored(store)) == {
        ("pagaende_sjukfall", "riket", "2024-04", "kvinnor", "diagnos=F43")
    }


@pytest.mark.parametrize("value", ["24,8", "missing", "suppressed", "ok", "1_000", " 1", "", True])
@pytest.mark.parametrize("kind", ["alone", "beside a good row"])
def test_a_value_that_is_no_number_is_rejected_and_nothing_is_stored(tmp_path, value, kind):
    good = [row(20.0, ar="2020")] if kind != "alone" else []
    store, outcome = taken(tmp_path, *good, row(value))
    assert outcome.added is None and not store.folder.exists()
    assert [(r, c) for r, c, _ in faults(outcome)] == [(len(good) + 1, "oht")]


@pytest.mark.parametrize(
    ("change", "column"),
    [
        ({"lan_kod": "02", "kommun_kod": "ALL_02"}, "lan_kod, kommun_kod"),
        ({"kommun_kod": None}, "lan_kod, kommun_kod"),
        ({"kommun_kod": "9999_14"}, "lan_kod, kommun_kod"),
        ({"lan_kod": "1|4"}, "lan_kod, kommun_kod"),
        ({"manad": None}, "ar, manad"),
        ({"manad": "13"}, "ar, manad"),
        ({"manad": "1|2"}, "ar, manad"),
        ({"ar": "24"}, "ar, manad"),
        ({"kon_kod": "X"}, "kon_kod"),
        ({"aldersklass_kod": None}, "aldersklass_kod"),
        ({"aldersklass_kod": "a=b"}, "aldersklass_kod"),
        ({"aldersklass_kod": "1|2"}, "aldersklass_kod"),
    ],
)
def test_a_code_that_is_unknown_or_absent_is_rejected_by_name(tmp_path, change, column):
    store, outcome = taken(tmp_path, row(20.0, ar="2020"), row(**change))
    assert [(r, c) for r, c, _ in faults(outcome)] == [(2, column)]
    assert not store.folder.exists()


def test_a_name_corrected_in_the_datasets_file_plays_its_part(tmp_path, monkeypatch):
    text = datasets_text().replace("month: manad", "month: period_man")
    monkeypatch.setenv("VGSTATS_DATASETS", str(put(tmp_path, text, "datasets.yaml")))
    renamed = row()
    renamed["dimensions"]["period_man"] = renamed["dimensions"].pop("manad")
    store, _ = taken(tmp_path, renamed)
    assert [key[2] for key in stored(store)] == ["2024-12"]


def test_where_code_and_name_both_stand_the_code_counts(tmp_path):
    store, _ = taken(tmp_path, row(lan="Västra Götalands län", kon="Totalt"))
    assert [key[1] for key in stored(store)] == ["lan:14"]


@pytest.mark.parametrize("dimension", ["ar", "manad", "lan_kod", "kommun_kod", "kon_kod"])
def test_a_dimension_that_is_missing_is_named(tmp_path, dimension):
    less = row()
    del less["dimensions"][dimension]
    with pytest.raises(VgstatsError, match=f"dimension {dimension} is missing"):
        taken(tmp_path, less)


GOOD = json.dumps([row(), row(25.0, ar="2023")])


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (GOOD[:-40], "cut off or broken"),
        (GOOD[:-1], "cut off or broken.*no end"),
        (GOOD[: GOOD.index("}, {") + 1], "cut off or broken.*no end"),
        (GOOD + "]", "cut off or broken"),
        (GOOD + GOOD, "cut off or broken"),
        (GOOD.replace("}, {", "}, , {"), "cut off or broken"),
        (GOOD.encode("utf-16"), "."),
        (GOOD.encode().replace(b"ALL_14", b"ALL\xe514"), "cut off or broken"),
        ("<!DOCTYPE html><html></html>", "web page"),
        ("[]", r"list is empty.*ALL_14"),
        ("", "file is empty"),
        ("[1, 2]", "broken|not known"),
        ("[" * 100_000, "broken|not known"),
        (GOOD.replace('"oht"', '"ohx"'), "several datasets|unknown"),
        (GOOD.replace('"row_nr"', '"rad"'), "dimension 'rad' is unknown"),
        (GOOD.replace('"rojd": false', '"hemlig": true'), "expected rojd and value"),
        (GOOD.replace('"value": 24.8', '"value": 24.8, "value": 30'), "twice"),
        (GOOD.replace('"ar": "2024"', '"ar": "2024", "ar": "2020"'), "twice"),
        (GOOD.replace('"oht": {', '"o t": {'), "not a name|unknown"),
    ],
)
def test_a_broken_or_foreign_file_is_refused_in_words(tmp_path, content, message):
    store = Store(tmp_path / "store")
    take(put(tmp_path, json.dumps([row(1.0, ar="2019")]), "before.json"), store)
    before = snapshot(store)
    with pytest.raises(VgstatsError, match=message):
        take(put(tmp_path, content, "bad.json"), store)
    assert snapshot(store) == before


def test_duplicate_keys_are_rejected_and_exact_copies_count_once(tmp_path):
    _, outcome = taken(tmp_path, row(24.8), row(24.9))
    assert [(r, c) for r, c, _ in faults(outcome)] == [(1, "oht"), (2, "oht")]
    store, outcome = taken(tmp_path, row(24.8), row(24.8))
    assert outcome.added.new == 1 and len(stored(store)) == 1


@pytest.mark.parametrize("name", ["a[1].json", "a*.json", "it's.json", "ÅÄÖ 1.json", "plain"])
def test_the_files_name_and_folder_mean_nothing(tmp_path, name):
    folder = tmp_path / "ar=1999" / "dimensions=x"
    folder.mkdir(parents=True)
    store, _ = taken(folder, row(), name=name)
    assert stored(store) == {("ohalsotal", "lan:14", "2024-12", "alla", ""): (24.8, "ok")}


def plain(file: Path) -> dict[Key, set[Cell]]:
    """What the json module says, with this test's own short list of codes.

    A comma too many before a closing bracket changes no number, and DuckDB lets it pass.
    """

    def unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        assert len(dict(pairs)) == len(pairs)
        return dict(pairs)

    found: dict[Key, set[Cell]] = {}
    text = re.sub(r",(\s*[}\]])", r"\1", file.read_bytes().decode("utf-8-sig"))
    for entry in json.loads(text, object_pairs_hook=unique):
        dims = {name: str(code) for name, code in entry["dimensions"].items()}
        lan, (kommun, _, of) = dims["lan_kod"], dims["kommun_kod"].partition("_")
        assert of in (lan, "")
        whole = kommun if len(kommun) == 4 else lan + kommun
        area = f"kommun:{whole}" if kommun != "ALL" else f"lan:{lan}"
        area = "riket" if area == "lan:ALL" or lan in ("00", "0000") else area
        age = dims["aldersklass_kod"].strip().lower()
        group = "" if age in ("all", "16-64") else f"alder={age}"
        period = f"{dims['ar']}-{int(dims['manad']):02d}"
        sex = SEXES.get(dims["kon_kod"].strip().lower(), "?")
        oht = (entry.get("observations") or {}).get("oht") or {}
        value = oht.get("value")
        cell: Cell = (None, "missing") if value is None else (float(value), "ok")
        if str(oht.get("rojd")).lower() == "true":
            cell = (None, "suppressed")
        found.setdefault(("ohalsotal", area, period, sex, group), set()).add(cell)
    return found


TALLY = Tally()


@bounded
@given(mutations())
def test_a_damaged_answer_is_refused_or_says_what_it_says(changes):
    rows = [row(20.5 + n, ar=str(2011 + n), kon_kod="K") for n in range(4)]
    rows += [row(25.5, lan_kod="ALL", kommun_kod="ALL_ALL"), row(None, kon_kod="M")]
    rows += [row(9.0, rojd=True, kommun_kod="1480_14"), row(1.0, aldersklass_kod="16-19")]
    content = mutated(json.dumps(rows, indent=1).encode(), changes)
    with tempfile.TemporaryDirectory() as folder:
        file = put(Path(folder), content, "fuzz.json")
        outcome_is_honest(file, Store(Path(folder) / "store"), TALLY, plain)
