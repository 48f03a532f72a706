"""What was done: agreements and projects, their goals and actions, and what is to be known of the sources."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable, Iterator
from functools import cache
from string import Formatter
from typing import Any, Literal

from pydantic import Field

from vgstats.catalogue.areas import RIKET
from vgstats.catalogue.data_files import data_folder, read_models
from vgstats.catalogue.measures import Declared
from vgstats.catalogue.periods import Period
from vgstats.entries import Entry, Named

KOMMUNER = "kommuner"  # in a text: how many kommuner the county has
_NAMES = {  # the keys that name something, and what
    **dict.fromkeys(("source", "more_sources"), "source"),
    **dict.fromkeys(("measure", "chosen_for_high", "figures"), "measure"),
    **dict.fromkeys(("grant_measure", "own_money_measure", "payments"), "measure"),
    **dict.fromkeys(("part_of", "agreement"), "agreement"),
    "requirements": "requirements",
    "call": "call",
}
_IN_BRACES = ("outcome", "volume")  # the keys of texts that name measures in braces


class Goal(Entry):
    """What somebody aimed at, and whether the source lets it be tested.

    The outcome is the change of `measure`, or the text `outcome` with measures in braces. `reached`
    is what the source says; without it the direction of `measure` answers. With a `target` (in the unit of the
    measure, `{target}` in `aim`) the outcome is the value of `area` in the period `by`, or the nearest there is.
    A whole target (37) is told as it is, one with decimals (9.0) with the measure's. `at_least` says that more is
    better: a target is the least that will do, and the measure should rise. `evidence` is what the source rests it on.
    """

    aim: str
    set_by: str
    testable: str
    source: str
    reached: str | None = None
    measure: str | None = None
    outcome: str | None = None
    target: int | float | None = None
    area: str = ""
    by: str = ""
    at_least: bool = False
    evidence: str = ""


class Action(Entry):
    """One thing that was done; `volume` is a text with measures in braces, or absent."""

    field: str
    action: str
    volume: str | None = None


class Remark(Entry):
    """What a reader should know about a source's figures on an area.

    `topic` says where it belongs: among what does not add up in the source (kalla), beside the
    kommuner or beside the costs. With `measure`, `period` and `dimensions` the text may use `{total}`
    and `{parts}`; `{kommuner}` is how many kommuner the area has. `own` says that a region has written it.
    """

    topic: Literal["kalla", "kommuner", "kostnader"]
    area: str
    text: str
    source: str
    measure: str | None = None
    period: str | None = None
    dimensions: list[str] = Field(default=[])
    own: bool = False


class Evaluation(Entry):
    """What an evaluation by others concluded, in our words."""

    text: str
    source: str


class Cooperation(Entry):
    """Who cooperated on a level, regionally or locally, and in what forms."""

    between: str
    level: str
    forms: list[str]
    source: str


class Cost(Entry):
    """What one kind of cost was to be and was, in kronor; None is not known."""

    kind: str
    budget: float | None = None
    outcome: float | None = None


class Project(Entry):
    """What a project has besides an agreement: for whom, who, what it cost by kind, and what was learnt.

    `call` is the call for projects that it was granted money in. `own_employees` says whether the group that it is
    for are the region's own employees. `goals_reached` is what the source says of all its goals at once, where it does
    not of each. `kept` is what goes into ordinary work, `faults` are those of the system that it
    met, and `unknowable` is what cannot be concluded, and why.
    """

    purpose: str = ""
    target_group: str = ""
    own_employees: bool = False
    responsible: str = ""
    partners: list[str] = Field(default=[])
    call: str = ""
    goals_reached: str = ""
    costs: list[Cost] = Field(default=[])
    lessons: list[str] = Field(default=[])
    kept: list[str] = Field(default=[])
    faults: list[str] = Field(default=[])
    unknowable: list[str] = Field(default=[])


class Round(Entry):
    """One time that a call was open, in words, and how many applied; None is not known."""

    when: str
    applications: int | None = None


class Call(Named):
    """A call for projects: whose money, when it was open, how many were granted, and what could be used.

    `usable` is what could be used for the projects, in kronor, with what the source says of it in `usable_terms`: it is
    not what they were granted. `own` says that a region has written it.
    """

    name: str
    short_name: str
    funder: str
    text: str
    source: str
    rounds: list[Round] = Field(default=[])
    granted: int | None = None
    usable: float | None = None
    usable_about: bool = True
    usable_terms: str = ""
    own: bool = False

    @property
    def years(self) -> list[int]:
        """The years that its rounds name."""
        named = re.findall(r"\b\d{4}\b", " ".join(one.when for one in self.rounds))
        return [*map(int, named)]


class Agreement(Named):
    """An agreement or a project: who, where, when, money, goals and actions.

    `chosen_for_high` is the measure for whose high level the area was picked out, if it was.
    `part_of` names the national agreement that a county's own plan belongs to. `recipient`,
    `grant_terms` and `own_money_terms` tell whose the money is and what the source says of it.
    `figures` are measures that the source itself gives for the place, in months of its own. `start` and `end` are None
    where no source gives them. `project` is what it has besides as a project. `own` says that a region has written it.
    """

    name: str
    short_name: str
    area: str
    start: dt.date | None = None
    end: dt.date | None = None
    text: str
    source: str
    more_sources: list[str] = Field(default=[])
    part_of: str | None = None
    chosen_for_high: str | None = None
    grant_measure: str | None = None
    own_money_measure: str | None = None
    evaluation: Evaluation | None = None
    paid_years_later: int = 0
    recipient: str = ""
    grant_terms: str = ""
    own_money_terms: str = ""
    goals: list[Goal] = Field(default=[])
    actions: list[Action] = Field(default=[])
    cooperation: list[Cooperation] = Field(default=[])
    figures: list[str] = Field(default=[])
    project: Project | None = None
    own: bool = False

    def ran(self, after: dt.date, until: dt.date) -> bool:
        """Return whether it ran between two days: it did not end by the first, nor begin after the second."""
        return self.dates is not None and self.dates[1] > after and self.dates[0] <= until

    @property
    def dates(self) -> tuple[dt.date, dt.date] | None:
        """When it began and ended, None where a source does not give both."""
        return (self.start, self.end) if self.start and self.end else None

    @property
    def met_all_counties(self) -> bool:
        """Whether every county had the same agreement, so that none is left to compare with."""
        return self.area == RIKET or self.part_of is not None

    @property
    def told_with(self) -> set[str]:
        """The measures that its money, actions and outcomes are told with."""
        money = ("grant_measure", "own_money_measure")
        return {name for path, _, name in named_in(self) if path[-1] in (*money, *_IN_BRACES)}

    @property
    def measures(self) -> set[str]:
        """All measures that it names."""
        return {name for _, kind, name in named_in(self) if kind == "measure"}

    @property
    def sources(self) -> set[str]:
        """The sources that it, its goals and its evaluation rest on."""
        return {name for _, kind, name in named_in(self) if kind == "source"}


def named_in(text: Entry) -> Iterator[tuple[tuple[str | int, ...], str, str]]:
    """Yield what a text names: the keys that lead there, what kind of name it is, and the name."""
    return _named(text.model_dump())


def _named(
    fields: dict[str, Any], inside: tuple[str | int, ...] = ()
) -> Iterator[tuple[tuple[str | int, ...], str, str]]:
    for key, value in fields.items():
        path = (*inside, key)
        for at, one in enumerate(value if isinstance(value, list) else [value]):
            if isinstance(one, dict):
                yield from _named(one, (*path, at) if isinstance(value, list) else path)
            elif one and key in _NAMES:
                yield path, _NAMES[key], one
            elif isinstance(one, str) and one and key in _IN_BRACES:
                named = (name for _, name, _, _ in Formatter().parse(one))
                yield from ((path, "measure", name) for name in named if name and name != KOMMUNER)


@cache
def bundled_agreements() -> dict[str, Agreement]:
    """Return the agreements and projects that come with vgstats by id."""
    files = (data_folder() / name for name in ("agreements.yaml", "projects.yaml"))
    return {a.id: a for file in files for a in read_models(file, Agreement)}


@cache
def bundled_calls() -> dict[str, Call]:
    """Return the calls for projects that come with vgstats by id."""
    return {call.id: call for call in read_models(data_folder() / "calls.yaml", Call)}


_own = Declared(bundled_agreements)


def all_agreements() -> dict[str, Agreement]:
    """Return all agreements and projects by id: those of vgstats, and those of the store or bundle opened last."""
    return _own.all()


def declare_agreements(agreements: Iterable[Agreement], *, beside: bool = False) -> None:
    """Let the catalogue have a region's own agreements (see `measures.declare`)."""
    _own.declare(agreements, beside=beside)


def agreements_between(
    before: Period, after: Period, among: Iterable[Agreement] | None = None
) -> list[Agreement]:
    """Return the agreements for the whole country that ran between two periods, oldest first.

    One that ended no later than the earlier period does not lie between, nor does one that began after
    the later. The parts of an agreement are not named beside it.

    Args:
        before: the earlier period.
        after: the later one.
        among: the agreements to look among; all that vgstats has when left out.
    """
    found = [
        agreement
        for agreement in (bundled_agreements().values() if among is None else among)
        if agreement.area == RIKET and agreement.part_of is None
        if agreement.ran(before.end, after.end)
    ]
    return sorted(found, key=lambda agreement: agreement.start or dt.date.min)


@cache
def all_remarks() -> list[Remark]:
    """Return the remarks on sources that come with vgstats."""
    return read_models(data_folder() / "remarks.yaml", Remark)


_own_calls = Declared(bundled_calls)


def all_calls() -> dict[str, Call]:
    """Return all calls for projects by id: those of vgstats, and those of the store or bundle opened last."""
    return _own_calls.all()


def declare_calls(found: Iterable[Call], *, beside: bool = False) -> None:
    """Let the catalogue have a region's own calls (see `measures.declare`)."""
    _own_calls.declare(found, beside=beside)


_PUBLIC = ("Agreement", "Remark", "agreements_between", "all_agreements", "all_remarks")


def __dir__() -> list[str]:
    """Return what an analyst meets after `vg.agreements.`: the rest is for the rest of vgstats."""
    return list(_PUBLIC)
