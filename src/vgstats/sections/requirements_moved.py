"""Vad har rört sig? The requirements whose status is another than in an earlier period's judgements."""

from __future__ import annotations

from dataclasses import dataclass

from vgstats.blocks.blocks import Block, paragraphs
from vgstats.blocks.tables import Column, Table
from vgstats.blocks.words import as_written, capitalised
from vgstats.catalogue.periods import Period
from vgstats.catalogue.requirements import STATUSES
from vgstats.facts.facts import count_fact
from vgstats.facts.text import Name, Text, join, say, swedish_list
from vgstats.reports.base.judged import Judged, judged, judged_periods
from vgstats.reports.report import Report
from vgstats.sections.requirements import about_requirements, followed
from vgstats.sections.words import left_out

BETTER, WORSE, NEW, GONE = WAYS = ("bättre", "sämre", "ny bedömning", "ingen bedömning nu")


@dataclass(frozen=True)
class Moved:
    """A requirement as it was judged before and is judged now."""

    then: Judged
    now: Judged

    @property
    def way(self) -> str:
        """One of `WAYS`, empty where the status is the same."""
        if self.then.status == self.now.status:
            return ""
        if not self.then.status:
            return NEW
        if not self.now.status:
            return GONE
        better = STATUSES.index(self.now.status) < STATUSES.index(self.then.status)
        return BETTER if better else WORSE


def earlier_period(report: Report) -> str:
    """Return the period that is compared with: `since` of the parameters, else the newest earlier one, or nothing."""
    if since := str(getattr(report.parameters, "since", "")):
        return since
    now = Period.parse(report.parameters.after)
    before = judged_periods(followed(report), report.texts.judgements, report.area)
    earlier = [period for period in before if Period.parse(period).end < now.start]
    return max(earlier, key=lambda period: Period.parse(period).end, default="")


def moves(report: Report, rows: list[Judged]) -> list[Moved]:
    """Return each requirement then and now, none without earlier judgements.

    Args:
        report: the report.
        rows: its requirements with their judgements, such as `report.judged`.
    """
    period = earlier_period(report)
    if not period or not rows:
        return []
    then = judged(rows[0].of, report.texts.judgements, report.area, period)
    if not any(one.judgement for one in then):
        return []
    return [Moved(*pair) for pair in zip(then, rows, strict=True)]


def moved_sentence(report: Report, rows: list[Judged]) -> Text:
    """Return how many requirements stand better, worse or the same, or that there is nothing to compare with."""
    now = Period.parse(report.parameters.after).swedish()
    found = moves(report, rows)
    if not found:
        return say(
            "Det finns bara en bedömning, den för {now}. Vad som har rört sig går att säga när kraven har bedömts "
            "en gång till.",
            now=now,
        )
    then = Period.parse(earlier_period(report)).swedish()
    forms = {
        BETTER: "{n} bättre",
        WORSE: "{n} sämre",
        NEW: "{n} har fått en bedömning",
        GONE: "{n} saknar bedömning nu",
        "": "{n} är oförändrade",
    }
    ways = [one.way for one in found]
    said = [
        say(form, n=count_fact(f"krav som rört sig|{way}", ways.count(way)))
        for way, form in forms.items()
        if way in ways
    ]
    *first, last = said
    start = say("{first} och ", first=join(first, ", ")) if first else ""
    of = count_fact("antal krav", len(rows))
    form = "Från {then} till {now}, av {of} krav: {first}{last}."
    return say(form, then=then, now=now, of=of, first=start, last=last)


@about_requirements
def moved_since(report: Report, rows: list[Judged]) -> Block:
    """Return which requirements stand better or worse than last time, or are judged now or then only.

    Args:
        report: the report.
        rows: its requirements with their judgements, such as `report.judged`.
    """
    found = [one for one in moves(report, rows) if one.way]
    sentence = moved_sentence(report, rows)
    if not earlier_period(report):
        return left_out(report, sentence)
    if not found:
        return paragraphs(sentence)
    order = {way: at for at, way in enumerate((WORSE, GONE, BETTER, NEW))}
    then, now = earlier_period(report), report.parameters.after
    columns = [
        Column("Krav", "text", of=_named),
        Column(capitalised(Period.parse(then).swedish()), "text", of=lambda one: one.then.called),
        Column(capitalised(Period.parse(now).swedish()), "text", of=lambda one: one.now.called),
        Column("Riktning", "text", of=lambda one: capitalised(one.way)),
    ]
    sources = [
        side.judgement.source for one in found for side in (one.then, one.now) if side.judgement
    ]
    return Table.from_frame(
        sorted(found, key=lambda one: order[one.way]),
        columns,
        id="rort-sig",
        caption=sentence,
        note=say(
            "Krav med samma läge båda gångerna står inte här. {source}", source=report.cite(sources)
        ),
    )


def _named(one: Moved) -> Text:
    of, requirement = one.now.of, one.now.requirement
    return say("{n} {words}", n=Name(requirement.number), words=as_written(requirement.words, of))


def decisions(rows: list[Judged]) -> list[Text]:
    """Return the decisions that the judgements name, each once."""
    found = {j.decision: j for row in rows if (j := row.judgement) and j.decision}
    return [say("{words}", words=as_written(words, by)) for words, by in found.items()]


def largest_gap(rows: list[Judged]) -> Text | None:
    """Return the part with the most requirements that are not met, None where all are.

    What has no answer is not counted: that is not a no.
    """
    short = [one for one in rows if one.status not in ("", STATUSES[0])]
    if not short:
        return None
    fields = [one.requirement.field for one in short]
    most = max(map(fields.count, fields))
    named = [field for field in dict.fromkeys(fields) if fields.count(field) == most]
    return say(
        "Av {all} krav som inte är helt uppfyllda finns flest i {where}: {n}{each}.{open}",
        where=as_written(swedish_list(named), rows[0].of),
        n=count_fact("krav som inte är uppfyllda i delen", most),
        all=count_fact("krav som inte är uppfyllda", len(short)),
        each=" i varje" if len(named) > 1 else "",
        open=_unanswered(rows),
    )


def _unanswered(rows: list[Judged]) -> Text | str:
    """Say how many requirements besides are without a status, and what that is called."""
    bare = [one for one in rows if not one.status]
    if not bare:
        return ""
    n = count_fact("krav utan läge", len(bare))
    return say(" Därtill är {n} {called}.", n=n, called=bare[0].called)
