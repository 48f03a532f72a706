"""Om uppgifterna: What a report says of its figures: meaning, sources, what is hidden, how to check it."""

from __future__ import annotations

import re

import pandas as pd

from vgstats.blocks.blocks import (
    OWN_FIGURES,
    Block,
    Bullets,
    Folded,
    Preformatted,
    paragraphs,
    together,
)
from vgstats.blocks.record import Recorded
from vgstats.blocks.tables import Cell, Column, Table
from vgstats.blocks.words import capitalised
from vgstats.catalogue.measures import (
    BY_BRANCH,
    ONGOING_RATE,
    ONGOING_SHARE,
    SHARES,
    STARTED,
)
from vgstats.catalogue.measures import measure as measure_of
from vgstats.disclosure import HidingRule
from vgstats.facts.facts import count_fact
from vgstats.facts.text import (
    HIDDEN_MARK,
    UNCONTROLLED,
    Code,
    Name,
    Text,
    join,
    say,
)
from vgstats.reports.base.common import OWN_FILE
from vgstats.reports.report import Report
from vgstats.sections.case_cells import OF_CERTIFICATES
from vgstats.sections.missing import lacked
from vgstats.software import __version__


def definitions(report: Report) -> Block:
    """Return what the measures in the report mean, folded."""
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
    # Those that a project's source gives are of times of their own.
    of_project = set(report.agreement.figures if report.agreement else ()) - set(report.shown)
    by_group |= of_project & set(report.observations["measure"])
    shown = [m for m in asked if report.has(m) or report.hides(m) or m in by_group]
    if not shown:
        return together()
    columns = [
        Column("Mått", "text", of="name_and_unit"),
        Column("Betydelse", "text", of="definition"),
    ]
    caption = "Måtten i rapporten"
    table = Table.from_frame(map(measure_of, shown), columns, id="definitioner", caption=caption)
    own = paragraphs(OF_CERTIFICATES) if "intygsfall" in shown else None
    return Folded([own, table] if own else [table], "Visa måtten")


def sources(report: Report, *, how_hidden: bool = True) -> Block:
    """Return where the figures come from, a row for each publication, and links to the rest, folded.

    Args:
        report: the report.
        how_hidden: whether to say how small numbers are hidden too, where `hidden` does not say it elsewhere.
    """
    shown = report.named_sources()
    alike = [shown["publisher"], shown["title"].str.replace(_MONTH_OF_ITS_OWN, "", regex=True)]
    publications = [of for _, of in shown.groupby(alike, sort=False)]
    columns = [
        Column("Källa", "text", of=_named),
        Column("Avläst", "text", of=lambda of: _read(report, of)),
        Column("Anmärkning", "text", of=lambda of: _notes(report, of)),
    ]
    read = [of for of in publications if _read(report, of)]
    table = Table.from_frame(read, columns, id="kallor", caption="Källor till siffrorna")
    links = _links(report, publications, "Övriga källor:" if read else "")
    return together(
        paragraphs(_whose(report)),
        Folded([*([table] if read else []), *links], "Visa källorna"),
        hidden(report) if how_hidden and any(report.shown_and_hidden()) else None,
    )


_MONTH_OF_ITS_OWN = r" i [a-zåäö]+ \d{4}$"  # that tells one press release of many from the next


_NAMED = ("tabell ", "bilaga", "preliminär")  # places that tell a note what it is about


def _links(report: Report, publications: list[pd.DataFrame], lead: str) -> list[Block]:
    """Return the sources of rules, goals, agreements and boundaries: those of one name together, under a lead."""
    told: dict[str, list[Text]] = {}
    for of in publications:
        if not _read(report, of):
            told.setdefault(of["short"].iloc[0], []).append(_titles(of, dated=True))
    items = [
        say("{short}: {titles}.", short=Name(short), titles=join(titles, "; "))
        for short, titles in told.items()
    ]
    return [*([paragraphs(lead)] if lead else []), Bullets(items)] if items else []


def _named(of: pd.DataFrame) -> Cell:
    return say("{short}: {titles}", short=Name(of["short"].iloc[0]), titles=_titles(of))


def _titles(of: pd.DataFrame, *, dated: bool = False) -> Text:
    """Return what a publication is called, as a link, and of those that differ in their months alone the others' too.

    What is `dated` gets its year, where neither its name nor what it is cited as has one.
    """
    said: dict[str, Text] = {}
    for row in of.itertuples():
        month = re.search(_MONTH_OF_ITS_OWN, row.title)
        words = month[0].removeprefix(" i ") if month and said else row.title
        web = row.address.startswith(("https://", "http://")) and " " not in row.address
        where = "" if web else row.address
        has_year = re.search(r"\d{4}", row.short + row.title)
        year = row.published[:4] if dated and not has_year else ""
        name = Name(words, row.address if web else "")
        after = [say(", {after}", after=Name(one)) for one in (year, where) if one]
        said.setdefault(words, join([say("{name}", name=name), *after], ""))
    return join(said.values(), ", ")


def _whose(report: Report) -> str:
    """Say who has published the numbers that the others are worked out of."""
    if report.synthetic:
        return "Alla tal är påhittade av programmet."
    others = "Övriga grundtal är publicerade av andra."
    if any(report.shown_and_hidden()):
        return f"Tal ur regionens eget register är skyddade som det står nedan. {others}"
    if report.has_own_figures:
        return f"Tal ur regionens egna källor är regionens egna, inte officiella. {others}"
    if report.observations.empty:
        return "Uppgifterna är publicerade av andra. Antalen är räknade här."
    own = " utom analytikerns egna" if report.parameters.notebook else ""
    return (
        f"Alla grundtal{own} är publicerade av andra; skillnader, procent och ungefärliga antal är uträknade här. Inga "
        "små tal har behövt döljas."
    )


def _read(report: Report, of: pd.DataFrame) -> str:
    read = report.observations.loc[report.observations["source"].isin(of.index), "retrieved"]
    return max(read)[:10] if len(read) else ""


def _notes(report: Report, of: pd.DataFrame) -> Cell:
    """Return what is to be known of a publication, without what stands beside the numbers worked out of it."""
    rows = report.observations
    derived = (rows["status"] == "derived") & (rows["measure"] == report.main)
    told = set(rows.loc[derived, "source"])
    notes = (
        f"{capitalised(row.place)}: {row.note}" if row.place.startswith(_NAMED) else row.note
        for row in of.itertuples()
        if row.note and row.Index not in told
    )
    return Name(" ".join(dict.fromkeys(notes)))


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
            "tidigare rapport är dolt här också, hur stort det än är nu, och minst lika väl som då.",
            width=count_fact("minsta spann för ett dolt tal", rule.width),
        ),
        say(
            "Alla dolda tal har samma märke ({mark}), vare sig de är små själva eller döljs för andras skull. Procent, "
            "förändringar och rangordningar som bygger på ett dolt tal visas inte. Rapporten är gjord av {shown} egna "
            "antal som får visas och {hidden} som är dolda; alla står inte på sidan.",
            mark=HIDDEN_MARK,
            shown=count_fact("visade antal", shown),
            hidden=count_fact("dolda antal", hidden),
        ),
    ]


def remake(report: Report) -> Block:
    """Return, folded, what is needed to make the same report again, to check it and to get what it lacks."""
    made = say(
        "Gjord med vgstats {version}; görs om med {render} och en fil med raderna:",
        version=__version__,
        render=Code("vgstats render rapport.yaml"),
    )
    checked = say(
        "Om filen eller siffrorna har ändrats visar {verify}.",
        verify=Code("vgstats verify"),
    )
    own = report.texts.in_own_file
    blocks: list[Block] = [
        paragraphs(made),
        Preformatted(report.parameters.lines(report.name, own=own)),
    ]
    if own:
        blocks.append(
            paragraphs(
                say(
                    "{file} är filen med regionens egna texter, som ska ligga bredvid.",
                    file=Code(OWN_FILE),
                )
            )
        )
    blocks.append(paragraphs(checked))
    if commands := _commands(report):
        blocks.append(paragraphs("Det som saknas söks med:"))
        blocks.append(Bullets([say("{command}", command=Code(one)) for one in commands]))
    return Recorded([Folded(blocks, "Visa hur")], report.record(), report.index_row())


def _commands(report: Report) -> list[str]:
    """Return the commands that get what the report lacks, each once, those for the same places and years as one."""
    lacking = [m for m in (*report.shown, *report.costs) if lacked(report, m)]
    commands = [c for block in report.left_out.values() for c in block.commands]
    merged: dict[str, dict[str, None]] = {}
    for command in (*map(report.how_to_get, lacking), *commands):
        name, _, options = command.partition(" --")
        merged.setdefault(options, {}).update(
            dict.fromkeys(name.removeprefix("vgstats fetch").split())
        )
    return [
        " ".join(filter(None, ["vgstats fetch", *names, f"--{options}"]))
        for options, names in merged.items()
        if options
    ]
