"""Which sheets and columns the workbooks have that a region fills in, and what may stand in a column.

The headings are data (`own_sheets.yaml`); what a column holds follows from the models of a region's own entries.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from functools import cache
from types import NoneType
from typing import Annotated, Any, get_args, get_origin, get_type_hints

from pydantic import Field

from vgstats.catalogue.data_files import data_folder, read_models
from vgstats.catalogue.periods import PeriodText
from vgstats.entries import Entry, Named
from vgstats.sources.own_entries import MaybeProse, Prose
from vgstats.sources.own_parts import INSIDE, PARTS

README, TO_READ = "läs mig", "kraven att läsa"  # sheets that are not read
LABEL, ANSWER, HELP = (
    "Uppgift",
    "Svar",
    "Förklaring",
)  # the headings of a sheet with a heading a row
FOR = "for."  # of keys that hold for the judgements below
_FILLED_IN = (
    "id",
    "source",
    "requirements",
)  # that follow from something else where they are left out


class Column(Entry):
    """A column, or a row of a form: its key, what it is called, what belongs there, and a made-up example.

    The key is that of the model; of one inside it, with a point. `rows` is how many rows a list has in a form.
    """

    key: str
    heading: str
    help: str
    example: str
    rows: int = 1


class Page(Entry):
    """A sheet: the list of an own file that it is, or the list `inside` its only entry; `form` is a heading a row."""

    name: str
    part: str
    inside: str = ""
    form: bool = False
    columns: list[Column] = Field(min_length=1)

    def model(self) -> type[Entry]:
        """Return the model of an entry, or of one inside the list."""
        return INSIDE[self.inside.rpartition(".")[2]] if self.inside else PARTS[self.part]


class Layout(Named):
    """A workbook: its title, what to do with it, and its sheets; the first is the entry that others belong to."""

    title: str
    about: str
    sheets: list[Page]

    @property
    def names(self) -> str:
        """The names of its sheets, in a message."""
        return ", ".join(page.name for page in self.sheets)


class Kind(Entry):
    """What a column holds: a type (`str`, `int`, `float`, `bool` or `date`), and if it is a period, prose or a list."""

    type: str
    period: bool = False
    prose: bool = False
    many: bool = False
    required: bool = False


@cache
def layouts() -> dict[str, Layout]:
    """Return the workbooks by what they are of: `krav` and `insats`."""
    return {one.id: one for one in read_models(data_folder() / "own_sheets.yaml", Layout)}


@cache
def kind_of(model: type[Entry], key: str) -> Kind:
    """Return what stands under a key of a model; a key with a point is that of a model inside it.

    >>> from vgstats.sources.own_requirements import OwnJudgement
    >>> kind_of(OwnJudgement, "due").type
    'date'
    """
    first, point, rest = key.partition(".")
    if point:
        return kind_of(INSIDE[first], rest)
    hint = get_type_hints(model, include_extras=True)[key]
    parts = list(_parts(hint))
    plain = next(p for p in parts if p in (bool, int, float, str, dt.date))
    return Kind(
        type=plain.__name__,
        period=PeriodText in parts,
        prose=Prose in parts or MaybeProse in parts,
        many=list in parts,
        required=model.model_fields[key].is_required() and key not in _FILLED_IN,
    )


def _parts(hint: Any) -> Iterator[Any]:
    """Yield all that a type is made of, itself first."""
    yield hint
    if get_origin(hint) is list:
        yield list
    for part in get_args(hint)[: 1 if get_origin(hint) is Annotated else None]:
        if part is not NoneType:
            yield from _parts(part)
