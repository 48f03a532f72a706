"""A project: what it was, what happened where it ran, and what was learnt, kept, met and cannot be known."""

from __future__ import annotations

from typing import Literal

import pandas as pd

from vgstats.blocks.blocks import Block, Bullets, paragraphs, together
from vgstats.blocks.figures import Figure
from vgstats.blocks.tables import Column, Table
from vgstats.blocks.words import (
    NOT_FROM_ZERO,
    as_written,
    capitalised,
    period_words,
    ran_words,
    short_name,
    then_to_now,
    told,
)
from vgstats.catalogue import areas
from vgstats.catalogue.agreements import Agreement, Project
from vgstats.catalogue.measures import measure as measure_of
from vgstats.catalogue.periods import Period, axis_position
from vgstats.catalogue.words import group_name
from vgstats.drawing import charts
from vgstats.drawing.lead import lead
from vgstats.facts.facts import count_fact, value_fact
from vgstats.facts.text import Name, Text, join, say
from vgstats.methods.before_after import Change
from vgstats.observations import Value
from vgstats.reports.base.own_figures import unit_changes
from vgstats.reports.report import Report
from vgstats.sections.beside_likes import december_change
from vgstats.sections.change_tables import ChangeRow, change_table
from vgstats.sections.costs_of_project import cost_sentence
from vgstats.sections.doubts import no_cause
from vgstats.sections.over_time import axis_unit, drawn_span
from vgstats.sections.plan import country_goals, goals_sentence, reached_at_once
from vgstats.sections.words import finding, front_part, left_out

_NONE = "Ingen insats följs upp i rapporten."


def _of(report: Report) -> tuple[Agreement, Project] | None:
    """Return what is followed up and what it has as a project, None where nothing is."""
    followed = report.agreement
    return (followed, followed.project or Project()) if followed else None


def project_findings(report: Report) -> Block:
    """Return *Vad ville insatsen, och vad hände?*: its purpose, the changes, what lies beside, the goals, the cost."""
    if (of := _of(report)) is None:
        return left_out(report, _NONE)
    followed, project = of
    purpose = as_written(project.purpose or followed.text, followed)
    said = [_moved(one, _unit(one)) for one in unit_changes(report, followed, report.shown)]
    own = _population(report)
    said += [_moved(own, report.area_name)] if own else []
    said += [_beside(report, own)] if _around(report, own) else []
    said += _goals(report, followed)
    said += [one] if (one := cost_sentence(report)) else []
    return front_part(
        "Vad ville insatsen, och vad hände?",
        paragraphs(say("{w}", w=purpose)),
        Bullets(said) if said else None,
    )


def _population(report: Report) -> Change | None:
    return next(filter(None, map(report.change, report.shown)), None)


def _unit(change: Change) -> str:
    return group_name(change.after.group) if change.after.group else ""


def _moved(change: Change, where: str) -> Text:
    return told(
        change,
        "{name}{where}: från {about}{before} {unit} ({then}) till {after} ({now}), {moved_by}.",
        name=measure_of(change.after.measure).name,
        about="ungefär " if measure_of(change.after.measure).approximate else "",
        where=f", {where}" if where else "",
    )


def _around(report: Report, own: Change | None) -> list[Value | Change]:
    """Return the county's value when the area's first was true, and its change between Decembers."""
    if report.area == report.county:
        return []
    when = own.before.period if own else report.parameters.before
    then = report.value(report.main, when, area=report.county)
    moved = december_change(report, report.county)
    same = moved and then and moved.before.period == then.period
    return [one for one in (None if same else then, moved) if one]


def _beside(report: Report, own: Change | None) -> Text:
    """Say what the county's value was when the area's first was true, and how it moved between Decembers."""
    said, what = [], measure_of(report.main).the_name
    for one in _around(report, own):
        if isinstance(one, Change):
            form = "I {county} gick {what} från {before} i {then} till {after} i {now}, {moved_by}."
            said.append(told(one, form, county=report.county_name, what=what))
        else:
            unsure = one.status == "ambiguous"
            form = (
                "I {county} var {what} {value}, troligen i {when}: källan är svårläst där."
                if unsure
                else "I {county} var {what} {value} i {when} enligt källan."
            )
            value, when = value_fact(one), period_words(one)
            said.append(
                say(
                    form,
                    county=report.county_name,
                    what=what,
                    value=value,
                    when=when,
                )
            )
    return join(said)


def _goals(report: Report, followed: Agreement) -> list[Text]:
    """Say how many of the goals were reached, and of how many the source itself says so."""
    sentence = goals_sentence(report)
    if sentence is None:
        return []
    yes = sum((goal.reached or "").lower().startswith("ja") for goal in followed.goals)
    own = say(" Källan själv säger ja om {n}.", n=count_fact("mål som källan säger är nådda", yes))
    at_once = reached_at_once(followed)
    first = say("{said}{own}", said=sentence, own=own if yes else "")
    return [join([first, *([at_once] if at_once else [])]), *country_goals(report)]


def project_unknown(report: Report) -> Block:
    """Return *Det här går inte att säga*: what the project leaves unknown, and that no change is laid to it."""
    if (of := _of(report)) is None:
        return left_out(report, _NONE)
    followed, project = of
    said = [say("{w}", w=as_written(one, followed)) for one in project.unknowable]
    cause = say(
        "Vad insatsen gav för pengarna. Kostnaden delas inte med förändringen: då skulle det se ut som att insatsen "
        "gjorde hela skillnaden, och det visar inte siffrorna."
    )
    known = cost_sentence(report) is not None
    last = cause if known else say("{cause}", cause=no_cause(report))
    return front_part("Det här går inte att säga", Bullets([*said, last]))


def project_figure(report: Report) -> Block:
    """Return the population's first and last value beside the county's Decembers; the unit's without them."""
    if (of := _of(report)) is None:
        return left_out(report, _NONE)
    followed, _ = of
    own = _population(report) or next(iter(unit_changes(report, followed, report.shown)), None)
    if own is None:
        return together()
    of_population = own.after.measure in report.shown
    name = report.area_name if of_population else _unit(own) or report.area_name
    near = report.county if of_population and report.area != report.county else ""
    years = range(int(own.before.period[:4]) - 1, int(own.after.period[:4]) + 1)
    decembers = (
        report.value(own.after.measure, f"{y}-12", area=near) if near else None for y in years
    )
    beside = [value for value in decembers if value]
    first, last = own.before.period, own.after.period
    between = (
        [v for v in report.line(own.after) if first < v.period < last] if of_population else []
    )
    lines = {name: [own.before, *between, own.after]}
    lines |= {short_name(near): beside} if len(beside) > 1 else {}
    drawing = lead(
        pd.DataFrame(
            [
                (line, _when(v), value_fact(v).value, True, value_fact(v).text())
                for line, values in lines.items()
                for v in values
            ],
            columns=["series", "when", "value", "joined", "label"],
        ),
        unit=axis_unit(own.after.measure),
        span=drawn_span(followed),
        span_label=followed.short_name,
        before=_when(own.before),
        after=_when(own.after),
    )
    rows = [(line, v) for line, values in lines.items() for v in values]
    columns = [
        Column("Var", "text", of=lambda row: row[0]),
        Column("När", "text", of=lambda row: period_words(row[1])),
        Column("Värde", of=lambda row: value_fact(row[1])),
    ]
    table = Table.from_frame(rows, columns, id="huvudfigur", caption="Talen i figuren")
    note = say(
        "{what}, {unit}.{only}{zero} {sources}",
        only=""
        if between
        else " Linjen går mellan två kända tal; hur det var däremellan är inte känt.",
        what=measure_of(own.after.measure).name,
        unit=axis_unit(own.after.measure),
        zero="" if charts.begins_at_zero(drawing) else f" {NOT_FROM_ZERO}",
        sources=report.cite(v.source for _, v in rows),
    )
    title = finding(own, name) if of_population else _moved(own, _unit(own))
    return Figure(drawing, title, _moved(own, name), table, note)


def _when(value: Value) -> float:
    return axis_position(Period.parse(value.period).end)


def project_facts(report: Report) -> Block:
    """Return for whom the project was, when it ran and who was responsible, as far as that is known."""
    if (of := _of(report)) is None:
        return left_out(report, _NONE)
    followed, project = of
    found = {
        "För vem": project.target_group,
        "Egna anställda": "Ja, insatsen gällde också de egna anställda."
        if project.own_employees
        else "",
        "Ansvarig": project.responsible,
    }
    rows = [(what, as_written(words, followed)) for what, words in found.items() if words]
    rows.append(("När", capitalised(ran_words(followed))))
    columns = [
        Column("Uppgift", "text", of=lambda row: row[0]),
        Column("Svar", "text", of=lambda row: row[1]),
    ]
    caption = say("{name} i korthet", name=followed.short_name)
    note = say(
        "{source} Där ingen annan källa nämns gäller den hela beskrivningen av insatsen.",
        source=report.cite([followed.source]),
    )
    return Table.from_frame(rows, columns, id="om-insatsen", caption=caption, note=note)


def project_list(
    report: Report, what: Literal["partners", "lessons", "kept", "faults"] = "partners"
) -> Block:
    """Return who took part, or what was learnt, goes into ordinary work, or was found wrong in the system.

    Args:
        report: the report.
        what: which of them.
    """
    if (of := _of(report)) is None:
        return left_out(report, _NONE)
    followed, project = of
    words = getattr(project, what)
    if not words:
        return left_out(report, f"{_LISTS[what]} i insatsen finns inte bland uppgifterna.")
    return Bullets([say("{w}", w=as_written(one, followed)) for one in words])


_LISTS = {
    "partners": "Vilka som var med",
    "lessons": "Lärdomar",
    "kept": "Vad som går in i det vanliga arbetet",
    "faults": "Systemfel som någon mötte",
}


def project_series(report: Report) -> Block:
    """Return the first and last figure of each unit, of the population and of what lies beside, in their own months."""
    if (of := _of(report)) is None:
        return left_out(report, _NONE)
    followed, _ = of
    own = _population(report)
    rows = [
        ChangeRow(_row_name(one, _unit(one)), one)
        for one in unit_changes(report, followed, report.shown)
    ]
    rows += [ChangeRow(_row_name(own, report.area_name), own)] if own else []
    beside = december_change(report, report.county)
    if beside and not (own and own.after.area == report.county):
        rows.append(ChangeRow(_row_name(beside, report.county_name), beside))
    known = [row.change for row in rows if row.change]
    if not known:
        return left_out(report, "Inga tal före och efter insatsen finns bland uppgifterna.")
    sources = dict.fromkeys(c.after.source for c in known)
    told_of = report.sources.loc[followed.source, "note"] if followed.source in sources else ""
    note = say("{notes} {s}", notes=Name(told_of), s=report.cite(sources))
    first = known[0]
    caption = _moved(first, _unit(first) or areas.name(first.after.area))
    return change_table(
        rows,
        id="insatsens-tal",
        caption=caption,
        first="Vad, var och när",
        note=note,
        periods=False,
    )


def _row_name(change: Change, where: str) -> Text:
    return say(
        "{what}{where}, {when}",
        what=capitalised(measure_of(change.after.measure).short_name),
        where=f", {where}" if where else "",
        when=then_to_now(change),
    )
