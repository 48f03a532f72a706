"""How far least squares errs when values that stand beside each other in time are alike."""

from __future__ import annotations

import numpy as np
from scipy.linalg import toeplitz
from scipy.optimize import brentq
from scipy.special import stdtr

LONG = 48  # periods; a shorter series says too little of how alike its values are
_GRID = np.linspace(-0.98, 0.98, 50)


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
