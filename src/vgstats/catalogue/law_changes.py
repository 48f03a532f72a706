"""What changed for everybody at once: laws and rules, definitions of measures, and other events."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from functools import cache
from typing import Literal

from vgstats.catalogue.data_files import data_folder, read_models
from vgstats.catalogue.measures import Measure
from vgstats.catalogue.periods import Period, window_start
from vgstats.entries import Named


class LawChange(Named):
    """A change of rules or of a definition, or another event, that met all counties at once.

    `named_first` says that a reader should meet it by name on the first screen, however many there are.
    """

    kind: Literal["regel", "definition", "handelse"]
    date: dt.date
    name: str
    text: str
    measures: list[str]
    source: str
    named_first: bool = False


@cache
def all_law_changes() -> list[LawChange]:
    """Return the changes of rules and definitions, oldest first."""
    return sorted(
        read_models(data_folder() / "law_changes.yaml", LawChange), key=lambda rule: rule.date
    )


def law_changes_between(
    measure: Measure, before: Period, after: Period, among: Iterable[LawChange] | None = None
) -> list[LawChange]:
    """Return the changes that touch `measure` and took effect inside a comparison, oldest first.

    A change lies inside when it took effect after the first day that the earlier value covers and
    no later than the last day of the later one: then the two values do not rest on the same rules.

    Args:
        measure: what is compared.
        before: the earlier period.
        after: the later one.
        among: the changes to look among, oldest first; all there are when left out.
    """
    first = window_start(before, rolling12=measure.rolling12)
    return [
        change
        for change in (all_law_changes() if among is None else among)
        if measure.id in change.measures and first < change.date <= after.end
    ]


_PUBLIC = ("LawChange", "all_law_changes", "law_changes_between")


def __dir__() -> list[str]:
    """Return what an analyst meets after `vg.law_changes.`: the rest is for the rest of vgstats."""
    return list(_PUBLIC)
