"""What a measure does in some units is found in made-up certificates, and nothing where it does nothing."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from vgstats.demo.certificates import Certificates
from vgstats.methods.units_effect import EffectInUnits, effect_in_units

SIZE = Certificates("lan:09", rows=80_000, units=60)  # ten begin, five of them for being high
DAYS = [dt.date(year, 10, 1) for year in (2022, 2023, 2024, 2025)]
NONE = {"shorter": 1.0, "fewer": 1.0}


def found(size: Certificates) -> EffectInUnits:
    """The difference in persons with a certificate on the day, per 1 000 listed, from a start that is the same."""
    listed, cases = size.care.listed.sum(axis=(1, 2)), np.zeros((len(DAYS), size.units))
    for part in size.parts():
        for place, day in enumerate(DAYS):
            at = (day - dt.date(1970, 1, 1)).days
            holds = (part["first"] <= at) & (at <= part["last"]) & (part["unit"] >= 0)
            people = pd.DataFrame({"of": part["person"][holds], "unit": part["unit"][holds]})
            of_units = people.drop_duplicates("of")["unit"]
            cases[place] += np.bincount(of_units, minlength=size.units)
    *past, before, after = 1000 * cases / listed
    frame = pd.DataFrame({"before": before, "after": after, "earlier": np.mean(past, axis=0)})
    units = frame.assign(unit=frame.index.astype(str), began=frame.index.isin([*size.treated]))
    return effect_in_units(units, chosen_high=True, earlier="earlier")


def test_a_fall_in_units_that_began_something_is_found_in_certificates():
    assert sum(found(replace(SIZE, seed=seed)).stands_out for seed in range(3)) >= 2


@pytest.mark.long
def test_over_a_hundred_populations_it_is_found_and_seldom_where_there_is_none():
    with_none = [found(replace(SIZE, seed=seed, **NONE)) for seed in range(100)]
    assert sum(one.stands_out for one in with_none) <= 8  # 3 when it was written down
    assert abs(np.mean([one.estimate for one in with_none])) < 0.5
    falls = [found(replace(SIZE, seed=seed)) for seed in range(100)]
    assert sum(one.stands_out for one in falls) >= 85  # 95
