"""Small pieces of Swedish that blocks, reports and sections share: when, for whom, in what, which place."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from vgstats.blocks.tables import HIDDEN, Cell
from vgstats.catalogue import areas
from vgstats.catalogue.agreements import Agreement, Remark
from vgstats.catalogue.law_changes import LawChange
from vgstats.catalogue.measures import measure as measure_of
from vgstats.catalogue.periods import Period
from vgstats.catalogue.words import sexes
from vgstats.facts.facts import count_fact, value_fact
from vgstats.facts.text import Name, Text, direction, say
from vgstats.methods.before_after import Change, ChangeFacts, change_facts
from vgstats.observations import Value

if TYPE_CHECKING:
    from vgstats.methods.comparison import Comparison


def as_written(words: str, by: Agreement | Remark) -> Name | str:
    """Return words as they stand, those that a region has written told apart: a number in them is no fact."""
    return Name(words) if by.own else words


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


def noise_words(*values: Value) -> list[Text]:
    """Say that SCB has put noise on the population, where one of the numbers is such or rests on one."""
    noisy = any(value.status == "noisy" for value in values)
    return [say("SCB har lagt ett litet slumpmässigt brus på folkmängden.")] if noisy else []


def rank_words(found: Comparison) -> Text:
    """Return the county's place among the counties, such as `11 av 21` or `3–7 av 21`."""
    return say(
        "{place} av {n}", place=place_words(found), n=count_fact("antal län", found.counties)
    )


def place_words(found: Comparison) -> Text:
    """Return the county's place, or the first and the last that the rounding leaves open."""
    own = found.county.after
    name = f"{own.measure}|{own.area}|{own.sex}"
    return places(name, found.first_rank, found.last_rank)


def places(name: str, first: int, last: int) -> Text:
    """Return a place, or a span of places where the rounding does not tell them apart."""
    if first == last:
        return say("{rank}", rank=count_fact(f"plats|{name}", first))
    return say(
        "{first}–{last}",
        first=count_fact(f"plats, först|{name}", first),
        last=count_fact(f"plats, sist|{name}", last),
    )


def extremes(found: Comparison) -> Text:
    """Say which counties stand at the two ends, in words that fit both falls and rises."""
    first, last = found.largest_fall, found.smallest_fall
    return say(
        "Förändringarna går från {f:signed} procent i {first} till {l:signed} procent i {last}.",
        f=change_facts(first).percent,
        first=areas.name(first.after.area),
        l=change_facts(last).percent,
        last=areas.name(last.after.area),
    )


def compared_in(change: Change) -> str:
    """Return what the counties are compared in, such as `ohälsotalet`, and for whom."""
    return measure_of(change.after.measure).the_name + for_sex(change)


def capitalised(words: str) -> str:
    """Return the words with a capital first letter, the rest as they stand."""
    return words[:1].upper() + words[1:]


def for_sex(change: Change) -> str:
    """Return ` för kvinnor` where a change is for one sex only, else nothing."""
    sex = change.after.sex
    return "" if sex == "alla" else f" för {sex_words(sex)}"


def is_yearly_mean(change: Change) -> bool:
    """Return whether ongoing cases are means of twelve month-ends, which is how a year is given."""
    return len(change.after.period) == 4


def rule_month(rule: LawChange) -> str:
    """Return the month in which a rule took effect, such as `juli 2008`."""
    return Period.parse(rule.date.isoformat()[:7]).swedish()


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
