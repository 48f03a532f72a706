"""How fast certificates become cases and a county's whole mapping, and in how much memory (`make bench-cases`).

Each size runs in its own process, so that its greatest memory is its own. Writes docs/benchmark-cases.md.
"""

from __future__ import annotations

import argparse
import datetime as dt
import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import duckdb
import pandas as pd

from vgstats.cases.counting import counts
from vgstats.cases.joining import join
from vgstats.cases.workspace import workspace

ROOT = Path(__file__).resolve().parents[2]
LAN, UNITS = "lan:14", [f"enhet:14-vc-{n}" for n in range(200)]
SNAPSHOTS = [dt.date(2024, 10, 1), dt.date(2025, 10, 1)]
PLAIN = 100_000  # certificates that a plain groupby is timed with
# Persons with one to seven certificates of 3 to 47 days, about 25 days from each other, so that they touch, overlap
# and part, over four years.
ROWS = """
COPY (
    WITH persons AS (SELECT i, hash(i * 7 + 1) AS h, hash(i * 13 + 5) AS g FROM range({persons}) AS numbers(i)),
    rows AS (
        SELECT *, hash(i * 31 + k * 1000003) AS r FROM persons, range(8) AS steps(k) WHERE k < 1 + (h >> 8) % 7
    ),
    dated AS (SELECT *, DATE '2022-01-01' + (h % 1300 + k * 25 + r % 12)::INTEGER AS first FROM rows)
    SELECT 'p' || printf('%012d', i) AS person, first, first + (3 + (r >> 8) % 45)::INTEGER AS last,
        [100, 100, 100, 50, 50, 75, 25][1 + ((r >> 16) % 7)::INTEGER]::INTEGER AS degree,
        ['F43.9', 'F32.1', 'M54.5', 'J06.9', 'M75.1', 'F41.2', 'S82.0', NULL][1 + ((r >> 20) % 8)::INTEGER]
            AS diagnosis,
        if(g % 5 < 3, 'kvinnor', 'män') AS sex, (1958 + (g >> 8) % 48)::INTEGER AS birth_year,
        'enhet:14-vc-' || ((r >> 48) % 200) AS unit, 'enhet:14-vc-' || ((g >> 28) % 200) AS listed_unit,
        ['allmänmedicin', 'psykiatri', 'ortopedi'][1 + ((r >> 24) % 3)::INTEGER] AS specialty,
        ['kommun', 'region', 'privat'][1 + ((g >> 40) % 3)::INTEGER] AS employer,
        ['anställd', 'arbetslös', 'studerande', NULL][1 + ((g >> 44) % 4)::INTEGER] AS occupation,
        (r >> 30) % 5 = 0 AS plan, (r >> 33) % 7 = 0 AS coordination, (r >> 36) % 9 = 0 AS mapping_talk,
        (r >> 39) % 6 = 0 AS contact_employer, (r >> 42) % 11 = 0 AS contact_af, (r >> 45) % 10 = 0 AS completion,
        row_number() OVER () AS row
    FROM dated
) TO '{file}' (FORMAT parquet)
"""


def measured(rows: int) -> dict[str, float]:
    """Time joining and the whole mapping of about so many certificates in Parquet, on two threads."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "certificates.parquet"
        duckdb.execute(ROWS.format(persons=rows // 4, file=file))
        with workspace() as connection:
            connection.execute("SET threads = 2")
            connection.execute("SET preserve_insertion_order = false")
            connection.execute(f"CREATE VIEW certificates AS SELECT * FROM '{file}'")
            n = connection.execute("SELECT count(*) FROM certificates").fetchone()[0]
            found = {"rows": n, "load": os.getloadavg()[0]}
            joined = Clock()
            join(connection)
            found |= joined.read("join")
            whole = Clock()
            found["told"] = len(counts(connection, LAN, UNITS, SNAPSHOTS))
            found |= whole.read("whole")
        if rows == PLAIN:
            frame = pd.read_parquet(file, columns=["person", "first", "last"])
            frame[["first", "last"]] = frame[["first", "last"]].apply(pd.to_datetime)
            plain = Clock()
            frame.groupby("person", sort=False)[["first", "last"]].apply(plain_cases)
            found |= plain.read("plain")
    usage = resource.getrusage(resource.RUSAGE_SELF)
    return found | {"memory": usage.ru_maxrss / 2**20}


class Clock:
    """Seconds on the wall and of the processor since it was made."""

    def __init__(self) -> None:
        self.wall, self.cpu = time.perf_counter(), time.process_time()

    def read(self, name: str) -> dict[str, float]:
        return {
            f"{name}_wall": time.perf_counter() - self.wall,
            f"{name}_cpu": time.process_time() - self.cpu,
        }


def plain_cases(mine: pd.DataFrame) -> pd.DataFrame:
    """What an analyst would write: the cases of one person, in a groupby."""
    mine = mine.sort_values("first")
    before = mine["last"].cummax().shift()
    number = ((mine["first"] - before).dt.days > 6).cumsum()
    return mine.groupby(number).agg({"first": "min", "last": "max"})


def page(runs: list[dict[str, float]]) -> str:
    """Return the document."""
    plain = next(one for one in runs if "plain_wall" in one)
    each = [
        f"| {one['rows']:,.0f} | {one['join_wall']:.1f} | {one['join_cpu']:.1f} | {one['whole_wall']:.1f} "
        f"| {one['whole_cpu']:.1f} | {one['memory']:.1f} | {1e6 * one['whole_cpu'] / one['rows']:.1f} "
        f"| {one['load']:.1f} |"
        for one in runs
    ]
    largest, least = runs[-1], runs[0]
    growth = (largest["whole_cpu"] / least["whole_cpu"]) / (largest["rows"] / least["rows"])
    ratio = plain["plain_cpu"] / plain["rows"] / (largest["join_cpu"] / largest["rows"])
    same = plain["plain_cpu"] / plain["join_cpu"]
    million = next((one for one in runs if 5e5 < one["rows"] < 5e6), largest)
    wall, cpu, memory = (largest[name] for name in ("whole_wall", "whole_cpu", "memory"))
    aims = [
        ("all of the greatest in 30 s", f"{wall:.1f} s; {cpu / 2:.1f} of two cores", wall <= 30),
        ("in 4 GiB", f"{memory:.1f} GiB", memory <= 4),
        ("no worse than linear", f"{growth:.2f} times the time each of the least", growth <= 1),
        (
            "joining 10 times a plain groupby",
            f"{ratio:.0f} times; {same:.0f} at its size",
            ratio >= 10,
        ),
        ("joining of a million in 5 s", f"{million['join_wall']:.1f} s", million["join_wall"] <= 5),
    ]
    text = f"""# From certificates to a county's mapping

Certificates in Parquet to cases, and to a whole mapping: two snapshots, 200 units, every declared table, started and
ended cases, medians, shares left and net days. DuckDB has two threads and 3 GB. Each size is one process, in one run.
The seconds of the processor are of both cores together, and say what a quiet machine with two cores does where others
ran beside this (load: how many processes wanted a core). Made {dt.date.today()} by `make bench-cases`; the certificates
are made up, of a quarter as many persons.

| certificates | joining, s | processor, s | mapping with joining, s | processor, s | memory, GiB | µs each | load |
|---:|---:|---:|---:|---:|---:|---:|---:|
{{each}}

| aim | measured | met |
|---|---|---|
{{aims}}

The plain groupby (pandas, a person at a time, joining alone) took {plain["plain_cpu"]:.1f} s of the processor for
{plain["rows"]:,.0f} certificates; it is compared by time each.
"""
    told = [f"| {aim} | {found} | {'yes' if met else '**no**'} |" for aim, found, met in aims]
    return text.format(each="\n".join(each), aims="\n".join(told))


def main() -> None:
    """Measure each size in a process of its own and write the document."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sizes", type=int, nargs="+", default=[PLAIN, 1_000_000, 10_000_000])
    parser.add_argument("--one", type=int, help="measure one size and print it")
    options = parser.parse_args()
    if options.one:
        sys.stdout.write(json.dumps(measured(options.one)))
        return
    runs = []
    for size in options.sizes:
        command = [sys.executable, __file__, "--one", str(size)]
        runs.append(
            json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout)
        )
    (ROOT / "docs" / "benchmark-cases.md").write_text(page(runs), encoding="utf-8")


if __name__ == "__main__":
    main()
