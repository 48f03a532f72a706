"""Made-up medical certificates of a county: every one of them is about nobody.

Persons fall ill, get a case of some length, certificates that follow each other through it, and may fall ill again. The
file has a region's own names of columns and spellings, and is written in parts, so that ten million rows take little
memory. The same size and seed give the same rows.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from vgstats.demo import made_after as after
from vgstats.demo.care_units import AGES, BY_AGE, CareUnits, made_up_units
from vgstats.errors import VgstatsError

MONTH = np.timedelta64(1, "M")
Arrays = dict[str, np.ndarray]


@dataclass(frozen=True)
class Certificates:
    """How many certificates to make up, of which county, and what to put into them.

    About `rows` of them begin from `first` to `last`, at `units` vårdcentraler. Of those, one in six begins a measure
    on the day `started`, half of them chosen for their many cases the year before: from then on their cases are
    `shorter` and `fewer` by these factors (1 is no effect). `faults` is how many faulty rows to add.

    Raises:
        VgstatsError: there are too few or too many units, or the days are not in order.
    """

    lan: str
    rows: int = 4_000
    units: int = 25
    first: dt.date = dt.date(2021, 10, 1)
    last: dt.date = dt.date(2025, 10, 31)
    started: dt.date = dt.date(2024, 10, 1)
    shorter: float = 0.75
    fewer: float = 0.8
    faults: int = 0
    seed: int = 1

    def __post_init__(self) -> None:
        if not 6 <= self.units <= 200:
            raise VgstatsError(f"There are from 6 to 200 made-up units, not {self.units}.")
        if not self.first < self.started < self.last:
            raise VgstatsError(f"{self.started} does not lie between {self.first} and {self.last}.")

    @cached_property
    def care(self) -> CareUnits:
        """The units."""
        days = (self.last - self.first).days
        ongoing = self.rows / after.A_CASE / days * after.mean_days()
        return made_up_units(
            self.lan, self.units, ongoing / after.PER_LISTED, self.started, self.seed
        )

    @cached_property
    def _months(self) -> np.ndarray:
        """The months in which persons fall ill for the first time: relapses need two years before the first day."""
        return np.arange(np.datetime64(self.first, "M") - 24, np.datetime64(self.last, "M") + MONTH)

    @cached_property
    def _without(self) -> np.ndarray:
        """Persons that fall ill, by month and unit, had there been no measure."""
        random = np.random.default_rng([self.seed, 810])
        each = self.care.listed * (np.array(BY_AGE) * after.starting_sexes()[:, None])
        weight = each.sum(axis=(1, 2)) * self.care.level
        month = self._months.astype(int) % 12
        season = 1 + 0.12 * np.cos(month / 6 * np.pi) - 0.15 * (month == 6)
        total = (
            self.rows / after.A_CASE * (1 - after.RELAPSE) / ((self.last - self.first).days / 30.44)
        )
        return np.asarray(random.poisson(total * season[:, None] * weight / weight.sum()))

    @cached_property
    def treated(self) -> dict[int, bool]:
        """The units that begin a measure, and whether they were chosen for being high."""
        random = np.random.default_rng([self.seed, 820])
        start = np.searchsorted(self._months, np.datetime64(self.started, "M"))
        before = self._without[start - 12 : start].sum(axis=0)
        usual = self._without[: start - 12].mean(axis=0)
        able = np.argsort(-(before - 12 * usual) / np.sqrt(12 * usual + 1))
        able = able[able < self.units * 3 // 4]  # not the small ones
        count = max(1, self.units // 12)
        high = able[:count].tolist()
        others = random.choice(able[count:], count, replace=False).tolist()
        return {unit: unit in high for unit in sorted(high + others)}

    def parts(self, persons: int = 100_000) -> Iterator[Arrays]:
        """Yield certificates as arrays of equal length, of some persons at a time, those that fall ill early first.

        Yields:
            `person`, `unit`, `own` (unit that certified, -1 for other care), `first` and `last` (days since 1970),
            `degree`, `code`, `care`, `occupation`, `employer` (places in `DEGREES` and so on), `sex`, `born`, `kommun`
            (that of a unit), and whether each of `MARKS` is recorded.
        """
        random = np.random.default_rng([self.seed, 830])
        measured = np.isin(np.arange(self.units), list(self.treated))
        later = self._months >= np.datetime64(self.started, "M")
        kept = np.where(later[:, None] & measured, self.fewer, 1.0)
        counts = random.binomial(self._without, kept).ravel()
        ends = np.cumsum(counts)
        for part, at in enumerate(range(0, int(ends[-1]), persons)):
            of = np.arange(at, min(at + persons, int(ends[-1])))
            cell = np.searchsorted(ends, of, side="right")
            month, unit = np.divmod(cell, self.units)
            some = np.random.default_rng([self.seed, 840, part])
            yield _certificates(self, _persons(self, of, unit, self._months[month], some), some)

    @cached_property
    def sexes_and_ages(self) -> np.ndarray:
        """Cumulative shares of those who fall ill, by unit and then sex and age."""
        each = self.care.listed * (np.array(BY_AGE) * after.starting_sexes()[:, None])
        return _cumulative(each.reshape(self.units, -1))


def _cumulative(weights: np.ndarray) -> np.ndarray:
    """Return cumulative shares, by row."""
    sums = np.cumsum(np.atleast_2d(weights), axis=1)
    return np.asarray(sums / sums[:, -1:])


def _drawn(random: np.random.Generator, cumulative: np.ndarray, row: np.ndarray) -> np.ndarray:
    """Return a random column of each row named."""
    rows, columns = cumulative.shape
    flat = (cumulative + np.arange(rows)[:, None]).ravel()
    at = np.searchsorted(flat, row + random.random(len(row)), side="right")
    return np.asarray(np.minimum(at - row * columns, columns - 1), dtype=np.int16)


def _one(random: np.random.Generator, shares: tuple[float, ...], count: int) -> np.ndarray:
    """Return random options by their shares."""
    return _drawn(random, _cumulative(np.array(shares)), np.zeros(count, dtype=np.int64))


def _persons(
    size: Certificates,
    number: np.ndarray,
    unit: np.ndarray,
    month: np.ndarray,
    random: np.random.Generator,
) -> Arrays:
    """Return who falls ill and when."""
    count = len(number)
    begins, ends = month.astype("M8[D]"), (month + MONTH).astype("M8[D]")
    day = begins.astype(int) + (random.random(count) * (ends - begins).astype(int)).astype(int)
    sex, age = np.divmod(_drawn(random, size.sexes_and_ages, unit), len(AGES))
    low = np.array([int(one[:2]) for one in AGES])[age]
    years = np.array([14, 10, 10, 10, 10])[age]
    away = random.random(count) < 0.12
    return {
        "person": number,
        "unit": unit.astype(np.int16),
        "day": day,
        "sex": sex.astype(np.int8),
        "born": month.astype("M8[Y]").astype(int)
        + 1970
        - low
        - (random.random(count) * years).astype(int),
        "kommun": np.where(away, random.permutation(unit), unit).astype(np.int16),
        "occupation": _one(random, tuple(after.OCCUPATIONS.values()), count),
        "employer": _one(random, tuple(after.EMPLOYERS.values()), count),
        "elsewhere": random.permutation(unit).astype(np.int16),
        "recording": np.random.default_rng([size.seed, 850]).uniform(0.1, 1, size.units)[unit],
    }


def _cases(size: Certificates, persons: Arrays, random: np.random.Generator) -> Arrays:
    """Return the cases of persons: whose, group, the day it begins and how long it is."""
    start = (size.started - dt.date(1970, 1, 1)).days
    window = [(day - dt.date(1970, 1, 1)).days for day in (size.first, size.last)]
    measured = np.isin(persons["unit"], list(size.treated))
    groups = _cumulative(after.starting())
    who, day, found = np.arange(len(persons["day"])), persons["day"], []
    group = _drawn(random, groups, persons["sex"])
    while len(who):
        changed = measured[who] & (day >= start)
        long = (1 - random.random(len(who))) ** (-1 / after.SHAPE) - 1
        cap = after.LONGEST * random.uniform(0.93, 1.07, len(who))
        days = np.minimum(after.SHORTEST + np.array(after.SCALES)[group] * long, cap)
        days = np.maximum(1, days * np.where(changed, size.shorter, 1)).astype(int)
        found.append((who, group, day, days))
        again = day + days + 7 + random.exponential(after.APART, len(who)).astype(int)
        chance = after.RELAPSE * np.where(measured[who] & (again >= start), size.fewer, 1)
        more = (random.random(len(who)) < chance) & (again <= window[1])
        who, day, group = who[more], again[more], group[more]
        other = random.random(len(who)) < 0.3
        group = np.where(other, _drawn(random, groups, persons["sex"][who]), group)
    names = ("who", "group", "day", "days")
    cases = {
        name: np.concatenate(of) for name, of in zip(names, zip(*found, strict=True), strict=True)
    }
    inside = (cases["day"] >= window[0]) & (cases["day"] <= window[1])
    return {name: of[inside] for name, of in cases.items()}


def _certificates(size: Certificates, persons: Arrays, random: np.random.Generator) -> Arrays:
    """Return the certificates of persons: they follow each other, with some days between or over each other."""
    cases = _cases(size, persons, random)
    final = (size.last - dt.date(1970, 1, 1)).days
    codes = _cumulative(after.code_weights())
    at = np.arange(len(cases["who"]))
    done = np.zeros(len(at), dtype=np.int64)
    degree = _one(random, after.FIRST_DEGREE, len(at))
    code = _drawn(random, codes, cases["group"])
    care = _one(random, tuple(after.CARE.values()), len(at))
    found: list[tuple[np.ndarray, ...]] = []
    while len(at):
        usual = after.CERTIFICATE[min(len(found), len(after.CERTIFICATE) - 1)]
        days = np.maximum(5, usual * random.uniform(0.6, 1.5, len(at))).astype(int)
        left = cases["days"][at] - done
        days = np.where(left - days < 5, left, days)
        shift = _one(random, (0.02, 0.02, 0.03, 0.83, 0.04, 0.02, 0.02, 0.02), len(at)) - 3
        first = cases["day"][at] + done
        last = first + days - 1
        first = np.minimum(first + np.where(done > 0, shift, 0), last)
        steps = (done >= 30) & (random.random(len(at)) < after.STEP) & (degree < 3)
        far = (degree == 0) & (random.random(len(at)) < 0.75)
        degree = degree + steps * (1 + far)
        redrawn = random.random(len(at)) < 0.06
        code = np.where(redrawn, _drawn(random, codes, cases["group"][at]), code)
        found.append((at, first, last, degree, code, care, done >= 28))
        more = (days < left) & (last < final)
        at, done, degree, code, care = (
            at[more],
            (done + days)[more],
            degree[more],
            code[more],
            care[more],
        )
    case, first, last, degree, code, care, month = map(np.concatenate, zip(*found, strict=True))
    who = cases["who"][case]
    count = len(who)
    job = persons["occupation"][who]
    able = np.stack([month, month, month, month & (job == 0), month & (job == 1), month])
    odds = np.array([*after.KVA.values(), after.EMPLOYER, after.AGENCY, after.COMPLETION])[:, None]
    marks = able & (random.random((6, count)) < odds * persons["recording"][who])
    rows = {
        "person": persons["person"][who],
        "unit": persons["unit"][who],
        "own": np.where(
            random.random(count) < 0.9, persons["unit"][who], persons["elsewhere"][who]
        ),
        "first": first,
        "last": last,
        "degree": degree,
        "code": code,
        "care": care,
        **{
            name: persons[name][who] for name in ("sex", "born", "kommun", "occupation", "employer")
        },
        **dict(zip(after.MARKS, marks, strict=True)),
    }
    rows["own"] = np.where(care == 0, rows["own"], -1)
    inside = np.flatnonzero((last - first >= 14) & (random.random(count) < 0.01))
    within = {name: of[inside] for name, of in rows.items()}  # of somebody else, while it lasts
    within |= {"first": first[inside] + 5, "last": last[inside] - 5}
    within |= {"care": np.ones_like(inside), "own": np.full_like(inside, -1)}
    rows = {name: np.concatenate([of, within[name]]) for name, of in rows.items()}
    kept = rows["first"] <= final
    return {name: of[kept] for name, of in rows.items()}
