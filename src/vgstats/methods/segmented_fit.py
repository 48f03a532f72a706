"""The rows of a segmented regression and the lines fitted to them."""

from __future__ import annotations

import warnings
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
import pandas as pd
from statsmodels.genmod import families
from statsmodels.genmod.generalized_linear_model import GLM

from vgstats.methods.arguments import level_of, numeric_columns
from vgstats.methods.guards import names_of, plain
from vgstats.methods.result import NotComputable

Origin = Literal["start", "last_before"]
FAMILIES = ("gaussian", "poisson")
# Which columns add up to a number, and of which series the line is.
TERMS: Mapping[str, tuple[str, tuple[str, ...]]] = {
    "nivåskifte": ("own", ("after",)),
    "lutning före": ("own", ("T",)),
    "lutningsskifte": ("own", ("after_T",)),
    "lutning efter": ("own", ("T", "after_T")),
}
TERMS_TWO: Mapping[str, tuple[str, tuple[str, ...]]] = {
    "skillnad i nivåskifte": ("difference", ("after",)),
    "skillnad i lutningsskifte": ("difference", ("after_T",)),
    "nivåskillnad före": ("difference", ("level",)),
    "nivåskillnad efter": ("difference", ("level", "after")),
    "lutningsskillnad före": ("difference", ("T",)),
    "lutningsskillnad efter": ("difference", ("T", "after_T")),
    "nivåskifte i jämförelsen": ("comparison", ("after",)),
    "nivåskifte": ("own", ("after",)),
}
NO_SCATTER = 1e-12
FEWEST_SPARE = 3


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
    if rows["y"].nunique() == 1:
        raise NotComputable(
            "alla värden är lika, så att det inte finns någon variation att mäta mot"
        )
    if family == "poisson":
        if (rows["y"] < 0).any():
            raise NotComputable("ett antal är negativt")
        if (rows.groupby(["treated", "after"])["y"].sum() == 0).any():
            raise NotComputable("alla antal är noll före eller efter brytpunkten i en serie")
    return rows.sort_values(["treated", "T"], ignore_index=True)


@dataclass(frozen=True)
class Lines:
    """A fitted series: the numbers of its design, and what is left.

    With counts `design` and `residuals` are weighted, so that the residuals scatter alike and the
    numbers are least squares of them too. `dispersion` is the residuals' variance: for counts the
    scatter over that of Poisson.
    """

    columns: tuple[str, ...]
    design: np.ndarray
    numbers: np.ndarray
    residuals: np.ndarray
    exact: bool

    @property
    def dispersion(self) -> float:
        """The sum of squares by the degrees of freedom."""
        spare = self.design.shape[0] - self.design.shape[1]
        return float((self.residuals**2).sum() / spare)


def design_of(
    rows: pd.DataFrame, *, season: tuple[int, int] | None, slope_change: bool
) -> pd.DataFrame:
    """Return a column for each number of the model of one series.

    Raises:
        NotComputable: the season is no pair of whole numbers or has too many pairs of sine and
            cosine, or the values are too few for the model.
    """
    design = pd.DataFrame({"level": 1.0, "T": rows["T"].astype(float), "after": rows["after"]})
    if slope_change:
        design["after_T"] = rows["after"] * rows["T"]
    period, pairs = _pair(season)
    if season is not None and not 1 <= pairs < period / 2:
        raise NotComputable(f"{pairs} par av sinus och cosinus inte ryms i {period} perioder")
    for pair in range(1, pairs + 1):
        angle = 2 * np.pi * pair * rows["T"] / period
        design[f"sin{pair}"], design[f"cos{pair}"] = np.sin(angle), np.cos(angle)
    spare = len(design) - design.shape[1]
    if spare < FEWEST_SPARE or np.linalg.matrix_rank(design.to_numpy()) < design.shape[1]:
        raise NotComputable(
            "{there} värden inte räcker till modellens {needed} tal",
            there=len(design),
            needed=design.shape[1],
        )
    return design


def _pair(season: Any) -> tuple[int, int]:
    if season is None:
        return 0, 0
    whole = isinstance(season, (tuple, list)) and all(map(pd.api.types.is_integer, season))
    if not whole or len(season) != 2:
        raise NotComputable(
            f"season är {season!r}; det ska vara två heltal, som (12, 2): perioder på en säsong och "
            "par av sinus och cosinus"
        )
    return int(season[0]), int(season[1])


def lines_of(series: list[pd.DataFrame], design: pd.DataFrame, family: str) -> dict[str, Lines]:
    """Return the lines of one series (own), or of two and of the difference between them.

    The difference of amounts is a series by itself. Of counts it is the first series' share of
    both, on the logit scale, which is the log of their ratio: what moves both in the same period
    is in neither.

    Args:
        series: y and, if any, offset, in order of time; the comparison first when there are two.
        design: see `design_of`.
        family: `gaussian` or `poisson`.
    """
    one = _amounts if family == "gaussian" else _counts
    values = [rows["y"].to_numpy() for rows in series]
    offsets = [rows["offset"].to_numpy() if "offset" in rows else 0.0 for rows in series]
    if len(series) == 1:
        return {"own": one(values[0], design, offsets[0])}
    both = values[0] + values[1]
    difference = (
        _amounts(values[1] - values[0], design)
        if family == "gaussian"
        else _glm(
            values[1] / np.maximum(both, 1),
            design,
            families.Binomial(),
            offsets[1] - offsets[0],
            both,
        )
    )
    return {
        "difference": difference,
        "comparison": one(values[0], design, offsets[0]),
        "own": one(values[1], design, offsets[1]),
    }


def _amounts(values: np.ndarray, design: pd.DataFrame, _offset: object = None) -> Lines:
    matrix = design.to_numpy()
    numbers = np.linalg.lstsq(matrix, values, rcond=None)[0]
    rest = values - matrix @ numbers
    exact = bool((rest**2).sum() <= NO_SCATTER * (values**2).sum())
    return Lines(tuple(design.columns), matrix, numbers, rest, exact)


def _counts(values: np.ndarray, design: pd.DataFrame, offset: Any) -> Lines:
    return _glm(values, design, families.Poisson(), offset, np.ones(len(values)))


def _glm(
    values: np.ndarray, design: pd.DataFrame, family: Any, offset: Any, sizes: np.ndarray
) -> Lines:
    offset = np.broadcast_to(offset, len(values))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        fitted = GLM(values, design, family, offset=offset, var_weights=sizes).fit()
    weights = sizes * family.variance(np.asarray(fitted.fittedvalues))
    return Lines(
        tuple(design.columns),
        design.to_numpy() * np.sqrt(weights)[:, None],
        np.asarray(fitted.params),
        np.asarray(fitted.resid_pearson),
        bool(not fitted.converged or fitted.pearson_chi2 < NO_SCATTER),
    )
