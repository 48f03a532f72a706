"""An area minus the others, year by year before and after a base year."""

from __future__ import annotations

from collections.abc import Collection

import numpy as np
import pandas as pd
from scipy import stats

from vgstats.analysis.comparing.event_study_result import EventStudy
from vgstats.analysis.comparing.series import panel
from vgstats.analysis.result import Interval, NotComputable

NO_SPREAD = 1e-9
METHOD = (
    "skillnad mot de andra områdenas medelvärde, år för år; prediktionsintervall (t) efter de andra "
    "områdenas egna ändringar (om ett enda område: MacKinnon och Webb, Queen's Economics WP 1355)"
)


def event_study(
    frame: pd.DataFrame,
    *,
    treated: str,
    base: object,
    last: object = None,
    area: str = "area",
    period: str = "period",
    value: str = "value",
    leave_out: Collection[str] = (),
    fewest_others: int = 5,
    fewest_before: int = 2,
    level: float = 0.95,
    unit: str = "",
    source: str = "",
    decimals: int = 1,
    about: str = "",
    kind: str = "områden",
) -> EventStudy:
    """Return an area minus the others for every year, relative to a base year.

    For year t: c(t) = d(t) - d(base), where d is the area minus the plain mean of the m others. The
    interval is c(t) ± q s sqrt(1 + 1/m), where s is the standard deviation of the m others' own
    changes since the base year and q the quantile of Student's t with m - 1 degrees of freedom: the
    prediction t test of one area against m. Each year has its own s. The others count alike: a
    small area swings more, so the interval is wide for a large area and narrow for a small one.

    Args:
        frame: a row for each area and year, all areas in all years.
        treated: the area, printed as it stands in the frame.
        base: the last year before, as it stands in the frame.
        last: the year of the estimate; the last one in the frame unless said.
        area: the column of areas; riket must not be among them.
        period: the column of years: whole numbers, or texts such as 2008 or 2008-12.
        value: the column of values.
        leave_out: areas that are not to be used, such as riket.
        fewest_others: areas needed beside `treated`.
        fewest_before: years needed before the base year.
        level: of the prediction interval.
        unit: of the values, as printed.
        source: where the figures come from.
        decimals: how exactly the values are printed.
        about: what the numbers are about.
        kind: what the areas are, in the plural: län, kommuner.

    Raises:
        NotComputable: a column, area or year is missing; a value is missing or hidden; two rows for
            the same area and year; years apart by other than a year; too few areas or years; `last`
            not after `base`; the others have all changed alike, so that there is no variation.
    """
    if not 0 < level < 1:
        raise NotComputable(f"nivån {level} inte ligger mellan 0 och 1")
    wide = panel(frame, treated, area, period, value, leave_out, fewest_others)
    position = _place(wide, base)
    end = len(wide) - 1 if last is None else _place(wide, last)
    if end <= position:
        raise NotComputable(f"sista året {wide.index[end]} inte ligger efter basåret {base}")
    if position < fewest_before:
        raise NotComputable(f"det finns {position} år före {base}; det behövs {fewest_before}")
    table = _table(wide, treated, position, level)
    row = table.iloc[end]
    return EventStudy(
        estimate=float(row["change"]),
        interval=Interval(float(row["low"]), float(row["high"]), level),
        method=METHOD,
        n=wide.shape[1] - 1,
        unit=unit,
        source=source,
        decimals=decimals,
        about=about,
        area=str(treated),
        base=str(wide.index[position]),
        last=str(wide.index[end]),
        kind=kind,
        table=table,
    )


def _place(wide: pd.DataFrame, year: object) -> int:
    years = [str(found) for found in wide.index]
    if str(year) not in years:
        raise NotComputable(f"året {year} inte finns i serien ({years[0]}–{years[-1]})")
    return years.index(str(year))


def _table(wide: pd.DataFrame, treated: str, position: int, level: float) -> pd.DataFrame:
    others = wide.drop(columns=treated)
    count = others.shape[1]
    difference = wide[treated] - others.mean(axis=1)
    change = difference - difference.iloc[position]
    spread = (others - others.iloc[position]).std(axis=1, ddof=1)
    size = max(1.0, float(wide.abs().to_numpy().max()))
    if (spread.drop(spread.index[position]) <= NO_SPREAD * size).any():
        raise NotComputable(
            "de andra områdena har ändrats precis lika mycket, så att det inte finns någon "
            "variation att mäta mot"
        )
    half = stats.t.ppf((1 + level) / 2, count - 1) * spread * np.sqrt(1 + 1 / count)
    sides = np.sign(np.arange(len(wide)) - position)
    return pd.DataFrame(
        {
            "period": list(wide.index),
            "area_value": wide[treated].to_numpy(),
            "others_mean": others.mean(axis=1).to_numpy(),
            "difference": difference.to_numpy(),
            "change": change.to_numpy(),
            "low": (change - half).to_numpy(),
            "high": (change + half).to_numpy(),
            "usual_low": -half.to_numpy(),
            "usual_high": half.to_numpy(),
            "side": [{-1: "före", 0: "bas", 1: "efter"}[int(side)] for side in sides],
        }
    )
