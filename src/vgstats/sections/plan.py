"""Vad gjordes? The goals with their outcome, and the plan's actions with the volume that the source gives."""

from __future__ import annotations

from collections.abc import Iterable

from vgstats.blocks.blocks import Block, Folded, Heading, Quote, paragraphs, together
from vgstats.blocks.tables import Cell, Column, Table
from vgstats.blocks.words import as_written, period_words, told
from vgstats.catalogue import areas
from vgstats.catalogue.agreements import Agreement, Goal
from vgstats.catalogue.measures import measure as measure_of
from vgstats.facts.facts import Fact, count_fact, value_fact
from vgstats.facts.text import Name, Text, join, say
from vgstats.methods.before_after import change_facts
from vgstats.observations import Value, newest
from vgstats.reports.report import Report
from vgstats.sections.words import (
    filled,
    how_derived,
    left_out,
    nearest_value,
    plan_unknown,
    with_gaps,
)


def goals(report: Report) -> Block:
    """Return what was aimed at, the outcome, and whether the source lets it be tested."""
    followed = report.agreement
    if followed is None or not followed.goals:
        return left_out(report, plan_unknown(report))
    aimed_at = [value for goal in followed.goals if (value := _at_the_target(report, goal))]
    columns = [
        Column("Mål", "text", of=lambda goal: _aim(goal, followed)),
        Column("Utfall", "text", of=lambda goal: _outcome(report, goal, followed)),
        Column("Nått?", "text", of=lambda goal: _reached(report, goal, followed)),
        Column("Kan prövas?", "text", of=lambda goal: as_written(goal.testable, followed)),
        Column("Satt av", "text", of=lambda goal: as_written(goal.set_by, followed)),
    ]
    if any(goal.evidence for goal in followed.goals):
        told = Column(
            "Underlag", "text", of=lambda goal: as_written(goal.evidence or "-", followed)
        )
        columns.insert(2, told)
    sources = [*(goal.source for goal in followed.goals), *(v.source for v in aimed_at)]
    derived = how_derived(report, aimed_at)
    return Table.from_frame(
        followed.goals,
        columns,
        id="mal",
        caption=goals_sentence(report) or "",
        note=say(
            "{together}{s} {derived}",
            together=say("{t} ", t=at_once) if (at_once := reached_at_once(followed)) else "",
            s=report.cite(sources),
            derived=derived,
        ),
    )


def reached_at_once(followed: Agreement) -> Text | None:
    """Return what the source says of all the goals of a project at once, None where it says nothing of them so."""
    if not followed.project or not followed.project.goals_reached:
        return None
    said = as_written(followed.project.goals_reached.rstrip("."), followed)
    return say("Källan ger ett svar för projektets mål tillsammans: {said}.", said=said)


def _aim(goal: Goal, by: Agreement) -> Text | Name | str:
    if goal.target is None or goal.measure is None:
        return as_written(goal.aim, by)
    measure = measure_of(goal.measure)
    name = f"mål|{goal.measure}|{goal.area}|{goal.by}"
    decimals = 0 if isinstance(goal.target, int) else measure.decimals
    return with_gaps(goal.aim, {"target": Fact(name, goal.target, measure.unit, decimals)}, by)


def _at_the_target(report: Report, goal: Goal) -> Value | None:
    if goal.target is None or goal.measure is None:
        return None
    return nearest_value(report, goal.measure, goal.area, goal.by)


def _outcome(report: Report, goal: Goal, by: Agreement) -> Text | None:
    if goal.target is not None:
        value = _at_the_target(report, goal)
        if value is None:
            return None
        fact, when = value_fact(value), period_words(value)
        when = when if when.isdigit() else f"i {when}"
        return say("{v} {unit} {when}", v=fact, unit=fact.unit, when=when)
    if goal.measure:
        change = report.change(goal.measure)
        form = "{before} → {after} {unit} ({difference:signed})"
        return told(change, form) if change else None
    return filled(goal.outcome, report, by) if goal.outcome else None


def goals_sentence(report: Report) -> Text | None:
    """Return how many of the goals were reached, were not, and cannot be tested; None without goals."""
    followed = report.agreement
    if followed is None or not followed.goals:
        return None
    # A local project answers for its own goals: those of the country are told apart, see `country_goals`.
    own = [goal for goal in followed.goals if goal.area != areas.RIKET or not followed.project]
    counted_goals = own or followed.goals
    apart = len(counted_goals) < len(followed.goals)
    met = [_met(report, goal) for goal in counted_goals]
    if len(met) == 1:
        aim = "Målet för riket" if counted_goals[0].area == areas.RIKET else "Målet"
        form: dict[bool | None, str] = {True: "{aim} nåddes.", False: "{aim} nåddes inte."}
        return say(form.get(met[0], "{aim} går inte att pröva fullt ut."), aim=aim)
    if not any(one is not None for one in met):
        return say(
            "Inget av {of} {all} {aims} går att pröva fullt ut.",
            of="insatsens" if apart else "de",
            aims="mål" if apart else "målen",
            all=count_fact("antal mål", len(met)),
        )
    tails = {"nåddes inte": False, "går inte att pröva fullt ut": None}
    counted = {words: count_fact(f"mål som {words}", met.count(of)) for words, of in tails.items()}
    reached = count_fact("mål som nåddes", met.count(True))
    first = say(
        "Av {of}{all} mål nåddes {reached}",
        of="insatsens " if apart else "",
        all=count_fact("antal mål", len(met)),
        reached=say("säkert {n}", n=reached) if reached.value else "inget",
    )
    said = [say("{n} {words}", n=n, words=words) for words, n in counted.items() if n.value]
    return say("{said}.", said=join([first, *said], "; "))


def country_goals(report: Report) -> list[Text]:
    """Return the goals for the whole country that a local project stands beside, with what became of them."""
    followed = report.agreement
    if followed is None or followed.area == areas.RIKET:
        return []
    return [
        say(
            "Mål för hela landet: {aim}.{outcome} {evidence}",
            aim=_aim(goal, followed),
            outcome=say(" Det blev {o}.", o=outcome) if outcome else "",
            evidence=as_written(goal.evidence, followed),
        )
        for goal in followed.goals
        if goal.area == areas.RIKET
        for outcome in [_outcome(report, goal, followed)]
    ]


def _met(report: Report, goal: Goal) -> bool | None:
    """Return whether a goal was reached, None where that cannot be tested in full."""
    if not goal.testable.lower().startswith("ja"):
        return None
    if goal.reached:
        first = goal.reached.lower()[:3]
        return {"ja": True, "nej": False}.get(first.strip(" ,.:;"))
    if goal.target is not None:
        value = _at_the_target(report, goal)
        return _enough(goal, goal.target, value) if value else None
    change = report.change(goal.measure) if goal.measure else None
    if change is None:
        return None
    return not change.within_rounding and (change.difference > 0) == goal.at_least


def _enough(goal: Goal, target: float, value: Value) -> bool:
    half = value.resolution / 2
    return value.value - half >= target if goal.at_least else value.value + half <= target


def _reached(report: Report, goal: Goal, by: Agreement) -> Cell:
    if goal.reached:
        return as_written(goal.reached, by)
    if goal.target is not None:
        value = _at_the_target(report, goal)
        if value is None:
            return "Okänt"
        said = "Ja" if _enough(goal, goal.target, value) else "Nej"
        return said if value.period == goal.by else f"{said}, av {period_words(value)} att döma"
    change = report.change(goal.measure) if goal.measure else None
    if change is None:
        return "Okänt" if reached_at_once(by) is None else "Sägs inte för sig"
    facts = change_facts(change)
    fell, rose = ("Nej", "Ja") if goal.at_least else ("Ja", "Nej")
    same = f"Nej, {facts.unchanged}"
    return facts.moved(fell=f"{fell}, minskade", rose=f"{rose}, ökade", same=same)


def actions(report: Report, *, figures: bool = True) -> Block:
    """Return what was done, field by field, with the volume that the source gives, and the region's own words.

    Args:
        report: the report.
        figures: whether to show the figures that the source gives too.
    """
    followed = report.agreement
    about = as_written(followed.text, followed) if followed else None
    return together(
        paragraphs(say("{text}", text=about) if about is not None else None),
        _done(report, followed) if followed and followed.actions else None,
        _own_figures(report, followed) if figures and followed and followed.figures else None,
        None if followed and followed.actions else _not_told(report),
        _own_words(report),
    )


def _done(report: Report, followed: Agreement) -> Block:
    columns = [
        Column("Insats", "text", of=lambda action: as_written(action.action, followed)),
        Column(
            "Volym enligt källan",
            "text",
            of=lambda action: filled(action.volume, report, followed) if action.volume else "-",
        ),
    ]
    told = sum(action.volume is not None for action in followed.actions)
    caption = say(
        "{name}: källan säger hur mycket för {told} av {all} insatser",
        name=followed.short_name,
        told=count_fact("insatser med volym", told),
        all=count_fact("antal insatser", len(followed.actions)),
    )
    note = say(
        "Vad varje insats har betytt syns inte i siffrorna. {sources}",
        sources=report.cite([followed.source]),
    )
    table = Table.from_frame(followed.actions, columns, id="insatser", caption=caption, note=note)
    return Folded([table], "Visa insatserna")


def _own_words(report: Report) -> Iterable[Block]:
    """Return what the region itself has written, told apart from what is worked out here."""
    if not report.texts.answers:
        return
    yield Heading("Regionens egna ord")
    yield paragraphs(
        "Det här har regionen skrivit själv. Det är inte uträknat eller kontrollerat av vgstats, och tal i det finns "
        "inte bland rapportens siffror.",
        kind="note",
    )
    for answer in report.texts.answers:
        parts = [answer.heading, *filter(None, answer.text.splitlines()), answer.author]
        yield Quote([say("{words}", words=Name(part)) for part in parts])


def _not_told(report: Report) -> Iterable[Block]:
    """Say where actions may be told that are not told here."""
    for plan in report.own_plans():
        yield paragraphs(
            f"Länets egna mål, insatser och pengar står i uppföljningen av {plan.short_name.lower()}, en egen rapport."
        )
    if not report.own_plans():
        yield left_out(report, plan_unknown(report))


def _own_figures(report: Report, followed: Agreement) -> Table:
    """Return the figures that the agreement's or project's source gives, in the months it gives them for."""
    order = followed.figures
    found = [
        value
        for value in newest(report.observations).values()
        if value.measure in order and value.source == followed.source
    ]
    columns = [
        Column("Mått", "text", of=lambda v: measure_of(v.measure).name),
        Column("Var", "text", of=lambda v: areas.name(v.area)),
        Column("När", "text", of=period_words),
        Column("Värde", of=value_fact),
        Column("Enhet", "text", of=lambda v: measure_of(v.measure).unit),
    ]
    return Table.from_frame(
        sorted(found, key=lambda v: (order.index(v.measure), v.area, v.period)),
        columns,
        id="insatsens-siffror",
        caption=say("{name}: siffror som källan ger", name=followed.short_name),
        note=report.cite([followed.source]),
    )
