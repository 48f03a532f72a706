"""Hur vet vi det? What a report says of its figures: meaning, sources, what is hidden or missing, how to check it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import pandas as pd

from vgstats.blocks.blocks import OWN_FIGURES, Block, Preformatted, paragraphs, together
from vgstats.blocks.record import Recorded
from vgstats.blocks.tables import Address, Cell, Column, Table, text_columns
from vgstats.blocks.words import capitalised
from vgstats.catalogue import areas
from vgstats.catalogue.measures import (
    BY_BRANCH,
    LONG_CASES,
    ONGOING_RATE,
    ONGOING_SHARE,
    SHARES,
    STARTED,
)
from vgstats.catalogue.measures import measure as measure_of
from vgstats.disclosure import HidingRule
from vgstats.facts.facts import count_fact
from vgstats.facts.text import HIDDEN_MARK, HIDDEN_WORDS, UNCONTROLLED, Code, Name, Text, say
from vgstats.reports.report import Report
from vgstats.sections.words import chosen_measures
from vgstats.software import vgstats_version


def definitions(report: Report) -> Block:
    """Return what the measures in the report mean."""
    by_part = (ONGOING_SHARE, STARTED, BY_BRANCH)
    measures = [
        *report.shown,
        ONGOING_RATE,
        SHARES,
        *by_part,
        *report.costs,
        *report.parameters.further,
    ]
    asked = [m for m in dict.fromkeys(measures) if (m, report.area) in report.asked]
    # Shares are there by group, so that none is a change of the whole.
    by_group = {SHARES} if SHARES in asked and report.periods(SHARES) else set()
    shown = [m for m in asked if report.has(m) or report.hides(m) or m in by_group]
    columns = [
        Column("Mått", "text", of="name"),
        Column("Enhet", "text", of="unit"),
        Column("Betydelse", "text", of="definition"),
    ]
    caption = "Måtten i rapporten"
    return Table.from_frame(map(measure_of, shown), columns, id="definitioner", caption=caption)


def sources(report: Report, *, how_hidden: bool = True) -> Block:
    """Return where the figures, rules and boundaries come from, a row for each publication.

    Args:
        report: the report.
        how_hidden: whether to say how small numbers are hidden too, where `hidden` does not say it elsewhere.
    """
    shown = report.named_sources()
    publications = [of for _, of in shown.groupby(["publisher", "title", "published"], sort=False)]
    columns = [
        Column(
            "Källa", "text", of=lambda of: Name(f"{of['short'].iloc[0]}: {of['title'].iloc[0]}")
        ),
        Column("Utgivare och tid", "text", of=_publisher),
        Column("Avläst", "text", of=lambda of: _read(report, of)),
        Column("Adress", "address", of=lambda of: Address(of["address"].iloc[0])),
        Column("Anmärkning", "text", of=_notes),
    ]
    table = Table.from_frame(
        publications,
        columns,
        id="kallor",
        caption="Källor till siffror, regler och gränser",
        note=_whose(report),
    )
    return together(
        table, hidden(report) if how_hidden and any(report.shown_and_hidden()) else None
    )


def _whose(report: Report) -> str:
    """Say who has published the numbers that the others are worked out of."""
    if report.synthetic:
        return "Alla tal är påhittade av programmet."
    others = "Övriga grundtal är publicerade av andra."
    if any(report.shown_and_hidden()):
        return f"Tal ur regionens eget register är skyddade som det står nedan. {others}"
    if report.has_own_figures:
        return f"Tal ur regionens egna källor är regionens egna, inte officiella. {others}"
    return (
        "Alla grundtal är publicerade av andra. Skillnader, procent och ungefärliga antal är uträknade "
        "här. Inga egna räkningar av personer har lagts till, så inga små tal har behövt döljas."
    )


def _publisher(of: pd.DataFrame) -> Cell:
    return Name(", ".join(filter(None, of.iloc[0][["publisher", "published"]])))


def _read(report: Report, of: pd.DataFrame) -> str:
    read = report.observations.loc[report.observations["source"].isin(of.index), "retrieved"]
    return max(read)[:10] if len(read) else "inga siffror"


def _notes(of: pd.DataFrame) -> Cell:
    notes = (
        f"{capitalised(row.place)}: {row.note}" if row.place else row.note
        for row in of.itertuples()
        if row.note
    )
    return Name(" ".join(notes))


def hidden(report: Report) -> Block:
    """Return how small numbers are hidden, and by whom."""
    shown, not_shown = report.shown_and_hidden()
    own = _registers(report)
    if not shown + not_shown and own.empty:
        return paragraphs("Rapporten har inga egna antal, så inga små tal har behövt döljas.")
    if not shown + not_shown:
        return paragraphs(
            say(
                "Antalen kommer från {publisher}, som har lämnat dem med beskedet att små tal redan är dolda. Vad "
                "som är dolt har den bestämt; här döljs inget mer. Dolda tal har märket {mark}.",
                publisher=Name(" och ".join(sorted(set(own["publisher"])))),
                mark=HIDDEN_MARK,
            )
        )
    rule = report.parameters.disclosure.rule()
    if rule.on:
        return paragraphs(_rule_words(rule, shown, not_shown), kind=OWN_FIGURES)
    return paragraphs(
        f"{UNCONTROLLED}. Rapporten visar alla antal som de är, också dem som är så små att de kan röja "
        "enskilda personer.",
        kind=OWN_FIGURES,
    )


def _registers(report: Report) -> pd.DataFrame:
    """Return the sources of what a region counts itself, whoever has handed it over."""
    rows = report.observations
    counted = rows.loc[[measure_of(m).own for m in rows["measure"]], "source"]
    own = report.own_sources()
    return report.sources[report.sources.index.isin([*counted, *own.index])]


def _rule_words(rule: HidingRule, shown: int, hidden: int) -> list[Text]:
    zero_shown = "En nolla visas, för den säger bara att ingen fanns."
    return [
        say(
            "Antalen kommer ur regionens eget register, där ingen har dolt små tal. Ett litet antal kan avslöja "
            "vem det gäller. Därför döljs antal från {low} till {high}. {zero}",
            low=count_fact("lägsta antal som döljs", rule.hidden_from),
            high=count_fact("högsta antal som döljs", rule.threshold - 1),
            zero=zero_shown if rule.zeros_shown else "Också nollor döljs.",
        ),
        say(
            "Ett dolt tal ska inte heller kunna räknas ut ur de andra, till exempel som summan minus resten. Därför "
            "döljs också andra tal än de små. Den som lägger ihop allt som visas, här "
            "och i tidigare rapporter ur samma register, kan inte komma ett dolt tal närmare än att det "
            "ligger i ett spann där det högsta är minst {width} mer än det lägsta. Det som doldes i en "
            "tidigare rapport är dolt här också, vad det än är nu och minst så väl som det lovades då.",
            width=count_fact("minsta spann för ett dolt tal", rule.width),
        ),
        say(
            "Alla dolda tal har samma märke ({mark}), vare sig de är små själva eller döljs för andras skull. Procent, "
            "förändringar och rangordningar som bygger på ett dolt tal visas inte. I den här rapporten visas {shown} "
            "antal, och {hidden} är dolda.",
            mark=HIDDEN_MARK,
            shown=count_fact("visade antal", shown),
            hidden=count_fact("dolda antal", hidden),
        ),
    ]


def gaps(report: Report, measures: Sequence[str] | None = None) -> Block:
    """Return what is missing for the report's area, and where it may be sought.

    Args:
        report: the report.
        measures: those to look for; those that every report of the kind tells when left out.
    """
    rows: list[list[Cell]] = [
        [name, lacking, report.where_to_get(id_) or "okänt"]
        for id_ in chosen_measures(measures, (*report.shown, *report.costs))
        for name, lacking in _lacking(report, id_)
    ]
    if not rows:
        return paragraphs("Inget av rapportens mått saknas.")
    return Table(
        "saknas",
        "Uppgifter som saknas i rapportens perioder",
        text_columns("Mått", "Vad som saknas", "Var uppgiften kan sökas"),
        rows,
        "Hur långt tillbaka Försäkringskassans öppna uppgifter går är inte känt. Kommandona säger till om "
        "åren inte finns.",
    )


def _lacking(report: Report, id_: str) -> Iterable[tuple[str, str]]:
    """Say what of a measure is missing: for the area, and for riket where the area has it."""
    name = measure_of(id_).name
    total, by_sex = report.change(id_), report.change(id_, "kvinnor")
    if total and not by_sex:
        as_share = id_ == LONG_CASES and report.change(SHARES, "kvinnor")
        yield name, f"finns, men {'per kön bara som andel' if as_share else 'inte per kön'}"
    elif not total:
        hidden_or_not = HIDDEN_WORDS if report.hides(id_) else "saknas"
        yield name, "finns bara per kön" if by_sex else hidden_or_not
    if report.has(id_) and not report.has(id_, areas.RIKET):
        yield f"{name}, riket", HIDDEN_WORDS if report.hides(id_, areas.RIKET) else "saknas"


def remake(report: Report) -> Block:
    """Return what is needed to make the same report again, and to check this one."""
    made = say(
        "Rapporten är gjord av programmet vgstats, version {version}, ur källorna ovan. "
        "Procent räknas på källornas tal och avrundas en gång, när de skrivs ut. Samma "
        "rapport görs om med {render} och en parameterfil, här kallad rapport.yaml, med de "
        "här raderna:",
        version=vgstats_version(),
        render=Code("vgstats render rapport.yaml"),
    )
    checked = say(
        "Den som vill veta om filen har ändrats, eller om siffrorna har reviderats sedan "
        "rapporten gjordes, kör {verify} på filen. Raderna ovan finns också i filens "
        "huvud, i en form som program kan läsa.",
        verify=Code("vgstats verify"),
    )
    lines = Preformatted(report.parameters.lines(report.name))
    blocks: list[Block] = [paragraphs(made), lines, paragraphs(checked)]
    return Recorded(blocks, report.record(), report.index_row())
