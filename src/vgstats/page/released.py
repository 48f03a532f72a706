"""Whether a finished page shows only what was released, and gives away nothing that is hidden.

The numbers are read back from the page, not from the figures it was made of, and attacked.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

import pandas as pd
from selectolax.lexbor import LexborHTMLParser

from vgstats.areas import all_areas
from vgstats.disclosure import audit
from vgstats.errors import VgstatsError
from vgstats.observations import SEXES, Key, Value, newest
from vgstats.page.numbers_on_page import attribute, image_facts
from vgstats.release import Release
from vgstats.wording.facts import id_of, value_fact


@dataclass(frozen=True)
class Controlled:
    """What a page may show: the released figures it is made of, and the decision on the whole release."""

    observations: pd.DataFrame
    release: Release

    def faults(self, page: LexborHTMLParser) -> Iterator[str]:
        """Yield in words what a page shows that was not released, or that gives a hidden number away."""
        facts = [(attribute(e, "data-fact"), attribute(e, "value")) for e in page.css("data")]
        facts += [(name, value) for i in page.css("img") for name, value, _ in image_facts(i)]
        yield from self.faults_of(facts)

    def faults_of(self, facts: list[tuple[str, str]]) -> Iterator[str]:
        """Yield the faults of a page that shows these facts, each an id and a machine value."""
        yield from self._not_as_released(facts)
        if self.release.rule.on:
            yield from self._derived(facts)
            yield from self._given_away(facts)

    @cached_property
    def _shown(self) -> dict[str, Value]:
        """What may be shown, by the id of its fact."""
        of_others = ~self.observations["measure"].isin(list(self.release.protected))
        released = newest(self.observations[of_others]) | newest(self.release.observations)
        return {id_of(*key): value for key, value in released.items()}

    @cached_property
    def _secret(self) -> set[str]:
        return {id_of(*k) for decision in self.release.protected.values() for k in decision.secret}

    def _not_as_released(self, facts: list[tuple[str, str]]) -> Iterator[str]:
        """Yield each number that stands under the key of a figure and is not that figure."""
        measures = {str(measure) for measure in self.observations["measure"].unique()}
        measures |= set(self.release.protected)
        for name, value in dict.fromkeys(facts):
            if name in self._shown:
                released = f"{value_fact(self._shown[name]).printed():f}"
                if released != value:
                    yield f"{name} is shown as {value} and was released as {released}"
            elif _is_key(name, measures):
                yield f"{name} is shown and was not released"

    def _derived(self, facts: list[tuple[str, str]]) -> Iterator[str]:
        """Yield each number that was worked out from a hidden one."""
        measures = "|".join(map(re.escape, self.release.protected))
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
                if key in self._secret:
                    yield f"{name} is worked out from a hidden number"

    def _given_away(self, facts: list[tuple[str, str]]) -> Iterator[str]:
        """Yield each hidden number that what the page shows bounds tighter than the rule allows."""
        said = dict(facts)
        for decision in self.release.protected.values():
            keys = {id_of(*key): key for key in decision.structure.keys}
            shown: dict[Key, int] = {
                key: int(said[name]) for name, key in keys.items() if name in said
            }
            try:
                unsafe = audit(decision, shown)
            except VgstatsError as error:
                yield str(error)
                continue
            for hidden in unsafe:
                yield f"{id_of(*hidden)} is hidden, and what the page shows gives it away"


def _is_key(name: str, measures: set[str]) -> bool:
    """Return whether an id is the key of a figure, and not of something worked out."""
    measure, *rest = name.split("|")
    if measure not in measures or len(rest) < 2 or rest[0] not in all_areas().index:
        return False
    return len(rest) <= 4 and all(part in SEXES or "=" in part for part in rest[2:])
