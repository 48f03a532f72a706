"""Agreements, projects and calls for projects as a region writes them (`docs/egna-overenskommelser.md`).

The entries are those of the catalogue, held to more, as in `own_entries`.
"""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, model_validator

from vgstats.catalogue import agreements, texts
from vgstats.catalogue.periods import PeriodText
from vgstats.sources.own_entries import (
    Area,
    Day,
    Id,
    Kronor,
    Label,
    Limit,
    Line,
    MaybeProse,
    Number,
    Place,
    Plain,
    Prose,
    Template,
    Written,
    gaps,
)


class OwnGoal(agreements.Goal, Written):
    """A goal as a region writes it."""

    aim: Template
    set_by: Line
    testable: Line
    source: str = ""
    reached: Line | None = None
    outcome: Template | None = None
    target: Limit | int | None = None
    evidence: MaybeProse = ""
    area: Area | Literal[""] = ""
    by: PeriodText | Literal[""] = ""

    @model_validator(mode="after")
    def _fits(self) -> OwnGoal:
        named = gaps(self.aim)
        if self.target is None and named:
            raise ValueError("aim: braces stand for the target, and there is no target. Add it.")
        if self.target is not None and named != ["target"]:
            raise ValueError("aim: the target stands nowhere in it. Write {target} once.")
        if self.target is not None and not (self.measure and self.by):
            raise ValueError("target: a target needs measure (of what) and by (when). Add them.")
        if self.measure and self.outcome:
            raise ValueError("outcome: measure gives the outcome already. Leave one of them out.")
        if self.target is None and (self.by or self.area):
            raise ValueError("target: by and area belong to a target. Add it, or leave them out.")
        return self


class OwnAction(agreements.Action, Written):
    """An action as a region writes it."""

    field: Line
    action: Line
    volume: Template | None = None


class OwnEvaluation(agreements.Evaluation, Written):
    """An evaluation as a region writes of it."""

    text: Prose


class OwnCost(agreements.Cost, Written):
    """What one kind of cost was to be and was, as a region writes it."""

    kind: Line
    budget: Kronor | None = None
    outcome: Kronor | None = None


class OwnProject(agreements.Project, Written):
    """What a project has besides an agreement, as a region writes it."""

    purpose: MaybeProse = ""
    target_group: MaybeProse = ""
    responsible: Annotated[Plain, Field(max_length=200)] = ""
    partners: list[Line] = Field(default=[])
    goals_reached: MaybeProse = ""
    costs: list[OwnCost] = Field(default=[])  # type: ignore[assignment]
    lessons: list[Prose] = Field(default=[])
    kept: list[Prose] = Field(default=[])
    faults: list[Prose] = Field(default=[])
    unknowable: list[Prose] = Field(default=[])


class OwnRound(agreements.Round, Written):
    """One time that a call was open, as a region writes it."""

    when: Line
    applications: Number | None = None


class OwnCall(agreements.Call, Written):
    """A call for projects as a region writes it."""

    id: Id
    name: Line
    short_name: Label
    funder: Line
    text: Prose
    rounds: list[OwnRound] = Field(default=[])  # type: ignore[assignment]
    granted: Number | None = None
    usable: Kronor | None = None
    usable_terms: MaybeProse = ""


class OwnAgreement(agreements.Agreement, Written):
    """An agreement or a project as a region writes it."""

    id: Id
    name: Line
    short_name: Label
    area: Place
    start: Day | None = None
    end: Day | None = None
    text: Prose
    evaluation: OwnEvaluation | None = None
    paid_years_later: Annotated[int, Field(ge=0, le=5)] = 0
    recipient: Annotated[Plain, Field(max_length=200)] = ""
    grant_terms: MaybeProse = ""
    own_money_terms: MaybeProse = ""
    goals: list[OwnGoal] = Field(default=[])  # type: ignore[assignment]
    actions: list[OwnAction] = Field(default=[])  # type: ignore[assignment]
    project: OwnProject | None = None

    @model_validator(mode="after")
    def _in_order(self) -> OwnAgreement:
        if self.project is None and self.dates is None:
            raise ValueError(
                f"{'end' if self.start else 'start'}: the key is missing: only a project may lack it"
            )
        if self.dates and self.dates[1] <= self.dates[0]:
            raise ValueError(f"end: {self.end} does not come after start {self.start}. Swap them.")
        if self.grant_measure and not self.recipient:
            raise ValueError("recipient: whose is the money of grant_measure? Add it.")
        return self

    def entry(self) -> texts.OwnText:
        """Return it as the catalogue has it; goals without a source or an area have the agreement's."""
        fields = self.model_dump() | {"own": True}
        for goal in fields["goals"]:
            goal["source"] = goal["source"] or self.source
            goal["area"] = goal["area"] or (self.area if goal["target"] is not None else "")
        return agreements.Agreement.model_validate(fields)
