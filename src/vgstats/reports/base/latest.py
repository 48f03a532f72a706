"""What `after: senaste` stands for: the newest period with figures, the same for all the reports of a file.

A report compares like with like, so it is a period of the same kind as `before` and of the same time of the year, and
one in which its lead measures can be compared with `before`. Reports of several areas get the newest that all of them
have: an index compares them, and one that ran ahead would stand beside others of another year.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, TypeVar

from vgstats.catalogue import areas
from vgstats.errors import Mistakes, VgstatsError
from vgstats.methods.observed import pair_among
from vgstats.observations import is_period
from vgstats.reports.base.common import LATEST
from vgstats.reports.base.faults import checked
from vgstats.reports.base.gathering import how_to_get, periods_with_figures
from vgstats.reports.base.parameters import InTime
from vgstats.store.store import Store

_FAR = "9998"  # a year after all others, while the right one is not known
_LISTED = 6
Model = TypeVar("Model", bound=InTime)
Values = dict[str, Any]


def with_latest(
    model: type[Model], sets: Sequence[Values], leads: Sequence[Sequence[str]], store: Store
) -> tuple[list[Values], list[str]]:
    """Return sets of parameters with a period in place of `senaste`, and what that became, in words.

    Args:
        model: the parameters of the kind.
        sets: the values of each report of a file.
        leads: the measures to look at; an area that has none of the first is looked at in the next, and so on.
        store: where fetched and imported figures lie.

    Raises:
        VgstatsError: a value will not do, or there are no figures after `before`.
    """
    asked: dict[str, list[tuple[int, Model]]] = {}
    mistakes = Mistakes()
    for place, values in enumerate(sets):
        if values.get("after") == LATEST:
            with mistakes.noted():
                parameters = _with_any(model, values)
                asked.setdefault(parameters.before, []).append((place, parameters))
    mistakes.tell()
    found, notes = list(sets), list[str]()
    for of in asked.values():
        period, note = _newest([parameters for _, parameters in of], leads, store)
        notes.append(note)
        for place, _ in of:
            found[place] = {**found[place], "after": period}
    return found, notes


def _with_any(model: type[Model], values: Values) -> Model:
    """Return the parameters, checked but for the later period."""
    before = values.get("before")
    far = _FAR + (before[4:] if isinstance(before, str) and is_period(before) else "")
    try:
        return checked(model, {**values, "after": far})
    except VgstatsError as error:
        raise VgstatsError(*(one.replace(far, LATEST) for one in error.args)) from None


def _newest(
    reports: Sequence[InTime], leads: Sequence[Sequence[str]], store: Store
) -> tuple[str, str]:
    """Return the newest period of some reports that compare with the same one, and a line on it.

    Areas without any figures are left aside: their reports are refused later, with the lines that leave them out.
    """
    before, places = reports[0].before, list(dict.fromkeys(one.area for one in reports))
    there = periods_with_figures({m for of in leads for m in of}, places, store)
    comparable = {(m, place): _comparable(m, there[m, place], before) for m, place in there}
    told = {place: _told(place, comparable, leads) for place in places}
    having = [place for place in places if told[place]]
    sets = [comparable[measure, place] for place in having for measure in told[place]]
    if not sets or not (common := set.intersection(*sets)):
        raise _nothing(reports, leads[0], there)
    period = max(common)
    whose = f"all {len(having)}" if len(having) > 1 else areas.name(having[0])
    whose += " that have figures" if 1 < len(having) < len(places) else ""
    named = list(dict.fromkeys(measure for place in having for measure in told[place]))
    note = f"after: {LATEST} is {period}, the newest that {whose} can compare with {before} in {', '.join(named)}."
    newer = [
        f"{measure} {later} ({sum(later in comparable[measure, place] for place in having)} of {len(having)})"
        for measure in named
        for later in sorted({p for place in having for p in comparable[measure, place]})
        if later > period
    ]
    return period, note + (f" Newer, but not for all: {', '.join(newer)}." if newer else "")


def _comparable(measure: str, periods: set[str], before: str) -> set[str]:
    """Return the later periods of the kind and time of the year of `before` that can be compared with it."""
    later = {f"{period[:4]}{before[4:]}" for period in periods if period[:4] > before[:4]}
    return {period for period in later if pair_among(periods, measure, before, period)}


def _told(
    place: str, comparable: Mapping[tuple[str, str], set[str]], leads: Sequence[Sequence[str]]
) -> list[str]:
    """Return the lead measures that an area can be compared in, none where there are no figures."""
    found = ([m for m in measures if comparable[m, place]] for measures in leads)
    return next(filter(None, found), [])


def _nothing(
    reports: Sequence[InTime],
    measures: Sequence[str],
    there: Mapping[tuple[str, str], set[str]],
) -> VgstatsError:
    """Return what to say where there is no period to take."""
    first, before = reports[0], reports[0].before
    known = sorted({p for (m, _), of in there.items() if m in measures for p in of})
    more = len({one.area for one in reports}) - 1
    whose = first.area_name + (f" and {more} more" if more else "")
    wanted = [m for m in measures if how_to_get(m, first.model_copy(update={"after": before}))]
    lan = ",".join(dict.fromkeys(one.county.partition(":")[2] for one in reports))
    return VgstatsError(
        f"after: {LATEST!r} finds no figures of {' or '.join(measures)} for {whose} that are of a later year than "
        f"before {before!r}, at the same time of the year, and can be compared with it. The newest there are: "
        f"{', '.join(known[-_LISTED:]) or 'none'}. Write another before"
        + (
            f", or get newer figures: vgstats fetch {' '.join(wanted)} --lan {lan} --from {before}."
            if wanted
            else ", or import newer figures: vgstats import FILE."
        )
    )
