"""Write docs/benchmark-methods.md and the package's table of false-positive rates.

Run by `make bench-methods`. Nothing here is timed; all seeds are fixed.
"""

from __future__ import annotations

from pathlib import Path

import pandas as pd
from simulate_comparison import (
    FILE,
    RUNS,
    YEARS,
    false_positive_rates,
    permutation_rates,
    plain_rates,
    power,
)
from simulate_days import RUNS as DAYS_RUNS
from simulate_days import coverage, mean_days, widening
from simulate_misfit import AFTER, AREAS, BEFORE, errors_by_misfit
from simulate_misfit import RUNS as MISFIT_RUNS
from simulate_segmented import COUNT_RUNS, count_rates, segmented_power, segmented_rates
from simulate_segmented import RUNS as LINE_RUNS
from simulate_units import SEEDS, effect_rates, funnel_rates

from vgstats.catalogue import areas
from vgstats.catalogue.calibration import HIGHEST, LOWEST, NOISES, interval_rates
from vgstats.methods.segmented_interval import FEWEST, FEWEST_COUNTED
from vgstats.methods.segmented_interval import HIGHEST as MOST_ALIKE
from vgstats.methods.synthetic import LARGEST_MISFIT

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
    """Return by county what the widened interval errs over all years, and in which years it is printed."""
    plain = plain_rates().add_prefix("plain_")
    shown = rates[[f"rate_{noise}" for noise in NOISES]]
    rates = rates.assign(low=shown.min(axis=1), high=shown.max(axis=1))
    rates["printed"] = (rates["low"].round() >= LOWEST) & (rates["high"].round() <= HIGHEST)
    by = rates.groupby("area")
    table_ = pd.DataFrame(
        {
            "county": [areas.name(area) for area in by.groups],
            "size 2005": by["size"].first().to_numpy(),
            **{name: column.to_numpy() for name, column in plain.items()},
            "widened at most": by["widen"].max().to_numpy(),
            "aware, lowest": by["low"].min().to_numpy(),
            "aware, highest": by["high"].max().to_numpy(),
            "years without": [
                ", ".join(str(year) for year in group.loc[~group["printed"], "year"]) or "none"
                for _, group in by
            ],
        }
    )
    return table(table_.sort_values("size 2005"), 2)


def power_table() -> str:
    """Return how often a true difference is seen, by county and noise."""
    rows = []
    for area, name in POWER_OF.items():
        found = power(EFFECTS, SPREAD, area).pivot(index="noise", columns="effect", values="found")
        rows += [[name, noise, *found.loc[noise].round(0).astype(int)] for noise in NOISES]
    return table(pd.DataFrame(rows, columns=["county", "noise", *(f"{e} d" for e in EFFECTS)]), 0)


def page() -> str:
    """Return the whole page."""
    rates = pd.concat(false_positive_rates(year) for year in YEARS)
    FILE.write_text(rates.to_csv(index=False), encoding="utf-8")
    interval_rates.cache_clear()
    days = pd.DataFrame([coverage(n) for n in (1000, 3000, 10_000, 50_000)])
    furthest = permutation_rates()
    return f"""# What the methods can and cannot do: simulations

Written by `make bench-methods`; seeds fixed. Nothing here is a real change: all is drawn by chance.

## How often a county is pointed out for nothing

{RUNS:,} runs of 21 counties without any difference, for the sizes of each year {YEARS[0]}-{YEARS[-1]}. Per cent
of the runs in which a county lies outside the 95 per cent prediction interval from the other twenty; 5 is
the aim. `plain` takes all counties to vary alike (2005); `aware` is the size-aware interval that the report
uses (`among_others(size=...)`), widened where some noise points out more than {HIGHEST}. The noise is alike
everywhere (`lika`), half of it (`blandat`) or all of it (`storlek`) shrinks as 1/size: which is true is
unknown, so a widened interval may err less than meant, never more. Size is ongoing sjukfall in the year
that the change begins. The rates have a standard error of about 0.15. The report prints the interval
where the rates lie within {LOWEST}-{HIGHEST} in whole per cents, and otherwise none, with the reason.

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
## A weighted comparison that follows badly before

Areas that only drift ({MISFIT_RUNS} runs of {AREAS} areas, {BEFORE} years before and {AFTER} after), nothing
happens. Errors are root mean squares in standard deviations of how much an area's distance to the others changes
in a year. The report refuses a comparison whose error before is above {LARGEST_MISFIT}.

{table(errors_by_misfit(), 2)}
## Lines that break

`segmented_regression` on series that only swing about a line ({LINE_RUNS:,} runs; AR(1) errors). Per cent of the
printed intervals that leave out zero, level / slope; 5 is the aim, and 3-7 is kept to for an autocorrelation of up
to 0.5. `plain least squares` is Student's t without any regard to autocorrelation. `printed` is how many of the
runs get an interval: none below {FEWEST} periods, and none where the autocorrelation is estimated above {MOST_ALIKE}.
The rates of what is not printed stand there to show why. Less than 48 periods cannot tell 0.8 from 0.5: most such
series get an interval, and it errs. From 48 on it holds at 0.8 too. A comparison series changes nothing: the
difference is a series by itself. The rates have a standard error of about 0.35.

{table(segmented_rates(), 1)}
Counts ({COUNT_RUNS:,} runs): Poisson with a swing of its own besides, AR(1) on the log scale; beside another series,
of half the size, as large a swing that both share. The rates have a standard error of about 0.7. Below
{FEWEST_COUNTED} a period on average no interval is printed.

{table(count_rates(), 1)}
What it can see: per cent of printed intervals that leave out zero when the level changes by so many standard
deviations of the errors. `said` is the change that the result says is seen in three of four series (median).

{table(segmented_power(), 1)}
## Days in small kommuner

{DAYS_RUNS:,} runs of persons with {mean_days():.1f} days on average. Counting persons, the limits must be
{widening():.1f} times as wide as if days came one by one. Per cent of the runs in which the 95 per cent limits
hold the true value, and half their width in days.

{table(days, 1)}
{of_units()}"""


def of_units() -> str:
    """Return the section on units that began something, and on the funnels of units."""
    return f"""## Units that began something

{SEEDS} runs of units with 1 500 to 25 000 listed, 30 cases of 1 000, that differ by a fifth for good and swing by 8
per cent a year; 20 of them begin something. Per cent of the runs in which the 95 per cent interval of
`effect_in_units` leaves out zero (5 is the aim where the true fall is 0), and the mean of what is found, per 1 000
listed. Units that are chosen for being high fall by themselves: without the choice told that is taken for a
difference in most runs, with it (the same starting level) it is not.

{table(effect_rates(), 1)}
Per cent of units outside the limits where nothing but chance and lasting differences tell them apart: of
`expected_funnel` at 95 and 99.8, and of `funnel_of_unit_changes` at 95. Of the rounds, in how many a report names any
unit as changed, and how often one of middling size that halves its cases ({SEEDS // 4} runs).

{table(funnel_rates(), 1)}"""


if __name__ == "__main__":
    PAGE.write_text(page().rstrip() + "\n", encoding="utf-8")
