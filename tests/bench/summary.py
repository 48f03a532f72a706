"""Print the medians of a benchmark run as ratios to the first of each group, with peak memory."""

from __future__ import annotations

import json
import sys
from itertools import groupby
from pathlib import Path

runs = json.loads(Path(sys.argv[1]).read_text(encoding="utf-8"))["benchmarks"]
for group, found in groupby(sorted(runs, key=lambda run: run["group"]), lambda run: run["group"]):
    members = list(found)
    ours = next(run for run in members if run["name"].startswith("bench_vgstats"))["stats"][
        "median"
    ]
    print(f"\n{group}")
    for run in members:
        median = run["stats"]["median"]
        extra = ", ".join(f"{name} {value}" for name, value in run["extra_info"].items())
        name = run["name"].removeprefix("bench_").replace("_", " ")
        print(f"  {median:9.3f} s  {median / ours:7.2f} x vgstats  {name}  {extra}")
