"""Measures that a region declares in a YAML file of its own; `docs/egen-tabell.md` describes them."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import ConfigDict, Field, model_validator

from vgstats.catalogue.measures import Measure
from vgstats.entries import Entry

_DECIMALS = {"count": 0, "rate": 1, "money": 1, "days": 1}
_Text = Annotated[str, Field(min_length=1)]
_Limit = Annotated[float, Field(allow_inf_nan=False)]


class OwnMeasure(Entry):
    """One measure as a person declares it; what is left out follows from its kind."""

    model_config = ConfigDict(strict=True, str_strip_whitespace=True)

    id: Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]{1,59}$")]
    name: _Text
    unit: _Text
    kind: Literal["count", "rate", "money", "days"]
    time: Literal["stock", "flow", "rolling12"]
    definition: _Text
    decimals: Annotated[int, Field(ge=0, le=6)] | None = None
    additive: bool | None = None
    between_sexes: bool | None = None
    minimum: _Limit | None = 0
    maximum: _Limit | None = None

    @model_validator(mode="after")
    def _fits_its_kind(self) -> OwnMeasure:
        if self.kind == "count" and (self.decimals or self.additive is False or self.between_sexes):
            raise ValueError(
                "a count is a whole number and kvinnor + män = alla: leave decimals, additive and "
                "between_sexes out, or call its kind rate, money or days"
            )
        if self.kind == "rate" and self.additive:
            raise ValueError("kvinnor + män is never alla in a rate: leave additive out")
        if self.additive and self.between_sexes:
            raise ValueError("additive and between_sexes contradict each other: leave one out")
        low, high = self.minimum, self.maximum
        if low is not None and high is not None and low >= high:
            raise ValueError(
                f"minimum {low:g} is not below maximum {high:g}: nothing would be possible"
            )
        return self

    def entry(self) -> Measure:
        """Return it as the catalogue has it."""
        usual = {"decimals": _DECIMALS[self.kind], "additive": self.kind == "count"}
        usual["between_sexes"] = self.kind == "rate"
        said = {name: getattr(self, name) for name in usual if getattr(self, name) is not None}
        fields = self.model_dump(exclude={"kind", "time", *usual}) | usual | said
        return Measure(
            **fields,
            kind=self.time,
            own=True,
            quantity=self.kind,
            source="",
            available="regionens egna siffror (vgstats import FIL --publisher REGIONEN)",
        )
