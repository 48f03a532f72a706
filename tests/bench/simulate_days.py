"""Do the intervals for days hold what they promise in small kommuner?"""

from __future__ import annotations

import numpy as np
import pandas as pd

from vgstats.methods.days import days_per_person

# A mix of persons that gives an ohälsotal of about 40 days: most have none, some a spell of sick
# leave, and about one in ten sjuk- or aktivitetsersättning, whole or part, the whole year.
SHARES = {0: 0.78, 20: 0.05, 60: 0.035, 120: 0.02, 182: 0.035, 274: 0.015, 365: 0.065}
RUNS = 2000
SEED = 2026


def mean_days() -> float:
    """Return the true days per insured of the mix."""
    return sum(days * share for days, share in SHARES.items())


def widening() -> float:
    """Return how many times wider the limits must be than if days came one by one."""
    squares = sum(days**2 * share for days, share in SHARES.items())
    return float(np.sqrt(squares / mean_days()))


def coverage(insured: int, runs: int = RUNS, seed: int = SEED) -> dict[str, float]:
    """Return how often, in per cent, the limits hold the true value, and their mean half-width.

    `by_persons` counts persons; `by_days` are the Poisson limits that take each day by itself.
    """
    rng = np.random.default_rng(seed)
    days = np.array(list(SHARES))
    drawn = rng.multinomial(insured, list(SHARES.values()), size=runs)
    truth, held, naive, width = mean_days(), 0, 0, 0.0
    for persons in drawn:
        frame = pd.DataFrame({"days": days, "persons": persons}).query("days > 0")
        found = days_per_person(frame, insured)
        half = 1.96 * np.sqrt(found.estimate / insured)
        held += found.interval.holds(truth)
        naive += abs(found.estimate - truth) <= half
        width += (found.interval.high - found.interval.low) / 2
    return {
        "insured": insured,
        "by_persons": 100 * held / runs,
        "by_days": 100 * naive / runs,
        "half_width": width / runs,
    }
