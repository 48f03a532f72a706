"""Counts beside what is expected of so many persons of those ages: all units in a funnel, and one among them."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
import pandas as pd

from vgstats.catalogue.words import area_words
from vgstats.facts.text import Text, join, say
from vgstats.methods.arguments import refuse, refuse_negative
from vgstats.methods.chance import FEWEST, decimals_for, limit_columns
from vgstats.methods.change_funnel import ADDITIVE, FEWEST_CHANGES, funnel_of_changes
from vgstats.methods.funnel import COUNTS, FEWEST_AREAS, LEVELS, Funnel, labels, rate_funnel
from vgstats.methods.levels import rows_of_areas
from vgstats.methods.result import Band, Labels, NotComputable, Result

AS_EXPECTED = 100.0
SPREAD = (
    "tratt för antal mot väntat, på rotskala med additiv överspridning (Spiegelhalter 2005; DerSimonian och Laird "
    "1986)"
)


_NOISE = 1e-9  # how far a product may put a whole number beyond itself


SIDES = {
    2: "klart fler än vanligt",
    1: "fler än vanligt",
    0: "inom det vanliga",
    -1: "färre än vanligt",
    -2: "klart färre än vanligt",
}


@dataclass(frozen=True, kw_only=True, eq=False)
class FunnelOfExpected(Funnel):
    """Units by how many cases they have of a hundred expected, beside limits that widen as units get smaller.

    `table` has the columns area, size (the expected cases), events, estimate (100 is as expected), the limits and
    label. `spread` is how much units differ beyond chance, as a share of what is expected: 0 where they do not.
    """

    spread: float

    def _remarks(self) -> list[Text]:
        if not self.spread:
            return [say("Gränserna visar vad slumpen ensam ger."), *super()._remarks()]
        percent = 100 * self.spread
        wider = say(
            "{All} skiljer sig åt mer än slumpen ger, ofta med omkring {spread} procent uppåt eller nedåt, och "
            "gränserna är vidgade med det.",
            All=area_words(self.areas).all.capitalize(),
            spread=self.fact("spridning", percent, "procent", decimals_for(10 * percent)),
        )
        return [wider, *super()._remarks()]

    def one(self, area: object, *, by: str = "antal, ålder och kön") -> AmongExpected:
        """Return one unit beside what is usual for its size; it knows of no other unit.

        Args:
            area: the unit, as it stands in the table.
            by: what of the listed persons the expected cases are reckoned by.

        Raises:
            NotComputable: it is not in the funnel.
        """
        own = self.table[self.table["area"].astype(str) == str(area)]
        refuse(
            own.empty,
            "enheten inte är med bland dem som jämförs, eller har för få väntade sjukfall",
        )
        row = own.iloc[0]
        usual = []
        for level in (self.levels[0], self.levels[-1]):
            low, high = (row[end] * row["size"] / AS_EXPECTED for end in limit_columns(level))
            usual.append(Band(float(math.ceil(low - _NOISE)), float(math.floor(high + _NOISE))))
        return AmongExpected(
            estimate=float(row["estimate"]),
            method=self.method,
            n=self.n,
            **Labels(unit="procent", source=self.source, decimals=0, about=f"{self.about}|{area}"),
            events=float(row["events"]),
            expected=float(row["size"]),
            usual=usual[0],
            seldom=usual[1],
            by=by,
            spread=self.spread,
        )


@dataclass(frozen=True, kw_only=True)
class AmongExpected(Result):
    """One unit's cases beside what is expected of its listed persons, and what is usual for its size.

    `estimate` is how many there are of a hundred expected; `usual` the counts within the inner limits, `seldom`
    those within the outer ones, beyond which next to no unit lies by itself; `n` the units compared; `spread` as of
    the funnel.
    """

    events: float
    expected: float
    usual: Band
    seldom: Band
    by: str
    spread: float = 0.0

    @property
    def side(self) -> int:
        """Where the count lies: 0 usual for the size, 1 more and -1 fewer than that, 2 and -2 far outside."""
        sign = 1 if self.events > self.usual.high else -1
        return (
            0
            if self.usual.holds(self.events)
            else sign * (1 if self.seldom.holds(self.events) else 2)
        )

    def short(self) -> str:
        """Return the verdict alone, for a cell."""
        return f"{SIDES[self.side]} för er storlek"

    def sentence(self) -> Text:
        """Return the count, what is expected and usual, and on which side of that the count lies."""
        return self._told(say("Det är {verdict}.", verdict=self.short()))

    def beside_verdict(self) -> Text:
        """Return the sentence without its verdict, for where `short` stands already."""
        return self._told()

    def _told(self, *verdict: Text) -> Text:
        first = say(
            "Ni har {events} pågående sjukfall. Med era listades {by} väntar man sig omkring {expected}; mellan {low} "
            "och {high} är vanligt.",
            events=self.count("sjukfall", self.events),
            by=self.by,
            expected=self.count("väntat", self.expected),
            **self.both_ends("vanligt {}", self.usual, "antal", 0),
        )
        if not self.side:
            return join([first, *verdict])
        if abs(self.side) == 2:
            why = say(
                "Så långt ut hamnar nästan ingen av sig själv. Det är värt att ta reda på varför."
            )
        else:
            five = self.count("av hundra", 5)
            why = say(
                "Omkring {five} enheter av hundra hamnar så långt ut utan att det betyder något.",
                five=five,
            )
        return join([first, *verdict, why])


def expected_funnel(
    frame: pd.DataFrame,
    *,
    area: str = "area",
    events: str = "events",
    expected: str = "expected",
    areas: str = "enheter",
    source: str = "",
    about: str = "",
) -> FunnelOfExpected:
    """Return the funnel of units' cases beside the expected ones: indirectly standardised, 100 is as expected.

    y = √(cases/expected), s = 1/(2√expected): the limits are (1 ± z·√(s² + τ²))²·100, τ² the variance between
    units beyond chance as in `funnel_of_changes` (additive). Where there is none, or fewer than 10 units to tell it by,
    they are the exact ones of Poisson (`rate_funnel`). Units with fewer than 10 expected cases are left out.
    Spiegelhalter (2005), Stat Med 24:1185-1202. In simulations of 40 and 200 units that differ by 0 to 30 per
    cent, 3 to 7 of 100 lie outside at 95 per cent.

    Args:
        frame: a row a unit.
        area: the column of units.
        events: the column of cases.
        expected: the column of expected cases (see `expected_events`), not rounded to whole ones.
        areas: what the units are called, in the plural, for the sentence.
        source: where the figures come from.
        about: what tells these numbers from others on the page.

    Raises:
        NotComputable: fewer than 3 units have 10 expected cases, a unit stands twice, a number is missing or
            negative, or no unit has a case.

    >>> units = pd.DataFrame({"area": list("abcd"), "events": [40, 60, 95, 20], "expected": [42.0, 55, 90, 24]})
    >>> expected_funnel(units).one("a").short()
    'inom det vanliga för er storlek'
    """
    found = rows_of_areas(frame, [events, expected], area)
    refuse_negative(found, [events, expected])
    few = found[expected] < FEWEST
    refuse(
        (~few).sum() < FEWEST_AREAS,
        "färre än {n} enheter är stora nog för gränserna",
        n=FEWEST_AREAS,
    )
    used = found[~few].reset_index(drop=True)
    exact = rate_funnel(
        used,
        area=area,
        events=events,
        of=expected,
        centre=AS_EXPECTED,
        multiplier=AS_EXPECTED,
    )
    size, count = used[expected].to_numpy(), used[events].to_numpy()
    table, spread = exact.table, 0.0
    if len(used) >= FEWEST_CHANGES:
        roots = pd.DataFrame(
            {"area": used[area], "change": np.sqrt(count / size), "error": 0.5 / np.sqrt(size)}
        )
        try:
            wide = funnel_of_changes(roots, standard_error="error", dispersion=ADDITIVE, centre=1.0)
        except NotComputable:  # all alike: there is nothing beyond chance
            wide = None
        if wide and wide.tau2:
            spread = 2 * math.sqrt(wide.tau2)  # of the ratio, whose root this is
            for level in LEVELS:
                for end in limit_columns(level):
                    table = table.assign(**{end: AS_EXPECTED * np.maximum(wide.table[end], 0) ** 2})
            table = table.assign(label=labels(table, LEVELS))
    return FunnelOfExpected(
        estimate=AS_EXPECTED,
        method=SPREAD if spread else COUNTS,
        n=len(table),
        **Labels(unit="procent", source=source, decimals=0, about=about),
        table=table.assign(events=count),
        levels=LEVELS,
        areas=areas,
        left_out=tuple(found.loc[few, area].astype(str)),
        too_few="väntade",
        spread=spread,
    )
