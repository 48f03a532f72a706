"""The index of a batch: a map of the reports, and beside it each with its level, change and mark."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import pandas as pd

from vgstats.blocks.blocks import Block, Heading, Title, together
from vgstats.blocks.figures import AreaLink, LinkedMap
from vgstats.blocks.record import IndexRow
from vgstats.blocks.tables import Cell, Column, Link, Links, Table
from vgstats.catalogue import areas
from vgstats.catalogue.calibration import NOMINAL
from vgstats.catalogue.words import AreaWords, area_words
from vgstats.drawing import maps
from vgstats.facts.facts import count_fact
from vgstats.facts.text import Name, Text, as_text, direction, join, say

_FEWEST_TO_COMPARE = 3
_MOST_TO_DRAW = 60  # areas; more are too small to see or hit, and the table has them
MADE = "klar"


@dataclass(frozen=True)
class Listed:
    """One report of a batch: its name, its file when it was made, and what else lies beside it.

    `row` is None for a report that never was made. `note` says in words what became of it: `MADE`, or another thing.
    `failed` says that it could not be made now: with a row, what there is of it is older.
    """

    name: str
    file_name: str
    row: IndexRow | None
    note: str
    link: Link | Links | None = None
    failed: bool = False


def overview(entries: Sequence[Listed]) -> Block:
    """Return the heading, and for each thing compared a map and a table of the reports."""
    rows = [entry.row for entry in entries if entry.row]
    newest = max((row.retrieved for row in rows), default="")
    heading = heading_of(rows)
    title = Title(
        heading,
        _how_many(entries, f" av siffror som hämtades senast {newest}" if newest else ""),
        made_up=any(row.synthetic for row in rows),
        uncontrolled=any(row.uncontrolled for row in rows),
    )
    return together(title, _parts(entries))


def _how_many(entries: Sequence[Listed], when: str) -> Text:
    made = sum(entry.row is not None and not entry.failed for entry in entries)
    older = sum(entry.row is not None and entry.failed for entry in entries)
    return say(
        "{made} av {all} rapporter är gjorda{when}.{choose}{older}",
        made=count_fact("gjorda rapporter", made),
        all=count_fact("alla rapporter", len(entries)),
        when=when,
        choose=" Välj en för att läsa den." if made + older else "",
        older=say(
            " {n} kunde inte göras om och finns kvar från en tidigare gång.",
            n=count_fact("äldre rapporter", older),
        )
        if older
        else "",
    )


def heading_of(rows: Sequence[IndexRow]) -> str:
    """Return the heading of an index: that of its reports, without the periods where they differ."""
    headings = {row.heading for row in rows}
    if len(headings) == 1:
        return headings.pop()
    return f"{rows[0].heading.partition(',')[0]} i flera tider" if rows else "Rapporter"


def _parts(entries: Sequence[Listed]) -> list[Block]:
    groups: dict[tuple[str, tuple[str, ...]], list[Listed]] = {}
    failed: list[Listed] = []
    for entry in sorted(entries, key=lambda entry: _in_order(entry.name)):
        if entry.row is None:
            failed.append(entry)
        else:
            groups.setdefault((entry.row.about, entry.row.columns), []).append(entry)
    blocks: list[Block] = []
    for number, ((about, columns), found) in enumerate(groups.items(), 1):
        name = "rapporter" if number == 1 else f"rapporter-{number}"
        blocks += [Heading(about, level=2)] if len(groups) > 1 else []
        table = _table(found, about, columns, name)
        blocks.append(_map(found, table) or table)
    if failed:
        blocks += [Heading("Rapporter som inte är gjorda", level=2)] if len(groups) > 1 else []
        heads = [
            Column("Rapport", "text", of="name"),
            Column("Vad som hände", "text", of=lambda entry: entry.link or entry.note),
        ]
        caption = "Rapporter som inte kunde göras"
        blocks.append(Table.from_frame(failed, heads, id="inte-gjorda", caption=caption))
    return blocks


def _in_order(name: str) -> str:
    """Return what names are sorted by, Å, Ä and Ö after Z."""
    return name.casefold().translate(str.maketrans("åäöé", "{|}e"))


def _table(entries: Sequence[Listed], about: str, columns: tuple[str, ...], name: str) -> Table:
    """Return the reports by name, with level, change and mark where they have them, and what became of each."""
    made = [(entry, entry.row) for entry in entries if entry.row]
    rows = [row for _, row in made]
    alike = _alike(rows)
    varied = [at for at in range(len(columns)) if at not in alike]
    leveled, marked = (any(getattr(row, part) for row in rows) for part in ("level", "mark"))
    told = any(entry.link or entry.note != MADE for entry in entries)
    of = f", {rows[0].drawn}" if rows[0].drawn else ""
    unit = next((f", {row.level.unit}" for row in rows if row.level), "")
    heads = [
        Column(_places(entries).one.capitalize(), "text"),
        *([Column(f"Efter{of}{unit}"), Column(f"Ändring{of}")] if leveled else []),
        *(Column(columns[at]) for at in varied),
        *([Column(f"Bland {_places(entries).all}{of}", "text")] if marked else []),
        *([Column("Rapport", "text")] if told else []),
    ]
    cells: list[list[Cell]] = [
        [
            Link(entry.name, entry.file_name),
            *([row.level, _percent(row)] if leveled else []),
            *(row.cells[at] for at in varied),
            *([row.mark or ""] if marked else []),
            *([entry.link or entry.note] if told else []),
        ]
        for entry, row in made
    ]
    riket = next((row.riket for row in rows if row.riket), ())
    if riket and not leveled:
        riket = tuple(riket[at] for at in varied)
    if riket:
        cells.append(["Riket", *riket, *[""] * (len(heads) - len(riket) - 1)])
    said = [say("{what}: {x} för alla.", what=columns[at], x=of) for at, of in alike.items()]
    said += [
        say("{note}", note=Name(note)) for note in dict.fromkeys(row.note for row in rows) if note
    ]
    said += [_by_chance(rows)] if marked else []
    return Table(name, about, heads, cells, note=join(said) if said else None)


def _alike(rows: Sequence[IndexRow]) -> dict[int, Text]:
    """Return the columns in which all of several rows say the same, by number, with what they say: once is enough."""
    if len(rows) < _FEWEST_TO_COMPARE:
        return {}
    found = zip(*(row.cells for row in rows), strict=True)
    texts = {
        at: [cell for cell in cells if isinstance(cell, Text)] for at, cells in enumerate(found)
    }
    return {
        at: said[0]
        for at, said in texts.items()
        if len(said) == len(rows) and len({one.plain() for one in said}) == 1
    }


def _percent(row: IndexRow) -> Cell:
    if row.percent is None:
        return None
    if row.unchanged and row.mark is None:
        return say("{p:signed} %, oförändrat inom avrundningen", p=row.percent)
    return say("{p:signed} %", p=row.percent)


def _by_chance(rows: Sequence[IndexRow]) -> Text:
    """Say how many areas would stand out if nothing but chance told them apart."""
    several = round(len(rows) * NOMINAL / 100)
    of = len(rows) if several else 100
    return say(
        "Av {n} län väntas ungefär {one} avvika mer än vanligt från de andra av ren slump.",
        n=count_fact("län att jämföra", of),
        one=count_fact("avviker av slump", several or NOMINAL),
    )


def _places(entries: Sequence[Listed]) -> AreaWords:
    """Return what the places that reports are about are called."""
    levels = {areas.all_areas().loc[entry.row.area, "level"] for entry in entries if entry.row}
    return area_words(levels.pop() if len(levels) == 1 else "")


def _map(entries: Sequence[Listed], table: Table) -> LinkedMap | None:
    """Return a map with a link on each area, None where there are too few or too many, or areas of several levels."""
    found = {entry.row.area: (entry, entry.row) for entry in entries if entry.row}
    known = sorted(
        ((row, row.percent) for _, row in found.values() if row.percent),
        key=lambda pair: pair[1].value,
    )
    level = {areas.all_areas().loc[area, "level"] for area in found}
    if len(known) < _FEWEST_TO_COMPARE or level not in ({"lan"}, {"kommun"}):
        return None
    counties = dict.fromkeys(areas.all_areas().loc[list(found), "lan"])
    drawn = (
        areas.lan() if level == {"lan"} else [k for lan in counties for k in areas.kommuner(lan)]
    )
    if len(drawn) > _MOST_TO_DRAW:
        return None
    values = {row.area: (percent.value, row.unchanged) for row, percent in known}
    shaded = [(area, *values.get(area, (float("nan"), False))) for area in drawn]
    drawing, outlines = maps.map_of_changes(
        pd.DataFrame(shaded, columns=["area", "value", "unchanged"])
    )
    places = _places(entries)
    (first, low), (last, high) = known[0], known[-1]
    alt = say(
        "Karta över {n} {several}. Förändringarna går från {low:signed} procent i {first} till {high:signed} procent "
        "i {last}.",
        n=count_fact("på kartan", len(known)),
        several=places.several,
        low=low,
        high=high,
        first=first.name,
        last=last.name,
    )
    colours = "Blått: minskade. Orange med streck: ökade. Grått: oförändrat inom avrundningen. Mörkare: större ändring."
    return LinkedMap(
        drawing,
        _finding([row for row, _ in known], places),
        alt,
        table,
        f"{colours} Varje {places.one} på kartan är en länk, samma som i tabellen.",
        links=tuple(
            AreaLink(
                outlines[area],
                entry.file_name,
                say("{place}: {moved}", place=entry.name, moved=_moved(row)),
            )
            for area, (entry, row) in found.items()
            if area in outlines
        ),
    )


def _moved(row: IndexRow) -> Text:
    """Return `minskade med 22 procent`, `ökade …` or `oförändrat inom avrundningen`."""
    word = _direction(row)
    made_up = ", påhittat" if row.synthetic else ""
    if row.percent is None or word == "oförändrat":
        return as_text(f"oförändrat inom avrundningen{made_up}")
    return say("{word} med {p:abs} procent{made_up}", word=word, p=row.percent, made_up=made_up)


def _direction(row: IndexRow) -> str:
    if row.unchanged or row.percent is None:
        return "oförändrat"
    return direction(row.percent, fell="minskade", rose="ökade", same="oförändrat")


def _finding(rows: Sequence[IndexRow], places: AreaWords) -> Text:
    """Say in how many of the areas the measure fell, rose or stood still."""
    counted = Counter(map(_direction, rows))
    what = rows[0].about.partition(",")[0] + (f", {rows[0].drawn}" if rows[0].drawn else "")
    parts = [
        say(
            "{word} i {n} {places}",
            word=word if word != "oförändrat" else "oförändrat inom avrundningen",
            n=count_fact(f"antal som {word}", counted[word]),
            places=places.several if counted[word] > 1 else places.one,
        )
        for word in ("minskade", "ökade", "oförändrat")
        if counted[word]
    ]
    return say("{what}: {parts}", what=what, parts=join(parts, ", "))
