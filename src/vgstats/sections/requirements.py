"""Uppfyller länet kraven? How each requirement of a list is judged, as a picture of its parts and as a table."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from functools import wraps
from inspect import signature
from typing import Any

import pandas as pd

from vgstats.blocks.blocks import Block, together
from vgstats.blocks.figures import Figure
from vgstats.blocks.tables import Column, Table
from vgstats.blocks.words import as_written, capitalised
from vgstats.catalogue.requirements import MET, STATUSES, UNANSWERED, Requirements
from vgstats.drawing.statuses import statuses as drawn
from vgstats.facts.facts import Fact, count_fact
from vgstats.facts.text import Name, Text, join, say
from vgstats.reports.base.judged import Judged, judged
from vgstats.reports.report import Report
from vgstats.sections.words import left_out

INFERRED = "tolkad ur nuläget"
EACH_INFERRED = (
    f" Källans egen status går inte att läsa, så varje status är {INFERRED} för den här rapporten: ibland svarar "
    "källan ja, delvis eller saknas, ibland beskriver den bara läget."
)


def basis_words(report: Report) -> Text:
    """Return what the judgements rest on, and that their source lacks the statuses where all are read out of it."""
    of = followed(report)
    rows = judged(of, report.texts.judgements, report.area, report.parameters.after)
    how = EACH_INFERRED if _all_inferred(rows) else ""
    return say("{words}{how}", words=as_written(of.basis, of), how=how)


def _all_inferred(rows: list[Judged]) -> bool:
    """Return whether each status that there is was read out of what the source describes."""
    return {one.inferred for row in rows if (one := row.judgement) and one.status} == {True}


def followed(report: Report) -> Requirements:
    """Return the list of requirements that the report follows up.

    Raises:
        ValueError: it follows up none, or several.
    """
    (found,) = report.texts.requirements
    return found


def about_requirements(section: Callable[..., Block]) -> Callable[..., Block]:
    """Let a section be left out of a report that follows no requirements up; without `rows` it shows all of them."""
    takes_rows = "rows" in signature(section).parameters

    @wraps(section)
    def shown(report: Report, *given: Any, **named: Any) -> Block:
        if not report.texts.requirements:
            return left_out(report, "Krav och hur de uppfylls finns inte bland uppgifterna.")
        if takes_rows and not given and "rows" not in named:
            period = report.parameters.after
            named["rows"] = judged(followed(report), report.texts.judgements, report.area, period)
        return section(report, *given, **named)

    return shown


def standing_words(rows: list[Judged], name: str = "") -> Text:
    """Return how many requirements have each status: `10 av 10 bedömt uppfyllt`, or the parts.

    Args:
        rows: the requirements.
        name: what tells them apart from others counted on the page, such as their part.
    """
    counted = Counter(one.called for one in rows)
    whole = count_fact(f"krav|{name}", len(rows))
    if len(counted) == 1:
        (called,) = counted
        return (
            say("{called} för alla {n} krav", n=whole, called=called)
            if len(rows) > 1
            else say(called)
        )
    said = [
        say("{n} {called}", n=_count(called, n, name), called=called)
        for called, n in _in_order(rows)
    ]
    return say("{said} av {all}", said=join(said, ", "), all=whole)


def _count(called: str, n: int, name: str) -> Fact:
    return count_fact(f"krav, {called}|{name}", n)


def _in_order(rows: list[Judged]) -> list[tuple[str, int]]:
    """Return how many rows each status has, those that some have, in the list's order, without an answer last."""
    counted = Counter(one.called for one in rows)
    known = rows[0].of.called if rows else {}
    # The list's own words first; a status that it has no word for is called as everywhere, and counted too.
    own = [called for status, called in known.items() if status]
    every = (known.get(status, status) for status in STATUSES)
    order = dict.fromkeys([*own, *every, known.get("", UNANSWERED)])
    return [(called, counted[called]) for called in order if counted[called]]


def standing_sentence(report: Report, rows: list[Judged]) -> Text:
    """Return how many of the requirements the report's area meets, as a sentence."""
    met = [one for one in rows if one.status == MET]
    if len(met) == len(rows) and rows:
        form = "{area} bedöms uppfylla alla {all} krav"
        return say(form, area=report.area_name, all=count_fact("antal krav", len(rows)))
    return say(
        "{area} bedöms uppfylla {met} av {all} krav",
        area=report.area_name,
        met=count_fact("uppfyllda krav", len(met)),
        all=count_fact("antal krav", len(rows)),
    )


@about_requirements
def statuses(report: Report, rows: list[Judged], *, basis: bool = True) -> Block:
    """Return how many requirements of each part have which status, drawn, with the numbers behind.

    Args:
        report: the report.
        rows: its requirements with their judgements, such as `report.judged`.
        basis: whether the note says what the judgements rest on; False where the page says it beside the figure.
    """
    of = followed(report)
    parts = {field: [r for r in rows if r.requirement.field == field] for field in of.fields()}
    order = [called for called, _ in _in_order(rows)]
    counts = [
        (field, called, sum(r.called == called for r in found))
        for field, found in parts.items()
        for called in order
    ]
    facts = {(field, called): _count(called, n, field) for field, called, n in counts}
    columns = [Column("Del", "text", of=lambda field: as_written(field, of))]
    columns += [
        Column(capitalised(called), of=lambda field, called=called: facts[field, called])  # type: ignore[misc]
        for called in order
    ]
    table = Table.from_frame(parts, columns, id="lage-per-del", caption="Antal krav i varje del")
    said = [
        say("{part}: {said}", part=as_written(field, of), said=standing_words(found, field))
        for field, found in parts.items()
    ]
    alt = say("Staplar per del. {said}.", said=join(said, ". "))
    drawing = drawn(pd.DataFrame(counts, columns=["field", "status", "n"]))
    source = report.cite([of.source])
    note = say("{basis} {source}", basis=basis_words(report), source=source) if basis else source
    return Figure(drawing, standing_sentence(report, rows), alt, table, note)


@about_requirements
def requirement_table(report: Report, rows: list[Judged], *, actions: bool = True) -> Block:
    """Return each requirement with its status, and evidence, gap and action where there are any.

    What the judgements rest on, and their source, stands once, under the last table.

    Args:
        report: the report.
        rows: its requirements with their judgements, such as `report.judged`.
        actions: whether the actions are told too; False where the page has them in a table of their own.
    """
    of = followed(report)
    alike = _all_inferred(rows)
    wide = [
        Column("Krav", "text", of=lambda r: _named(r)),
        Column("Läge", "text", of=lambda r: r.called if alike else _status(r)),
        *(
            Column(heading, "text", of=lambda r, key=key: _words(r, key))  # type: ignore[misc]
            for key, heading in _TOLD.items()
            if any(getattr(r.judgement, key, "") for r in rows) and (actions or key != "action")
        ),
    ]
    sources = [of.source, *(r.judgement.source for r in rows if r.judgement)]
    note = say("{basis} {source}", basis=basis_words(report), source=report.cite(sources))
    tables = []
    for number, field in enumerate(fields := of.fields(), 1):
        found = [r for r in rows if r.requirement.field == field]
        caption = say(
            "{part}: {said}", part=as_written(field, of), said=standing_words(found, field)
        )
        told = note if number == len(fields) else None
        tables.append(
            Table.from_frame(found, wide, id=f"krav-{chr(96 + number)}", caption=caption, note=told)
        )
    return together(tables)


_TOLD = {"evidence": "Underlag", "gap": "Det som saknas", "action": "Åtgärd"}


def _named(row: Judged) -> Text:
    of, one = row.of, row.requirement
    return say("{n} {words}", n=Name(one.number), words=as_written(one.words, of))


def _status(row: Judged) -> Text:
    inferred = row.judgement is not None and row.judgement.inferred
    return say("{called}{how}", called=row.called, how=f" (status {INFERRED})" if inferred else "")


def _words(row: Judged, key: str) -> Name | str:
    words = getattr(row.judgement, key) if row.judgement else ""
    return as_written(words, row.judgement) if words and row.judgement else "-"
