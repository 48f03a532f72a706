"""One more table of the same cases takes its totals from the table that was decided before it.

`intygsfall` says how many cases a unit has, `intygsfall_diagnos` divides the same cases: the total of the second is a
number of the first (`total_of` of a measure). It is shown where that was shown and hidden where that was hidden. So
the tables of a round are protected one by one, and need not be crossed with each other.

Why this is as safe as to attack all tables together. Let m be the totals by area, period and sex, M what the first
table tells of them, and P(m) the interiors of another table that agree with what it shows when its totals are m. A
reader of everything knows that m is in M and each interior in its P(m): given m, no table says anything of another.

* Where all totals of a table are shown, m is one point, and what is possible together is the product of what is
  possible in each table: a number is bounded exactly as in its own table.
* An area with a hidden total of any sex shows no interior at all (`with_totals`). What other tables say of its
  interiors is then at most how many there are in each group in all such areas and the rest of their county together,
  by sex. Interiors with given sums by area and by group exist whenever both add up to the same (the transportation
  problem), so P(m) is never empty for an m in M, and no other table narrows m. A number of one table is bounded as by
  the first table and its own.

* A total of a sex that is not shown at all (28 days and more of the women in a unit) is a part of what the first table
  leaves open. The table that divides it is decided as if a reader knew it (`besides` of `protect`). Who does not know
  it thinks that all those points are possible, and others.

All are held by tests that count out all possibilities of small tables, `tests/disclosure/test_margins.py`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence

import pandas as pd

from vgstats.catalogue.measures import TotalOf, catalogue
from vgstats.disclosure.choose import CannotProtect
from vgstats.disclosure.nesting import TOTAL
from vgstats.disclosure.protected import Protected
from vgstats.disclosure.tables import EARLIER, keys_of
from vgstats.errors import VgstatsError
from vgstats.observations import Key
from vgstats.store.store import Wanted

LEAST = 20  # cases in a total, under which a table says too little for what it gives away


def with_those_of_totals(wanted: Sequence[Wanted]) -> list[Wanted]:
    """Return requests and, before each that is of a table, one for the totals that it divides."""
    found: dict[Wanted, None] = {}

    def ask(one: Wanted) -> None:
        if (of := total_of(one.measure)) is not None:
            ask(Wanted(one.area, of.measure, one.periods))
        found.setdefault(one)

    for one in wanted:
        ask(one)
    return list(found)


def total_of(measure: str) -> TotalOf | None:
    """Return the number that a measure divides, None where its totals are its own."""
    known = catalogue().get(measure)
    return None if known is None else known.total_of


def totals_first(measures: Iterable[str]) -> list[str]:
    """Return measures in the order in which they are decided."""

    def steps(measure: str) -> int:
        of = total_of(measure)
        return 0 if of is None else 1 + steps(of.measure)

    return sorted(measures, key=lambda one: (steps(one), one))


def with_totals(
    numbers: pd.DataFrame,
    of: TotalOf,
    decided: Protected | None,
    least: Mapping[str, int] | None = None,
) -> tuple[pd.DataFrame, pd.DataFrame, list[Key]]:
    """Return the numbers of a table, some of them not shown, and what was decided of its totals.

    A total of a sex that is not shown anywhere, as 28 days and more of the women in a unit, was not decided.

    Args:
        numbers: of a measure that divides another, the columns of `KEY` and `shown` (see `tables.build`).
        of: the number that it divides.
        decided: the decision of that, None where there was nothing to decide.
        least: by period the least total of an area inside a county that shows its interior, where that is not `LEAST`.

    Returns:
        The numbers, where no interior is shown of an area that has a total hidden, of any sex, or of a sex with a
        total under the least; the totals, with the columns of `EARLIER`; and the totals that were not decided, since
        they are shown nowhere, of areas that show others.

    Raises:
        VgstatsError: a total that is to be shown was not decided.
    """
    if decided is None:
        raise _no_totals(numbers, of)
    shown, promised = decided.shown(), decided.promised()
    there = set(decided.structure.keys)
    hidden = set(keys_of(decided.numbers)) - shown.keys()
    keys = keys_of(numbers)
    totals = [key for key in keys if key[4] == TOTAL]
    apart = {key[1:4] for key in keys_of(numbers[numbers["shown"]]) if key[4] != TOTAL}
    lit = {place[:2] for place in apart}
    dark, few, untold = set(), set(), set()
    rows: list[tuple[object, ...]] = []
    for key in totals:
        _, area, period, sex, _ = key
        whole: Key = (of.measure, area, period, sex, of.group)
        if whole in shown:
            rows.append((*key, shown[whole], None, None))
            enough = LEAST if area.startswith("lan:") else (least or {}).get(period, LEAST)
            if shown[whole] < enough:
                few.add(key[1:4])
        elif whole not in there:
            raise _no_totals(numbers[numbers["area"] == area], of)
        elif whole not in hidden and key[1:3] in lit and key[1:4] not in apart:
            untold.add(key[1:4])
        else:
            dark.add(key[1:3])
            if whole in promised:
                rows.append((*key, None, *promised[whole]))
    decided_totals = {row[:5] for row in rows}

    def may_show(key: Key) -> bool:
        withheld = key[1:3] in dark or key[1:4] in few
        return key in decided_totals if key[4] == TOTAL else not withheld

    kept = [asked and may_show(key) for key, asked in zip(keys, numbers["shown"], strict=True)]
    of_told = [key[4] == TOTAL or key[1:4] not in untold for key in keys]
    besides = [key for key in totals if key[1:4] in untold and key[1:3] not in dark]
    return numbers.assign(shown=kept)[of_told], pd.DataFrame(rows, columns=EARLIER), besides


def protected_with_totals(
    counts: pd.DataFrame,
    asked: pd.DataFrame,
    of: TotalOf,
    decided: Protected | None,
    protect: Callable[..., Protected],
) -> Protected:
    """Return the decision of a table, with the interiors of the smallest areas withheld where it cannot be made else.

    A number that is withheld may be nobody's: a reader cannot even tell that it is not zero. So what a county shows of
    a group, now or since before, gives less away the more of its areas are withheld, and at last nothing.

    Args:
        counts: the table's cells.
        asked: its numbers (see `with_totals`).
        of: the number that it divides.
        decided: the decision of that.
        protect: decides, of cells, numbers and `totals` (see `protected.protect`).

    Raises:
        CannotProtect: a number cannot be hidden even when no area inside the county shows its interior.
        VgstatsError: see `with_totals`.
    """
    largest = float(counts.groupby(["area", "period"])["value"].sum().max())
    least: dict[str, int] = {}
    while True:
        numbers, totals, besides = with_totals(asked, of, decided, least)
        try:
            return protect(counts, numbers, totals=totals, besides=besides)
        except CannotProtect as error:
            period = error.key[2] if error.key else ""
            if not period or least.get(period, LEAST) > largest:
                raise
            least[period] = 2 * least.get(period, LEAST)


def _no_totals(numbers: pd.DataFrame, of: TotalOf) -> VgstatsError:
    _, area, period, *_ = keys_of(numbers)[0]
    return VgstatsError(
        f"{numbers['measure'].iloc[0]} divides {' '.join(filter(None, (of.measure, of.group)))}, of which there is no "
        f"count for {area} {period}. Import the counts of {of.measure} too, for the same areas and periods."
    )
