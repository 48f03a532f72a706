"""Whether a finished page shows only what was released, and gives away nothing that is hidden.

The numbers are read back from the page, not from the figures it was made of, and attacked.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache, cached_property
from itertools import pairwise

import pandas as pd
from selectolax.lexbor import LexborHTMLParser

from vgstats.blocks.blocks import OWN_FIGURES
from vgstats.catalogue.areas import all_areas
from vgstats.disclosure import audit
from vgstats.disclosure.release import Release, is_own_measure, registers
from vgstats.errors import VgstatsError
from vgstats.facts.facts import id_of, value_fact
from vgstats.facts.text import UNCONTROLLED
from vgstats.methods.before_after import Change, change_facts
from vgstats.methods.result import ENDS
from vgstats.observations import SEXES, Key, Value, newest
from vgstats.page.numbers_on_page import facts_of, own_texts, unaccounted_beside_own_counts
from vgstats.page.own_blocks import beside_own_counts
from vgstats.reports.base.revision import FORMER

_WORD = re.compile(r"[^\W\d_]{3}")
_OF_A_CHANGE = ("skillnad", "skillnad lägst", "skillnad högst", "procent")


@dataclass(frozen=True)
class Controlled:
    """What a page may show: the released figures it is made of, and the decision on the whole release.

    `written` are words that stood in the parameter file before any figure was read, whatever digits are in them.
    """

    observations: pd.DataFrame
    release: Release
    sources: pd.DataFrame = field(default_factory=pd.DataFrame)
    written: tuple[str, ...] = ()

    def __deepcopy__(self, memo: object) -> Controlled:
        """Return the object itself: nothing changes it, and nbconvert copies what it is given for each page."""
        return self

    def faults(self, page: LexborHTMLParser) -> Iterator[str]:
        """Yield in words what a page shows that was not released, or that gives a hidden number away."""
        facts = _facts(page)
        concerned = self.release.rule.on and self._concerns(facts)
        if concerned:
            yield from beside_own_counts(page)
        yield from self.faults_of(facts)
        if concerned:
            yield from unaccounted_beside_own_counts(page, self._names)
        if (
            self.uncontrolled
            and page.css_first("main > p.uncontrolled-page, .front > p.uncontrolled-page") is None
        ):
            yield f"it shows small numbers that nobody has hidden, and does not say {UNCONTROLLED!r}"

    def not_read(self, page: LexborHTMLParser) -> str:
        """Return the first published figure in a part of a page that the report does not read, empty for none."""
        measures = {str(measure) for measure in self.observations["measure"].unique()}
        names = (name for name, _ in _facts(page) if name not in self._shown)
        return next((n for n in names if _is_key(n, measures) and not of_own_measure(n)), "")

    @property
    def concerns_own_counts(self) -> bool:
        """Whether the figures hold own counts, small ones among which may be hidden."""
        return self.release.rule.on and not self._own.empty

    @property
    def uncontrolled(self) -> bool:
        """Whether the figures hold own counts whose small numbers are not hidden."""
        return not self.release.rule.on and not self._own.empty

    def faults_of(self, facts: list[tuple[str, str]]) -> Iterator[str]:
        """Yield the faults of a page that shows these facts, each an id and a machine value."""
        yield from self._not_as_released(facts)
        if self.release.rule.on:
            yield from self._derived(facts)
            yield from self._not_of_the_report(facts)
            yield from self._given_away(facts)

    @cached_property
    def _shown(self) -> dict[str, Value]:
        """What may be shown, by the id of its fact."""
        of_others = ~self.observations["measure"].isin(list(self.release.measures))
        others = newest(self.observations[of_others])
        return {id_of(*key): value for key, value in others.items()} | self.release.shown

    def _concerns(self, facts: list[tuple[str, str]]) -> bool:
        """Return whether the report or its page is about a region's own figures."""
        return not self._own.empty or any(of_own_measure(name) for name, _ in facts)

    @cached_property
    def _own(self) -> pd.DataFrame:
        """The rows of the figures that are own counts."""
        own = self.observations["measure"].isin(list(self.release.measures))
        return self.observations[own]

    @cached_property
    def _names(self) -> set[str]:
        """What the sources are called, what is said of them, and what stood in the parameter file."""
        named = self.sources.reindex(columns=["short", "title", "publisher", "note", "address"])
        words = {name for name in named.astype(str).to_numpy().ravel() if _WORD.search(name)}
        return words.union(self.written)

    def _not_as_released(self, facts: list[tuple[str, str]]) -> Iterator[str]:
        """Yield each number that stands under the key of a figure and is not that figure."""
        measures = {str(measure) for measure in self.observations["measure"].unique()}
        measures |= self.release.measures
        for name, value in dict.fromkeys(facts):
            if name.startswith(FORMER) and of_own_measure(name):
                yield f"{name} is a former number of own counts, which beside the one of today may give others away"
            elif name in self._shown:
                released = f"{value_fact(self._shown[name]).printed():f}"
                if released != value:
                    yield f"{name} is shown as {value} and was released as {released}"
            elif _is_key(name, measures):
                yield f"{name} is shown and was not released"

    def _derived(self, facts: list[tuple[str, str]]) -> Iterator[str]:
        """Yield each number that was worked out from a hidden one."""
        measures = "|".join(map(re.escape, sorted(self.release.measures)))
        if not measures:
            return
        derived = re.compile(
            rf".+?\|(?P<measure>{measures})\|(?P<area>[^|]+)\|(?P<period>[^|]+)(?P<rest>.*?)"
            r"(?:\|från (?P<before>[^|]+))?"
        )
        for name, _ in dict.fromkeys(facts):
            found = derived.fullmatch(name)
            if found is None:
                continue
            for period in filter(None, (found["period"], found["before"])):
                key = f"{found['measure']}|{found['area']}|{period}{found['rest']}"
                if key in self.release.secret:
                    yield f"{name} is worked out from a hidden number"

    def _not_of_the_report(self, facts: list[tuple[str, str]]) -> Iterator[str]:
        """Yield each number beside own counts that no part of the report writes, or another than it does."""
        if not self._concerns(facts):
            return
        rule, hidden = self.release.rule, int((self._own["status"] == "suppressed").sum())
        counted = {
            "lägsta antal som döljs": rule.hidden_from,
            "högsta antal som döljs": rule.threshold - 1,
            "minsta spann för ett dolt tal": rule.width,
            "dolda antal": hidden,
            "visade antal": len(self._own) - hidden,
            "alla antal": len(self._own),
        }
        for name, value in dict.fromkeys(facts):
            kind = name.partition("|")[0]
            if name in counted and value != str(counted[name]):
                yield f"{name} is shown as {value} and is {counted[name]}"
            elif is_own_measure(kind) and name not in self._shown and not _is_kind(kind):
                yield f"{name} is no number of the report"
            elif kind in _OF_A_CHANGE and of_own_measure(name):
                yield from self._not_the_change(name, value)

    def _not_the_change(self, name: str, value: str) -> Iterator[str]:
        """Yield a fault when a number that says how a count changed is not worked out from released ones."""
        _, *parts, before = name.split("|")
        earlier = "|".join([*parts[:2], before.removeprefix("från "), *parts[3:]])
        first, last = self._shown.get(earlier), self._shown.get("|".join(parts))
        if first is None or last is None:
            if not any("-" in part and "=" not in part for part in parts[3:]):
                yield f"{name} is worked out from a number that was not released"
            return
        made = change_facts(Change(first, last))
        facts = (
            made.difference,
            made.difference_low,
            made.difference_high,
            made.percent,
            made.percent_beside,
        )
        if (name, value) not in {(fact.id, f"{fact.printed():f}") for fact in facts}:
            yield f"{name} is shown as {value}, and that is not how the released numbers changed"

    def _given_away(self, facts: list[tuple[str, str]]) -> Iterator[str]:
        """Yield each hidden number that what the page shows bounds tighter than the rule allows."""
        said = dict(facts)
        for measure, decision in self.release.protected.items():
            keys = self.release.keys[measure]
            shown: dict[Key, int] = {
                keys[name]: int(value) for name, value in said.items() if name in keys
            }
            try:
                unsafe = audit(decision, shown)
            except VgstatsError as error:
                yield str(error)
                continue
            for hidden in unsafe:
                yield f"{id_of(*hidden)} is hidden, and what the page shows gives it away"


def unrecorded(page: LexborHTMLParser) -> Iterator[str]:
    """Yield a fault when a page that is made of no recorded release shows a region's own figures."""
    if page.css_first(f".{OWN_FIGURES}") or any(of_own_measure(name) for name, _ in _facts(page)):
        yield "it shows a region's own counts. Make it with vgstats render, which checks what was released"


def shows_own_figures(html: str) -> bool:
    """Return whether what a page is made of shows figures that a region counts itself."""
    return any(unrecorded(LexborHTMLParser(html)))


def _facts(page: LexborHTMLParser) -> list[tuple[str, str]]:
    return [(name, value) for name, value, _ in facts_of(page)]


def of_own_measure(name: str) -> bool:
    """Return whether a fact's id says that it is of a region's own measure, or made of one.

    Such is what stands before an area and is neither a measure of vgstats nor a word of its own: who reads a page
    need not have the store where a region's measures are declared.
    """
    named = [
        measure
        for before, area in pairwise(name.split("|"))
        if area in all_areas().index
        for measure in before.split("+")
    ]
    return any(is_own_measure(measure) and not _is_kind(measure) for measure in named)


@cache
def _is_kind(word: str) -> bool:
    """Return whether vgstats itself has the word, or the beginning of it, for what a number is."""
    return word in _kinds() or any(word.startswith(kind) for kind in _kinds() if kind.endswith(" "))


@cache
def _kinds() -> frozenset[str]:
    words = {text.partition("|")[0] for text in own_texts()} - {"", " "}
    words |= {word.replace("{}", end) for word in words for end in ENDS if "{}" in word}
    return frozenset(words - registers())


def _is_key(name: str, measures: set[str]) -> bool:
    """Return whether an id is the key of a figure, and not of something worked out."""
    measure, *rest = name.split("|")
    known = measure in measures or (is_own_measure(measure) and not _is_kind(measure))
    if not known or len(rest) < 2 or rest[0] not in all_areas().index:
        return False
    return len(rest) <= 4 and all(part in SEXES or "=" in part for part in rest[2:])
