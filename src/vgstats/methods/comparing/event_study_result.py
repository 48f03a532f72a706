"""What an area minus the others says: where it lay, how that changed, and the years before."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

import pandas as pd

from vgstats.catalogue.periods import Period
from vgstats.facts.kinds import definite
from vgstats.facts.numbers import rounded
from vgstats.facts.text import Text, join, say
from vgstats.methods.comparing.among_others import prediction_p
from vgstats.methods.result import Interval, Result

FEW_YEARS = 5
INSIDE = "innanför"
OUTSIDE = "utanför"
ON_THE_EDGE = "precis på gränsen"
LIMITS = ("low", "high", "usual_low", "usual_high")


@dataclass(frozen=True, kw_only=True)
class EventStudy(Result):
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
    kind: str = "områden"
    withheld: Text | None = None
    table: pd.DataFrame = field(compare=False, repr=False)

    @property
    def usual(self) -> Interval | None:
        """What is usual variation: where one more such area's change from base to last would lie."""
        if self.interval is None:
            return None
        row = self._last_row()
        return Interval(float(row["usual_low"]), float(row["usual_high"]), self.interval.level)

    @property
    def prediction_p(self) -> float | None:
        """The p value of the interval: below 0.05 just when an interval at 95 per cent leaves 0 out.

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
            level=self.interval.level if self.interval else None,
            method=self.method,
            n=self.n,
            unit=self.unit,
            source=self.source,
        )

    def sentence(self) -> Text:
        """Return the difference in the base year, its change to the last, and the years before.

        A change is said to be inside usual variation where its printed number is; when the limits
        are withheld no side is said, and why stands there instead.
        """
        usual = self.usual
        if usual is None:
            withheld = [self.withheld] if self.withheld else []
            return join([self._level(), self._change(), *self._weighed(), *withheld])
        where = self._where(self.estimate, usual.high)
        return join(
            [
                self._level(),
                self._change(),
                self._usual_words(usual, where),
                *self._weighed(),
                self._drift(where),
                *self._years(),
            ]
        )

    def _level(self) -> Text:
        at_base = self.table.loc[self.table["side"] == "bas", "difference"].iloc[0]
        difference = self.fact(f"avstånd {self.base}", at_base)
        side = "över" if difference.printed() > 0 else "under"
        lead = say("{x:abs}{unit} {side}", x=difference, unit=self._unit(), side=side)
        base = _when(self.base)
        return say(
            "{base} låg {area} {lead} de {n} andra {all} medelvärde.",
            base=base if base[0].isdigit() else f"I {base}",
            area=self.area,
            lead=lead if difference.printed() else "på samma nivå som",
            n=self.fact("andra områden", self.n, "antal", 0),
            all=f"{definite(self.kind)}s",
        )

    def _change(self) -> Text:
        own = self.fact("ändrat avstånd", self.estimate)
        sign = own.printed()
        return say(
            "Till {last} ändrades avståndet med {x:signed}{unit}{sign}.",
            last=_when(self.last),
            x=own,
            unit=self._unit(),
            sign=" (minus är nedåt)" if sign < 0 else " (plus är uppåt)" if sign > 0 else "",
        )

    def _weighed(self) -> list[Text]:
        if not (self.table["share_of_size"] > 0).any():
            return []
        return [
            say(
                "I de andra {all} ändring väger stora {kind} tyngre än små.",
                all=f"{definite(self.kind)}s",
                kind=self.kind,
            )
        ]

    def _usual_words(self, usual: Interval, where: str) -> Text:
        return say(
            "Vanlig variation mellan {kind} är då {low:signed} till {high:signed}{unit}, så "
            "ändringen ligger {where}.",
            kind=self.kind,
            low=self.fact("vanlig variation lägst", usual.low),
            high=self.fact("vanlig variation högst", usual.high),
            unit=self._unit(),
            where=where,
        )

    def _drift(self, of_last: str) -> Text:
        first = self.table.iloc[0]
        change = -first["change"]
        where = self._where(change, first["usual_high"])
        also = "också det" if where == of_last else "vilket är"
        return say(
            "Från {first} till {base}, alltså före, ändrades det med {x:signed}{unit}, {also} {where} "
            "vanlig variation.",
            first=_when(str(first["period"])),
            base=_when(self.base),
            x=self.fact("ändrat avstånd före", change),
            unit=self._unit(),
            also=also,
            where=f"{where} för" if where == ON_THE_EDGE else where,
        )

    def _years(self) -> list[Text]:
        before, after = (
            self.table.loc[self.table["side"] == side].itertuples() for side in ("före", "efter")
        )
        moved = [self._where(row.change, row.usual_high) for row in before]
        since = [self._where(row.change, row.usual_high) for row in after]
        found = []
        if OUTSIDE in moved:
            found.append(
                say(
                    "Avståndet rörde sig alltså redan före {base}: av de {n} åren före ligger {k} "
                    "utanför.",
                    base=_when(self.base),
                    n=self.fact("år före", len(moved), "antal", 0),
                    k=self.fact("år före utanför", moved.count(OUTSIDE), "antal", 0),
                )
            )
        if 0 < since.count(OUTSIDE) < len(since):
            found.append(
                say(
                    "Av de {n} åren efter ligger {k} utanför.",
                    n=self.fact("år efter", len(since), "antal", 0),
                    k=self.fact("år efter utanför", since.count(OUTSIDE), "antal", 0),
                )
            )
        few = len(moved) <= FEW_YEARS
        why = "de är för få för att prövas" if few else "de prövas inte"
        return [*found, say("Åren före visas i figuren; {why}.", why=why)]

    def _where(self, change: float, end: float) -> str:
        """Return on which side of the usual variation a change lies, by the printed numbers."""
        own, edge = (rounded(abs(value), self.decimals) for value in (change, end))
        return INSIDE if own < edge else OUTSIDE if own > edge else ON_THE_EDGE

    def _unit(self) -> str:
        return f" {self.unit}" if self.unit else ""


def _when(period: str) -> str:
    """Return `december 2018` for `2018-12`; other periods as they stand."""
    return Period.parse(period).swedish() if "-" in period else period
