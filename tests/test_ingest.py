"""From a file to the store: all or nothing, partly only when asked, and every left-out row counted."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

import pytest

from intake import OWN, RETRIEVED, faults, put, snapshot, stored, take
from vgstats import VgstatsError
from vgstats.ingest import take_in
from vgstats.observations import COLUMNS
from vgstats.sources.recognise import piece_of_file, read_file
from vgstats.store.store import Added, Store

HEADER = ",".join(COLUMNS)
GOOD = "ohalsotal,lan:14,2024-12,alla,,24.8,0.1,ok,egen,2026-01-01"
BAD = "ohalsotal,lan:02,2024-12,alla,,24.8,0.1,ok,egen,2026-01-01"
WORSE = "ohalsotal,lan:03,2024-13,alla,,999,0.1,ok,egen,2026-01-01"


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return Store(tmp_path / "store")


def own(folder: Path, *rows: str, name: str = "own.csv") -> Path:
    return put(folder, "\n".join([HEADER, *rows]) + "\n", name)


def pieces(*files: Path):
    return [piece_of_file(file, read_file(file), RETRIEVED) for file in files]


def test_one_bad_row_keeps_the_whole_file_out(tmp_path, store):
    take(own(tmp_path, GOOD), store)
    before = snapshot(store)
    outcome = take(own(tmp_path, GOOD.replace("24.8", "30.0"), BAD), store)
    assert outcome.added is None and faults(outcome) == [(3, "area", "lan:02")]
    assert snapshot(store) == before


def test_one_bad_file_keeps_the_others_out(tmp_path, store):
    good, bad = own(tmp_path, GOOD, name="good.csv"), own(tmp_path, BAD, name="bad.csv")
    outcome = take_in(pieces(good, bad), store, own_source=OWN)
    assert outcome.added is None and set(outcome.rejected["file"]) == {"bad.csv"}
    assert outcome.summary["file"].tolist() == ["good.csv"]
    assert not store.folder.exists()


def test_partly_is_only_when_asked_and_is_counted_by_rows(tmp_path, store):
    file = own(tmp_path, GOOD, BAD, WORSE)
    outcome = take(file, store, allow_partial=True)
    assert outcome.added == Added(1, 0, 0)
    assert len(outcome.rejected) == 3 and sorted(set(outcome.rejected["row"])) == [3, 4]
    origin = store.manifest().origins[0]
    assert (origin.left_out, origin.address) == (2, "own.csv")
    assert origin.sha256 == hashlib.sha256(file.read_bytes()).hexdigest()


def test_a_file_of_bad_rows_only_imports_nothing_even_partly(tmp_path, store):
    outcome = take(own(tmp_path, BAD), store, allow_partial=True)
    assert outcome.added is None and len(outcome.rejected) == 1 and not store.folder.exists()


def test_the_summary_says_what_was_recognised(tmp_path, store):
    hidden = GOOD.replace("lan:14", "kommun:1480").replace("24.8,0.1,ok", ",0.1,suppressed")
    outcome = take(own(tmp_path, GOOD, hidden, GOOD.replace("2024-12", "2023-12")), store)
    assert outcome.summary.to_dict("records") == [
        {
            "file": "own.csv",
            "recognised": "a table of your own, CSV",
            "measure": "ohalsotal",
            "rows": 3,
            "areas": "1 lan, 1 kommun",
            "first": "2023-12",
            "last": "2024-12",
            "marks": "1 suppressed",
        }
    ]


def test_an_unknown_source_needs_a_publisher(tmp_path, store):
    with pytest.raises(VgstatsError, match=r"'egen' is not known.*--publisher"):
        take(own(tmp_path, GOOD), store, own_source=None)
    assert not store.folder.exists()
    take(own(tmp_path, GOOD), store)
    assert store.provenance().loc["egen", "publisher"] == OWN["publisher"]
    later = own(tmp_path, GOOD.replace("2024", "2023"))
    with pytest.raises(
        VgstatsError, match=r"'egen' came in under --publisher '.*--protected where"
    ):
        take(later, store, own_source=None)
    take(later, store)
    assert len(stored(store)) == 2


def test_figures_of_a_source_that_vgstats_knows_are_nobody_elses(tmp_path, store):
    borrowed = own(tmp_path, GOOD.replace("egen", "fk-ohalsotal"))
    with pytest.raises(
        VgstatsError, match=r"'fk-ohalsotal', which is Försäkringskassan, and --pub"
    ):
        take(borrowed, store, own_source=OWN | {"kind": "own"})
    assert not store.folder.exists()
    take(borrowed, store, own_source=None)


def test_two_files_that_contradict_each_other_are_refused(tmp_path, store):
    one, other = own(tmp_path, GOOD), own(tmp_path, GOOD.replace("24.8", "25"), name="other.csv")
    with pytest.raises(VgstatsError, match=r"different numbers for ohalsotal, lan:14, 2024-12"):
        take_in(pieces(one, other), store, own_source=OWN)
    assert not store.folder.exists()
    same = own(tmp_path, GOOD, GOOD.replace("2024", "2023"), name="same.csv")
    assert take_in(pieces(one, same), store, own_source=OWN).added == Added(2, 0, 1)


def test_importing_a_file_again_changes_nothing(tmp_path, store):
    file = own(tmp_path, GOOD)
    take(file, store)
    before = {name: text for name, text in snapshot(store).items() if name != "manifest.json"}
    coverage = store.coverage()
    assert take(file, store).added == Added(0, 0, 1)
    assert {n: t for n, t in snapshot(store).items() if n != "manifest.json"} == before
    assert store.coverage().equals(coverage)


def test_rows_of_a_wide_sheet_are_counted_once_each(tmp_path, store):
    dims = {
        "ar": "2024",
        "manad": "04",
        "lan_kod": "99",
        "kon_kod": "K",
        "diagnoskapitel_kod": "ALL",
    }
    numbers = {name: {"rojd": False, "value": "x"} for name in ("antal", "andel")}
    good = {
        "dimensions": dims | {"lan_kod": "14"},
        "observations": {"antal": {"rojd": False, "value": 1}},
    }
    answer = [{"dimensions": dims, "observations": numbers}, good]
    file = put(tmp_path, json.dumps(answer), "SJPPagSjukfallDiagnosLan.json")
    outcome = take(file, store, allow_partial=True)
    assert len(outcome.rejected) == 3
    assert store.manifest().origins[0].left_out == 1


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "empty"),
        (b" \n" * 5000, "empty"),
        (b"<!doctype html><html>", "web page"),
        (b"\xef\xbb\xbf<html>", "web page"),
        (b"\x1f\x8b\x08\x00rest", "gzip"),
        (b"\xd0\xcf\x11\xe0rest", "before 2007"),
        (b"PK\x03\x04rest", "cut off"),
        (b"PAR1", "broken"),
        (b"just words", "not known"),
        (b"{}", "not known|Kolada|json-stat"),
        (b"\x00" * 100, "not known|neither"),
    ],
)
@pytest.mark.parametrize("name", ["x.xlsx", "x.csv", "x"])
def test_a_file_is_judged_by_what_it_holds(tmp_path, content, message, name):
    with pytest.raises(VgstatsError, match=message):
        read_file(put(tmp_path, content, name))


def test_a_file_that_is_not_there_or_is_a_folder_is_named(tmp_path):
    for place in (tmp_path / "none.csv", tmp_path):
        with pytest.raises(VgstatsError, match="cannot be read"):
            read_file(place)


def test_white_space_before_the_figures_does_no_harm(tmp_path, store):
    dims = {"ar": "2024", "manad": "12", "lan_kod": "14", "kommun_kod": "ALL_14"}
    dims |= {"aldersklass_kod": "ALL", "kon_kod": "ALL"}
    row = {"dimensions": dims, "observations": {"oht": {"rojd": False, "value": 24.8}}}
    take(put(tmp_path, "\n" * 100 + json.dumps([row])), store)
    assert stored(store) == {("ohalsotal", "lan:14", "2024-12", "alla", ""): (24.8, "ok")}


def test_a_windows_1252_file_of_intygsstatistik_is_not_taken_for_another(tmp_path, store):
    text = (
        "Period;Antal sjukfall totalt;Antal sjukfall för kvinnor;Antal sjukfall för män;\n"
        "jan 2019;1234;789;445;\n"
    )
    assert take(put(tmp_path, text.encode("cp1252")), store, area="riket").added.new == 3
    assert {key[3]: value for key, (value, _) in stored(store).items()} == {
        "alla": 1234,
        "kvinnor": 789,
        "män": 445,
    }


def test_made_up_figures_do_not_come_in_as_official_ones(tmp_path, store):
    file = own(tmp_path, GOOD.replace("egen", "demo"))
    with pytest.raises(VgstatsError, match="made up, and are never taken in beside real figures"):
        take(file, store)
    assert not store.folder.exists()


def test_two_files_are_checked_together(tmp_path, store):
    count = "pagaende_sjukfall,lan:14,2024-12,{},,{},1,ok,egen,2026-01-01"
    whole = own(tmp_path, count.format("alla", 1000), name="a.csv")
    parts = own(tmp_path, count.format("kvinnor", 10), count.format("män", 20), name="b.csv")
    with pytest.raises(VgstatsError, match=r"do not agree with each other: .*kvinnor 10 \+ män 20"):
        take_in(pieces(whole, parts), store, own_source=OWN)
    assert not store.folder.exists()


def test_two_files_of_different_dates_that_contradict_each_other_are_refused(tmp_path, store):
    old = own(tmp_path, GOOD, name="old.csv")
    new = own(tmp_path, GOOD.replace("24.8", "24.9").replace("2026-01", "2026-02"), name="new.csv")
    with pytest.raises(VgstatsError, match="give different numbers"):
        take_in(pieces(old, new), store, own_source=OWN)


def test_an_empty_cell_for_a_kommun_that_was_not_formed_yet_is_no_fault(tmp_path, store):
    absent = "ohalsotal,kommun:0330,2001-12,alla,,{},0.1,{},egen,2026-01-01"
    assert take(own(tmp_path, absent.format("", "missing")), store).added == Added(1, 0, 0)
    outcome = take(own(tmp_path, absent.format("30.1", "ok")), store)
    assert outcome.rejected["rule"].tolist() == ["did not exist in that period"]


def test_the_part_of_the_benefit_must_be_named_in_the_answer(tmp_path):
    row = {
        "dimensions": {
            "ar": "2024", "manad": "12", "lan": "ALL", "kon_kod": "ALL", "diagnoskapitel": "ALL",
        },
        "observations": {"antal": {"rojd": False, "value": 33053.0}, "belopp": {"value": 317591.0}},
    }  # fmt: skip
    file = put(tmp_path, json.dumps([row]), "SAbestandmanaddiagnoslan (1).json")
    with pytest.raises(VgstatsError, match="delforman is missing"):
        read_file(file)
    row["dimensions"]["delforman"] = "ALL"
    assert set(read_file(put(tmp_path, json.dumps([row]), file.name)).rows["measure"]) == {
        "sa_mottagare",
        "sa_belopp",
    }
