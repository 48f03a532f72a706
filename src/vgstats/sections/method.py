"""Hur vet vi det? Sources, definitions, what is missing and what does not add up."""

from __future__ import annotations

import pandas as pd
import yaml

from vgstats.blocks.blocks import Block, Blocks, Bullets, Paragraphs, Preformatted
from vgstats.blocks.hiding import how_hidden
from vgstats.blocks.record import Recorded
from vgstats.blocks.tables import Address, Cell, Column, Table
from vgstats.catalogue import areas
from vgstats.catalogue.groups import group_name
from vgstats.catalogue.measures import measure as measure_of
from vgstats.catalogue.periods import Period
from vgstats.facts.facts import Fact, count_fact
from vgstats.facts.text import HIDDEN_WORDS, Code, Name, Text, say, swedish_list
from vgstats.reports.followup import Followup
from vgstats.reports.uppfoljning import COSTS, ONGOING_RATE, OUTCOMES, SHARES, SHARES_OF
from vgstats.sections.index import index_row
from vgstats.sections.record import job, record
from vgstats.sections.words import (
    remark_text,
    sex_words,
    where_to_get,
)
from vgstats.software import vgstats_version


def remarks(report: Followup) -> Block:
    """Return what in the sources does not add up, and how sources were put together."""
    about = report.remarks("kalla")
    blocks: list[Block] = []
    if about:
        names = dict.fromkeys(report.sources.loc[remark.source, "short"] for remark in about)
        intro = say("Det här gäller källan {names}.", names=Name(swedish_list(list(names))))
        blocks += [Paragraphs([intro]), Bullets([remark_text(report, r) for r in about])]
    blocks += [*_marked(report), *_mixed(report), *_differences(report)]
    if not blocks:
        return Paragraphs([say("Inga motsägelser i källorna är kända för de här uppgifterna.")])
    return Blocks(blocks)


_MARKS = {
    "noisy": "källan har lagt ett litet slumpmässigt brus på talen",
    "ambiguous": "källan är otydlig, och en nolla kan vara ett dolt tal",
    "suppressed": "källan döljer tal som gäller få personer",
}


def _marked(report: Followup) -> list[Block]:
    """Say which figures the source itself has marked as hidden, unclear or noisy."""
    counts = report.observations.groupby(["status", "measure"]).size()
    items = [
        say(
            "{measure}: {what} ({n} värden i rapportens underlag).",
            measure=measure_of(measure).name,
            what=_MARKS[status],
            n=count_fact(f"antal {status}|{measure}", count),
        )
        for (status, measure), count in counts.items()
        if status in _MARKS
    ]
    intro = say("De här måtten har tal som källan har märkt.")
    return [Paragraphs([intro]), Bullets(items)] if items else []


def _mixed(report: Followup) -> list[Block]:
    """Say which series come from more than one source, since sources may count differently."""
    if report.mixed.empty:
        return []
    parts = report.mixed.assign(name=report.mixed["source"].map(report.sources["short"]))
    spans = parts.groupby(["measure", "area", "name"], sort=False).agg(
        first=("first", "min"), last=("last", "max")
    )
    together: dict[tuple[str, str], list[str]] = {}
    for (measure, area), of_series in spans.groupby(["measure", "area"], sort=False):
        words = [
            f"{name} ({_span(row.first, row.last)})"
            for name, row in zip(
                of_series.index.get_level_values("name"), of_series.itertuples(), strict=True
            )
        ]
        if len(words) > 1:
            together.setdefault((measure, swedish_list(words)), []).append(area)
    items = [
        say(
            "{measure}, {places}: {sources}.",
            measure=measure_of(measure).name,
            places=_places(found),
            sources=Name(names),
        )
        for (measure, names), found in together.items()
    ]
    intro = say(
        "De här serierna kommer från flera källor, eftersom ingen har alla uppgifter. Små skillnader "
        "mellan åren kan bero på det."
    )
    return [Paragraphs([intro]), Bullets(items)] if items else []


def _span(first: str, last: str) -> str:
    start, end = Period.parse(first).swedish(), Period.parse(last).swedish()
    return start if first == last else f"{start} till {end}"


def _places(found: list[str]) -> Text | str:
    names = [areas.name(area) for area in found]
    if len(names) <= 3:
        return swedish_list(names)
    return say("{n} områden", n=count_fact("antal områden i serien", len(names)))


_DIFFERENCES_SHOWN = 30


def _differences(report: Followup) -> list[Block]:
    """Return the numbers that two sources give differently, with the one that the report uses."""
    found = report.differences
    if found.empty:
        return []
    names = report.sources["short"]
    rows: list[list[Cell]] = []
    for row in found.head(_DIFFERENCES_SHOWN).itertuples():
        unit, decimals = measure_of(row.measure).unit, measure_of(row.measure).decimals
        name = f"{row.measure}|{row.area}|{row.period}|{row.sex}|{row.group}"
        rows.append(
            [
                Name(
                    ", ".join(
                        [
                            measure_of(row.measure).name,
                            areas.name(row.area),
                            sex_words(row.sex),
                            *filter(None, [group_name(row.group)]),
                        ]
                    )
                ),
                Period.parse(row.period).swedish(),
                Fact(f"{name}|{row.source}", row.value, unit, decimals),
                Name(names[row.source]),
                Fact(f"{name}|{row.other_source}", row.other_value, unit, decimals),
                Name(names[row.other_source]),
            ]
        )
    more = len(found) - len(rows)
    return [
        Table(
            "skillnader-kallor",
            "Tal som källorna anger olika",
            [
                Column("Mått", "text"),
                Column("När", "text"),
                Column("I rapporten"),
                Column("Ur", "text"),
                Column("Annan källa anger"),
                Column("Källa", "text"),
            ],
            rows,
            say("Ytterligare {n} tal skiljer sig.", n=count_fact("fler skillnader", more))
            if more > 0
            else None,
        )
    ]


def gaps(report: Followup) -> Block:
    """Return what is missing for the county, and where it may be sought."""
    rows: list[list[Cell]] = []
    for id_ in [*OUTCOMES, *COSTS]:
        measure = measure_of(id_)
        total, by_sex = report.change(id_), report.change(id_, "kvinnor")
        if not (total and by_sex):
            lacking = HIDDEN_WORDS if report.hides(id_) else "saknas"
            if total or by_sex:
                lacking = "finns, men inte per kön" if total else "finns bara per kön"
                if total and id_ == SHARES_OF and report.change(SHARES, "kvinnor"):
                    lacking = "finns, men per kön bara som andel"
            rows.append([measure.name, lacking, where_to_get(report, id_) or "okänt"])
        if report.has(id_) and not report.has(id_, areas.RIKET):
            there = HIDDEN_WORDS if report.hides(id_, areas.RIKET) else "saknas"
            rows.append([f"{measure.name}, riket", there, where_to_get(report, id_) or "okänt"])
    if not rows:
        return Paragraphs([say("Inget av rapportens mått saknas.")])
    return Table(
        "saknas",
        "Uppgifter som saknas i rapportens perioder",
        [Column(n, "text") for n in ("Mått", "Vad som saknas", "Var uppgiften kan sökas")],
        rows,
        "Hur långt tillbaka Försäkringskassans öppna uppgifter går är inte känt. Kommandona säger till om "
        "åren inte finns.",
    )


def definitions(report: Followup) -> Block:
    """Return what the measures in the report mean."""
    shown = [
        m
        for m in [*OUTCOMES, ONGOING_RATE, SHARES, *COSTS, *report.parameters.further]
        if report.has(m) or (m == SHARES and report.periods(m))
    ]
    rows: list[list[Cell]] = [
        [measure_of(m).name, measure_of(m).unit, measure_of(m).definition] for m in shown
    ]
    return Table(
        "definitioner",
        "Måtten i rapporten",
        [Column(n, "text") for n in ("Mått", "Enhet", "Betydelse")],
        rows,
    )


def sources(report: Followup) -> Block:
    """Return where the figures, rules and boundaries come from, a row for each publication."""
    rows: list[list[Cell]] = []
    shown = report.sources[report.sources.index.isin(report.named_sources())]
    for _, group in shown.groupby(["publisher", "title", "published"], sort=False):
        first = group.iloc[0]
        read = report.observations.loc[report.observations["source"].isin(group.index), "retrieved"]
        rows.append(
            [
                Name(f"{first['short']}: {first['title']}"),
                Name(", ".join(filter(None, [first["publisher"], first["published"]]))),
                max(read)[:10] if len(read) else "inga siffror",
                Address(first["address"]),
                Name(
                    " ".join(
                        f"{_place(row)}{row['note']}" for _, row in group.iterrows() if row["note"]
                    )
                ),
            ]
        )
    own = report.shown_and_hidden()
    rule = [how_hidden(report.parameters.disclosure.rule(), *own)] if any(own) else []
    table = Table(
        "kallor",
        "Källor till siffror, regler och gränser",
        [
            Column("Källa", "text"),
            Column("Utgivare och tid", "text"),
            Column("Avläst", "text"),
            Column("Adress", "address"),
            Column("Anmärkning", "text"),
        ],
        rows,
        "Alla tal är påhittade av programmet."
        if report.synthetic
        else "Tal ur regionens eget register är skyddade som det står nedan. Övriga grundtal är publicerade av "
        "andra."
        if any(own)
        else "Tal ur regionens egna källor är regionens egna, inte officiella. Övriga grundtal är publicerade av "
        "andra."
        if report.has_own_figures
        else "Alla grundtal är publicerade av andra. Skillnader, procent och ungefärliga antal är uträknade "
        "här. Inga egna räkningar av personer har lagts till, så inga små tal har behövt döljas.",
    )
    return Blocks([table, *rule])


def _place(row: pd.Series) -> str:
    return f"{row['place'][0].upper()}{row['place'][1:]}: " if row["place"] else ""


def remake(report: Followup) -> Block:
    """Return what is needed to make the same report again, and to check this one."""
    return Recorded(
        [
            Paragraphs(
                [
                    say(
                        "Rapporten är gjord av programmet vgstats, version {version}, ur källorna ovan. "
                        "Procent räknas på källornas tal och avrundas en gång, när de skrivs ut. Samma "
                        "rapport görs om med {render} och en parameterfil, här kallad rapport.yaml, med de "
                        "här raderna:",
                        version=vgstats_version(),
                        render=Code("vgstats render rapport.yaml"),
                    )
                ]
            ),
            Preformatted(yaml.safe_dump(job(report), allow_unicode=True, sort_keys=False)),
            Paragraphs(
                [
                    say(
                        "Den som vill veta om filen har ändrats, eller om siffrorna har reviderats sedan "
                        "rapporten gjordes, kör {verify} på filen. Raderna ovan finns också i filens "
                        "huvud, i en form som program kan läsa.",
                        verify=Code("vgstats verify"),
                    )
                ]
            ),
        ],
        record(report),
        index_row(report),
    )
