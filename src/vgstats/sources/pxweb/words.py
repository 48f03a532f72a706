"""Which known table a PxWeb file holds, and what its codes and labels are in the tidy table's words."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from pathlib import Path

import pandas as pd

from vgstats.errors import VgstatsError, nearest
from vgstats.observations import SEXES
from vgstats.sources import labels
from vgstats.sources.datasets import ScbTable, datasets

# The columns of the tidy table that the roles of a table's variables become.
COLUMN_OF_ROLE = {"region": "area", "time": "period", "sex": "sex", "age": "group"}
_TOTAL = re.compile(r"(sc|tot(sa|\d*)|all|1\+2)|(totalt?|samtliga|alla|hela|summa)\b.*", re.I)


def known_tables() -> list[ScbTable]:
    """Return the tables whose contents are confirmed."""
    return [table for table in datasets().scb.tables if table.contents]


def table_of_contents(found: Sequence[str], file: Path, table_id: str = "") -> ScbTable:
    """Return the known table that the contents of a file are of.

    Args:
        found: the codes of the contents in the file.
        file: the file, for messages.
        table_id: the table's id, where the file says it.

    Raises:
        VgstatsError: the contents are not those of one measure.
    """
    known = known_tables()
    tables = [table for table in known if list(found) == [table.contents]]
    if not tables:
        expected = ", ".join(dict.fromkeys(f"{t.contents} ({t.heading})" for t in known))
        what = ", ".join(found) or "none"
        names = [name for table in known for name in (table.contents, table.heading)]
        raise VgstatsError(
            f"{file}: the contents are {what}.{nearest(what, names)} One of these is "
            f"expected, alone: {expected}. Choose it and save the file again, or add the table to a "
            "copy of the datasets file (vgstats fetch --show-datasets)."
        )
    tables = [table for table in tables if table_id and table.table == table_id] or tables
    if len({table.measure for table in tables}) > 1:
        raise VgstatsError(
            f"{file}: the datasets file gives {found[0]} to several measures. Correct it so that each "
            "has contents and a heading of its own."
        )
    return tables[0]


def is_total(text: str) -> bool:
    """Return whether a code or a label is that of a total."""
    return bool(_TOTAL.fullmatch(text.strip()))


def parted_by(name: str, words: Sequence[str], file: Path) -> VgstatsError:
    """Return the refusal of numbers that are parted by something that is not asked for."""
    some = ", ".join(words[:4]) + (" ..." if len(words) > 4 else "")
    return VgstatsError(
        f"{file}: the {name} parts the numbers ({some}). Take it away in the selection, or choose only "
        "its total, and save the file again."
    )


def translated(texts: pd.Series, role: str, words: Mapping[str, str] | None = None) -> pd.Series:
    """Return the tidy table's words for a column of codes or labels.

    Ages become `total`, single years such as `16`, or bands such as `16-19` and `100+`. What is not
    understood, and a code whose label says something else, comes back in words that the door refuses.

    Args:
        texts: codes; or, when no `words` are given, labels, codes, or both as in `14 Skåne län`.
        role: region, time, sex or age.
        words: the label of each code.
    """
    understood = {"region": _region, "time": _time, "sex": _sex, "age": _age}[role]
    otherwise = f"the {role} '{{}}'" if role in ("time", "age") else "{}"

    def word(text: str) -> str:
        if words is not None:
            pairs = [(text, words.get(text, text))]
        else:
            code, _, label = text.strip().partition(" ")
            pairs = [(text, text), (code, label.strip() or code)]
        found = next((found for pair in pairs if (found := understood(*pair))), None)
        # One `=` would make a group of it, and the door would let it in.
        code, label = pairs[0]
        said = otherwise.format(code if code == label else f"{code} {label}")
        return found or said.strip().replace("=", "==")

    return labels.translate(texts, word)


def period(text: str) -> str:
    """Return the period; quoted, so that the door names it, when it is not written as PxWeb does."""
    return _time(text, text) or repr(text)


def _region(code: str, label: str) -> str | None:
    if code == label:
        return labels.area_of_label(code)
    return labels.area_of_code_and_label(code, label)


def _time(code: str, label: str) -> str | None:
    found, said = _period(code), _period(label)
    return found if said in (None, found) else None


def _period(text: str) -> str | None:
    found = labels.pxweb_period(text.strip())
    year = re.fullmatch(r"\d{4}", found, re.ASCII)
    return found if year or found != text.strip() else None


def _sex(code: str, label: str) -> str | None:
    found = {"alla" if is_total(text) else labels.sex(text) for text in (code, label)} & set(SEXES)
    return found.pop() if len(found) == 1 else None


def _age(code: str, label: str) -> str | None:
    if is_total(code) or is_total(label):
        return "total"
    said, found = _years(label), _years(code)
    if said and found and said != found and said.isdigit() and found.isdigit():
        return None
    return said or found


def _years(text: str) -> str | None:
    plain = text.strip().lower().replace("–", "-").removesuffix(" år")
    if re.fullmatch(r"\d{1,3}", plain, re.ASCII):
        return str(int(plain))
    # From 2025 the open class has the code 100+1, and the youngest five years the code -4.
    plain = re.sub(r"^(\d{1,3}\+)1$", r"\1", re.sub(r"^-(?=\d{1,3}$)", "0-", plain))
    return plain if re.fullmatch(r"\d{1,3}(-\d{1,3}|\+)", plain, re.ASCII) else None
