"""The catalogue of measures: what each number means, in which unit, and what is possible."""

from __future__ import annotations

import difflib
import threading
from collections.abc import Callable, Iterable
from functools import cache
from typing import Generic, Literal, Protocol, TypeVar

from vgstats.catalogue.data_files import data_folder, read_models
from vgstats.entries import Entry, Named
from vgstats.errors import VgstatsError, misspelt

ONGOING = "pagaende_sjukfall"
ONGOING_RATE = "pagaende_sjukfall_per_1000"
ONGOING_SHARE = "pagaende_sjukfall_andel"
STARTED = "startade_sjukfall"
BY_BRANCH = "startade_sjukfall_per_1000_forvarvsarbetande"
PSYCHIATRIC_SHARE = "pagaende_sjukfall_psykiatriska_andel"
POPULATION = "befolkning"
INSURED = "forsakrade"
LONG_CASES = "sjukfall_60_dagar"
CERTIFIED, LISTED = "intygsfall", "listade"
CERTIFIED_RATE = "intygsfall_per_1000_listade"
SHARES = "sjukfall_60_dagar_andel"
AGED_16_TO_64 = "alder=16-64"
PSYCHIATRIC = "diagnos=F00-F99"
UNKNOWN_MEASURE = "is not a known measure"


class TotalOf(Entry):
    """A number that a measure divides: of another measure, the whole or one group of it."""

    measure: str
    group: str = ""


class Measure(Named):
    """One measure.

    `kind` is stock (at a point in time), flow (during the period) or rolling12 (the twelve months
    that end with the period). `additive` says that kvinnor + män = alla, `between_sexes` that alla lies between
    the two, as in a rate; what is not `of_persons` has no sexes.
    `available` names where official values can be had. `approximate` says that the source
    calls its numbers so, and not how far they may be off. `quantity` says what is measured
    where a region has declared it (see `sources.own_entries`). `own` says that a region counts it itself, so
    that nobody else's number can stand under its id. `known` says that its numbers need no hiding: they tell of all who
    live or are listed somewhere, and nothing of cases. `short` and `definite` are forms of its name, `brief` says in
    a sentence what it is. `total_of` says whose number its own total is, where one more table of the same cases is a
    measure of its own (`data/kartlaggning.yaml`). `told_with` names the counted cases that a number which is reckoned
    of cases rests on: it is shown where they are.
    """

    name: str
    unit: str
    kind: Literal["stock", "flow", "rolling12"]
    decimals: int
    definition: str
    source: str
    additive: bool = False
    between_sexes: bool = False
    of_persons: bool = True
    minimum: float | None = None
    maximum: float | None = None
    available: str = ""
    approximate: bool = False
    own: bool = False
    known: bool = False
    quantity: Literal["count", "rate", "money", "days"] | None = None
    short: str = ""
    definite: str = ""
    brief: str = ""
    total_of: TotalOf | None = None
    told_with: str = ""

    @property
    def short_name(self) -> str:
        """What the measure is called where there is little room."""
        return self.short or self.name

    @property
    def name_and_unit(self) -> str:
        """The measure's name, with its unit where the name does not say it."""
        return self.name if self.unit.lower() in self.name.lower() else f"{self.name} ({self.unit})"

    @property
    def the_name(self) -> str:
        """The measure's name in the definite form inside a sentence, such as `ohälsotalet`."""
        return self.definite or self.name[:1].lower() + self.name[1:]

    @property
    def rolling12(self) -> bool:
        """Whether a value covers the twelve months that end with its period."""
        return self.kind == "rolling12"

    @property
    def counted(self) -> bool:
        """Whether a value is a number of persons or cases, so that a small one can tell who they are."""
        return self.quantity == "count" if self.quantity else self.additive and not self.money

    @property
    def money(self) -> bool:
        """Whether a value is a sum of money."""
        return self.quantity == "money" if self.quantity else self.unit.endswith("kronor")

    @property
    def harmless(self) -> bool:
        """Whether a value tells of nobody, so that it is shown as it is: money, and what is `known`."""
        return self.known or self.money


@cache
def bundled_measures() -> dict[str, Measure]:
    """Return the measures that come with vgstats by id."""
    return {m.id: m for m in read_models(data_folder() / "measures.yaml", Measure)}


class _WithId(Protocol):
    @property
    def id(self) -> str: ...


T = TypeVar("T", bound=_WithId)


class Declared(Generic[T]):
    """The entries of one kind in the catalogue: those of vgstats, and those that a region has declared itself.

    `bundled` returns the former by id. The latter are those of the store or bundle that was opened last.
    """

    def __init__(self, bundled: Callable[[], dict[str, T]]) -> None:
        self._bundled = bundled
        self._own: dict[str, T] = {}
        self._all: dict[str, T] | None = None
        self._declaring = threading.Lock()

    def all(self) -> dict[str, T]:
        """Return all entries by id."""
        with self._declaring:
            if self._all is None:
                self._all = self._bundled() | self._own
            return self._all

    def own(self) -> dict[str, T]:
        """Return those that a region has declared."""
        return self._own

    def declare(self, entries: Iterable[T], *, beside: bool) -> None:
        """Let the catalogue have a region's own entries; with `beside` those declared before are kept."""
        with self._declaring:
            now = (self._own if beside else {}) | {entry.id: entry for entry in entries}
            if now != self._own:
                self._own, self._all = now, None


_measures = Declared(bundled_measures)


def catalogue() -> dict[str, Measure]:
    """Return all measures by id: those of vgstats, and those of the store or bundle opened last."""
    return _measures.all()


def declared() -> dict[str, Measure]:
    """Return the measures in the catalogue that a region has declared."""
    return _measures.own()


def declare(measures: Iterable[Measure], *, beside: bool = False) -> None:
    """Let the catalogue have a region's own measures; called where a store or a bundle is opened.

    Args:
        measures: the measures, none of them one of vgstats'.
        beside: keep those declared before: a bundle has only what one report reads.
    """
    _measures.declare(measures, beside=beside)


def measure(id_: str) -> Measure:
    """Return one measure.

    Raises:
        VgstatsError: there is no such measure; the message names one that is spelt nearly so.
    """
    try:
        return catalogue()[id_]
    except KeyError:
        raise VgstatsError(
            f"Unknown measure {id_!r}.{misspelt(str(id_), catalogue())} One that a region has declared is known "
            "when its store is opened: vgstats.Store()."
        ) from None


def known_measures(word: str) -> str:
    """Return in words which measures there are, those most like a word first, and how to declare one."""

    def likeness(measure: Measure) -> float:
        ways = (measure.id, measure.name.lower())
        return max(difflib.SequenceMatcher(None, word.lower(), way).ratio() for way in ways)

    ordered = sorted(catalogue().values(), key=likeness, reverse=True)
    return (
        f"The measures, those most like {word!r} first: {', '.join(f'{m.id} ({m.name})' for m in ordered)}. "
        "A measure of your own is declared in a file: the guide Egna siffror (docs/egen-tabell.md in the project)."
    )


_PUBLIC = ("Measure", "catalogue", "declared", "measure")


def __dir__() -> list[str]:
    """Return what an analyst meets after `vg.measures.`: the rest is for the rest of vgstats."""
    return list(_PUBLIC)
