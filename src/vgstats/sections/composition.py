"""Vad består förändringen av? The two benefits, and women and men."""

from __future__ import annotations

from typing import Any

import pandas as pd

from vgstats.blocks.blocks import Block, Folded, paragraphs, together
from vgstats.blocks.tables import Column, Table
from vgstats.blocks.words import told
from vgstats.catalogue.measures import ONGOING
from vgstats.catalogue.measures import measure as measure_of
from vgstats.facts.facts import Fact, key, value_fact
from vgstats.facts.text import Text, join, say, swedish_list
from vgstats.methods.before_after import Change, change_facts, year_words
from vgstats.methods.composition import Kitagawa
from vgstats.methods.implied import kitagawa_by_sex
from vgstats.methods.result import NotComputable
from vgstats.methods.sums import Components, components
from vgstats.observations import SEXES, Value
from vgstats.reports.report import Report
from vgstats.sections.words import changes_by_sex, left_out, not_computable, result_column

_WHOLE, _SICK, _DISABILITY = "ohalsotal", "ohalsotal_sjukpenning", "ohalsotal_sa"
_PARTS = {
    "sjukpenning": "sjukpenning",
    "sa": "sjuk- och aktivitetsersättning",
}
_OFFICIAL = "Försäkringskassan"


def benefits(report: Report) -> Block:
    """Return how much of the change is each benefit, and new grants beside the stock."""
    try:
        found = _benefit_split(report)
        split: Block = paragraphs(found.sentence(), _derived(report, found))
    except NotComputable as reason:
        lacking = [m for m in (_WHOLE, "sjukpenningtal") if not report.change(m)]
        what = "Hur mycket av ohälsotalets ändring som är sjukpenning"
        split = left_out(report, not_computable(what, reason.reason), measures=lacking)
    stock = _stock_and_new(report)
    note = (
        "Dagar kan flytta från sjukpenning till sjuk- och aktivitetsersättning utan att någon har kommit tillbaka i "
        "arbete."
    )
    return together(split, paragraphs(stock, note if stock or split.texts() else None))


def _benefit_split(report: Report) -> Components:
    """Return the split of the county's ohälsotal.

    Raises:
        NotComputable: a number for it is missing, or the two are not of the same persons.
    """
    named = (report.change(_SICK), report.change(_DISABILITY))
    whole, sick = report.change(_WHOLE), report.change("sjukpenningtal")
    if named[0] and named[1]:
        ends = [
            [(name, getattr(c, end).value) for name, c in zip(_PARTS, named, strict=True) if c]
            for end in ("before", "after")
        ]
        rounding, source = named[0].after.resolution, named[0].after.source
    elif whole and sick and _same_denominator(report, whole, sick):
        ends = [
            [("sjukpenning", s.value), ("sa", w.value - s.value)]
            for w, s in ((whole.before, sick.before), (whole.after, sick.after))
        ]
        rounding, source = whole.after.resolution + sick.after.resolution, sick.after.source
    else:
        lacking = [
            name for name, change in (("ohälsotal", whole), ("sjukpenningtal", sick)) if not change
        ]
        raise NotComputable(
            f"länets {swedish_list(lacking)} för de två tidpunkterna saknas"
            if lacking
            else "ohälsotalet och sjukpenningtalet inte kommer från Försäkringskassan båda två"
        )
    before, after = (pd.DataFrame(rows, columns=["part", "value"]) for rows in ends)
    return components(
        before,
        after,
        _PARTS,
        whole=measure_of(_WHOLE).name + "et",
        rounding=rounding,
        published=whole.difference_band if whole else None,
        unit=measure_of(_WHOLE).unit,
        source=source,
        about=f"ersättningar|{report.area}",
    )


def _derived(report: Report, found: Components) -> Text | None:
    """Say how the parts were had, where no source gives them."""
    whole, sick = report.change(_WHOLE), report.change("sjukpenningtal")
    if (report.change(_SICK) and report.change(_DISABILITY)) or not (whole and sick):
        return None
    return say(
        "Delarna är ungefärliga: sjukpenningtalet kan vara räknat på färre försäkrade, och då är sjukpenningens del "
        "omkring {before} dagar mindre {then} och {after} dagar mindre {now}. {sources}",
        before=_overstated(whole.before, sick.before),
        after=_overstated(whole.after, sick.after),
        then=year_words(whole.before),
        now=year_words(whole.after),
        sources=report.cite([found.source]),
    )


_DAYS_OF_A_YEAR = 365


def _overstated(whole: Value, sick: Value) -> Fact:
    """Return how many days sjukpenningtalet would lie above sjukpenning's part of ohälsotalet.

    Days with sjuk- eller aktivitetsersättning per insured, over the days of a year, are the share of the
    insured that a denominator without those who have it in full leaves out, at the most.
    """
    ends = (value_fact(whole), value_fact(sick))
    days = sick.value * (whole.value - sick.value) / _DAYS_OF_A_YEAR
    return Fact(f"sjukpenningtalets mindre nämnare|{key(whole)}", days, "dagar", 1, "model", ends)


def _same_denominator(report: Report, *changes: Change) -> bool:
    """Return whether all come from Försäkringskassan itself, so that they are per the same persons."""
    values = [value for change in changes for value in (change.before, change.after)]
    publishers = {report.sources.loc[value.source, "publisher"] for value in values}
    return report.synthetic or publishers == {_OFFICIAL}


def _stock_and_new(report: Report) -> Text | None:
    new, stock = report.change("sa_nya"), report.change("sa_mottagare")
    ends = "{then} och {after} {now}, {moved_by}."
    said = []
    if new:
        form = "{before} personer fick ny sjuk- eller aktivitetsersättning " + ends
        said.append(told(new, form))
    if stock:
        said.append(told(stock, "{before} personer hade ersättningen " + ends))
    if new and stock:
        slow = "De nya visar tidigare än beståndet åt vilket håll det är på väg."
        said.append(say(slow))
    return join(said) if said else None


def by_sex(report: Report) -> Block:
    """Return how much of the change each sex gives, and how much their changed shares give."""
    for measure in (_WHOLE, "sjukpenningtal", ONGOING):
        known = list(changes_by_sex(report, measure).values())
        if len(known) == len(SEXES):
            return _cases_by_sex(known) if measure == ONGOING else _by_sex(report, measure, known)
    what = "Hur mycket av ändringen som kommer från kvinnor och från män"
    return left_out(report, not_computable(what, "talen per kön saknas"), measures=[_WHOLE])


def _cases_by_sex(changes: list[Change]) -> Block:
    """Say how many of the cases more or fewer are women's and men's, who add up to all."""
    total, women, men = changes
    by = "{difference:abs} {fewer} för {sex} ({percent:signed} procent)"
    return paragraphs(
        told(
            total,
            "De pågående sjukfallen av alla längder {way} {periods}: {women} och {men}.",
            way=_way(total),
            women=told(women, by, sex="kvinnor", fewer=_fewer(women)),
            men=told(men, by, sex="män", fewer=_fewer(men)),
        )
    )


def _way(change: Change) -> str:
    return change_facts(change).moved(fell="minskade", rose="ökade", same="låg stilla")


def _fewer(change: Change) -> str:
    return change_facts(change).moved(fell="färre", rose="fler", same="i skillnad")


def _by_sex(report: Report, measure: str, changes: list[Change]) -> Block:
    whole = changes[0]
    frames = [
        pd.DataFrame(
            [(c.after.sex, getattr(c, end).value) for c in changes], columns=["sex", "value"]
        )
        for end in ("before", "after")
    ]
    try:
        found = kitagawa_by_sex(
            *frames,
            rounding=max(c.after.resolution for c in changes),
            unit=measure_of(measure).unit,
            source=whole.after.source,
            about=f"kön|{key(whole.after)}",
        )
    except NotComputable as reason:
        what = "Hur mycket av ändringen som kommer från kvinnor och från män"
        return left_out(report, not_computable(what, reason.reason))
    both = {"sex": "tillsammans", "rates": found.rates, "composition": found.composition}
    rows = pd.concat([found.table, pd.DataFrame([both])])
    rows["sum"] = rows["rates"] + rows["composition"]
    look: dict[str, Any] = {"named": "sex", "form": "{x:signed}", "decimals": 2}
    table = Table.from_frame(
        rows,
        [
            Column("Kön", "text", of=lambda row: row.sex.capitalize()),
            result_column("Genom ändring inom gruppen", (found, "inom", "rates"), **look),
            result_column("Genom ändrad andel", (found, "andel", "composition"), **look),
            result_column("Summa", (found, "summa", "sum"), **look),
        ],
        id="kon-delar",
        caption=told(
            whole,
            "Kvinnors del av ändringen är {women} och mäns {men} dagar",
            **dict(
                zip(
                    ("women", "men"),
                    (_sum_of(found, row) for row in rows.itertuples()),
                    strict=False,
                )
            ),
        ),
        note=told(
            whole,
            "{name}, {periods}, räknat före avrundningen. Kvinnors andel av de försäkrade är räknad ur talen, och "
            "osäker. {sources}",
            sources=report.cite([whole.after.source]),
        ),
    )
    return together(paragraphs(found.sentence()), Folded([table], "Visa delarna"))


def _sum_of(found: Kitagawa, row: Any) -> Text:
    """Return a sex's part of the change, with the id that it has in the table."""
    return say("{x:signed}", x=found.fact(f"summa|{row.sex}", row.sum, decimals=2))
