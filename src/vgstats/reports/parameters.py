"""What the parameters of several report kinds have in common."""

from __future__ import annotations

from typing import Annotated, Any, Literal, TypeVar

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    ValidationError,
    model_validator,
)

from vgstats.catalogue import areas
from vgstats.disclosure import Rule
from vgstats.errors import VgstatsError, nearest
from vgstats.catalogue.periods import Period


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


_EXPECTED = {
    "own": "the name of a YAML file beside this one",
    "lan": "a list of county codes such as ['14'], or alla (in a notebook one code, as text)",
    "kommun": "a list of kommun codes such as ['1480'], or alla (in a notebook one code, as text)",
    "periods": "measures, each with a list of two periods",
    "disclosure": "the keys mode, threshold, width and zeros",
    "threshold": "a whole number in quotation marks, at least 3",
    "width": "a whole number in quotation marks, at least 1",
    "zeros": "'shown' or 'hidden'",
}

Model = TypeVar("Model", bound=BaseModel)
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


def checked(model: type[Model], values: dict[str, Any]) -> Model:
    """Return the parameters of a report, of whatever kind.

    Raises:
        VgstatsError: a key is unknown or missing, or a value will not do; it names the key and what is expected.
    """
    try:
        return model(**values)
    except ValidationError as error:
        raise VgstatsError(_first_error(error, model)) from None


def _first_error(error: ValidationError, model: type[BaseModel]) -> str:
    unknown_first = sorted(error.errors(), key=lambda e: e["type"] != "extra_forbidden")
    first = unknown_first[0]
    path = [str(part) for part in first["loc"]]
    key = path[0] if path else ""
    if first["type"] == "extra_forbidden":
        of_part = Disclosure if len(path) > 1 else model
        return unknown_key(path[-1], list(of_part.model_fields))
    if first["type"] == "missing":
        return f"the key {key!r} is missing. Add it."
    if first["type"] == "value_error":
        message = first["msg"].removeprefix("Value error, ")
        return message if not key or message.startswith(key) else f"{key}: {message}"
    name = path[-1] if path[-1] in _EXPECTED else key
    return will_not_do(name, first["input"])


def unknown_key(key: object, known: list[str]) -> str:
    """Return what to say of a key that a file or a call does not have."""
    return (
        f"unknown key {key!r}.{nearest(str(key), known)} Known keys: {', '.join(known)}. Correct the "
        "key or remove it."
    )


def will_not_do(key: str, value: object) -> str:
    """Return what to say of a value of the wrong kind."""
    expected = _EXPECTED.get(key, "one text in quotation marks")
    number = isinstance(value, int | float | bool)
    hint = f" With papermill write -r {key} ..., since -p makes a number of it." if number else ""
    return f"{key}: {value!r} will not do. Expected {expected}.{hint}"
