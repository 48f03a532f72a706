"""Medians, net days and expected cases: told where the count of cases that they rest on is told."""

from __future__ import annotations

import pandas as pd

from vgstats.disclosure.release import Release
from vgstats.disclosure.rule import HidingRule
from vgstats.observations import COLUMNS
from vgstats.reports.base.rests_on import told_with_cases, with_cases
from vgstats.store.store import Wanted

ALBY, BODA = "enhet:14-alby", "enhet:14-boda"


def rows(*found: tuple[str, str, str, str, float | None]) -> pd.DataFrame:
    frame = pd.DataFrame(found, columns=["measure", "area", "period", "sex", "value"])
    status = ["suppressed" if pd.isna(value) else "ok" for value in frame["value"]]
    more = {"group": "", "resolution": 1.0, "source": "egna", "retrieved": "2025-11-01"}
    return frame.assign(status=status, **more)[COLUMNS]


def test_a_median_is_hidden_with_how_many_started_for_it_says_that_they_are_thirty():
    told = rows(
        ("intygsfall_median_dagar", ALBY, "2025-10-01", "kvinnor", 21),
        ("intygsfall_median_dagar", ALBY, "2025-10-01", "alla", 20),
        ("intygsfall_median_dagar", BODA, "2025-10-01", "kvinnor", 25),
        ("intygsfall_nettodagar", ALBY, "2025-09", "kvinnor", 900),
        ("intygsfall_forvantade", ALBY, "2025-10-01", "alla", 31.5),
        ("listade", ALBY, "2025-10-01", "kvinnor", 2000),
    )
    counts = rows(
        ("intygsfall_startade", ALBY, "2025-09", "kvinnor", None),
        ("intygsfall_startade", ALBY, "2025-09", "alla", 34),
        ("intygsfall_startade", BODA, "2025-09", "kvinnor", 41),
        ("intygsfall", ALBY, "2025-10-01", "alla", None),
        ("listade", ALBY, "2025-10-01", "kvinnor", None),
    )
    found = told_with_cases(told, Release(HidingRule(), counts))
    assert found["value"].isna().tolist() == [True, False, False, True, True, False]
    assert found["status"].tolist() == ["suppressed", "ok", "ok", "suppressed", "suppressed", "ok"]


def test_without_counts_of_cases_they_stand_as_they_are():
    told = rows(("intygsfall_median_dagar", ALBY, "2025-10-01", "alla", 21))
    assert told_with_cases(told, Release(HidingRule())) is told


def test_whoever_asks_for_them_asks_for_the_counts_of_the_same_times():
    median = Wanted(ALBY, "intygsfall_median_dagar", ("2025-10-01", "2025-10"))
    assert with_cases([median]) == [
        median,
        Wanted(ALBY, "intygsfall_startade", ("2025-09", "2025-10"), sexes_only=True),
    ]
    assert with_cases([Wanted(ALBY, "listade")]) == [Wanted(ALBY, "listade")]
