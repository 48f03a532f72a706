"""What the parameters of several report kinds have in common."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Annotated, Any, ClassVar, Literal, Self

import yaml
from pydantic import (
    AfterValidator,
    BeforeValidator,
    Field,
    model_validator,
)

from vgstats.catalogue import areas
from vgstats.catalogue.measures import catalogue
from vgstats.disclosure import HidingRule
from vgstats.entries import Entry
from vgstats.errors import VgstatsError, nearest
from vgstats.reports.base.faults import EXPECTED, listed


def _measure_id(id_: str) -> str:
    if id_ not in catalogue():
        raise ValueError(f"unknown measure {id_!r}.{nearest(id_, catalogue())}")
    return id_


def _whole_number(value: object) -> object:
    """Return the number that a text holds; every value in a parameter file is a text."""
    return int(value) if isinstance(value, str) and value.isdecimal() else value


IN_BUNDLE = (
    "publisher",
    "contact",
    "diarienummer",
    "version",
    "words",
    "notebook",
)  # a notebook need not have these
_LAST = ("measures", *IN_BUNDLE, "disclosure")


def _words_file(name: str) -> str:
    if name and not re.fullmatch(r"[^/\\]+\.md", name, re.IGNORECASE):
        raise ValueError(f"words: {name!r} will not do. Expected {EXPECTED['words']}.")
    return name


def _notebook_file(name: str) -> str:
    if name and not re.fullmatch(r"[^/\\]+\.ipynb", name):
        raise ValueError(f"notebook: {name!r} will not do. Expected {EXPECTED['notebook']}.")
    return name


OWN_FILE = "overenskommelse.yaml"
LATEST = "senaste"  # in place of the later period: the newest with figures (see `latest`)

MeasureId = Annotated[str, AfterValidator(_measure_id)]
WordsFile = Annotated[str, AfterValidator(_words_file)]
NotebookFile = Annotated[str, AfterValidator(_notebook_file)]
WholeNumber = Annotated[int, BeforeValidator(_whole_number)]


class Disclosure(Entry, strict=True):
    """The rule for small numbers among counts that a region keeps itself (see `disclosure.HidingRule`).

    `zeros` says whether a 0 is `shown`, or `hidden` like any small number. `mode` is `suppress`, or `off`
    for a report that may not be spread and says so.
    """

    mode: str = "suppress"
    threshold: WholeNumber = 5
    width: WholeNumber = 5
    zeros: Literal["shown", "hidden"] = "shown"

    @model_validator(mode="after")
    def _check(self) -> Disclosure:
        try:
            self.rule()
        except VgstatsError as error:
            raise ValueError(str(error)) from None
        return self

    def rule(self) -> HidingRule:
        """Return the rule."""
        return HidingRule(
            threshold=self.threshold,
            width=self.width,
            zeros_shown=self.zeros == "shown",
            mode=self.mode,
        )


class Parameters(Entry, strict=True):
    """What one report is about. Each kind has a model of its own; a batch asks it for its axes and its label.

    `axes` names the keys that a parameter file gives lists of, or `alla`: a report each, the later ones inside the
    earlier (a kommun in its county). `measures` are those that the report is to have figures of besides those
    of its kind. `publisher`, `contact`, `diarienummer` and `version` stand under the title, those that are given.
    `disclosure` is the rule for counts that a region keeps itself. `words` names the Markdown file with
    the region's own words, by the name that the store knows it by. `notebook` names one's own notebook that
    makes the report, which lies beside the parameter file or among the notebooks; empty for that of the kind.
    """

    axes: ClassVar[tuple[str, ...]] = ()

    measures: list[MeasureId] = Field(default=[])
    publisher: str = ""
    contact: str = ""
    diarienummer: str = ""
    version: str = ""
    disclosure: Disclosure = Disclosure()
    words: WordsFile = ""
    notebook: NotebookFile = ""

    @model_validator(mode="after")
    def _check(self) -> Self:
        if found := list(filter(None, self.at_odds())):
            raise ValueError("\n".join(found))
        return self

    def at_odds(self) -> Iterator[str]:
        """Yield what of the values, each sound in itself, does not go together: a sentence each, or an empty one."""
        yield from ()

    @property
    def follows(self) -> tuple[str, ...]:
        """The ids of the agreements, projects, requirements and calls that the report follows up."""
        return tuple(filter(None, (getattr(self, "intervention", ""),)))

    @property
    def further(self) -> list[str]:
        """The measures that the report shows besides those of its kind."""
        return self.measures

    def pairs(self) -> list[tuple[str, str]]:
        """Return every two periods that something is compared in."""
        return []

    @property
    def area(self) -> str:
        """What the report is about as an area id, such as `lan:14`."""
        raise NotImplementedError

    @property
    def code(self) -> str:
        """The official code of what the report is about, such as `14`."""
        return self.area.partition(":")[2]

    @property
    def file_name(self) -> str:
        """The name of the report's file without ending, from validated values only."""
        raise NotImplementedError

    @property
    def former_name(self) -> str:
        """The name that an earlier version gave the report's file, by its code."""
        return self.file_name

    def is_called(self, words: str) -> bool:
        """Return whether words, written as in a file's name, are part of the name of the report's file."""
        called = areas.in_file_signs(words)
        return called != "" and called in self.file_name

    @property
    def label(self) -> str:
        """The report's area and time, in words."""
        return self.area_name

    @property
    def area_name(self) -> str:
        """What the report's area is called."""
        return areas.name(self.area)

    @classmethod
    def known(cls, axis: str, chosen: Mapping[str, str]) -> list[str]:
        """Return the codes that an axis has inside what is chosen on the axes before it."""
        raise NotImplementedError

    @classmethod
    def spread(cls, content: Mapping[str, Any]) -> list[dict[str, str]]:
        """Return what a parameter file's axes come to, one code an axis, for each report.

        Args:
            content: the file's keys and values: for each axis a list of codes, or `alla`.

        Raises:
            VgstatsError: a list is missing or empty, or a code stands twice. What is no code is found by the model.
        """
        found: list[dict[str, str]] = [{}]
        empty: list[
            str
        ] = []  # nothing of a place that nobody named, and the model's word of a named one
        for axis in cls.axes:
            codes = listed(axis, content.get(axis, "alla"))
            if codes is None:
                inside = [
                    {**one, axis: code} for one in found for code in cls.known(axis, one) or empty
                ]
                found = inside or [{**found[0], axis: ""}]
            else:
                empty = [""]
                found = [
                    {**one, axis: code}
                    for code in codes
                    for one in [o for o in found if code in cls.known(axis, o)] or found[:1]
                ]
        return found

    def told_apart(self) -> dict[str, str]:
        """Return the keys and values by which a parameter file tells the report from its others."""
        return {axis: str(getattr(self, axis)) for axis in self.axes[-1:]}

    @property
    def imprint(self) -> dict[str, str]:
        """Who publishes the report and such, by what it is, those that are given."""
        named = {
            "Utgivare": self.publisher,
            "Kontakt": self.contact,
            "Diarienummer": self.diarienummer,
        }
        return {what: words for what, words in (named | {"Version": self.version}).items() if words}

    @property
    def span(self) -> str:
        """The times that the report compares, such as `2019–2025`, empty for none."""
        return ""

    @classmethod
    def time_at(cls, path: Sequence[str | int]) -> Literal["", "first", "last"]:
        """Return whether a value of a parameter file is the time to compare with or the later one, empty for neither.

        Args:
            path: the keys and places in lists that lead to the value.
        """
        return ""

    @classmethod
    def keeps_first(cls, content: Mapping[str, Any]) -> bool:
        """Return whether the reports of a file go on comparing with the same time a year later."""
        return False

    def job(self, kind: str) -> dict[str, Any]:
        """Return the keys and values of a parameter file that makes the same report, all of them texts."""
        values = as_texts(self.model_dump(mode="json", exclude_defaults=True))
        first = {axis: [values.pop(axis)] for axis in self.axes}
        last = {key: values.pop(key) for key in _LAST if key in values}
        return {"report": kind, **first, **values, **last}

    def lines(self, kind: str, *, own: bool = False) -> str:
        """Return `job` as the lines of a parameter file, which the report shows to copy.

        Args:
            kind: the report's kind.
            own: whether it reads a region's own texts, whose file a parameter file must name: by the name that the one
                which comes along has, since what it is called here may change and the report stays the same.
        """
        job = self.job(kind) | ({"own": OWN_FILE} if own else {})
        return yaml.safe_dump(job, allow_unicode=True, sort_keys=False)


def as_texts(value: Any) -> Any:
    """Return the value with every number in it as a text, as a parameter file has them."""
    if isinstance(value, dict):
        return {key: as_texts(value[key]) for key in value}
    return [as_texts(part) for part in value] if isinstance(value, list) else str(value)
