"""What an area minus the others says: where it lay, how that changed, and the years before."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace

import numpy as np
import pandas as pd

from vgstats.catalogue.periods import Period
from vgstats.facts.facts import rounded
from vgstats.facts.text import Text, join, say
from vgstats.methods.arguments import level_of, number_of
from vgstats.methods.chance import prediction_p, relative_variances, usual_variation
from vgstats.methods.guards import panel
from vgstats.methods.result import Interval, Labels, NotComputable, ResultOfAreas

FEW_YEARS = 5
INSIDE = "innanför"
OUTSIDE = "utanför"
ON_THE_EDGE = "precis på gränsen"
LIMITS = ("low", "high", "usual_low", "usual_high")
FEWEST_OTHERS = 5
NO_SPREAD = 1e-9
METHOD = (
    "skillnad mot de andra områdenas medelvärde, år för år; prediktionsintervall (t) efter de andra "
    "områdenas egna ändringar (om ett enda område: MacKinnon och Webb, Queen's Economics WP 1355)"
)
SIZED = METHOD + "; områdena får svänga olika mycket efter storlek"


@dataclass(frozen=True, kw_only=True)
class EventStudy(ResultOfAreas):
    """How the difference between an area and the others changed from `base` to `last`.

    `estimate` is that change, `interval` its prediction interval: it holds zero when the change is
    within what the other areas differ between themselves over the same years. `usual` is the same
    interval put around no change. Where all values are 0 or more, no
    end lies beyond what is possible. Both are None where none can be trusted; `withheld` says why.
    `table` has every year; `n` is the number of other areas and `kind` what they are, in the plural.
    """

    interval: Interval | None
    area: str
    base: str
    last: str
    withheld: Text | None = None
    table: pd.DataFrame = field(compare=False, repr=False)

    @property
    def usual(self) -> Interval | None:
        """What is usual variation, where one more such area's change from base to last would lie."""
        if self.interval is None:
            return None
        row = self._last_row()
        return Interval(float(row["usual_low"]), float(row["usual_high"]), self.interval.level)

    @property
    def stands_out(self) -> bool | None:
        """Whether the change lies outside the usual variation, by the printed numbers; None without limits."""
        usual = self.usual
        return None if usual is None else self._where(self.estimate, usual.high) == OUTSIDE

    def short(self) -> Text:
        """Return the move before, for a text beside what says the change since; without limits the level and why."""
        usual = self.usual
        if usual is None:
            return join([self._level(), *([self.withheld] if self.withheld else [])])
        return self._drift(self._where(self.estimate, usual.high))

    @property
    def prediction_p(self) -> float | None:
        """The p value of the interval, below 0.05 just when an interval at 95 per cent leaves 0 out.

        None where there is no interval. From Student's t with one degree of freedom fewer than others.
        """
        if self.interval is None:
            return None
        half = float(self._last_row()["usual_high"])
        return prediction_p(self.estimate, half, self.interval.level, self.n - 1)

    def _last_row(self) -> pd.Series:
        return self.table.loc[self.table["period"].astype(str) == self.last].iloc[0]

    def without_limits(self, why: Text) -> EventStudy:
        """Return the same years with no limits, and a whole Swedish sentence that says why."""
        table = self.table.assign(**dict.fromkeys(LIMITS))
        return replace(self, interval=None, withheld=why, table=table)

    def to_frame(self) -> pd.DataFrame:
        """Return a row a year.

        Columns: period, area_value, others_mean, difference, change (of the difference since the
        base year), low and high (the interval around that change), usual_low and usual_high (the
        same around no change), side (`före`, `bas` or `efter`), share_of_size (how much of the
        noise was taken to shrink with size), level, method, n, unit, source. The ends and the level
        are None where they are withheld.
        """
        return self.table.assign(
            level=self.interval.level if self.interval else None, **self._about()
        )

    def sentence(self) -> Text:
        """Return the difference in the base year, its change to the last, and the years before.

        A change is said to be inside usual variation where its printed number is; when the limits
        are withheld no side is said, and why stands there instead.
        """
        usual, first = self.usual, [self._level(), self._change()]
        if usual is None:
            return join([*first, *self._weighed(), *([self.withheld] if self.withheld else [])])
        where = self._where(self.estimate, usual.high)
        since = [self._usual_words(usual, where), *self._weighed(), self._drift(where)]
        return join([*first, *since, *self._years()])

    def _level(self) -> Text:
        at_base = self.table.loc[self.table["side"] == "bas", "difference"].iloc[0]
        difference = self.fact(f"avstånd {self.base}", at_base)
        side = "över" if difference.printed() > 0 else "under"
        lead = self.say("{x:abs}{spaced_unit} {side}", x=difference, side=side)
        base = _when(self.base)
        return self.say(
            "{base} låg {area} {lead} de {n} andra {all_areas}s medelvärde.",
            base=base if base[0].isdigit() else f"I {base}",
            lead=lead if difference.printed() else "på samma nivå som",
            n=self.count("andra områden", self.n),
        )

    def _change(self) -> Text:
        own = self.fact("ändrat avstånd", self.estimate)
        sign = own.printed()
        return self.say(
            "Till {last} ändrades avståndet med {x:signed}{spaced_unit}{sign}.",
            last=_when(self.last),
            x=own,
            sign=" (minus är nedåt)" if sign < 0 else " (plus är uppåt)" if sign > 0 else "",
        )

    def _weighed(self) -> list[Text]:
        if not (self.table["share_of_size"] > 0).any():
            return []
        return [self.say("I de andra {all_areas}s ändring väger stora {kind} tyngre än små.")]

    def _usual_words(self, usual: Interval, where: str) -> Text:
        return self.say(
            "Vanlig variation mellan {kind} är då {low:signed} till {high:signed}{spaced_unit}, så "
            "ändringen ligger {where}.",
            where=where,
            **self.both_ends("vanlig variation {}", usual),
        )

    def _drift(self, of_last: str) -> Text:
        first = self.table.iloc[0]
        change = -first["change"]
        where = self._where(change, first["usual_high"])
        also = "också det" if where == of_last else "vilket är"
        return self.say(
            "Från {first} till {base}, alltså före, ändrades avståndet till de andra med {x:signed}{spaced_unit}, "
            "{also} {where} vanlig variation.",
            first=_when(str(first["period"])),
            base=_when(self.base),
            x=self.fact("ändrat avstånd före", change),
            also=also,
            where=f"{where} för" if where == ON_THE_EDGE else where,
        )

    def _years(self) -> list[Text]:
        moved, since = (
            [
                self._where(row.change, row.usual_high)
                for row in self.table.loc[self.table["side"] == side].itertuples()
            ]
            for side in ("före", "efter")
        )
        found = []
        if OUTSIDE in moved:
            found.append(
                say(
                    "Avståndet rörde sig alltså redan före {base}: av de {n} åren före ligger {k} "
                    "utanför.",
                    base=_when(self.base),
                    n=self.count("år före", len(moved)),
                    k=self.count("år före utanför", moved.count(OUTSIDE)),
                )
            )
        if 0 < since.count(OUTSIDE) < len(since):
            n = self.count("år efter", len(since))
            k = self.count("år efter utanför", since.count(OUTSIDE))
            found.append(say("Av de {n} åren efter ligger {k} utanför.", n=n, k=k))
        few = len(moved) <= FEW_YEARS
        why = "de är för få för att prövas" if few else "de prövas inte"
        return [*found, say("Åren före visas i figuren; {why}.", why=why)]

    def _where(self, change: float, end: float) -> str:
        """Return on which side of the usual variation a change lies, by the printed numbers."""
        own, edge = (rounded(abs(value), self.decimals) for value in (change, end))
        return INSIDE if own < edge else OUTSIDE if own > edge else ON_THE_EDGE


def _when(period: str) -> str:
    """Return `december 2018` for `2018-12`; other periods as they stand."""
    return Period.parse(period).swedish() if "-" in period else period


def event_study(
    frame: pd.DataFrame,
    *,
    treated: object,
    base: object,
    last: object = None,
    area: str = "area",
    period: str = "period",
    value: str = "value",
    leave_out: str | Collection[object] = (),
    sizes: Mapping[object, float] | pd.Series[float] | None = None,
    widen: float = 1.0,
    fewest_others: int = FEWEST_OTHERS,
    fewest_before: int = 2,
    level: float = 0.95,
    unit: str = "",
    source: str = "",
    decimals: int = 1,
    about: str = "",
    kind: str = "områden",
) -> EventStudy:
    """Return an area minus the others for every year, relative to a base year.

    For year t: c(t) = d(t) - d(base), where d is the area minus the plain mean of the m others. The
    interval is c(t) ± q s sqrt(1 + 1/m), where s is the standard deviation of the m others' own
    changes since the base year and q the quantile of Student's t with m - 1 degrees of freedom: the
    prediction t test of one area against m. Each year has its own s. The others count alike: where
    a small area swings more, the interval is too narrow for it and too wide for a large one.

    With `sizes` the interval of each year is that of `among_others`: noise may be alike or shrink
    with size (see `usual_variation`). The others' change is then their weighted mean's, and the
    mean of the others in year t is their plain mean in the base year plus that change.

    Args:
        frame: a row for each area and year, all areas in all years.
        treated: the area, printed as it stands in the frame.
        base: the last year before, as it stands in the frame.
        last: the year of the estimate; the last one in the frame unless said.
        area: the column of areas; riket must not be among them.
        period: the column of years: whole numbers, or texts such as 2008 or 2008-12.
        value: the column of values.
        leave_out: areas that are not to be used, such as riket; a text is one area.
        sizes: the size of every area (insured persons, cases), by its name in `area`; None when all
            areas are taken to vary alike.
        widen: how many times as wide the intervals are made (see `vgstats.catalogue.calibration`).
        fewest_others: areas needed beside `treated`; five are needed even when fewer are said.
        fewest_before: years needed before the base year, at least one.
        level: of the prediction interval.
        unit: of the values, as printed.
        source: where the figures come from.
        decimals: how exactly the values are printed.
        about: what the numbers are about.
        kind: what the areas are, in the plural: län, kommuner.

    Raises:
        NotComputable: a column, area or year is missing; a value is missing or hidden; two rows for
            the same area and year; years apart by other than a year; too few areas or years; `last`
            not after `base`; the others have all changed alike, so that there is no variation; a
            size is missing or not above zero.

    >>> rows = [(a, 2000 + y, a * y % 7 + 30.0) for a in range(1, 8) for y in range(8)]
    >>> frame = pd.DataFrame(rows, columns=["area", "period", "value"])
    >>> event_study(frame, treated=1, base=2004).n
    6
    """
    level, widen = level_of(level), number_of(widen, "vidgningen (widen)")
    wide = panel(frame, treated, area, period, value, leave_out, max(FEWEST_OTHERS, fewest_others))
    position = _place(wide, base)
    end = len(wide) - 1 if last is None else _place(wide, last)
    if end <= position:
        raise NotComputable(f"sista året {wide.index[end]} inte ligger efter basåret {base}")
    needed = max(1, fewest_before)
    if position < needed:
        why = "det finns {there} år före {base}; det behövs {needed}"
        raise NotComputable(why, there=position, base=str(base), needed=needed)
    table = _table(wide, str(treated), position, level, sizes, widen)
    row = table.iloc[end]
    return EventStudy(
        estimate=float(row["change"]),
        interval=Interval(float(row["low"]), float(row["high"]), level),
        method=METHOD if sizes is None else SIZED,
        n=wide.shape[1] - 1,
        **Labels(unit=unit, source=source, decimals=decimals, about=about),
        area=str(treated),
        base=str(wide.index[position]),
        last=str(wide.index[end]),
        kind=kind,
        table=table,
    )


def _place(wide: pd.DataFrame, year: object) -> int:
    years = [str(found) for found in wide.index]
    if str(year) not in years:
        raise NotComputable(f"året {year} inte finns i serien ({years[0]}–{years[-1]})")
    return years.index(str(year))


def _table(
    wide: pd.DataFrame,
    treated: str,
    position: int,
    level: float,
    sizes: Mapping[object, float] | pd.Series[float] | None,
    widen: float,
) -> pd.DataFrame:
    others = wide.drop(columns=treated)
    changes = (others - others.iloc[position]).to_numpy()
    later = np.arange(len(wide)) != position
    largest = max(1.0, float(wide.abs().to_numpy().max()))
    if (changes[later].std(axis=1, ddof=1) <= NO_SPREAD * largest).any():
        raise NotComputable(
            "de andra områdena har ändrats precis lika mycket, så att det inte finns någon "
            "variation att mäta mot"
        )
    names = [treated, *others.columns]
    own, *per_size = relative_variances(
        np.ones(len(names)) if sizes is None else _sizes(sizes, names)
    )
    middle, half, share = (np.zeros(len(wide)) for _ in range(3))
    low, high, share[later] = usual_variation(changes[later], np.array(per_size), own, level)
    middle[later], half[later] = (low + high) / 2, widen * (high - low) / 2
    others_mean = others.iloc[position].mean() + middle
    difference = wide[treated].to_numpy() - others_mean
    change = difference - difference[position]
    # Nothing falls by more than all of it; a clipped end lies on the same side of 0 as before. Where the
    # others fell by more than the area had, what is usual begins at its lowest possible change.
    possible = wide.to_numpy().min() >= 0
    floor = -(wide[treated].iloc[position] + middle) if possible else np.full(len(wide), -np.inf)
    over, room = np.maximum(floor, 0), np.minimum(floor, 0)
    return pd.DataFrame(
        {
            "period": list(wide.index),
            "area_value": wide[treated].to_numpy(),
            "others_mean": others_mean,
            "difference": difference,
            "change": change,
            "low": np.maximum(change - half - over, room),
            "high": np.minimum(change + half, change - room),
            "usual_low": np.maximum(-half, floor),
            "usual_high": half + over,
            "side": ["före"] * position + ["bas"] + ["efter"] * (len(wide) - position - 1),
            "share_of_size": share,
        }
    )


def _sizes(sizes: Mapping[object, float] | pd.Series[float], areas: list[str]) -> np.ndarray:
    """Return the sizes of the areas in their order, names compared as text."""
    by_name = {str(name): size for name, size in sizes.items()}
    if len(by_name) < len(sizes):
        raise NotComputable("ett område står två gånger bland storlekarna")
    found = []
    for name in areas:
        if name not in by_name:
            raise NotComputable(f"storleken saknas för {name}")
        size = number_of(by_name[name], f"storleken för {name}")
        if size <= 0:
            raise NotComputable(f"storleken för {name} är {size:g}; den ska vara större än noll")
        found.append(size)
    return np.array(found)
