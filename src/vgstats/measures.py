"""The catalogue of measures: what each number means, in which unit, and what is possible."""

from __future__ import annotations

import difflib
from functools import cache
from typing import Literal

from pydantic import BaseModel, ConfigDict

from vgstats.data_files import data_folder, read_models
from vgstats.errors import VgstatsError, nearest

UNKNOWN_MEASURE = "is not a known measure"


class Measure(BaseModel):
    """One measure.

    `kind` is stock (at a point in time), flow (during the period) or rolling12 (the twelve months
    that end with the period). `additive` says that kvinnor + män = alla, `between_sexes` that alla lies between
    the two, as in a rate. `available` names where official values can be had.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    id: str
    name: str
    unit: str
    kind: Literal["stock", "flow", "rolling12"]
    decimals: int
    definition: str
    source: str
    additive: bool = False
    between_sexes: bool = False
    minimum: float | None = None
    maximum: float | None = None
    available: str = ""

    @property
    def rolling12(self) -> bool:
        """Whether a value covers the twelve months that end with its period."""
        return self.kind == "rolling12"


@cache
def catalogue() -> dict[str, Measure]:
    """Return all measures by id."""
    return {m.id: m for m in read_models(data_folder() / "measures.yaml", Measure)}


def measure(id_: str) -> Measure:
    """Return one measure.

    Raises:
        VgstatsError: there is no such measure; the message names the nearest one.
    """
    try:
        return catalogue()[id_]
    except KeyError:
        raise VgstatsError(f"Unknown measure {id_!r}." + nearest(str(id_), catalogue())) from None


def known_measures(word: str) -> str:
    """Return in words which measures there are, those most like a word first, and how to declare one."""

    def likeness(measure: Measure) -> float:
        ways = (measure.id, measure.name.lower())
        return max(difflib.SequenceMatcher(None, word.lower(), way).ratio() for way in ways)

    ordered = sorted(catalogue().values(), key=likeness, reverse=True)
    return (
        f"The measures, those most like {word!r} first: {', '.join(f'{m.id} ({m.name})' for m in ordered)}. "
        "A measure of your own is declared in a file, as docs/egen-tabell.md says."
    )
