"""Vad ska göras? The actions by their dates, what is late at the end of the period, and what is done."""

from __future__ import annotations

import datetime as dt

from vgstats.blocks.blocks import Block, paragraphs, together
from vgstats.blocks.tables import Column, Table
from vgstats.blocks.words import as_written, capitalised
from vgstats.catalogue.periods import Period
from vgstats.catalogue.requirements import MET, PRIORITIES, Judgement
from vgstats.facts.facts import count_fact
from vgstats.facts.text import Name, Text, join, say, swedish_list
from vgstats.reports.base.judged import Judged
from vgstats.reports.report import Report
from vgstats.sections.requirements import about_requirements
from vgstats.sections.requirements_moved import decisions
from vgstats.sections.words import left_out

_LATE, _AHEAD, _UNDATED = "försenad", "kommande", "utan datum"


@about_requirements
def planned_actions(report: Report, rows: list[Judged]) -> Block:
    """Return the actions that are open, the late ones first, then by date and priority, and apart those that are done.

    Late is what should be done by the end of the report's period and is not, whatever day the page is made.

    Args:
        report: the report.
        rows: its requirements with their judgements, such as `report.judged`.
    """
    end = Period.parse(report.parameters.after).end
    opened, done = _opened(rows, end), _done(rows, end)
    if not acted(rows) and not decisions(rows):
        return left_out(report, "Källan föreslår inga åtgärder.")
    return together(
        _decided(rows),
        paragraphs(actions_sentence(report, rows)) if not opened else None,
        _open_table(report, opened, end, actions_sentence(report, rows)) if opened else None,
        paragraphs(_without_action(rows)),
        _done_table(report, done) if done else None,
    )


def _of(row: Judged) -> Judgement:
    if row.judgement is None:
        raise ValueError(f"{row.requirement.number} has no judgement. Expected one that has.")
    return row.judgement


def acted(rows: list[Judged]) -> list[Judged]:
    """Return those that have an action."""
    return [row for row in rows if row.judgement and row.judgement.action]


def _done(rows: list[Judged], end: dt.date) -> list[Judged]:
    found = [row for row in acted(rows) if (day := _of(row).done) and day <= end]
    return sorted(found, key=lambda row: _of(row).done or end)


def _opened(rows: list[Judged], end: dt.date) -> list[Judged]:
    """Return those that are not done by the end, by date, those without one last, by priority."""
    done = _done(rows, end)
    order = {priority: at for at, priority in enumerate(PRIORITIES)}
    return sorted(
        (row for row in acted(rows) if row not in done),
        key=lambda row: (_of(row).due or dt.date.max, order.get(_of(row).priority, len(order))),
    )


def _standing(row: Judged, end: dt.date) -> str:
    due = _of(row).due
    if due is None:
        return _UNDATED
    return _LATE if due <= end else _AHEAD


def actions_sentence(report: Report, rows: list[Judged]) -> Text:
    """Return how many actions are open, late and done, and what the source does not say of them."""
    end = Period.parse(report.parameters.after).end
    opened, done = _opened(rows, end), _done(rows, end)
    if not opened and not done:
        return say("Inga åtgärder är föreslagna.")
    late = sum(_standing(row, end) == _LATE for row in opened)
    said = [
        _counted("öppen åtgärd", "öppna åtgärder", len(opened)),
        *([_counted("är försenad", "är försenade", late)] if late else []),
        *([_counted("är klar", "är klara", len(done))] if done else []),
    ]
    bare = [row for row in opened if not row.status]
    of_bare = (
        say(
            " {n} av dem gäller {one}krav med läget {called}.",
            n=count_fact("öppna åtgärder för krav utan läge", len(bare)),
            one="ett " if len(bare) == 1 else "",
            called=bare[0].called,
        )
        if bare
        else ""
    )
    lack = _lacking([*opened, *done])
    return say("{said}.{bare}{lack}", said=join(said, ", "), bare=of_bare, lack=lack)


def _counted(one: str, several: str, n: int) -> Text:
    return say("{n} {words}", n=count_fact(several, n), words=one if n == 1 else several)


def _lacking(rows: list[Judged]) -> str:
    names = {"owner": "ansvarig", "due": "datum", "priority": "prioritet"}
    none = [word for key, word in names.items() if not any(getattr(_of(r), key) for r in rows)]
    return f" Källan anger inte {swedish_list(none).replace(' och ', ' eller ')}." if none else ""


def _open_table(report: Report, rows: list[Judged], end: dt.date, caption: Text) -> Table:
    columns = [
        Column("Åtgärd", "text", of=_action),
        Column("Krav", "text", of=_named),
        *_given(rows, "owner", "Ansvarig"),
        *_given(rows, "priority", "Prioritet"),
    ]
    note = say("{source}", source=report.cite(_of(row).source for row in rows))
    if any(_of(row).due for row in rows):
        columns += [
            Column("Klart senast", "text", of=lambda row: _day(_of(row).due)),
            Column("Läge", "text", of=lambda row: capitalised(_standing(row, end))),
        ]
        form = "Försenad: skulle ha varit klar senast den {end}, då perioden tar slut. {source}"
        note = say(form, end=_day(end), source=note)
    return Table.from_frame(rows, columns, id="atgarder-oppna", caption=caption, note=note)


def _done_table(report: Report, rows: list[Judged]) -> Table:
    columns = [
        Column("Åtgärd", "text", of=_action),
        Column("Krav", "text", of=_named),
        *_given(rows, "owner", "Ansvarig"),
        Column("Klart senast", "text", of=lambda row: _day(_of(row).due)),
        Column("Blev klar", "text", of=lambda row: _day(_of(row).done)),
    ]
    caption = _counted("åtgärd är klar", "åtgärder är klara", len(rows))
    note = report.cite(_of(row).source for row in rows)
    return Table.from_frame(rows, columns, id="atgarder-klara", caption=caption, note=note)


def _given(rows: list[Judged], key: str, heading: str) -> list[Column]:
    """Return a column where some row has something for it."""
    if not any(getattr(_of(row), key) for row in rows):
        return []
    return [Column(heading, "text", of=lambda row: _words(row, key))]


def _words(row: Judged, key: str) -> Name | str:
    words = getattr(_of(row), key)
    return as_written(words, _of(row)) if words else "-"


def _action(row: Judged) -> Name | str:
    return as_written(_of(row).action, _of(row))


def _named(row: Judged) -> Text:
    words = as_written(row.requirement.words, row.of)
    return say("{n} {words}", n=Name(row.requirement.number), words=words)


def _day(day: dt.date | None) -> str:
    return Period.parse(day.isoformat()).swedish() if day else "-"


def _without_action(rows: list[Judged]) -> Text | None:
    """Say which requirements are not fully met and have no action."""
    bare = [row for row in rows if row.judgement and row.status != MET and not _of(row).action]
    if not bare:
        return None
    return say(
        "Utan föreslagen åtgärd, fast de inte är helt uppfyllda: {which}.",
        which=join([_named(row) for row in bare], "; "),
    )


def _decided(rows: list[Judged]) -> Block | None:
    found = decisions(rows)
    return paragraphs(say("Beslut {said}", said=join(found))) if found else None
