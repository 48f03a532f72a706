"""The tables of a unit's sheet: a row with the unit, its region, and the unit a year before."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from functools import partial

from vgstats.blocks.blocks import Block, Heading, Part, together
from vgstats.blocks.tables import Cell, Column, Table
from vgstats.facts.facts import Fact
from vgstats.facts.text import Text, join, say
from vgstats.reports.base.mapped import Mapped
from vgstats.sections.case_cells import day_words, group_words, recorded, share_cell, share_of

Of = Callable[[str, str], Cell]  # a cell of an area on a day


def share(report: Mapped, measure: str, value: str, area: str, day: str) -> Cell:
    """Return the share of a group with its count, as a row of the sheet asks for it."""
    return share_cell(report, measure, day, value, area=area)


def there(report: Mapped, measure: str, value: str, day: str) -> bool:
    """Return whether a group is there for the unit or its region, hidden or not."""
    places = (report.area, report.county)
    return any(
        report.number(measure, day, value, area=a)
        or report.is_kept_back(measure, day, value, area=a)
        for a in places
    )


def groups(report: Mapped, measure: str, values: Iterable[str]) -> list[tuple[Text | str, Of]]:
    """Return the rows of a table's groups that there are."""
    known, day = report.groups(measure), report.parameters.snapshot
    return [
        (_heading(known[one]), partial(share, report, measure, one))
        for one in values
        if one in known and there(report, measure, one, day)
    ]


def _heading(group: str) -> Text:
    words = group_words(group)
    return say("därav {w}", w=words) if group.endswith("=F43") else words.capitalised()


def finding(
    report: Mapped, measure: str, value: str, form: str, **more: Fact | str | Text
) -> Text | None:
    """Return what a table says in a line, None where one of its numbers is not known."""
    day = report.parameters.snapshot
    own, theirs = (
        share_of(report, measure, day, value, area=area) for area in (report.area, report.county)
    )
    return say(form, own=own, theirs=theirs, **more) if own and theirs else None


def tabled(
    report: Mapped,
    heading: str,
    rows: list[tuple[Text | str, Of]],
    *,
    id: str,
    of: Sequence[str],
    caption: Text | None,
    otherwise: str,
    note: Text | str | None = None,
) -> Block:
    """Return a part with a table of shares, called `otherwise` where nothing can be said of it.

    Nothing without rows, or where the unit has too few cases, which `to_talk_about` says. What a region has remarked on
    the measures that the table is `of` stands under it.
    """
    if not rows or report.too_few(report.parameters.snapshot):
        return together()
    notes = [*([say("{note}", note=note)] if note else []), *recorded(report, *of)]
    under = join(notes) if notes else None
    return part(report, heading, rows, id=id, caption=caption or otherwise, note=under)


def part(
    report: Mapped,
    heading: str,
    rows: list[tuple[Text | str, Of]],
    *,
    id: str,
    first: str = "Av sjukfallen",
    caption: Text | str,
    note: Text | str | None = None,
) -> Block:
    """Return a part of the sheet: its heading and a table, without the rows and columns that nothing is known of."""
    *earlier, day = report.parameters.days
    heads = {
        "Ni": (report.area, day),
        "Regionen": (report.county, day),
        **{_then(one, day): (report.area, one) for one in earlier},
    }
    cells = [(row[0], {words: row[1](*where) for words, where in heads.items()}) for row in rows]
    known = [row for row in cells if any(cell is not None for cell in row[1].values())]
    columns = [Column(first, "text", of=lambda row: row[0])]
    columns += [
        Column(words, of=partial(_cell, words=words))
        for words in heads
        if any(row[1][words] is not None for row in known)
    ]
    table = Table.from_frame(known, columns, id=id, caption=caption, note=note)
    return Part([Heading(heading, level=2, front=True), table], sheet=True)


def _then(earlier: str, day: str) -> str:
    a_year = int(day[:4]) - int(earlier[:4]) == 1 and day[4:] == earlier[4:]
    return "Ni i fjol" if a_year else f"Ni {day_words(earlier)}"


def _cell(row: tuple[Text | str, dict[str, Cell]], *, words: str) -> Cell:
    return row[1][words]
