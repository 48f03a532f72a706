"""Small pieces of Swedish that the sections share."""

from __future__ import annotations

from collections.abc import Mapping
from string import Formatter

from vgstats.catalogue import areas
from vgstats.catalogue.agreements import Agreement, Remark
from vgstats.catalogue.law_changes import LawChange
from vgstats.catalogue.measures import measure as measure_of
from vgstats.catalogue.periods import Period
from vgstats.facts.facts import Fact, count_fact, value_fact
from vgstats.facts.text import MISSING, Code, Name, Text, direction, join, say, swedish_list
from vgstats.methods.before_after import Change, ChangeFacts, change_facts
from vgstats.methods.comparing.comparison import Comparison
from vgstats.methods.consistency import parts_and_total
from vgstats.observations import Value
from vgstats.reports.followup import Followup

_SEXES = {
    "alla": "kvinnor och män",
    "kvinnor": "kvinnor",
    "män": "män",
    "kvinnor-män": "kvinnor minus män",
}


def sex_words(sex: str) -> str:
    """Return the sex as it stands in a table."""
    return _SEXES[sex]


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


def preliminary_words(report: Followup, values: list[Value]) -> list[Text]:
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


def border_words(report: Followup) -> list[Text]:
    """Return a warning for each kommun that the county gained or lost between before and after."""
    return [
        say(
            "Varning: {kommun} flyttades från {left} till {joined} i {when}. Talen före och efter gäller "
            "inte samma område, om inte källan har räknat om dem, vilket den inte säger.",
            kommun=areas.name(move.kommun),
            left=areas.name(move.left),
            joined=areas.name(move.joined),
            when=Period.parse(move.date.isoformat()[:7]).swedish(),
        )
        for move in report.border_moves()
    ]


_NEAR = 100  # days: a value that far from a period may stand in its place, with its own month said


def nearest_value(report: Followup, measure: str, area: str, period: str) -> Value | None:
    """Return an area's value for a period, or the nearest there is, None where none lies near."""
    day = Period.parse(period).end

    def away(value: Value) -> int:
        return abs((Period.parse(value.period).end - day).days)

    found = min(report.series(measure, area), key=away, default=None)
    return found if found and away(found) <= _NEAR else None


def how_derived(report: Followup, values: list[Value]) -> Text:
    """Return what the sources' notes say of numbers that no source gives as they stand."""
    of = dict.fromkeys(value.source for value in values if value.status == "derived")
    return say("{notes}", notes=Name(" ".join(report.sources.loc[source, "note"] for source in of)))


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


def as_written(words: str, by: Agreement | Remark) -> Name | str:
    """Return words as they stand, those that a region has written told apart: a number in them is no fact."""
    return Name(words) if by.own else words


def filled(template: str, report: Followup, by: Agreement) -> Text:
    """Return a text of an agreement with the numbers of the named measures in it.

    `{processledare}` is the county's latest value of that measure; `{kommuner}` is how many kommuner
    the county has.
    """
    parts: dict[str, Fact | str] = {}
    for _, name, _, _ in Formatter().parse(template):
        if name == "kommuner":
            parts[name] = count_fact("antal kommuner", len(areas.kommuner(report.area)))
        elif name is not None:
            values = report.series(name)
            parts[name] = value_fact(values[-1]) if values else f"({MISSING})"
    return with_gaps(template, parts, by)


def with_gaps(template: str, parts: Mapping[str, Fact | str], by: Agreement) -> Text:
    """Return a text of an agreement with its gaps filled (see `as_written`)."""
    if not by.own:
        return say(template, **parts)
    pieces = [
        (as_written(literal, by), name) for literal, name, _, _ in Formatter().parse(template)
    ]
    return join(
        [
            say("{words}{gap}", words=words, gap=parts[name] if name else "")
            for words, name in pieces
        ],
        "",
    )


def remark_text(report: Followup, remark: Remark) -> Text:
    """Return a remark on a source with its sums worked out from the figures."""
    parts: dict[str, Fact] = {}
    if "{kommuner}" in remark.text:
        parts["kommuner"] = count_fact("antal kommuner", len(areas.kommuner(report.area)))
    if remark.measure and remark.period:
        check = parts_and_total(
            report.observations, remark.measure, report.area, remark.period, remark.dimensions
        )
        assert check is not None, f"{remark.measure} has no parts"  # noqa: S101 - our own data
        name = "|".join([remark.measure, report.area, remark.period, *remark.dimensions])
        unit = measure_of(remark.measure).unit
        inputs = tuple(value_fact(part) for part in check.parts)
        parts["parts"] = Fact(f"summa|{name}", check.sum_of_parts, unit, 0, "sum", inputs)
        if "{total}" in remark.text and check.total:
            parts["total"] = value_fact(check.total)
    return (
        say("{words}", words=as_written(remark.text, remark))
        if remark.own
        else say(remark.text, **parts)
    )


def where_to_get(report: Followup, measure: str, *, all_counties: bool = False) -> Text | str:
    """Return where a measure that the report lacks can be had, with the command that fetches it."""
    available = measure_of(measure).available
    command = report.how_to_get(measure, all_counties=all_counties)
    if not command:
        return available
    return say(
        "{where}. Hämtas med: {command}", where=available or "öppna data", command=Code(command)
    )


_COMPARED = {
    "pagaende_sjukfall": "de pågående sjukfallen av alla längder",
    "pagaende_sjukfall_per_1000": "de pågående sjukfallen per 1 000 invånare",
    "ohalsotal": "ohälsotalet",
    "sjukpenningtal": "sjukpenningtalet",
}


def compared_in(change: Change) -> str:
    """Return what the counties are compared in, such as `ohälsotalet`, and for whom."""
    return _COMPARED[change.after.measure] + for_sex(change)


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


def source_list(report: Followup, keys: list[str]) -> Text:
    """Return `Källa: kort namn, ställe; ...` for the sources, each once.

    The table of sources at the end of the report has them in full.
    """
    places: dict[str, list[str]] = {}
    for key in dict.fromkeys(keys):
        row = report.sources.loc[key]
        places.setdefault(row["short"], [])
        if row["place"].startswith(("tabell", "bilaga")):
            places[row["short"]].append(row["place"])
    names = [", ".join([short, *found]) for short, found in places.items()]
    if not names:
        return say("")
    return say(
        "{word}: {names}.",
        word="Källa" if len(names) == 1 else "Källor",
        names=Name("; ".join(names)),
    )


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
