"""Numbers as a Swedish reader meets them: 30 200, −6,1, 14 procent."""

from __future__ import annotations

import re
from decimal import ROUND_HALF_UP, Decimal
from functools import lru_cache

from babel.numbers import format_decimal

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
