"""Which of the numbers that were asked for a source did not answer, in plain words."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from vgstats.catalogue import areas
from vgstats.catalogue.periods import Period
from vgstats.observations import KEY
from vgstats.row_checks import area_existed
from vgstats.sources.door import with_former_codes
from vgstats.sources.fetch.questions import Request

_PLURALS = {
    "measure": "measures", "group": "groups", "sex": "sexes", "period": "periods", "area": "areas"
}  # fmt: skip
_SHOWN = 5


@dataclass(frozen=True)
class Unanswered:
    """What lacks of one subject, such as a dataset: how many numbers, and lines that say which.

    `count` leaves out the kommuner that did not exist in a period; the lines name them too.
    """

    subject: str
    count: int
    lines: tuple[str, ...]


def unanswered(
    answers: Iterable[tuple[Request, Sequence[pd.DataFrame]]], today: dt.date
) -> list[Unanswered]:
    """Return what was asked for and not answered, an entry for each subject that lacks something.

    A cell that a source gives as hidden or missing is an answer, unless all cells of a question are
    missing.

    Args:
        answers: each question, and the rows (`area`, `period` and so on) of its answers, which are none
            where it was refused or came back empty.
        today: a period that begins later cannot have been published.
    """
    by_subject: dict[str, list[pd.DataFrame]] = {}
    for request, rows in answers:
        by_subject.setdefault(request.subject, []).append(_compared(request, rows))
    found = []
    for subject, parts in by_subject.items():
        asked = pd.concat(parts, ignore_index=True).drop_duplicates(KEY)
        lacking = asked[~asked["there"]]
        born = ~area_existed(lacking.astype({"area": "category", "period": "category"}))
        lines = _lines(lacking[~born], asked, today)
        lines += [
            f"{area} ({areas.name(area)}) did not exist in {_span(list(of['period'].unique()))}; that is no fault."
            for area, of in lacking[born].groupby("area", sort=False)
        ]
        if lines:
            found.append(Unanswered(subject, int(sum(~born)), tuple(lines)))
    return found


def _compared(request: Request, answers: Sequence[pd.DataFrame]) -> pd.DataFrame:
    """Return a row for each number that was asked for, and in `there` whether it came."""
    came = {str(group) for answer in answers for group in answer["group"].unique()}
    groups = request.groups or tuple(sorted(came)) or ("",)
    names = [request.measures, request.areas, request.periods, request.sexes, groups]
    shape = [len(of) for of in names]
    there = np.zeros(shape, dtype=bool)
    for answer in answers:
        if (answer["status"] == "missing").all():
            continue
        rows = with_former_codes(answer)
        codes = [
            pd.Index(of).get_indexer(rows[column].astype(object))
            for column, of in zip(KEY, names, strict=True)
        ]
        known = np.all([code >= 0 for code in codes], axis=0)
        there[tuple(code[known] for code in codes)] = True
    places = np.indices(shape).reshape(len(shape), -1)
    frame = pd.DataFrame(
        {
            column: pd.Index(of).take(place)
            for column, of, place in zip(KEY, names, places, strict=True)
        }
    )
    return frame.assign(there=there.reshape(-1))


def _lines(lacking: pd.DataFrame, asked: pd.DataFrame, today: dt.date) -> list[str]:
    """Return a line for each part of which nothing came, and one for the other numbers."""
    lines = []
    for column in _PLURALS:
        came = set(asked.loc[asked["there"], column])
        nothing = [name for name in lacking[column].unique() if name not in came]
        if not nothing or (not came and column != "area" and len(nothing) == 1):
            continue
        of = lacking[lacking[column].isin(nothing)]
        when = "" if column == "period" else f" ({_span(list(of['period'].unique()))})"
        lines.append(f"{_named(column, nothing, today)}{when}")
        lacking = lacking.drop(of.index)
    if len(lacking):
        first = lacking.iloc[0]
        key = ", ".join(_word(column, first[column]) for column in KEY)
        lines.append(
            f"{'and ' if lines else ''}{numbers(len(lacking))} of "
            f"{_few('area', list(lacking['area'].unique()))} in {_span(list(lacking['period'].unique()))}, "
            f"such as {key}"
        )
    return lines


def _named(column: str, names: list[str], today: dt.date) -> str:
    what = column if len(names) == 1 else _PLURALS[column]
    said = f"nothing came of {len(names)} {what}: "
    if column == "period":
        said += _span(names) if len(names) > _SHOWN else ", ".join(names)
        coming = [name for name in names if Period.parse(name).start > today]
        return said + (f" ({_span(coming)} has not been yet)" if coming else "")
    return said + _few(column, names)


def _few(column: str, names: list[str]) -> str:
    more = f" and {len(names) - _SHOWN} more" if len(names) > _SHOWN else ""
    return ", ".join(_word(column, name) for name in names[:_SHOWN]) + more


def _word(column: str, name: str) -> str:
    if column == "area":
        return name if name == areas.RIKET else f"{name} ({areas.name(name)})"
    return name or "all (no group)"


def numbers(count: int) -> str:
    """Return `1 number` or `18 numbers`."""
    return f"{count} number" if count == 1 else f"{count} numbers"


def _span(periods: list[str]) -> str:
    """Return `2023`, `2023 and 2024` or `2005 to 2024`."""
    ordered = sorted(set(periods))
    if len(ordered) < 3:
        return " and ".join(ordered)
    return f"{ordered[0]} to {ordered[-1]}"
