"""How fast figures come in and a report's figures come out. Run with `make bench-sources`.

Each group times vgstats beside plain pandas on the same file in the same run; the ratios are what
counts. Importing goes the whole way: recognise, read, check every row, write the store. Peak memory is
that of a process of its own.
"""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path

import pandas as pd
import pytest

from vgstats.catalogue import areas
from vgstats.demo import Size, write_demo
from vgstats.ingest import take_in
from vgstats.reports.uppfoljning import Parameters, Uppfoljning
from vgstats.sources.recognise import piece_of_file, read_file
from vgstats.store.store import Store

ROWS = 1_000_000
DATASET = "ohm-ohalsotal"


def import_file(file: Path, store: Path) -> int:
    """Import a file into a new store and return the number of values added."""
    shutil.rmtree(store, ignore_errors=True)
    piece = piece_of_file(file, read_file(file, dataset=DATASET), "2026-01-01")
    outcome = take_in([piece], Store(store))
    assert outcome.added is not None, outcome.rejected.head()
    return outcome.added.new


def normalized(file: Path) -> pd.DataFrame:
    """Read FK's JSON as one would with pandas alone."""
    with file.open(encoding="utf-8") as stream:
        return pd.json_normalize(json.load(stream))


def peak_megabytes(statement: str) -> int:
    """Return the peak memory of a process that runs a statement with the names of this module."""
    code = f"from bench_sources import *; {statement}; print(peak())"
    folder = Path(__file__).parent
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=folder, capture_output=True, text=True, check=True
    )
    return int(done.stdout.split()[-1])


def peak() -> int:
    """Return the peak memory of this process in megabytes (Linux), not that of its parent."""
    status = Path("/proc/self/status").read_text(encoding="utf-8")
    return int(next(line for line in status.splitlines() if "VmHWM" in line).split()[1]) // 1024


@pytest.fixture(scope="session")
def folder(tmp_path_factory) -> Path:
    """A folder for the files of the run."""
    return tmp_path_factory.mktemp("bench")


@pytest.fixture(scope="session")
def tidy_csv(folder) -> Path:
    """A million rows of ohälsotal by kommun, month, sex and age, as tidy CSV under FK's name."""
    store = Store(folder / "rows")
    size = Size(lan=tuple(areas.lan()), ages=True, measures=("ohalsotal",), first="2010-01")
    for _ in write_demo(store, size):
        pass
    file = folder / "rows.csv"
    store.connection().execute(
        "COPY (SELECT * EXCLUDE (origin) REPLACE ('fk-ohalsotal' AS source) FROM observations "
        f"LIMIT {ROWS // 3 * 3 + 1}) TO '{file}' (HEADER)"
    )
    table = pd.read_csv(file, dtype=str, keep_default_na=False, nrows=ROWS)
    table.to_csv(file, index=False)
    return file


@pytest.fixture(scope="session")
def fk_json(folder, tidy_csv) -> Path:
    """The same rows as FK's API answers them."""
    file = folder / "SJPohttal.json"
    sexes = {"alla": "ALL", "kvinnor": "K", "män": "M"}
    table = pd.read_csv(tidy_csv, dtype=str, keep_default_na=False)
    keys = ["area", "period", "sex", "group", "value"]
    with file.open("w", encoding="utf-8") as stream:
        for number, (area, period, sex, group, value) in enumerate(
            zip(*(table[key] for key in keys), strict=True)
        ):
            level, _, code = area.partition(":")
            lan = code[:2] or "ALL"
            dimensions = {
                "row_nr": number,
                "ar": period[:4],
                "manad": period[5:],
                "lan_kod": lan,
                "kommun_kod": f"{code if level == 'kommun' else 'ALL'}_{lan}",
                "aldersklass_kod": group.removeprefix("alder=") or "ALL",
                "kon_kod": sexes[sex],
            }
            observations = {"oht": {"rojd": False, "value": float(value)}}
            row = {"dimensions": dimensions, "observations": observations}
            stream.write(("[" if number == 0 else ",\n") + json.dumps(row))
        stream.write("]")
    return file


@pytest.fixture(scope="session")
def large_store(folder) -> Store:
    """About 20 million rows: ten measures, all areas, every month 2001-2025, sexes and ages."""
    store = Store(folder / "large")
    for _ in write_demo(store, Size(lan=tuple(areas.lan()), ages=True)):
        pass
    return store


@pytest.fixture(scope="session")
def small_store(folder) -> Store:
    """The same for three counties, about a fifth as large."""
    store = Store(folder / "small")
    for _ in write_demo(store, Size(lan=("lan:10", "lan:14", "lan:18"), ages=True)):
        pass
    return store


@pytest.fixture(scope="session")
def whole_parquet(folder, large_store) -> Path:
    """All rows of the large store in one Parquet file, as one would keep them without a store."""
    file = folder / "whole.parquet"
    large_store.connection().execute(f"COPY observations TO '{file}' (FORMAT parquet)")
    return file


def of_report(lan: str) -> list[tuple[str, str, tuple[str, ...]]]:
    """Return what a county's follow-up 2017-12 to 2019-12 asks for."""
    request = Uppfoljning.request(Parameters(lan=lan, before="2017-12", after="2019-12"))
    return [(w.area, w.measure, w.periods) for w in request.wanted]


def filtered(file: Path, lan: str) -> pd.DataFrame:
    """Read the Parquet file whole and filter it with pandas."""
    table = pd.read_parquet(file)
    asked = pd.DataFrame(
        [(a, m, p) for a, m, periods in of_report(lan) for p in periods or [None]],
        columns=["area", "measure", "period"],
    )
    some = table.merge(asked.dropna().drop_duplicates(), on=["area", "measure", "period"])
    every = asked[asked["period"].isna()][["area", "measure"]].drop_duplicates()
    return pd.concat([some, table.merge(every, on=["area", "measure"])]).drop_duplicates()


@pytest.mark.benchmark(group="1 000 000 rows of CSV")
class BenchCsv:
    def bench_vgstats_import(self, benchmark, tidy_csv, folder):
        benchmark.extra_info["peak MB"] = peak_megabytes(
            f"import_file(Path({str(tidy_csv)!r}), Path({str(folder / 'peak')!r}))"
        )
        assert benchmark.pedantic(import_file, (tidy_csv, folder / "csv"), rounds=5) == ROWS

    def bench_vgstats_read_alone(self, benchmark, tidy_csv):
        assert len(benchmark.pedantic(read_file, (tidy_csv,), rounds=5).rows) == ROWS

    def bench_pandas_read_csv(self, benchmark, tidy_csv):
        assert len(benchmark.pedantic(pd.read_csv, (tidy_csv,), rounds=5)) == ROWS

    def bench_pandas_read_csv_with_codes_kept_as_text(self, benchmark, tidy_csv):
        options = {"dtype": str, "keep_default_na": False}
        assert len(benchmark.pedantic(pd.read_csv, (tidy_csv,), options, rounds=5)) == ROWS

    def bench_pandas_read_csv_on_one_core(self, benchmark, tidy_csv):
        options = {"low_memory": False}
        assert len(benchmark.pedantic(pd.read_csv, (tidy_csv,), options, rounds=5)) == ROWS


@pytest.mark.benchmark(group="1 000 000 rows of FK's JSON")
class BenchJson:
    def bench_vgstats_import(self, benchmark, fk_json, folder):
        benchmark.extra_info["peak MB"] = peak_megabytes(
            f"import_file(Path({str(fk_json)!r}), Path({str(folder / 'peak')!r}))"
        )
        assert benchmark.pedantic(import_file, (fk_json, folder / "json"), rounds=3) == ROWS

    def bench_pandas_json_normalize(self, benchmark, fk_json):
        benchmark.extra_info["peak MB"] = peak_megabytes(f"normalized(Path({str(fk_json)!r}))")
        assert len(benchmark.pedantic(normalized, (fk_json,), rounds=3)) == ROWS


@pytest.mark.benchmark(group="one report's figures of 20 000 000 rows")
class BenchSelect:
    def bench_vgstats_large_county(self, benchmark, large_store):
        asked = of_report("14")
        benchmark.extra_info["stored rows"] = sum(f.rows for f in large_store.manifest().files)
        rows = benchmark.pedantic(large_store.read, (asked,), rounds=10)
        benchmark.extra_info["rows"] = len(rows)
        assert rows["area"].nunique() == 49 + 21 + 1

    def bench_vgstats_small_county(self, benchmark, large_store):
        rows = benchmark.pedantic(large_store.read, (of_report("10"),), rounds=10)
        benchmark.extra_info["rows"] = len(rows)

    def bench_vgstats_large_county_of_a_store_a_fifth_as_large(self, benchmark, small_store):
        benchmark.extra_info["stored rows"] = sum(f.rows for f in small_store.manifest().files)
        benchmark.pedantic(small_store.read, (of_report("14"),), rounds=10)

    def bench_pandas_read_whole_and_filter(self, benchmark, whole_parquet, large_store):
        rows = benchmark.pedantic(filtered, (whole_parquet, "14"), rounds=2)
        assert len(rows) == len(large_store.read(of_report("14")))
