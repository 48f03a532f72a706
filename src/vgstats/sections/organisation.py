"""Who worked with sick leave and how: Försäkringskassan's staff, the county's division, the forms of cooperation."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from vgstats.blocks.blocks import Block, Folded, LeftOut, paragraphs, together
from vgstats.blocks.tables import Column, Table
from vgstats.blocks.words import capitalised, period_words, then_to_now
from vgstats.catalogue import areas
from vgstats.catalogue.measures import measure as measure_of
from vgstats.catalogue.periods import Period
from vgstats.facts.facts import Fact, count_fact, value_fact
from vgstats.facts.text import Name, Text, join, say
from vgstats.methods.before_after import Change, change_facts
from vgstats.observations import Value, newest
from vgstats.reports.report import Report
from vgstats.sections.words import sum_fact

STAFF, CENTRES = "fk_medarbetare", "vardcentraler"
_ADVISERS = "roll=rådgivare"


def structures(report: Report) -> Block:
    """Return Försäkringskassan's staff and, folded, how the county was divided and who cooperated; what there is."""
    depth = [*_divisions(report), *_cooperation(report)]
    staff = list(_staff(report))
    if not (staff or depth):
        return LeftOut(say("Ingen källa säger hur arbetet var organiserat."))
    return together(staff, [Folded(depth, "Indelning och samverkan")] if depth else None)


def _of(report: Report, measure: str) -> dict[tuple[str, str], Value]:
    """Return the county's numbers of a measure by period and group."""
    rows = report.observations
    rows = rows[(rows["measure"] == measure) & (rows["area"] == report.county)]
    return {(v.period, v.group): v for v in newest(rows).values() if v.sex == "alla"}


def _staff(report: Report) -> Iterator[Block]:
    """Return the staff before and after, and where they worked then."""
    before, after = report.parameters.before, report.parameters.after
    found = _of(report, STAFF)
    named = {
        "": "Alla anställda",
        _ADVISERS: "Försäkringsmedicinska rådgivare (förr försäkringsläkare)",
    }
    changes = {
        words: Change(found[before, group], found[after, group])
        for group, words in named.items()
        if (before, group) in found and (after, group) in found
    }
    if not changes:
        return
    whole = next(iter(changes.values()))
    facts = change_facts(whole)
    columns = [
        Column("Vilka", "text", of=lambda row: row[0]),
        Column(period_words(whole.before), of=lambda row: value_fact(row[1].before)),
        Column(period_words(whole.after), of=lambda row: value_fact(row[1].after)),
        Column("Ändring", of=lambda row: change_facts(row[1]).difference, form="{x:signed}"),
    ]
    yield Table.from_frame(
        list(changes.items()),
        columns,
        id="medarbetare",
        caption=say(
            "Försäkringskassan fick {n:abs} {way} för länet",
            n=facts.difference,
            way="färre anställda" if facts.difference.value < 0 else "fler anställda",
        )
        if not facts.within_rounding and facts.difference.value
        else say("Försäkringskassan hade lika många anställda för länet"),
        note=say(
            "Antal, {when}. {source}",
            when=then_to_now(whole),
            source=report.cite([whole.after.source]),
        ),
    )
    if where := _where(found, after):
        yield paragraphs(where)


def _where(found: dict[tuple[str, str], Value], after: str) -> Text | None:
    """Return how the staff was divided between Försäkringskassan's offices."""
    said = []
    for (period, group), value in found.items():
        office = group.removeprefix("organisation=").partition(";")[0]
        beside = found.get((period, f"organisation={office};{_ADVISERS}"))
        if period == after and group == f"organisation={office};roll=medarbetare" and beside:
            facts = {"n": value_fact(value), "m": value_fact(beside)}
            said.append(
                say("{n} medarbetare och {m} rådgivare vid {office}", office=office, **facts)
            )
    return say("Källan anger {parts}.", parts=join(said, " samt ")) if said else None


def _divisions(report: Report) -> Iterator[Block]:
    """Return the county's parts, with their boards, health centres and offices on the report's last day."""
    day = Period.parse(report.parameters.after).end
    frame = areas.all_areas()
    there = frame[frame["lan"] == report.county]
    members = {
        area: set(areas.members(area, day))
        for area in there.index[there["level"].isin(["delregion", "hsn", "lfc"])]
    }
    parts = [a for a in members if there.loc[a, "level"] == "delregion" and members[a]]
    if not parts:
        return

    def within(part: str, level: str) -> list[str]:
        of_level = [a for a, whole in members.items() if there.loc[a, "level"] == level and whole]
        return [
            a for a in of_level if max(parts, key=lambda p: len(members[p] & members[a])) == part
        ]

    def boards(part: str) -> Text:
        return join([_board(area, members[area]) for area in within(part, "hsn")], "; ")

    centres = _of(report, CENTRES)
    columns = [
        Column("Delregion", "text", of=lambda part: Name(areas.name(part))),
        Column("Nämnder och deras kommuner", "text", of=boards),
        Column("Vårdcentraler", of=lambda part: _centres(areas.name(part), centres.values())),
        Column(
            "Försäkringskassans lokala center",
            "text",
            of=lambda p: Name(
                ", ".join(areas.name(a).removeprefix("LFC ") for a in within(p, "lfc"))
            ),
        ),
    ]
    source = str(areas.membership().set_index("whole")["source"].loc[[parts[0]]].iloc[0])
    yield Table.from_frame(
        parts,
        columns,
        id="indelning",
        caption=say(
            "Länet delades i {n} delar, med {boards} nämnder och {offices} lokala försäkringscenter",
            n=count_fact("antal delregioner", len(parts)),
            boards=count_fact("antal nämnder", sum(len(within(part, "hsn")) for part in parts)),
            offices=count_fact(
                "antal försäkringscenter", sum(len(within(part, "lfc")) for part in parts)
            ),
        ),
        note=say(
            "Ett center står där de flesta av dess kommuner ligger. {source}",
            source=report.cite([source]),
        ),
    )


def _board(area: str, kommuner: Iterable[str]) -> Text:
    """Return a board with the kommuner that are its own; one of a part of a kommun has the kommun in its name."""
    named = ", ".join(sorted(map(areas.name, kommuner)))
    called = areas.name(area)
    return say("{words}", words=Name(called if called.count(" ") > 1 else f"{called}: {named}"))


def _centres(part: str, values: Iterable[Value]) -> Fact | None:
    """Return how many health centres a part has: those of what the source calls it, or of what it divides it into."""
    of_part = []
    for value in values:
        called = value.group.removeprefix("område=")
        if value.group and (called.startswith(part) or part.endswith(f"-{called}")):
            of_part.append(value_fact(value))
    if not of_part:
        return None
    return (
        of_part[0]
        if len(of_part) == 1
        else sum_fact(f"{CENTRES}|{part}", of_part, measure_of(CENTRES).unit)
    )


def _cooperation(report: Report) -> Iterator[Block]:
    """Return who cooperated in what forms, as the source of the agreement sums it up."""
    followed = report.agreement
    if followed is None or not followed.cooperation:
        return
    columns = [
        Column("Vilka", "text", of=lambda one: one.between),
        Column("Nivå", "text", of=lambda one: one.level),
        Column("Former", "text", of=lambda one: capitalised("; ".join(one.forms))),
    ]
    yield Table.from_frame(
        followed.cooperation,
        columns,
        id="samverkan",
        caption="De samverkade både i hela regionen och lokalt",
        note=report.cite(dict.fromkeys(one.source for one in followed.cooperation)),
    )
