"""Is one area's change larger than such changes usually differ between areas?"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from vgstats.catalogue.words import area_words
from vgstats.facts.facts import rounded
from vgstats.facts.text import Text, join
from vgstats.methods.arguments import level_of
from vgstats.methods.chance import prediction_p, relative_variances, usual_variation
from vgstats.methods.levels import place_of_area, rows_of_areas
from vgstats.methods.result import (
    Band,
    Interval,
    Labels,
    NotComputable,
    ResultOfAreas,
    lowest_change,
)

FEWEST_OTHERS = 5
_NOISE = 1e-9  # how far binary subtraction may put equal changes apart
_METHOD = (
    "prediktionsintervall med t-fördelning över de andra områdena (MacKinnon och Webb 2020 om ett "
    "enda berört område), permutationsrang"
)


@dataclass(frozen=True, kw_only=True)
class AmongOthers(ResultOfAreas):
    """One area's change beside those of the others over the same time.

    `estimate` is the area's change minus the middle of what is usual, and `interval` what is left
    open about it. `usual` is the same interval put around that middle: where the change of one more
    such area would lie. The middle is the others' mean, weighted by size where noise is taken to
    shrink with size; `mean_of_others` is the plain mean, which the rank goes by. Both intervals are
    None where none can be trusted; `withheld` says why.
    No end lies beyond what is possible: a change is never below `lowest`. `half_width` is how far the
    ends would lie from the middles without that, and tells how large a difference can be seen.
    `p` is the share of all the areas, this one counted, that stand as far from their others;
    `prediction_p` goes with the interval.
    `share_of_size` is how much of the noise was taken to shrink with size: 0 when all areas are
    taken to vary alike.
    """

    interval: Interval | None
    area: str
    change: float
    mean_of_others: float
    usual: Interval | None
    whole: Band
    rank: int
    as_far: int
    ties: bool
    share_of_size: float
    half_width: float
    lowest: float = -math.inf
    kind: str = "län"
    withheld: Text | None = None

    @property
    def p(self) -> float:
        """The permutation p value, never smaller than one in the number of areas."""
        return self.as_far / self.n

    @property
    def prediction_p(self) -> float | None:
        """The p value of the interval, below 0.05 just when an interval at 95 per cent leaves 0 out.

        None where there is no interval. From Student's t with two degrees of freedom fewer than areas.
        """
        if self.interval is None:
            return None
        return prediction_p(self.estimate, self.half_width, self.interval.level, self.n - 2)

    @property
    def inside(self) -> bool | None:
        """Whether the change lies inside the usual variation, None without an interval."""
        return self.usual.holds(self.change) if self.usual else None

    def widened(self, times: float) -> AmongOthers:
        """Return the same comparison with intervals `times` as wide around the same middles."""
        if self.interval is None or self.usual is None:
            return self
        half = times * self.half_width
        interval, usual = _ends(self.change, self.estimate, half, self.lowest, self.interval.level)
        return replace(self, interval=interval, usual=usual, half_width=half)

    def without_interval(self, why: Text) -> AmongOthers:
        """Return the same comparison with no interval, and a whole Swedish sentence that says why."""
        return replace(self, interval=None, usual=None, withheld=why)

    def to_frame(self) -> pd.DataFrame:
        """Return one row: as `Result.to_frame`, and what is beside the interval."""
        row = super().to_frame()
        for name in ("area", "change", "mean_of_others"):
            row[name] = getattr(self, name)
        for name in ("low", "high"):
            row[f"usual_{name}"] = getattr(self.usual, name, None)
        p = self.p if self.interval else None
        return row.assign(
            rank=self.rank, p=p, prediction_p=self.prediction_p, share_of_size=self.share_of_size
        )

    def sentence(self) -> Text:
        """Return what is usual, where the area lies, and how many stand as far out."""
        return join([self.usual_words(), self.as_far_words()])

    def usual_words(self) -> Text:
        """Return where the usual variation ends and on which side of it the change lies."""
        others = self.count("andra områden", self.n - 1)
        if self.usual is None:
            return self.say(
                "De {others} andra {all_areas} ändrades med mellan {low:signed} och {high:signed} {unit}. "
                "{why}",
                others=others,
                low=self.fact("minst bland andra", self.whole.low),
                high=self.fact("mest bland andra", self.whole.high),
                why=self.withheld or "",
            )
        own = self.fact("egen förändring", self.change)
        return self.say(
            "Med de {others} andra {all_areas} som måttstock är en förändring mellan {low:signed} och "
            "{high:signed} {unit} vanlig variation mellan {kind}. Förändringen på {own:signed} {unit} "
            "ligger {where} vanlig variation.",
            others=others,
            own=own,
            **self.both_ends("vanlig variation {}", self.usual),
        )

    @property
    def where(self) -> str:
        """Return `innanför` or `utanför`, by the printed numbers where they can tell."""
        if self.usual is None:
            return ""
        own, low, high = (
            rounded(value, self.decimals)
            for value in (self.change, self.usual.low, self.usual.high)
        )
        if low < own < high:
            return "innanför"
        return "utanför" if own < low or own > high else "precis på gränsen för"

    def as_far_words(self) -> Text:
        """Return how many of the areas stand as far from their others as this one does.

        The p value stands in the frame, never in a sentence without its interval.
        """
        n, one = self.count("områden", self.n), area_words(self.kind).this_one
        if self.as_far == self.n and self.ties:
            return self.say(
                "Alla {n} {all_areas} ligger lika långt från de övrigas medelvärde.", n=n
            )
        mean = self.say(
            ", {mean:signed} {unit} när varje {one} väger lika",
            mean=self.fact("de övrigas medelvärde", self.mean_of_others),
            one=area_words(self.kind).one,
        )
        if self.as_far in (1, self.n):
            how = "avviker {one} mest från" if self.as_far == 1 else "ligger {one} närmast"
            how = f"Av de {{n}} {{all_areas}} {how} de övrigas medelvärde{{mean}}."
            return self.say(how, n=n, one=one, mean=mean)
        k = self.count("avviker lika mycket", self.as_far)
        return self.say(
            "Av de {n} {all_areas} avviker {k}, {one} medräknat, minst lika mycket från de övrigas "
            "medelvärde{mean}.",
            n=n,
            k=k,
            one=one,
            mean=mean,
        )

    def seen_words(self) -> Text:
        """Return how far the area lies from the others, and how far it would have to be seen half the time."""
        gap = self.fact("skillnad mot de andra", self.estimate, self._unit_of_gap)
        return self.say(
            "{The_area} ligger {gap:signed} {unit} från de andra {all_areas}s mitt{weighed}. Ett avstånd måste vara "
            "omkring {seen:abs} {unit} för att märkas ens i hälften av fallen.",
            The_area=self.the_area.capitalize(),
            weighed=f" (stora {self.kind} väger tyngre)" if self.share_of_size else "",
            gap=gap,
            unit=gap.unit,
            seen=self.fact("skillnad som syns", self.half_width, gap.unit),
        )

    @property
    def _unit_of_gap(self) -> str:
        return "procentenheter" if self.unit == "procent" else self.unit


def among_others(
    frame: pd.DataFrame,
    area: str,
    *,
    key: str = "area",
    change: str = "change",
    size: str | None = None,
    level: float = 0.95,
    unit: str = "procent",
    decimals: int = 1,
    source: str = "",
    about: str = "",
    kind: str = "län",
    lowest: float | None = None,
) -> AmongOthers:
    """Return one area's change beside the others', with a prediction interval and a rank.

    With m others of mean M and standard deviation s, the change of one more area of the same kind
    lies within M ± t(m-1)·s·√(1+1/m). With `size`, intervals are also worked out for noise of which
    half or all shrinks as 1/size (see `usual_variation`): an interval from all areas is too narrow
    for a small area and too wide for a large one. p is the permutation rank of
    `abs(change - mean of the others)` (MacKinnon and Webb, Queen's Economics WP 1355 and 1387).

    Args:
        frame: one row an area, with the change of each.
        area: the area asked about, as it stands in `key`.
        key: the column with the areas.
        change: the column with their changes.
        size: a column with positive sizes (insured persons, cases), or None for equal variances.
        level: the level of the interval.
        unit: the unit of the changes, for the sentence.
        decimals: how exactly the sentence prints them.
        source: the source of the changes.
        about: what tells these numbers from others on the page.
        kind: what the areas are, in the plural: län, kommuner.
        lowest: the lowest change that is possible, no end lies below it; when left out -100 if the
            unit is procent, else none.

    Raises:
        NotComputable: the area is missing, fewer than five others, equal changes everywhere, a
            number is missing, an area stands twice, or riket or another level is among the areas.

    >>> areas = pd.DataFrame({"area": list("abcdefg"), "change": [-9.0, -3, -5, -4, -6, -2, -4]})
    >>> found = among_others(areas, "a")
    >>> found.estimate, found.rank, found.inside
    (-5.0, 1, False)
    """
    rows = rows_of_areas(frame, [change, *([size] if size else [])], key)
    level = level_of(level)
    own = place_of_area(rows, area, key)
    others = rows.loc[~own, change].to_numpy()
    if len(others) < FEWEST_OTHERS:
        raise NotComputable(
            f"{'bara {there}' if len(others) else 'inga'} andra områden har värden, och minst {{needed}} behövs",
            **({"there": len(others)} if len(others) else {}),
            needed=FEWEST_OTHERS,
        )
    if np.ptp(others) < _NOISE:
        raise NotComputable("alla andra områden har samma förändring")
    if size and (rows[size] <= 0).any():
        raise NotComputable(f"ett värde i kolumnen {size!r} inte är större än noll")
    value = float(rows.loc[own, change].iloc[0])
    as_far, ties = _as_far(rows[change].to_numpy(), value)
    variances = relative_variances(rows[size].to_numpy() if size else np.ones(len(rows)))
    ends = usual_variation(others, variances[~own], variances[own][0], level)
    low, high, share = (float(number) for number in ends)
    half = (high - low) / 2
    if lowest is None:
        lowest = lowest_change(unit, rows[change])
    mean = max((low + high) / 2, lowest)  # others may have had more to lose
    interval, usual = _ends(value, value - mean, half, lowest, level)
    return AmongOthers(
        estimate=value - mean,
        interval=interval,
        method=_METHOD,
        n=len(rows),
        **Labels(unit=unit, source=source, decimals=decimals, about=about or str(area)),
        kind=kind,
        area=str(area),
        change=value,
        mean_of_others=float(others.mean()),
        usual=usual,
        whole=Band(float(others.min()), float(others.max())),
        rank=int((others < value - _NOISE).sum()) + 1,
        as_far=as_far,
        ties=ties == len(rows),
        share_of_size=share,
        half_width=half,
        lowest=lowest,
    )


def _ends(
    change: float, estimate: float, half: float, lowest: float, level: float
) -> tuple[Interval, Interval]:
    """Return the interval of the estimate and the usual one, neither beyond what is possible.

    One more such area does not change by less than `lowest`, nor does this one: a clipped end lies on
    the same side of the change as before, so that no verdict changes.
    """
    middle = change - estimate
    usual = Interval(max(middle - half, lowest), middle + half, level)
    low = max(estimate - half, min(lowest - middle, 0.0))
    high = min(estimate + half, change - lowest)
    return Interval(low, high, level), usual


def _as_far(changes: np.ndarray, own: float) -> tuple[int, int]:
    """Return how many changes lie as far from the mean as `own` or farther, and how many as far."""
    distance = abs(changes - changes.mean())
    of_own = abs(own - changes.mean())
    ties = abs(distance - of_own) < _NOISE
    return int(((distance > of_own) | ties).sum()), int(ties.sum())
