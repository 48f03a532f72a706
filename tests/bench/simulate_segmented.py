"""How often a segmented regression finds a change when there is none, and what it can see."""

from __future__ import annotations

import numpy as np
import pandas as pd
from scipy import signal
from scipy.special import stdtr

from vgstats.methods.segmented_fit import design_of, lines_of
from vgstats.methods.segmented_interval import FEWEST, HIGHEST, Scatter, scatter_of

RUNS, COUNT_RUNS, BATCH = 4000, 1000, 500
SEED = 2026
AUTOCORRELATIONS = (-0.3, 0.0, 0.2, 0.5, 0.8)
# Before, after, season and whether the slope may change.
DESIGNS: dict[str, tuple[int, int, tuple[int, int] | None, bool]] = {
    "8+3 (none printed)": (8, 3, None, True),
    "9+6 (none printed)": (9, 6, None, True),
    "12+12": (12, 12, None, True),
    "12+12, level only": (12, 12, None, False),
    "12+12, season (12, 2)": (12, 12, (12, 2), True),
    "20+10": (20, 10, None, True),
    "24+24": (24, 24, None, True),
    "24+24, season (12, 2)": (24, 24, (12, 2), True),
    "36+12": (36, 12, None, True),
    "60+24": (60, 24, None, True),
}
# Before, after, mean count, spread on the log scale, autocorrelation of that, and a comparison series.
COUNTS = [
    (12, 12, 100, 0.0, 0.0, False),
    (12, 12, 5, 0.0, 0.0, False),
    (12, 12, 100, 0.3, 0.5, False),
    (24, 24, 100, 0.3, 0.5, False),
    (12, 12, 100, 0.2, 0.0, True),
    (12, 12, 100, 0.2, 0.5, True),
]
LEVEL_AND_SLOPE = ("after", "after_T")


def matrix_of(
    before: int, after: int, season: tuple[int, int] | None = None, slope_change: bool = True
) -> pd.DataFrame:
    """Return the design that the method itself uses."""
    place = np.arange(-before, after)
    rows = pd.DataFrame({"T": place, "after": (place >= 0) * 1.0})
    return design_of(rows, season=season, slope_change=slope_change)


def noise(periods: int, autocorrelation: float, runs: int, rng: np.random.Generator) -> np.ndarray:
    """Return errors (periods x runs) of variance 1 that follow each other as AR(1)."""
    steps = rng.normal(size=(periods, runs))
    steps[1:] *= np.sqrt(1 - autocorrelation**2)
    return np.asarray(signal.lfilter([1], [1, -autocorrelation], steps, axis=0))


def judged(design: pd.DataFrame, values: np.ndarray, column: str) -> pd.DataFrame:
    """Return a row a run: p, the p of plain least squares, and whether an interval is printed."""
    matrix, spare = design.to_numpy(), design.shape[0] - design.shape[1]
    contrast = (design.columns == column) * 1.0
    found = []
    for some in np.array_split(values, max(1, values.shape[1] // BATCH), axis=1):
        numbers = np.linalg.pinv(matrix) @ some
        rest = some - matrix @ numbers
        scatter = Scatter(matrix, rest)
        variance = contrast @ np.linalg.inv(matrix.T @ matrix) @ contrast
        error = np.sqrt((rest**2).sum(axis=0) / spare * variance)
        found.append(
            pd.DataFrame(
                {
                    "p": scatter.tail(contrast, contrast @ numbers),
                    "plain": 2 * stdtr(spare, -abs(contrast @ numbers) / error),
                    "printed": (len(design) >= FEWEST) & (scatter.autocorrelation <= HIGHEST),
                }
            )
        )
    return pd.concat(found)


def segmented_rates(runs: int = RUNS, seed: int = SEED) -> pd.DataFrame:
    """Return false alarms in per cent at nominal 5, for level/slope: ours, plain, share printed."""
    rng = np.random.default_rng(seed)
    rows = []
    for name, (before, after, season, slope_change) in DESIGNS.items():
        design = matrix_of(before, after, season, slope_change)
        for rho in AUTOCORRELATIONS:
            values = noise(before + after, rho, runs, rng)
            both = [judged(design, values, c) for c in LEVEL_AND_SLOPE if c in design]
            none = not both[0]["printed"].any()
            ours = [one if none else one[one["printed"]] for one in both]
            rows.append(
                {
                    "design": name,
                    "autocorrelation": rho,
                    "false alarms": _rates(one["p"] for one in ours),
                    "plain least squares": _rates(one["plain"] for one in both),
                    "printed": f"{100 * both[0]['printed'].mean():.0f}",
                }
            )
    return pd.DataFrame(rows)


def _rates(several: object) -> str:
    return " / ".join(f"{100 * (p < 0.05).mean():.1f}" for p in several)


def segmented_power(runs: int = RUNS, seed: int = SEED) -> pd.DataFrame:
    """Return how often a true change of level, in standard deviations of the errors, is seen.

    `said` is the change that the result says is seen in 3 cases of 4, the median of the first 100
    runs, and `seen at it` how often one of that size is.
    """
    rng = np.random.default_rng(seed + 1)
    rows = []
    for name in ("12+12", "20+10", "24+24", "60+24"):
        before, after, season, slope_change = DESIGNS[name]
        design = matrix_of(before, after, season, slope_change)
        matrix, contrast = design.to_numpy(), (design.columns == "after") * 1.0
        for rho in (0.0, 0.2, 0.5):
            values = noise(before + after, rho, runs, rng)
            rest = values - matrix @ (np.linalg.pinv(matrix) @ values)
            scatters = [Scatter(matrix, rest[:, run]) for run in range(100)]
            said = np.median([s.half(contrast, 0.95) + s.half(contrast, 0.6) for s in scatters])
            row: dict[str, object] = {"design": name, "autocorrelation": rho}
            for effect in (1.0, 2.0, 3.0, 4.0, said):
                moved = values + effect * design["after"].to_numpy()[:, None]
                found = judged(design, moved, "after").query("printed")
                key = "seen at it" if effect is said else f"{effect:.0f} sd"
                row[key] = f"{100 * (found['p'] < 0.05).mean():.0f}"
            rows.append(row | {"said": f"{said:.1f} sd"})
    return pd.DataFrame(rows)


def count_rates(runs: int = COUNT_RUNS, seed: int = SEED) -> pd.DataFrame:
    """Return the false alarms of the model for counts, for level/slope."""
    rng = np.random.default_rng(seed + 2)
    rows = []
    for before, after, mean, spread, rho, beside in COUNTS:
        design = matrix_of(before, after)
        found = []
        for _ in range(runs):
            shared = spread * noise(before + after, rho, 1, rng)[:, 0] if beside else 0
            series = []
            for size in (mean, mean / 2)[: 1 + beside]:
                swing = spread * noise(before + after, rho, 1, rng)[:, 0]
                counts = rng.poisson(size * np.exp(swing - spread**2 / 2 + shared))
                series.append(pd.DataFrame({"y": counts.astype(float)}))
            lines = lines_of(series, design, "poisson")["difference" if beside else "own"]
            scatter = scatter_of(lines)
            if scatter is not None and scatter.autocorrelation[0] <= HIGHEST:
                contrasts = [(design.columns == column) * 1.0 for column in LEVEL_AND_SLOPE]
                found.append([float(scatter.tail(c, c @ lines.numbers)[0]) for c in contrasts])
        rows.append(
            {
                "design": f"{before}+{after}",
                "mean count": mean,
                "spread": f"{100 * spread:.0f} %",
                "autocorrelation": rho,
                "beside another": "yes" if beside else "no",
                "false alarms": _rates(pd.DataFrame(found)[column] for column in (0, 1)),
            }
        )
    return pd.DataFrame(rows)
