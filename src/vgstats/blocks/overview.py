"""The index of a batch: every report with its key figures, and the counties beside each other."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from operator import itemgetter

import pandas as pd

from vgstats.blocks.blocks import Block, Heading, Title, together
from vgstats.blocks.figures import Figure
from vgstats.blocks.record import IndexRow
from vgstats.blocks.tables import Cell, Column, Link, Table, text_columns
from vgstats.catalogue import areas
from vgstats.catalogue.words import AreaWords, area_words
from vgstats.drawing import charts
from vgstats.facts.facts import count_fact
from vgstats.facts.text import Text, say

_FEWEST_TO_COMPARE = 3
_MOST_TO_DRAW = 60  # bars; more are no figure any more, and the table has them


@dataclass(frozen=True)
class Listed:
    """One report of a batch: its name, its file when it was made, and what else lies beside it.

    `row` is None for a report that never was made. `note` says in words what became of it, such as `klar`.
    `failed` says that it could not be made now: with a row, what there is of it is older.
    """

    name: str
    file_name: str
    row: IndexRow | None
    note: str
    link: Link | None = None
    failed: bool = False


def overview(entries: Sequence[Listed]) -> Block:
    """Return the heading, and for each thing compared a figure and a table of the reports."""
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
    for entry in entries:
        if entry.row is None:
            failed.append(entry)
        else:
            groups.setdefault((entry.row.about, entry.row.columns), []).append(entry)
    several = len(groups) + bool(failed) > 1
    blocks: list[Block] = []
    for number, ((about, columns), found) in enumerate(groups.items(), 1):
        name = "rapporter" if number == 1 else f"rapporter-{number}"
        blocks += [Heading(about, level=2)] if several else []
        blocks += [*_figure(found, about, name), _table(found, about, columns, name)]
    if failed:
        blocks += [Heading("Rapporter som inte är gjorda", level=2)] if several else []
        heads = [
            Column("Rapport", "text", of="name"),
            Column("Vad som hände", "text", of=lambda entry: entry.link or entry.note),
        ]
        caption = "Rapporter som inte kunde göras"
        blocks.append(Table.from_frame(failed, heads, id="inte-gjorda", caption=caption))
    return blocks


def _table(entries: Sequence[Listed], about: str, columns: tuple[str, ...], name: str) -> Table:
    made = [(entry, entry.row) for entry in entries if entry.row]
    rows: list[list[Cell]] = [
        [Link(entry.name, entry.file_name), *row.cells, entry.link or entry.note]
        for entry, row in made
    ]
    riket = next((row.riket for _, row in made if row.riket), ())
    if riket:
        rows.append(["Riket", *riket, ""])
    place, report = text_columns(_places(entries).one.capitalize(), "Rapport")
    return Table(name, about, [place, *map(Column, columns), report], rows)


def _places(entries: Sequence[Listed]) -> AreaWords:
    """Return what the places that reports are about are called."""
    levels = {areas.all_areas().loc[entry.row.area, "level"] for entry in entries if entry.row}
    return area_words(levels.pop() if len(levels) == 1 else "")


def _figure(entries: Sequence[Listed], about: str, name: str) -> list[Block]:
    """Return the counties' changes beside each other, the largest fall first."""
    known = [(e.name, e.row.percent) for e in entries if e.row and e.row.percent]
    if not _FEWEST_TO_COMPARE <= len(known) <= _MOST_TO_DRAW:
        return []
    places = _places(entries)
    known.sort(key=lambda pair: (pair[1].value, pair[0]))
    drawn = [(place, fact.value, fact.text("signed"), False) for place, fact in known]
    frame = pd.DataFrame(drawn, columns=["name", "value", "label", "whole"])
    drawn_of = next(entry.row.drawn for entry in entries if entry.row)
    of = f", {drawn_of}" if drawn_of else ""
    caption = f"{places.all.capitalize()} bredvid varandra{of}: {about[0].lower()}{about[1:]}"
    columns = [
        Column(places.one.capitalize(), "text", of=itemgetter(0)),
        Column(f"Förändring{of}", of=itemgetter(1), form="{x:signed} %"),
    ]
    table = Table.from_frame(known, columns, id=f"{name}-figur", caption=caption)
    figure = charts.ranking(frame, highlight="", unit=f"förändring{of}, procent")
    (first, low), (last, high) = known[0], known[-1]
    alt = say(
        "Staplar för {n} {all}. Förändringarna går från {low:signed} procent i {first} till {high:signed} procent "
        "i {last}.",
        n=count_fact("staplar", len(known)),
        all=places.several,
        low=low,
        high=high,
        first=first,
        last=last,
    )
    return [Figure(figure, caption, alt, table)]
