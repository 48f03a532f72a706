"""Funnels of changes, which allow for areas that differ more than chance alone makes them."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
import scipy  # its stats, which take a second, are loaded where one is asked for
from numpy.typing import ArrayLike

from vgstats.facts.text import Text, say
from vgstats.methods.arguments import Numbers, number_of, refuse, shown
from vgstats.methods.chance import decimals_for, limit_columns, limits_by_name, z_of
from vgstats.methods.funnel import LEVELS, Funnel, labels, levels_in_order
from vgstats.methods.levels import rows_of_areas
from vgstats.methods.result import Labels, lowest_change

MULTIPLICATIVE, ADDITIVE = "multiplicative", "additive"
METHODS = {
    MULTIPLICATIVE: "tratt för ändringar med multiplikativ överspridning (Spiegelhalter 2005)",
    ADDITIVE: "tratt för ändringar med additiv överspridning (Spiegelhalter 2005; "
    "DerSimonian och Laird 1986)",
}
CORRECTED = ", spridningen rättad för att ytterlighetsvärdena dras in"
FEWEST_CHANGES = 10
TOO_NARROW = 0.05  # p-value below which larger areas are said to lie further out


@dataclass(frozen=True, kw_only=True, eq=False)
class FunnelOfChanges(Funnel):
    """Changes of areas beside limits that allow for more spread than chance alone gives.

    `table` has the columns area, size, change, low95, high95, low998, high998, label and p_adjusted
    (Benjamini and Hochberg 1995). `phi` is the spread of the z-scores, 1 when it is what chance
    gives; `tau2` the variance between areas beyond chance, in the unit of the change squared.
    """

    phi: float
    tau2: float | None
    dispersion: str
    value: str = "change"

    def narrow_for_large(self) -> bool:
        """Return whether larger areas lie further out, measured in limits, than smaller ones.

        A one-sided rank correlation between size and distance at 5 per cent. Limits that go as
        1/√size then leave out real variation between areas, which does not shrink with size.
        """
        low, high = limit_columns(self.levels[0])
        size = self.table["size"]
        if size.nunique() < 2:
            return False
        out = (self.table[self.value] - self.estimate).abs() / (self.table[high] - self.table[low])
        return bool(scipy.stats.spearmanr(size, out, alternative="greater").pvalue < TOO_NARROW)

    def _remarks(self) -> list[Text]:
        centre = self.fact("mittlinje", self.estimate)
        return [
            self.say("Gränserna ligger kring en ändring på {centre}{spaced_unit}.", centre=centre),
            self._spread(),
        ]

    def _spread(self) -> Text:
        if self.tau2 is None:
            narrow = " För de största är gränserna snarare för snäva."
            return self.say(
                "Gränserna är räknade ur hur mycket {areas} av olika storlek själva skiljer sig åt."
                "{narrow}",
                narrow=narrow if self.narrow_for_large() else "",
            )
        factor = self.fact("vidgning", math.sqrt(max(1.0, self.phi)), "gånger", 2)
        if self.tau2 == 0 or factor.printed() <= 1:
            return say("Sammantaget är skillnaderna inte märkbart större än slumpen ger.")
        larger = say("Sammantaget är skillnaderna större än slumpen ger, och gränserna är därför")
        if self.dispersion == MULTIPLICATIVE:
            return say("{larger} {factor} gånger så breda.", larger=larger, factor=factor)
        tau = math.sqrt(self.tau2)
        return self.say(
            "{larger} vidgade med en spridning mellan {areas} på {tau}{spaced_unit}.",
            larger=larger,
            tau=self.fact("spridning", tau, decimals=decimals_for(10 * tau, self.decimals)),
        )


def dispersion_of(
    z_scores: ArrayLike, *, winsorise: float = 0.1, correct_winsorising: bool = True
) -> float:
    """Return phi, the mean square of z-scores after the outermost share at each end is drawn in.

    Spiegelhalter (2005): scores beyond the 10th and 90th percentiles count as these. Drawing in
    shrinks the spread of normal scores to 0.68 of what it is, so that limits from it would have
    10 per cent of areas outside where 5 are meant: `correct_winsorising` divides by that share.
    """
    share = number_of(winsorise, "andelen att dra in")
    refuse(not 0 <= share < 0.5, f"andelen att dra in, {shown(share)}, inte ligger under en halv")
    scores = np.asarray(z_scores, dtype=float)
    drawn = np.clip(scores, *np.quantile(scores, [winsorise, 1 - winsorise]))
    phi = float(np.mean(drawn**2))
    if not (winsorise and correct_winsorising):
        return phi
    cut = scipy.stats.norm.isf(winsorise)
    kept = 1 - 2 * winsorise - 2 * cut * scipy.stats.norm.pdf(cut) + 2 * winsorise * cut**2
    return phi / float(kept)


def funnel_of_changes(
    frame: pd.DataFrame,
    *,
    area: str = "area",
    change: str = "change",
    standard_error: str | None = None,
    size: str | None = None,
    dispersion: str = MULTIPLICATIVE,
    winsorise: float = 0.1,
    correct_winsorising: bool = True,
    centre: float | None = None,
    levels: float | Sequence[float] = LEVELS,
    areas: str = "områden",
    unit: str = "",
    decimals: int = 1,
    source: str = "",
    about: str = "",
) -> FunnelOfChanges:
    """Return the over-dispersed funnel of the changes of areas around their weighted mean.

    z = (change - centre)/s; phi see `dispersion_of`. Multiplicative: centre ± z·s·√max(1, phi).
    Additive: centre ± z·√(s² + tau²), tau² = (I·phi - (I-1))/(Σw - Σw²/Σw), w = 1/s², never below
    zero (DerSimonian and Laird 1986). The mean is weighted by the inverse squares of what z is
    multiplied by. Where s differs much between areas, drawing in makes tau² too small, and more
    areas lie outside than expected: set `winsorise` to 0. Spiegelhalter (2005), Stat Med
    24:1185-1202, and Qual Saf Health Care 14:347-351. P-values are two-sided against the same
    limits, adjusted by Benjamini and Hochberg for the number of areas.

    Columns: `change`, and `standard_error` s in the same unit or `size` (persons insured). Without
    s it is taken to go as 1/√size, its level from the areas' own spread; that is multiplicative
    only, and `tau2` is None. Without `size` the table's size is 1/s². `centre` replaces the mean.

    By size alone the limits are right on the whole but not for each size once areas really differ:
    such variation does not shrink as areas grow. In simulations of 49 areas with a true spread of
    0.5 days, 12 per cent of the largest fifth lie outside where 5 are meant, and too few small ones.
    The sentence says so where it shows (`narrow_for_large`), which it did in a third of these cases;
    its silence does not make the limits right for the largest.

    Args:
        frame: a row an area.
        area: the column of areas, of one level.
        change: the column of changes.
        standard_error: the column of their standard errors, in the same unit.
        size: the column of sizes (persons insured).
        dispersion: multiplicative or additive.
        winsorise: the share at each end that is drawn in.
        correct_winsorising: whether to allow for what drawing in takes away.
        centre: the middle line, instead of the weighted mean.
        levels: one level or several, such as 0.95 and 0.998.
        areas: what the areas are called, in the plural, for the sentence.
        unit: the unit, as printed.
        decimals: how exactly the numbers are printed.
        source: where the figures come from.
        about: what tells these numbers from others on the page.

    Raises:
        NotComputable: fewer than 10 areas, an area twice or areas of different levels, a number missing, a size
            or standard error not above zero, all changes alike, or neither or the wrong one of the two columns.

    >>> areas = pd.DataFrame({"area": list("abcdefghij"), "change": [-9.0, -3, -5, -4, -6, -2, -4, -5, -3, -4],
    ...                       "size": range(1000, 11000, 1000)})
    >>> funnel_of_changes(areas, size="size").n
    10
    """
    given = [column for column in (standard_error, size) if column]
    refuse(not given, "varken medelfel eller storlek är angivet")
    refuse(dispersion not in (MULTIPLICATIVE, ADDITIVE), f"metoden {shown(dispersion)} inte finns")
    alone = standard_error is None
    refuse(alone and dispersion == ADDITIVE, "additiv spridning kräver medelfel för varje område")
    found = rows_of_areas(frame, [change, *given], area)
    refuse(len(found) < FEWEST_CHANGES, "det finns färre än {n} områden", n=FEWEST_CHANGES)
    for column in given:
        refuse(found[column] <= 0, f"värdet i kolumnen {shown(column)} är noll eller negativt")
    changes = found[change].to_numpy()
    refuse(np.ptp(changes) <= 1e-12 * np.abs(changes).max(), "alla områden har samma ändring")
    if centre is not None:
        centre = number_of(centre, "talet för mittlinjen")
    error = (found[size] ** -0.5 if alone else found[standard_error]).to_numpy()
    weight = error**-2
    middle = float(np.average(changes, weights=weight)) if centre is None else centre
    scores = (changes - middle) / error
    phi = dispersion_of(scores, winsorise=winsorise, correct_winsorising=correct_winsorising)
    refuse(alone and phi == 0, "nästan alla områden har samma ändring")
    spare = weight.sum() - (weight**2).sum() / weight.sum()
    tau2 = max(0.0, float((len(found) * phi - (len(found) - 1)) / spare))
    between = tau2 if dispersion == ADDITIVE else 0.0
    factor = 1.0 if dispersion == ADDITIVE else phi if alone else max(1.0, phi)
    wide = np.sqrt(factor * error**2 + between)
    if centre is None:
        middle = float(np.average(changes, weights=wide**-2))
    sizes = found[size].to_numpy() if size else weight
    lowest, order = lowest_change(unit, changes), levels_in_order(levels)

    def limits(level: float) -> tuple[Numbers, Numbers]:
        half = z_of(level) * wide
        return np.maximum(middle - half, lowest), middle + half

    table = pd.DataFrame({"area": found[area], "size": sizes, "change": changes})
    table = table.assign(**limits_by_name(order, limits))
    table["label"] = labels(table, order, "change")
    p_values = 2 * scipy.stats.norm.sf(np.abs(changes - middle) / wide)
    return FunnelOfChanges(
        estimate=middle,
        method=METHODS[dispersion] + (CORRECTED if winsorise and correct_winsorising else ""),
        n=len(table),
        **Labels(unit=unit, source=source, decimals=decimals, about=about),
        table=table.assign(p_adjusted=scipy.stats.false_discovery_control(p_values)),
        levels=order,
        areas=areas,
        phi=phi,
        tau2=None if alone else tau2,
        dispersion=dispersion,
    )
