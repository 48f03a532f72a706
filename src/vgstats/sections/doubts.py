"""Om uppgifterna: What in the sources does not add up, and how sources were put together."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from vgstats.blocks.blocks import Block, Bullets, Folded, paragraphs, together
from vgstats.blocks.tables import Column, Table
from vgstats.blocks.words import month_words, named_rules, sex_words
from vgstats.catalogue import areas
from vgstats.catalogue.measures import LONG_CASES
from vgstats.catalogue.measures import measure as measure_of
from vgstats.catalogue.words import group_name
from vgstats.disclosure.release import may_pass
from vgstats.facts.facts import Fact, count_fact
from vgstats.facts.text import Name, Text, join, say, swedish_list
from vgstats.observations import Value
from vgstats.reports.report import Report
from vgstats.sections.words import remark_text


def remarks(report: Report) -> Block:
    """Return what in the sources does not add up, and how sources were put together."""
    found = together(
        _remarks(report),
        _marked(report),
        _mixed(report),
        None if report.differences.empty else _differences(report),
    )
    return Folded(found.blocks, "Visa det som inte går ihop") if found.blocks else found


_NOT_SAID = 2  # on the first page, besides that the figures tell no cause


def cannot_say(report: Report) -> list[Text]:
    """Return what the report cannot say, in at most three sentences; that figures tell no cause is the last."""
    said = [*_breaks(report), *revisable(report.preliminary), *_most_missed(report)][:_NOT_SAID]
    return [*said, say("{cause}", cause=no_cause(report))]


def no_cause(report: Report) -> str:
    """Return that figures tell no cause, and that no county was left without the state's money where that is so."""
    only = "Siffrorna visar vad som hände, inte varför."
    followed = report.agreement
    if not (followed and followed.met_all_counties):
        return only
    return (
        f"{only} Alla län fick statens bidrag för minskad sjukfrånvaro, så det finns inget län utan bidrag att "
        "jämföra med."
    )


def _breaks(report: Report) -> list[Text]:
    changed = [rule for rule, _ in report.law_changes_touching() if rule.kind == "definition"]
    form = "{rules}: talen före och efter är inte räknade på samma sätt."
    return [say(form, rules=named_rules(changed))] if changed else []


def revisable(preliminary: Iterable[Value]) -> list[Text]:
    """Return that the numbers of the years of some preliminary ones can change; nothing of none."""
    years = sorted({value.period[:4] for value in preliminary})
    form = "Talen för {years} är preliminära och kan ändras."
    return [say(form, years=swedish_list(years))] if years else []


def _most_missed(report: Report) -> list[Text]:
    """Say which of the most important figures there are none of."""
    hoped_for = dict.fromkeys((*report.headline, LONG_CASES))
    asked = [m for m in hoped_for if (m, report.area) in report.asked]
    lacking = [measure_of(m).the_name for m in asked if not (report.has(m) or report.hides(m))]
    if report.costs and not any(map(report.change, report.costs)):
        lacking.append("Försäkringskassans kostnader")
    form = "För {place} saknas uppgifter om {what}."
    what = swedish_list(lacking)
    return [say(form, what=what, place=report.place)] if lacking else []


def _list(intro: Text | str, items: list[Text]) -> list[Block]:
    return [paragraphs(intro), Bullets(items)] if items else []


def _remarks(report: Report) -> list[Block]:
    about = report.remarks("kalla")
    names = dict.fromkeys(report.sources.loc[remark.source, "short"] for remark in about)
    intro = say("Det här gäller källan {names}.", names=Name(swedish_list(list(names))))
    return _list(intro, [remark_text(report, remark) for remark in about])


_MARKS = {
    "noisy": "källan har lagt ett litet slumpmässigt brus på talen",
    "ambiguous": "källan är otydlig, och en nolla kan vara ett dolt tal",
    "suppressed": "källan döljer tal som gäller få personer",
}
_UNCLEAR = "källan är svårläst"  # of what is no count, and no zero


def _marked(report: Report) -> list[Block]:
    """Say which figures the source itself has marked as hidden, unclear or noisy."""
    open_ = report.observations[may_pass(report.observations, report.sources)]
    counted = open_["measure"].map(lambda id_: bool(measure_of(id_).counted)).astype(bool)
    # What is hard to read, and no count, is told where its time is compared.
    open_ = open_[report.of_its_times(open_) | counted | (open_["status"] != "ambiguous")]
    counts = open_.groupby(["status", "measure"]).size()
    items = [
        say(
            "{measure}: {what} ({n} {values} i rapportens underlag).",
            measure=measure_of(measure).name,
            what=_UNCLEAR
            if status == "ambiguous" and not measure_of(measure).counted
            else _MARKS[status],
            values="värde" if count == 1 else "värden",
            n=count_fact(f"antal {status}|{measure}", count),
        )
        for (status, measure), count in counts.items()
        if status in _MARKS
    ]
    return _list("De här måtten har tal som är dolda, osäkra eller svårlästa i källan.", items)


def _mixed(report: Report) -> Block | None:
    """Say which series come from more than one source, since sources may count differently."""
    beside = (report.area, report.county, areas.RIKET, *report.kommuner)
    used = report.mixed["source"].isin(report.named_sources().index)
    there = report.mixed[used & report.mixed["area"].isin(beside)]
    parts = there.assign(name=there["source"].map(report.sources["short"]))
    together: dict[str, list[str]] = {}
    for (measure, area), names in parts.groupby(["measure", "area"], sort=False)["name"]:
        if names.nunique() > 1:
            together.setdefault(measure, []).append(area)
    told = [
        say("{what} för {places}", what=measure_of(measure).short_name.lower(), places=_places(of))
        for measure, of in together.items()
    ]
    form = "De här serierna kommer från flera källor, så små skillnader mellan åren kan bero på det: {told}."
    return paragraphs(say(form, told=join(told, ", "))) if told else None


def _places(found: list[str]) -> Text | str:
    names = ["riket" if area == areas.RIKET else areas.name(area) for area in found]
    if len(names) <= 3:
        return swedish_list(names)
    return say("{n} områden", n=count_fact("antal områden i serien", len(names)))


_DIFFERENCES_SHOWN = 30


def _differences(report: Report) -> Table:
    """Return the numbers that two sources give differently, with the one that the report uses."""
    found = report.differences
    names = report.sources["short"]
    columns = [
        Column("Mått", "text", of=lambda row: Name(", ".join(_key_words(row)))),
        Column("När", "text", of=lambda row: month_words(row.period)),
        Column("I rapporten", of=lambda row: _number(row, row.source, row.value)),
        Column("Ur", "text", of=lambda row: Name(names[row.source])),
        Column("Annan källa anger", of=lambda row: _number(row, row.other_source, row.other_value)),
        Column("Källa", "text", of=lambda row: Name(names[row.other_source])),
    ]
    more = len(found) - _DIFFERENCES_SHOWN
    note = say("Ytterligare {n} tal skiljer sig.", n=count_fact("fler skillnader", more))
    return Table.from_frame(
        found.head(_DIFFERENCES_SHOWN),
        columns,
        id="skillnader-kallor",
        caption="Tal som källorna anger olika",
        note=note if more > 0 else None,
    )


def _key_words(row: Any) -> list[str]:
    words = [measure_of(row.measure).name, areas.name(row.area), sex_words(row.sex)]
    return [*words, *filter(None, [group_name(row.group)])]


def _number(row: Any, source: str, value: float) -> Fact:
    name = f"{row.measure}|{row.area}|{row.period}|{row.sex}|{row.group}|{source}"
    return Fact(name, value, measure_of(row.measure).unit, measure_of(row.measure).decimals)
