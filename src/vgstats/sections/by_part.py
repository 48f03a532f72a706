"""För vilka? Cases by diagnosis chapter, length, age and branch, where somebody has fetched figures by them."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import partial

from vgstats.blocks.blocks import Block, Blocks, Folded, together
from vgstats.blocks.tables import Cell, Column, Table
from vgstats.blocks.words import WOMEN_AND_MEN, capitalised, month_words, uncapitalised
from vgstats.catalogue.measures import BY_BRANCH, ONGOING, ONGOING_SHARE, STARTED
from vgstats.catalogue.measures import measure as measure_of
from vgstats.catalogue.words import dimensions, group_name, parse_group
from vgstats.facts.facts import value_fact
from vgstats.facts.text import Name, Text, say, swedish_list
from vgstats.methods.before_after import Change, change_facts
from vgstats.methods.observed import pair_among
from vgstats.methods.shares import share_of
from vgstats.observations import SEXES, Value
from vgstats.reports.report import Report
from vgstats.sections.words import left_out

_SHOWN = 4  # groups of a dimension without an order that are named; the others stand together
_FEWEST = 2
_IN_ORDER = ("alder", "langd")
_PARTED = {"diagnos": "diagnoskapitel", "langd": "längd", "alder": "ålder", "bransch": "bransch"}
_FEW = 0.05  # of the whole: so little unknown does not change which part moved most


def chapters(report: Report, measure: str | None = None) -> Block:
    """Return ongoing cases by chapter of diagnosis, as counts or, without those, as the source's shares.

    One chapter alone is told by `psychiatric`.

    Args:
        report: the report.
        measure: the one to show; ongoing cases when left out.
    """
    return _first(report, [measure] if measure else [ONGOING, ONGOING_SHARE], "diagnos")


def lengths(report: Report, measure: str | None = None) -> Block:
    """Return ongoing cases by how long they have lasted (arguments: see `chapters`)."""
    return _first(report, [measure] if measure else [ONGOING, ONGOING_SHARE], "langd")


def ages(report: Report, measure: str | None = None) -> Block:
    """Return ongoing cases by age, or without them the report's main measure (arguments: see `chapters`)."""
    return _first(report, [measure] if measure else [ONGOING, report.main], "alder")


def started(report: Report, measure: str | None = None) -> Block:
    """Return started cases by chapter of diagnosis, or without those by age (arguments: see `chapters`)."""
    return _first(report, [measure or STARTED], "diagnos", "alder")


def branches(report: Report, measure: str | None = None) -> Block:
    """Return started cases per employed in each branch (arguments: see `chapters`)."""
    return _first(report, [measure or BY_BRANCH], "bransch")


def _first(report: Report, measures: Iterable[str], *by: str) -> Block:
    """Return the first of some measures, by the first of some dimensions, that there are figures of."""
    tried = [(measure, dimension) for measure in measures for dimension in by]
    for measure, dimension in tried:
        if found := _Parts.of(report, measure, dimension):
            return found.block()
    for measure, dimension in tried:
        if command := report.how_to_get(measure, by=dimension):
            what = measure_of(measure).short_name.partition(" per ")[0]
            return left_out(report, f"{what} efter {_PARTED[dimension]} saknas.", command)
    return Blocks([])


@dataclass(frozen=True)
class _Row:
    """One part: its name, and its change by sex, without those that there are no figures of."""

    name: Name
    group: str
    changes: dict[str, Change]

    @property
    def change(self) -> Change:
        return self.changes["alla"]


@dataclass(frozen=True)
class _Parts:
    """A measure by one dimension in a report's area, in the two periods that it has figures of."""

    report: Report
    measure: str
    dimension: str
    pair: tuple[str, str]
    rows: list[_Row]

    @classmethod
    def of(cls, report: Report, measure: str, dimension: str) -> _Parts | None:
        """Return the parts that there are figures of, None where they are fewer than two."""
        own = report.rows(measure, [report.area])
        groups = [g for g in dict.fromkeys(own["group"]) if _is_part(g, dimension)]
        there = set(own.loc[own["group"].isin(groups), "period"])
        pair = pair_among(there, measure, *report.parameters.pair(measure))
        if pair is None:
            return None
        change = partial(_change, report, measure, pair)
        found = (
            _Row(Name(group_name(g)), g, {sex: c for sex in SEXES if (c := change(sex, g))})
            for g in sorted(groups, key=_order)
        )
        rows = [row for row in found if "alla" in row.changes]
        return cls(report, measure, dimension, pair, rows) if len(rows) >= _FEWEST else None

    @property
    def counts(self) -> bool:
        return measure_of(self.measure).additive

    def total(self, sex: str = "alla") -> Change | None:
        return _change(self.report, self.measure, self.pair, sex, "")

    def block(self) -> Block:
        """Return the table: all parts in their order, else the largest and what the others come to."""
        if self.dimension in _IN_ORDER:
            return self._table(self.rows, self._said(), self.dimension)
        by_size = sorted(self.rows, key=lambda row: -row.change.after.value)
        shown = by_size[:_SHOWN]
        shown += [row for row in self._moved_most() if row not in shown]
        if self.counts:
            return self._table([*shown, *self._others(shown)], self._said(), self.dimension)
        rest = [row for row in by_size if row not in shown]
        name = dimensions()[self.dimension].name
        table = (
            self._table(rest, f"Övriga, efter {name.lower()}", f"{self.dimension}-ovriga")
            if rest
            else None
        )
        return together(
            self._table(shown, self._said(), self.dimension),
            Folded([table], f"Visa de övriga, efter {name.lower()}") if table else None,
        )

    def _others(self, shown: list[_Row]) -> list[_Row]:
        """Return what is left of the whole, none where it is not known or nothing."""
        left: dict[str, Change] = {}
        for sex in SEXES:
            named = [row.changes[sex] for row in shown if sex in row.changes]
            whole = self.total(sex)
            if whole is None or len(named) < len(shown):
                continue
            ends = (
                _left(getattr(whole, end), [getattr(c, end) for c in named], self.dimension)
                for end in ("before", "after")
            )
            left[sex] = Change(*ends)
        some = "alla" in left and left["alla"].after.value + left["alla"].before.value > 0
        return [_Row(Name("Övriga"), "", left)] if some else []

    def _moved_most(self) -> list[_Row]:
        """Return the part that changed most, several that cannot be told apart, none where it is not known which."""
        moved = [row for row in self.rows if not row.change.within_rounding]
        if not moved:
            return []
        size = {row.group: change_facts(row.change).difference for row in moved}
        most = max(abs(fact.printed()) for fact in size.values())
        found = [row for row in moved if abs(size[row.group].printed()) == most]
        if self._unknown > _FEW * sum(row.change.after.value for row in self.rows):
            return []
        same_way = len({size[row.group].printed() > 0 for row in found}) == 1
        return found if same_way and len(found) <= _FEWEST else []

    def _said(self) -> Text:
        """Return the finding: the largest part, and the one that changed most, where the figures say which."""
        largest = max(row.change.after.value for row in self.rows)
        first = [row for row in self.rows if row.change.after.value == largest]
        whole, (one, *_) = self.total(), first
        size = value_fact(one.change.after)
        if self.counts and whole:
            size = share_of(one.change.after, whole.after)
        parted = self.counts or size.unit == "procent"
        form = f"{'Vanligast' if parted else 'Högst'} är {{names}}, {{size}} {{unit}}"
        names = _names(first)
        if self._unknown > largest:
            form, names = "{names} står för {size} {unit}", Name(capitalised(names.words))
        said = say(form, names=names, size=size, unit=size.unit)
        if not (moved := self._moved_most()):
            return said
        by = change_facts(moved[0].change).difference
        fell = by.value < 0
        kind = "minskning" if fell else "ökning"
        more = " färre" if fell else " fler"
        unit = more if self.counts else " procentenheter" if by.unit == "procent" else ""
        if moved == first:
            form = "{said}; {kind}en är också störst där, {by:abs}{unit}"
            return say(form, said=said, kind=kind, by=by, unit=unit)
        form = "{said}; störst {kind} har {names}, {by:abs}{unit}"
        return say(form, said=said, kind=kind, names=_names(moved), by=by, unit=unit)

    @property
    def _unknown(self) -> float:
        """How much of the later whole lies in parts that there are no figures of; a rate's parts are no whole."""
        whole = self.total()
        if whole is None or not (self.counts or measure_of(self.measure).unit == "procent"):
            return 0.0
        return whole.after.value - sum(row.change.after.value for row in self.rows)

    def _table(self, rows: list[_Row], caption: Text | str, id: str) -> Table:
        then, now = map(month_words, self.pair)
        whole = self.total()
        of_sex = [s for s in WOMEN_AND_MEN if all(s in row.changes for row in rows)]
        columns = [
            Column(dimensions()[self.dimension].name, "text", of="name"),
            Column(capitalised(then), of=lambda row: value_fact(row.change.before)),
            Column(capitalised(now), of=lambda row: value_fact(row.change.after)),
            Column(self._by, of=partial(self._moved, sex="alla"), form="{x:signed}"),
        ]
        if self.counts and whole:
            columns.append(
                Column("Andel, %", of=lambda row: share_of(row.change.after, whole.after))
            )
        columns += [
            Column(
                f"{sex.capitalize()}, {uncapitalised(self._by)}",
                of=partial(self._moved, sex=sex),
                form="{x:signed}",
            )
            for sex in of_sex
        ]
        note = say(
            "{what} efter {by} i {area}. {sources}",
            what=measure_of(self.measure).name,
            by=_PARTED[self.dimension],
            area=self.report.area_name,
            sources=self.report.cite(row.change.after.source for row in rows),
        )
        return Table.from_frame(
            rows, columns, id=f"{self.measure}-{id}", caption=caption, note=note
        )

    @property
    def _by(self) -> str:
        return "Ändring, %" if self.counts else "Ändring"

    def _moved(self, row: _Row, sex: str) -> Cell:
        change = row.changes[sex]
        if not self.counts:
            return change_facts(change).difference
        return change_facts(change).percent if change.before.value else None


def _is_part(group: str, dimension: str) -> bool:
    """Return whether a group is of one dimension alone, and of diagnoses a whole chapter."""
    pairs = parse_group(group)
    return list(pairs) == [dimension] and (dimension != "diagnos" or "-" in pairs[dimension])


def _order(group: str) -> tuple[int, str]:
    first = re.search(r"\d+", group.partition("=")[2])
    return (int(first[0]) if first else 0, group) if group.startswith(_IN_ORDER) else (0, group)


def _change(
    report: Report, measure: str, pair: tuple[str, str], sex: str, group: str
) -> Change | None:
    before, after = (report.value(measure, period, group, sex=sex) for period in pair)
    return Change(before, after) if before and after else None


def _left(whole: Value, named: list[Value], dimension: str) -> Value:
    """Return what is left of a whole when its named parts are taken off."""
    return replace(
        whole,
        group=f"resten av {dimension}",  # no group of the source's, so not its number
        value=max(0.0, round(whole.value - sum(part.value for part in named), 4)),
        resolution=whole.resolution + sum(part.resolution for part in named),
        status="derived",
    )


def _names(rows: list[_Row]) -> Name:
    return Name(swedish_list([uncapitalised(row.name.words.partition(" (")[0]) for row in rows]))
