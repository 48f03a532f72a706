"""Where one more area's change would lie, by the changes of the others."""

from __future__ import annotations

import numpy as np
from scipy import special

SHARES_OF_SIZE = (0.0, 0.5, 1.0)
CLEARLY_BETTER = 1.0  # `make bench-methods` shows the false-positive rates that this gives


def relative_variances(sizes: np.ndarray) -> np.ndarray:
    """Return variances that shrink as 1/size, with mean 1."""
    return np.asarray((1 / sizes) / (1 / sizes).mean())


def usual_variation(
    changes: np.ndarray,
    per_size: np.ndarray,
    own_per_size: float,
    level: float,
    shares: tuple[float, ...] = SHARES_OF_SIZE,
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return low and high end of where one more change would lie, and the share of size used: 0 for equal sizes.

    A share s takes the variances to be (1-s) + s·`per_size`, up to a common factor. The widest of
    the intervals is used unless the share that fits best does so clearly (restricted log likelihood
    more than `CLEARLY_BETTER` above).

    Args:
        changes: the others' changes along the last axis; any number of such sets before it.
        per_size: their relative variances when all of the noise comes from size.
        own_per_size: that of the area itself.
        level: the level of the interval.
        shares: the shares tried.
    """
    models = [_predicted(changes, per_size, own_per_size, share) for share in shares]
    means, errors, fits = (np.array(part) for part in zip(*models, strict=True))
    widest, best = errors.argmax(axis=0), fits.argmax(axis=0)

    def of(table: np.ndarray, model: np.ndarray) -> np.ndarray:
        return np.asarray(np.take_along_axis(table, model[None], axis=0)[0])

    chosen = np.where(of(fits, best) - of(fits, widest) > CLEARLY_BETTER, best, widest)
    half = special.stdtrit(changes.shape[-1] - 1, (1 + level) / 2) * of(errors, chosen)
    middle = of(means, chosen)
    return middle - half, middle + half, np.array(shares)[chosen]


def _predicted(
    changes: np.ndarray, per_size: np.ndarray, own_per_size: float, share: float
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return mean, standard error of prediction and fit, the variances known up to a factor."""
    variances, own_variance = 1 - share + share * per_size, 1 - share + share * own_per_size
    weights = 1 / variances
    mean = (changes * weights).sum(axis=-1) / weights.sum()
    squares = (weights * (changes - mean[..., None]) ** 2).sum(axis=-1)
    degrees = changes.shape[-1] - 1
    error = np.sqrt(squares / degrees * (own_variance + 1 / weights.sum()))
    fit = -0.5 * (np.log(variances).sum() + np.log(weights.sum()) + degrees * np.log(squares))
    return mean, error, fit


def prediction_p(estimate: float, half_width: float, level: float, degrees: int) -> float:
    """Return the two-sided p value of an estimate whose interval at a level is so wide on each side."""
    reach = float(special.stdtrit(degrees, (1 + level) / 2))
    return 2 * float(special.stdtr(degrees, -abs(estimate) * reach / half_width))
