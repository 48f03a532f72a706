"""Vad hände? The first screen, the goals and the table of changes."""

from __future__ import annotations

from vgstats.analysis.change import Change, sex_gap
from vgstats.measures import measure as measure_of
from vgstats.periods import Period
from vgstats.presentation.blocks import (
    Block,
    Blocks,
    Cell,
    Column,
    KeyFigure,
    KeyFigures,
    Paragraphs,
    SideBySide,
    Table,
    Title,
    missing,
)
from vgstats.presentation.facts import ChangeFacts, change_facts, count_fact
from vgstats.presentation.text import Text, direction, say
from vgstats.presentation.uppfoljning.words import (
    filled,
    from_to,
    moved,
    period_words,
    sex_words,
    short_period,
    source_list,
)
from vgstats.report_kinds.uppfoljning import COUNTY_COMPARISON, OUTCOMES, Followup


def title(report: Followup) -> Title:
    """Return the report's heading and the line that says what it follows up."""
    before, after = (
        Period.parse(text).swedish() for text in (report.parameters.before, report.parameters.after)
    )
    followed = report.intervention
    line = (
        say(
            "Uppföljning av {name}, {start}–{end}",
            name=followed.name[0].lower() + followed.name[1:],
            start=str(followed.start.year),
            end=str(followed.end.year),
        )
        if followed
        else say("Uppföljning av officiella siffror, utan någon namngiven insats")
    )
    return Title(f"Sjukfrånvaron i {report.area_name}, {before} till {after}", line)


def first_screen(report: Followup) -> Block:
    """Return what a committee member should know after one minute."""
    sentences = [
        *_ohalsotal_sentences(report),
        *_long_cases_sentences(report),
        *_ongoing_cases_sentences(report),
        *_country_sentences(report),
        _no_cause(report),
    ]
    cards = [card for card in _cards(report) if card]
    return SideBySide([Paragraphs(sentences, kind="lead"), KeyFigures(cards)], kind="first-screen")


def _ohalsotal_sentences(report: Followup) -> list[Text]:
    change = report.change("ohalsotal")
    if change is None:
        return []
    facts = change_facts(change)
    first = say(
        "Ohälsotalet i {area} {moved} från {before} dagar i {then} till {after} dagar i {now}. "
        "Det är {difference:abs} dagar {less} per försäkrad, {moved_by}.",
        area=report.area_name,
        moved=direction(facts.difference, fell="sjönk", rose="steg", same="låg stilla"),
        before=facts.before,
        after=facts.after,
        then=period_words(change.before),
        now=period_words(change.after),
        difference=facts.difference,
        less=direction(facts.difference, fell="mindre", rose="mer", same="i skillnad"),
        moved_by=moved(facts),
    )
    women, men, gap = (
        report.change("ohalsotal", "kvinnor"),
        report.change("ohalsotal", "män"),
        _gap(report),
    )
    if women is None or men is None or gap is None:
        return [first]
    w, m, g = change_facts(women), change_facts(men), change_facts(gap)
    second = say(
        "Kvinnornas ohälsotal gick från {w0} till {w1} dagar och männens från {m0} till {m1} dagar. "
        "Skillnaden mellan könen {moved} från {g0} till {g1} dagar.",
        w0=w.before,
        w1=w.after,
        m0=m.before,
        m1=m.after,
        g0=g.before,
        g1=g.after,
        moved=direction(g.difference, fell="minskade", rose="ökade", same="var oförändrad,"),
    )
    return [first, second]


def _gap(report: Followup) -> Change | None:
    pair = report.periods("ohalsotal")
    if pair is None:
        return None
    before, after = (
        sex_gap(report.observations, "ohalsotal", report.area, period) for period in pair
    )
    return Change(before, after) if before and after else None


def _long_cases_sentences(report: Followup) -> list[Text]:
    change = report.change("sjukfall_60_dagar")
    if change is None:
        return []
    facts = change_facts(change)
    return [
        say(
            "Sjukfallen som hade varat 60 dagar eller mer blev {less}: från {before} i {then} till "
            "{after} i {now}, {moved_by}.",
            less=direction(facts.difference, fell="färre", rose="fler", same="lika många"),
            before=facts.before,
            after=facts.after,
            then=period_words(change.before),
            now=period_words(change.after),
            moved_by=moved(facts),
        )
    ]


def _ongoing_cases_sentences(report: Followup) -> list[Text]:
    """Say how ongoing cases changed where the county has no other measure."""
    change = report.change(COUNTY_COMPARISON)
    if change is None or report.change("ohalsotal") or report.change("sjukfall_60_dagar"):
        return []
    by_sex = [report.change(COUNTY_COMPARISON, sex) for sex in ("kvinnor", "män")]
    facts = change_facts(change)
    sentences = [
        say(
            "De pågående sjukfallen i {area} gick från {before} till {after} mellan {then} och {now}, "
            "{moved_by}. Talen är medeltal av årets tolv månadsskiften.",
            area=report.area_name,
            before=facts.before,
            after=facts.after,
            then=period_words(change.before),
            now=period_words(change.after),
            moved_by=moved(facts),
        )
    ]
    if all(by_sex):
        women, men = (moved(change_facts(c)) for c in by_sex if c)
        sentences.append(say("Kvinnor: {women}. Män: {men}.", women=women, men=men))
    return sentences


def _country_sentences(report: Followup) -> list[Text]:
    found = report.comparison()
    if found is None:
        return [
            say(
                "Hur det gick i resten av landet går inte att säga: värden för riket och de andra "
                "länen med samma tidpunkter saknas."
            )
        ]
    county, riket = change_facts(found.county), change_facts(found.riket)
    same_way = (found.county.difference < 0) == (found.riket.difference < 0)
    opening = (
        "Samtidigt {r_moved} sjukfallen i hela landet."
        if same_way
        else "I hela landet {r_moved} sjukfallen."
    )
    return [
        say(
            opening + " De pågående sjukfallen av alla längder {c_moved} {periods} med "
            "{county:abs} procent i länet{and_country} {riket:abs} procent i riket. Ordnas de {n} länen "
            "efter hur mycket sjukfallen minskade ligger länet på plats {rank}.",
            r_moved=direction(riket.percent, fell="minskade", rose="ökade", same="var oförändrade"),
            c_moved=direction(county.percent, fell="minskade", rose="ökade", same="ändrades"),
            periods=from_to(found.county),
            county=county.percent,
            and_country=" och med" if same_way else ", medan ändringen var",
            riket=riket.percent,
            n=count_fact("antal län", found.counties),
            rank=count_fact(f"plats|{report.area}", found.rank),
        )
    ]


def _no_cause(report: Followup) -> Text:
    followed = report.intervention
    if followed and followed.met_all_counties:
        return say(
            "Siffrorna visar vad som hände, inte varför. Alla län fick statsbidraget, så det finns "
            "inget län utan insatser att jämföra med."
        )
    return say("Siffrorna visar vad som hände, inte varför.")


def _cards(report: Followup) -> list[KeyFigure | None]:
    ongoing = report.change(COUNTY_COMPARISON)
    if ongoing and not report.change("ohalsotal"):
        return [_card(ongoing, "Pågående sjukfall i länet"), _country_card(report)]
    return [
        _card(report.change("ohalsotal"), "Ohälsotal"),
        _card(_gap(report), "Kvinnors ohälsotal minus mäns", percent=False),
        _card(report.change("sjukfall_60_dagar"), "Sjukfall, 60 dagar eller mer"),
        _country_card(report),
    ]


def _card(change: Change | None, label: str, *, percent: bool = True) -> KeyFigure | None:
    if change is None:
        return None
    facts = change_facts(change)
    unit = facts.after.unit
    values = say("{before} → {after}", before=facts.before, after=facts.after)
    if unit == "dagar":
        values = say("{values} {unit}", values=values, unit=unit)
    by = say("{d:signed} {unit}", d=facts.difference, unit=unit)
    if percent:
        by = say("{by} ({p:signed} %)", by=by, p=facts.percent_beside)
    return KeyFigure(
        label,
        values,
        by,
        say("{then} → {now}", then=short_period(change.before), now=short_period(change.after)),
    )


def _country_card(report: Followup) -> KeyFigure | None:
    found = report.comparison()
    if found is None:
        return None
    county, riket = change_facts(found.county), change_facts(found.riket)
    return KeyFigure(
        "Pågående sjukfall i länet och landet",
        say("{p:signed} % i länet", p=county.percent),
        say("{p:signed} % i riket", p=riket.percent),
        say(
            "{then} → {now}",
            then=period_words(found.county.before),
            now=period_words(found.county.after),
        ),
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
        if goal.measure:
            outcome: Cell = _outcome(report.change(goal.measure))
        else:
            outcome = filled(goal.outcome, report) if goal.outcome else None
        rows.append([goal.aim, goal.set_by, outcome, goal.testable, goal.comment])
    return Table(
        "mal",
        "Mål, utfall och om målet kan prövas",
        [Column(name, "text") for name in ("Mål", "Satt av", "Utfall", "Kan prövas?", "Kommentar")],
        rows,
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
    Column("Avrundningen lämnar"),
    Column("Tid", "text"),
]


def _rounding_band(facts: ChangeFacts) -> Text:
    low, high = facts.difference_low, facts.difference_high
    if high.value - low.value < 10**-low.decimals:
        return say("mindre än en enhet")
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
    for id_ in OUTCOMES:
        total = report.change(id_)
        parts = {sex: report.change(id_, sex) for sex in ("kvinnor", "män")}
        if total is None and not any(parts.values()):
            continue
        measure = measure_of(id_)
        by_sex = all(parts.values())
        label = f"{measure.name} ({measure.unit})"
        if total:
            words = label if by_sex else f"{label}; uppgift per kön saknas"
            rows.append(change_row(words, total))
            sources.append(total.after.source)
        for sex, change in parts.items():
            if change:
                rows.append(change_row(f"{measure.name}, {sex_words(sex)}", change))
        if id_ == "ohalsotal" and (gap := _gap(report)):
            rows.append(change_row("Ohälsotal, skillnad mellan kvinnor och män", gap))
        if id_ == COUNTY_COMPARISON and (found := report.comparison()):
            rows.append(change_row(f"{measure.name}, riket", found.riket))
            rows.append(change_row(f"{measure.name}, riket utom länet", found.rest))
    if not rows:
        return missing("Inget av måtten har värden för länet i båda perioderna.")
    return Blocks(
        [
            Table(
                "forandring",
                f"Förändringar i {report.area_name}",
                CHANGE_COLUMNS,
                rows,
                say(
                    "Källornas tal är avrundade. Kolumnen Avrundningen lämnar visar hur stor eller liten "
                    "förändringen kan ha varit med tanke på det. Pågående sjukfall är medeltal, och deras "
                    "procent är räknade innan medeltalen avrundades till hela sjukfall. {sources}",
                    sources=source_list(report, sources),
                ),
            ),
            _absent(report),
        ]
    )


def _absent(report: Followup) -> Paragraphs:
    absent = [measure_of(m).name for m in OUTCOMES if report.change(m) is None]
    if not absent:
        return Paragraphs([])
    return Paragraphs(
        [
            say(
                "För länet saknas uppgift i båda perioderna om: {names}. Avsnittet Hur vet vi det? "
                "säger var uppgifterna finns.",
                names="; ".join(absent).lower(),
            )
        ],
        kind="missing",
    )
