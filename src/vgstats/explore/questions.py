"""Questions on what changed, in a line each: by itself, several together, beside the others.

Each takes figures as `vg.figures` does, or out of `data`, a tidy frame of one's own, and returns an `Answer`.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import wraps
from itertools import starmap
from typing import Any, ParamSpec, TypeVar

import pandas as pd

from vgstats.blocks.blocks import Block, paragraphs, together
from vgstats.blocks.words import WOMEN_AND_MEN, did, whom
from vgstats.catalogue import areas
from vgstats.catalogue.measures import measure as measure_of
from vgstats.errors import VgstatsError
from vgstats.explore.absent import warn_of
from vgstats.explore.answer import Answer, Numbers
from vgstats.explore.cautions import cautions
from vgstats.explore.figures import Where, opened
from vgstats.explore.names import areas_named
from vgstats.explore.places import draw_changes
from vgstats.explore.question import Question, both_sources, sources_of
from vgstats.facts.text import Text, join, say
from vgstats.methods import comparison, observed
from vgstats.methods.before_after import Change, place_of, table_of, whose
from vgstats.sections.change_tables import ChangeRow, beside, change_table
from vgstats.sections.words import finding

P = ParamSpec("P")
R = TypeVar("R")


def or_of_a_frame(method: Callable[..., Any]) -> Callable[[Callable[P, R]], Callable[P, R]]:
    """Let a question whose first argument is a frame be answered by the method, as `vgstats.methods` has it."""

    def both(question: Callable[P, R]) -> Callable[P, R]:
        @wraps(question)
        def asked(*given: P.args, **named: P.kwargs) -> R:
            first = given[0] if given else named.get("frame")
            of_a_frame = isinstance(first, pd.DataFrame)
            return method(*given, **named) if of_a_frame else question(*given, **named)

        return asked

    return both


@or_of_a_frame(observed.change)
def change(
    measure: str,
    area: str,
    before: str,
    after: str,
    *,
    sex: str = "alla",
    group: str = "",
    data: pd.DataFrame | None = None,
    store: Where = None,
) -> Answer:
    """Return how a measure changed in an area from one period to another; women, men and riket stand beside it.

    The answer is a `Change`: `.before`, `.after`, `.difference`, `.difference_band` (what rounding leaves open),
    `.percent`, `.percent_band`, `.within_rounding`, `.direction`.

    Args:
        measure: an id or a Swedish name of the catalogue, such as `ohalsotal`.
        area: a name, a code or an id: `"Örebro"`, `"18"`, `"lan:18"`, `"riket"`, `"Örebro kommun"`.
        before: the earlier period: a year (2008), quarter (2008-Q4), month (2008-12) or day.
        after: the later period.
        sex: alla, kvinnor or män.
        group: the group, such as diagnos=F00-F99; empty for the total.
        data: a tidy frame to take the figures from, instead of those that `vg.figures` has.
        store: where fetched and imported figures lie; the user's own when left out.

    Raises:
        VgstatsError: a name or period is unknown (the message has the nearest), or a value is missing (the message
            says which there are).

    >>> change("ohalsotal", "Västra Götaland", "2005-12", "2008-12").difference
    -6.1
    """
    asked = Question(measure, area, before, after, sex=sex, group=group, data=data, store=store)
    found = asked.demand()
    return Answer(
        found,
        lambda: _change_block(asked, found),
        lambda: _draw_changes(asked, found),
        doubts=cautions(asked, [found]),
        source=sources_of([found]),
    )


@or_of_a_frame(observed.changes)
def changes(
    measure: str | Sequence[str],
    area: str | Sequence[str],
    before: str,
    after: str,
    *,
    sex: str = "alla",
    group: str = "",
    data: pd.DataFrame | None = None,
    store: Where = None,
) -> Answer:
    """Return how several measures changed, or one in several areas, in one table. It warns of what lacks a value.

    The frame has a row a measure and area, columns as `Change.to_frame` and `area_name`.

    Args:
        measure: one measure or several, as in `change`.
        area: one area or several, as in `change`; `"län"` for all counties.
        before: the earlier period.
        after: the later period.
        sex: alla, kvinnor or män.
        group: the group, such as diagnos=F00-F99; empty for the total.
        data: a tidy frame to take the figures from.
        store: where fetched and imported figures lie.

    Raises:
        VgstatsError: as `change`, where none of the changes is there.

    >>> changes(["ohalsotal", "sjukpenningtal"], "Örebro", "2019-12", "2024-12").to_frame()["difference"].tolist()
    [0.3, 2.2]
    """
    measures = [measure] if isinstance(measure, str) else list(measure)
    store = opened(store)  # first, since it may have units of its own
    places = areas_named(area)
    found: dict[tuple[str, str], Change] = {}
    for one in measures:
        asked = Question(
            one,
            places[0],
            before,
            after,
            sex=sex,
            group=group,
            beside=places,
            data=data,
            store=store,
        )
        found |= {
            (asked.main, place): c
            for place in places
            if (c := asked.change(asked.main, area=place))
        }
    if not found:
        asked.demand()
    there = {place for _, place in found}
    warn_of([areas.name(place) for place in places if place not in there], stacklevel=4)
    labelled = [
        (_label(one, apart=len(measures) > 1, placed=len(places) > 1), one)
        for one in found.values()
    ]
    first = next(iter(found.values())).after
    caption = f"Förändringar i {place_of(first)}" if len(places) == 1 else "Förändringar"
    if len(measures) == 1:
        where = f" i {place_of(first)}" if len(places) == 1 else ""
        caption = f"{measure_of(first.measure).name_and_unit}{whom(first)}{where}"
    said = join([one.sentence() for one in found.values()])
    frame = table_of([*found.values()])
    frame.insert(2, "area_name", [areas.name(place) for place in frame["area"]])
    result = Numbers(frame, said, Change.method, sources_of(found.values()))
    return Answer(
        result,
        lambda: change_table(
            starmap(ChangeRow, labelled),
            id="forandringar",
            caption=caption,
            note=asked.cite(result.source.split(", ")),
        ),
        lambda: draw_changes(labelled),
        doubts=cautions(asked, found.values()),
    )


@or_of_a_frame(comparison.compare)
def compare(
    measure: str,
    area: str,
    before: str,
    after: str,
    *,
    sex: str = "alla",
    group: str = "",
    data: pd.DataFrame | None = None,
    store: Where = None,
) -> Answer:
    """Return how a measure changed in a county beside riket, the rest of the country and the other counties.

    The answer is a `Comparison`: `.county`, `.riket`, `.rest`, `.rank` (1 fell most), `.first_rank`, `.last_rank`,
    `.counties`, `.others` (the usual variation), `.stands_out`. A kommun is set beside its county and riket
    instead, and the answer is its `Change`.

    Args:
        measure: an id or a Swedish name of the catalogue.
        area: a county or a kommun, by name, code or id.
        before: the earlier period.
        after: the later period.
        sex: alla, kvinnor or män.
        group: the group, such as diagnos=F00-F99; empty for the total.
        data: a tidy frame to take the figures from.
        store: where fetched and imported figures lie.

    Raises:
        VgstatsError: as `change`, or riket or most counties lack the values.

    >>> found = compare("pagaende_sjukfall", "Västra Götaland", "2005", "2008")
    >>> found.rank, found.counties
    (11, 21)
    """
    asked = Question(
        measure,
        area,
        before,
        after,
        sex=sex,
        group=group,
        beside=areas.lan(),
        data=data,
        store=store,
    )
    if asked.area == areas.RIKET:
        raise VgstatsError(
            "riket is the whole country, so nothing stands beside it. Write a county or a kommun, or vg.change."
        )
    own = asked.demand()
    if asked.area not in areas.lan():
        others = asked.beside(asked.main).values()
        return Answer(
            own,
            lambda: beside(asked, asked.main),
            lambda: _draw_changes(asked, own),
            said=_beside_said(asked, own),
            doubts=cautions(asked, [own, *others]),
            source=sources_of([own, *others]),
        )
    if measure_of(asked.main).own and not asked.change(asked.main, area=areas.RIKET):
        raise VgstatsError(
            f"{asked.main} is counted by the region itself, so no other county stands beside. vg.changes sets its "
            "units side by side."
        )
    asked.demand(areas.RIKET)
    found = comparison.compare(
        asked.observations, asked.main, asked.area, own.before.period, own.after.period, sex, group
    )
    assert found is not None  # noqa: S101 - the county and riket have both values

    def show() -> Block:
        # Here, since a change by itself should not wait for what draws.
        from vgstats.sections import beside_others

        return together(paragraphs(found.sentence()), beside_others.ranking_of(asked, found))

    of = [found.county, found.riket]
    return Answer(found, show, doubts=cautions(asked, of), source=sources_of(of))


def _beside_said(asked: Question, own: Change) -> Text:
    """Return what changed in a kommun, and what its county and riket did."""
    others = asked.beside(asked.main)
    there = [did(c, place_of(c.after)) for c in others.values()]
    first = say("{own}", own=own.sentence())
    if not there:
        return first
    what = whose(own.after)
    return join([first, say("{What} {there}.", What=what, there=join(there, " och "))])


def _change_block(asked: Question, found: Change) -> Block:
    """Return the change in a sentence, and in a table with women, men and riket beside."""
    rows = _beside(asked, found)
    table = change_table(
        starmap(ChangeRow, rows),
        id="forandring",
        caption=finding(found, asked.where),
        note=asked.cite(source for _, one in rows for source in both_sources(one)),
    )
    return together(paragraphs(found.sentence()), table)


def _beside(asked: Question, found: Change) -> list[tuple[str, Change]]:
    """Return a change and those that stand beside it, each with its label: women, men, and riket."""
    sexes = WOMEN_AND_MEN if asked.sex == "alla" else ()
    kin = [asked.change(asked.main, sex) for sex in sexes]
    kin += [asked.change(asked.main, area=areas.RIKET)] if asked.area != areas.RIKET else []
    of = dict.fromkeys([found, *filter(None, kin)])
    return [(_label(c, placed=c.after.area != asked.area), c) for c in of]


def _label(change: Change, *, apart: bool = True, placed: bool = False) -> str:
    """Return what a change is called in a table: its measure (where `apart`), for whom, and where (`placed`)."""
    value, place = change.after, areas.name(change.after.area)
    if not apart:
        return (
            f"{place}{whom(value)}"
            if placed
            else f"{measure_of(value.measure).short_name}{whom(value)}"
        )
    where = f", {'riket' if value.area == areas.RIKET else place}" if placed else ""
    return f"{measure_of(value.measure).name_and_unit}{whom(value)}{where}"


def _draw_changes(asked: Question, found: Change) -> None:
    draw_changes(_beside(asked, found))
