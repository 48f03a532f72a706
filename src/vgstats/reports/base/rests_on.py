"""Numbers that are reckoned of counted cases, such as a median: told where the count that they rest on is told."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from vgstats.catalogue.measures import catalogue
from vgstats.disclosure.release import Release
from vgstats.observations import KEY
from vgstats.reports.base.parameters import at_day
from vgstats.store.store import Wanted


def with_cases(wanted: Sequence[Wanted]) -> list[Wanted]:
    """Return requests, and those for the counted cases that the numbers asked for rest on (`told_with`)."""
    known = catalogue()
    found = dict.fromkeys(wanted)
    for one in wanted:
        of = known[one.measure].told_with if one.measure in known else ""
        if of:
            periods = tuple(_at(of, period) for period in one.periods)
            found.setdefault(Wanted(one.area, of, periods, sexes_only=True))
    return list(found)


def told_with_cases(rows: pd.DataFrame, release: Release) -> pd.DataFrame:
    """Return open rows without the numbers that rest on cases whose count is hidden.

    That there is a median of thirty cases says that they are no fewer, and net days of a unit before and after another
    merged into it what that one had.
    """
    known, own = catalogue(), release.observations
    of = {id_: known[id_].told_with for id_ in set(rows["measure"]) if id_ in known}
    hidden = own.loc[own["status"] == "suppressed", KEY]
    if hidden.empty or not any(of.values()):
        return rows
    secret = set(hidden.astype(str).itertuples(index=False, name=None))
    kept_back = [
        bool(of.get(measure)) and (of[measure], area, _at(of[measure], period), sex, "") in secret
        for measure, area, period, sex in rows[KEY[:4]].itertuples(index=False, name=None)
    ]
    if not any(kept_back):
        return rows
    status = rows["status"].astype(str).mask(kept_back, "suppressed")
    return rows.assign(status=status, value=rows["value"].mask(kept_back))


def _at(measure: str, period: str) -> str:
    """Return the period of a measure that belongs to that of another: where it is a day, see `at_day`."""
    return at_day(measure, period) if len(period) == len("2025-10-01") else period
