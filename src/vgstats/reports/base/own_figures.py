"""The figures that a project's own source gives: of the units where it ran, and of its money."""

from __future__ import annotations

from vgstats.catalogue.agreements import Agreement
from vgstats.catalogue.measures import measure as measure_of
from vgstats.methods.before_after import Change
from vgstats.observations import Value, newest
from vgstats.reports.base.figures import Figures

KRONOR = "kronor"


def own_series(report: Figures, followed: Agreement, shown: tuple[str, ...]) -> list[list[Value]]:
    """Return the figures of each unit that a project names measures of, oldest first.

    Args:
        report: the report.
        followed: the project.
        shown: the measures of the population, which are told otherwise.
    """
    order = [measure for measure in followed.figures if measure not in shown]
    series: dict[tuple[str, str], list[Value]] = {}
    for value in sorted(newest(report.observations).values(), key=lambda one: one.period):
        if (value.area, value.sex) == (report.area, "alla") and value.measure in order:
            series.setdefault((value.measure, value.group), []).append(value)
    return [series[of] for of in sorted(series, key=lambda of: (order.index(of[0]), of[1]))]


def unit_changes(report: Figures, followed: Agreement, shown: tuple[str, ...]) -> list[Change]:
    """Return the change from the first to the last figure of each unit, without those in money."""
    found = own_series(report, followed, shown)
    return [Change(of[0], of[-1]) for of in found if len(of) > 1 and not _is_money(of)]


def money_series(report: Figures, followed: Agreement, shown: tuple[str, ...]) -> list[list[Value]]:
    """Return the money that the project was granted, a list a measure in kronor, oldest first."""
    return [of for of in own_series(report, followed, shown) if _is_money(of)]


def _is_money(of: list[Value]) -> bool:
    return measure_of(of[0].measure).unit == KRONOR
