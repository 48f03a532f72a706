"""Which projects there are: what is known of them and not, when they ran, county by county, and which overlap."""

from __future__ import annotations

from itertools import combinations

import pandas as pd

from vgstats.blocks.blocks import Block, Bullets, Heading, paragraphs, together
from vgstats.blocks.figures import Figure
from vgstats.blocks.tables import Cell, Column, Table
from vgstats.blocks.words import as_written, ran_words
from vgstats.catalogue import areas
from vgstats.catalogue.agreements import Agreement, Call, Project
from vgstats.catalogue.periods import axis_position, starts_at
from vgstats.drawing.timeline import timeline
from vgstats.facts.facts import Fact, count_fact
from vgstats.facts.text import Text, join, say
from vgstats.reports.report import Report
from vgstats.sections.words import front_part

UNKNOWN = "okänt"


def projects_in_brief(report: Report) -> Block:
    """Return for page one how many projects there are, where, and what the calls came to."""
    found = report.projects
    staff = [p for p in found if p.project and p.project.own_employees]
    apart = [p for p in found if not _of(p).call]
    said = [
        say(
            "{n} projekt i {counties} län är kända här.{apart}",
            n=count_fact("projekt", len(found)),
            counties=count_fact("län med projekt", len(_by_county(found))),
            apart=say(
                " {which} hör inte till någon utlysning.",
                which=join(map(_named, apart), ", ")
                if len(apart) <= _FEW
                else say("{n} av dem", n=count_fact("utan utlysning", len(apart))),
            )
            if 0 < len(apart) < len(found)
            else "",
        ),
        *(text for call in report.calls for text in _call(call)),
    ]
    if staff:
        said.append(_for_staff(found, staff))
    unpaid = sum(_money(p) is None for p in found)
    unknown = [
        say(
            "Vad {n} av {all} projekt kostade.",
            n=count_fact("projekt utan känd kostnad", unpaid),
            all=count_fact("projekt", len(found)),
        )
        if unpaid
        else None,
        say("Om projekten hjälpte."),
        say("Om det finns fler projekt: här står de som en källa nämner."),
    ]
    return together(
        front_part("Det viktigaste", Bullets(said)),
        front_part("Det här går inte att säga", Bullets([one for one in unknown if one])),
    )


_FEW = 2  # projects that page one has room to name


def _for_staff(found: list[Agreement], staff: list[Agreement]) -> Text:
    """Say how many projects are for the own employees: at least so many, where of some it is not known."""
    unknown = sum(_for_whom(p) == UNKNOWN for p in found)
    return say(
        "{least}{n} av projekten riktar sig till den egna personalen{open}.",
        least="Minst " if unknown else "",
        n=count_fact("projekt för egna anställda", len(staff)),
        open=say(
            "; för {n} är det okänt vilka de är till för",
            n=count_fact("projekt utan känd målgrupp", unknown),
        )
        if unknown
        else "",
    )


def projects_here(report: Report) -> Block:
    """Return for page one which projects are known in the county, and that nothing here says if they helped."""
    found = report.projects
    if not found:
        return together()
    named = join(
        [say("{p} ({when})", p=as_written(p.name, p), when=ran_words(p)) for p in found], "; "
    )
    n = count_fact("projekt i länet", len(found))
    said = say(
        "{n} projekt är {known} i länet: {named}. Om de hjälpte säger uppgifterna inte.",
        n=n,
        known="känt" if len(found) == 1 else "kända",
        named=named,
    )
    return front_part("Projekt i länet", paragraphs(said))


def project_table(report: Report) -> Block:
    """Return a row for each project: who, where, when, money, partners, for whom."""
    columns = [
        Column("Projekt", "text", of=_named),
        Column("Var", "text", of=lambda p: areas.name(p.area)),
        Column("När", "text", of=_when),
        Column("Pengar, kr", "text", of=lambda p: _money(p) or UNKNOWN),
        Column("Tillsammans med", "text", of=lambda p: _words(p, "; ".join(_of(p).partners))),
        Column("För vem", "text", of=_for_whom),
    ]
    found = report.projects
    if not found:
        return together()
    sources = report.cite(p.source for p in found)
    caption = say(
        "För {n} av {all} projekt är det känt vilka de är till för",
        n=count_fact("projekt med känd målgrupp", sum(_for_whom(p) != UNKNOWN for p in found)),
        all=count_fact("projekt", len(found)),
    )
    return Table.from_frame(found, columns, id="projekt", caption=caption, note=sources)


def project_timeline(report: Report) -> Block:
    """Return when the projects ran, drawn: a bar where that is known, else a ring at the year of the call."""
    found, calls = report.projects, {c.id: c for c in report.calls}
    rows = pd.DataFrame(
        [
            (
                p.short_name,
                starts_at(p.start) if p.start else float("nan"),
                axis_position(p.end) if p.end else float("nan"),
                _middle(calls.get(_of(p).call)),
            )
            for p in found
        ],
        columns=["name", "start", "end", "open_at"],
    )
    if rows[["start", "end", "open_at"]].isna().all(axis=None):
        return together()
    # A December value of a series stands at its year; here a year begins at its number.
    rows[["start", "end"]] += 1
    known = [p for p in found if p.start or p.end]
    counts = {
        "n": count_fact("projekt med känd tid", sum(p.dates is not None for p in found)),
        "all": count_fact("projekt", len(found)),
    }
    columns = [Column("Projekt", "text", of=_named), Column("När", "text", of=_when)]
    return Figure(
        timeline(rows, unknown="tiden okänd"),
        say("Tiden är känd för {n} av {all} projekt", **counts),
        say(
            "Tidslinje med en rad för varje projekt. {n} av {all} projekt har en stapel från början till slut; "
            "de andras tid är okänd.",
            **counts,
        ),
        Table.from_frame(known or found, columns, id="tidslinje", caption="Projektens tid"),
        "En ring står vid utlysningens år där projektets egen tid inte är känd. Den säger inte när projektet pågick.",
    )


def projects_by_county(report: Report) -> Block:
    """Return what each project wants and does, in a report on all counties county by county.

    A report that follows one up tells that one elsewhere.
    """
    blocks: list[Block] = []
    others = [one for one in report.projects if one != report.agreement]
    for county, found in _by_county(others).items():
        items = [
            say(
                "{name}: {purpose}. {text}",
                name=_named(p),
                purpose=as_written((_of(p).purpose or p.name).rstrip("."), p),
                text=as_written(p.text, p),
            )
            for p in found
        ]
        heading = [] if county == report.area else [Heading(areas.name(county), level=3)]
        blocks += [*heading, Bullets(items)]
    return together(blocks)


def project_overlaps(report: Report) -> Block:
    """Return which projects lie in the same area, and whether they ran at the same time, where that is known."""
    said = [
        _overlap(one, other)
        for county, of in _by_county(report.projects).items()
        for one, other in combinations(of, 2)
        if one.area == other.area or county in (one.area, other.area)
    ]
    if not report.projects:
        return together()
    if not said:
        return paragraphs("Inga av projekten ligger i samma område.")
    return Bullets(said)


def _overlap(one: Agreement, other: Agreement) -> Text:
    if not (one.dates and other.dates):
        time = "Om de pågick samtidigt är okänt."
    elif one.dates[0] <= other.dates[1] and other.dates[0] <= one.dates[1]:
        time = "De pågick samtidigt, så att det ena inte går att skilja från det andra."
    else:
        time = "De pågick inte samtidigt."
    return say(
        "{one} ({here}) och {other} ({there}) rör samma område. {time}",
        one=as_written(one.short_name, one),
        here=areas.name(one.area),
        other=as_written(other.short_name, other),
        there=areas.name(other.area),
        time=time,
    )


def _call(call: Call) -> list[Text]:
    rounds = [
        say(
            "{when} ({n} ansökningar)",
            when=as_written(one.when, call),
            n=UNKNOWN
            if one.applications is None
            else count_fact(f"ansökningar|{call.id}|{at}", one.applications),
        )
        for at, one in enumerate(call.rounds)
    ]
    said = [
        say(
            "{name}{own}: {rounds}.",
            name=as_written(call.name, call),
            own=_mark(call.own),
            rounds=join(rounds, " och ") if rounds else UNKNOWN,
        ),
        say("{t}", t=as_written(call.text, call)),
        say("Pengarna kom från {f}.", f=as_written(call.funder, call)),
    ]
    if call.granted is not None:
        granted = count_fact(f"beviljade|{call.id}", call.granted)
        said.append(say("{n} projekt fick pengar.", n=granted))
    if call.usable is not None:
        usable = Fact(f"kunde användas|{call.id}", call.usable / 1e6, "miljoner kronor", 0)
        said.append(
            say(
                "Det fanns {about}{n} miljoner kronor att använda. {terms}",
                about="ungefär " if call.usable_about else "",
                n=usable,
                terms=as_written(call.usable_terms, call),
            )
        )
    return (
        [join(said[:1]), join(said[1:3]), join(said[3:])] if said[3:] else [said[0], join(said[1:])]
    )


def _by_county(found: list[Agreement]) -> dict[str, list[Agreement]]:
    counties: dict[str, list[Agreement]] = {}
    for one in found:
        counties.setdefault(areas.county_of(one.area), []).append(one)
    return counties


def _of(project: Agreement) -> Project:
    assert project.project is not None  # noqa: S101 - the register has projects only
    return project.project


def _mark(own: bool) -> str:
    return " (regionens egen uppgift)" if own else ""


def _named(p: Agreement) -> Text:
    return say("{name}{own}", name=as_written(p.short_name, p), own=_mark(p.own))


def _words(p: Agreement, words: str) -> Cell:
    return say("{w}", w=as_written(words, p)) if words else UNKNOWN


def _for_whom(p: Agreement) -> Cell:
    words = _of(p).target_group
    return _words(p, words or ("Egna anställda" if _of(p).own_employees else ""))


def _when(p: Agreement) -> str:
    return ran_words(p) if p.start or p.end else UNKNOWN


def _money(p: Agreement) -> Fact | None:
    costs = [c.outcome for c in _of(p).costs]
    if not costs or None in costs:
        return None
    return Fact(f"kostnad|{p.id}", sum(filter(None, costs)), "kronor", 0)


def _middle(call: Call | None) -> float:
    years = call.years if call else []
    return sum(years) / len(years) + 0.5 if years else float("nan")
