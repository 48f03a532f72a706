"""The area of a report beside the country and the counties."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, ClassVar

from vgstats.observations import SEXES
from vgstats.reports.base.surroundings import Surroundings

if TYPE_CHECKING:
    from vgstats.methods.comparison import Comparison

FEWEST_COUNTIES = 15


class Compared(Surroundings):
    """A report whose area may be compared.

    `headline` are the measures asked for first, `rate` the one that stands for plain counts where it has figures,
    and `compared_measures` those tried in turn where a headline measure has none.
    """

    headline: ClassVar[tuple[str, ...]] = ()
    rate: ClassVar[str] = ""
    compared_measures: ClassVar[tuple[str, ...]] = ()

    @cached_property
    def comparisons(self) -> dict[str, Comparison]:
        """The county beside the country and the counties, by sex; empty without figures for most.

        In the first of `compared_measures` that has figures for both sexes together, else in the
        first that has them for women; women and men in the same measure as both together.
        """
        for first in ("alla", "kvinnor"):
            for measure in self.compared_measures:
                if one := self._compared(measure, first):
                    others = {s: self._compared(measure, s) for s in SEXES if s != first}
                    found = {s: one if s == first else others[s] for s in SEXES}
                    return {sex: one for sex, one in found.items() if one}
        return {}

    @cached_property
    def compared(self) -> list[Comparison]:
        """What the counties are compared in: the headline measures that have figures, each for both sexes.

        Where there is none, the comparison of `comparisons` for both sexes together, or one for each.
        """
        both = [self._compared(measure, "alla") for measure in self.headline]
        of_cases = self._compared(self.rate, "alla") or self.comparisons.get("alla")
        named = [one for one in both if one]
        if of_cases and of_cases.county.after.measure not in self.headline:
            named.append(of_cases)
        return named or list(self.comparisons.values())

    def comparison(self) -> Comparison | None:
        """Return the comparison for both sexes together, or for women where there is only by sex."""
        return next(iter(self.compared), None)

    def _compared(self, measure: str, sex: str) -> Comparison | None:
        # Here, since a batch whose reports are all up to date asks for no comparison.
        from vgstats.methods.comparison import compare

        pair = self.periods(measure) if measure else None
        found = compare(self.observations, measure, self.area, *pair, sex=sex) if pair else None
        return found if found and found.counties >= FEWEST_COUNTIES else None
