"""A report with parts: reports of other kinds, on the same figures and with their own sections."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, ClassVar

import pandas as pd

from vgstats.blocks import blocks
from vgstats.blocks.blocks import Block, Heading, LeftOut, paragraphs
from vgstats.errors import VgstatsError
from vgstats.facts.text import Text, as_text, join, say
from vgstats.reports import kind
from vgstats.reports.base.bundle import Bundle
from vgstats.reports.base.common import IN_BUNDLE
from vgstats.reports.base.faults import checked
from vgstats.reports.base.parameters import InTime
from vgstats.reports.report import Report
from vgstats.store.store import DataRequest, Store

_OF_THE_WHOLE = {"measures", *IN_BUNDLE}  # keys that a part need not know


class Part:
    """A part of a report: the report of its kind where there is enough for one, and what is said where not.

    It has what that report has, so that an argument of a section can be taken from it: None where there is none.
    """

    def __init__(self, whole: WithParts, report: Report | None, lacking: str) -> None:
        self.report = report
        self._whole, self._lacking = whole, lacking

    def __getattr__(self, name: str) -> Any:
        """Return what the report of the part has under the name."""
        if name.startswith("_"):
            raise AttributeError(name)
        return None if self.report is None else getattr(self.report, name)

    def show(self, section: Callable[..., Block], **arguments: Any) -> Block:
        """Return what a section shows of the part; no room, and a line in `gaps`, where the part is not there.

        Args:
            section: one of `vgstats.sections`.
            arguments: what else it takes besides a report.
        """
        if self.report is not None:
            return section(self.report, **arguments)
        if not self._lacking:
            return blocks.together()
        block = LeftOut(as_text(self._lacking))
        self._whole.left_out[block.what.plain()] = block
        return block

    def otherwise(self, section: Callable[..., Block], **arguments: Any) -> Block:
        """Return what a section shows of the whole report where the part, which tells the same, is not there.

        Args:
            section: one of `vgstats.sections`.
            arguments: what else it takes besides a report.
        """
        return section(self._whole, **arguments) if self.report is None else blocks.together()

    def head(self) -> Block:
        """Return what the part is about and when, which need not be the time of the whole report."""
        if self.report is None:
            return blocks.together()
        return paragraphs(
            say("{s}.", s=self._whole.subject(self.report)), self._whole.of_other_time(self.report)
        )

    def finding(
        self, heading: str, *sections: Callable[..., Block], noted: bool = False, **arguments: Any
    ) -> Block:
        """Return for page one what sections find, in the words of their titles, under a heading.

        Args:
            heading: what stands over it.
            sections: some of `vgstats.sections`, whose figure or table has a finding as its title.
            noted: whether the note under each is said too, such as what a judgement rests on.
            arguments: what else they take besides a report.
        """
        if self.report is None:
            return self.show(sections[0], **arguments)
        shown = [self.show(section, **arguments) for section in sections]
        found = [one for block in shown for one in getattr(block, "blocks", [block])]
        found = [block for block in found if getattr(block, "caption", None)]
        if not found:
            return blocks.together()
        titles = [as_text(block.caption) for block in found]
        said = [say("{t}{stop}", t=t, stop="" if t.plain().endswith(".") else ".") for t in titles]
        notes = [getattr(block, "note", None) for block in found] if noted else []
        of = say("{of}.", of=self._whole.subject(self.report))
        told = paragraphs(join([of, *said]), *notes)
        return blocks.Part([Heading(heading, level=2, front=True), told])


class WithParts(Report):
    """A report of a kind that also has parts of other kinds, told with the sections of those.

    `parts` are their names, each with the sentence that is said where the report has no such part. What a part reads
    is read with the rest, once; its sources, and what it leaves out, are those of the whole. A kind that takes other
    parameters than those of the same name says so in `values_of`.
    """

    parts: ClassVar[Mapping[str, str]] = {}

    def __init__(self, parameters: InTime, bundle: Bundle, *, store: Store | None = None) -> None:
        super().__init__(parameters, bundle, store=store)
        self._parts: dict[str, Report] = {}
        for name, of in self.of_parts(parameters).items():
            try:
                kind(name).enough(of, bundle, store)
            except VgstatsError:
                continue
            part = self._parts[name] = kind(name)(of, bundle, store=store)
            part.cited, part.left_out = self.cited, self.left_out
        told = (m for part in self._parts.values() for m in part.told if self.has(m))
        self.shown = tuple(dict.fromkeys((*self.shown, *told)))

    def part(self, name: str) -> Part:
        """Return a part by the name of its kind.

        Raises:
            VgstatsError: reports of this kind have no such part.
        """
        if name not in self.parts:
            raise VgstatsError(
                f"part: {name!r} will not do. Expected {' or '.join(map(repr, self.parts))}."
            )
        return Part(self, self._parts.get(name), self.lacking(name))

    def lacking(self, name: str) -> str:
        """Return the sentence that is said where the report has no such part; empty to say none."""
        return self.parts[name]

    def subject(self, part: Report) -> Text:
        """Return what a part is about and when, in words without a full stop."""
        return say("{heading}", heading=part.title().heading)

    def of_other_time(self, part: Report) -> Text | None:
        """Return what must be said of a part that is of another time than the report, None for nothing."""
        return None

    @classmethod
    def values_of(cls, name: str, parameters: Any) -> dict[str, Any]:
        """Return the values of a part's parameters: those that the report has under the same name."""
        keys = kind(name).model.model_fields.keys() & type(parameters).model_fields.keys()
        return {key: getattr(parameters, key) for key in keys - _OF_THE_WHOLE}

    @classmethod
    def of_parts(cls, parameters: Any) -> dict[str, InTime]:
        """Return the parameters of each part that there can be with those of the report."""
        found = {}
        for name in cls.parts:
            try:
                found[name] = checked(kind(name).model, cls.values_of(name, parameters))
            except VgstatsError:
                continue
        return found

    @classmethod
    def request(cls, parameters: InTime) -> DataRequest:
        """Return what the report and its parts read; where they differ, the report says what is compared."""
        own = super().request(parameters)
        parts = [kind(name).request(of) for name, of in cls.of_parts(parameters).items()]
        wanted = (*(one for part in parts for one in part.wanted), *own.wanted)
        named = dict.fromkeys((*own.named, *(one for part in parts for one in part.named)))
        return DataRequest(wanted, own.texts_on, tuple(named), own.words)

    def named_sources(self) -> pd.DataFrame:
        """Return the sources that the report and its parts name, each once."""
        named = {*super().named_sources().index}
        named |= {source for part in self._parts.values() for source in part.named_sources().index}
        return self.sources[self.sources.index.isin(named)]
