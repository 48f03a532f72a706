"""The section on straight lines before and after: what may be said of a break."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from support import followup
from vgstats.blocks.blocks import Blocks
from vgstats.methods.segmented import Segmented, segmented_regression
from vgstats.sections import over_years as section


def told(step: float, years: int) -> tuple[Segmented, str]:
    rng = np.random.default_rng(4)
    rows = [
        {"area": area, "year": 2000 + year, "value": 40 + rng.normal() + own * step * (year >= 12)}
        for area, own in (("Ale", 1), ("de andra länen", 0))
        for year in range(years)
    ]
    found = segmented_regression(
        pd.DataFrame(rows),
        start=2012,
        rolling12=True,
        time="year",
        group="area",
        treated="Ale",
        comparison="de andra länen",
        unit="dagar",
    )
    return found, section._said(found, 2012).plain()


@pytest.mark.parametrize("step", [0.0, 1.5, 8.0])
@pytest.mark.parametrize("years", [18, 26])
def test_a_trend_broke_only_where_its_interval_leaves_out_zero(step, years):
    found, text = told(step, years)
    outside = found.interval is not None and not found.interval.holds(0)
    assert ("bröts" in text) == outside == (step == 8 and years == 26)
    assert ("går inte att skilja från noll" in text) == (years == 26 and not outside)


def test_a_countys_fifteen_years_give_numbers_places_and_why_no_interval():
    found, blocks = section.broken_trend(followup("14", "2019-12", "2025-12"))
    text = " ".join(part.plain() for part in Blocks(blocks).texts())
    assert found.interval is None
    assert "bröts" not in text and "säkerhet" not in text and "snäva" not in text
    assert "serien har 15 perioder och det behövs 24" in text
    assert "av de 21 länen, detta medräknat, en minst lika stor ändring" in text
    assert "<th" not in Blocks(blocks).html()
