"""Var hände det? The county's delregioner and nämnder, worked out of their kommuner where no source gives them."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import replace

from vgstats.blocks.blocks import Block, Blocks
from vgstats.blocks.tables import Column, Table
from vgstats.blocks.words import capitalised, period_words
from vgstats.catalogue import areas
from vgstats.catalogue.measures import INSURED
from vgstats.catalogue.measures import measure as measure_of
from vgstats.facts.facts import Fact, value_fact
from vgstats.facts.text import Name, Text, say, swedish_list
from vgstats.methods.before_after import Change, change_facts
from vgstats.methods.observed import pair_among
from vgstats.methods.wholes import of_members
from vgstats.observations import newest
from vgstats.reports.report import Report
from vgstats.sections.words import left_out


def parts(report: Report, measure: str | None = None) -> Block:
    """Return before and after for the county's delregioner and nämnder, nothing where it has none.

    Args:
        report: the report.
        measure: the one to show; the first of the report's main ones that they have when left out.
    """
    made = areas.parts(report.area) if report.area == report.county else {}
    if not made:
        return Blocks([])
    tried = dict.fromkeys([measure_of(measure).id] if measure else (report.main, *report.headline))
    for one in tried:
        if known := _changes(report, one, made):
            return _table(report, one, known, made)
    what = measure_of(next(iter(tried))).short_name
    needed = (
        report.how_to_get(m, years_of=next(iter(tried))) for m in (next(iter(tried)), INSURED)
    )
    return left_out(
        report,
        f"{what} för delregioner och nämnder (alla kommuners tal och antal försäkrade behövs).",
        *needed,
    )


def _changes(
    report: Report, measure: str, made: Mapping[str, Collection[str]]
) -> dict[str, Change]:
    """Return the changes of the parts, the largest fall first: the source's own, else those of their kommuner."""
    members = {part: of for part, of in made.items() if of}
    report.rows(measure, [*made, *report.kommuner])  # asked for, where they were not
    computed = newest(of_members(report.observations, members))
    there = {period for of_measure, _, period, _, _ in computed if of_measure == measure}
    pair = pair_among(there, measure, *report.parameters.pair(measure)) or ("", "")
    found = {}
    for part in made:
        ends = [computed.get((measure, part, period, "alla", "")) for period in pair]
        # Not under the part's own name, which is for what a source says of it.
        first, last = (replace(v, area=f"kommunerna i {part}") if v else None for v in ends)
        if change := report.change(measure, area=part) or (
            Change(first, last) if first and last else None
        ):
            found[part] = change
    return dict(sorted(found.items(), key=lambda item: item[1].difference))


def _table(
    report: Report, measure: str, known: dict[str, Change], made: dict[str, tuple[str, ...]]
) -> Block:
    levels = [[part for part in known if part.startswith(level)] for level in ("delregion", "hsn")]
    rows = [(Name(areas.name(part)), known[part]) for level in levels for part in level]
    first = next(known[part] for level in levels for part in level)
    then, now = (capitalised(period_words(value)) for value in (first.before, first.after))
    split = [part for part, of in made.items() if not of and part not in known]
    if split:
        names = Name(swedish_list([areas.name(part) for part in split]))
        left_out(
            report, say("{names} går inte att räkna: de delar en kommun mellan sig.", names=names)
        )
    columns = [
        Column("Område", "text", of=lambda row: row[0]),
        Column(then, of=lambda row: value_fact(row[1].before)),
        Column(now, of=lambda row: value_fact(row[1].after)),
        Column("Förändring", of=lambda row: change_facts(row[1]).difference, form="{x:signed}"),
    ]
    return Table.from_frame(
        rows,
        columns,
        id="delar",
        caption=_finding(measure, {p: known[p] for p in next(filter(None, levels))}),
        note=_note(report, measure, known, made),
    )


def _finding(measure: str, known: dict[str, Change]) -> Text:
    """Return which part changed most and least, or that rounding does not tell them apart."""
    what, unit = capitalised(measure_of(measure).the_name), measure_of(measure).unit
    low, *_, high = [*known.values(), *list(known.values())[-1:]]
    least, most = change_facts(low), change_facts(high)
    if least.difference_high.printed() >= most.difference_low.printed():
        if least.difference.printed() == most.difference.printed():
            form = "{what} ändrades lika mycket i alla delar, {low:signed} {unit}"
            return say(form, what=what, low=least.difference, unit=unit)
        form = "{what} ändrades ungefär lika mycket i alla delar, {low:signed} till {high:signed} {unit}"
        return say(form, what=what, low=least.difference, high=most.difference, unit=unit)
    fell, rose = (
        not low.within_rounding and low.difference < 0,
        not high.within_rounding and high.difference > 0,
    )
    ends = [least, most]
    if fell:
        words = ("störst minskning", "störst ökning" if rose else "minst minskning")
        if high.within_rounding:
            words = (words[0], "oförändrat")
    else:
        ends.reverse()
        words = ("störst ökning", "oförändrat" if low.within_rounding else "minst ökning")
    x, y = (facts.difference for facts in ends)

    def places(end: Fact) -> Name:
        alike = (
            part
            for part, c in known.items()
            if change_facts(c).difference.printed() == end.printed()
        )
        return Name(swedish_list([areas.name(part) for part in alike]))

    return say(
        "{what}: {first} i {one}, {x:signed} {unit}; {second} i {other}, {y:signed}",
        what=what,
        first=words[0],
        one=places(x),
        x=x,
        unit=unit,
        second=words[1],
        other=places(y),
        y=y,
    )


def _note(
    report: Report, measure: str, known: dict[str, Change], made: dict[str, tuple[str, ...]]
) -> Text:
    members = areas.membership()
    placed = set(members.loc[members["whole"].isin(list(made)), "member"])
    outside = swedish_list([areas.name(k) for k in report.kommuner if k not in placed])
    computed = [c for c in known.values() if "derived" in (c.before.status, c.after.status)]
    how = (
        "Summor av kommunernas tal"
        if measure_of(measure).additive
        else ("Räknat här ur kommunernas tal, vägda med antalet försäkrade")
    )
    return say(
        "{how}indelningen 2008.{outside} {sources}",
        how=f"{how}, enligt " if computed else "Källans egna tal, enligt ",
        outside=f" {outside} ligger utanför: källan placerar den inte." if outside else "",
        sources=report.cite(
            change.after.source for change in report.changes(measure, report.kommuner).values()
        ),
    )
