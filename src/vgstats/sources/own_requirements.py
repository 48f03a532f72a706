"""What a region writes itself of requirements and how far they are met (`docs/egna-krav.md`).

The entries are those of the catalogue, held to more, as in `own_entries`. Statuses and priorities may be spelt in the
ways that have one meaning.
"""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import BeforeValidator, Field, model_validator

from vgstats.catalogue import requirements as required
from vgstats.catalogue.periods import PeriodText
from vgstats.catalogue.texts import OwnText
from vgstats.errors import nearest
from vgstats.sources.own_entries import (
    Day,
    Id,
    Label,
    Line,
    MaybeProse,
    Number,
    Place,
    Prose,
    Template,
    Written,
    gaps,
)

_SPELT: dict[str, tuple[str, ...]] = {
    required.MET: (
        "bedömt uppfyllt",
        "uppfylld",
        "uppfylls",
        "uppfyllda",
        "ja",
        "klart",
        "klar",
        "grön",
    ),
    required.PARTLY: ("delvis", "delvis uppfylld", "delvis uppfylls", "gul"),
    required.PLANNED: ("planerad", "planeras", "enligt plan", "plan finns"),
    required.ASKED: ("komplettering", "kompletteras", "begärd komplettering"),
    required.NOT_MET: (
        "ej uppfylld",
        "ej",
        "inte uppfyllt",
        "inte uppfylld",
        "nej",
        "saknas",
        "röd",
    ),
    "": (required.UNANSWERED, "ej besvarat", "inte besvarat", "ej svar", "obesvarat", "-", "–"),
}
_STATUS = {word: status for status, words in _SPELT.items() for word in (status, *words)}


def _status(value: Any) -> Any:
    if value is None or not isinstance(value, str):
        return "" if value is None else value
    said = " ".join(value.split()).rstrip(".").casefold()
    if said not in _STATUS:
        raise ValueError(
            f"{value!r} is no status.{nearest(said, _STATUS)} Expected {', '.join(required.STATUSES)}, or nothing "
            "where there is no answer"
        )
    return _STATUS[said]


def _priority(value: Any) -> Any:
    said = " ".join(value.split()).rstrip(".").casefold() if isinstance(value, str) else value
    if said not in (*required.PRIORITIES, "", None):
        raise ValueError(
            f"{value!r} is no priority. Expected {', '.join(required.PRIORITIES)}, or nothing"
        )
    return said or ""


_Status = Annotated[str, BeforeValidator(_status)]
_Priority = Annotated[str, BeforeValidator(_priority)]
_Number = Annotated[str, Field(min_length=1, max_length=20, pattern=r"^\S+$")]


class OwnRequirement(required.Requirement, Written):
    """One thing that is required, as a region writes it."""

    number: _Number
    field: Line
    words: Prose
    due: Day | None = None


class OwnCounted(required.Counted, Written):
    """What a source counts over all areas, as a region writes it."""

    text: Template
    n: Number
    of: Number

    @model_validator(mode="after")
    def _fits(self) -> OwnCounted:
        if sorted(gaps(self.text)) != ["n", "of"]:
            raise ValueError("text: write {n} and {of} in it, once each")
        if self.n > self.of:
            raise ValueError(f"n: {self.n} of {self.of} cannot be. Swap them.")
        return self


class OwnNote(required.Note, Written):
    """Something that is said of all areas, as a region writes it."""

    heading: Line
    text: Prose


class OwnWished(required.Wished, Written):
    """An indicator, as a region writes it."""

    words: Line


class OwnRequirements(required.Requirements, Written):
    """A list of requirements as a region writes it."""

    id: Id
    name: Line
    short_name: Label
    set_by: Line
    judged_by: Line
    basis: Prose
    text: Prose
    called: dict[str, str] = Field(default={})
    requirements: list[OwnRequirement] = Field(min_length=1)  # type: ignore[assignment]
    counted: list[OwnCounted] = Field(default=[])  # type: ignore[assignment]
    apart: list[OwnNote] = Field(default=[])  # type: ignore[assignment]
    risks: list[OwnNote] = Field(default=[])  # type: ignore[assignment]
    outside: list[Line] = Field(default=[])
    indicators: list[OwnWished] = Field(default=[])  # type: ignore[assignment]

    @model_validator(mode="after")
    def _fits(self) -> OwnRequirements:
        numbers = [one.number for one in self.requirements]
        if twice := next((one for one in numbers if numbers.count(one) > 1), ""):
            raise ValueError(f"requirements: the number {twice!r} stands twice. Number them anew.")
        if odd := next((one for one in self.called if one not in required.STATUSES), ""):
            raise ValueError(
                f"called: {odd!r} is no status. Expected {', '.join(required.STATUSES)}"
            )
        return self

    def entry(self) -> OwnText:
        """Return it as the catalogue has it; without `called` all statuses have the names of vgstats."""
        usual = {status: status for status in required.STATUSES}
        fields = self.model_dump() | {"own": True, "called": self.called or usual}
        return required.Requirements.model_validate(fields)


class OwnJudgement(required.Judgement, Written):
    """How far an area meets one requirement, as a region writes it."""

    requirement: _Number
    area: Place
    period: PeriodText
    status: _Status = ""
    evidence: MaybeProse = ""
    gap: MaybeProse = ""
    action: MaybeProse = ""
    priority: _Priority = ""
    owner: Annotated[MaybeProse, Field(max_length=200)] = ""
    due: Day | None = None
    done: Day | None = None
    decision: Annotated[MaybeProse, Field(max_length=200)] = ""
