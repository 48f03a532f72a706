"""One way to figures: those that come along and those of a store, as a report sees them, ready to plot."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pandas as pd

from vgstats.catalogue import areas
from vgstats.catalogue.measures import catalogue
from vgstats.catalogue.measures import measure as measure_of
from vgstats.catalogue.periods import Period, middle_day
from vgstats.catalogue.words import parse_group
from vgstats.disclosure.release import is_own_measure, ledger_of, unprotected
from vgstats.errors import VgstatsError
from vgstats.explore.absent import nothing, warn_of_gaps
from vgstats.explore.names import Names, read
from vgstats.methods.observed import other_forms, with_worked_out, worked_out_from
from vgstats.observations import KEY, SEXES, SYNTHETIC, WITH_VALUE
from vgstats.reports.base.gathering import gather
from vgstats.store.store import DataRequest, Store, Wanted

Where = Store | Path | str | None
MADE_UP = " (påhittade siffror)"


def figures(
    measure: Names = None,
    area: Names = None,
    period: Names | slice = None,
    sex: Names = "alla",
    group: Names = "",
    *,
    store: Where = None,
) -> pd.DataFrame:
    """Return figures, a row each: the bundled ones and those of a store, as a report sees them.

    Of several sources and vintages the one that a report would show is taken, small numbers of own counts are hidden
    as they were released, and what is worked out of counts (per 1 000 inhabitants) is there too.

    Columns: those of the tidy table (`measure`, `area`, `period`, `sex`, `group`, `value`, `resolution`, `status`,
    `source`, `retrieved`), and `measure_name`, `unit` (of `value`), `area_name` (an ordered category: as asked for,
    else riket first and then by code) and `date` (the middle day of the time that the value covers, so that a
    year is drawn as that year). `sex` is an ordered category. Rows in
    order of measure, area and time. The name of an area says so where its figures are made up (vgstats demo).

    Args:
        measure: an id (`ohalsotal`) or a Swedish name (`Ohälsotal`), several, or None for all.
        area: a name (`Örebro`, `Örebro kommun`), a code (`18`), an id (`lan:18`), `riket`, `län` for all counties,
            `kommuner` for all of those, `enheter` for all units of a region's own, several, or None for all.
        period: `2019`, `2019-12`, several, a stretch such as `slice("2015", "2025")`, or None for all. A year finds
            its December where the measure covers twelve months.
        sex: `alla`, `kvinnor`, `män`, several, or None for all three.
        group: empty for the totals, one such as `diagnos=F00-F99`, all of a dimension (`diagnos`), several, or None
            for totals and groups.
        store: where fetched and imported figures lie; the user's own when left out.

    Raises:
        VgstatsError: a name is unknown (the nearest is named), or there are no such figures (what there is is named).

    Source: as each row's `source` says; `provenance()` has them in full.

    >>> found = figures("ohalsotal", ["riket", "Västra Götaland"], ["2005", "2008"])
    >>> found[["area_name", "period", "value"]].to_numpy().tolist()[-2:]
    [['Västra Götalands län', '2005-12', 42.9], ['Västra Götalands län', '2008-12', 36.8]]
    """
    place = opened(store)
    asked = read(measure, area, period, sex, group)
    measures = asked.measures or [m for m in catalogue() if not unreleased(m, place)]
    there = gathered(measures, asked.places or list(areas.all_areas().index), place)
    there = there[there["measure"].isin(measures)]
    asked = replace(asked, groups=_of_dimensions(asked.groups, there["group"]))
    found = there
    for column, wanted in (("sex", asked.sexes), ("group", asked.groups)):
        found = found[found[column].isin(wanted)] if wanted else found
    found = _within(found, asked.periods)
    if found.empty:
        raise VgstatsError(nothing(there, asked))
    warn_of_gaps(found, asked)
    return _ready(found, asked.places)


def available(measure: Names = None, area: Names = None, *, store: Where = None) -> pd.DataFrame:
    """Return what figures there are, a row for each measure and kind of area.

    Columns: `measure` (id), `name`, `unit`, `level` (`riket`, `lan`, `kommun` ...), `areas` (how many), `first` and
    `last` (periods), `sexes`, `groups` (dimensions), `sources`.

    Args:
        measure: an id or a name, several, or None for all.
        area: a name, a code or an id, several, or None for all.
        store: where fetched and imported figures lie; the user's own when left out.

    Raises:
        VgstatsError: a name is unknown (the nearest is named), or there is nothing.

    >>> available("Ohälsotal", "Örebro")[["level", "first", "last", "sexes"]].to_numpy().tolist()
    [['lan', '2011-12', '2025-12', 'alla']]
    """
    rows = figures(measure, area, None, None, None, store=store)
    rows = rows[rows["status"].isin(WITH_VALUE)].assign(level=rows["area"].str.split(":").str[0])
    rows["level"] = pd.Categorical(
        rows["level"], list(dict.fromkeys(areas.all_areas()["level"])), ordered=True
    )
    found = rows.groupby(["measure", "measure_name", "unit", "level"], observed=True, sort=False)
    table = found.agg(
        areas=("area", "nunique"),
        first=("period", "min"),
        last=("period", "max"),
        sexes=("sex", lambda of: ", ".join(s for s in SEXES if s in set(of))),
        groups=("group", _dimensions),
        sources=("source", lambda of: ", ".join(sorted(set(of)))),
    )
    table = table.reset_index().rename(columns={"measure_name": "name"})
    return table.astype({"level": str})


def opened(store: Where) -> Store:
    """Return the store that is meant: itself, that in a folder, the user's own. What it has declared is then known."""
    if not isinstance(store, Store):
        return Store(Path(store) if store else None)
    store.open_measures()  # another may have been opened since
    return store


def unreleased(measure: str, store: Store) -> bool:
    """Return whether a measure is a region's own counts that nothing was released of: all figures leave it out.

    Those of a protected source need no release, unless they rest on such counts.
    """
    if (parts := worked_out_from(measure)) != (measure,):
        return any(unreleased(part, store) for part in parts)
    if not is_own_measure(measure) or ledger_of(measure, store).read().entries:
        return False
    covered = store.coverage()
    told = catalogue().get(measure)
    of = told.told_with if told else ""
    if of in set(covered["measure"]) and unreleased(of, store):
        return True
    sources = set(covered.loc[covered["measure"] == measure, "source"])
    known = store.provenance()
    protected = set(known.index) - set(unprotected(known)) if len(known) else set()
    return not sources or not sources <= protected


def gathered(measures: Sequence[str], places: Sequence[str], store: Store) -> pd.DataFrame:
    """Return all rows of some measures in some areas, with what is worked out of them."""
    read = dict.fromkeys(one for measure in measures for one in worked_out_from(measure))
    request = DataRequest(tuple(Wanted(area, one) for area in places for one in read))
    return with_worked_out(gather(request, store).observations)


def _of_dimensions(words: Sequence[str], there: pd.Series) -> list[str]:
    """Return the groups that are meant; a dimension, such as `alder`, stands for all groups that it alone makes."""
    known = sorted(group for group in set(there) if ";" not in group)
    found = {word: [group for group in known if group.startswith(f"{word}=")] for word in words}
    return list(dict.fromkeys(group for word in words for group in found[word] or [word]))


def _within(rows: pd.DataFrame, periods: Sequence[str] | slice) -> pd.DataFrame:
    """Return the rows of some periods, or of a stretch; a year finds its December (see `other_forms`)."""
    if not periods:
        return rows
    if isinstance(periods, slice):
        first, last = (Period.parse(end) if end else None for end in (periods.start, periods.stop))
        inside = [
            text
            for text, period in ((text, Period.parse(text)) for text in rows["period"].unique())
            if (not first or period.start >= first.start) and (not last or period.end <= last.end)
        ]
        return rows[rows["period"].isin(inside)]
    keys = pd.MultiIndex.from_frame(rows[["measure", "area", "period"]])
    have = set(keys)
    answers = [
        next(((*series, p) for p in other_forms(series[0], when) if (*series, p) in have), None)
        for series in {key[:2] for key in have}
        for when in periods
    ]
    return rows[keys.isin([key for key in answers if key])]


def _dimensions(groups: pd.Series) -> str:
    return ", ".join(sorted({name for group in set(groups) for name in parse_group(group)}))


def _ready(rows: pd.DataFrame, places: Sequence[str]) -> pd.DataFrame:
    """Return rows with names, dates and categories in the order of a legend."""
    order = {area: place for place, area in enumerate(places or areas.all_areas().index)}
    made_up = rows.loc[rows["source"].isin(SYNTHETIC), "area"].unique()
    names = {area: areas.name(area) + MADE_UP * (area in made_up) for area in rows["area"].unique()}
    legend = [names[area] for area in sorted(names, key=order.__getitem__)]
    found = rows.assign(
        measure_name=rows["measure"].map(lambda id_: measure_of(id_).name),
        unit=rows["measure"].map(lambda id_: measure_of(id_).unit),
        area_name=pd.Categorical(
            rows["area"].map(names), list(dict.fromkeys(legend)), ordered=True
        ),
        sex=pd.Categorical(rows["sex"], [s for s in SEXES if s in set(rows["sex"])], ordered=True),
        date=pd.to_datetime(
            [drawn_at(*of) for of in zip(rows["measure"], rows["period"], strict=True)]
        ),
    )
    by_area = found["area"].map(order)
    found = found.assign(_order=by_area).sort_values(
        ["measure", "_order", "date", "sex", *KEY[4:]], kind="stable"
    )
    return found.drop(columns="_order").reset_index(drop=True)


def drawn_at(measure: str, period: str) -> dt.date:
    """Return the day at which a value is drawn: the middle of the time that it covers."""
    return middle_day(Period.parse(period), rolling12=measure_of(measure).rolling12)
