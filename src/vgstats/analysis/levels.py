"""Areas of one level only: a whole among its own parts is counted twice."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cache

from vgstats.analysis.result import NotComputable, shown
from vgstats.areas import RIKET, all_areas
from vgstats.observations import SEXES

ALL, *PARTS = SEXES
_WHOLE = {RIKET, "00", "0000", "sverige", "landet", "hela landet", "hela riket", "samtliga län"}
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

    A level is told by the type in `lan:14`, by a code in text (`14`, `1480`) or by a name. A name that
    both a county and a kommun go by fits either; one that is not known fits any level but riket.

    Args:
        areas: what stands in the column.
        column: its name, for the reason.

    Raises:
        NotComputable: no one level fits them all; the reason names the levels and how to choose.
    """
    texts = [area for area in dict.fromkeys(areas) if isinstance(area, str)]
    known = {text: _levels(text) for text in texts}
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


def demand_no_total(groups: Iterable[object], column: str) -> None:
    """Refuse the row of all beside the rows of its parts, kvinnor and män.

    Raises:
        NotComputable: it stands there.
    """
    if {ALL, *PARTS} <= {str(group) for group in groups}:
        raise NotComputable(
            f"{ALL} står bland sina delar i kolumnen {shown(column)} och räknas en gång till. Välj bara "
            f"raderna {' och '.join(PARTS)}"
        )


@cache
def _levels(text: str) -> frozenset[str]:
    """Return the levels that an area may be of, none when it is not known."""
    plain = " ".join(text.split()).casefold()
    if plain in _WHOLE or plain.startswith(f"{RIKET} "):
        return frozenset({RIKET})
    typed = plain.split(":")[0]
    if ":" in plain:
        return frozenset({typed} & set(_WORDS))
    return _by_name().get(re.sub(r"^(\d{4}|\d{2}) ", "", plain), frozenset())


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
