"""Alla län: What the source of a list says of all areas: counts, risks, and what is followed up apart."""

from __future__ import annotations

from vgstats.blocks.blocks import Block, Bullets, Heading, paragraphs, together
from vgstats.blocks.tables import Column, Table
from vgstats.blocks.words import as_written, short_name
from vgstats.catalogue import areas
from vgstats.catalogue.requirements import EVERY_COUNTY, MET, Counted, Note, Requirements
from vgstats.facts.facts import count_fact
from vgstats.facts.text import Name, Text, join, say
from vgstats.reports.base.judged import Judged, judged
from vgstats.reports.report import Report
from vgstats.sections.requirements import about_requirements, basis_words, followed
from vgstats.sections.words import with_gaps

UNNAMED = "Källan säger inte vilka."


@about_requirements
def over_all(report: Report) -> Block:
    """Return how all counties are judged: what the source counts over them, or county by county.

    That it judges all alike stands on page one.
    """
    of = followed(report)
    said = counted_sentences(of)
    return together(
        Bullets(said) if said else None,
        paragraphs(report.cite([of.source]), kind="note") if said else None,
        _matrix(report),
    )


def alike_sentence(report: Report) -> Text | None:
    """Return how many requirements the source judges all counties alike to meet, None where it does not."""
    of, period = followed(report), report.parameters.after
    rows = [
        one
        for one in report.texts.judgements
        if one.requirements == of.id and (one.period, one.area) == (period, EVERY_COUNTY)
    ]
    met = sum(one.status == MET for one in rows)
    if not rows:
        return None
    return say(
        "Alla {n} län bedöms lika: {called} för {met} av {all} krav.",
        n=count_fact("län som bedöms lika", len(areas.lan())),
        met=count_fact("krav som alla län uppfyller", met),
        all=count_fact("antal krav", len(of.requirements)),
        called=of.called.get(MET, MET),
    )


def counted_sentences(of: Requirements) -> list[Text]:
    """Return what a list's source counts over all areas, a sentence each, and that it does not name them."""
    return [_counted(of, one) for one in of.counted]


def _counted(of: Requirements, one: Counted) -> Text:
    name = f"{of.id}|{one.requirement}"
    n, all_ = count_fact(f"räknat i källan|{name}", one.n), count_fact(f"räknade av|{name}", one.of)
    text = with_gaps(one.text, {"n": n, "of": all_}, of)
    return (
        say("Krav {number}: {text} {who}", number=Name(one.requirement), text=text, who=UNNAMED)
        if one.unnamed
        else text
    )


def _matrix(report: Report) -> Block | None:
    """Return a table of the requirements by county, where several are judged each for itself."""
    of, period = followed(report), report.parameters.after
    rows = [
        one for one in report.texts.judgements if (one.requirements, one.period) == (of.id, period)
    ]
    there = [area for area in areas.lan() if any(one.area == area for one in rows)]
    if len(there) < 2:
        return None
    found = {area: judged(of, rows, area, period) for area in there}
    columns = [Column("Krav", "text", of=lambda at: _named(of, at))]
    columns += [
        Column(short_name(area), "text", of=lambda at, area=area: found[area][at].called)  # type: ignore[misc]
        for area in there
    ]
    met = join(
        [say("{area} {n}", area=short_name(area), n=_met(area, found[area])) for area in there],
        ", ",
    )
    return Table.from_frame(
        range(len(of.requirements)),
        columns,
        id="krav-per-lan",
        caption=say("{called} av {all} krav: {met}", called=of.called.get(MET, MET).capitalize(),
                    all=count_fact("antal krav", len(of.requirements)), met=met),
        note=say("{basis} {source}", basis=basis_words(report), source=report.cite([of.source])),
    )  # fmt: skip


def _met(area: str, rows: list[Judged]) -> Text:
    return say(
        "{n}", n=count_fact(f"uppfyllda krav|{area}", sum(one.status == MET for one in rows))
    )


def _named(of: Requirements, at: int) -> Text:
    one = of.requirements[at]
    return say("{n} {words}", n=Name(one.number), words=as_written(one.words, of))


@about_requirements
def risks(report: Report) -> Block:
    """Return the risks that who judges sees over all areas."""
    of = followed(report)
    return (
        together(_notes(of, of.risks), paragraphs(report.cite([of.source]), kind="note"))
        if of.risks
        else together()
    )


@about_requirements
def apart(report: Report) -> Block:
    """Return the follow-ups of their own inside the same source, and what is not followed up here."""
    of = followed(report)
    items = [say("{words}", words=as_written(one, of)) for one in of.outside]
    outside = (
        [paragraphs("Det här hör till samma sak men följs inte upp här:"), Bullets(items)]
        if items
        else []
    )
    return together(_notes(of, of.apart), outside)


def _notes(of: Requirements, notes: list[Note]) -> list[Block]:
    return [
        block
        for one in notes
        for block in (
            Heading(one.heading),
            paragraphs(say("{words}", words=as_written(one.text, of))),
        )
    ]
