"""The numbers of a segmented regression with their intervals, as alike as neighbours in time are."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.linalg import toeplitz
from scipy.optimize import brentq
from scipy.special import stdtr
from statsmodels.stats.stattools import durbin_watson

from vgstats.facts.facts import Fact, count_fact
from vgstats.facts.text import Text, say
from vgstats.methods.result import Band, Interval
from vgstats.methods.segmented_fit import Lines

FEWEST = 24  # periods; `make bench-methods` shows the false alarms that these numbers give
FEWEST_ON_A_SIDE = 6  # with fewer a slope of nothing left out zero in up to 8 of 100
FEWEST_SPARE = 16
FEWEST_COUNTED = 5  # mean of a period
HIGHEST = 0.85  # estimated autocorrelation
SEEN = 0.8  # simulated, with the interval's own width uncertain: 0.68-0.80
LONG = 48  # periods; a shorter series says too little of how alike its values are
_GRID = np.linspace(-0.98, 0.98, 50)


@dataclass(frozen=True)
class Term:
    """One number of the model: an amount, or with counts a ratio.

    `detectable` is how large a true fall and a true rise must be for three of four such series to
    show it. It, `interval` and `p` are None where none can be trusted, and `withheld` says why.
    """

    estimate: float
    interval: Interval | None
    p: float | None
    detectable: Band | None
    autocorrelation: float
    durbin_watson: float
    withheld: Text | None


def scatter_of(lines: Lines) -> Scatter | None:
    """Return the scatter about lines, or None about lines that the values follow exactly."""
    return None if lines.exact else Scatter(lines.design, lines.residuals)


def term_of(
    lines: Lines,
    scatter: Scatter | None,
    columns: tuple[str, ...],
    level: float,
    *,
    ratio: bool,
    why: Text | None,
) -> Term:
    """Return a sum of the numbers; `why` stands there instead of its interval."""
    contrast = np.isin(lines.columns, columns).astype(float)
    estimate = float(contrast @ lines.numbers)
    scale = np.exp if ratio else float
    interval = detectable = p = None
    rho = alike = float("nan")
    if scatter is None:
        why = _withheld(say("värdena följer linjen utan avvikelse"))
    else:
        rho = float(scatter.autocorrelation[0])
        why = why or _too_alike(rho)
        if why is None:
            half = scatter.half(contrast, level)
            seen = half + scatter.half(contrast, 2 * SEEN - 1)
            interval = Interval(float(scale(estimate - half)), float(scale(estimate + half)), level)
            detectable = Band(float(scale(-seen)), float(scale(seen)))
            p = float(scatter.tail(contrast, estimate)[0])
    return Term(
        estimate=float(scale(estimate)),
        interval=interval,
        p=p,
        detectable=detectable,
        autocorrelation=rho,
        durbin_watson=float(durbin_watson(lines.residuals)) if lines.residuals.any() else alike,
        withheld=why,
    )


def too_little(
    lines: Lines, before: int, season: tuple[int, int] | None, counted: float | None
) -> Text | None:
    """Return why a series is too short for an interval, or its counts too small, or None.

    Args:
        lines: the fitted series.
        before: how many of its periods come before the break.
        season: see `design_of`.
        counted: the mean count of a period, if it is counts.
    """
    periods, numbers = lines.design.shape
    there, shorter = count_fact("perioder i serien", periods), min(before, periods - before)
    why = None
    if periods < FEWEST:
        why = say(
            "serien har {there} perioder och det behövs {needed} för att ett intervall ska hålla vad "
            "det lovar",
            there=there,
            needed=count_fact("perioder för ett intervall", FEWEST),
        )
    elif shorter < FEWEST_ON_A_SIDE:
        why = say(
            "bara {few} perioder ligger på den ena sidan av brottet och det behövs {needed}",
            few=count_fact("perioder på den kortare sidan", shorter),
            needed=count_fact("perioder på varje sida", FEWEST_ON_A_SIDE),
        )
    elif periods - numbers < FEWEST_SPARE or (season and shorter < season[0]):
        why = say(
            "{there} perioder, {before} av dem före, är för få för att skilja årstiderna från en ändring",
            there=there,
            before=count_fact("perioder före", before),
        )
    elif counted is not None and counted < FEWEST_COUNTED:
        needed = count_fact("antal per period för ett intervall", FEWEST_COUNTED)
        why = say("antalen är så små: färre än {needed} per period", needed=needed)
    return _withheld(why) if why else None


def _withheld(why: Text) -> Text:
    return say("Inget intervall skrivs ut, eftersom {why}.", why=why)


def _too_alike(rho: float) -> Text | None:
    if round(rho, 2) <= HIGHEST:
        return None
    highest = Fact("högsta autokorrelation", HIGHEST, "", 2, "model")
    return _withheld(
        say(
            "talen liknar talen närmast före så mycket att det inte skulle hålla: autokorrelationen "
            "får vara högst {highest}",
            highest=highest,
        )
    )


class Scatter:
    """What residuals from least squares say of the errors of its numbers.

    Errors follow each other as AR(1). For each autocorrelation of a grid the errors of the numbers
    follow Student's t, with the variance that least squares then has; the tails are averaged with
    the restricted likelihoods of the autocorrelations as weights. Below `LONG` periods, where the
    likelihood says little, more weight is on the autocorrelations near 1 and -1 and all tails are
    taken for smaller, both more so the shorter the series: by simulation.

    Args:
        design: a row for each period.
        residuals: a value for each period, or a column for each of many series.
    """

    def __init__(self, design: np.ndarray, residuals: np.ndarray) -> None:
        periods, numbers = design.shape
        self._spare = periods - numbers
        self._short = float(np.clip(2 - 2 * periods / LONG, 0, 1))
        rho = _GRID[:, None]
        q, r = np.linalg.qr(_whitened(design))
        rest = _whitened(residuals.reshape(periods, -1))
        squares = ((rest - q @ (q.mT @ rest)) ** 2).sum(axis=1)
        fit = (
            np.log(1 - rho**2) / 2
            - np.log(abs(np.diagonal(r, axis1=1, axis2=2))).sum(axis=1)[:, None]
            - self._spare / 2 * np.log(squares)
        )
        self._weights = _weights(fit - self._short / 2 * np.log(1 - rho**2))
        self._scales = squares / (1 - rho**2) / self._spare
        solve = np.linalg.pinv(design)
        alike = (_GRID[:, None] ** np.arange(periods))[:, toeplitz(np.arange(periods))]
        self._covariances = solve @ alike @ solve.T
        self.autocorrelation = _GRID @ _weights(fit)

    def tail(self, contrast: np.ndarray, distance: np.ndarray | float) -> np.ndarray:
        """Return for each series how likely an error of a sum of numbers is beyond a distance."""
        far = np.abs(distance) / self._errors(contrast)
        found = (self._weights * 2 * stdtr(self._spare, -far)).sum(axis=0)
        return np.asarray(found ** (1 + 0.18 * self._short))

    def half(self, contrast: np.ndarray, level: float) -> float:
        """Return the distance that errors of the first series stay within at this level."""

        def beyond(distance: float) -> float:
            return float(self.tail(contrast, distance)[0]) - (1 - level)

        far = float(self._errors(contrast)[:, 0].max())
        while beyond(far) > 0:
            far *= 2
        return float(brentq(beyond, 0, far, xtol=1e-12 * far))

    def _errors(self, contrast: np.ndarray) -> np.ndarray:
        spread = np.einsum("k,rkl,l->r", contrast, self._covariances, contrast)
        return np.asarray(np.sqrt(self._scales * spread[:, None]))


def _weights(fit: np.ndarray) -> np.ndarray:
    weights = np.exp(fit - fit.max(axis=0))
    return np.asarray(weights / weights.sum(axis=0))


def _whitened(values: np.ndarray) -> np.ndarray:
    """Return errors that follow each other as AR(1) made independent, for each of the grid.

    The way of Prais and Winsten: the first is scaled, the others less their share of the one before.
    """
    rho = _GRID[:, None, None]
    return np.concatenate(
        [values[:1] * np.sqrt(1 - rho**2), values[1:] - rho * values[:-1]], axis=1
    )
