"""Vad hände? The goals and the table of changes."""

from __future__ import annotations

from vgstats import areas
from vgstats.analysis.change import Change, ChangeFacts, change_facts
from vgstats.interventions import Goal
from vgstats.measures import measure as measure_of
from vgstats.presentation.blocks import Block, Blocks, Paragraphs, missing
from vgstats.presentation.tables import Cell, Column, Table
from vgstats.presentation.uppfoljning.key_figures import gap
from vgstats.presentation.uppfoljning.words import (
    filled,
    is_yearly_mean,
    sex_words,
    short_period,
    source_list,
)
from vgstats.report_kinds.followup import Followup
from vgstats.report_kinds.uppfoljning import ONGOING, OUTCOMES
from vgstats.wording.text import Text, direction, say, swedish_list


def goals(report: Followup) -> Block:
    """Return what was aimed at, the outcome, and whether the source lets it be tested."""
    followed = report.intervention
    if followed is None or not followed.goals:
        return missing(
            "Vilka mål som gällde för länet finns inte bland de uppgifter som rapporten bygger på."
        )
    rows: list[list[Cell]] = []
    for goal in followed.goals:
        if goal.measure:
            outcome: Cell = _outcome(report.change(goal.measure))
        else:
            outcome = filled(goal.outcome, report) if goal.outcome else None
        rows.append([goal.aim, outcome, _reached(report, goal), goal.testable, goal.set_by])
    return Table(
        "mal",
        "Mål, utfall och om målet kan prövas",
        [Column(name, "text") for name in ("Mål", "Utfall", "Nått?", "Kan prövas?", "Satt av")],
        rows,
        source_list(report, [goal.source for goal in followed.goals]),
    )


def _reached(report: Followup, goal: Goal) -> str:
    if goal.reached:
        return goal.reached
    change = report.change(goal.measure) if goal.measure else None
    if change is None:
        return "Okänt"
    return direction(
        change_facts(change).difference, fell="Ja, minskade", rose="Nej, ökade", same="Nej"
    )


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


CHANGE_COLUMNS = [
    Column("Mått", "text"),
    Column("Före"),
    Column("Efter"),
    Column("Förändring"),
    Column("Procent"),
    Column("Möjlig förändring"),
    Column("Tid", "text"),
]


def _rounding_band(facts: ChangeFacts) -> Text:
    low, high = facts.difference_low, facts.difference_high
    if high.value - low.value < 10**-low.decimals:
        return say("ingen avrundning")
    return say("{low:signed} till {high:signed}", low=low, high=high)


def change_row(label: Cell, change: Change) -> list[Cell]:
    """Return a row for `CHANGE_COLUMNS`."""
    facts = change_facts(change)
    return [
        label,
        facts.before,
        facts.after,
        say("{d:signed}", d=facts.difference),
        say("{p:signed} %", p=facts.percent),
        _rounding_band(facts),
        say("{a} → {b}", a=short_period(change.before), b=short_period(change.after)),
    ]


def changes(report: Followup) -> Block:
    """Return the table of what changed, women and men apart where the source has it."""
    rows: list[list[Cell]] = []
    sources: list[str] = []
    for measure in OUTCOMES:
        found = _measure_rows(report, measure)
        rows += [change_row(label, change) for label, change in found]
        sources += [change.after.source for _, change in found]
    if not rows:
        return missing("Inget av måtten har värden för länet i båda perioderna.")
    table = Table(
        "forandring",
        f"Förändringar i {report.area_name}",
        CHANGE_COLUMNS,
        rows,
        say("{notes} {sources}", notes=_notes(report), sources=source_list(report, sources)),
    )
    return Blocks([table, _absent(report)])


def _measure_rows(report: Followup, id_: str) -> list[tuple[str, Change]]:
    """Return the rows of one measure: the county by sex, and the country where it is known."""
    measure = measure_of(id_)
    by_sex = {sex: report.change(id_, sex) for sex in ("alla", "kvinnor", "män")}
    has_sexes = by_sex["kvinnor"] and by_sex["män"]
    names = {
        "alla": f"{measure.name} ({measure.unit})"
        + ("" if has_sexes else "; uppgift per kön saknas"),
        **{sex: f"{measure.name}, {sex_words(sex)}" for sex in ("kvinnor", "män")},
    }
    rows = [(names[sex], change) for sex, change in by_sex.items() if change]
    if id_ == "ohalsotal" and (difference := gap(report)):
        rows.append(("Ohälsotal, skillnad mellan kvinnor och män", difference))
    for sex in by_sex:
        riket = report.change(id_, sex, area=areas.RIKET)
        beside = riket and by_sex[sex] and (sex == "alla" or not by_sex["alla"])
        if riket and beside:
            rows.append((f"{measure.name}{_of(sex)}, riket", riket))
    for compared in report.compared:
        if compared.rest and compared.county.after.measure == id_:
            name = f"{measure.name}{_of(compared.rest.after.sex)}, övriga landet"
            rows.append((name, compared.rest))
    return rows


def _of(sex: str) -> str:
    return "" if sex == "alla" else f", {sex_words(sex)}"


def _notes(report: Followup) -> str:
    notes = []
    if any(report.has(m) for m in OUTCOMES if m != ONGOING):
        notes.append(
            "Källornas tal är avrundade. Kolumnen Möjlig förändring visar hur liten eller stor "
            "förändringen kan ha varit med tanke på det."
        )
    ongoing = report.change(ONGOING)
    if ongoing and is_yearly_mean(ongoing):
        notes.append(
            "Pågående sjukfall är genomsnitt av tolv månadsskiften, skrivna som hela tal. Procenten "
            "är räknade före den avrundningen, och kvinnor och män tillsammans kan skilja med ett "
            "från totalen."
        )
    return " ".join(notes)


def _absent(report: Followup) -> Paragraphs:
    absent = [
        measure_of(m).name.lower()
        for m in OUTCOMES
        if not any(report.change(m, sex) for sex in ("alla", "kvinnor", "män"))
    ]
    if not absent:
        return Paragraphs([])
    return Paragraphs(
        [
            say(
                "För länet saknas i rapportens perioder: {names}. Avsnittet Hur vet vi det? säger var "
                "uppgifterna kan sökas.",
                names=swedish_list(absent),
            )
        ],
        kind="missing",
    )
