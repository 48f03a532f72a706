"""Write docs/benchmark-methods.md and the package's table of false-positive rates.

Run by `make bench-methods`. Nothing here is timed; all seeds are fixed.
"""

from __future__ import annotations

from pathlib import Path

import pandas as pd
from simulate_comparison import FILE, RUNS, false_positive_rates, permutation_rates, power
from simulate_days import RUNS as DAYS_RUNS
from simulate_days import coverage, mean_days, widening

from vgstats import areas
from vgstats.calibration import HIGHEST, LOWEST, NOISES

PAGE = Path(__file__).parents[2] / "docs" / "benchmark-methods.md"
EFFECTS = [0.5, 1.0, 1.5, 2.0, 2.5, 3.0]
SPREAD = 0.8  # days; the median county's three-year changes of ohälsotal 2011-2025
POWER_OF = {"lan:14": "Västra Götalands län", "lan:18": "Örebro län", "lan:23": "Jämtlands län"}


def table(frame: pd.DataFrame, decimals: int) -> str:
    """Return a frame as a Markdown table."""
    head = f"| {' | '.join(map(str, frame.columns))} |\n|{'---|' * len(frame.columns)}\n"
    rows = (
        " | ".join(f"{cell:.{decimals}f}" if isinstance(cell, float) else str(cell) for cell in row)
        for row in frame.itertuples(index=False)
    )
    return head + "\n".join(f"| {row} |" for row in rows) + "\n"


def rates_table(rates: pd.DataFrame) -> str:
    """Return the rates by county, with what the report does."""
    shown = rates.assign(county=rates["area"].map(areas.name))
    aware = shown[[f"aware_{noise}" for noise in NOISES]]
    kept = (aware.min(axis=1).round() >= LOWEST) & (aware.max(axis=1).round() <= HIGHEST)
    shown["report"] = kept.map({True: "prints the interval", False: "**prints none**"})
    columns = ["county", "size", *rates.columns[2:], "report"]
    return table(shown[columns].sort_values("size"), 1)


def power_table() -> str:
    """Return how often a true difference is seen, by county and noise."""
    rows = []
    for area, name in POWER_OF.items():
        found = power(EFFECTS, SPREAD, area).pivot(index="noise", columns="effect", values="found")
        rows += [[name, noise, *found.loc[noise].round(0).astype(int)] for noise in NOISES]
    return table(pd.DataFrame(rows, columns=["county", "noise", *(f"{e} d" for e in EFFECTS)]), 0)


def page() -> str:
    """Return the whole page."""
    rates = false_positive_rates()
    FILE.write_text(rates.to_csv(index=False), encoding="utf-8")
    days = pd.DataFrame([coverage(n) for n in (1000, 3000, 10_000, 50_000)])
    furthest = permutation_rates()
    return f"""# What the methods can and cannot do: simulations

Written by `make bench-methods`; seeds fixed. Nothing here is a real change: all is drawn by chance.

## How often a county is pointed out for nothing

{RUNS:,} runs of 21 counties without any difference. Per cent of the runs in which a county lies outside
the 95 per cent prediction interval from the other twenty; 5 is the aim. `plain` takes all counties to
vary alike; `aware` is the size-aware interval that the report uses (`among_others(size=...)`). The noise
is alike everywhere (`lika`), half of it (`blandat`) or all of it (`storlek`) shrinks as 1/size. Size is
ongoing sjukfall in 2005, the one published number that all counties have. The rates have a standard
error of about 0.15. The report prints the size-aware interval where its three rates lie within
{LOWEST}-{HIGHEST} in whole per cents, and otherwise none, with the reason.

{rates_table(rates)}
The permutation rank at its smallest p (1/21) points out the county that is furthest out. Under equal
noise every county has that rank in about 4.8 per cent of the runs; the county that has it most often
in {furthest["lika"]:.1f} (`lika`), {furthest["blandat"]:.1f} (`blandat`)
and {furthest["storlek"]:.1f} (`storlek`) per cent: Gotland. The rank is
therefore printed as a count of counties and never as a verdict.

## What a county can see (power)

Per cent of {RUNS:,} runs in which a true difference of so many days is pointed out. A county of average
variance changes with a standard deviation of {SPREAD} days (three-year changes of ohälsotal, 2011-2025).

{power_table()}
## Days in small kommuner

{DAYS_RUNS:,} runs of persons with {mean_days():.1f} days on average. Counting persons, the limits must be
{widening():.1f} times as wide as if days came one by one. Per cent of the runs in which the 95 per cent limits
hold the true value, and half their width in days.

{table(days, 1)}"""


if __name__ == "__main__":
    PAGE.write_text(page().rstrip() + "\n", encoding="utf-8")
