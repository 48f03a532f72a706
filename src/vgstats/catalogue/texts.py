"""Texts as rows: what is said of an area, by vgstats or by a region itself, and where it is written."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from pydantic import Field

from vgstats.catalogue.agreements import (
    Agreement,
    Call,
    Remark,
    all_remarks,
    bundled_agreements,
    bundled_calls,
    named_in,
)
from vgstats.catalogue.areas import RIKET, county_of
from vgstats.catalogue.law_changes import LawChange, all_law_changes
from vgstats.catalogue.requirements import (
    Judgement,
    Requirements,
    bundled_judgements,
    bundled_requirements,
)
from vgstats.catalogue.units import Unit
from vgstats.entries import Entry


class OwnWords(Entry):
    """A region's own words in the follow-ups of its county, or in those of one agreement."""

    heading: str
    text: str
    author: str
    area: str
    agreement: str = ""


class Passage(Entry):
    """A region's own words under one heading of its reports, out of a Markdown file of the region's.

    `area` is empty where they stand in the reports on all areas. `label` says whose words they are, `written_for` for
    which periods they were written, where the file says so. `pictures` are data addresses by the names in the text.
    """

    file: str
    section: str
    text: str
    area: str = ""
    label: str = ""
    written_for: str = ""
    pictures: dict[str, str] = Field(default={})


class Source(Entry):
    """Where a region's texts are written, as the report's table of sources names it."""

    source: str
    short: str
    title: str
    publisher: str
    address: str = ""
    place: str = ""
    published: str = ""
    note: str = ""

    def provenance(self, known: Mapping[str, str] | None = None) -> dict[str, str]:
        """Return the row of `vgstats.provenance()`, with the rest of what is known of figures under the same name.

        Where nothing is, figures that came in under it would be protected as a region's own.
        """
        rest = {"kind": "own", "protected": "no", "precedence": "", "licence": "ej angiven"}
        return {**(known or rest), **self.model_dump(exclude={"source"})}


ASSESSMENT = "Regionens bedömning"  # the heading of own words on the first page
OWN_TEXTS = "egna-texter"  # what their moment is called among the vintages of the sources

OwnText = Agreement | Remark | OwnWords | Passage | Source | Requirements | Judgement | Call | Unit


class Texts(Entry):
    """The texts that a report reads, those of vgstats and a region's own.

    Requirements, with all judgements of them, are those that it names; all agreements and calls of vgstats come along.
    """

    agreements: tuple[Agreement, ...] = ()
    remarks: tuple[Remark, ...] = ()
    law_changes: tuple[LawChange, ...] = ()
    answers: tuple[OwnWords, ...] = ()
    passages: tuple[Passage, ...] = ()
    sources: tuple[Source, ...] = ()
    requirements: tuple[Requirements, ...] = ()
    judgements: tuple[Judgement, ...] = ()
    calls: tuple[Call, ...] = ()
    units: tuple[Unit, ...] = ()

    def own(self) -> Iterator[OwnText]:
        """Yield those that a region has written."""
        rows = (self.agreements, self.remarks, self.requirements, self.judgements, self.calls)
        yield from (one for of in (*rows, self.units) for one in of if one.own)
        yield from self.answers
        yield from self.passages
        yield from self.sources

    @property
    def in_own_file(self) -> bool:
        """Whether some come from the file that a parameter file names under `own`; units come with the figures."""
        return any(not isinstance(one, Passage | Unit) for one in self.own())


def texts_of(
    own: Iterable[OwnText],
    area: str,
    named: Iterable[str] = (),
    words: tuple[str, str] = ("", ""),
) -> Texts:
    """Return what a report reads: all texts of vgstats, and of a region's own those on its area and its projects.

    Args:
        own: a region's own texts.
        area: the area that the report is about, a county, or the whole country, whose report reads all projects.
        named: the agreements, projects, requirements and calls that it follows up.
        words: the Markdown file with own words that it names, and the area whose words they are to be.
    """
    written, ids = list(own), {*named} - {""}
    agreements = [
        one
        for one in written
        if isinstance(one, Agreement)
        if one.id in ids
        or (one.part_of in ids and one.area == area)
        or (one.project and (area in (RIKET, county_of(one.area)) or one.project.call in ids))
    ]
    remarks = [one for one in written if isinstance(one, Remark) and one.area == area]
    calls = [one for one in written if isinstance(one, Call) and (one.id in ids or area == RIKET)]
    own_lists = (one for one in written if isinstance(one, Requirements))
    requirements = [one for one in (*bundled_requirements().values(), *own_lists) if one.id in ids]
    own_rows = (one for one in written if isinstance(one, Judgement))
    judgements = [one for one in (*bundled_judgements(), *own_rows) if one.requirements in ids]
    rows = (*agreements, *remarks, *calls, *requirements, *judgements)
    sources = {name for one in rows for _, kind, name in named_in(one) if kind == "source"}
    return Texts(
        agreements=(*bundled_agreements().values(), *agreements),
        remarks=(*all_remarks(), *remarks),
        law_changes=tuple(all_law_changes()),
        answers=tuple(
            one
            for one in written
            if isinstance(one, OwnWords) and one.area == area and one.agreement in ("", *ids)
        ),
        passages=_passages(written, *words),
        sources=tuple(one for one in written if isinstance(one, Source) and one.source in sources),
        requirements=tuple(requirements),
        judgements=tuple(judgements),
        calls=(*bundled_calls().values(), *calls),
        units=tuple(one for one in written if isinstance(one, Unit) and one.lan == area),
    )


def _passages(written: Iterable[OwnText], file: str, area: str) -> tuple[Passage, ...]:
    """Return a file's words on an area; what it says of all areas stands where it says nothing of this one."""
    of_file = [one for one in written if isinstance(one, Passage) and one.file == file]
    found = {one.section.casefold(): one for one in of_file if not one.area}
    found |= {one.section.casefold(): one for one in of_file if one.area == area}
    return tuple(found.values())
