"""A weighted mean of other areas that follows an area before, and how the area departs from it."""

from __future__ import annotations

import math
from collections.abc import Collection
from dataclasses import dataclass, field

import numpy as np
import pandas as pd
from scipy.optimize import nnls

from vgstats.catalogue.words import area_words
from vgstats.facts.facts import Fact
from vgstats.facts.text import Text, join, say
from vgstats.methods.guards import count_before, panel
from vgstats.methods.result import Labels, NotComputable, ResultOfAreas

USUAL = 0.05
# `make bench-methods` simulates the error: some tenth larger up to here, and then growing with the misfit.
LARGEST_MISFIT = 0.5
METHOD = (
    "syntetisk kontroll på utfallet före (Abadie, Diamond och Hainmueller 2010), placeborang på "
    "kvoten mellan felet efter och felet före"
)
TIE_BREAK = 1e-5
NO_MISFIT = 1e-5  # at least TIE_BREAK: the penalty alone can cost an exact blend as much
NO_GAP = 1e-4


@dataclass(frozen=True, kw_only=True)
class SyntheticControl(ResultOfAreas):
    """How far an area lies from its weighted comparison from `start` on.

    `estimate` is the mean gap from `start` on; there is no interval, only `rank`: how many areas of
    `n` depart at least as much from their own comparison, this one counted. `misfit` is
    the root mean square of the gap before, `weights` the other areas' weights, which sum to 1,
    `table` the two series, `placebos` the ratio that every area is ranked by, `kind` what the areas
    are, in the plural. `exact` is whether the comparison follows the area exactly before.
    """

    area: str
    start: str
    rank: int
    misfit: float
    exact: bool = False
    weights: pd.Series[float] = field(compare=False, repr=False)
    table: pd.DataFrame = field(compare=False, repr=False)
    placebos: pd.DataFrame = field(compare=False, repr=False)

    @property
    def smallest_p(self) -> float:
        """The smallest share that the rank can come to, 1/n."""
        return 1 / self.n

    @property
    def rank_p(self) -> float:
        """The share of the areas that depart at least as much, this one counted (rank/n)."""
        return self.rank / self.n

    def to_frame(self) -> pd.DataFrame:
        """Return a row a year.

        Columns: period, area_value, comparison, gap, side (`före` or `efter`), method, n, unit,
        source.
        """
        return self.table.assign(**self._about())

    def sentence(self) -> Text:
        """Return the gap, the misfit before and the rank among all areas.

        The gap is said to be outside usual variation only when rank/n is at most 0.05.
        """
        return join([self._gap(), *self._exactly(), self._rank(), *self._doubts()])

    def short(self) -> Text:
        """Return the gap and the rank; `sentence` says the doubts too."""
        return join([self._gap(), self._rank()])

    def _gap(self) -> Text:
        gap = self.fact("avstånd efter", self.estimate)
        side = "över" if gap.printed() > 0 else "under"
        where = self.say("{x:abs}{spaced_unit} {side}", x=gap, side=side)
        return self.say(
            "Från {start} låg {area} i medeltal {where} den blandning av andra {kind} som följde {the_area} "
            "bäst före {start} (medelfel {misfit}{spaced_unit}).",
            where=where if gap.printed() else "på samma nivå som",
            misfit=self.fact("medelfel före", self.misfit, decimals=self.decimals + 1),
        )

    def _exactly(self) -> list[Text]:
        exactly = "Blandningen följer {the_area} exakt före {start}."
        return [self.say(exactly)] if self.exact else []

    def _rank(self) -> Text:
        k = self.count("avviker minst lika mycket", self.rank - 1)
        return self.say(
            "Av {n} {kind} avviker {k} lika mycket som {area}, mätt mot sitt eget fel före; {the_area}s "
            "avvikelse ligger {where} vanlig variation.",
            n=self.count("områden", self.n),
            k=say("{k} minst", k=k) if self.rank > 1 else "inga andra",
            where="utanför" if self.rank_p <= USUAL else "innanför",
        )

    def _doubts(self) -> list[Text]:
        found = []
        if self.smallest_p > USUAL:
            found.append(self.say("Så få {kind} kan inte visa någon ovanlig avvikelse."))
        years = int((self.table["side"] == "före").sum())
        if years < self.n - 1:
            few = self.say(
                "Med {years} år före och {others} andra {kind} att välja bland följer blandningen "
                "lätt {the_area} närmare än den borde.",
                years=self.count("år före", years),
                others=self.count("andra områden", self.n - 1),
            )
            found.append(few)
        gap, misfit = self.fact("avstånd", self.estimate), self.fact("medelfel", self.misfit)
        if abs(gap.printed()) <= misfit.printed():
            found.append(say("Avståndet är inte större än felet före."))
        return found


def synthetic_control(
    frame: pd.DataFrame,
    *,
    treated: object,
    start: object,
    area: str = "area",
    period: str = "period",
    value: str = "value",
    leave_out: str | Collection[object] = (),
    resolution: float = 0.0,
    fewest_others: int = 5,
    fewest_before: int = 4,
    largest_misfit: float = math.inf,
    unit: str = "",
    source: str = "",
    decimals: int = 1,
    about: str = "",
    kind: str = "områden",
) -> SyntheticControl:
    """Return an area beside the weighted mean of others that lies closest to it before `start`.

    The weights are at least 0, sum to 1 and minimise the sum of squares of the gap before `start`;
    nothing but the outcome is used (Abadie, Diamond & Hainmueller 2010, JASA 105:493-505, without
    their predictors). Every area is then given the same treatment, with all others as donors, and
    ranked by the root mean square of its gap from `start` on over that before. With more donors
    than years before, weights are many and the fit is too good: read the rank, not the weights. An
    area that is met exactly before has a ratio without bound, unless it is met after too: it is
    ranked first, as are all others like it. Say `resolution` when values are rounded.

    Args:
        frame: a row for each area and year, all areas in all years.
        treated: the area, printed as it stands in the frame.
        start: the first year after, as it stands in the frame.
        area: the column of areas; riket must not be among them.
        period: the column of years: whole numbers, or texts such as 2008 or 2008-12.
        value: the column of values.
        leave_out: areas that are not to be used, such as riket; a text is one area.
        resolution: the unit that values are rounded to; a fit closer than half of it counts as that.
        fewest_others: areas needed beside `treated`, at least one.
        fewest_before: years needed before `start`, at least one.
        largest_misfit: the error before that is accepted, in standard deviations of how much an area's
            distance to the mean of all changes in a year; a report accepts `LARGEST_MISFIT`.
        unit: of the values, as printed.
        source: where the figures come from.
        decimals: how exactly the values are printed.
        about: what the numbers are about.
        kind: what the areas are, in the plural: län, kommuner.

    Raises:
        NotComputable: as `event_study`; `resolution` is negative or no number; or the blend follows the area
            badly before.

    >>> rows = [(a, 2000 + y, a * y % 7 + 30.0) for a in range(1, 8) for y in range(8)]
    >>> frame = pd.DataFrame(rows, columns=["area", "period", "value"])
    >>> float(round(synthetic_control(frame, treated=1, start=2005).weights.sum(), 6))
    1.0
    """
    if isinstance(resolution, str) or not 0 <= resolution < math.inf:  # type: ignore[unreachable]
        raise NotComputable(
            f"avrundningen i resolution är {resolution}; den ska vara ett tal, noll eller mer"
        )
    wide = panel(frame, treated, area, period, value, leave_out, max(1, fewest_others))
    before = count_before(list(wide.index), start, max(1, fewest_before), 1)
    name = str(treated)
    fits = {one: simplex_weights(wide.iloc[:before], one) for one in wide.columns}
    gaps = pd.DataFrame(
        {one: wide[one] - wide[weights.index] @ weights for one, weights in fits.items()}
    )
    scales = pd.Series({one: nearest(wide.iloc[:before], one) for one in wide.columns})
    placebos = ranked(gaps, before, resolution, scales)
    own = placebos.set_index("area").loc[name]
    _demand_fit(float(own["misfit"]), wide.iloc[:before], largest_misfit, area_words(kind).the_one)
    return SyntheticControl(
        estimate=float(gaps[name].iloc[before:].mean()),
        method=METHOD,
        n=wide.shape[1],
        **Labels(unit=unit, source=source, decimals=decimals, about=about),
        area=name,
        start=str(start),
        rank=int(own["rank"]),
        misfit=float(own["misfit"]),
        exact=bool(own["exact"]),
        kind=kind,
        weights=fits[name],
        table=pd.DataFrame(
            {
                "period": list(wide.index),
                "area_value": wide[name].to_numpy(),
                "comparison": (wide[name] - gaps[name]).to_numpy(),
                "gap": gaps[name].to_numpy(),
                "side": ["före"] * before + ["efter"] * (len(wide) - before),
            }
        ),
        placebos=placebos,
    )


def _demand_fit(misfit: float, early: pd.DataFrame, largest: float, one: str) -> None:
    """Refuse a blend that does not follow the area before: its gap after says little."""
    if math.isinf(largest):
        return
    step = float(early.sub(early.mean(axis=1), axis=0).diff().stack().std())
    if misfit > largest * step:
        raise NotComputable(
            "blandningen av andra följer {one} för dåligt före: felet är {misfit}, och högst {most} godtas "
            "({largest} av hur mycket avståndet till de andra brukar ändras på ett år)",
            one=one,
            misfit=Fact(f"medelfel före|{one}", misfit, "", 2, "model"),
            most=Fact(f"största medelfel|{one}", largest * step, "", 2, "model"),
            largest=Fact("godtaget medelfel", largest, "", 1, "model"),
        )


def simplex_weights(before: pd.DataFrame, treated: str) -> pd.Series[float]:
    """Return the weights of the other columns whose weighted sum lies closest to one column.

    Least squares with weights at least 0 that sum to 1, by `scipy.optimize.nnls` on the donors
    minus the treated with one row for the sum, then renormalised. Since the treated is subtracted
    first, the renormalised weights are the best on the simplex however heavy that row is. A very
    small penalty on the squared weights picks one solution when several fit alike, so that order
    and names of the columns do not matter.

    Args:
        before: a row for each period before, a column for each area.
        treated: the column to come close to.

    Raises:
        NotComputable: no weights could be found.
    """
    donors = before.drop(columns=treated)
    away = donors.sub(before[treated], axis=0).to_numpy(dtype=float)
    count = away.shape[1]
    rows = np.vstack(
        [away / nearest(before, treated), TIE_BREAK * np.eye(count), np.ones((1, count))]
    )
    target = np.append(np.zeros(len(rows) - 1), 1.0)
    try:
        found = np.asarray(nnls(rows, target)[0])
    except RuntimeError:
        raise NotComputable(f"inga vikter kunde bestämmas för {treated}") from None
    return pd.Series(found / found.sum(), index=donors.columns, name="weight")


def nearest(before: pd.DataFrame, treated: str) -> float:
    """Return how far the nearest other column lies at most from one column, those equal left out.

    It is the scale of what one area's fit can be, whatever the size of areas far from it.
    """
    far = before.drop(columns=treated).sub(before[treated], axis=0).abs().max()
    return float(far[far > 0].min()) if (far > 0).any() else 1.0


def ranked(
    gaps: pd.DataFrame, before: int, resolution: float, scales: pd.Series[float]
) -> pd.DataFrame:
    """Return for each area the error before, that after, their ratio and its rank.

    An area that is met exactly before has an infinite ratio, or 0 if it is met exactly after too.
    Areas with the same ratio share the lowest of their ranks.

    Args:
        gaps: a row for each year, a column for each area: the area minus its comparison.
        before: how many of the years come before the break.
        resolution: the unit that values are rounded to.
        scales: for each area the size of its own fit, to tell what counts as no error at all.
    """
    misfit = np.sqrt((gaps.iloc[:before] ** 2).mean())
    after = np.sqrt((gaps.iloc[before:] ** 2).mean())
    exact = misfit <= NO_MISFIT * scales
    floor = misfit.mask(exact, 0.0).clip(lower=resolution / 2)
    none = (floor == 0) & (after <= NO_GAP * scales)
    ratio = (after / floor.mask(floor == 0)).fillna(np.inf).mask(none, 0.0)
    rank = ratio.map(lambda own: int((ratio >= own * (1 - 1e-9)).sum()))
    columns = {"misfit": misfit, "exact": exact, "after": after, "ratio": ratio, "rank": rank}
    return pd.DataFrame(columns).rename_axis("area").reset_index()
