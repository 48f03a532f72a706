"""Areas that started from about the same level: what must be said of one that was picked out for a high one."""

from __future__ import annotations

from collections.abc import Iterable

import pandas as pd

from vgstats.blocks.blocks import Block, paragraphs, together
from vgstats.catalogue import areas
from vgstats.catalogue.measures import measure as measure_of
from vgstats.facts.text import Text, say
from vgstats.methods.before_after import Change
from vgstats.methods.like_start import CHOSEN_FOR_HIGH, LIKES, like_starting_level
from vgstats.methods.result import NotComputable
from vgstats.reports.report import Report
from vgstats.sections.words import left_out, not_computable


def like_level(report: Report) -> Block:
    """Return the change beside kommuner, or else counties, that started from about the level of the report's area.

    An area that was picked out for a high level is told so first, with what that leads to.
    """
    followed = report.agreement
    picked = followed and followed.chosen_for_high
    return together(picked_for_high(report) if picked else _not_picked(report), _counties(report))


def _not_picked(report: Report) -> Block | None:
    if report.area == report.county:
        return None
    try:
        return paragraphs(_kommuner(report, report.main, report.area))
    except NotComputable as reason:
        return left_out(report, not_computable(_LIKE_KOMMUNER, reason.reason))


_LIKE_KOMMUNER = "En jämförelse med kommuner som låg lika högt från början"


def picked_for_high(report: Report) -> Block | None:
    """Return what must be said of an area that was picked out for its high level."""
    followed = report.agreement
    if followed is None or followed.chosen_for_high is None:
        return None
    measure = followed.chosen_for_high
    why = say(CHOSEN_FOR_HIGH, place=areas.name(followed.area))
    try:
        return paragraphs(_kommuner(report, measure, followed.area, why))
    except NotComputable as reason:
        lacking = left_out(
            report, not_computable(_LIKE_KOMMUNER, reason.reason), report.how_to_get(measure)
        )
        return together(paragraphs(why), lacking)


def _kommuner(report: Report, id_: str, area: str, why: Text | None = None) -> Text:
    measure, place = measure_of(id_), areas.name(area)
    found = report.changes(id_, report.kommuner).values()
    if not [one for one in found if one.after.area != area]:
        # The first thing lacking, whatever times are compared: so two reports on one place give one reason.
        raise NotComputable("de andra kommunerna i länet har inga värden")
    if report.change(id_, area=area) is None:
        raise NotComputable(f"{measure.name.lower()} för {place} saknas för tidpunkterna")
    return like_starting_level(_frame(found), place, unit=measure.unit, why=why).sentence()


def _frame(found: Iterable[Change]) -> pd.DataFrame:
    rows = [(areas.name(c.after.area), c.before.value, c.difference) for c in found]
    return pd.DataFrame(rows, columns=["area", "before", "difference"])


def _counties(report: Report) -> Block | None:
    """Set the county of the area beside the counties of its level, in the Decembers that lie nearest."""
    found = {area: december_change(report, area) for area in areas.lan()}
    own = found[report.county]
    if own is None:
        return None
    measure = measure_of(report.main)
    try:
        likes = like_starting_level(
            _frame(change for change in found.values() if change),
            areas.name(report.county),
            nearest=LIKES,
            unit=measure.unit,
            kind="län",
            why=say("För {name} finns tal varje december.", name=areas.name(report.county)),
        )
    except NotComputable as reason:
        what = "En jämförelse med län som låg lika högt från början"
        return left_out(report, not_computable(what, reason.reason))
    sources = report.cite([own.before.source, own.after.source])
    return paragraphs(say("{said} {sources}", said=likes.sentence(), sources=sources))


def december_change(report: Report, area: str) -> Change | None:
    """Return an area's change between the Decembers of the years that the report compares, None without both."""
    years = (report.parameters.before[:4], report.parameters.after[:4])
    ends = [report.value(report.main, f"{year}-12", area=area) for year in years]
    return Change(*ends) if ends[0] and ends[1] and years[0] < years[1] else None  # type: ignore[arg-type]
