"""För vilka? Psychiatric diagnoses among all ongoing cases, as counts and as a share."""

from __future__ import annotations

from vgstats.blocks.blocks import Block, Folded, paragraphs, together
from vgstats.blocks.tables import Column, Table
from vgstats.blocks.words import low_to_high, period_words, sex_words, told
from vgstats.catalogue.measures import LONG_CASES, ONGOING, PSYCHIATRIC, SHARES
from vgstats.facts.facts import Fact, count_fact, key, value_fact
from vgstats.facts.text import Text, say
from vgstats.methods.before_after import Change, change_facts
from vgstats.methods.shares import ShareChange, share_facts, share_of
from vgstats.methods.two_counts import proportion_difference
from vgstats.reports.report import Report
from vgstats.sections.words import changes_by_sex, left_out


def psychiatric(report: Report) -> Block:
    """Return ongoing cases with psychiatric diagnoses, by sex, in words and as a table."""
    wholes = changes_by_sex(report, ONGOING)
    of_sex = changes_by_sex(report, ONGOING, group=PSYCHIATRIC)
    found = [(change, wholes[sex]) for sex, change in of_sex.items() if sex in wholes]
    if "alla" not in of_sex or "alla" not in wholes:
        return left_out(
            report,
            f"Pågående sjukfall efter diagnos finns inte för {report.place} i båda perioderna.",
            report.how_to_get(ONGOING),
        )
    part, whole = found[0]
    then, now = period_words(part.before), period_words(part.after)
    columns = [
        Column("Kön", "text", of=lambda row: sex_words(row[0].after.sex).capitalize()),
        Column(f"Antal {then}", of=lambda row: value_fact(row[0].before)),
        Column(f"Antal {now}", of=lambda row: value_fact(row[0].after)),
        Column("Ändring", of=lambda row: told(row[0], "{percent:signed} %")),
        Column(f"Andel {then}", of=lambda row: _shares(*row)[0], form="{x} %"),
        Column(f"Andel {now}", of=lambda row: _shares(*row)[1], form="{x} %"),
        Column("Andelens ändring, procentenheter", of=lambda row: _share_change(*row)),
    ]
    table = Table.from_frame(
        found,
        columns,
        id="pagaende-diagnos",
        caption="Psykiatriska diagnoser efter kön",
        note=say(
            "F00–F99, årets genomsnitt, räknat före avrundningen. Inom parentes: vad slumpen lämnar öppet (Newcombes "
            "intervall, {level} procent). {sources}",
            level=count_fact("nivå för andelens ändring", 95),
            sources=report.cite([part.after.source]),
        ),
    )
    said = paragraphs(_in_words(part, whole), _other_way(report, part, whole))
    return together(said, Folded([table], "Visa per kön"))


def _title(part: Change, whole: Change) -> Text:
    """Return what the share of psychiatric diagnoses did, as printed."""
    before, after = _shares(part, whole)
    moved = after.printed() - before.printed()
    way = "minskade" if moved < 0 else "ökade"
    ends = say("från {s0} till {s1} procent", s0=before, s1=after)
    if not moved:
        way, ends = "låg stilla", say("på {s1} procent", s1=after)
    return say("Andelen psykiatriska diagnoser {way} {ends}", way=way, ends=ends)


def _share_change(part: Change, whole: Change) -> Text:
    """Return the change of a share in percentage points, with Newcombe's interval."""
    name = f"andelens ändring|{key(part.after)}|från {part.before.period}"
    found = proportion_difference(
        part.after.value,
        whole.after.value,
        part.before.value,
        whole.before.value,
        source=part.after.source,
        about=name,
    )
    before, after = shares = _shares(part, whole)
    points = after.value - before.value
    ends = found.both_ends("{}", found.interval, decimals=before.decimals).values()
    return say(
        "{d:signed} ({interval})",
        d=Fact(name, points, "procentenheter", before.decimals, "exact difference", shares),
        interval=low_to_high(*ends),
    )


def _in_words(part: Change, whole: Change) -> Text:
    return told(
        part,
        "{share} av de pågående sjukfallen. Antalet {moved} från {before} till {after}, {moved_by}.",
        share=_title(part, whole),
        moved=change_facts(part).moved(fell="minskade", rose="ökade", same="gick"),
    )


def _other_way(report: Report, part: Change, whole: Change) -> Text | None:
    """Say what a share that went the other way among the long cases would mean for the short ones."""
    before, after = _shares(part, whole)
    share, long_cases = report.change(SHARES, group=PSYCHIATRIC), report.change(LONG_CASES)
    if share is None or share.within_rounding:
        return None
    if (share.difference < 0) == (after.value < before.value):
        return None
    said = told(
        share,
        "Bland sjukfallen på 60 dagar eller mer gick andelen åt andra hållet, från {before} till "
        "{after} procent.",
    )
    if long_cases is None:
        return said
    counts = share_facts(ShareChange(share, long_cases))
    long_ones = (counts.count_before, counts.count_after)
    short_ones = [
        Fact(
            f"kortare än 60 dagar|{key(value)}",
            float(value_fact(value).printed() - long_one.printed()),
            "sjukfall",
            -1,
            "difference",
            (long_one, value_fact(value)),
        )
        for value, long_one in zip((part.before, part.after), long_ones, strict=True)
    ]
    low, high = sorted(fact.value for fact in short_ones)
    unlikely = low <= 0 or high > 2 * low  # below zero, or less than half or more than the double
    return say(
        "{said} De kortare skulle då ha gått från omkring {s0} till omkring {s1}{warning}.",
        said=said,
        s0=short_ones[0],
        s1=short_ones[1],
        warning=_WARNING if unlikely else "",
    )


_WARNING = ", vilket knappast stämmer: andelarna bland de långa gäller troligen något annat"


def _shares(part: Change, whole: Change) -> tuple[Fact, Fact]:
    """Return a part's share of a whole, in per cent, before and after."""
    return share_of(part.before, whole.before), share_of(part.after, whole.after)
