"""What a cell of a filled-in workbook says, where it has one meaning."""

from __future__ import annotations

import datetime as dt
import re
from typing import Any

from vgstats.sources import labels
from vgstats.sources.own_layout import Kind
from vgstats.sources.workbook import cell_text

_YES = ("ja", "j", "x", "sant", "true", "1", "yes")
_NO = ("nej", "n", "falskt", "false", "0", "no")
_TWO_MEANINGS = re.compile(r"-?[1-9]\d{0,2}[.,]\d{3}")  # thousands or decimals


def is_empty(cell: Any) -> bool:
    """Return whether a cell holds nothing, or nothing but blanks."""
    return cell is None or (isinstance(cell, str) and not cell.strip())


def value_of(cell: Any, kind: Kind) -> Any:
    """Return a cell as the model of its column has it.

    Args:
        cell: what stands in the cell: a text, number, day, time, or true or false.
        kind: what the column holds.

    Raises:
        ValueError: it may mean more than one thing, or nothing that the column holds; the message says what it may.
    """
    if kind.type == "bool":
        return _yes_or_no(cell)
    if isinstance(cell, bool | dt.time | dt.timedelta):
        raise ValueError(
            f"the spreadsheet made {cell_text(cell)} of it. Give the cell the format text, and write it anew"
        )
    if kind.type == "date":
        return _day(cell)
    if kind.type in ("int", "float"):
        return _number(cell, kind.type)
    return _period(cell) if kind.period else text_of(cell, prose=kind.prose)


def text_of(cell: Any, *, prose: bool = False) -> str:
    """Return a cell as text without needless blanks; prose keeps its lines."""
    if prose and isinstance(cell, str):
        return "\n".join(" ".join(line.split()) for line in cell.splitlines()).strip("\n")
    return cell_text(cell)


def _yes_or_no(cell: Any) -> bool:
    said = cell_text(cell).rstrip(".").casefold()
    if said not in (*_YES, *_NO):
        raise ValueError(f"{cell_text(cell)!r} will not do. Expected ja or nej, or nothing")
    return said in _YES


def _day(cell: Any) -> dt.date:
    if isinstance(cell, dt.datetime) and not cell.time() == dt.time():
        raise ValueError(f"{cell} has a time of day. Write the day alone, as 2026-01-31")
    if isinstance(cell, dt.datetime | dt.date):
        return dt.date(cell.year, cell.month, cell.day)
    text = cell_text(cell)
    parts = re.fullmatch(r"(\d{4})([-./])(\d{1,2})\2(\d{1,2})", text, re.ASCII)
    words = re.fullmatch(r"(?:den )?(\d{1,2})(?::?e)? (\S+) (\d{4})", text.casefold(), re.ASCII)
    year, month, day = (parts[1], parts[3], parts[4]) if parts else ("", "", "")
    if words:
        year, _, month = labels.month_name(f"{words[2]} {words[3]}").partition("-")
        day = words[1]
    try:
        return dt.date(int(year), int(month), int(day))
    except ValueError:
        raise ValueError(
            f"{text!r} is no day. Expected a day such as 2026-01-31 or 31 januari 2026, or nothing"
        ) from None


def _number(cell: Any, kind: str) -> float | int:
    text = re.sub(r"\s|kr$|kronor$", "", cell_text(cell).casefold()).replace("−", "-")
    if isinstance(cell, str) and _TWO_MEANINGS.fullmatch(text):
        raise ValueError(
            f"{cell_text(cell)!r} may be thousands or decimals. Expected a number such as 898625 or 12,5"
        )
    whole = re.fullmatch(r"-?\d+", text, re.ASCII)
    if whole or (kind == "float" and re.fullmatch(r"-?\d+[.,]\d+(e[-+]?\d+)?", text, re.ASCII)):
        return int(text) if whole else float(text.replace(",", "."))
    wanted = "a whole number such as 13" if kind == "int" else "a number such as 898625 or 12,5"
    raise ValueError(f"{cell_text(cell)!r} is no number. Expected {wanted}, or nothing")


def _period(cell: Any) -> str:
    if isinstance(cell, dt.datetime | dt.date):
        if cell.day != 1:
            raise ValueError(
                f"{cell_text(cell)} is a day. Expected a year or a month, such as 2025 or 2025-12"
            )
        return f"{cell:%Y-%m}"
    return labels.pxweb_period(labels.month_name(cell_text(cell)))
