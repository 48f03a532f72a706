"""För vilka? Psychiatric diagnoses among all ongoing cases, as counts and as a share."""

from __future__ import annotations

from vgstats.blocks.blocks import Block, Blocks, Paragraphs, missing
from vgstats.blocks.tables import Cell, Column, Table
from vgstats.blocks.words import moved, period_words, sex_words
from vgstats.catalogue.measures import LONG_CASES, ONGOING, PSYCHIATRIC, SHARES
from vgstats.facts.facts import Fact, count_fact, key, value_fact
from vgstats.facts.text import Text, say
from vgstats.methods.before_after import Change, change_facts
from vgstats.methods.shares import ShareChange, share_facts
from vgstats.methods.two_counts import proportion_difference
from vgstats.observations import Value
from vgstats.reports.report import Report


def psychiatric(report: Report) -> Block:
    """Return ongoing cases with psychiatric diagnoses, by sex, in words and as a table."""
    found = {
        sex: (part, whole)
        for sex in ("alla", "kvinnor", "män")
        if (part := report.change(ONGOING, sex, PSYCHIATRIC))
        and (whole := report.change(ONGOING, sex))
    }
    if "alla" not in found:
        return missing(
            "Pågående sjukfall efter diagnos finns inte för länet i båda perioderna.",
            report.where_to_get(ONGOING),
        )
    total, whole = found["alla"]
    then, now = period_words(total.before), period_words(total.after)
    columns = [f"Antal {then}", f"Antal {now}", "Ändring", f"Andel {then}", f"Andel {now}"]
    columns.append("Andelens ändring, procentenheter")
    table = Table(
        "pagaende-diagnos",
        "Pågående sjukfall av alla längder med psykiatriska diagnoser (F00–F99)",
        [Column("Kön", "text"), *(Column(name) for name in columns)],
        [_row(sex, *changes) for sex, changes in found.items()],
        say(
            "Inom parentes: mellan de gränserna ligger andelens ändring när slumpen i så här många "
            "sjukfall räknas med (Newcombes intervall, {level} procent). Procenten, andelarnas ändring och "
            "gränserna är räknade före avrundningen och kan skilja en tiondel från tabellens tal. {sources}",
            level=count_fact("nivå för andelens ändring", 95),
            sources=report.cite([total.after.source]),
        ),
    )
    return Blocks([Paragraphs([_in_words(total, whole), *_other_way(report, total, whole)]), table])


def _row(sex: str, part: Change, whole: Change) -> list[Cell]:
    facts = change_facts(part)
    return [
        sex_words(sex).capitalize(),
        facts.before,
        facts.after,
        say("{p:signed} %", p=facts.percent),
        say("{s} %", s=_share(part.before, whole.before)),
        say("{s} %", s=_share(part.after, whole.after)),
        _share_change(part, whole),
    ]


def _share_change(part: Change, whole: Change) -> Text:
    """Return the change of a share in percentage points, with Newcombe's interval."""
    found = proportion_difference(
        part.after.value,
        whole.after.value,
        part.before.value,
        whole.before.value,
        source=part.after.source,
        about=f"andelens ändring|{key(part.after)}|från {part.before.period}",
    )
    before, after = _share(part.before, whole.before), _share(part.after, whole.after)
    difference = Fact(
        f"andelens ändring|{key(part.after)}|från {part.before.period}",
        after.value - before.value,
        "procentenheter",
        before.decimals,
        "exact difference",
        (before, after),
    )
    return say(
        "{d:signed} ({low:signed} till {high:signed})",
        d=difference,
        low=found.fact("lägst", found.interval.low, decimals=before.decimals),
        high=found.fact("högst", found.interval.high, decimals=before.decimals),
    )


def _in_words(part: Change, whole: Change) -> Text:
    facts = change_facts(part)
    return say(
        "Pågående sjukfall med psykiatriska diagnoser (F00–F99) {moved} från {a} till {b} i genomsnitt "
        "av årets månadsskiften, {moved_by}. Deras andel av alla pågående sjukfall gick från {s0} till "
        "{s1} procent.",
        moved=facts.moved(fell="minskade", rose="ökade", same="gick"),
        a=facts.before,
        b=facts.after,
        moved_by=moved(facts),
        s0=_share(part.before, whole.before),
        s1=_share(part.after, whole.after),
    )


def _other_way(report: Report, part: Change, whole: Change) -> list[Text]:
    """Say what a share that went the other way among the long cases would mean for the short ones."""
    before, after = _share(part.before, whole.before), _share(part.after, whole.after)
    share, long_cases = report.change(SHARES, group=PSYCHIATRIC), report.change(LONG_CASES)
    if (
        share is None
        or share.within_rounding
        or (share.difference < 0) == (after.value < before.value)
    ):
        return []
    said = say(
        "Bland sjukfallen på 60 dagar eller mer gick andelen åt andra hållet, från {before} till "
        "{after} procent.",
        before=value_fact(share.before),
        after=value_fact(share.after),
    )
    if long_cases is None:
        return [said]
    long_ones = share_facts(ShareChange(share, long_cases))
    short_before, short_after = (
        Fact(
            f"kortare än 60 dagar|{key(value)}",
            float(fact.printed() - long_one.printed()),
            "sjukfall",
            -1,
            "difference",
            (long_one, fact),
        )
        for value, fact, long_one in (
            (part.before, value_fact(part.before), long_ones.count_before),
            (part.after, value_fact(part.after), long_ones.count_after),
        )
    )
    return [
        say(
            "{said} De långa sjukfallen med psykiatrisk diagnos skulle då ha gått från omkring {l0} till "
            "omkring {l1}, och de kortare, som är resten, från omkring {s0} till omkring {s1}.{warning}",
            said=said,
            l0=long_ones.count_before,
            l1=long_ones.count_after,
            s0=short_before,
            s1=short_after,
            warning=_WARNING if _doubled(short_before, short_after) else "",
        )
    ]


_WARNING = (
    " Varning: så stor kan ändringen av de kortare knappast ha varit. Andelarna bland de långa gäller därför "
    "troligen något annat än vad som antas här."
)


def _doubled(before: Fact, after: Fact) -> bool:
    """Return whether a number has become less than half or more than the double, or is below zero."""
    low, high = sorted((before.value, after.value))
    return low <= 0 or high > 2 * low


def _share(part: Value, whole: Value) -> Fact:
    return Fact(
        f"andel|{key(part)}",
        100 * part.value / whole.value,
        "procent",
        1,
        "share",
        (value_fact(part), value_fact(whole)),
    )
