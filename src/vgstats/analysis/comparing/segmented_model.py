"""The model of a segmented regression: its design, how it is fitted and what it gives."""

from __future__ import annotations

import warnings
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
import pandas as pd
import statsmodels.api as sm
from scipy import stats

from vgstats.analysis.result import Interval, NotComputable

Errors = Literal["ols", "newey-west", "poisson", "quasi-poisson"]
ERRORS: Mapping[str, str] = {
    "ols": "vanliga minsta-kvadratfel",
    "newey-west": "Newey-West-fel",
    "poisson": "Poissonfel utan överspridning",
    "quasi-poisson": "kvasi-Poisson med överspridning",
}
TERMS: Mapping[str, tuple[str, ...]] = {
    "nivåskifte": ("after",),
    "lutning före": ("T",),
    "lutningsskifte": ("after_T",),
    "lutning efter": ("T", "after_T"),
}
TERMS_TWO: Mapping[str, tuple[str, ...]] = {
    "skillnad i nivåskifte": ("treated_after",),
    "skillnad i lutningsskifte": ("treated_after_T",),
    "nivåskillnad före": ("treated_level",),
    "nivåskillnad efter": ("treated_level", "treated_after"),
    "lutningsskillnad före": ("treated_T",),
    "lutningsskillnad efter": ("treated_T", "treated_after_T"),
    "nivåskifte i jämförelsen": ("after",),
    "nivåskifte": ("after", "treated_after"),
}
NO_SCATTER = 1e-12
FEWEST_SPARE = 3


@dataclass(frozen=True)
class Term:
    """One number of the model: an amount, or with a Poisson model a ratio."""

    estimate: float
    interval: Interval
    p: float


def design_of(
    rows: pd.DataFrame, *, two: bool, season: tuple[int, int] | None, slope_change: bool
) -> pd.DataFrame:
    """Return a column for each number of the model, with those of `treated` when there are two.

    Raises:
        NotComputable: the season is no pair of whole numbers or has too many pairs of sine and
            cosine, or the values are too few for the model.
    """
    design = pd.DataFrame({"level": 1.0, "T": rows["T"].astype(float), "after": rows["after"]})
    if slope_change:
        design["after_T"] = rows["after"] * rows["T"]
    if two:
        for column in list(design.columns):
            design[f"treated_{column}"] = design[column] * rows["treated"]
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


def fit(
    rows: pd.DataFrame, design: pd.DataFrame, errors: str, family: str, lags: int | None
) -> Any:
    """Return the fit of statsmodels.

    Raises:
        NotComputable: more lags than periods, or the values lie exactly on the lines.
    """
    options: dict[str, Any] = {}
    if errors == "newey-west":
        length = len(rows) // rows["treated"].nunique()
        maxlags = int(4 * (length / 100) ** (2 / 9)) if lags is None else lags
        if not 0 <= maxlags < length:
            raise NotComputable(f"{maxlags} förskjutningar inte ryms i {length} perioder")
        groups = rows["treated"].astype(int).to_numpy()
        options["cov_type"] = "hac-panel"
        options["cov_kwds"] = {"groups": groups, "maxlags": maxlags, "df_correction": False}
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        if family == "gaussian":
            fitted = sm.OLS(rows["y"], design).fit(use_t=True, **options)
            exact = fitted.ssr <= NO_SCATTER * (rows["y"] ** 2).sum()
        else:
            scale = "X2" if errors == "quasi-poisson" else None
            fitted = _poisson(rows, design).fit(scale=scale, **options)
            exact = not fitted.converged or (
                errors != "poisson" and fitted.pearson_chi2 < NO_SCATTER
            )
    errors_of = np.asarray(fitted.bse)
    if exact or not (np.isfinite(errors_of) & (errors_of > 0)).all():
        raise NotComputable(
            "värdena följer linjen utan avvikelse, så att osäkerheten inte kan räknas"
        )
    return fitted


def _poisson(rows: pd.DataFrame, design: pd.DataFrame) -> Any:
    return sm.GLM(rows["y"], design, sm.families.Poisson(), offset=rows.get("offset"))


def slope_test(
    rows: pd.DataFrame, design: pd.DataFrame, fitted: Any, errors: str, slope: str
) -> tuple[float, float]:
    """Return the F test of one column, and its p: by deviance when overdispersion is estimated."""
    if errors != "quasi-poisson":
        test = fitted.f_test(np.eye(design.shape[1])[[design.columns.get_loc(slope)]])
        return float(np.squeeze(test.fvalue)), float(np.squeeze(test.pvalue))
    without = _poisson(rows, design.drop(columns=slope)).fit()
    f = float((without.deviance - fitted.deviance) / fitted.scale)
    return f, float(stats.f.sf(f, 1, fitted.df_resid))


def terms_of(fitted: Any, design: pd.DataFrame, level: float, *, ratio: bool) -> dict[str, Term]:
    """Return the numbers of the model by name, as ratios when it is on the log scale."""
    terms = {
        name: design.columns.isin(columns).astype(float)
        for name, columns in (TERMS_TWO if "treated_T" in design else TERMS).items()
        if set(columns) <= set(design.columns)
    }
    test = fitted.t_test(np.array(list(terms.values())))
    numbers = np.column_stack([np.atleast_1d(test.effect), test.conf_int(alpha=1 - level)])
    ends = np.exp(numbers) if ratio else numbers
    return {
        name: Term(float(estimate), Interval(float(low), float(high), level), float(p))
        for name, (estimate, low, high), p in zip(
            terms, ends, np.atleast_1d(test.pvalue), strict=True
        )
    }
