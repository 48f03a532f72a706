"""Vad hände? The goals and the table of changes."""

from __future__ import annotations

from vgstats.blocks.blocks import Block, Blocks, Paragraphs, missing
from vgstats.blocks.tables import Cell, Column, Table
from vgstats.catalogue import areas
from vgstats.catalogue.agreements import Agreement, Goal
from vgstats.catalogue.measures import measure as measure_of
from vgstats.facts.facts import Fact, value_fact
from vgstats.facts.text import Text, say, swedish_list
from vgstats.methods.before_after import Change, ChangeFacts, change_facts
from vgstats.observations import Value
from vgstats.reports.followup import Followup
from vgstats.reports.uppfoljning import ONGOING, OUTCOMES, SHARES, SHARES_OF
from vgstats.sections.key_figures import gap
from vgstats.sections.words import (
    as_written,
    filled,
    how_derived,
    is_yearly_mean,
    nearest_value,
    period_words,
    sex_words,
    short_period,
    source_list,
    with_gaps,
)


def goals(report: Followup) -> Block:
    """Return what was aimed at, the outcome, and whether the source lets it be tested."""
    followed = report.intervention
    if followed is None or not followed.goals:
        return missing(
            "Vilka mål som gällde för länet finns inte bland de uppgifter som rapporten bygger på."
        )
    rows: list[list[Cell]] = []
    for goal in followed.goals:
        rows.append(
            [
                _aim(goal, followed),
                _outcome_of(report, goal, followed),
                _reached(report, goal, followed),
                as_written(goal.testable, followed),
                as_written(goal.set_by, followed),
            ]
        )
    aimed_at = [value for goal in followed.goals if (value := _at_the_target(report, goal))]
    return Table(
        "mal",
        "Mål, utfall och om målet kan prövas",
        [Column(name, "text") for name in ("Mål", "Utfall", "Nått?", "Kan prövas?", "Satt av")],
        rows,
        say(
            "{sources} {derived}",
            sources=source_list(
                report, [*(goal.source for goal in followed.goals), *(v.source for v in aimed_at)]
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


def _at_the_target(report: Followup, goal: Goal) -> Value | None:
    if goal.target is None or goal.measure is None:
        return None
    return nearest_value(report, goal.measure, goal.area, goal.by)


def _outcome_of(report: Followup, goal: Goal, by: Agreement) -> Cell:
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


def _reached(report: Followup, goal: Goal, by: Agreement) -> Cell:
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
        return say("källan avrundar inte")
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
    for measure in [*OUTCOMES, *report.parameters.further]:
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
        "alla": f"{measure.name} ({measure.unit}){'' if has_sexes else _sexes_lacking(report, id_)}",
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


def _sexes_lacking(report: Followup, measure: str) -> str:
    shares = measure == SHARES_OF and report.change(SHARES, "kvinnor")
    return "; per kön bara som andel" if shares else "; uppgift per kön saknas"


def _of(sex: str) -> str:
    return "" if sex == "alla" else f", {sex_words(sex)}"


def _notes(report: Followup) -> str:
    notes = []
    told = [*OUTCOMES, *report.parameters.further]
    shown = [change for m in told for _, change in _measure_rows(report, m)]
    coarse = dict.fromkeys(
        measure_of(c.after.measure).name
        for c in shown
        if c.difference_band.low < c.difference_band.high
    )
    if coarse:
        notes.append(
            f"Källorna avrundar {swedish_list([_lower(name) for name in coarse])}. Kolumnen Möjlig förändring "
            "visar hur liten eller stor förändringen kan ha varit med tanke på det."
        )
    ongoing = report.change(ONGOING)
    if ongoing and is_yearly_mean(ongoing):
        notes.append(
            "Pågående sjukfall är genomsnitt av tolv månadsskiften, som den här rapporten skriver som hela "
            "tal. Procenten är räknade på genomsnitten, och kvinnor och män tillsammans kan skilja med ett "
            "från totalen."
        )
    return " ".join(notes)


def _lower(name: str) -> str:
    return name[:1].lower() + name[1:]


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
