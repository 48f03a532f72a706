"""Tables as data that a reader can take out of the page, safe to open in a spreadsheet."""

from __future__ import annotations

import base64
import csv
import io
import re
from collections.abc import Sequence

from vgstats.facts.facts import GROUP, MINUS, NO_BREAK

MARKS = ("-", "..")
_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
_UNSEEN = re.compile(r"^[\s\x00-\x1f\ufeff\u200b-\u200f]+")
_FORMULA_INSIDE = re.compile(r"([,;\t\r\n][\s\x00-\x1f]*)([=+@＝＋＠-])")
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
    runs = words.startswith(_FORMULA_STARTS) or _UNSEEN.sub("", words).startswith(_FORMULA_STARTS)
    return f"'{words}" if runs else words
