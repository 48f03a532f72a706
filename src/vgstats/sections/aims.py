"""Mål och utfall: what was aimed at, the outcome, and whether the source lets it be tested."""

from __future__ import annotations

from vgstats.blocks.blocks import Block, missing
from vgstats.blocks.tables import Cell, Column, Table
from vgstats.blocks.words import as_written, period_words
from vgstats.catalogue.agreements import Agreement, Goal
from vgstats.catalogue.measures import measure as measure_of
from vgstats.facts.facts import Fact, value_fact
from vgstats.facts.text import Text, say
from vgstats.methods.before_after import Change, change_facts
from vgstats.observations import Value
from vgstats.reports.report import Report
from vgstats.sections.words import filled, how_derived, nearest_value, with_gaps


def goals(report: Report) -> Block:
    """Return what was aimed at, the outcome, and whether the source lets it be tested."""
    followed = report.agreement
    if followed is None or not followed.goals:
        return missing(
            "Vilka mål som gällde för länet finns inte bland de uppgifter som rapporten bygger på."
        )
    aimed_at = [value for goal in followed.goals if (value := _at_the_target(report, goal))]
    columns = [
        Column("Mål", "text", of=lambda goal: _aim(goal, followed)),
        Column("Utfall", "text", of=lambda goal: _outcome_of(report, goal, followed)),
        Column("Nått?", "text", of=lambda goal: _reached(report, goal, followed)),
        Column("Kan prövas?", "text", of=lambda goal: as_written(goal.testable, followed)),
        Column("Satt av", "text", of=lambda goal: as_written(goal.set_by, followed)),
    ]
    return Table.from_frame(
        followed.goals,
        columns,
        id="mal",
        caption="Mål, utfall och om målet kan prövas",
        note=say(
            "{sources} {derived}",
            sources=report.cite(
                [*(goal.source for goal in followed.goals), *(v.source for v in aimed_at)]
            ),
            derived=how_derived(report, aimed_at),
        ),
    )


def _aim(goal: Goal, by: Agreement) -> Cell:
    if goal.target is None or goal.measure is None:
        return as_written(goal.aim, by)
    measure = measure_of(goal.measure)
    name = f"mål|{goal.measure}|{goal.area}|{goal.by}"
    decimals = 0 if goal.target.is_integer() else measure.decimals
    return with_gaps(goal.aim, {"target": Fact(name, goal.target, measure.unit, decimals)}, by)


def _at_the_target(report: Report, goal: Goal) -> Value | None:
    if goal.target is None or goal.measure is None:
        return None
    return nearest_value(report, goal.measure, goal.area, goal.by)


def _outcome_of(report: Report, goal: Goal, by: Agreement) -> Cell:
    if goal.target is not None:
        value = _at_the_target(report, goal)
        if value is None:
            return None
        fact = value_fact(value)
        when = period_words(value)
        return say(
            "{v} {unit} {when}",
            v=fact,
            unit=fact.unit,
            when=when if when.isdigit() else f"i {when}",
        )
    if goal.measure:
        return _outcome(report.change(goal.measure))
    return filled(goal.outcome, report, by) if goal.outcome else None


def _reached(report: Report, goal: Goal, by: Agreement) -> Cell:
    if goal.reached:
        return as_written(goal.reached, by)
    if goal.target is not None:
        value = _at_the_target(report, goal)
        if value is None:
            return "Okänt"
        half = value.resolution / 2
        enough = value.value - half >= goal.target
        low_enough = value.value + half <= goal.target
        said = "Ja" if (enough if goal.at_least else low_enough) else "Nej"
        return said if value.period == goal.by else f"{said}, av {period_words(value)} att döma"
    change = report.change(goal.measure) if goal.measure else None
    if change is None:
        return "Okänt"
    facts = change_facts(change)
    fell, rose = ("Nej", "Ja") if goal.at_least else ("Ja", "Nej")
    same = f"Nej, {facts.unchanged}"
    return facts.moved(fell=f"{fell}, minskade", rose=f"{rose}, ökade", same=same)


def _outcome(change: Change | None) -> Text | None:
    if change is None:
        return None
    facts = change_facts(change)
    return say(
        "{before} → {after} {unit} ({d:signed})",
        before=facts.before,
        after=facts.after,
        unit=facts.after.unit,
        d=facts.difference,
    )
