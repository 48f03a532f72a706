"""A fact is a number that a report prints as a Swedish reader meets it, and knows what it was made from.

Tables, sentences and alternative texts print facts only, and one formatter writes them, so the same
number reads the same everywhere and can be found again in the finished page.
"""

from __future__ import annotations

import html
import re
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from functools import lru_cache
from typing import Any

from babel.numbers import format_decimal

from vgstats.catalogue.measures import measure as measure_of
from vgstats.observations import SYNTHETIC, Value

NO_BREAK = "\N{NO-BREAK SPACE}"
GROUP = "\N{NARROW NO-BREAK SPACE}"  # between thousands: thin, and never at the end of a line
MINUS = "\N{MINUS SIGN}"


def rounded(value: float, decimals: int) -> Decimal:
    """Return `value` with `decimals` decimals, halves away from zero, never minus zero.

    The binary noise of sums and differences (42.9 - 36.8 = 6.100000000000001) is taken off first,
    far below any figure shown, so that a true half is seen as a half.
    """
    exact = Decimal(repr(round(float(value), 9)))
    return exact.quantize(Decimal(1).scaleb(-decimals), rounding=ROUND_HALF_UP) + Decimal(0)


def swedish(value: float, decimals: int, *, signed: bool = False) -> str:
    """Return a number with decimal comma, thin no-break thousands space and U+2212 for minus.

    `signed` writes a plus before positive numbers.
    """
    number = rounded(value, decimals)
    pattern = "#,##0" + ("." + "0" * decimals if decimals else "")
    text = format_decimal(abs(number), format=pattern, locale="sv_SE").replace(NO_BREAK, GROUP)
    if number < 0:
        return MINUS + text
    return "+" + text if signed and number > 0 else text


@lru_cache(maxsize=10_000)
def printed_forms(value: str) -> frozenset[str]:
    """Return the ways to print a number that a page gives as a machine value: as it is, signed, without sign."""
    if re.fullmatch(r"-?[0-9]+(\.[0-9]+)?", value) is None:
        return frozenset()
    number, decimals = float(value), len(value.partition(".")[2])
    forms = (swedish(number, decimals, signed=signed) for signed in (False, True))
    return frozenset((*forms, swedish(abs(number), decimals)))


@dataclass(frozen=True)
class Fact:
    """A number to print: where it belongs, its value, and how many decimals it carries.

    `operation` and `inputs` say how it came from other facts; both are empty for published numbers.
    `made_up` marks a synthetic number (see `observations.SYNTHETIC`); what is worked out of one is made up too.
    """

    id: str
    value: float
    unit: str
    decimals: int
    operation: str = ""
    inputs: tuple[Fact, ...] = ()
    made_up: bool = False

    @property
    def synthetic(self) -> bool:
        """Whether the number is made up, or worked out of one that is."""
        return self.made_up or any(fact.synthetic for fact in self.inputs)

    def printed(self) -> Decimal:
        """Return the number as it is printed."""
        return rounded(self.value, self.decimals)

    def text(self, spec: str = "") -> str:
        """Return the printed number; `abs` leaves out the sign, `signed` always shows it."""
        if spec not in ("", "abs", "signed"):
            raise ValueError(f"unknown format {spec!r} for fact {self.id}")
        value = abs(self.value) if spec == "abs" else self.value
        return swedish(value, self.decimals, signed=spec == "signed")

    def _repr_html_(self) -> str:
        return f"{self.html()} {html.escape(self.unit)}"

    def _repr_pretty_(self, printer: Any, cycle: bool) -> None:
        printer.text(f"{self.text()} {self.unit}")

    def html(self, spec: str = "") -> str:
        """Return the printed number as an HTML data element with its id, its unit and its machine value.

        The machine value is what is printed, no more exact.
        """
        return (
            f'<data value="{self.printed():f}"'
            f' data-fact="{html.escape(self.id, quote=True)}"'
            f' data-unit="{html.escape(self.unit, quote=True)}">{self.text(spec)}</data>'
        )


def key(value: Value) -> str:
    """Return the id of a published number: measure, area, period, and sex and group if any."""
    return id_of(value.measure, value.area, value.period, value.sex, value.group)


def id_of(measure: str, area: str, period: str, sex: str, group: str) -> str:
    """Return the id of the published number with this key (see `key`)."""
    parts = [measure, area, period]
    parts += [sex] if sex != "alla" else []
    parts += [group] if group else []
    return "|".join(parts)


@dataclass(frozen=True)
class Scale:
    """How a measure is printed: a factor, the unit and the decimals."""

    factor: float
    unit: str
    decimals: int


def scale_of(value: Value) -> Scale:
    """Return how a number is printed.

    Money that the source gives to a hundred million or coarser is printed in billions with one
    decimal, as the source has it; everything else in the unit of its measure.
    """
    measure = measure_of(value.measure)
    if measure.unit == "miljoner kronor" and value.resolution >= 100:
        return Scale(1 / 1000, "miljarder kronor", 1)
    return Scale(1, measure.unit, measure.decimals)


def value_fact(value: Value) -> Fact:
    """Return a published number as a fact, in the unit and with the decimals it is printed in."""
    scale = scale_of(value)
    return Fact(
        key(value),
        value.value * scale.factor,
        scale.unit,
        scale.decimals,
        made_up=value.source in SYNTHETIC,
    )


def count_fact(name: str, value: float) -> Fact:
    """Return one plain count of things in the report as a fact."""
    return Fact(name, value, "antal", 0, "count")


def band_facts(name: str, low: float, high: float, unit: str, decimals: int) -> tuple[Fact, Fact]:
    """Return the two ends of a band as facts."""
    return (
        Fact(f"lägst|{name}", low, unit, decimals, "band"),
        Fact(f"högst|{name}", high, unit, decimals, "band"),
    )
