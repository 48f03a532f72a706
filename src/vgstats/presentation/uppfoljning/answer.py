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
    own, theirs = change_facts(county).percent, change_facts(others).percent
    whole = bool(found and found.rest)
    words = {
        "where": "övriga landet" if whole else "riket",
        "what": compared_in(county),
        "others": theirs,
        "county": own,
    }
    subject = "Landet i övrigt" if whole else "Landet som helhet"
    if not own.printed() * theirs.printed():
        beside = say(
            "{what} ändrades med {others:signed} procent i {where} och med {county:signed} procent i "
            "länet.",
            **(words | {"what": capitalised(compared_in(county))}),
        )
    elif own.printed() * theirs.printed() < 0:
        beside = say(
            "{subject} gick åt andra hållet: {what} ändrades med {others:signed} procent i {where} och "
            "med {county:signed} procent i länet.",
            subject=subject,
            **words,
        )
    else:
        beside = say(
            "{subject} gick åt samma håll: {what} {moved} med {others:abs} procent i {where} och med "
            "{county:abs} procent i länet.",
            subject=subject,
            moved=direction(theirs, fell="minskade", rose="ökade", same="låg stilla"),
            **words,
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
