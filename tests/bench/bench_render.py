"""Write docs/benchmark-render.md: what a report costs in a batch, beside the usual ways of making one.

Run as a script: the follow-up report on synthetic figures, every county over several pairs of periods. A round
is one pair of periods for all counties, made in each way; what counts is the ratio within a round, and
CPU seconds before seconds on the clock. CPU is that of all processes that a way starts.
"""

from __future__ import annotations

import argparse
import datetime as dt
import multiprocessing
import os
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import psutil
import yaml

sys.path.insert(0, str(Path(__file__).parents[1]))
sys.path.insert(0, str(Path(__file__).parent))

import render_ways as ways
from render_kinds import kinds_measured, put_in, section_of
from render_memory import Memory, watched
from render_parts import parts_of
from render_unchanged import Unchanged, looked_at, pairs_of_decembers, pretended

from support import NOTEBOOK
from vgstats.batch import manifest
from vgstats.batch.notebooks import notebook_texts
from vgstats.batch.plan import Job, plan
from vgstats.catalogue import areas
from vgstats.demo import Size, write_demo
from vgstats.store.store import Store

PAGE = Path(__file__).parents[2] / "docs" / "benchmark-render.md"
PERIODS = (("2014-12", "2019-12"), ("2017-12", "2022-12"), ("2019-12", "2024-12"))
MANY = pairs_of_decembers(2009, 2024, 48)
THREADS = (os.cpu_count() or 1) + 1
_ROUNDS_A_PAIR = 3
ONE_THREAD = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS")
NAMES = {
    "ours": "vgstats",
    "floor": "floor: one warm Python, no Jupyter, no page",
    "api": "papermill's and nbconvert's Python API, as many threads",
    "shell": "shell loop: `papermill`, then `jupyter nbconvert`",
}


@dataclass(frozen=True)
class Cost:
    """What a way took for a number of reports: CPU seconds and seconds on the clock for each."""

    reports: int
    cpu: float
    wall: float


def cpu_of_tree() -> float:
    """Return the CPU seconds of this process, of all that it started and of those that have ended."""
    me = psutil.Process()
    total = 0.0
    for process in [me, *me.children(recursive=True)]:
        try:
            total += sum(process.cpu_times()[:4])
        except psutil.NoSuchProcess:
            continue
    return total


def cost(way: Callable[[list[Job]], object], jobs: list[Job]) -> Cost:
    """Make the reports and return what that took."""
    wall, cpu = time.monotonic(), cpu_of_tree()
    way(jobs)
    return Cost(len(jobs), (cpu_of_tree() - cpu) / len(jobs), (time.monotonic() - wall) / len(jobs))


def written(pairs: Sequence[tuple[str, str]], counties: int, folder: Path) -> list[Path]:
    """Return a parameter file for each pair of periods."""
    codes = [area.removeprefix("lan:") for area in areas.lan()[:counties]]
    folder.mkdir()
    files = []
    for before, after in pairs:
        file = folder / f"lan-{before}-{after}.yaml"
        content = {"report": "uppfoljning", "lan": codes, "before": before, "after": after}
        file.write_text(yaml.safe_dump(content), encoding="utf-8")
        files.append(file)
    return files


def planned(files: list[Path], store: Store) -> tuple[list[list[Job]], Cost]:
    """Return a list of jobs for each round, and what planning took for each job."""
    wall, cpu = time.monotonic(), cpu_of_tree()
    batches = [plan(file, store).jobs for file in files]
    jobs = sum(map(len, batches))
    taken = Cost(jobs, (cpu_of_tree() - cpu) / jobs, (time.monotonic() - wall) / jobs)
    rounds = [batch[start::_ROUNDS_A_PAIR] for batch in batches for start in range(_ROUNDS_A_PAIR)]
    return [jobs for jobs in rounds if jobs], taken


def spread(jobs: list[Job], n: int) -> list[Job]:
    """Return `n` of the jobs, evenly spread."""
    return jobs[:: max(1, len(jobs) // n)][:n]


def measured(
    rounds: list[list[Job]], options: argparse.Namespace, folder: Path, store: Store
) -> dict[str, list[Cost]]:
    """Return what each way took in each round."""
    found: dict[str, list[Cost]] = {name: [] for name in NAMES}
    # As in our kernels: several threads of linear algebra would only wait for each other.
    os.environ.update(dict.fromkeys(ONE_THREAD, "1"))
    started = multiprocessing.get_context("spawn").Pool(1)
    for name in ONE_THREAD:
        del os.environ[name]
    with ThreadPoolExecutor(THREADS) as pool, started as floor:
        in_turn: dict[str, Callable[[list[Job]], object]] = {
            "ours": lambda jobs: ways.ours(jobs, folder, pool, store),
            "floor": lambda jobs: floor.map(ways.floor, jobs, chunksize=len(jobs)),
            "api": lambda jobs: list(pool.map(lambda job: ways.api(job, folder), jobs)),
            "shell": lambda jobs: [ways.shell(job, folder) for job in jobs],
        }
        for name in ("ours", "floor", "api"):  # what is loaded once is not part of a report
            in_turn[name](rounds[0][:1])
        for number, jobs in enumerate(rounds, 1):
            shares = {"api": options.api, "shell": options.shell}
            for name, way in in_turn.items():
                some = spread(jobs, shares.get(name, len(jobs)))
                found[name].append(cost(way, some))
                print(f"round {number}, {name}: {found[name][-1]}", flush=True)
    return found


def times(found: dict[str, list[Cost]], over: str, under: str, what: str) -> float:
    """Return the median over the rounds of how many times more one way takes than another."""
    pairs = zip(found[over], found[under], strict=True)
    return statistics.median(getattr(o, what) / getattr(u, what) for o, u in pairs)


def table_of(found: dict[str, list[Cost]]) -> list[str]:
    """Return the table of the ways."""
    lines = [
        "| way | reports measured | CPU s / report | s / report | CPU, times ours | clock, times ours |",
        "| --- | --- | --- | --- | --- | --- |",
    ]
    for name, words in NAMES.items():
        costs = found[name]
        cpu, wall = (statistics.median(getattr(c, what) for c in costs) for what in ("cpu", "wall"))
        ratios = " | ".join(f"{times(found, name, 'ours', what):.2f}" for what in ("cpu", "wall"))
        lines.append(
            f"| {words} | {sum(c.reports for c in costs)} | {cpu:.2f} | {wall:.2f} | {ratios} |"
        )
    return lines


def aims_of(found: dict[str, list[Cost]]) -> list[str]:
    """Return whether the aims are met."""
    aims = (
        ("shell loop, clock", times(found, "shell", "ours", "wall"), ">= 10", lambda x: x >= 10),
        ("papermill's API, clock", times(found, "api", "ours", "wall"), ">= 2", lambda x: x >= 2),
        (
            "ours over the floor, CPU",
            times(found, "ours", "floor", "cpu"),
            "<= 1.5",
            lambda x: x <= 1.5,
        ),
    )
    lines = ["| ratio | measured | aim | |", "| --- | --- | --- | --- |"]
    lines += [
        f"| {n} | {x:.2f} | {aim} | {'met' if ok(x) else 'missed'} |" for n, x, aim, ok in aims
    ]
    return lines


def page_of(
    found: dict[str, list[Cost]],
    planning: Cost,
    parts: dict[str, float],
    memory: Memory,
    unchanged: list[Unchanged],
    sizes: str,
) -> str:
    """Return the page in Markdown."""
    whole = sum(s for name, s in parts.items() if not name.startswith("of which"))
    shares = [f"| {n} | {s:.3f} | {100 * s / whole:.0f} % |" for n, s in parts.items()]
    flat = [f"| {done} | {own / 1e6:.0f} | {z / 1e6:.0f} |" for done, own, z in memory.after]
    looks = [f"| {u.reports:,} | {u.cpu:.2f} | {u.wall:.2f} | {u.longest:.2f} |" for u in unchanged]
    return "\n".join(
        [
            "# What a report costs in a batch",
            "",
            "Written by `make bench-render` (`tests/bench/bench_render.py`): the follow-up report, as it stands, on",
            f"synthetic figures. {sizes} {os.cpu_count()} cores, {THREADS} threads. A round is a third of the",
            "counties for one pair of periods, each way in turn; numbers are medians over the rounds, ratios are",
            "taken within a round. CPU seconds are those of all processes. Other work on the machine moves the",
            "clock more than CPU. The other ways are timed on a sample of each round, with the same bundles and",
            "notebook.",
            "",
            *table_of(found),
            "",
            "The floor computes and draws the same blocks from the same bundles in one process that has made",
            "reports before. It makes no page, so nothing is converted or controlled. The two ways below it make",
            "nbconvert's plain page, without our control.",
            "",
            *aims_of(found),
            "",
            "Planning (all files read, figures gathered, precedence resolved) is part of none: "
            f"{planning.cpu:.3f} CPU s a report.",
            "",
            "## Where one report's CPU goes",
            "",
            "Medians for one county (Västra Götaland, or the last there is), each part by itself, in turn.",
            "",
            "| part | CPU s | share |",
            "| --- | --- | --- |",
            *shares,
            f"| together | {whole:.3f} | |",
            "",
            "## When nothing has changed",
            "",
            "The whole command `vgstats render`, from its start to its end. The larger number of reports was never",
            "made: their lines in the manifests are of our making, with short files in the reports' places.",
            "",
            "| reports | CPU s | s, median | s, most |",
            "| --- | --- | --- | --- |",
            *looks,
            "",
            "## Memory",
            "",
            f"Private memory (USS) of a kernel at its largest: median {memory.kernel / 1e6:.0f} MB, most",
            f"{memory.largest / 1e6:.0f} MB, beside what it shares with the process it is forked from. The parent",
            "had made pages the other ways too before this.",
            "",
            "| reports made | parent's USS, MB | RSS of the process that kernels are forked from, MB |",
            "| --- | --- | --- |",
            *flat,
            "",
        ]
    )


def many_looked_at(counties: int, store: Store, folder: Path, like: Job) -> Unchanged:
    """Return what it takes to find that all of many reports are up to date."""
    files = written(MANY, counties, folder / "params-many")
    entry = manifest.read(folder / like.batch)[like.file_name]
    notebooks = notebook_texts({like.kind}, NOTEBOOK.parent)
    pretended(files, store, notebooks, folder / "many", entry)
    return looked_at(files, store, folder / "many")


def main() -> None:
    """Measure and write the page."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--counties", type=int, default=21)
    parser.add_argument(
        "--periods", type=int, default=len(PERIODS), help="pairs of periods, a round each"
    )
    parser.add_argument("--api", type=int, default=2, help="reports of the Python API a round")
    parser.add_argument("--shell", type=int, default=1, help="reports of the shell loop a round")
    parser.add_argument(
        "--reports", type=int, default=500, help="reports made while memory is watched"
    )
    parser.add_argument("--output", type=Path, default=PAGE)
    parser.add_argument(
        "--kinds", action="store_true", help="only what each kind of report costs; a minute or two"
    )
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="vgstats-bench-") as name:
        kinds = section_of(kinds_measured(Path(name), cpu_of_tree))
    if options.kinds:
        page = put_in(options.output.read_text(encoding="utf-8"), kinds)
        options.output.write_text(page, encoding="utf-8")
        print("\n".join(kinds))
        return
    with tempfile.TemporaryDirectory(prefix="vgstats-bench-") as name:
        folder = Path(name)
        store = Store(folder / "store")
        size = Size(
            lan=tuple(areas.lan()),
            first="2009-01",
            december_only=True,
            register=False,
        )
        for _ in write_demo(store, size):
            pass
        files = written(PERIODS[: options.periods], options.counties, folder / "params")
        rounds, planning = planned(files, store)
        jobs = [job for one in rounds for job in one]
        sizes = f"{len(jobs)} reports: {options.counties} counties, {len(files)} pairs of periods."
        found = measured(rounds, options, folder, store)
        unchanged = [
            looked_at(files, store, folder),
            many_looked_at(options.counties, store, folder, like=jobs[0]),
        ]
        west = next((job for job in rounds[-1] if job.parameters.area == "lan:14"), jobs[-1])
        parts = parts_of(west, folder)
        many = [jobs[number % len(jobs)] for number in range(options.reports)]
        memory = watched(many, ways.one, THREADS)
    page = put_in(page_of(found, planning, parts, memory, unchanged, sizes), kinds)
    options.output.write_text(f"{page}\nMade {dt.date.today().isoformat()}.\n", encoding="utf-8")
    print(page)


if __name__ == "__main__":
    main()
