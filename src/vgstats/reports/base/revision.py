"""What differs between a report and the version that it replaces: numbers that were revised, and what was found."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from vgstats.catalogue import areas
from vgstats.disclosure.release import is_own_measure
from vgstats.facts.facts import Fact, key, value_fact
from vgstats.methods.before_after import Change
from vgstats.observations import SEXES, Value
from vgstats.reports.base.replaced import Replaced

if TYPE_CHECKING:
    from vgstats.methods.comparison import Comparison

FORMER = "tidigare|"  # before the id of a number: what it was in the version that is replaced


@dataclass(frozen=True)
class Finding:
    """What a report finds of a measure: its change, and beside the other counties where they are compared."""

    change: Change
    compared: Comparison | None = None

    @property
    def code(self) -> str:
        """Direction, and place and whether it stands out where it is compared, as a later version is held against."""
        if found := self.compared:
            return f"{found.direction} {found.end} {int(found.stands_out)}"
        return str(self.change.direction)

    def differs(self, former: str | None) -> bool:
        """Return whether something else was found, as far as the same was looked at."""
        return (
            former is not None
            and len(former.split()) == len(self.code.split())
            and former != self.code
        )


@dataclass(frozen=True)
class Revision:
    """What differs from a version that is replaced.

    `replaced` is that version, cut to what differs. `values` has the former number and the one of today for each that
    was revised, `findings` what is found today where that is something else.
    """

    replaced: Replaced
    values: tuple[tuple[Fact, Value], ...]
    findings: tuple[Finding, ...]


def revision(report: Any) -> Revision | None:
    """Return what differs from the version that a report replaces, None where nothing does.

    The newest version of which something differs counts: a report that is made again without new figures keeps what
    it said before. Of a region's own counts no former number is told: beside the one of today it could give away a
    small one, and nobody has weighed the two together.

    Args:
        report: the report; its `replaces` are the versions, the newest first.
    """
    if not report.replaces:
        return None
    values, found = list(_values(report)), findings(report)
    for version in report.replaces:
        pairs = [(former, now) for now in values if (former := _former(version, now))]
        told = tuple((former, now) for former, now in pairs if not _is_own(report, now))
        others = {
            name: one for name, one in found.items() if one.differs(version.findings.get(name))
        }
        own = version.own or len(told) < len(pairs)
        if told or others or own:
            cut = {
                "values": {key(now): version.values[key(now)] for _, now in told},
                "findings": {name: version.findings[name] for name in others},
                "own": own,
            }
            return Revision(version.model_copy(update=cut), told, tuple(others.values()))
    return None


def former_of(report: Any, about: Replaced) -> Replaced:
    """Return a report, opened with the figures of a version, as what a later one replaces.

    Args:
        report: the report with the figures of then.
        about: when and with what that version was made.
    """
    said = {
        "values": {key(value): f"{value_fact(value).printed():f}" for value in _values(report)},
        "findings": {name: one.code for name, one in findings(report).items()},
        "own": False,
    }
    return about.model_copy(update=said)


def findings(report: Any) -> dict[str, Finding]:
    """Return what a report finds of each published measure that it tells, by measure and sex."""
    compared = {one.county.after.measure: one for one in reversed(report.compared)}
    found: dict[str, Finding] = {}
    for measure in report.told:
        changes = filter(None, (report.change(measure, sex) for sex in SEXES))
        beside = compared.get(measure)
        change = beside.county if beside else next(changes, None)
        if change and not _is_own(report, change.after):
            found[f"{measure}|{change.after.sex}"] = Finding(change, beside)
    return found


def _values(report: Any) -> Iterator[Value]:
    """Yield the numbers that are compared in the report's area and in riket, those for both sexes first."""
    for sex in SEXES:
        for measure in report.told:
            for area in dict.fromkeys((report.area, areas.RIKET)):
                asked = area == report.area or (measure, area) in report.asked
                if asked and (change := report.change(measure, sex, area=area)):
                    yield from (change.before, change.after)


def _former(version: Replaced, now: Value) -> Fact | None:
    """Return the former number as a fact, None where it is the same or was not told in the same way."""
    name, today, then = key(now), value_fact(now), version.values.get(key(now))
    if then is None or then == f"{today.printed():f}":
        return None
    if len(then.partition(".")[2]) != today.decimals:
        return None
    return Fact(f"{FORMER}{name}", float(then), today.unit, today.decimals, made_up=today.synthetic)


def _is_own(report: Any, value: Value) -> bool:
    return is_own_measure(value.measure) or value.source in report.own_sources().index
