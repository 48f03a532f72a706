"""The rows of a segmented regression: which series, when the break is, and what is refused."""

from __future__ import annotations

from typing import Any, Literal

import numpy as np
import pandas as pd

from vgstats.methods.comparing.series import names_of, plain
from vgstats.methods.result import NotComputable, level_of, numeric_columns

Origin = Literal["start", "last_before"]
FAMILIES = ("gaussian", "poisson")


def demand_model(family: str, denominator: str | None, level: float) -> float:
    """Return the level, refusing an impossible one, a family that is not there, a denominator of amounts."""
    if family not in FAMILIES:
        raise NotComputable(f"modellen {family!r} inte finns; välj {' eller '.join(FAMILIES)}")
    if denominator and family != "poisson":
        raise NotComputable("nämnaren används bara med Poisson; räkna annars fram kvoten först")
    return level_of(level, "konfidensnivån")


def series_names(
    group: str | None, treated: object, comparison: object, without: bool
) -> list[str]:
    """Return the one series, or the comparison and the treated, refusing what is left unsaid."""
    if without and comparison is None and (group is None or treated is not None):
        return [str(treated)]
    missing = group is None or treated is None or comparison is None
    if without or missing or str(treated) == str(comparison):
        raise NotComputable(
            "det inte är sagt vilken serie som jämförs med vilken: ge group, treated och "
            "comparison, eller without_comparison=True när det inte finns någon jämförelseserie"
        )
    return [str(comparison), str(treated)]


def rows_of(
    frame: pd.DataFrame,
    time: str,
    outcome: str,
    denominator: str | None,
    group: str | None,
    names: list[str],
) -> pd.DataFrame:
    """Return the values as time, y, treated (1 for the last of `names`) and, if any, offset.

    Raises:
        NotComputable: a column or a value is missing, a period stands twice or in one series only,
            or a denominator is not positive.
    """
    if group is not None:
        texts = names_of(frame, group).to_numpy()
        frame = frame.assign(**{group: texts}).loc[pd.Index(texts).isin(names)]
    key = [time] if group is None else [group, time]
    numbers = [outcome] if denominator is None else [outcome, denominator]
    found = numeric_columns(plain(frame, time), numbers, key=key)
    rows = pd.DataFrame({"time": found[time], "y": found[outcome], "treated": 0.0})
    if len(names) == 2 and group is not None:
        rows["treated"] = (found[group] == names[1]).astype(float)
        _demand_same_periods(rows, names)
    if denominator is not None:
        if (found[denominator] <= 0).any():
            raise NotComputable(f"nämnaren i kolumnen {denominator!r} är noll eller negativ")
        rows["offset"] = np.log(found[denominator])
    return rows


def _demand_same_periods(rows: pd.DataFrame, names: list[str]) -> None:
    have = [set(rows.loc[rows["treated"] == flag, "time"].astype(str)) for flag in (0, 1)]
    for name, mine, others in zip(names, have, have[::-1], strict=True):
        if others - mine:
            raise NotComputable(f"värdet för {min(others - mine)} saknas i serien {name}")


def place_of(origin: str, before: int) -> int:
    """Return where among the periods T is 0, of which `before` come before the break."""
    places = {"start": before, "last_before": before - 1}
    if origin not in places or places[origin] < 0:
        raise NotComputable(
            f"origin är {origin!r}; det ska vara start, eller last_before om den finns"
        )
    return places[origin]


def placed(
    rows: pd.DataFrame, periods: list[Any], before: int, zero: int, family: str
) -> pd.DataFrame:
    """Return the rows in order with T, 0 at the place `zero`, and after: 1 from the break, else 0.

    Raises:
        NotComputable: the values have no scatter, or counts are negative or none on one side.
    """
    place = rows["time"].astype(str).map({str(period): i for i, period in enumerate(periods)})
    rows = rows.assign(T=place - zero, after=(place >= before).astype(float))
    rows = rows.sort_values(["treated", "T"], ignore_index=True)
    _demand_scatter(rows, family)
    return rows


def _demand_scatter(rows: pd.DataFrame, family: str) -> None:
    if rows["y"].nunique() == 1:
        raise NotComputable(
            "alla värden är lika, så att det inte finns någon variation att mäta mot"
        )
    if family == "poisson":
        if (rows["y"] < 0).any():
            raise NotComputable("ett antal är negativt")
        if (rows.groupby(["treated", "after"])["y"].sum() == 0).any():
            raise NotComputable("alla antal är noll före eller efter brytpunkten i en serie")
