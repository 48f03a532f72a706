"""Questions on many areas at once, in a line each: ranking, map, kommuner."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from vgstats.blocks.blocks import Block
from vgstats.blocks.figures import Figure
from vgstats.blocks.tables import Column, Table
from vgstats.blocks.words import from_to, short_name, told, whom
from vgstats.catalogue.areas import RIKET, UNIT, name
from vgstats.catalogue.areas import kommuner as kommuner_of
from vgstats.catalogue.areas import lan as counties
from vgstats.catalogue.measures import measure as measure_of
from vgstats.errors import VgstatsError
from vgstats.explore.answer import Answer, Numbers
from vgstats.explore.cautions import cautions
from vgstats.explore.figures import Where, opened
from vgstats.explore.names import area_named, areas_named
from vgstats.explore.question import Question, both_sources, sources_of
from vgstats.facts.facts import value_fact
from vgstats.facts.text import Name, Text, say
from vgstats.methods.before_after import Change, percent_fact, table_of

_FEWEST = 2  # areas of a ranking


def ranking(
    measure: str,
    before: str,
    after: str,
    *,
    areas: str | Sequence[str] = "län",
    highlight: str = "",
    sex: str = "alla",
    group: str = "",
    data: pd.DataFrame | None = None,
    store: Where = None,
) -> Answer:
    """Return areas by how much a measure changed in per cent, the largest fall first, riket among them.

    The frame has a row an area, columns as `Change.to_frame`, `area_name` and `rank` (1: the largest fall; riket
    has none).

    Args:
        measure: an id or a Swedish name of the catalogue.
        before: the earlier period.
        after: the later period.
        areas: `"län"` for all counties, or a list of names, codes or ids; see `kommuner` for those of a county.
        highlight: an area to pick out.
        sex: alla, kvinnor or män.
        group: the group, such as diagnos=F00-F99; empty for the total.
        data: a tidy frame to take the figures from.
        store: where fetched and imported figures lie.

    Raises:
        VgstatsError: a name or period is unknown, fewer than two of the areas have both values, or they are units of a
            region's own.

    >>> ranking("pagaende_sjukfall", "2005", "2008").to_frame()["area_name"].iloc[0]
    'Norrbottens län'
    """
    store = opened(store)  # first, since it may have units of its own
    places = [] if areas == "län" else areas_named(areas)
    if any(place.startswith(UNIT) for place in places):
        raise VgstatsError(
            "Units are not ranked: chance alone puts small ones first and last. vg.changes sets them side by side, and "
            "the funnel of a sjukfallskartlaggning says which of them stand out."
        )
    if places and len({*places} - {RIKET}) < _FEWEST:
        raise _too_few("")
    picked = area_named(highlight) if highlight else ""
    asked, found = _changes(measure, before, after, places, sex, group, data, store)
    others = [name(c.after.area) for c in found if c.after.area != RIKET]
    if len(others) < _FEWEST:
        raise _too_few(f", and only {others[0]} has both figures of {asked.main}")
    order = sorted(found, key=lambda one: one.percent)
    there = [one.after.area for one in order]
    lacking = [name(place) for place in places or counties() if place not in there]
    doubts = cautions(asked, order)
    if lacking:
        doubts.append(say("Tal saknas för {names}.", names=Name(", ".join(lacking))))
    return Answer(_ranked(order), lambda: _ranking(asked, order, picked), doubts=doubts)


def _too_few(told: str) -> VgstatsError:
    return VgstatsError(
        f"A ranking takes {_FEWEST} areas beside riket{told}. Ask of one area with vg.change."
    )


def map(
    measure: str,
    before: str,
    after: str,
    *,
    areas: str | Sequence[str] = "län",
    within: str = "",
    sex: str = "alla",
    group: str = "",
    data: pd.DataFrame | None = None,
    store: Where = None,
) -> Answer:
    """Return a map of how a measure changed in per cent: falls blue, rises orange, darker where more.

    The frame has a row an area, as that of `ranking`; an area without both values is hatched, with no change.

    Args:
        measure: an id or a Swedish name of the catalogue.
        before: the earlier period.
        after: the later period.
        areas: `"län"` for all counties, or a list of counties or kommuner by name, code or id.
        within: a county, to show its kommuner instead.
        sex: alla, kvinnor or män.
        group: the group, such as diagnos=F00-F99; empty for the total.
        data: a tidy frame to take the figures from.
        store: where fetched and imported figures lie.

    Raises:
        VgstatsError: as `ranking`.

    >>> len(map("ohalsotal", "2019-12", "2024-12").to_frame())
    21
    """
    store = opened(store)  # first, since it may have units of its own
    places = [] if areas == "län" else areas_named(areas)
    if within:
        places = kommuner_of(_county(within))
    elif {place.partition(":")[0] for place in places} - {"lan"} and any(
        not place.startswith("kommun:") for place in places
    ):
        raise VgstatsError(
            "A map shows counties, or kommuner, and not both. A region's units have no borders: vg.changes sets them "
            "side by side."
        )
    asked, found = _changes(measure, before, after, places, sex, group, data, store)
    found = [one for one in found if one.after.area != RIKET]
    of = places or counties()
    return Answer(_ranked(found), lambda: _map(asked, found, of), doubts=cautions(asked, found))


def kommuner(
    measure: str,
    lan: str,
    before: str,
    after: str,
    *,
    highlight: str = "",
    sex: str = "alla",
    group: str = "",
    data: pd.DataFrame | None = None,
    store: Where = None,
) -> Answer:
    """Return before and after in a county and its kommuner, the largest fall first.

    The frame has a row an area, the county's first, columns as `Change.to_frame` and `area_name`.

    Args:
        measure: an id or a Swedish name of the catalogue.
        lan: a county, by name, code or id.
        before: the earlier period.
        after: the later period.
        highlight: a kommun to pick out.
        sex: alla, kvinnor or män.
        group: the group, such as diagnos=F00-F99; empty for the total.
        data: a tidy frame to take the figures from.
        store: where fetched and imported figures lie.

    Raises:
        VgstatsError: as `ranking`, or the county or all its kommuner lack a value.

    >>> kommuner("ohalsotal", "Västra Götaland", "2005-12", "2008-12").to_frame()["area_name"].iloc[0]
    'Västra Götalands län'
    """
    store = opened(store)
    county = _county(lan)
    picked = area_named(highlight) if highlight else None
    of = kommuner_of(county)
    asked = Question(
        measure, county, before, after, sex=sex, group=group, beside=of, data=data, store=store
    )
    own, known = asked.demand(), asked.changes(asked.main, of)
    if not known:
        asked.refuse(of)
    found = [own, *known.values()]

    def show() -> Block:
        from vgstats.sections.places import kommuner as kommuner_of_county

        return kommuner_of_county(asked, asked.main, picked)

    return Answer(numbers_of(found), show, doubts=cautions(asked, found))


def _changes(
    measure: str,
    before: str,
    after: str,
    places: list[str],
    sex: str,
    group: str,
    data: pd.DataFrame | None,
    store: Where,
) -> tuple[Question, list[Change]]:
    """Return the changes of a measure in some areas and riket (none named: all counties) that there are."""
    of = places or counties()
    asked = Question(
        measure, of[0], before, after, sex=sex, group=group, beside=of, data=data, store=store
    )
    found = [
        c for place in dict.fromkeys((*of, RIKET)) if (c := asked.change(asked.main, area=place))
    ]
    if not [c for c in found if c.after.area != RIKET]:
        asked.refuse(of)
    # What was nothing before has no change in per cent.
    changed = [c for c in found if c.before.value]
    if not [c for c in changed if c.after.area != RIKET]:
        raise VgstatsError(
            f"{asked.main} was 0 in {before} in all these areas, and what was nothing has no change in per cent. "
            "vg.changes has the numbers."
        )
    return asked, changed


def _county(words: str) -> str:
    """Return the county that words name.

    Raises:
        VgstatsError: they name another area, or none.
    """
    found = area_named(words)
    if found not in counties():
        raise VgstatsError(f"{name(found)} is no county. Write one, such as 'Örebro' or '18'.")
    return found


def numbers_of(found: list[Change]) -> Numbers:
    """Return changes of a measure in several areas as one result."""
    frame = table_of(found)
    frame.insert(2, "area_name", [name(area) for area in frame["area"]])
    return Numbers(frame, _ends(found), Change.method, sources_of(found))


def _ranked(found: list[Change]) -> Numbers:
    result = numbers_of(found)
    others = result.frame["area"] != RIKET
    result.frame["rank"] = result.frame.loc[others, "percent"].rank(method="min")
    return result


def _ends(found: list[Change]) -> Text:
    """Say between which changes the areas lie."""
    order = sorted((c for c in found if c.after.area != RIKET), key=lambda c: c.percent)
    if len(order) < _FEWEST:
        place = name(order[0].after.area)
        return told(order[0], "{What} {years}: {percent:signed} procent i {place}", place=place)
    form = "{What} {years}: från {percent:signed} procent i {low} till {high}"
    high = told(order[-1], "{percent:signed} i {place}", place=name(order[-1].after.area))
    return told(order[0], form, low=name(order[0].after.area), high=high)


def _table(asked: Question, found: list[Change]) -> Table:
    value, which = found[0].after, measure_of(found[0].after.measure)
    columns = [
        Column("Område", "text", of=lambda c: short_name(c.after.area)),
        Column("Före", of=lambda c: value_fact(c.before)),
        Column("Efter", of=lambda c: value_fact(c.after)),
        Column("Procent", of=percent_fact, form="{x:signed} %"),
    ]
    caption = f"{which.name_and_unit}{whom(value)}, {from_to(found[0])}"
    note = asked.cite(source for c in found for source in both_sources(c))
    return Table.from_frame(
        found, columns, id=f"omraden-{value.measure}", caption=caption, note=note
    )


def _ranking(asked: Question, found: list[Change], highlight: str) -> Block:
    # Here, since a question in words should not wait for matplotlib.
    from vgstats.drawing import charts

    short = [short_name(c.after.area) for c in found]
    # A county and a kommun may share a name.
    names = short if len({*short}) == len(short) else [name(c.after.area) for c in found]
    rows = [
        (called, c.percent, c.after.area == RIKET, percent_fact(c).text())
        for called, c in zip(names, found, strict=True)
    ]
    drawing = charts.ranking(
        pd.DataFrame(rows, columns=["name", "value", "whole", "label"]),
        highlight=next(
            (n for n, c in zip(names, found, strict=True) if c.after.area == highlight), ""
        ),
        unit="förändring, procent",
    )
    table = _table(asked, found)
    return Figure(
        drawing, _ends(found), say("Staplar. {ends}.", ends=_ends(found)), table, table.caption
    )


def _map(asked: Question, found: list[Change], places: list[str]) -> Block:
    from vgstats.drawing import maps

    known = {c.after.area: c for c in found}
    rows = [
        (place, known[place].percent, known[place].within_rounding)
        if place in known
        else (place, float("nan"), False)
        for place in places
    ]
    drawing = maps.changes(pd.DataFrame(rows, columns=["area", "value", "unchanged"]))
    table = _table(asked, sorted(found, key=lambda one: one.percent))
    note = say("{of}. Gränser: SCB.", of=table.caption)
    return Figure(drawing, _ends(found), say("Karta. {ends}.", ends=_ends(found)), table, note)


def draw_changes(found: list[tuple[str, Change]]) -> None:
    """Draw a line from before to after for each of some changes, under its label."""
    from vgstats.drawing import charts

    first = found[0][1]
    rows = [
        (label, value_fact(c.before).value, value_fact(c.after).value, c is first)
        for label, c in found
    ]
    charts.before_after(
        pd.DataFrame(rows, columns=["name", "before", "after", "whole"]),
        unit=value_fact(first.after).unit,
        labels=(first.before.period, first.after.period),
    )
