"""Synthetic figures by diagnosis, length of case and branch, of decisions, and of a region's register: all made up.

Started cases by every chapter of ICD-10 and F43, ongoing cases by length, started cases per 1 000 employed by
branch, first decisions and refusals. Parts add up, riket is the sum of the counties, and the same seed gives
the same figures. The register's counts are such as a region keeps itself: nobody has hidden the small ones, so that
disclosure control has something to do.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import product

import numpy as np
import pandas as pd

from vgstats.catalogue.areas import RIKET, kommuner
from vgstats.catalogue.words import dimensions
from vgstats.observations import SEXES
from vgstats.sources.reading import ROW_COLUMNS

STARTED = "startade_sjukfall"
BY_BRANCH = "startade_sjukfall_per_1000_forvarvsarbetande"
DECISIONS = ("forsta_beslut", "forsta_beslut_avslag", "forsta_beslut_avslag_andel")
LATE_REFUSALS = ("avslag_efter_180", "avslag_efter_180_andel")
MEASURES = (STARTED, BY_BRANCH, *DECISIONS, *LATE_REFUSALS)
ONGOING = "pagaende_sjukfall"
REGISTER = "pagaende_sjukfall_eget_register"
MONTHS = 25  # at most: two years and the month they are compared with
_LENGTHS = {"1-29": 0.18, "30-89": 0.22, "90-179": 0.17, "180-365": 0.21, "366+": 0.22}
_WOMEN = 0.62
_MANY = {"F00-F99": 9.0, "M00-M99": 5.0, "S00-T98": 3.0, "J00-J99": 2.0}  # beside other chapters
_F43 = 0.55  # of F00-F99
_REGISTER_GROUPS = {
    "diagnos=F00-F99": (0.48, 0.36),
    "diagnos=M00-M99": (0.18, 0.23),
    "diagnos=S00-T98": (0.07, 0.15),
    "diagnos=övriga": (0.27, 0.26),
}  # what share of women's cases, and of men's
_REGISTER_WOMEN = 0.64
_TYPICAL = 120.0  # cases in a kommun of middle size
_Cells = dict[tuple[str, str, str, str, str], float]


def rows_of_parts(lan: Sequence[str], months: Sequence[str], seed: int) -> pd.DataFrame:
    """Return rows of `MEASURES` for some counties and riket.

    Args:
        lan: the counties.
        months: as `2024-12`, in order; the last `MONTHS` of them, and the years of their Decembers, are used.
        seed: of the random numbers.
    """
    random = np.random.default_rng([seed, 700])
    size = dict(zip(lan, np.exp(random.normal(0, 0.6, len(lan))), strict=True))
    used = months[-MONTHS:]
    years = [month[:4] for month in used if month.endswith("-12")]
    cells = _started(size, used, random)
    for year in years:
        cells |= _by_branch(lan, year, random)
        cells |= _refusals(size, year, DECISIONS, 5000, random)
        cells |= _refusals(size, year, ("", *LATE_REFUSALS), 1500, random)
    return _frame(cells)


def rows_by_length(totals: pd.DataFrame, seed: int) -> pd.DataFrame:
    """Return ongoing cases by length, so that the lengths add up to the cases there are.

    Args:
        totals: rows of `pagaende_sjukfall`, of which those of counties in the last months are used.
        seed: of the random numbers.
    """
    random = np.random.default_rng([seed, 701])
    months = sorted(totals["period"].unique())[-MONTHS:]
    of_lan = totals["area"].astype(str).str.startswith("lan:") & (totals["group"] == "")
    used = totals[of_lan & totals["period"].isin(months) & (totals["sex"] != "alla")]
    drawn = random.multinomial(used["value"].astype(int), list(_LENGTHS.values()))
    cells: _Cells = {}
    for row, counts in zip(used.itertuples(), drawn, strict=True):
        for length, count in zip(_LENGTHS, counts, strict=True):
            _add(
                cells,
                ONGOING,
                str(row.area),
                str(row.period),
                str(row.sex),
                f"langd={length}",
                count,
            )
    return _frame(cells)


def rows_of_register(lan: Sequence[str], months: Sequence[str], seed: int) -> pd.DataFrame:
    """Return counts of `REGISTER` for all kommuner of some counties in the last of the months (see `MONTHS`).

    Args:
        lan: the counties.
        months: as `2024-12`, in order.
        seed: of the random numbers.
    """
    random = np.random.default_rng([seed, 500])
    places = [kommun for county in lan for kommun in kommuner(county)]
    used = months[-MONTHS:]
    size = _TYPICAL * np.exp(random.normal(0, 0.9, len(places)))
    by_sex = np.array([[_REGISTER_WOMEN], [1 - _REGISTER_WOMEN]])
    split = np.array(list(_REGISTER_GROUPS.values())).T * by_sex
    drift = random.normal(-0.04, 0.05, len(places))[:, None] * np.arange(len(used)) / 12
    season = 0.05 * np.cos(np.array([int(month[5:]) for month in used]) / 6 * np.pi)
    level = size[:, None] * np.exp(drift + season)
    counts = random.poisson(level[:, :, None, None] * split).reshape(-1)
    keys = product([REGISTER], places, used, SEXES[1:], _REGISTER_GROUPS)
    return _frame(dict(zip(keys, counts.tolist(), strict=True)))


def _add(
    cells: _Cells, measure: str, area: str, period: str, sex: str, group: str, count: float
) -> None:
    """Add a count to its own cell and to those of alla and riket."""
    for place in (area, RIKET):
        for of in (sex, "alla"):
            key = (measure, place, period, of, group)
            cells[key] = cells.get(key, 0) + float(count)


def _started(size: dict[str, float], months: Sequence[str], random: np.random.Generator) -> _Cells:
    cells: _Cells = {}
    chapters = [code for code in dimensions()["diagnos"].values if "-" in code]
    for area, scale in size.items():
        for sex, share in zip(SEXES[1:], (_WOMEN, 1 - _WOMEN), strict=True):
            level = [40 * scale * share * _MANY.get(chapter, 0.5) for chapter in chapters]
            for month, counts in zip(
                months, random.poisson(level, (len(months), len(level))), strict=True
            ):
                _add(cells, STARTED, area, month, sex, "", counts.sum())
                for chapter, count in zip(chapters, counts, strict=True):
                    _add(cells, STARTED, area, month, sex, f"diagnos={chapter}", count)
                    if chapter == "F00-F99":
                        stress = random.binomial(count, _F43)
                        _add(cells, STARTED, area, month, sex, "diagnos=F43", stress)
    return cells


def _by_branch(lan: Sequence[str], year: str, random: np.random.Generator) -> _Cells:
    cells: _Cells = {}
    for area in (RIKET, *lan):
        for branch in ("", *dimensions()["bransch"].values):
            women, men = random.uniform(90, 190), random.uniform(50, 130)
            group = f"bransch={branch}" if branch else ""
            for sex, value in zip(SEXES, ((women + men) / 2, women, men), strict=True):
                cells[BY_BRANCH, area, year, sex, group] = round(value, 1)
    return cells


def _refusals(
    size: dict[str, float],
    year: str,
    names: Sequence[str],
    level: float,
    random: np.random.Generator,
) -> _Cells:
    """Return decisions, those that are refusals and their share; decisions without a name are left out."""
    decided, refused, share = names
    cells: _Cells = {}
    for area, scale in size.items():
        for sex, part in zip(SEXES[1:], (_WOMEN, 1 - _WOMEN), strict=True):
            decisions = int(random.poisson(level * scale * part)) + 20
            _add(cells, decided, area, year, sex, "", decisions)
            _add(cells, refused, area, year, sex, "", random.binomial(decisions, 0.06))
    for (measure, area, _, sex, _), count in list(cells.items()):
        if measure == refused:
            of = cells[decided, area, year, sex, ""]
            cells[share, area, year, sex, ""] = round(100 * count / of, 1)
    return {key: value for key, value in cells.items() if key[0]}


def _frame(cells: _Cells) -> pd.DataFrame:
    frame = pd.DataFrame(list(cells), columns=["measure", "area", "period", "sex", "group"])
    frame = frame.astype("category")
    value = np.array(list(cells.values()), dtype=float)
    tenths = frame["measure"].isin([BY_BRANCH, DECISIONS[-1], LATE_REFUSALS[-1]])
    return frame.assign(
        value=value,
        resolution=np.where(tenths, 0.1, 1.0),
        status=pd.Categorical(np.where(value == 0, "nil", "ok")),
        sheet=pd.Categorical([""] * len(frame)),
        row=np.arange(1, len(frame) + 1),
    )[ROW_COLUMNS]
