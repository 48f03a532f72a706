"""Hade det hänt ändå? Riket by the months that lie nearest, where it has no values for the report's own."""

from __future__ import annotations

from vgstats.blocks.blocks import Block, Folded, paragraphs, together
from vgstats.blocks.words import month_words, period_words, told
from vgstats.catalogue import areas
from vgstats.catalogue.measures import measure as measure_of
from vgstats.catalogue.periods import Period
from vgstats.facts.facts import Fact, key, value_fact
from vgstats.facts.text import Text, join, say, swedish_list
from vgstats.observations import Value
from vgstats.reports.report import Report
from vgstats.sections.words import SO_COUNTED, how_derived, nearest_value


def nearest_in_riket(report: Report, measure: str) -> Block | None:
    """Return how riket fared by the months that lie near, in a sentence, and how that is known folded."""
    if not (found := _said_of(report, measure)):
        return None
    *how, said = found
    notes = how_derived(report, report.series(measure, areas.RIKET))
    how += [notes] if notes.plain() else []
    return together(paragraphs(said), Folded([paragraphs(how)], SO_COUNTED) if how else None)


def _said_of(report: Report, measure: str) -> list[Text]:
    """Say which of riket's values lie nearest where none stands for the report's own months."""
    if report.area != report.county or report.change(measure, area=areas.RIKET):
        return []
    asked = report.parameters.before, report.parameters.after
    first, last = (nearest_value(report, measure, areas.RIKET, period) for period in asked)
    if first is None or last is None or first is last:
        return []
    lacking = [p for p, v in zip(asked, (first, last), strict=True) if v.period != p]
    earlier = _also_near(report, measure, first)
    drops = [_difference(value, last) for value in (first, *earlier)]
    near = (
        say("{when} med {v} dagar", when=period_words(value), v=_about_value(value))
        for value in (first, last)
    )
    said = [
        say(
            "För riket finns inget {what} för {lacking} bland uppgifterna. De närmaste månaderna är {near}, "
            "en ändring med {d:signed} dagar.",
            what=measure_of(measure).name.lower(),
            lacking=swedish_list([month_words(period) for period in lacking]),
            near=join(near, " och "),
            d=drops[0],
        )
    ]
    said += [
        say(
            "Räknat från {m}, med {v} dagar, är den {d:signed} dagar.",
            m=period_words(value),
            v=_about_value(value),
            d=drop,
        )
        for value, drop in zip(earlier, drops[1:], strict=True)
    ]
    if own := report.change(measure):
        said.append(
            told(
                own,
                "I riket var ändringen av {what} omkring {about:signed} dagar, i länet {difference:signed} "
                "dagar {years}.",
                about=_about(drops, first, last),
            )
        )
    return said


def _also_near(report: Report, measure: str, first: Value) -> list[Value]:
    """Return riket's last value before the first, where it is near too and neither is read as it stands."""
    if first.status != "derived":
        return []
    before = [v for v in report.series(measure, areas.RIKET) if v.period < first.period][-1:]
    return [
        v
        for v in before
        if (Period.parse(first.period).end - Period.parse(v.period).end).days <= 100
    ]


def _about_value(value: Value) -> Text:
    """Return a number, with `omkring` where it is worked out from rounded ones."""
    return say("omkring {v}" if value.status == "derived" else "{v}", v=value_fact(value))


def _difference(first: Value, last: Value) -> Fact:
    ends = (value_fact(first), value_fact(last))
    difference = float(ends[1].printed() - ends[0].printed())
    name = f"skillnad|{key(last)}|från {first.period}"
    return Fact(name, difference, ends[1].unit, ends[1].decimals, "difference", ends)


def _about(drops: list[Fact], first: Value, last: Value) -> Fact:
    middle = sum(drop.value for drop in drops) / len(drops)
    name = f"ungefärlig skillnad|{key(last)}|från {first.period}"
    return Fact(name, middle, drops[0].unit, 0, "model", tuple(drops))
