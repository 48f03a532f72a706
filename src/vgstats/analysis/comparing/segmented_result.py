"""What a segmented regression says: the shift at the break, the slopes, and what it cannot show."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import pandas as pd

from vgstats.analysis.comparing.segmented_model import Errors, Term
from vgstats.analysis.result import Result
from vgstats.wording.text import Text, join, say

OVERDISPERSED = 1.5
INDISTINCT = "det går inte att skilja från noll"
DISTINCT = "noll ligger utanför"
SWING = "Intervallen bygger på hur mycket talen brukar avvika från räta linjer."
ALONE = (
    "Ingen annan serie står bredvid, så ingenting här visar vad som skulle ha hänt ändå: linjen "
    "före är bara dragen vidare."
)


@dataclass(frozen=True, kw_only=True)
class Segmented(Result):
    """The shift of a series at `start`; with a comparison series the difference between the shifts.

    `estimate` is an amount, or with a Poisson model a ratio (0.9: ten per cent lower). `terms` are
    all numbers of the model by name, `dispersion` the scatter over what the model takes for given
    (1 when a Poisson model fits), `f` and `f_p` the F test of the change of slope beside its
    interval in `terms`; both None without one. The shift and the levels are those of the lines at
    the period `origin`: `start` or the last period before.
    """

    start: str
    origin: str
    ratio: bool
    treated: str
    comparison: str
    errors: Errors
    terms: Mapping[str, Term] = field(compare=False)
    dispersion: float
    f: float | None = None
    f_p: float | None = None

    def to_frame(self) -> pd.DataFrame:
        """Return a row for each term: term, estimate, low, high, level, p, unit, method, n, source."""
        return pd.DataFrame(
            {
                "term": name,
                "estimate": term.estimate,
                "low": term.interval.low,
                "high": term.interval.high,
                "level": term.interval.level,
                "p": term.p,
                "unit": "kvot" if self.ratio else self.unit,
                "method": self.method,
                "n": self.n,
                "source": self.source,
            }
            for name, term in self.terms.items()
        )

    def sentence(self) -> Text:
        """Return the shift and its interval, the slopes, and what the model cannot show.

        "Går inte att skilja från noll" stands where the printed interval holds zero.
        """
        names = ["skillnad i nivåskifte", "lutningsskillnad före", "skillnad i lutningsskifte"]
        shown = names if self.comparison else ["nivåskifte", "lutningsskifte"]
        return join([*(self._said(name) for name in shown if name in self.terms), *self._limits()])

    def _said(self, name: str) -> Text:
        term = self.terms[name]
        slope = "lutning" in name
        unit = "procent" if self.ratio else self.unit
        x, low, high = (
            self.fact(what, 100 * (value - 1) if self.ratio else value, unit, self.decimals + slope)
            for what, value in (
                (name, term.estimate),
                (f"lägst {name}", term.interval.low),
                (f"högst {name}", term.interval.high),
            )
        )
        return say(
            "{lead} med {x:signed}{unit} (intervall med {level} procents säkerhet: {low:signed} till "
            "{high:signed}); {verdict}.",
            lead=self._lead(name),
            x=x,
            unit=(f" {unit}" if unit else "") + (" per period" if slope else ""),
            level=self.fact("konfidensnivå", 100 * term.interval.level, "procent", 0),
            low=low,
            high=high,
            verdict=INDISTINCT if low.printed() <= 0 <= high.printed() else DISTINCT,
        )

    def _lead(self, name: str) -> Text:
        if name == "nivåskifte":
            return say("Där linjen bryts, {when} ändras nivån", when=self._when())
        if name == "lutningsskifte":
            return say("Takten därefter skiljer sig från takten före")
        if name == "lutningsskillnad före":
            return say("Redan före skilde sig takterna åt")
        names = {"treated": self.treated, "comparison": self.comparison}
        if name == "skillnad i lutningsskifte":
            return say(
                "Takten i {treated} ändras vid {start}, jämfört med ändringen i {comparison},",
                start=self.start,
                **names,
            )
        return say(
            "Där linjerna bryts, {when} ändras nivån i {treated}, jämfört med ändringen i "
            "{comparison},",
            when=self._when(),
            **names,
        )

    def _when(self) -> Text:
        """Return when the shift is read; without a change of slope it is the same at all times."""
        if self.f is None or self.origin == self.start:
            return say("vid {start},", start=self.start)
        return say("räknat vid {origin}, den sista perioden före,", origin=self.origin)

    def _limits(self) -> list[Text]:
        found = [say(SWING)]
        if self.errors == "poisson" and self.dispersion > OVERDISPERSED:
            phi = self.fact("överspridning", self.dispersion, "gånger", 1)
            found.append(
                say(
                    "Talen varierar {phi} gånger så mycket som modellen räknar med, så intervallet "
                    "är för smalt.",
                    phi=phi,
                )
            )
        return found if self.comparison else [*found, say(ALONE)]
