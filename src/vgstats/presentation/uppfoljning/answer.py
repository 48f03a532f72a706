"""Hade det hänt ändå? The short answer, as far as the figures carry it."""

from __future__ import annotations

from vgstats import areas
from vgstats.analysis.change import Change, change_facts
from vgstats.analysis.comparing.comparison import Comparison
from vgstats.presentation.blocks import (
    Block,
    Paragraphs,
)
from vgstats.presentation.uppfoljning.words import (
    capitalised,
    compared_in,
    source_list,
)
from vgstats.report_kinds.followup import Followup
from vgstats.report_kinds.uppfoljning import COUNTY_COMPARISONS
from vgstats.wording.text import Text, direction, join, say


def answer(report: Followup) -> Block:
    """Return the short answer to the section's question, as far as the figures carry it."""
    found = report.compared_sexes
    if found:
        sentences = [_same_way(one.county, one.rest or one.riket, one) for one in found]
    elif alone := _beside_riket(report):
        sentences = [_same_way(*alone, None)]
    else:
        return Paragraphs([say("Det går inte att veta: jämförbara värden för landet saknas.")])
    first = say("Det går inte att veta säkert. {said}", said=join(sentences))
    return Paragraphs([first, *_evaluation(report)])


def _same_way(county: Change, others: Change, found: Comparison | None) -> Text:
    """Say whether the rest of the country moved as the county did, and if the gap is unusual."""
    here, there = change_facts(county), change_facts(others)
    own, theirs = here.percent, there.percent
    may_be_none = here.within_rounding or there.within_rounding
    whole = bool(found and found.rest)
    words = {
        "where": "övriga landet" if whole else "riket",
        "what": compared_in(county),
        "others": theirs,
        "county": own,
    }
    if may_be_none or not own.printed() * theirs.printed():
        beside = say(
            "{what} ändrades med {others:signed} procent i {where} och med {county:signed} procent i "
            "länet.",
            **(words | {"what": capitalised(compared_in(county))}),
        )
    elif own.printed() * theirs.printed() < 0:
        beside = say(
            "{where} gick åt andra hållet: {what} ändrades med {others:signed} procent där och med "
            "{county:signed} procent i länet.",
            **(words | {"where": capitalised(str(words["where"]))}),
        )
    else:
        beside = say(
            "{what} {moved} med {others:abs} procent i {where} och med {county:abs} procent i länet.",
            moved=direction(theirs, fell="minskade", rose="ökade", same="låg stilla"),
            **(words | {"what": capitalised(compared_in(county))}),
        )
    if found is None or found.others is None or found.others.usual is None:
        return beside
    return say(
        "{beside} Länets förändring ligger {side} vanlig variation mellan län.",
        beside=beside,
        side=found.others.where,
    )


def _beside_riket(report: Followup) -> tuple[Change, Change] | None:
    """Return the county's and riket's change, where there are no figures for the other counties."""
    for measure in COUNTY_COMPARISONS:
        own, riket = report.change(measure), report.change(measure, area=areas.RIKET)
        if own and riket:
            return own, riket
    return None


def _evaluation(report: Followup) -> list[Text]:
    followed = report.intervention
    if followed is None or not followed.evaluation:
        return []
    return [
        say(
            "{text} {source}",
            text=followed.evaluation.text,
            source=source_list(report, [followed.evaluation.source]),
        )
    ]
