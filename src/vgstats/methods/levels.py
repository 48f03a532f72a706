"""Areas of one level only: a whole among its own parts is counted twice."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from functools import cache
from numbers import Real

import numpy as np
import pandas as pd

from vgstats.catalogue.areas import RIKET, all_areas
from vgstats.methods.arguments import column_list, numeric_columns, refuse, refuse_negative, shown
from vgstats.methods.result import NotComputable
from vgstats.observations import SEXES

ALL, *PARTS = SEXES
_WHOLE = {RIKET, "00", "0000", "sverige", "landet", "samtliga län"}
_WHOLE |= {
    f"{all_of} {of}" for all_of in ("hela", "övriga") for of in ("landet", "riket", "sverige")
}
_TOTAL = {ALL, "total", "totalt", "summa", "totalsumma", "länet"}
_FEWEST_CODES = 6  # whole numbers, fewer may be anything
_WORDS = {
    "riket": "riket",
    "lan": "län",
    "kommun": "kommuner",
    "delregion": "delregioner",
    "hsn": "hälso- och sjukvårdsnämnder",
    "lfc": "lokala försäkringscenter",
}


def demand_one_level(areas: Iterable[object], column: str) -> None:
    """Refuse areas of different levels side by side, such as riket among the counties.

    A level is told by the type in `lan:14`, by a code (`14`, `1480`; as number when all numbers are codes)
    or by a name. A name that both a county and a kommun go by fits either; one that is not known fits any
    level but riket. A row called `Totalt` is a whole where areas of a known level stand beside it.

    Args:
        areas: what stands in the column.
        column: its name, for the reason.

    Raises:
        NotComputable: no one level fits them all; the reason names the levels and how to choose. Or an
            area has no name.
    """
    different = list(dict.fromkeys(areas))
    if any(pd.isna(area) or not str(area).strip() for area in different):
        raise NotComputable(f"ett namn saknas i kolumnen {shown(column)}")
    texts = [area for area in different if isinstance(area, str)] + _codes(different)
    known = {text: _levels(text) for text in texts}
    if any(levels - {RIKET} for levels in known.values()):
        known |= {text: frozenset({RIKET}) for text in texts if _plain(text) in _TOTAL}
    shared = set(_WORDS)
    for levels in known.values():
        shared &= levels or set(_WORDS) - {RIKET}
    if shared or not texts:
        return
    words: dict[str, str] = {}
    for text in sorted(
        texts, key=lambda text: (len(known[text] or _WORDS), known[text] != {RIKET})
    ):
        levels = known[text]
        level = next(iter(levels)) if len(levels) == 1 else ""
        words.setdefault(_WORDS.get(level, "andra områden"), text)
    named = list(words.items())[: max(2, len(words) - ("andra områden" in words))]
    raise NotComputable(
        f"områden på olika nivå står i samma kolumn, {shown(column)}: "
        + " och ".join(f"{level} ({text})" for level, text in named)
        + ". Välj rader på en nivå först, till exempel dem vars område börjar med 'lan:'"
    )


def rows_of_areas(frame: pd.DataFrame, numbers: Sequence[str], key: str) -> pd.DataFrame:
    """Return the areas in `key` and the columns of numbers, a row an area, all of one level.

    Raises:
        NotComputable: as `numeric_columns` and `demand_one_level`.
    """
    rows = numeric_columns(frame, numbers, key=[key])
    demand_one_level(rows[key], key)
    return rows


def place_of_area(rows: pd.DataFrame, area: object, key: str) -> np.ndarray:
    """Return which row is of an area; 0 and "0" are one name.

    Raises:
        NotComputable: there is none.
    """
    own = np.asarray(rows[key].astype(str) == str(area))
    refuse(not own.any(), f"{area!r} inte finns bland områdena")
    return own


def rows_of_strata(
    frame: pd.DataFrame, numbers: Sequence[str], strata: str | Sequence[str]
) -> pd.DataFrame:
    """Return the columns of numbers, none below zero, a row a stratum.

    Raises:
        NotComputable: as `numeric_columns`, `demand_one_level` and `demand_no_total`; there is no row, or
            a number is negative.
    """
    found = numeric_columns(frame, numbers, key=strata)
    refuse(found.empty, "tabellen är tom")
    for column in column_list(strata):
        demand_one_level(found[column], column)
        demand_no_total(found[column], column)
    refuse_negative(found, numbers)
    return found


def demand_no_total(groups: Iterable[object], column: str) -> None:
    """Refuse the row of all beside the rows of its parts, kvinnor and män.

    Raises:
        NotComputable: it stands there.
    """
    found = {_plain(str(group)): group for group in groups}
    whole = [found[total] for total in sorted(_TOTAL) if total in found]
    if whole and set(PARTS) <= set(found):
        raise NotComputable(
            f"{whole[0]} står bland sina delar i kolumnen {shown(column)} och räknas en gång till. Välj bara "
            f"raderna {' och '.join(PARTS)}"
        )


@cache
def _levels(text: str) -> frozenset[str]:
    """Return the levels that an area may be of, none when it is not known."""
    plain = _plain(text)
    if plain in _WHOLE or plain.startswith(f"{RIKET} "):
        return frozenset({RIKET})
    typed = plain.split(":")[0]
    if ":" in plain:
        return frozenset({typed} & set(_WORDS))
    coded = re.match(r"(\d{4}|\d{2}) ", plain)  # 01 Stockholms län, 0180 Stockholm: the code tells
    return _by_name().get(coded[1] if coded else plain, frozenset())


def _plain(text: str) -> str:
    return " ".join(text.split()).casefold()


def _codes(areas: list[object]) -> list[str]:
    """Return whole numbers as codes of areas: 0 is riket, 1 a county, 180 a kommun."""
    numbers = [float(area) for area in areas if isinstance(area, Real)]
    if not all(number.is_integer() and 0 <= number < 10_000 for number in numbers):
        return []
    found = [f"{int(number):0{2 if number < 100 else 4}}" for number in numbers]
    return found if len(found) >= _FEWEST_CODES and all(map(_levels, found)) else []


@cache
def _by_name() -> dict[str, frozenset[str]]:
    """Return the levels of every name and code; a county also without `län` and its genitive s."""
    found: dict[str, set[str]] = {}
    for area, name, level in all_areas()[["name", "level"]].itertuples():
        names = {name.casefold()}
        if level in ("lan", "kommun"):
            names.add(area.split(":")[1])
        if level == "lan":
            short = name.casefold().removesuffix(" län")
            names |= {short, short.removesuffix("s")}
        for text in names:
            found.setdefault(text, set()).add(level)
    return {text: frozenset(levels) for text, levels in found.items()}
