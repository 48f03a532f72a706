"""What the parameters of several report kinds have in common."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, model_validator

from vgstats import areas
from vgstats.disclosure import Rule
from vgstats.errors import VgstatsError, nearest
from vgstats.periods import Period


def _lan_code(code: str) -> str:
    known = [area.removeprefix("lan:") for area in areas.lan()]
    if code not in known:
        raise ValueError(
            f"{code!r} is not a county code. Expected two digits in quotation marks, such as "
            f"'14' for Västra Götalands län.{nearest(code, known)}"
        )
    return code


def _period_text(text: str) -> str:
    try:
        return Period.parse(text).text
    except VgstatsError as error:
        raise ValueError(str(error)) from None


def _whole_number(value: object) -> object:
    """Return the number that a text holds; every value in a parameter file is a text."""
    return int(value) if isinstance(value, str) and value.isdecimal() else value


LanCode = Annotated[str, AfterValidator(_lan_code)]
PeriodText = Annotated[str, AfterValidator(_period_text)]
WholeNumber = Annotated[int, BeforeValidator(_whole_number)]


class Disclosure(BaseModel):
    """The rule for small numbers among counts that a region keeps itself (see `disclosure.Rule`).

    `zeros` says whether a 0 is `shown`, or `hidden` like any small number. `mode` is `suppress`, or `off`
    for a report that may not be spread and says so.
    """

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)

    mode: str = "suppress"
    threshold: WholeNumber = 5
    width: WholeNumber = 5
    zeros: Literal["shown", "hidden"] = "shown"

    @model_validator(mode="after")
    def _check(self) -> Disclosure:
        try:
            self.rule()
        except VgstatsError as error:
            raise ValueError(str(error)) from None
        return self

    def rule(self) -> Rule:
        """Return the rule."""
        return Rule(
            threshold=self.threshold,
            width=self.width,
            zeros_shown=self.zeros == "shown",
            mode=self.mode,
        )


def in_order(first_name: str, first: str, last_name: str, last: str) -> None:
    """Refuse two periods that do not follow each other.

    Raises:
        ValueError: the first ends when or after the last begins.
    """
    if Period.parse(first).end >= Period.parse(last).start:
        raise ValueError(
            f"{first_name} {first!r} must lie before {last_name} {last!r}. Swap them, or correct "
            "the one that is wrong."
        )
