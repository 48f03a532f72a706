"""The report on ongoing sjukfall out of a region's own register: its parameters and what it reads."""

from __future__ import annotations

import re
from typing import Any

import pandas as pd
from pydantic import BaseModel, ConfigDict, model_validator

from vgstats.catalogue import areas
from vgstats.methods.before_after import Change
from vgstats.reports.bundle import Bundle, gather, opened_for
from vgstats.errors import VgstatsError
from vgstats.observations import SYNTHETIC, Key, Value, newest
from vgstats.catalogue.periods import Period
from vgstats.reports.parameters import Disclosure, LanCode, PeriodText, checked, in_order
from vgstats.store.wanted import DataRequest, Wanted

NAME = "sjukfall"
COUNTED = "pagaende_sjukfall_eget_register"


class Parameters(BaseModel):
    """What one report is about: a county, two months, and the rule for small numbers."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)

    lan: LanCode
    before: PeriodText
    after: PeriodText
    disclosure: Disclosure = Disclosure()

    @model_validator(mode="after")
    def _check(self) -> Parameters:
        for name, text in (("before", self.before), ("after", self.after)):
            if not re.fullmatch(r"\d{4}-\d\d", text):
                raise ValueError(f"{name}: {text!r} is no month. Write it as 2024-12.")
        in_order("before", self.before, "after", self.after)
        return self

    @property
    def area(self) -> str:
        """The county as an area id, such as `lan:14`."""
        return f"lan:{self.lan}"

    @property
    def file_name(self) -> str:
        """The name of the report's file without ending, from validated codes only."""
        return f"{self.lan}-{self.before}-{self.after}"


def data_request(parameters: Parameters) -> DataRequest:
    """Return what a report reads.

    The county by sex in all months there are, and by sex and diagnosis before and after; its kommuner by
    sex before, and by sex and diagnosis after.
    """
    before, after = parameters.before, parameters.after
    kommuner = areas.kommuner(parameters.area)
    return DataRequest(
        (
            Wanted(parameters.area, COUNTED, sexes_only=True),
            Wanted(parameters.area, COUNTED, (before, after)),
            *(Wanted(kommun, COUNTED, (before,), sexes_only=True) for kommun in kommuner),
            *(Wanted(kommun, COUNTED, (after,)) for kommun in kommuner),
        )
    )


def check_figures(parameters: Parameters, observations: pd.DataFrame) -> None:
    """Refuse a report that would have nothing to compare.

    Raises:
        VgstatsError: there are no counts for the county in both months.
    """
    own = observations[observations["area"] == parameters.area]
    there = sorted(set(own["period"]))
    if not {parameters.before, parameters.after} <= set(there):
        found = f"{there[0]} to {there[-1]}" if there else "no month"
        raise VgstatsError(
            f"before {parameters.before!r}, after {parameters.after!r}: the register's counts "
            f"({COUNTED}) for {areas.name(parameters.area)} are there for {found}. Choose two of those months, or "
            "import the counts with vgstats import FILE --publisher REGION (vgstats demo makes some up)."
        )


class Sjukfall:
    """The report's parameters together with the released counts: what the sections read."""

    def __init__(self, parameters: Parameters, bundle: Bundle) -> None:
        self.parameters = parameters
        self._bundle = bundle
        self.observations = bundle.observations
        self.area = parameters.area
        self.area_name = areas.name(parameters.area)
        self._values = newest(bundle.observations)
        hidden = bundle.observations["status"] == "suppressed"
        keys = bundle.observations.loc[hidden, ["measure", "area", "period", "sex", "group"]]
        self._hidden: set[Key] = set(keys.itertuples(index=False, name=None))

    @property
    def figures_digest(self) -> str:
        """The digest of the figures that the report is made from (see `Bundle.digest`)."""
        return self._bundle.digest()

    @property
    def vintages(self) -> dict[str, str]:
        """When the newest number of each source read was retrieved."""
        return self._bundle.vintages

    @property
    def sources(self) -> pd.DataFrame:
        """The provenance of what the report reads."""
        known = self._bundle.sources
        return known[known.index.isin(self.observations["source"])]

    @property
    def synthetic(self) -> bool:
        """Whether the counts are made up."""
        return bool(self.observations["source"].isin(SYNTHETIC).any())

    @property
    def months(self) -> tuple[str, str]:
        """The two months compared."""
        return self.parameters.before, self.parameters.after

    @property
    def kommuner(self) -> list[str]:
        """The county's kommuner that have counts, in code order."""
        there = set(self.observations["area"])
        return [kommun for kommun in areas.kommuner(self.area) if kommun in there]

    @property
    def groups(self) -> list[str]:
        """The diagnosis groups that the register counts, without their sum."""
        return sorted(set(self.observations["group"]) - {""}, key=lambda g: ("övriga" in g, g))

    def value(self, area: str, period: str, sex: str = "alla", group: str = "") -> Value | None:
        """Return one count, None where it is hidden or not there."""
        return self._values.get((COUNTED, area, period, sex, group))

    def hidden(self, area: str, period: str, sex: str = "alla", group: str = "") -> bool:
        """Return whether a count is hidden."""
        return (COUNTED, area, period, sex, group) in self._hidden

    def change(self, area: str, sex: str = "alla", group: str = "") -> Change | None:
        """Return how a count changed, None where one of the two is hidden or not there."""
        first, last = (self.value(area, period, sex, group) for period in self.months)
        return Change(first, last) if first and last else None

    def series(self, sex: str) -> list[tuple[str, Value | None]]:
        """Return the county's months in order with their counts, None where one is hidden."""
        own = self.observations[self.observations["area"] == self.area]
        return [(p, self.value(self.area, p, sex)) for p in sorted(set(own["period"]), key=_start)]

    def shown_and_hidden(self) -> tuple[int, int]:
        """Return how many of the report's numbers are shown and how many are hidden."""
        return self._bundle.shown_and_hidden()


def _start(period: str) -> str:
    return Period.parse(period).start.isoformat()


def open_report(
    lan: str,
    before: str,
    after: str,
    disclosure: dict[str, Any] | None = None,
    bundle: str = "",
) -> Sjukfall:
    """Return the report that a notebook shows.

    Args:
        lan: the county's two-digit code, as text.
        before: the earlier month, such as `2023-12`.
        after: the later month.
        disclosure: the rule for small numbers (see `Disclosure`).
        bundle: the folder that a batch wrote the figures to; empty to gather them here and now.

    Raises:
        VgstatsError: there are no counts for the parameters, or the bundle was made for others.
    """
    values = {
        "lan": lan,
        "before": before,
        "after": after,
        "disclosure": disclosure or {},
    }
    parameters = checked(Parameters, values)
    if bundle:
        return Sjukfall(parameters, Bundle.read(bundle, parameters.model_dump(mode="json")))
    request = data_request(parameters)
    found = gather(request, release=opened_for(request, None, parameters.disclosure.rule()))
    check_figures(parameters, found.observations)
    return Sjukfall(parameters, found)
