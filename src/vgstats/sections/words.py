"""Small pieces of Swedish about a report that its sections share."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from string import Formatter
from typing import Any

from vgstats.blocks.blocks import Block, Heading, LeftOut, Part, together
from vgstats.blocks.tables import Column
from vgstats.blocks.words import Written, as_written, capitalised, month_words, period_words, told
from vgstats.catalogue import areas
from vgstats.catalogue.agreements import Agreement, Remark
from vgstats.catalogue.measures import measure as measure_of
from vgstats.catalogue.periods import Period
from vgstats.errors import VgstatsError
from vgstats.facts.facts import Fact, count_fact, value_fact
from vgstats.facts.text import MISSING, Name, Text, as_text, join, say, swedish_list
from vgstats.methods.before_after import Change, change_facts
from vgstats.methods.result import Result
from vgstats.methods.shares import parts_and_total
from vgstats.observations import SEXES, Value
from vgstats.reports.report import Report

SO_COUNTED = "Så är det räknat"  # what folds the details of a method


def chosen_measures(given: Sequence[str] | None, otherwise: Iterable[str]) -> list[str]:
    """Return the measures that a section shows: those given, each once, else its own.

    Raises:
        VgstatsError: it is no list of measures, or there is no such measure.
    """
    if given is None:
        return list(otherwise)
    if isinstance(given, str) or not isinstance(given, Sequence):
        raise VgstatsError(
            f"measures: {given!r} will not do. Expected a list of measures such as ['sjukpenningtal']."
        )
    return list(dict.fromkeys(measure_of(one).id for one in given)) or list(otherwise)


def chosen_area(given: str | None, report: Report) -> str:
    """Return the area that a section picks out: the one given, else the report's own.

    Raises:
        VgstatsError: there is no such area, or it lies neither in the report's county nor among the counties.
    """
    if given is None:
        return report.area
    areas.name(given)
    known = [*report.kommuner, *areas.lan()]
    if given not in known:
        raise VgstatsError(
            f"highlight: {given!r} is no kommun of {report.county_name} and no county. Expected an area id "
            f"such as {known[0]!r}."
        )
    return given


def front_part(heading: str, *blocks: Block | Iterable[Block] | None) -> Block:
    """Return a part of page one under its heading; nothing where it has nothing to say."""
    found = together(*blocks)
    return Part([Heading(heading, level=2, front=True), found]) if found.html() else found


def left_out(
    report: Report, what: Text | str, *commands: str, measures: Iterable[str] = ()
) -> LeftOut:
    """Return what takes no room on the page: it is listed at the end, with what `gaps` and `remake` find of all.

    Args:
        report: the report; it remembers what was left out.
        what: a whole sentence for a reader: what is missing, and why or where it may be had. No command.
        commands: those that get it, for whoever makes the report; empty ones are none.
        measures: those that it is for want of; where `gaps` lists them, it does not say the sentence too.
    """
    wanting = tuple(measures)
    block = LeftOut(as_text(what), tuple(filter(None, commands)), wanting)
    report.left_out[block.what.plain()] = block
    return block


def plan_unknown(report: Report) -> str:
    """Return the sentence on what a report's agreement lacks, all of it without one: the same from each section."""
    followed = report.agreement
    own = followed if followed and followed.area != areas.RIKET else None
    lacking = [
        *([] if own and own.goals else ["mål"]),
        *([] if own and (own.actions or own.figures) else ["insatser"]),
        *(
            []
            if followed and (report.observations["measure"] == followed.grant_measure).any()
            else ["statsbidrag"]
        ),
    ]
    what = capitalised(swedish_list(lacking or ["statsbidrag"]))
    return f"{what} i {report.place} finns inte bland uppgifterna."


NOT_COMPUTABLE = "{what} går inte att beräkna eftersom {why}."


def not_computable(what: Text | str, why: Text | str) -> Text:
    """Return `... går inte att beräkna eftersom ...`."""
    return say(NOT_COMPUTABLE, what=what, why=why)


def finding(change: Change, where: str) -> Text:
    """Return what a measure did as a title: that it fell or rose and by how much, or that it stood still."""
    facts = change_facts(change)
    if change.within_rounding:
        within = facts.unchanged.removeprefix("oförändrat")
        form = "{What} i {where} låg stilla{within}"
        return told(change, form, where=where, within=within)
    by = " med {difference:abs} {unit}" if facts.after.unit == "dagar" else ""
    by = by or (" med {percent:abs} procent" if change.before.value else "")
    way = facts.moved(fell="minskade", rose="ökade", same="")
    return told(change, "{What} i {where} {way}" + by, where=where, way=way)


def changes_by_sex(
    report: Report, measure: str, sexes: Iterable[str] = SEXES, *, group: str = ""
) -> dict[str, Change]:
    """Return the changes of a measure that there are, for both sexes together, women and men."""
    found = {sex: report.change(measure, sex, group) for sex in sexes}
    return {sex: change for sex, change in found.items() if change}


def same_way(one: Change, other: Change) -> bool:
    """Return whether two changes in per cent have the same sign, neither of which may be rounding alone."""
    known = not (one.within_rounding or other.within_rounding)
    own, theirs = (change_facts(change).percent.printed() for change in (one, other))
    return known and own * theirs > 0


def sum_fact(name: str, parts: Iterable[Fact], unit: str) -> Fact:
    """Return the sum of some facts, printed whole."""
    inputs = tuple(parts)
    return Fact(f"summa|{name}", sum(part.value for part in inputs), unit, 0, "sum", inputs)


def result_column(
    heading: str, of: tuple[Result, str, str], *, named: str = "area", form: str = "", **look: Any
) -> Column:
    """Return a column of a result's numbers, for a table made from a frame of the result.

    Args:
        heading: the column's.
        of: the result, what its numbers are called in their ids, and which column of the frame has them.
        named: the column of the frame that tells the rows apart, in the ids too.
        form: how a number is written (see `Column`).
        look: its `unit` and `decimals`, where they are not the result's.
    """
    result, what, values = of

    def cell(row: Any) -> Fact:
        return result.fact(f"{what}|{getattr(row, named)}", getattr(row, values), **look)

    return Column(heading, of=cell, form=form)


def preliminary_words(report: Report, values: list[Value]) -> list[Text]:
    """Return a warning for the preliminary numbers of each source and period, with what it says of them."""
    alike: dict[tuple[str, str], list[Value]] = {}
    for value in values:
        note = report.sources.loc[value.source, "note"]
        alike.setdefault((note, period_words(value)), []).append(value)
    return [
        say(
            "{measures} för {when} är {preliminary}. {note}",
            measures=capitalised(
                swedish_list(list(dict.fromkeys(measure_of(v.measure).name.lower() for v in found)))
            ),
            when=when,
            preliminary="preliminärt" if len(found) == 1 else "preliminära",
            note=Name(note),
        )
        for (note, when), found in alike.items()
    ]


def border_words(report: Report) -> list[Text]:
    """Return a warning for each kommun that the county gained or lost between before and after."""
    return [
        say(
            "Varning: {kommun} flyttades från {left} till {joined} i {when}. Talen före och efter gäller "
            "inte samma område, om inte källan har räknat om dem, vilket den inte säger.",
            kommun=areas.name(move.kommun),
            left=areas.name(move.left),
            joined=areas.name(move.joined),
            when=month_words(move.date.isoformat()[:7]),
        )
        for move in report.border_moves()
    ]


_NEAR = 100  # days: a value that far from a period may stand in its place, with its own month said


def nearest_value(report: Report, measure: str, area: str, period: str) -> Value | None:
    """Return an area's value for a period, or the nearest there is, None where none lies near."""
    day = Period.parse(period).end

    def away(value: Value) -> int:
        return abs((Period.parse(value.period).end - day).days)

    found = min(report.series(measure, area), key=away, default=None)
    return found if found and away(found) <= _NEAR else None


def how_derived(report: Report, values: list[Value]) -> Text:
    """Return what the sources' notes say of numbers that no source gives as they stand."""
    of = dict.fromkeys(value.source for value in values if value.status == "derived")
    return say("{notes}", notes=Name(" ".join(report.sources.loc[source, "note"] for source in of)))


def filled(template: str, report: Report, by: Agreement) -> Text:
    """Return a text of an agreement with the numbers of the named measures in it.

    `{processledare}` is the county's latest value of that measure; `{kommuner}` is how many kommuner
    the county has.
    """
    parts: dict[str, Fact | str] = {}
    for _, name, _, _ in Formatter().parse(template):
        if name == "kommuner":
            parts[name] = count_fact("antal kommuner", len(report.kommuner))
        elif name is not None:
            values = report.series(name)
            parts[name] = value_fact(values[-1]) if values else f"({MISSING})"
    return with_gaps(template, parts, by)


def with_gaps(template: str, parts: Mapping[str, Fact | str], by: Written) -> Text:
    """Return a text of an agreement or requirements with its gaps filled (see `as_written`)."""
    if not by.own:
        return say(template, **parts)
    pieces = [
        (as_written(literal, by), name) for literal, name, _, _ in Formatter().parse(template)
    ]
    filled = (say("{w}{gap}", w=words, gap=parts[name] if name else "") for words, name in pieces)
    return join(filled, "")


def remark_text(report: Report, remark: Remark) -> Text:
    """Return a remark on a source with its sums worked out from the figures."""
    parts: dict[str, Fact] = {}
    if "{kommuner}" in remark.text:
        parts["kommuner"] = count_fact("antal kommuner", len(report.kommuner))
    if remark.measure and remark.period:
        check = parts_and_total(
            report.observations, remark.measure, report.county, remark.period, remark.dimensions
        )
        assert check is not None, f"{remark.measure} has no parts"  # noqa: S101 - our own data
        name = "|".join([remark.measure, report.county, remark.period, *remark.dimensions])
        unit = measure_of(remark.measure).unit
        inputs = tuple(value_fact(part) for part in check.parts)
        parts["parts"] = Fact(f"summa|{name}", check.sum_of_parts, unit, 0, "sum", inputs)
        if "{total}" in remark.text and check.total:
            parts["total"] = value_fact(check.total)
    if remark.own:
        return say("{words}", words=as_written(remark.text, remark))
    return say(remark.text, **parts)
