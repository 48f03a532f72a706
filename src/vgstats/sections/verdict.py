"""Hade det hänt ändå? The short answer, as far as the figures carry it: an effect with its interval."""

from __future__ import annotations

from vgstats.blocks.blocks import (
    Block,
    Paragraphs,
)
from vgstats.blocks.words import as_written, capitalised, compared_in
from vgstats.catalogue import areas
from vgstats.facts.text import Text, direction, join, say
from vgstats.methods.before_after import Change, change_facts
from vgstats.methods.comparison import Comparison
from vgstats.reports.report import Report


def answer(report: Report) -> Block:
    """Return the short answer to the section's question, as far as the figures carry it."""
    found = report.compared
    if found:
        sentences = [_verdict(one) for one in found]
    elif alone := _beside_riket(report):
        sentences = [_both(*alone, "riket")]
    else:
        return Paragraphs([say("Det går inte att veta: jämförbara värden för landet saknas.")])
    first = say("Det går inte att veta säkert. {said}", said=join(sentences))
    return Paragraphs([first, *_evaluation(report)])


def _verdict(found: Comparison) -> Text:
    """Say what the county and the country did, the county's effect, and where it started from."""
    said = [_both(found.county, found.beside, "övriga landet" if found.rest else "riket")]
    if found.others is None:
        said.append(
            say(
                "Skillnaden mot de andra länen går inte att bedöma eftersom {why}.",
                why=found.why_no_spread,
            )
        )
    else:
        said.append(found.others.verdict())
    if found.start:
        said.append(found.start.short())
    return join(said)


def _both(county: Change, others: Change, where: str) -> Text:
    own, theirs = change_facts(county).percent, change_facts(others).percent
    known = not (county.within_rounding or others.within_rounding)
    alike = known and own.printed() * theirs.printed() > 0
    form = (
        "{what} {moved} med {own:abs} procent i länet och {theirs:abs} procent i {where}."
        if alike
        else "{what} ändrades med {own:signed} procent i länet och {theirs:signed} procent i {where}."
    )
    moved = {"moved": direction(own, fell="minskade", rose="ökade", same="")} if alike else {}
    what = capitalised(compared_in(county))
    return say(form, what=what, own=own, theirs=theirs, where=where, **moved)


def _beside_riket(report: Report) -> tuple[Change, Change] | None:
    """Return the county's and riket's change, where there are no figures for the other counties."""
    for measure in report.compared_measures:
        own, riket = report.change(measure), report.change(measure, area=areas.RIKET)
        if own and riket:
            return own, riket
    return None


def _evaluation(report: Report) -> list[Text]:
    followed = report.agreement
    if followed is None or not followed.evaluation:
        return []
    return [
        say(
            "{text} {source}",
            text=as_written(followed.evaluation.text, followed),
            source=report.cite([followed.evaluation.source]),
        )
    ]
