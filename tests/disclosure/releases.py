"""Made-up releases with the shape of real ones."""

from __future__ import annotations

from itertools import product

import numpy as np
import pandas as pd

from vgstats import areas
from vgstats.disclosure.hierarchies import Hierarchies
from vgstats.observations import KEY

GROUPS = ("diagnos=F00-F99", "diagnos=M00-M99", "diagnos=S00-T98", "diagnos=annan")


def county(
    kommuner: int, groups: int = 4, years: int = 3, seed: int = 1, mean: float = 12.0
) -> tuple[pd.DataFrame, Hierarchies]:
    """Counts of a county by kommun, year, sex and diagnosis group: skewed, many of them small."""
    random = np.random.default_rng(seed)
    places = areas.kommuner("lan:14")[:kommuner]
    periods = [str(2006 + y) for y in range(years)]
    size = np.exp(random.normal(0, 1.1, (kommuner, 1, 1, 1)))
    share = np.array([1.3, 1.2, 0.5, 1.0])[:groups] * np.ones((1, 1, 1, groups))
    sexes = np.array([1.2, 0.8])[None, None, :, None]
    values = random.poisson(mean * size * share * sexes * np.ones((1, years, 1, 1)))
    keys = product(places, periods, ("kvinnor", "män"), GROUPS[:groups])
    rows = [("pagaende_sjukfall", a, p, s, g) for a, p, s, g in keys]
    counts = pd.DataFrame(rows, columns=KEY).assign(value=values.reshape(-1))
    return counts, Hierarchies(area={"lan:14": tuple(places)}, group={"": GROUPS[:groups]})
