"""Made-up vårdcentraler of a county, for the certificates of `certificates`: sizes, names, kommuner and listed persons.

Sizes are very different, one unit is tiny, one has got a new name and one is two that merged. Names are of no real
place.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from itertools import product

import numpy as np
import pandas as pd

from vgstats.catalogue import areas

AGES = ("16-29", "30-39", "40-49", "50-59", "60-69")
LISTED_AGES = (0.25, 0.21, 0.19, 0.19, 0.16)  # assumed
BY_AGE = (0.6, 1.0, 1.1, 1.3, 0.85)  # cases per listed, beside each other: assumed
SEXES = ("kvinnor", "män")
_BEGINNINGS = [
    "Drak",
    "Fabel",
    "Fe",
    "Jätte",
    "Myt",
    "Näck",
    "Saga",
    "Skrock",
    "Sägen",
    "Troll",
    "Tomte",
    "Trolsk",
    "Vätte",
    "Älv",
    "Önske",
]
_ENDINGS = [
    "backen",
    "berget",
    "dalen",
    "gården",
    "hagen",
    "holmen",
    "kullen",
    "lunden",
    "sjön",
    "slätten",
    "stigen",
    "udden",
    "viken",
    "åsen",
    "ängen",
]


@dataclass(frozen=True)
class CareUnits:
    """The units, largest first: what they are called, how large and what level they have.

    `listed` are persons by unit, sex and age. `level` is each unit's cases beside what its listed persons' sex and age
    would give. `former` has the names before the day in `changed`: one of one that was renamed, two of a merged one.
    """

    names: tuple[str, ...]
    listed: np.ndarray
    level: np.ndarray
    cni: np.ndarray
    kommun: tuple[str, ...]
    former: dict[int, tuple[str, ...]] = field(default_factory=dict)
    changed: dict[int, dt.date] = field(default_factory=dict)

    @property
    def every_name(self) -> list[str]:
        """The names of today, then the former ones in the order of `former`."""
        return [*self.names, *(name for names in self.former.values() for name in names)]

    def called(self, unit: np.ndarray, day: np.ndarray, person: np.ndarray) -> np.ndarray:
        """Return which of `every_name` each unit had on a day, since 1970; a merged one's by person."""
        code, at = unit.astype(np.int16), len(self.names)
        for of, names in self.former.items():
            before = (unit == of) & (day < (self.changed[of] - dt.date(1970, 1, 1)).days)
            code[before] = at + person[before] % len(names)
            at += len(names)
        return code

    def listed_table(self, years: range) -> pd.DataFrame:
        """Return listed persons by unit (as called in the middle of the year), year, sex (K, M) and age."""
        rows = []
        for year, (of, name) in product(years, enumerate(self.names)):
            before = dt.date(year, 7, 1) < self.changed.get(of, dt.date.min)
            names = self.former[of] if before else (name,)
            for sex, age in product(range(2), range(len(AGES))):
                parts = np.array_split(np.arange(self.listed[of, sex, age]), len(names))
                rows += [
                    (called, year, "KM"[sex], AGES[age], len(part))
                    for called, part in zip(names, parts, strict=True)
                ]
        return pd.DataFrame(
            rows, columns=["vardcentral", "ar", "kon", "aldersgrupp", "antal_listade"]
        )


def made_up_units(lan: str, count: int, persons: float, started: dt.date, seed: int) -> CareUnits:
    """Return units of a county with some listed persons (16-69 years) in all.

    Args:
        lan: the county, such as `lan:14`.
        count: how many units, from 6 to 200.
        persons: listed in all of them.
        started: when some begin a measure: two units merge and one is renamed within two years before that.
        seed: of the random numbers.
    """
    random = np.random.default_rng([seed, 800])
    size = np.sort(np.exp(random.normal(0, 0.6, count)))[::-1]
    size[-1] = size[count // 2] * 0.08  # really small
    need = random.normal(0, 1, count)  # of care, which raises the level too
    age = np.array(LISTED_AGES) * np.exp(random.normal(0, 0.12, (count, 1, len(AGES))))
    share = np.repeat(age / age.sum(axis=2, keepdims=True), 2, axis=1) / 2
    listed = np.maximum(1, np.round(persons * (size / size.sum())[:, None, None] * share))
    made = [f"{one}{other}" for one, other in product(_BEGINNINGS, _ENDINGS)]
    order = random.permutation(len(made))
    names = [made[at] for at in order[:count]]
    others = [made[at] for at in order[::-1][:3]]
    places = areas.kommuner(lan)
    of_places = random.dirichlet(np.full(len(places), 0.6))
    return CareUnits(
        names=tuple(names),
        listed=listed.astype(np.int64),
        level=np.exp(0.1 * need + random.normal(0, 0.08, count)),
        cni=np.round(np.exp(0.25 * need), 2),
        kommun=tuple(random.choice(places, count, p=of_places)),
        former={1: (others[0], others[1]), 3: (others[2],)},
        changed={1: _months_before(started, 15), 3: _months_before(started, 7)},
    )


def _months_before(day: dt.date, months: int) -> dt.date:
    """Return the first day of a month some months before a day's."""
    return (np.datetime64(day, "M") - months).astype("M8[D]").astype(dt.date)  # type: ignore[no-any-return]
