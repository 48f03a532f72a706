"""Counts of sjukfall built of certificates as a reader meets them: per 1 000 listed, and as shares with counts."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import wraps
from typing import Any, TypeVar, cast

from vgstats.blocks.blocks import Block
from vgstats.blocks.tables import HIDDEN, Cell
from vgstats.blocks.words import uncapitalised
from vgstats.catalogue import areas
from vgstats.catalogue.case_tables import Definition, chosen, definitions
from vgstats.catalogue.measures import measure as measure_of
from vgstats.catalogue.periods import Period
from vgstats.catalogue.words import group_name, parse_group
from vgstats.facts.facts import Fact, count_fact, key, value_fact
from vgstats.facts.text import Name, Text, say
from vgstats.observations import Value
from vgstats.reports.base.mapped import CASES, LISTED, Mapped
from vgstats.reports.report import Report
from vgstats.sections.words import left_out

F = TypeVar("F", bound=Callable[..., Block])
PER_LISTED = "per 1 000 listade"
_PER = 1000
NOT_FK = (
    "Sjukfallen är byggda av läkarintyg och är inte Försäkringskassans sjukfall: antalen kan inte jämföras med "
    "Försäkringskassans."
)
OF_CERTIFICATES = "Räknat ur läkarintyg: kan inte jämföras med Försäkringskassans tal."
UNDER_REGISTERED = (
    "Planer, koordinering och kontakter underregistreras: mycket som görs skrivs aldrig in."
)


def of_cases(section: F) -> F:
    """Let a section say plainly on a report of another kind that it has nothing to show there."""

    @wraps(section)
    def shown(report: Report, *given: Any, **named: Any) -> Block:
        if isinstance(report, Mapped):
            return section(report, *given, **named)
        said = "Sjukfall ur läkarintyg visas i sjukfallskartläggningen och enhetsbladet."
        return left_out(report, said)

    return cast(F, shown)


def day_words(day: str) -> str:
    """Return a day as a table heads a column, such as `1 okt 2025`."""
    number, month, year = Period.parse(day).swedish().split()
    return f"{number} {month[:3]} {year}"


_NUMBERED = {
    "langd": ("{low} dagar eller mer", "{low}–{high} dagar"),
    "alder": ("{low} år eller äldre", "{low}–{high} år"),
    "dag": ("{low} dagar", "{low}–{high} dagar"),
}


def group_words(group: str) -> Text:
    """Return a group as it is called inside a sentence, the numbers in it as facts.

    >>> group_words("langd=90+"), group_words("alder=16-29"), group_words("grad=hel")
    (90 dagar eller mer, 16–29 år, helt sjukskrivna)
    """
    ((dimension, value),) = parse_group(group).items()
    numbers = re.findall(r"\d+", value)
    if dimension not in _NUMBERED or not numbers:
        own = group_name(group)
        return say("{w}", w=uncapitalised(own) if own != value else Name(value))
    form = _NUMBERED[dimension][len(numbers) - 1]
    ends = zip(("low", "high"), numbers, strict=False)
    return say(form, **{name: count_fact(dimension, int(n)) for name, n in ends})


def are_words(group: str) -> Text:
    """Return what those of a group are, as a sentence goes on: `är arbetslösa`, `har försörjningsstöd`.

    >>> are_words("grad=hel"), are_words("sysselsättning=försörjningsstöd")
    (är helt sjukskrivna, har försörjningsstöd)
    """
    name = group_words(group)
    own = name.plain().removeprefix("med ")
    return say("är {w}", w=name) if own == name.plain() else say("har {w}", w=own)


def action_words(measure: str) -> str:
    """Return what was done in cases, as a sentence calls it.

    >>> action_words("intygsfall_kontakt_arbetsgivare")
    'kontakt med arbetsgivare'
    """
    return uncapitalised(measure_of(measure).short_name).removeprefix("med ")


def rate_of(report: Mapped, day: str, *, area: str | None = None, sex: str = "alla") -> Fact | None:
    """Return how many cases there are per 1 000 listed, None where one of the two is not known."""
    cases, listed = (report.number(m, day, area=area, sex=sex) for m in (CASES, LISTED))
    return per_listed(cases, listed)


def per_listed(cases: Value | None, listed: Value | None) -> Fact | None:
    """Return a count per 1 000 listed, None where one of the two is not known."""
    if not cases or not listed or not listed.value:
        return None
    inputs = (value_fact(cases), value_fact(listed))
    name = f"per listade|{key(cases)}"
    return Fact(name, _PER * cases.value / listed.value, PER_LISTED, 1, "rate", inputs)


def beyond_listed(report: Mapped) -> Text | None:
    """Return that the county's cases per listed are somewhat many, where units that list nobody have cases of it."""
    day = report.parameters.snapshot
    if not rate_of(report, day, area=report.county):
        return None
    k = sum(
        bool(report.number(CASES, day, area=unit)) and not report.number(LISTED, day, area=unit)
        for unit in areas.units(report.county)
        if {(CASES, unit), (LISTED, unit)} <= report.asked
    )
    return (
        say(
            "Regionens tal per 1 000 listade räknar också sjukfall vid {k} utan listade, och är högre för det.",
            k=say(
                "{n} {units}",
                n=count_fact("enheter utan listade", k),
                units="enhet" if k == 1 else "enheter",
            ),
        )
        if k
        else None
    )


def share_of(
    report: Mapped,
    measure: str,
    day: str,
    value: str,
    *,
    area: str | None = None,
    sex: str = "alla",
) -> Fact | None:
    """Return how large a part of a table's total a group of it is, in whole per cent, None where it is not known."""
    part = report.number(measure, day, value, area=area, sex=sex)
    whole = report.whole(measure, day, area=area, sex=sex)
    if not part or not whole or not whole.value:
        return None
    inputs = (value_fact(part), value_fact(whole))
    return Fact(f"andel|{key(part)}", 100 * part.value / whole.value, "procent", 0, "share", inputs)


def others_of(
    report: Mapped, measure: str, value: str, day: str, *, area: str | None = None
) -> tuple[Fact, Fact] | None:
    """Return how large a part of a table's total all its groups but one are, and how many, None where not known."""
    part, whole = (
        report.number(measure, day, value, area=area),
        report.whole(measure, day, area=area),
    )
    if not part or not whole or not whole.value or part.value > whole.value:
        return None
    ends = (value_fact(whole), value_fact(part))
    left = whole.value - part.value
    many = Fact(f"övriga|{key(part)}", left, ends[0].unit, 0, "difference", ends)
    share = Fact(
        f"andel övriga|{key(part)}",
        100 * left / whole.value,
        "procent",
        0,
        "share",
        (many, ends[0]),
    )
    return share, many


def share_cell(
    report: Mapped,
    measure: str,
    day: str,
    value: str,
    *,
    area: str | None = None,
    sex: str = "alla",
) -> Cell:
    """Return `38 % (81)`, the count alone where no share is known, or the mark of a hidden number."""
    part = report.number(measure, day, value, area=area, sex=sex)
    if not part:
        kept = report.is_kept_back(measure, day, value, area=area, sex=sex)
        return HIDDEN if kept else None
    if not (found := share_of(report, measure, day, value, area=area, sex=sex)):
        return value_fact(part)
    return say("{p} % ({n})", p=found, n=value_fact(part))


def count_cell(
    report: Mapped,
    measure: str,
    day: str,
    value: str = "",
    *,
    area: str | None = None,
    sex: str = "alla",
) -> Cell:
    """Return a count, or the mark of a hidden number."""
    if found := report.number(measure, day, value, area=area, sex=sex):
        return value_fact(found)
    return HIDDEN if report.is_kept_back(measure, day, value, area=area, sex=sex) else None


def rate_cell(report: Mapped, day: str, *, area: str | None = None, sex: str = "alla") -> Cell:
    """Return `41,2 (210)`, the cases per 1 000 listed with their count, or the mark of a hidden number."""
    cases = report.number(CASES, day, area=area, sex=sex)
    found = rate_of(report, day, area=area, sex=sex)
    if not cases or not found:
        return count_cell(report, CASES, day, area=area, sex=sex)
    return say("{r} ({n})", r=found, n=value_fact(cases))


def whose(report: Report) -> Text | None:
    """Return what the source of the cases says of them: what is one case, and which unit it is counted to."""
    notes = _notes(report)
    return say("{notes}", notes=Name(" ".join(notes))) if notes else None


def what_is_counted(report: Report) -> list[Definition]:
    """Return what a case is and how it is counted, for the choices that its source says; none where it says none."""
    choices = next(filter(None, map(chosen, _notes(report))), None)
    return definitions(*choices) if choices else []


def of_listed(report: Report) -> bool:
    """Return whether a case is counted where its person is listed, so that cases may be told per 1 000 listed."""
    return all(one.id != "senaste_intyg" for one in what_is_counted(report))


def owner_words(report: Report) -> Text | None:
    """Return which unit a case is counted to, None where the source of the cases does not say which."""
    told = [one.text for one in what_is_counted(report) if one.id in ("listad", "senaste_intyg")]
    return say("{w}", w=Name(told[0])) if told else None


def recorded(report: Mapped, *measures: str | None) -> list[Text]:
    """Return what a region has remarked on tables, such as that certificates stopped for some people from a day."""
    told = [one for one in report.remarks("kalla") if one.own and one.measure in measures]
    return [say("{w}", w=Name(one.text)) for one in told]


def _notes(report: Report) -> list[str]:
    read = report.observations[report.observations["measure"] == CASES]["source"]
    found = report.sources.loc[list(dict.fromkeys(read)), "note"]
    return [note for note in dict.fromkeys(found) if note]
