"""Om uppgifterna: What a report says of its figures: meaning, sources, what is hidden or missing, how to check it."""

from __future__ import annotations

import re
from collections.abc import Sequence

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
from vgstats.blocks.tables import Address, Cell, Column, Table
from vgstats.blocks.words import capitalised, uncapitalised
from vgstats.catalogue import areas
from vgstats.catalogue.measures import LONG_CASES, ONGOING_RATE, SHARES
from vgstats.catalogue.measures import measure as measure_of
from vgstats.disclosure import HidingRule
from vgstats.facts.facts import count_fact
from vgstats.facts.text import (
    HIDDEN_MARK,
    UNCONTROLLED,
    Code,
    Name,
    Text,
    say,
    swedish_list,
)
from vgstats.reports.report import Report
from vgstats.sections.words import chosen_measures
from vgstats.software import vgstats_version


def definitions(report: Report) -> Block:
    """Return what the measures in the report mean, folded."""
    measures = [*report.shown, ONGOING_RATE, SHARES, *report.costs, *report.parameters.further]
    asked = [m for m in dict.fromkeys(measures) if (m, report.area) in report.asked]
    # Shares are there by group, so that none is a change of the whole.
    by_group = {SHARES} if SHARES in asked and report.periods(SHARES) else set()
    shown = [m for m in asked if report.has(m) or report.hides(m) or m in by_group]
    columns = [
        Column("Mått", "text", of=lambda one: f"{one.name} ({one.unit})"),
        Column("Betydelse", "text", of="definition"),
    ]
    caption = "Måtten i rapporten"
    table = Table.from_frame(map(measure_of, shown), columns, id="definitioner", caption=caption)
    return Folded([table], "Visa vad måtten betyder")


def sources(report: Report, *, how_hidden: bool = True) -> Block:
    """Return where the figures, rules and boundaries come from, a row for each publication, folded.

    Args:
        report: the report.
        how_hidden: whether to say how small numbers are hidden too, where `hidden` does not say it elsewhere.
    """
    shown = report.named_sources()
    alike = [shown["publisher"], shown["title"].str.replace(_MONTH_OF_ITS_OWN, "", regex=True)]
    publications = [of for _, of in shown.groupby(alike, sort=False)]
    columns = [
        Column("Källa", "text", of=_named),
        Column("Utgivare, tid", "text", of=_publisher),
        Column("Avläst", "text", of=lambda of: _read(report, of)),
        Column("Adress", "address", of=lambda of: Address(*dict.fromkeys(of["address"]))),
        Column("Anmärkning", "text", of=lambda of: _notes(report, of)),
    ]
    table = Table.from_frame(
        publications, columns, id="kallor", caption="Källor till siffror, regler och gränser"
    )
    return together(
        paragraphs(_whose(report)),
        Folded([table], "Visa källorna"),
        hidden(report) if how_hidden and any(report.shown_and_hidden()) else None,
    )


_MONTH_OF_ITS_OWN = r" i [a-zåäö]+ \d{4}$"  # that tells one press release of many from the next


_NAMED = ("tabell ", "bilaga", "preliminär")  # places that tell a note what it is about


def _named(of: pd.DataFrame) -> Cell:
    title, short = of["title"].iloc[0], of["short"].iloc[0]
    if of["title"].nunique() > 1:
        title = re.sub(_MONTH_OF_ITS_OWN, "", title)
    return Name(f"{short}: {title}")


def _publisher(of: pd.DataFrame) -> Cell:
    """Return who published it, where what it is cited as does not say that, and in which years."""
    publisher = of["publisher"].iloc[0]
    years = sorted({when[:4] for when in of["published"] if when})
    who = "" if of["short"].iloc[0].startswith(publisher) else publisher
    return Name(", ".join(filter(None, [who, "–".join(dict.fromkeys([*years[:1], *years[-1:]]))])))


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
        "Alla grundtal är publicerade av andra; skillnader, procent och ungefärliga antal är uträknade här. "
        "Inga egna räkningar av personer har lagts till, så inga små tal har behövt döljas."
    )


def _read(report: Report, of: pd.DataFrame) -> str:
    read = report.observations.loc[report.observations["source"].isin(of.index), "retrieved"]
    return max(read)[:10] if len(read) else "-"


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
    """Return one folded list of what the report lacks, each thing once, with where it may be sought.

    Args:
        report: the report.
        measures: those to look for; those that every report of the kind tells when left out.
    """
    looked_for = chosen_measures(measures, (*report.shown, *report.costs))
    found = [m for m in looked_for if report.has(m)]
    hidden = [m for m in looked_for if m not in found and report.hides(m)]
    wanting: dict[str, list[str]] = {}
    for id_ in looked_for:
        if id_ not in found and id_ not in hidden:
            wanting.setdefault(_where(report, id_), []).append(_name(report, id_))
    items = [
        *(say("{what}. {where}", what=_names(of), where=where) for where, of in wanting.items()),
        *_told("Dolt av sekretesskäl: {what}.", [_name(report, m) for m in hidden]),
        *_told("För riket: {what}.", [_name(report, m) for m in found if _lacks_riket(report, m)]),
        *_told(
            "Kvinnor och män för sig: {what}.",
            [_name(report, m) for m in found if _lacks_sexes(report, m)],
        ),
        *(
            one.what
            for one in report.left_out.values()
            if not one.measures or {*one.measures} & {*found}
        ),
    ]
    return Folded([Bullets(items)], "Visa vad som saknas") if items else together()


def _told(form: str, names: list[str]) -> list[Text]:
    return [say(form, what=uncapitalised(_names(names)))] if names else []


def _names(names: list[str]) -> str:
    return capitalised(swedish_list([*dict.fromkeys(map(uncapitalised, names))]))


def _is_a_cost_of_none(report: Report, id_: str) -> bool:
    return id_ in report.costs and not any(map(report.has, report.costs))


def _name(report: Report, id_: str) -> str:
    """Return what a measure is called in the list; the costs are one where there are none."""
    alone = _is_a_cost_of_none(report, id_)
    return "Försäkringskassans kostnader" if alone else measure_of(id_).short_name


def _where(report: Report, id_: str) -> str:
    """Return in a sentence where a measure may be sought, from what the catalogue says of it."""
    available = report.where_to_get(id_)
    if _is_a_cost_of_none(report, id_):
        available = report.where_to_get("sa_belopp")  # of the costs the one that is open
    if not available:
        return "Var det kan sökas är okänt."
    place = available.partition(",")[0].partition(" har ")[0]
    if place.startswith("in"):  # `inte funnen i ...`, `ingår inte i ...`
        return "Finns inte i öppen statistik; fråga Försäkringskassan."
    return f"Kan sökas i {place}."


def _lacks_riket(report: Report, id_: str) -> bool:
    asked = (id_, areas.RIKET) in report.asked and not measure_of(id_).money
    return asked and not report.has(id_, areas.RIKET)


def _lacks_sexes(report: Report, id_: str) -> bool:
    """Return whether a measure of persons is there without women and men, not even as shares."""
    as_share = id_ == LONG_CASES and report.change(SHARES, "kvinnor")
    whole = report.change(id_) and not measure_of(id_).money
    return bool(whole and not as_share and not report.change(id_, "kvinnor"))


def remake(report: Report) -> Block:
    """Return, folded, what is needed to make the same report again, to check it and to get what it lacks."""
    made = say(
        "Rapporten är gjord med vgstats {version}, som räknar procent på källornas tal och avrundar en gång. Den görs "
        "om med {render} och en fil med raderna:",
        version=vgstats_version(),
        render=Code("vgstats render rapport.yaml"),
    )
    checked = say(
        "Om filen har ändrats, eller siffrorna reviderats, visar {verify}. Raderna står också i filens huvud.",
        verify=Code("vgstats verify"),
    )
    blocks: list[Block] = [paragraphs(made), Preformatted(report.parameters.lines(report.name))]
    blocks.append(paragraphs(checked))
    if commands := _commands(report):
        blocks.append(paragraphs("Det som saknas söks med:"))
        blocks.append(Bullets([say("{command}", command=Code(one)) for one in commands]))
    return Recorded([Folded(blocks, "Visa hur")], report.record(), report.index_row())


def _commands(report: Report) -> list[str]:
    """Return the commands that get what the report lacks, each once, those for the same places and years as one."""
    lacked = [m for m in (*report.shown, *report.costs) if _lacked(report, m)]
    commands = [c for block in report.left_out.values() for c in block.commands]
    merged: dict[str, dict[str, None]] = {}
    for command in (*map(report.how_to_get, lacked), *commands):
        name, _, options = command.partition(" --")
        merged.setdefault(options, {}).update(
            dict.fromkeys(name.removeprefix("vgstats fetch").split())
        )
    return [
        " ".join(filter(None, ["vgstats fetch", *names, f"--{options}"]))
        for options, names in merged.items()
        if options
    ]


def _lacked(report: Report, id_: str) -> bool:
    return not report.has(id_) or _lacks_sexes(report, id_) or _lacks_riket(report, id_)
