"""Pengarna: What was paid for meeting requirements: by county, part and inhabitant, and whether it adds up."""

from __future__ import annotations

from collections.abc import Iterator

from vgstats.blocks.blocks import Block, Bullets, Folded, paragraphs, together
from vgstats.blocks.tables import Column, Table
from vgstats.blocks.words import as_written, period_words
from vgstats.catalogue import areas
from vgstats.catalogue.measures import POPULATION
from vgstats.facts.facts import Fact, count_fact, key, value_fact
from vgstats.facts.text import Name, Text, join, say, swedish_list
from vgstats.observations import Value
from vgstats.reports.report import Report
from vgstats.sections.requirements import about_requirements, followed
from vgstats.sections.words import sum_fact

PER_INHABITANT = "kronor per invånare"


class Paid:
    """What a list's payments were in the report's period: a total a place, and its parts in the order of the list."""

    def __init__(self, report: Report) -> None:
        of = followed(report)
        self.report, self.measure = report, of.payments
        self.period = report.parameters.after
        found = ((area, self.of(area)) for area in areas.lan()) if of.payments else ()
        known = [(area, value) for area, value in found if value]
        # The largest first; every county's money, whatever the report's own.
        self.totals = dict(sorted(known, key=lambda one: -one[1].value))
        rows = report.observations
        values = {g for g in rows[rows["measure"] == self.measure]["group"] if g}
        self.groups = sorted(g for g in values if g.partition("=")[0] == of.payments_by)
        alike = len(of.fields()) == len(self.groups)
        self.names = of.fields() if alike else [group.partition("=")[2] for group in self.groups]

    def of(self, area: str, group: str = "") -> Value | None:
        """Return what a place got, of a part or altogether."""
        return self.report.value(self.measure, self.period, group, area)

    def parts(self, area: str) -> list[Value]:
        """Return what a place got of each part."""
        return [value for group in self.groups if (value := self.of(area, group))]

    def place(self, area: str) -> int:
        """Return an area's place among the counties, 1 for the one that got most."""
        return list(self.totals).index(area) + 1

    def inhabitants(self, area: str) -> Value | None:
        """Return how many lived there in the year of the payments."""
        return self.report.value(POPULATION, self.period[:4], area=area)

    def per_inhabitant(self, area: str) -> Fact | None:
        """Return what a place got by inhabitant, in kronor."""
        paid, people = self.of(area), self.inhabitants(area)
        if not (paid and people):
            return None
        inputs = (value_fact(paid), value_fact(people))
        name = f"{PER_INHABITANT}|{key(paid)}"
        return Fact(name, paid.value / people.value, PER_INHABITANT, 1, "rate", inputs)

    def off(self) -> list[tuple[str, float]]:
        """Return the counties whose parts do not make their total, and by how much the parts differ from it."""
        gaps = (
            (area, sum(part.value for part in parts) - total.value)
            for area, total in self.totals.items()
            if (parts := self.parts(area)) and len(parts) == len(self.groups)
        )
        return [(area, gap) for area, gap in gaps if gap]

    def sources(self) -> list[str]:
        """Return the sources of the payments and of the inhabitants."""
        people = [self.inhabitants(area) for area in self.totals]
        return [*(v.source for v in self.totals.values()), *(p.source for p in people if p)]


def payment_sentence(report: Report) -> Text | None:
    """Return what the county got, its parts, and its place among the counties; None where that is not known."""
    paid = Paid(report)
    total = paid.totals.get(report.area)
    if total is None:
        return None
    parts = join([say("{p}", p=value_fact(part)) for part in paid.parts(report.area)], " + ")
    sum_of = say("{parts} = ", parts=parts) if paid.parts(report.area) else ""
    each = paid.per_inhabitant(report.area)
    return say(
        "{area} fick {sum_of}{total} kronor för {when}, plats {place} av {all} län{each}.",
        area=report.area_name,
        sum_of=sum_of,
        total=value_fact(total),
        when=period_words(total),
        each=say(". Det är {x} kronor per invånare", x=each) if each else "",
        place=count_fact(f"plats|{key(total)}", paid.place(report.area)),
        all=count_fact("län med medel", len(paid.totals)),
    )


@about_requirements
def payments(report: Report, *, everywhere: bool = True) -> Block:
    """Return what was paid to all counties, and whether the source's numbers add up, or what the county got.

    Args:
        report: the report.
        everywhere: whether all counties are told; what the county got stands on page one then.
    """
    paid = Paid(report)
    if not paid.totals:
        return together()
    if not everywhere:
        said = payment_sentence(report)
        return paragraphs(said, report.cite(paid.sources())) if said else together()
    terms = as_written(followed(report).payments_terms, followed(report))
    return together(
        paragraphs(say("{t}", t=terms)) if terms else None,
        Bullets(list(_checked(paid))),
        Folded([_table(report, paid)], "Visa alla län"),
    )


def _table(report: Report, paid: Paid) -> Table:
    most, least = next(iter(paid.totals)), next(reversed(paid.totals))
    people = paid.inhabitants(most)
    columns = [
        Column("Län", "text", of=areas.name),
        *(
            Column(name, of=lambda area, g=group: _paid(paid, area, g))  # type: ignore[misc]
            for name, group in zip(paid.names, paid.groups, strict=True)
        ),
        Column("Summa", of=lambda area: value_fact(paid.totals[area])),
        Column("Per invånare", of=paid.per_inhabitant),
    ]
    note = say(
        "Kronor. {when} {sources}",
        when=f"Per invånare efter folkmängden i slutet av {people.period}." if people else "",
        sources=report.cite(paid.sources()),
    )
    return Table.from_frame(
        paid.totals,
        columns,
        id="utbetalt",
        caption=say(
            "{most} fick mest, {a} kronor, och {least} minst, {b} kronor",
            most=areas.name(most),
            a=value_fact(paid.totals[most]),
            least=areas.name(least),
            b=value_fact(paid.totals[least]),
        ),
        note=note,
    )


def _paid(paid: Paid, area: str, group: str) -> Fact | None:
    value = paid.of(area, group)
    return value_fact(value) if value else None


def _checked(paid: Paid) -> Iterator[Text]:
    """Yield what the source's numbers come to: their sums, their relation, and the rows that do not add up."""
    country, parts = paid.of(areas.RIKET), paid.parts(areas.RIKET)
    if country and len(parts) == len(paid.groups):
        sums = [
            sum_fact(
                f"{paid.measure}|{group}",
                (value_fact(v) for area in paid.totals if (v := paid.of(area, group))),
                "kronor",
            )
            for group in (*paid.groups, "")
        ]
        gaps = [abs(s.value - v.value) for s, v in zip(sums, (*parts, country), strict=True)]
        name = f"{paid.measure}|{paid.period}"
        yield say(
            "Länens rader ger tillsammans {sums}. Källans summor är {said}{gap}.",
            sums=_labelled(paid, sums),
            said=_labelled(paid, [value_fact(v) for v in (*parts, country)]),
            gap=say(
                ", som mest {n} kronor ifrån: raderna är avrundade",
                n=count_fact(f"största avvikelse från summan|{name}", max(gaps)),
            )
            if any(gaps)
            else "",
        )
    if country and len(parts) == 2:
        yield _in_relation(paid, parts)
    if off := paid.off():
        most = max(abs(gap) for _, gap in off)
        yield say(
            "I {n} län skiljer raden från sina delar med {upto}{most} {kronor} i källan: {names}.",
            n=count_fact("län vars delar inte ger summan", len(off)),
            upto="" if len({abs(gap) for _, gap in off}) == 1 else "upp till ",
            most=count_fact("största avvikelse i en rad", most),
            kronor="krona" if most == 1 else "kronor",
            names=swedish_list([areas.name(area) for area, _ in off]),
        )


def _labelled(paid: Paid, sums: list[Fact]) -> Text:
    """Return the sum of each part and of all with what it is of: `150 kronor för villkor 1, … och 580 för alla`."""
    named = [name.partition(":")[0] for name in paid.names]
    labels = [f"för {name[:1].lower()}{name[1:]}" for name in named] + ["tillsammans"]
    facts = zip(sums, labels, strict=True)
    *first, last = [say("{x} kronor {label}", x=x, label=Name(label)) for x, label in facts]
    return say("{first} och {last}", first=join(first, ", "), last=last) if first else last


def _in_relation(paid: Paid, parts: list[Value]) -> Text:
    """Say whether the second part stands to the first in every county as in the country, to the krona."""
    first, second = parts
    ratio = second.value / first.value
    alike = [
        area
        for area in paid.totals
        if len(own := paid.parts(area)) == 2
        and abs(own[1].value - own[0].value * ratio)
        <= own[1].resolution / 2 + own[0].resolution / 2 * ratio
    ]
    million = [
        Fact(
            f"miljoner|{key(part)}",
            part.value / 1e6,
            "miljoner kronor",
            0,
            "scale",
            (value_fact(part),),
        )
        for part in parts
    ]
    return say(
        "Den andra delen är till den första som {b} till {a} i {n} av {all} län, så när som på avrundning. Pengarna "
        "är alltså fördelade efter samma nyckel i båda delarna.",
        a=million[0],
        b=million[1],
        n=count_fact("län med samma förhållande", len(alike)),
        all=count_fact("län med medel", len(paid.totals)),
    )
