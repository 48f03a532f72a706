"""Tables: with caption and scopes, cells that are facts or texts, and as data safe to open in a spreadsheet."""

from __future__ import annotations

import base64
import csv
import html
import io
import re
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Literal
from urllib.parse import quote

import pandas as pd
from pandas.api.types import is_scalar

from vgstats.blocks.blocks import SYNTHETIC, SYNTHETIC_MARK, Block
from vgstats.errors import VgstatsError
from vgstats.facts.facts import GROUP, MINUS, NO_BREAK, Fact
from vgstats.facts.text import HIDDEN_MARK, HIDDEN_WORDS, MISSING, Name, Text, as_text, join, say

MARKS = ("-", "..")
_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
_UNSEEN = re.compile(r"^[\s\x00-\x1f\ufeff\u200b-\u200f]+")
_FORMULA_INSIDE = re.compile(r"([,;\t\r\n][\s\x00-\x1f]*)([=+@＝＋＠-])")
_DAY, _UNBROKEN = re.compile(r"(\d{1,2}) ([a-z]{3}) (\d{4})\b"), rf"\1{NO_BREAK}\2{NO_BREAK}\3"
_NUMBER = re.compile(rf"[+{MINUS}]?\d{{1,3}}(?:{GROUP}\d{{3}})*(?:,\d+)?(?:{NO_BREAK}%)?")


def csv_text(headings: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """Return a table as text with semicolons and decimal commas, as Swedish spreadsheets read it.

    A cell that is a printed number, with a per cent sign or not, is written as one that a spreadsheet
    computes with. Any other that a spreadsheet would take for a formula gets an apostrophe in front;
    the marks `-` and `..` are left as they are.
    """
    text = io.StringIO()
    writer = csv.writer(text, delimiter=";", lineterminator="\r\n")
    writer.writerows([[_safe(cell) for cell in row] for row in [headings, *rows]])
    return text.getvalue()


def csv_address(text: str) -> str:
    """Return the text as a data address; the mark in front makes Excel read it as UTF-8."""
    encoded = base64.b64encode(text.encode("utf-8-sig")).decode("ascii")
    return f"data:text/csv;charset=utf-8;base64,{encoded}"


def _safe(cell: str) -> str:
    if _NUMBER.fullmatch(cell):
        bare = cell.replace(GROUP, "").replace(MINUS, "-").replace(NO_BREAK, " ")
        return bare.removeprefix("+")
    words = cell.replace(GROUP, " ").replace(NO_BREAK, " ")
    if words in MARKS:
        return words
    # A program that divides at other signs than the semicolon must not find a formula either.
    words = _FORMULA_INSIDE.sub(r"\1'\2", words)
    return f"'{words}" if is_run(words) else words


def is_run(words: str) -> bool:
    """Return whether a spreadsheet might take a text for a formula."""
    return words.startswith(_FORMULA_STARTS) or _UNSEEN.sub("", words).startswith(_FORMULA_STARTS)


@dataclass(frozen=True)
class Link:
    """A link to a file beside the page."""

    words: str
    file_name: str

    def html(self) -> str:
        """Return an anchor with a relative address."""
        return f'<a href="{quote(self.file_name)}">{html.escape(self.words)}</a>'


@dataclass(frozen=True)
class Links:
    """Links to several files beside the page."""

    links: tuple[Link, ...]

    @property
    def words(self) -> str:
        """What the links say."""
        return ", ".join(link.words for link in self.links)

    def html(self) -> str:
        """Return the links one after the other."""
        return ", ".join(link.html() for link in self.links)


@dataclass(frozen=True)
class Hidden:
    """A number that may not be shown: a mark for the eye, words for who listens."""

    def html(self) -> str:
        """Return the mark and the words."""
        return (
            f'<span class="hidden-number"><span aria-hidden="true">{HIDDEN_MARK}</span>'
            f'<span class="unseen">{HIDDEN_WORDS}</span></span>'
        )


HIDDEN = Hidden()

_ROWS_ON_ONE_SHEET = 14  # a table of so few is not divided between sheets of paper
_COLUMNS_ON_AN_UPRIGHT_SHEET = 8  # a table of more is printed on a turned one

Cell = Fact | Text | Link | Links | Name | Hidden | str | None
_CELLS = (Fact, Text, Link, Links, Name, Hidden, str)


@dataclass(frozen=True)
class Column:
    """A column's heading and what it holds.

    `of` is what a cell is in a table made from a frame: the name of a column, or a function of a row. `form` is how a
    fact is written there, such as `{x:signed} %`.
    """

    heading: str
    kind: Literal["number", "text"] = "number"
    of: str | Callable[[Any], Cell] = ""
    form: str = ""

    def cell(self, row: Any) -> Cell:
        """Return the cell of a row of a frame; what is not there in pandas' way (NaN, NA, NaT) is None.

        Raises:
            VgstatsError: the frame has no such column, or a value in it is no cell: a plain number is no fact.
        """
        found: Any = self._of(row)
        if is_scalar(found) and pd.isna(found):
            return None
        if found is not None and not isinstance(found, _CELLS):
            raise VgstatsError(
                f"The column {self.heading!r} has {found!r}, which a table cannot show. Expected a text, a fact "
                "(value_fact, change_facts) or None: a number on a page is a fact."
            )
        return say(self.form, x=found) if self.form and isinstance(found, Fact) else found

    def _of(self, row: Any) -> Any:
        if not isinstance(self.of, str):
            return self.of(row)
        if not hasattr(row, self.of):
            there = ", ".join(getattr(row, "_fields", ())[1:]) or "none"
            raise VgstatsError(
                f"The column {self.heading!r} is of {self.of!r}, which the frame does not have. Its columns: {there}."
            )
        return getattr(row, self.of)


def text_columns(*headings: str) -> list[Column]:
    """Return columns of texts."""
    return [Column(heading, "text") for heading in headings]


@dataclass(frozen=True)
class Table(Block):
    """A table with caption and scopes; the first column heads the rows.

    A cell is a fact, a text, None for a number that there is none of, or HIDDEN for one that may not be
    shown. `id` is unique on the page.
    A table of three texts a row or more is read downwards on a phone, one row at a time, and any that is `stacked`.
    """

    id: str
    caption: Text | str
    columns: list[Column]
    rows: list[list[Cell]]
    note: Text | str | None = None
    stacked: bool = False

    @classmethod
    def from_frame(
        cls,
        frame: pd.DataFrame | Iterable[Any],
        columns: Sequence[Column],
        *,
        id: str,
        caption: Text | str,
        note: Text | str | None = None,
    ) -> Table:
        """Return a table with a row for each of a frame's (or of any objects), and in it what each column is `of`.

        >>> frame = pd.DataFrame({"name": ["Ale"], "change": [Fact("x", -1.5, "dagar", 1)]})
        >>> columns = [Column("Kommun", "text", of="name"), Column("Ändring", of="change", form="{x:signed}")]
        >>> Table.from_frame(frame, columns, id="t", caption="Ändring").to_frame()["Ändring"].tolist()
        [-1.5]
        """
        rows = frame.itertuples() if isinstance(frame, pd.DataFrame) else frame
        cells = [[column.cell(row) for column in columns] for row in rows]
        return cls(id, caption, list(columns), cells, note)

    def to_frame(self) -> pd.DataFrame:
        """Return the table's numbers, as printed, under its headings; a cell of two numbers gives two columns.

        Those of a share with its count are told apart by their units, other two are the ends of an interval.
        Texts stand in the columns of texts only. What is hidden or missing is NaN.
        """
        found: dict[str, list[Any]] = {}
        for place, column in enumerate(self.columns):
            cells = [row[place] for row in self.rows]
            facts = [_facts(cell) for cell in cells]
            most = max(map(len, facts), default=0)
            if column.kind != "number" or not most:
                found[column.heading] = [
                    _as_data(cell) if cell is not None else None for cell in cells
                ]
                continue
            if any(len(of) == 2 and of[0].unit != of[1].unit for of in facts):
                for unit in dict.fromkeys(fact.unit for of in facts for fact in of):
                    found[f"{column.heading}, {unit}"] = [_in_unit(of, unit) for of in facts]
                continue
            for number, part in enumerate(_PARTS[most] if most in _PARTS else range(most)):
                heading = f"{column.heading}, {part}" if part != "" else column.heading
                found[heading] = [
                    float(of[number].printed()) if number < len(of) else float("nan")
                    for of in facts
                ]
        return pd.DataFrame(found)

    def html(self) -> str:
        """Return the table in a named region that scrolls by itself when it is wide."""
        caption_id = f"{self.id}-rubrik"
        head = "".join(
            f'<th scope="col"{self._role("columnheader")}{_kind(column)}>'
            f"{html.escape(_DAY.sub(_UNBROKEN, column.heading))}</th>"
            for column in self.columns
        )
        body, usual = _with_one_unit("\n".join(self._row(row) for row in self.rows))
        notes = [*([as_text(self.note)] if self.note else []), *self._legend()]
        note = f'\n<p class="note">{join(notes).html()}</p>' if notes else ""
        mark = SYNTHETIC_MARK if self.synthetic() else ""
        row, group = self._role("row"), self._role("rowgroup")
        return (
            f'<div class="{" ".join(self._classes())}" role="region" tabindex="0"'
            f' aria-labelledby="{caption_id}">\n'
            f'<table id="{self.id}"{self._role("table")}{usual}>\n'
            f'<caption id="{caption_id}">{mark}<span>{as_text(self.caption).html()}</span></caption>\n'
            f"<thead{group}><tr{row}>{head}</tr></thead>\n<tbody{group}>\n{body}\n</tbody>\n</table>\n"
            f"</div>{note}\n{self._download()}"
        )

    def csv(self) -> str:
        """Return the table as semicolon-separated text, as a Swedish spreadsheet opens it."""
        headings = [column.heading for column in self.columns]
        cells = [[_as_data(cell) for cell in row] for row in self.rows]
        if self.synthetic():
            headings, cells = [*headings, "Anmärkning"], [[*row, SYNTHETIC] for row in cells]
        return csv_text(headings, cells)

    def synthetic(self) -> bool:
        """Return whether a cell or a text of the table shows a made-up number."""
        cells = [cell for row in self.rows for cell in row if isinstance(cell, Fact)]
        return any(fact.synthetic for fact in cells) or super().synthetic()

    def texts(self) -> list[Text]:
        """Return the caption, the note and the cells that are sentences."""
        cells = [cell for row in self.rows for cell in row if isinstance(cell, Text)]
        return [as_text(self.caption), *([as_text(self.note)] if self.note else []), *cells]

    def _legend(self) -> list[Text]:
        hides = any(isinstance(cell, Hidden) for row in self.rows for cell in row)
        return [as_text(f"{HIDDEN_MARK} betyder {HIDDEN_WORDS}.")] if hides else []

    def _row(self, row: list[Cell]) -> str:
        first, *rest = row
        cells = "".join(
            f"<td{self._role('cell')}{_kind(column)}{self._label(column)}>{_cell(cell)}</td>"
            for column, cell in zip(self.columns[1:], rest, strict=True)
        )
        heading = f'<th scope="row"{self._role("rowheader")}>{_cell(first)}</th>'
        return f"<tr{self._role('row')}>{heading}{cells}</tr>"

    def _classes(self) -> list[str]:
        short = len(self.rows) <= _ROWS_ON_ONE_SHEET
        wide = len(self.columns) > _COLUMNS_ON_AN_UPRIGHT_SHEET
        named = {"stacks": self._stacks, "short": short, "wide": wide}
        return ["table", *(name for name, is_so in named.items() if is_so)]

    @property
    def _stacks(self) -> bool:
        return self.stacked or sum(column.kind != "number" for column in self.columns) >= 3

    def _role(self, role: str) -> str:
        """Say what an element is where the style lays it out as something else than a table."""
        return f' role="{role}"' if self._stacks else ""

    def _label(self, column: Column) -> str:
        if not self._stacks:
            return ""
        words = column.heading if column.heading.endswith("?") else f"{column.heading}:"
        return f' data-label="{html.escape(words, quote=True)}"'

    def _download(self) -> str:
        name = f"pahittade-siffror-{self.id}" if self.synthetic() else self.id
        link = f"{self.id}-csv"
        return (
            f'<p class="download"><a id="{link}" aria-labelledby="{link} {self.id}-rubrik" download="{name}.csv"'
            f' href="{csv_address(self.csv())}">Hämta CSV</a></p>'
        )


_UNIT = re.compile(r' data-unit="[^"]*"')


def _with_one_unit(rows: str) -> tuple[str, str]:
    """Return the rows of a table without the unit that most of their numbers have, and that, for the table to say."""
    usual = Counter(_UNIT.findall(rows)).most_common(1)
    unit = usual[0][0] if usual else ""
    return rows.replace(unit, "") if unit else rows, unit


_PARTS: dict[int, tuple[str, ...]] = {1: ("",), 2: ("lägst", "högst")}


def _in_unit(facts: list[Fact], unit: str) -> float:
    return next((float(one.printed()) for one in facts if one.unit == unit), float("nan"))


def _facts(cell: Cell) -> list[Fact]:
    return [cell] if isinstance(cell, Fact) else cell.facts() if isinstance(cell, Text) else []


def _kind(column: Column) -> str:
    return "" if column.kind == "text" else f' class="{column.kind}"'


def _cell(cell: Cell) -> str:
    if cell is None:
        return f'<span class="missing">{MISSING}</span>'
    shows_itself = Fact | Link | Links | Name | Hidden
    return cell.html() if isinstance(cell, shows_itself) else as_text(cell).html()


def _as_data(cell: Cell) -> str:
    if cell is None:
        return MISSING
    if isinstance(cell, Fact):
        return cell.text()
    if isinstance(cell, Hidden):
        return HIDDEN_MARK
    return cell.words if isinstance(cell, Link | Links | Name) else as_text(cell).plain()
