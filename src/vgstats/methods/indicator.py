"""An indicator: one measure before and after, beside riket, over the latest year, and among the counties.

The row of page one, its mark, the finding and the title over the figure are all said by this one result.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from vgstats.catalogue.measures import measure as measure_of
from vgstats.catalogue.words import area_words
from vgstats.facts.facts import Fact, key, scale_of, value_fact
from vgstats.facts.text import Text, join, say
from vgstats.methods.before_after import DIRECTIONS, Change, change_facts, whose, year_words
from vgstats.methods.result import difference_of
from vgstats.observations import Value

if TYPE_CHECKING:
    from vgstats.methods.comparison import Comparison


@dataclass(frozen=True)
class Indicator:
    """A measure's change in an area, and beside it what is known of the same measure.

    `beside` is the change of the county that it lies in, or of riket, `latest` the area's over the year that ends
    with its later value, and `compared` the county beside the other counties; each None where it is not known.
    """

    own: Change
    beside: Change | None = None
    latest: Change | None = None
    compared: Comparison | None = None

    @property
    def direction(self) -> int:
        """-1 for a fall and 1 for a rise beyond what rounding leaves open, else 0."""
        return self.own.direction

    @property
    def where(self) -> str:
        """What lies beside, inside a sentence: `riket` or `länet`."""
        level = self.beside.after.area.partition(":")[0] if self.beside else ""
        return area_words("lan").the_one if level == "lan" else "riket"

    @property
    def gaps(self) -> tuple[Fact, Fact] | None:
        """The area's level minus that beside it, before and after, as printed; None for counts, and without one."""
        if self.beside is None or measure_of(self.own.after.measure).additive:
            return None
        pairs = ((self.own.before, self.beside.before), (self.own.after, self.beside.after))
        before, after = (gap_to(own, other) for own, other in pairs)
        return before, after

    def mark(self) -> Text | str:
        """Return the direction in sign and word, with the place among the counties where it is known."""
        if self.compared is not None:
            return say("{arrow} {mark}", arrow=_ARROWS[self.direction], mark=self.compared.mark())
        return self.way()

    def way(self) -> str:
        """Return the direction in sign and word."""
        return way_words(self.direction)

    def moved(self) -> Text:
        """Return which way it went and nothing more, such as `Ohälsotalet sjönk`."""
        return say("{what} {way}", what=whose(self.own.after), way=_past(self.own))

    def title(self, place: str) -> Text:
        """Return the finding as a title: which way it went in the area, and beside riket.

        Args:
            place: what the area is called.
        """
        ends = change_facts(self.own)
        return say(
            "{what} i {place} {way}{beside}{comma} från {before}{then} till {after}{now}",
            what=whose(self.own.after),
            place=place,
            way=_past(self.own),
            beside=(beside := self._more_or_less()),
            comma="," if beside else "",
            before=ends.before,
            after=ends.after,
            then=_in(self.own.before),
            now=_in(self.own.after),
        )

    def _more_or_less(self) -> str:
        if self.beside is None:
            return ""
        here, there = self.direction, self.beside.direction
        if here * there <= 0:
            return "" if here == there else f" medan {self.where} {_past(self.beside)}"
        apart = difference_of(self.beside.difference_band, self.own.difference_band)
        if measure_of(self.own.after.measure).additive:
            apart = difference_of(self.beside.percent_band, self.own.percent_band)
        if apart.holds(0):
            return f", liksom i {self.where}"
        return f" {'mer' if apart.low * here > 0 else 'mindre'} än i {self.where}"

    def sentence(self) -> Text:
        """Return the finding: from what to what, beside riket, and where the level lay before and lies now."""
        facts = change_facts(self.own)
        then, now = _in(self.own.before), _in(self.own.after)
        if facts.before.text() == facts.after.text():
            years = year_words(self.own.before), year_words(self.own.after)
            unit = f" {facts.after.unit}" if facts.after.unit in _SAID_BESIDE else ""
            form = "{what} var {after}{unit} både {then} och {now}."
            said = say(
                form,
                what=whose(self.own.after),
                after=facts.after,
                unit=unit,
                then=years[0],
                now=years[1],
            )
        elif self.own.within_rounding:
            said = say(
                "{what} var {before}{then} och {after}{now}, ingen ändring utöver avrundningen.",
                what=whose(self.own.after),
                before=facts.before,
                after=facts.after,
                then=then,
                now=now,
            )
        else:
            said = say(
                "{what} {way} från {before}{then} till {after}{now}, {by}.",
                what=whose(self.own.after),
                way=_past(self.own),
                before=facts.before,
                after=facts.after,
                then=then,
                now=now,
                by=_by(self.own),
            )
        return join([said, *self._beside_words(), *self._among_the_counties()])

    def _among_the_counties(self) -> list[Text]:
        """Say where the county lies, where it lies at an end or outside the usual variation; else nothing."""
        found = self.compared
        if found is None or not (found.end or found.stands_out):
            return []
        said = [say("Länet är {place}.", place=found.place_words)] if found.end else []
        return [
            *said,
            *([say("Länet avviker mer än vanligt från de andra.")] if found.stands_out else []),
        ]

    def _beside_words(self) -> list[Text]:
        if self.beside is None:
            return []
        facts = change_facts(self.beside)
        if self.gaps is None:
            if self.beside.within_rounding:
                return [
                    say("I {where} var ändringen inte större än avrundningen.", where=self.where)
                ]
            form = (
                f"I {self.where} {DIRECTIONS[self.beside.direction]} antalet med {{p:abs}} procent."
            )
            return [say(form, p=facts.percent)]
        if facts.before.text() == facts.after.text():
            moved = say("I {where} var talet {v} båda åren.", where=self.where, v=facts.after)
        elif self.beside.within_rounding:
            moved = say(
                "I {where} var talet {before} och {after}, inte heller där en ändring utöver avrundningen."
                if self.own.within_rounding
                else "I {where} var talet {before} och {after}, ingen ändring utöver avrundningen.",
                where=self.where,
                before=facts.before,
                after=facts.after,
            )
        else:
            moved = say(
                "I {where} {way} talet från {before} till {after}.",
                where=self.where,
                way=_past(self.beside),
                before=facts.before,
                after=facts.after,
            )
        return [moved, self._levels()]

    def _levels(self) -> Text:
        """Say where the area's level lay beside riket's, before and after."""
        assert self.gaps is not None  # noqa: S101 - see `_beside_words`
        before, after = self.gaps
        place = area_words(self.own.after.area.partition(":")[0]).the_one.capitalize()
        if not before.printed() and not after.printed():
            form = "{place} låg på samma avrundade tal som {where} båda åren."
            return say(form, place=place, where=self.where)
        return say(
            "{place} låg {before} {then} och {after} {now}.",
            place=place,
            before=far(before, self.where),
            after=far(after, self.where, again=True),
            then=year_words(self.own.before),
            now=year_words(self.own.after),
        )


_ARROWS = {-1: "↓", 0: "→", 1: "↑"}
_SAME = "ändrades inte mer än avrundningen"


def way_words(direction: int) -> str:
    """Return a direction in sign and word, such as `↓ minskade`."""
    return f"{_ARROWS[direction]} {DIRECTIONS[direction]}"


def _past(change: Change) -> str:
    """Return which way it went: levels sink and rise, counts grow fewer and more."""
    fell, rose = (
        ("minskade", "ökade") if measure_of(change.after.measure).additive else ("sjönk", "steg")
    )
    return {-1: fell, 0: _SAME, 1: rose}[change.direction]


def gap_to(own: Value, other: Value) -> Fact:
    """Return a level minus that of the county or riket, of the two printed numbers."""
    ends = (value_fact(other), value_fact(own))
    apart = float(ends[1].printed() - ends[0].printed())
    unit = "procentenheter" if ends[0].unit == "procent" else ends[0].unit
    return Fact(
        f"skillnad mot {other.area}|{key(own)}", apart, unit, ends[0].decimals, "difference", ends
    )


def far(gap: Fact, place: str, *, again: bool = False) -> Text:
    """Return `0,8 dagar under riket`, `again` without the unit, or that the printed numbers were the same.

    The place is named both times: `2,3 under 2025` would be read as during that year.
    """
    if not gap.printed():
        return say("{words}", words="på samma avrundade tal" + ("" if again else f" som {place}"))
    where = "under" if gap.printed() < 0 else "över"
    unit = "" if again or gap.unit.startswith("per ") else f" {gap.unit}"
    return say("{gap:abs}{unit} {where} {place}", gap=gap, unit=unit, where=where, place=place)


def _by(change: Change) -> Text:
    """Return `en ökning med 17 procent`, or the difference where per cent would not tally with the values."""
    facts, measure = change_facts(change), measure_of(change.after.measure)
    if measure.unit == "procent":
        unit = "procentenhet" if abs(facts.difference.printed()) == 1 else "procentenheter"
        return say(
            "{d:abs} {unit} {less}",
            d=facts.difference,
            unit=unit,
            less=facts.moved(fell="lägre", rose="högre", same=""),
        )
    kind = facts.moved(fell="en minskning", rose="en ökning", same="")
    if facts.percent.text() != facts.percent_beside.text():
        return say(
            "{d:abs} {less}",
            d=facts.difference,
            less=facts.moved(fell="färre", rose="fler", same=""),
        )
    return say("{kind} med {p:abs} procent", kind=kind, p=facts.percent)


_SAID_BESIDE = ("dagar", "procent", "miljoner kronor", "miljarder kronor")


def _in(value: Value) -> str:
    """Return a number's unit and when it was true; a year stands apart from a bare number."""
    words, unit = year_words(value), scale_of(value).unit
    if unit in _SAID_BESIDE:
        return f" {unit} {words}" if words.isdigit() else f" {unit} i {words}"
    return f" ({words})" if words.isdigit() else f" i {words}"
