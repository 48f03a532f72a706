"""Small pieces of Swedish that blocks, reports and sections share: when, for whom, in what, which place."""

from __future__ import annotations

from collections.abc import Iterable
from string import Formatter
from typing import TYPE_CHECKING, Any, Protocol

from vgstats.blocks.tables import HIDDEN, Cell
from vgstats.catalogue import areas
from vgstats.catalogue.law_changes import LawChange
from vgstats.catalogue.measures import measure as measure_of
from vgstats.catalogue.periods import Period
from vgstats.catalogue.words import group_name, sexes
from vgstats.facts.facts import Fact, count_fact, value_fact
from vgstats.facts.text import Name, Part, Text, direction, say
from vgstats.methods.before_after import Change, ChangeFacts, change_facts, for_whom
from vgstats.methods.before_after import year_words as year_words
from vgstats.observations import Value

if TYPE_CHECKING:
    from vgstats.catalogue.agreements import Agreement
    from vgstats.methods.comparison import Comparison

NOT_FROM_ZERO = "Den lodräta axeln börjar inte vid noll."
WOMEN_AND_MEN = ("kvinnor", "män")


class Written(Protocol):
    """What either vgstats or a region has written."""

    @property
    def own(self) -> bool:
        """Whether a region has."""


def as_written(words: str, by: Written) -> Name | str:
    """Return words as they stand, those that a region has written told apart: a number in them is no fact."""
    return Name(words) if by.own else words


def ran_words(followed: Agreement) -> str:
    """Return when a project ran, such as `april 2018 till december 2019`, what no source says left open."""
    days = (followed.start, followed.end)
    start, end = (month_words(day.isoformat()[:7]) if day else "" for day in days)
    if start and end:
        return f"{start} till {end}"
    if start:
        return f"från {start}; slutet är inte känt"
    return f"till {end}; början är inte känd" if end else "tiden är inte känd"


def sex_words(sex: str) -> str:
    """Return the sex as it stands in a table."""
    return sexes()[sex].text


def period_words(value: Value) -> str:
    """Return when a number was true, such as `december 2005` or `2004`."""
    return Period.parse(value.period).swedish()


def short_period(value: Value) -> str:
    """Return when a number was true, for a table: `dec 2005` or `2004`."""
    month, _, year = period_words(value).rpartition(" ")
    return f"{month[:3]} {year}".strip() if month.isalpha() else period_words(value)


def from_to(change: Change) -> str:
    """Return `från 2005 till 2008`."""
    return f"från {period_words(change.before)} till {period_words(change.after)}"


def did(change: Change, place: str = "") -> Text:
    """Return `ökade med 17 procent`, `minskade …`, or that nothing changed beyond rounding, and where if said."""
    facts, where = change_facts(change), f" i {place}" if place else ""
    if facts.within_rounding:
        exact = facts.unchanged == "oförändrat"
        return say(
            "ändrades inte{rounded}{where}",
            rounded="" if exact else " mer än avrundningen",
            where=where,
        )
    way = facts.moved(fell="minskade", rose="ökade", same="")
    if not facts.percent.printed():
        return say("{way} med mindre än en procent{where}", way=way, where=where)
    form = "{way} med {p:abs} procent{where}"
    return say(form, way=way, p=facts.percent, where=where)


def both_did(one: Change, other: Change, places: tuple[str, str]) -> Text:
    """Return what two changes did, `ökade med 17 procent i länet och 7 procent i riket` where both did the same."""
    first, second = change_facts(one), change_facts(other)
    ways = [f.moved(fell="minskade", rose="ökade", same="") for f in (first, second)]
    if ways[0] and ways[0] == ways[1] and first.percent.printed() and second.percent.printed():
        own, theirs = did(one, places[0]), second.percent
        return say(
            "{own} och {theirs:abs} procent i {place}", own=own, theirs=theirs, place=places[1]
        )
    return say("{own} och {theirs}", own=did(one, places[0]), theirs=did(other, places[1]))


def short_name(area: str) -> str:
    """Return a county by its bare name, `Västra Götaland`; other areas as they are called."""
    name = areas.name(area)
    return name.removesuffix(" län").removesuffix("s") if name.endswith(" län") else name


def noise_words(*values: Value) -> list[Text]:
    """Say that SCB has put noise on the population, where one of the numbers is such or rests on one."""
    noisy = any(value.status == "noisy" for value in values)
    return [say("SCB har lagt ett litet slumpmässigt brus på folkmängden.")] if noisy else []


def place_words(found: Comparison) -> Text:
    """Return the county's place, or the first and the last that the rounding leaves open."""
    return places(_about(found), found.first_rank, found.last_rank)


def places(name: str, first: int, last: int) -> Text:
    """Return a place, or a span of places where the rounding does not tell them apart."""
    if first == last:
        return say("{rank}", rank=count_fact(f"plats|{name}", first))
    return say(
        "{first}–{last}",
        first=count_fact(f"plats, först|{name}", first),
        last=count_fact(f"plats, sist|{name}", last),
    )


def order_words(found: Comparison) -> Text:
    """Return in how many counties it went further than in this one, and in how many less far, whichever way it went.

    Those that the rounding does not tell from this one are counted by themselves.
    """
    lower, higher = (
        (count_fact(f"län med mer {way}|{_about(found)}", k) if k else "inget")
        for way, k in (("nedåt", found.first_rank - 1), ("uppåt", found.counties - found.last_rank))
    )
    alike = found.last_rank - found.first_rank
    n = count_fact(f"län inom avrundningen|{_about(found)}", alike)
    tied = say("; {n} till går inte att skilja från länet", n=n) if alike else ""
    if not found.direction:
        form = "{What} {did}. Mer nedåt gick det i {lower} län, mer uppåt i {higher}{tied}"
        at_home = did(found.county, "länet")
        return told(found.county, form, did=at_home, lower=lower, higher=higher, tied=tied)
    fell = found.direction < 0
    way, other = ("minskade", "ökade") if fell else ("ökade", "minskade")
    first, second = (lower, higher) if fell else (higher, lower)
    if "inget" in (first, second) and not alike:
        most = "mest" if first == "inget" else "minst"
        among = count_fact("antal län", found.counties)
        form = "{What} {way} {most} i länet av alla {among} län"
        return told(found.county, form, way=way, most=most, among=among)
    last = found.smallest_fall if fell else found.largest_fall
    turned = not last.within_rounding and (last.difference > 0) == fell
    return told(
        found.county,
        "I {first} län {way} {what} mer än i länet, i {second} mindre{or_other}{tied}",
        first=first,
        second=second,
        way=way,
        or_other=f" (eller {other})" if turned else "",
        tied=tied,
    )


def _about(found: Comparison) -> str:
    own = found.county.after
    return "|".join([own.measure, own.area, own.sex, *filter(None, [own.group])])


def extremes(found: Comparison) -> Text:
    """Say which counties stand at the two ends, in words that fit both falls and rises."""
    first, last = (
        told(change, "{percent:signed} procent i {place}", place=areas.name(change.after.area))
        for change in (found.largest_fall, found.smallest_fall)
    )
    return say("Förändringarna går från {first} till {last}.", first=first, last=last)


def compared_in(change: Change) -> str:
    """Return what the counties are compared in, such as `ohälsotalet`, and for whom (see `for_whom`)."""
    return measure_of(change.after.measure).the_name + for_whom(change.after)


def told(change: Change, template: str, **more: Part) -> Text:
    """Return a sentence on a change: what `more` does not fill in it are its own words and facts.

    These are `what` (`ohälsotalet för kvinnor`), `name` (`Ohälsotal`), `before`, `after`, `difference` and `percent`;
    `percent_beside`, which agrees with the two values; `then`, `now` and `periods`, and `years`, where a December
    is called by its year; `unit`, and `days`, which is
    ` dagar` where that is the unit, else nothing; and `moved_by` (see `moved`).
    """
    facts, name = change_facts(change), measure_of(change.after.measure).name
    known: dict[str, Fact | str | Text] = {
        "what": compared_in(change),
        "What": capitalised(compared_in(change)),
        "name": name,
        "before": facts.before,
        "after": facts.after,
        "difference": facts.difference,
        "percent": facts.percent,
        "percent_beside": facts.percent_beside,
        "then": period_words(change.before),
        "now": period_words(change.after),
        "periods": from_to(change),
        "years": f"mellan {year_words(change.before)} och {year_words(change.after)}",
        "unit": facts.after.unit,
        "days": " dagar" if facts.after.unit == "dagar" else "",
        "moved_by": moved(facts),
    }
    gaps = {gap for _, gap, _, _ in Formatter().parse(template) if gap} - more.keys()
    return say(template, **{gap: known[gap] for gap in gaps}, **more)


def low_to_high(low: Fact, high: Fact, *, unit: str = "") -> Text:
    """Return `−0,2 till +0,4`, and the unit if any."""
    return say("{low:signed} till {high:signed}" + unit, low=low, high=high)


def then_to_now(change: Change) -> Text:
    """Return the two periods of a change for a table: `dec 2005 → dec 2008`."""
    return say("{then} → {now}", then=short_period(change.before), now=short_period(change.after))


def comma_sex(sex: str) -> str:
    """Return `, kvinnor` for one sex, nothing for both together."""
    return "" if sex == "alla" else f", {sex_words(sex)}"


def whom(value: Value) -> str:
    """Return `, kvinnor`, and the group, of whom a number tells, nothing for all."""
    group = f", {uncapitalised(group_name(value.group))}" if value.group else ""
    return comma_sex(value.sex) + group


def named_rules(rules: Iterable[LawChange]) -> str:
    """Return each rule with the month in which it took effect, one after the other."""
    return "; ".join(f"{rule.name} ({rule_month(rule)})" for rule in rules)


def uncapitalised(words: str) -> str:
    """Return the words with a small first letter, the rest as they stand."""
    return words[:1].lower() + words[1:]


def capitalised(words: str) -> str:
    """Return the words with a capital first letter, the rest as they stand."""
    return words[:1].upper() + words[1:]


def for_sex(change: Change) -> str:
    """Return ` för kvinnor` where a change is for one sex only, else nothing."""
    sex = change.after.sex
    return "" if sex == "alla" else f" för {sex_words(sex)}"


def rule_month(rule: LawChange) -> str:
    """Return the month in which a rule took effect, such as `juli 2008`."""
    return month_words(rule.date.isoformat()[:7])


def moved(facts: ChangeFacts, *, beside: bool = True) -> Text:
    """Return `en minskning med 14 procent`, `en ökning` or `oförändrat inom avrundningen`.

    `beside` says that the two values stand in the same sentence.
    """
    percent = facts.percent_beside if beside else facts.percent
    if facts.within_rounding:
        return say("{unchanged}", unchanged=facts.unchanged)
    return say(
        "en {kind} med {percent:abs} procent",
        kind=direction(facts.difference, fell="minskning", rose="ökning", same="ändring"),
        percent=percent,
    )


def month_words(period: str) -> str:
    """Return `december 2024` for `2024-12`."""
    return Period.parse(period).swedish()


def number_cell(report: Any, measure: str, period: str, **key: str | None) -> Cell:
    """Return one number for a table: a fact, the mark where it is hidden, or None where there is none.

    `key` are a number's `group`, `area` and `sex` (see `Figures.value`).
    """
    value = report.value(measure, period, **key)
    if value is not None:
        return value_fact(value)
    return HIDDEN if report.is_hidden(measure, period, **key) else None


def change_cells(report: Any, measure: str, **key: str | None) -> list[Cell]:
    """Return before, after, difference and per cent for a table; what rests on a hidden number is hidden."""
    pair = report.periods(measure, key.get("area")) or report.parameters.pair(measure)
    before, after = (number_cell(report, measure, period, **key) for period in pair)
    change = report.change(measure, **key)
    if change is None:
        unknown: Cell = HIDDEN if HIDDEN in (before, after) else None
        return [before, after, unknown, unknown]
    facts = change_facts(change)
    percent = say("{p:signed} %", p=facts.percent) if change.before.value else None
    return [before, after, say("{d:signed}", d=facts.difference), percent]
