"""Försäkringskassan's older CSV: `-` is nil, `..` is hidden, and of wrong copies the right one stays."""

from __future__ import annotations

import csv
import io
import tempfile
from pathlib import Path

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
from vgstats.store.store import Store

HEADER = (
    "ar,kvartal,diagnoskapitel_kod,diagnoskapitel_text,antal,andel,antal_kvinnor,andel_kvinnor,"
    "antal_man,andel_man"
)
# Rows as published (shared/sources.md, 1.4).
ALL = "2005,1,Samtliga,Samtliga,239929,100,153099,100,86830,100"
MENTAL = (
    "2005,1,F00-F99,Psykiska sjukdomar och syndrom samt beteendestorningar,69525,29,48413,31.6,"
    "21112,24.3"
)
BIRTH = "2005,1,O00-O99,Graviditet forlossning och barnsangstid,4098,1.71,4098,2.68,-,-"
HIDDEN = "2005,2,P00-P96,Vissa perinatala tillstand,..,..,16,0.01,..,.."
UNKNOWN = "2018,4,-00--99,Saknas/Okand,6592,3.69,4023,3.43,2569,4.19"
LINES = [HEADER, ALL, MENTAL, BIRTH, HIDDEN, UNKNOWN]


def text(*lines: str) -> str:
    return "\r\n".join(lines) + "\r\n"


def taken(folder: Path, *lines: str, **options):
    store = Store(folder / "store")
    return store, take(put(folder, text(HEADER, *lines), "old.csv"), store, **options)


def of(store: Store, period: str, group: str) -> dict[tuple[str, str], Cell]:
    """Count and share by sex in one quarter and chapter of riket."""
    return {
        (key[0].removeprefix("pagaende_sjukfall"), key[3]): cell
        for key, cell in stored(store).items()
        if key[1] == "riket" and key[2] == period and key[4] == group
    }


def test_the_published_rows_arrive_as_they_stand(tmp_path):
    store, outcome = taken(tmp_path, *LINES[1:])
    assert outcome.added.new == 5 * 6
    assert of(store, "2005-Q1", "diagnos=F00-F99") == {
        ("", "alla"): (69525, "ok"),
        ("", "kvinnor"): (48413, "ok"),
        ("", "män"): (21112, "ok"),
        ("_andel", "alla"): (29, "ok"),
        ("_andel", "kvinnor"): (31.6, "ok"),
        ("_andel", "män"): (24.3, "ok"),
    }
    assert of(store, "2005-Q1", "")["", "alla"] == (239929, "ok")
    assert of(store, "2018-Q4", "diagnos=okänd")["", "män"] == (2569, "ok")


def test_nil_and_suppressed_stay_apart(tmp_path):
    store, _ = taken(tmp_path, BIRTH, HIDDEN)
    assert of(store, "2005-Q1", "diagnos=O00-O99")["", "män"] == (0, "nil")
    hidden = of(store, "2005-Q2", "diagnos=P00-P96")
    assert hidden["", "kvinnor"] == (16, "ok")
    assert hidden["", "alla"] == hidden["_andel", "män"] == (None, "suppressed")


def test_of_a_cell_that_stands_four_times_the_copy_that_adds_up_is_kept(tmp_path):
    right = "2010,1,E00-E90,Endokrina,900,1.2,500,1.1,400,1.3"
    wrong = [right.replace(",900,", ",502,"), right.replace("500", "2"), right.replace("400", "1")]
    store, outcome = taken(tmp_path, MENTAL, wrong[0], right, *wrong[1:])
    assert outcome.added is None and not store.folder.exists()
    assert [(r, c) for r, c, _ in faults(outcome)] == [(3, "antal"), (5, "antal"), (6, "antal")]
    store, outcome = taken(tmp_path, MENTAL, wrong[0], right, *wrong[1:], allow_partial=True)
    kept = of(store, "2010-Q1", "diagnos=E00-E90")
    assert [kept["", sex] for sex in ("alla", "kvinnor", "män")] == [
        (900, "ok"),
        (500, "ok"),
        (400, "ok"),
    ]
    assert outcome.added.new == 12 and store.manifest().origins[0].left_out == 3


def test_copies_of_which_two_add_up_are_all_refused(tmp_path):
    right = "2010,1,E00-E90,Endokrina,900,1.2,500,1.1,400,1.3"
    other = "2010,1,E00-E90,Endokrina,901,1.2,501,1.1,400,1.3"
    _, outcome = taken(tmp_path, right, other)
    assert [r for r, _, _ in faults(outcome)] == [2, 3]


def test_exact_copies_count_once_and_are_mentioned(tmp_path):
    store, outcome = taken(tmp_path, MENTAL, MENTAL)
    assert outcome.added.new == 6 and len(stored(store)) == 6


@pytest.mark.parametrize(
    ("line", "fault"),
    [
        (MENTAL.replace("24.3", '"24,3"'), (3, "andel_man", "24,3")),
        (MENTAL.replace("24.3", "missing"), (3, "andel_man", "'missing'")),
        (MENTAL.replace("48413", "48x13"), (3, "antal_kvinnor", "48x13")),
        (MENTAL.replace("31.6", "131.6"), (3, "andel_kvinnor", "131.6")),
        (MENTAL.replace("2005,1", "2005,5"), (3, "kvartal", "2005-Q5")),
        (MENTAL.replace("2005,1", "2005,1|"), (3, "kvartal", "2005-Q1|")),
        (MENTAL.replace("F00-F99", "Psyk"), (3, "diagnoskapitel_kod", "Psyk")),
        (MENTAL.replace("F00-F99", "a=b"), (3, "diagnoskapitel_kod", "a==b")),
    ],
)
def test_a_bad_cell_is_named_by_row_and_column(tmp_path, line, fault):
    store, outcome = taken(tmp_path, ALL, line)
    assert fault in faults(outcome) and not store.folder.exists()


def test_a_sum_that_is_wrong_names_all_three(tmp_path):
    _, outcome = taken(tmp_path, ALL, MENTAL.replace("69525", "79525"))
    assert {c for _, c, _ in faults(outcome)} == {"antal", "antal_kvinnor", "antal_man"}
    assert "48413 + män 21112 is not alla 79525" in outcome.rejected["rule"].iloc[0]


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (text(*LINES)[:-30], r"row 6: \d cells; the header has 10"),
        (text(*LINES).encode("utf-16"), "UTF-8"),
        (text(*LINES, "2005,3,Å,Ö,1,1,1,1,1,1").encode("cp1252"), "not in utf-8"),
        ("<html><body>404</body></html>", "web page"),
        (text(HEADER + ",extra", *LINES[1:]), "'extra' was not expected"),
        (text(HEADER.replace(",andel_man", ""), ALL), "andel_man is missing"),
        (text(HEADER), "no rows below"),
        (text(HEADER, ALL).replace("Samtliga,2", "Samt\rliga,2"), "not CSV"),
        (text(HEADER, ALL.replace("Samtliga,2", f'"{"a" * 200_000}",2')), "not CSV.*field limit"),
        (text(HEADER, ALL.replace("Samtliga,2", '"Samtliga,2')), "cells; the header has 10"),
        ("", "empty"),
        ("a;b\n1;2\n", "not known"),
    ],
)
def test_a_broken_or_foreign_file_is_refused_in_words(tmp_path, content, message):
    store, _ = taken(tmp_path, ALL)
    before = snapshot(store)
    with pytest.raises(VgstatsError, match=message):
        take(put(tmp_path, content, "bad.csv"), store)
    assert snapshot(store) == before


def plain(file: Path) -> dict[Key, set[Cell]]:
    """What the csv module says: every number that a line gives for a key."""
    found: dict[Key, set[Cell]] = {}
    reader = csv.DictReader(io.StringIO(file.read_bytes().decode("utf-8-sig")))
    for line in reader:
        code = line["diagnoskapitel_kod"].split(" ")[0]
        group = "" if code.lower().startswith(("samtliga", "all", "totalt")) else f"diagnos={code}"
        group = "diagnos=okänd" if code == "-00--99" or code.lower() == "saknas" else group
        for what, measure in (("antal", ""), ("andel", "_andel")):
            for sex, end in (("alla", ""), ("kvinnor", "_kvinnor"), ("män", "_man")):
                cell = line[what + end].strip().replace("\N{MINUS SIGN}", "-")
                marks: dict[str, Cell] = {
                    "-": (0.0, "nil"),
                    "..": (None, "suppressed"),
                    "": (None, "missing"),
                }
                bare = cell.replace(" ", "").replace("\N{NO-BREAK SPACE}", "")
                period = f"{line['ar']}-Q{line['kvartal']}"
                key = (f"pagaende_sjukfall{measure}", "riket", period, sex, group)
                found.setdefault(key, set()).add(marks.get(cell) or _number(bare))
    return found


def _number(text: str) -> Cell:
    try:
        return float(text), "ok"
    except ValueError:
        return None, text


TALLY = Tally()


@bounded
@given(mutations())
def test_a_damaged_file_is_refused_or_says_what_it_says(changes):
    with tempfile.TemporaryDirectory() as folder:
        file = put(Path(folder), mutated(text(*LINES).encode(), changes), "fuzz.csv")
        outcome_is_honest(file, Store(Path(folder) / "store"), TALLY, plain)
