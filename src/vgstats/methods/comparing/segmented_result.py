"""What a segmented regression says: the shift at the break, the slopes, and what it cannot show."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import pandas as pd

from vgstats.facts.facts import Fact
from vgstats.facts.text import Text, join, say
from vgstats.methods.comparing.segmented_interval import Term
from vgstats.methods.comparing.segmented_scatter import LONG
from vgstats.methods.result import Interval, Result

INDISTINCT = "det går inte att skilja från noll"
DISTINCT = "noll ligger utanför"
ALONE = (
    "Ingen annan serie står bredvid, så ingenting här visar vad som skulle ha hänt ändå: linjen "
    "före är bara dragen vidare."
)


@dataclass(frozen=True, kw_only=True)
class Segmented(Result):
    """The shift of a series at `start`; with a comparison series the difference between the shifts.

    `estimate` is an amount, or with a Poisson model a ratio (0.9: ten per cent lower). `interval` is
    None where none can be trusted; `withheld` says why. `terms` are all numbers of the model by name,
    `dispersion` the scatter over what a Poisson model takes for given (1 when it fits). The shift and
    the levels are those of the lines at the period `origin`: `start` or the last period before.
    """

    interval: Interval | None
    start: str
    origin: str
    ratio: bool
    slope_change: bool
    treated: str
    comparison: str
    terms: Mapping[str, Term] = field(compare=False)
    dispersion: float

    @property
    def shift(self) -> Term:
        """The term that `estimate` is."""
        return self.terms["skillnad i nivåskifte" if self.comparison else "nivåskifte"]

    @property
    def withheld(self) -> Text | None:
        """Why there is no interval, as a whole Swedish sentence."""
        return self.shift.withheld

    def to_frame(self) -> pd.DataFrame:
        """Return a row for each term.

        Columns: term, estimate, low, high, level, p, detectable_low and detectable_high (how large a
        true change must be, downwards and upwards, to be seen in three of four such series),
        autocorrelation (estimated) and durbin_watson of its series, withheld (why there is no interval),
        unit, method, n, source.
        """
        return pd.DataFrame(
            {
                "term": name,
                "estimate": term.estimate,
                "low": term.interval.low if term.interval else None,
                "high": term.interval.high if term.interval else None,
                "level": term.interval.level if term.interval else None,
                "p": term.p,
                "detectable_low": term.detectable.low if term.detectable else None,
                "detectable_high": term.detectable.high if term.detectable else None,
                "autocorrelation": term.autocorrelation,
                "durbin_watson": term.durbin_watson,
                "withheld": term.withheld.plain() if term.withheld else "",
                "unit": "kvot" if self.ratio else self.unit,
                "method": self.method,
                "n": self.n,
                "source": self.source,
            }
            for name, term in self.terms.items()
        )

    def distinct(self, name: str) -> bool:
        """Return whether a term has an interval that, as printed, leaves out zero."""
        ends = self.ends(name)
        return bool(ends) and not ends[0].printed() <= 0 <= ends[1].printed()

    def amount(self, name: str) -> Fact:
        """Return a term's estimate as printed, per cent with a Poisson model."""
        return self._amount(name, self.terms[name].estimate, "lutning" in name)

    def ends(self, name: str) -> tuple[Fact, ...]:
        """Return the ends of a term's interval as printed, or nothing where there is none."""
        term = self.terms[name]
        if term.interval is None:
            return ()
        return (
            self._amount(f"lägst {name}", term.interval.low, "lutning" in name),
            self._amount(f"högst {name}", term.interval.high, "lutning" in name),
        )

    def sentence(self) -> Text:
        """Return the shift and its interval, the slopes, and what the model cannot show.

        "Går inte att skilja från noll" stands where the printed interval holds zero, and the line is
        said to break only where it does not.
        """
        names = ["skillnad i nivåskifte", "lutningsskillnad före", "skillnad i lutningsskifte"]
        shown = names if self.comparison else ["nivåskifte", "lutningsskifte"]
        said = [self._said(name) for name in shown if name in self.terms]
        return join([*said, self.sureness(), *([] if self.comparison else [say(ALONE)])])

    def sureness(self) -> Text:
        """Return what the intervals are worth and can show, or why there are none."""
        term = self.shift
        alike = {
            "rho": self.fact("autokorrelation", term.autocorrelation, "", 2),
            "dw": self.fact("Durbin-Watson", term.durbin_watson, "", 2),
        }
        measured = say(
            "Hur mycket talen liknar talen närmast före (autokorrelationen) uppskattas till {rho}; "
            "Durbin-Watson är {dw}.",
            **alike,
        )
        if term.interval is None or term.detectable is None:
            return join([*([term.withheld] if term.withheld else []), measured])
        down, up = (
            self._amount(f"syns {way}", end)
            for way, end in (("nedåt", term.detectable.low), ("uppåt", term.detectable.high))
        )
        periods = self.n // (2 if self.comparison else 1)
        most = self.fact("prövad autokorrelation", 0.8 if periods >= LONG else 0.5, "", 1)
        narrow = say("Här är den högre, så intervallet kan vara för snävt.")
        return join(
            [
                say(
                    "När ingenting har ändrats ligger noll inom ett sådant intervall i omkring {level} fall av "
                    "100; det är prövat upp till autokorrelationen {most}.",
                    level=self.fact("konfidensnivå", 100 * term.interval.level, "antal", 0),
                    most=most,
                ),
                say(
                    "En verklig ändring av nivån med {down:signed} eller {up:signed}{unit} syns i "
                    "omkring {seen} fall av 4.",
                    down=down,
                    up=up,
                    unit=self._unit(),
                    seen=self.fact("syns", 3, "antal", 0),
                ),
                measured,
                *([narrow] if alike["rho"].printed() > most.printed() else []),
            ]
        )

    def _amount(self, what: str, value: float, slope: bool = False) -> Fact:
        shown = 100 * (value - 1) if self.ratio else value
        return self.fact(what, shown, "procent" if self.ratio else self.unit, self.decimals + slope)

    def _unit(self) -> str:
        unit = "procent" if self.ratio else self.unit
        return f" {unit}" if unit else ""

    def _said(self, name: str) -> Text:
        lead = say(
            "{lead} med {x:signed}{unit}",
            lead=self._lead(name),
            x=self.amount(name),
            unit=self._unit() + (" per period" if "lutning" in name else ""),
        )
        ends = self.ends(name)
        if not ends:
            return say("{lead}.", lead=lead)
        return say(
            "{lead} (intervall {low:signed} till {high:signed}); {verdict}.",
            lead=lead,
            low=ends[0],
            high=ends[1],
            verdict=DISTINCT if self.distinct(name) else INDISTINCT,
        )

    def _lead(self, name: str) -> Text:
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
        line = "linjen" if name == "nivåskifte" else "linjerna"
        where = (
            say("Där {line} bryts, {when} ändras nivån", line=line, when=self._when())
            if self.distinct(name)
            else say(
                "Räknat med räta linjer före och efter, {when} ändras nivån", when=self._when()
            )
        )
        if name == "nivåskifte":
            return where
        return say(
            "{where} i {treated}, jämfört med ändringen i {comparison},", where=where, **names
        )

    def _when(self) -> Text:
        """Return when the shift is read; without a change of slope it is the same at all times."""
        if not self.slope_change or self.origin == self.start:
            return say("vid {start},", start=self.start)
        return say("räknat vid {origin}, den sista perioden före,", origin=self.origin)
