"""What one report of each kind costs, beside the follow-up report."""

from __future__ import annotations

import os
import statistics
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import render_ways as ways

from support import ROOT
from vgstats.batch.plan import Job, plan
from vgstats.demo import Size, write_demo
from vgstats.reports import kinds
from vgstats.store.store import Store

HEADING = "## What each kind costs"
_FIRST = "uppfoljning"
_FILES = {  # of which the first report is made
    _FIRST: "vg-2006-2008",
    "arsrapport": "ar-vasternorrland-2019",
    "insats": "insats-timra",
    "kommun": "kommuner-vg-2005-2008",
    "krav": "krav-orebro-2024",
    "utlysning": "utlysningar",
}
_MAPPING = 'report: sjukfall\nlan: ["20"]\nbefore: "2024-12"\nafter: "2025-12"\n'
_ROUNDS = 3


@dataclass(frozen=True)
class KindCost:
    """What a report of a kind took: CPU seconds of all processes, seconds on the clock, and its size in kB."""

    cpu: float
    wall: float
    kb: float


def kinds_measured(folder: Path, cpu: Callable[[], float]) -> dict[str, KindCost]:
    """Make a report of each kind in turn, some rounds after a first that loads what is loaded once; return medians."""
    made_up = Store(folder / "made-up")
    for _ in write_demo(made_up, Size(lan=("lan:20",), first="2024-12", measures=("ohalsotal",))):
        pass
    file = folder / "sjukfall.yaml"
    file.write_text(_MAPPING, encoding="utf-8")
    bundled = Store(folder / "bundled")
    jobs = {
        k: (plan(ROOT / "params" / f"{f}.yaml", bundled).jobs[0], bundled)
        for k, f in _FILES.items()
    }
    jobs["sjukfall"] = plan(file, made_up).jobs[0], made_up
    assert {*jobs} == {*kinds()}, "a kind of report has no representative here"
    found: dict[str, list[KindCost]] = {name: [] for name in jobs}
    with ThreadPoolExecutor(1) as pool:
        for number in range(_ROUNDS + 1):
            for name, (job, store) in jobs.items():
                cost = _cost(
                    job,
                    lambda job=job, store=store: ways.ours([job], folder, pool, store),
                    folder,
                    cpu,
                )
                if number:
                    found[name].append(cost)
    return {
        name: KindCost(
            *(statistics.median(getattr(one, of) for one in costs) for of in ("cpu", "wall", "kb"))
        )
        for name, costs in found.items()
    }


def _cost(job: Job, make: Callable[[], None], folder: Path, cpu: Callable[[], float]) -> KindCost:
    clock, seconds = time.monotonic(), cpu()
    make()
    taken = cpu() - seconds, time.monotonic() - clock
    return KindCost(*taken, (folder / job.batch / job.file_name).stat().st_size / 1000)


def section_of(found: dict[str, KindCost]) -> list[str]:
    """Return the lines of the page on the kinds, with the ratios to the follow-up report."""
    first = found[_FIRST]
    rows = [
        f"| `{name}` | {one.cpu:.2f} | {one.cpu / first.cpu:.2f} | {one.wall:.2f} | {one.wall / first.wall:.2f} "
        f"| {one.kb:.0f} | {one.kb / first.kb:.2f} |"
        for name, one in found.items()
    ]
    load = ", ".join(f"{one:.1f}" for one in os.getloadavg())
    return [
        HEADING,
        "",
        "Written by `tests/bench/bench_render.py --kinds`: one report of each kind, one at a time in warm processes,",
        f"medians of {_ROUNDS} rounds in which every kind is made. *Times* is beside `{_FIRST}`. The machine's load",
        f"({os.cpu_count()} cores) was {load} (1, 5 and 15 minutes) at the end; other work moves the clock most.",
        "",
        "| kind | CPU s | times | s | times | kB | times |",
        "| --- | --- | --- | --- | --- | --- | --- |",
        *rows,
        "",
    ]


def put_in(page: str, section: list[str]) -> str:
    """Return a page with the section in the place of the one it has, or before what is said of unchanged reports."""
    new, following = "\n".join(section), "## When nothing has changed"
    before, _, rest = page.partition(HEADING if HEADING in page else following)
    after = rest[rest.index(following) :] if HEADING in page else following + rest
    return f"{before}{new}\n{after}"
