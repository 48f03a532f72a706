"""What is read of a region's certificates, what is counted as wrong, and that nothing of a row is ever told."""

from __future__ import annotations

import csv
import datetime as dt
import hashlib
import logging
import os
import random
import tempfile
import time
import traceback
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import duckdb
import openpyxl
import pyarrow as pa
import pyarrow.parquet
import pytest
import yaml

from vgstats.cases.mapping import Mapping, read_mapping
from vgstats.cases.quality import Quality, read_certificates
from vgstats.cases.workspace import SealedError, sealed, workspace
from vgstats.errors import VgstatsError

TODAY = dt.date(2025, 11, 1)
ROW = {
    "nyckel": "k-0001",
    "från": "2025-09-01",
    "till": "2025-10-15",
    "grad": "100",
    "diagnos": "F43.9",
    "kön": "K",
    "född": "1980",
    "kommun": "1480",
    "vc": "Alby",
    "yrke": "anst",
    "kva": "DV077;XX999",
    "kontakt": "J",
    "fritext": "läses inte",
}
MAPPING = {
    "lan": "14",
    "register": "Intygsregistret",
    "snapshots": ["2025-10-01"],
    "unit_by": "senaste_intyg",
    "columns": {
        "person": "nyckel",
        "from": "från",
        "to": "till",
        "degree": "grad",
        "diagnosis": "diagnos",
        "sex": "kön",
        "birth_year": "född",
        "kommun": "kommun",
        "vardcentral": "vc",
        "sysselsattning": "yrke",
        "kva": "kva",
        "kontakt_af": "kontakt",
    },
    "values": {"sysselsattning": {"anst": "anställd"}, "kontakt_af": {"J": "ja"}},
    "units": [{"name": "Alby", "formerly": ["Alby norra", "Alby södra"]}, {"name": "Björkö – Å"}],
}
SECRET = "19850101-1236"  # noqa: S105 - nobody's
LOOKS_PERSONAL = [
    SECRET, "850101-1236", "8501011236", "198501011236", "850101+1236", "19850161-1236", "8501611233", "850101 1236",
    "850101\N{EN DASH}1236", "p 198501011236", "850101-TF12", "VG-850101-1236.", "198501011237",
    "ID8501011236", "8501011236K", "19850101-1236-1", "8513011236 8501011236", "1985-01-01-1236", "850101 - 1236",
    "850101_1236", "850101\N{NO-BREAK SPACE}1236", "850101\N{ZERO WIDTH SPACE}1236", "19850101TF12", "0198501011236",
    "1,98501011236E+11", "２８５０１０１-1236"[1:],
]  # fmt: skip
LOOKS_LIKE_NOTHING = [
    "1", "4294967296", "8513011236", "8501321236", "SE2321000131-E000000001", "556000-1234", "k-850101", "2025-10-01",
    "D8501011236", "20251001T1200", "2025-10-01 12:00:00+02:00", "1 200 000",
]  # fmt: skip


def mapping(folder: Path, **changed: object) -> Mapping:
    file = folder / "koppling.yaml"
    file.write_text(yaml.safe_dump({**MAPPING, **changed}, allow_unicode=True), encoding="utf-8")
    return read_mapping(file)


def rows(*changed: dict[str, object]) -> list[dict[str, object]]:
    """Rows that are right but for what is changed, of a person and period each."""
    return [{**ROW, "nyckel": f"k-{at:04}", **one} for at, one in enumerate(changed or ({},), 1)]


def as_csv(
    file: Path, table: list[dict[str, object]], sign: str = ",", encoding: str = "utf-8"
) -> Path:
    with file.open("w", encoding=encoding, newline="") as stream:
        out = csv.DictWriter(stream, [*table[0]], delimiter=sign)
        out.writeheader()
        out.writerows(table)
    return file


def as_xlsx(file: Path, table: list[dict[str, object]]) -> Path:
    book = openpyxl.Workbook()
    book.active.append(["Uttag ur registret"])
    book.active.append([*table[0]])
    for row in table:
        book.active.append([*row.values()])
    book.save(file)
    return file


def as_parquet(file: Path, table: list[dict[str, object]]) -> Path:
    pa.parquet.write_table(pa.Table.from_pylist(table), file)
    return file


@contextmanager
def read(file: Path, said: Mapping) -> Iterator[tuple[Quality, duckdb.DuckDBPyConnection]]:
    with workspace("500MB") as connection:
        yield read_certificates(connection, [file], said, TODAY), connection


def refused(file: Path, said: Mapping) -> str:
    with pytest.raises(VgstatsError) as caught, read(file, said):
        pass
    assert caught.value.__context__ is None and caught.value.__cause__ is None
    return str(caught.value)


def test_the_same_rows_in_every_format_give_the_same_certificates(tmp_path):
    table = rows(
        {}, {"vc": "Björkö – Å", "grad": 50}, {"vc": " alby  SÖDRA ", "kva": "", "kontakt": ""}
    )
    typed = [
        {
            **row,
            "från": dt.date(2025, 9, 1),
            "till": dt.datetime(2025, 10, 15),
            "född": 1980,
            "grad": int(row["grad"]),
        }
        for row in table
    ]
    files = [
        as_csv(tmp_path / "a.csv", table),
        as_csv(tmp_path / "b.csv", table, ";", "utf-8-sig"),
        as_csv(tmp_path / "c.csv", table, ";", "cp1252"),
        as_parquet(tmp_path / "d.parquet", typed),
        as_xlsx(tmp_path / "e.xlsx", typed),
    ]
    said = mapping(tmp_path)
    found = []
    for file in files:
        with read(file, said) as (quality, connection):
            assert (quality.read, quality.kept, quality.faulty) == (3, 3, 0), file
            found.append(
                connection.execute("SELECT * EXCLUDE row FROM certificates ORDER BY row").fetchall()
            )
    assert all(one == found[0] for one in found)
    with read(files[0], said) as (_, connection):
        one = connection.execute("SELECT * FROM certificates ORDER BY row").df().to_dict("records")
    assert [row["row"] for row in one] == [2, 3, 4]
    assert {str(row["first"])[:10] for row in one} == {"2025-09-01"}
    assert [row["unit"] for row in one] == ["enhet:14-alby", "enhet:14-bjorko-a", "enhet:14-alby"]
    assert [row["degree"] for row in one] == [100, 50, 100]
    assert {(row["diagnosis"], row["sex"], row["birth_year"]) for row in one} == {
        ("F43.9", "kvinnor", 1980)
    }
    assert [row["plan"] for row in one] == [True, True, False] == [row["contact_af"] for row in one]
    assert one[0]["coordination"] is False or one[0]["coordination"] == False  # noqa: E712 - of numpy
    assert {row["occupation"] for row in one} == {"anställd"}
    assert all(row["completion"] is None or row["completion"] != row["completion"] for row in one)


def test_a_column_that_the_mapping_does_not_name_is_never_read(tmp_path):
    """Whatever stands there, even if it cannot be read at all."""
    table = [row | {"fritext": SECRET} for row in rows({}, {})]
    file = as_parquet(tmp_path / "a.parquet", table)
    about = pa.parquet.read_metadata(file).row_group(0)
    chunk = next(
        about.column(n)
        for n in range(about.num_columns)
        if about.column(n).path_in_schema == "fritext"
    )
    with file.open("r+b") as stream:
        stream.seek(chunk.dictionary_page_offset or chunk.data_page_offset)
        stream.write(b"\xff" * chunk.total_compressed_size)
    with pytest.raises(OSError):
        pa.parquet.read_table(file)
    for one in (file, as_csv(tmp_path / "a.csv", table), as_xlsx(tmp_path / "a.xlsx", table)):
        with read(one, mapping(tmp_path)) as (quality, connection):
            assert quality.kept == 2
            kept = connection.execute(
                "SELECT view_name, sql FROM duckdb_views() WHERE NOT internal"
            ).fetchall()
            assert "fritext" not in str(kept)
            for (name,) in connection.execute("SELECT table_name FROM duckdb_tables()").fetchall():
                assert SECRET not in str(connection.execute(f"FROM {name}").fetchall())


@pytest.mark.parametrize("column", ["nyckel", "vc", "från"])
def test_what_looks_like_a_personnummer_is_refused_and_shown_nowhere(
    tmp_path, caplog, capfd, column
):
    caplog.set_level(logging.DEBUG)
    table = rows({}, *({column: secret} for secret in LOOKS_PERSONAL), {})
    with (
        pytest.raises(VgstatsError) as caught,
        read(as_csv(tmp_path / "a.csv", table), mapping(tmp_path)),
    ):
        pass
    more = len(LOOKS_PERSONAL) - 5
    where = f"a.csv, rows 3, 4, 5, 6, 7 and {more} more, column {column!r}"
    assert where in str(caught.value) and "looks like a personnummer" in str(caught.value)
    assert caught.value.__context__ is None and caught.value.__cause__ is None
    told = "".join(traceback.format_exception(caught.value))
    for words in (told, caplog.text, *capfd.readouterr()):
        assert not any(secret in words for secret in LOOKS_PERSONAL) and "1236" not in words


def test_a_personnummer_as_a_number_is_refused_too(tmp_path):
    for value in (198501011236, 8501011236, 198501011236.0):
        file = as_parquet(tmp_path / "a.parquet", rows({"nyckel": value}, {"nyckel": value}))
        assert "a.parquet, rows 1, 2, column 'nyckel'" in refused(file, mapping(tmp_path))


def test_a_key_that_a_spreadsheet_has_rounded_is_refused_and_blanks_around_one_are_nothing(
    tmp_path,
):
    rounded = rows({}, {"nyckel": "1,23457E+11"}, {"nyckel": "1.2E+15"})
    told = refused(as_csv(tmp_path / "a.csv", rounded), mapping(tmp_path))
    assert "a.csv, rows 3, 4, column 'nyckel' (person): a spreadsheet has written the key" in told
    blanks = rows({"nyckel": "k1 "}, {"nyckel": "k1", "från": "2025-09-02"})
    with read(as_csv(tmp_path / "b.csv", blanks), mapping(tmp_path)) as (_, connection):
        found = connection.execute("SELECT count(DISTINCT person) FROM certificates").fetchall()
    assert found == [(1,)]


def test_a_personnummer_in_the_name_of_a_file_or_a_sheet_is_refused_and_not_shown(tmp_path):
    said = mapping(tmp_path)
    file = as_csv(tmp_path / f"{SECRET}.csv", rows({}))
    told = refused(file, said)
    assert "The name of file 1 of 1 looks like a personnummer" in told and SECRET not in told
    file = as_xlsx(tmp_path / "a.xlsx", rows({}))
    book = openpyxl.load_workbook(file)
    book.active.title = SECRET
    book.save(file)
    told = refused(file, said)
    assert "the name of a sheet looks like a personnummer" in told and SECRET not in told


def test_keys_that_say_nothing_of_a_person_are_let_through(tmp_path):
    chance = random.Random(7)  # noqa: S311
    hashes = [hashlib.sha256(str(n).encode()).hexdigest() for n in range(3000)]
    ids = [str(uuid.UUID(int=chance.getrandbits(128), version=4)) for _ in range(3000)]
    keys = [
        *LOOKS_LIKE_NOTHING,
        *hashes,
        *[one[:16] for one in hashes],
        *ids,
        *map(str, range(10_000, 13_000)),
    ]
    file = as_csv(tmp_path / "a.csv", rows(*({"nyckel": key} for key in keys)))
    with read(file, mapping(tmp_path)) as (quality, connection):
        assert quality.kept == len(keys)
        assert connection.execute("SELECT count(DISTINCT person) FROM certificates").fetchall() == [
            (len(keys),)
        ]


FAULTS = [
    # what is written, the fault, whether the row is kept, and what is then made of it
    ({"nyckel": " "}, "nyckel saknas", False, {}),
    ({"nyckel": "NULL"}, "nyckel saknas", False, {}),
    ({"till": "2025-08-31"}, "slut före början", False, {}),
    ({"från": "2025-12-01", "till": "2025-12-31"}, "framtida datum", False, {}),
    ({"till": "2099-12-31"}, "framtida datum", False, {}),
    ({"från": ""}, "datum saknas", False, {}),
    ({"från": "2025-02-30"}, "datum saknas", False, {}),
    ({"från": "1900-01-01"}, "datum saknas", False, {}),
    ({"från": "202509"}, "datum saknas", False, {}),
    ({"grad": "0"}, "okänd grad", False, {}),
    ({"grad": "110"}, "okänd grad", False, {}),
    ({"grad": "50 %"}, "", True, {"degree": 50}),
    ({"kön": "?"}, "kön saknas", False, {}),
    ({"född": "80"}, "födelseår saknas", True, {"birth_year": None}),
    ({"född": "2020"}, "födelseår saknas", True, {"birth_year": None}),
    ({"diagnos": "ont i ryggen"}, "okänd diagnos", True, {"diagnosis": None}),
    ({"diagnos": "F4"}, "okänd diagnos", True, {"diagnosis": None}),
    ({"diagnos": "D99.9"}, "okänd diagnos", True, {"diagnosis": None}),
    ({"diagnos": "A17.0†"}, "", True, {"diagnosis": "A17.0"}),
    ({"diagnos": "m545p"}, "", True, {"diagnosis": "M54.5P"}),
    ({"diagnos": ""}, "diagnos saknas", True, {"diagnosis": None}),
    ({"kommun": "9999"}, "okänd kommun", True, {"kommun": None}),
    ({"kommun": "göteborg"}, "", True, {"kommun": "kommun:1480"}),
    ({"kommun": ""}, "", True, {"kommun": None}),
    ({"vc": "Cedern"}, "okänd enhet", True, {"unit": None}),
    ({"vc": ""}, "enhet saknas", True, {"unit": None}),
    ({"vc": "Alby norra"}, "tidigare namn på enheten", True, {"unit": "enhet:14-alby"}),
    ({"yrke": "pilot"}, "okänt ord", True, {"occupation": "okänd"}),
    ({"kontakt": "kanske"}, "okänt ord", True, {"contact_af": False}),
    ({"från": "20250901"}, "annat datumformat", True, {"first": dt.date(2025, 9, 1)}),
]


def test_every_fault_is_counted_and_the_row_kept_or_left_out_by_its_rule(tmp_path):
    table = rows(*(one for one, *_ in FAULTS), {}, {})
    table.append(table[-1])
    said = mapping(tmp_path)
    with read(as_csv(tmp_path / "a.csv", table), said) as (quality, connection):
        kept = connection.sql("SELECT * FROM certificates").to_arrow_table().to_pylist()
    by_row = {row["row"]: row for row in kept}
    expected: dict[str, int] = {"dubblett": 1}
    for row, (_, fault, is_kept, values) in enumerate(FAULTS, 2):
        assert (row in by_row) == is_kept, FAULTS[row - 2]
        assert {name: by_row[row][name] for name in values} == values, FAULTS[row - 2]
        if fault:
            expected[fault] = expected.get(fault, 0) + 1
    assert {fault: n for fault, n in quality.counts.items() if n} == expected
    assert len(table) + 1 not in by_row and len(table) in by_row  # the copy, and what it copies
    assert quality.read == len(table) and quality.kept == len(kept)
    assert sum(map(bool, quality.table())) == len(expected)


def test_a_person_with_two_sexes_gets_that_of_the_latest_certificate(tmp_path):
    one = {"nyckel": "k"}
    table = rows(
        one | {"till": "2025-09-30", "kön": "M", "född": "1990"},
        one | {"från": "2025-10-01"},
        {"kön": "M"},
    )
    with read(as_csv(tmp_path / "a.csv", table), mapping(tmp_path)) as (quality, connection):
        found = connection.execute(
            "SELECT sex, birth_year FROM certificates ORDER BY row"
        ).fetchall()
    assert found == [("kvinnor", 1980), ("kvinnor", 1980), ("män", 1980)]
    assert quality.counts["två kön"] == quality.counts["två födelseår"] == 2


def test_dates_of_two_orders_are_refused_and_those_that_settle_it_are_read(tmp_path):
    first = {"från": "01/09/2025", "till": "30/09/2025"}
    said = mapping(tmp_path)
    with read(
        as_csv(tmp_path / "a.csv", rows(first, {"från": "02/09/2025", "till": "03/10/2025"})), said
    ) as (_, c):
        assert c.execute("SELECT min(first), max(last) FROM certificates").fetchall() == [
            (dt.date(2025, 9, 1), dt.date(2025, 10, 3))
        ]
    mixed = as_csv(tmp_path / "b.csv", rows(first, {"från": "09/13/2025", "till": "09/30/2025"}))
    told = refused(mixed, said)
    assert "b.csv, row 2, column 'till' (to): the dates have the day first" in told
    assert "b.csv, row 3, column 'från' (from): the dates have the month first" in told
    assert "13" not in told.replace(str(tmp_path), "")
    unclear = as_csv(tmp_path / "c.csv", rows({}, {"från": "01/09/2025", "till": "02/09/2025"}))
    assert "row 3" in refused(unclear, said) and "dates: dmy" in refused(unclear, said)
    with read(unclear, mapping(tmp_path, dates="mdy")) as (quality, connection):
        assert connection.execute("SELECT first FROM certificates WHERE row = 3").fetchall() == [
            (dt.date(2025, 1, 9),)
        ]
        assert quality.counts["annat datumformat"] == 1


def test_each_way_of_writing_the_year_last_settles_its_own_order(tmp_path):
    """What has the day first with points says nothing of what is written with slashes."""
    table = rows(
        {"från": "13.09.2025", "till": "15.10.2025"}, {"från": "09/01/2025", "till": "10/09/2025"}
    )
    told = refused(as_csv(tmp_path / "a.csv", table), mapping(tmp_path))
    assert "row 3, column 'från' (from): the dates may have" in told and "row 2" not in told
    table += rows({"från": "09/13/2025", "till": "10/20/2025"})
    with read(as_csv(tmp_path / "a.csv", table), mapping(tmp_path)) as (_, connection):
        found = connection.execute("SELECT first FROM certificates ORDER BY row").fetchall()
    assert found == [(dt.date(2025, 9, day),) for day in (13, 1, 13)]


def test_a_moment_with_a_zone_is_of_the_day_that_it_is_in_sweden(tmp_path):
    moments = [dt.datetime(2025, 8, 31, 22, tzinfo=dt.UTC), dt.datetime(2025, 9, 1, tzinfo=dt.UTC)]
    typed = as_parquet(tmp_path / "a.parquet", rows(*({"från": one} for one in moments)))
    texts = as_csv(
        tmp_path / "b.csv",
        rows(
            {"från": "2025-08-31T22:00:00Z"},
            {"från": "2025-09-01T00:00:00+02:00"},
            {"från": "2025-09-01 23:30"},
        ),
    )
    for file in (typed, texts):
        with read(file, mapping(tmp_path)) as (_, connection):
            found = connection.execute("SELECT DISTINCT first FROM certificates").fetchall()
        assert found == [(dt.date(2025, 9, 1),)], file


def test_too_many_rows_with_a_fault_refuse_the_file_by_row_number(tmp_path):
    few, many = [{"grad": "777"}] * 10, [{"grad": "777"}] * 11
    said = mapping(tmp_path)
    with read(as_csv(tmp_path / "a.csv", rows(*few, *[{}] * 90)), said) as (quality, _):
        assert quality.counts["okänd grad"] == 10
    told = refused(as_csv(tmp_path / "b.csv", rows(*[{}] * 3, *many, *[{}] * 90)), said)
    assert (
        "b.csv, rows 5, 6, 7, 8, 9 and 6 more: okänd grad" in told
        and "5 per cent of the 104 rows" in told
    )
    assert "777" not in told
    with read(tmp_path / "b.csv", mapping(tmp_path, faulty_percent=20)) as (quality, _):
        assert quality.kept == 93


def test_a_thousand_units_of_three_cases_each_keep_their_own(tmp_path):
    names = [f"Enhet {n}" for n in range(1000)]
    said = mapping(tmp_path, units=[{"name": name} for name in names])
    table = rows(*({"vc": name} for name in names for _ in range(3)))
    with read(as_csv(tmp_path / "a.csv", table), said) as (quality, connection):
        assert quality.faulty == 0
        query = "SELECT count(*), min(n), max(n) FROM (SELECT count(*) AS n FROM certificates GROUP BY unit)"
        assert connection.execute(query).fetchall() == [(1000, 3, 3)]


def test_files_of_several_formats_are_one_table_and_rows_are_told_by_file(tmp_path):
    files = [
        as_csv(tmp_path / "a.csv", rows({})),
        as_parquet(tmp_path / "b.parquet", [row | {"född": 1980} for row in rows({"vc": SECRET})]),
    ]
    with (
        workspace() as connection,
        pytest.raises(VgstatsError, match=r"b\.parquet, row 1, column 'vc'"),
    ):
        read_certificates(connection, files, mapping(tmp_path), TODAY)
    files[1] = as_parquet(
        tmp_path / "b.parquet", [row | {"född": 1980} for row in rows({"nyckel": "k-2"})]
    )
    with workspace() as connection:
        assert read_certificates(connection, files, mapping(tmp_path), TODAY).kept == 2


def test_a_file_that_cannot_be_read_is_refused_without_quoting_it(tmp_path):
    said = mapping(tmp_path)
    whole = as_csv(tmp_path / "a.csv", rows({}, {}))
    lines = whole.read_text(encoding="utf-8").splitlines()
    cases = {
        "cut.csv": "\n".join([*lines, f"{SECRET},2025-01-01"]).encode(),
        "headless.csv": "\n".join([SECRET + lines[1], lines[1]]).encode(),
        "empty.csv": b"",
        "bytes.csv": "\n".join([*lines, SECRET]).encode("utf-16"),
        "odd.csv": "\n".join([*lines, lines[1].replace("Alby", "\x81")]).encode("latin-1"),
        "mac.csv": whole.read_bytes().replace(b"\r\n", b"\r"),
        "titled.csv": b"Uttag\n" + whole.read_bytes(),
        "broken.parquet": b"PAR1" + SECRET.encode() + b"PAR1",
        "broken.xlsx": b"PK\x03\x04" + SECRET.encode(),
    }
    for name, content in cases.items():
        file = tmp_path / name
        file.write_bytes(content)
        told = refused(file, said)
        assert name in told and "1985" not in told and "Traceback" not in told, told
    assert "row 4" in refused(tmp_path / "cut.csv", said)
    assert "old Mac" in refused(tmp_path / "mac.csv", said)
    assert "none of the columns" in refused(tmp_path / "titled.csv", said)
    twice = as_parquet(tmp_path / "a.parquet", [row | {"KÖN": "M"} for row in rows({})])
    assert "'kön' (sex) is twice in the header" in refused(twice, said)
    useless = refused(as_csv(tmp_path / "d.csv", rows({"grad": "0"})), said)
    assert "no row can be used (okänd grad: 1 rows)" in useless
    assert "cannot be read" in refused(tmp_path / "saknas.csv", said)
    renamed = as_csv(
        tmp_path / "b.csv", [{("diagnoser" if k == "diagnos" else k): v for k, v in ROW.items()}]
    )
    assert (
        "the column 'diagnos' (diagnosis) is not in the header. Did you mean 'diagnoser'?"
        in refused(renamed, said)
    )


def test_nothing_is_left_on_disk_after_an_error_and_what_overflows_is_encrypted(
    tmp_path, monkeypatch
):
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    with pytest.raises(KeyError), workspace("40MB") as connection:
        assert connection.execute("SELECT current_setting('temp_file_encryption')").fetchall() == [
            (True,)
        ]
        connection.execute(
            "CREATE TABLE t AS SELECT 'hemligt' || i AS x, random() AS y FROM range(1000000) r(i)"
        )
        connection.execute("CREATE TABLE u AS SELECT * FROM t ORDER BY y")
        there = [file for file in tmp_path.rglob("*") if file.is_file()]
        assert there and all(b"hemligt" not in file.read_bytes() for file in there)
        raise KeyError
    assert not [*tmp_path.iterdir()]


def test_the_overflow_of_a_run_that_was_killed_is_deleted_by_a_later_one(tmp_path, monkeypatch):
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    killed, running = tmp_path / "vgstats-cases-killed", tmp_path / "vgstats-cases-running"
    for folder in (killed, running):
        folder.mkdir()
        (folder / "overflow").touch()
    long_ago = time.time() - 2 * 24 * 3600
    os.utime(killed, (long_ago, long_ago))
    with workspace():
        assert not killed.exists() and running.exists()


def test_a_fault_of_our_own_is_told_without_the_row_that_it_met():
    @sealed
    def broken() -> None:
        with duckdb.connect() as connection:
            connection.execute(f"SELECT CAST('{SECRET}' AS DATE)")

    with pytest.raises(SealedError) as caught:
        broken()
    told = "".join(traceback.format_exception(caught.value))
    assert "ConversionException" in told
    assert caught.value.__context__ is None
    assert SECRET not in str(caught.value)
