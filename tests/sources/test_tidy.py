"""vgstats' own tidy table, as CSV and as Parquet: what an analyst writes is what is stored."""

from __future__ import annotations

import csv
import io
import re
import tempfile
from pathlib import Path

import duckdb
import pandas as pd
import pyarrow.parquet
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
from vgstats.observations import COLUMNS
from vgstats.store.store import Store

HEADER = ",".join(COLUMNS)
COUNT = "pagaende_sjukfall,lan:14,2008,{sex},,{value},1,{status},min-egen,2026-01-01"
ROWS = [
    COUNT.format(sex="alla", value="100", status="ok"),
    COUNT.format(sex="kvinnor", value="60", status="ok"),
    COUNT.format(sex="män", value="40", status="ok"),
    "ohalsotal,kommun:1480,2008-12,alla,,36.8,0.1,ok,min-egen,2026-01-01",
    "ohalsotal,kommun:1401,2008-12,alla,,,0.1,suppressed,min-egen,2026-01-01",
    "ohalsotal,kommun:1402,2008-12,alla,,,0.1,missing,min-egen,2026-01-01",
    "pagaende_sjukfall,riket,2008,alla,diagnos=O00-O99,0,1,nil,min-egen,2026-01-01",
]


def text(*rows: str, header: str = HEADER) -> str:
    return "\n".join([header, *rows]) + "\n"


def taken(folder: Path, *rows: str, **options):
    store = Store(folder / "store")
    return store, take(put(folder, text(*rows), "own.csv"), store, **options)


def parquet(folder: Path, *rows: str, **changes: object) -> Path:
    frame = pd.read_csv(io.StringIO(text(*rows)), dtype=str, keep_default_na=False)
    for column in ("value", "resolution"):
        frame[column] = pd.to_numeric(frame[column])
    file = folder / "own.parquet"
    frame.assign(**changes).to_parquet(file, index=False)
    return file


EXPECTED = {
    ("pagaende_sjukfall", "lan:14", "2008", "alla", ""): (100, "ok"),
    ("pagaende_sjukfall", "lan:14", "2008", "kvinnor", ""): (60, "ok"),
    ("pagaende_sjukfall", "lan:14", "2008", "män", ""): (40, "ok"),
    ("ohalsotal", "kommun:1480", "2008-12", "alla", ""): (36.8, "ok"),
    ("ohalsotal", "kommun:1401", "2008-12", "alla", ""): (None, "suppressed"),
    ("ohalsotal", "kommun:1402", "2008-12", "alla", ""): (None, "missing"),
    ("pagaende_sjukfall", "riket", "2008", "alla", "diagnos=O00-O99"): (0, "nil"),
}


def test_csv_and_parquet_arrive_as_they_stand(tmp_path):
    store, outcome = taken(tmp_path, *ROWS)
    assert stored(store) == EXPECTED and outcome.added.new == 7
    outcome = take(parquet(tmp_path, *ROWS), store)
    assert (outcome.added.new, outcome.added.unchanged) == (0, 7)
    assert stored(store) == EXPECTED


@pytest.mark.parametrize("value", ["+100", "1e2", "100.0"])
def test_ways_to_write_a_number(tmp_path, value):
    store, _ = taken(tmp_path, ROWS[0].replace(",100,", f",{value},"))
    assert list(stored(store).values()) == [(100, "ok")]


def test_columns_may_stand_in_any_order_and_in_quotes(tmp_path):
    header = ",".join(f'"{name}"' for name in reversed(COLUMNS))
    row = ",".join(f'"{cell}"' for cell in reversed(ROWS[0].split(",")))
    store = Store(tmp_path / "store")
    take(put(tmp_path, "\ufeff" + text(row, header=header), "own.csv"), store)
    assert list(stored(store).values()) == [(100, "ok")]


@pytest.mark.parametrize(
    ("old", "new", "column", "value"),
    [
        (",100,", ',"100,5",', "value", "100,5"),
        (",100,", ",missing,", "value", "'missing'"),
        (",100,", ",1_00,", "value", "1_00"),
        (",100,", ",-1,", "value", "-1"),
        (",100,", ",inf,", "value", "inf"),
        (",100,", ",,", "value", ""),
        (",1,ok", ",0,ok", "resolution", "0"),
        ("ok", "fine", "value", "fine"),
        ("ok", "suppressed", "value", "100"),
        ("lan:14", "lan:02", "area", "lan:02"),
        ("lan:14", "kommun:9999", "area", "kommun:9999"),
        ("2008", "2008-13", "period", "2008-13"),
        ("alla", "alle", "sex", "alle"),
        ("alla,,", "alla,diagnos,", "group", "diagnos"),
        ("pagaende_sjukfall", "sjukfall", "measure", "sjukfall"),
        ("2026-01-01", "idag", "retrieved", "idag"),
        ("min-egen", "", "source", ""),
        ("min-egen", "../../evil", "source", "../../evil"),
        ("min-egen", "a" * 300, "source", "a" * 300),
    ],
)
def test_a_bad_cell_is_rejected_by_row_and_column(tmp_path, old, new, column, value):
    store, outcome = taken(tmp_path, ROWS[3], ROWS[0].replace(old, new))
    assert (3, column, value) in faults(outcome)
    assert outcome.added is None and not store.folder.exists()
    assert [folder.name for folder in tmp_path.iterdir()] == ["own.csv"]


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (text(*ROWS)[:-25], "line is cut off"),
        (text(*ROWS).replace("min-egen", "a\0b"), "neither UTF-8 nor"),
        (text(*ROWS).encode("utf-16"), "UTF-8"),
        ("<html></html>", "web page"),
        (text(*(row + ",x" for row in ROWS), header=HEADER + ",extra"), "'extra' is not expected"),
        (text(*ROWS, header=HEADER.replace("status", "state")), "'state' is not expected"),
        (text(*ROWS, header=HEADER.replace("measure", 'measure"')), "does not exist|missing"),
        (text(*ROWS, header=HEADER.replace("sex", "")), "sex .kön. is missing.*no heading"),
        (text(ROWS[0].replace(",100,", ",100,5,")), "another number of cells"),
        (text(), "no rows below"),
        ("", "empty"),
    ],
)
def test_a_broken_or_foreign_csv_is_refused_in_words(tmp_path, content, message):
    store, _ = taken(tmp_path, *ROWS)
    before = snapshot(store)
    with pytest.raises(VgstatsError, match=message):
        take(put(tmp_path, content, "bad.csv"), store)
    assert snapshot(store) == before


def test_a_broken_or_foreign_parquet_is_refused_in_words(tmp_path):
    store, _ = taken(tmp_path, *ROWS)
    before = snapshot(store)
    whole = parquet(tmp_path, *ROWS).read_bytes()
    bad = [
        (whole[:-20], "broken"),
        (whole[:200], "broken"),
        (b"PAR1" + b"\0" * 500 + b"PAR1", "broken"),
        (parquet(tmp_path, *ROWS, extra=1).read_bytes(), "'extra' is not expected"),
        (parquet(tmp_path, *ROWS, value="1,5").read_bytes(), "wrong kind"),
        (parquet(tmp_path).read_bytes(), "no rows below|wrong kind"),
    ]
    pd.DataFrame({"x": [1]}).to_parquet(tmp_path / "other.parquet")
    bad.append(((tmp_path / "other.parquet").read_bytes(), "not known"))
    for content, message in bad:
        with pytest.raises(VgstatsError, match=message):
            take(put(tmp_path, content, "bad.parquet"), store)
        assert snapshot(store) == before


def test_one_key_with_two_values_is_rejected_and_other_checks_still_act(tmp_path):
    twice = [ROWS[3], ROWS[3].replace("36.8", "37.0")]
    wrong_sum = [ROWS[0].replace("100", "111"), ROWS[1], ROWS[2]]
    store, outcome = taken(tmp_path, *twice, *wrong_sum, ROWS[6], allow_partial=True)
    assert outcome.rejected["row"].tolist() == [2, 3, 4, 5, 6]
    assert set(outcome.rejected["rule"]) == {
        "stands more than once under one key",
        "kvinnor 60 + män 40 is not alla 111",
    }
    assert list(stored(store).values()) == [(0, "nil")]
    assert store.manifest().origins[0].left_out == 5


def plain_csv(file: Path) -> dict[Key, set[Cell]]:
    """What the csv module says."""
    found: dict[Key, set[Cell]] = {}
    for line in csv.DictReader(io.StringIO(file.read_bytes().decode("utf-8-sig"))):
        line = {name.strip().lower(): (cell or "").strip() for name, cell in line.items()}
        cell = line["value"].replace(" ", "").replace(",", ".")
        marks = {"..": (None, "suppressed"), "-": (0, "nil"), "": (None, "missing")}
        value, mark = marks[cell] if cell in marks else (float(cell), "ok")
        area = re.sub(r"^(\d\d)$", r"lan:\1", re.sub(r"^(\d{4})$", r"kommun:\1", line["area"]))
        area = area.replace("kommun:1917", "kommun:0331")
        sex = {"k": "kvinnor", "m": "män", "all": "alla"}.get(line["sex"], line["sex"])
        key = (line["measure"], area, line["period"], sex, line["group"])
        found.setdefault(key, set()).add((value, line["status"] or mark))
    return found


def plain_parquet(file: Path) -> dict[Key, set[Cell]]:
    """What DuckDB says, or Arrow read plainly where the damage is to a part that DuckDB minds."""
    try:
        table = duckdb.read_parquet(str(file), hive_partitioning=False)
        rows = table.project('measure, area, period, sex, "group", value, status').fetchall()
    except duckdb.Error:
        lines = pyarrow.parquet.ParquetFile(file).read().to_pylist()
        rows = [[*(line[name] for name in COLUMNS[:6]), line["status"]] for line in lines]
    found: dict[Key, set[Cell]] = {}
    for *key, value, status in rows:
        value = None if value is None or value != value else value
        found.setdefault(tuple(part or "" for part in key), set()).add((value, status))
    return found


TALLY = Tally()


@bounded
@given(mutations())
def test_a_damaged_csv_is_refused_or_says_what_it_says(changes):
    with tempfile.TemporaryDirectory() as folder:
        file = put(Path(folder), mutated(text(*ROWS).encode(), changes), "fuzz.csv")
        outcome_is_honest(file, Store(Path(folder) / "store"), TALLY, plain_csv)


@bounded
@given(mutations())
def test_a_damaged_parquet_is_refused_or_says_what_it_says(changes):
    with tempfile.TemporaryDirectory() as folder:
        content = mutated(parquet(Path(folder), *ROWS).read_bytes(), changes)
        file = put(Path(folder), content, "fuzz.parquet")
        outcome_is_honest(file, Store(Path(folder) / "store"), TALLY, plain_parquet)
