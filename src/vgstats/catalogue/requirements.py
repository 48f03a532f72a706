"""What is required of areas, and how far each meets it: conditions of an agreement, or the gap to a recommendation.

Requirements are a list with an id; judgements are rows, one for each requirement, area and period, that name them.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from functools import cache

from pydantic import Field

from vgstats.catalogue.data_files import data_folder, read_models
from vgstats.catalogue.measures import Declared
from vgstats.entries import Entry, Named

MET, PARTLY, PLANNED, ASKED, NOT_MET = STATUSES = (
    "uppfyllt",
    "delvis uppfyllt",
    "planerat",
    "komplettering begärd",
    "ej uppfyllt",
)
UNANSWERED = "inget svar"  # what an empty status is called: no answer is not a no
EVERY_COUNTY = "lan"  # the area of a judgement that its source makes of all counties alike
PRIORITIES = ("hög", "medel", "låg")


class Requirement(Entry):
    """One thing that is required: its number in the source, the part that it belongs to, and what, in our words."""

    number: str
    field: str
    words: str
    due: dt.date | None = None


class Counted(Entry):
    """What a source counts over all areas; the text has the gaps `{n}` and `{of}`.

    `unnamed` says that it does not say which areas they are.
    """

    requirement: str
    text: str
    n: int
    of: int
    unnamed: bool = False


class Note(Entry):
    """Something that the source says of all areas, under a heading."""

    heading: str
    text: str


class Wished(Entry):
    """An indicator that the requirements name, and the measure that is it or comes near, empty where there is none."""

    words: str
    measure: str = ""


class Requirements(Named):
    """A list of requirements: who set them, who judges, and what the source says of all areas.

    `basis` says what the judgements rest on, and is said wherever they are shown. `called` are the statuses that are
    used, in order, with what each is called here. `apart` are follow-ups of their own inside the same source, `outside`
    what belongs to the agreement and is not followed up here. `payments` is the measure of what was paid for meeting
    them, by the dimension `payments_by`; `payments_terms` says what it was for and when. `own` says that a region has
    written it.
    """

    name: str
    short_name: str
    set_by: str
    judged_by: str
    basis: str
    text: str
    called: dict[str, str]
    requirements: list[Requirement]
    source: str
    more_sources: list[str] = Field(default=[])
    counted: list[Counted] = Field(default=[])
    apart: list[Note] = Field(default=[])
    risks: list[Note] = Field(default=[])
    outside: list[str] = Field(default=[])
    payments: str = ""
    payments_by: str = ""
    payments_terms: str = ""
    indicators: list[Wished] = Field(default=[])
    own: bool = False

    def fields(self) -> list[str]:
        """Return the parts that the requirements belong to, in order."""
        return list(dict.fromkeys(one.field for one in self.requirements))


class Judgement(Entry):
    """How far an area meets one requirement in a period, on what that rests, and what is to be done.

    `requirements` is the list's id and `requirement` the number. An empty `status` is no answer. `inferred` says that
    the source's own status is lost and this one is read out of the state that it describes. `due` is when the action
    shall be done, `done` when it was.
    """

    requirements: str
    requirement: str
    area: str
    period: str
    source: str
    status: str = ""
    inferred: bool = False
    evidence: str = ""
    gap: str = ""
    action: str = ""
    priority: str = ""
    owner: str = ""
    due: dt.date | None = None
    done: dt.date | None = None
    decision: str = ""
    own: bool = False

    @property
    def id(self) -> str:
        """What tells it from all other judgements."""
        return "|".join((self.requirements, self.requirement, self.area, self.period))


@cache
def bundled_requirements() -> dict[str, Requirements]:
    """Return the lists of requirements that come with vgstats by id."""
    return {one.id: one for one in read_models(data_folder() / "requirements.yaml", Requirements)}


@cache
def bundled_judgements() -> list[Judgement]:
    """Return the judgements that come with vgstats."""
    return read_models(data_folder() / "judgements.yaml", Judgement)


_own = Declared(bundled_requirements)
_own_rows = Declared(lambda: {one.id: one for one in bundled_judgements()})


def all_requirements() -> dict[str, Requirements]:
    """Return all lists of requirements by id: those of vgstats, and those of the store or bundle opened last."""
    return _own.all()


def all_judgements() -> list[Judgement]:
    """Return all judgements: those of vgstats, and those of the store or bundle opened last."""
    return [*_own_rows.all().values()]


def declare_judgements(found: Iterable[Judgement], *, beside: bool = False) -> None:
    """Let the catalogue have a region's own judgements (see `measures.declare`)."""
    _own_rows.declare(found, beside=beside)


def declare_requirements(found: Iterable[Requirements], *, beside: bool = False) -> None:
    """Let the catalogue have a region's own requirements (see `measures.declare`)."""
    _own.declare(found, beside=beside)
