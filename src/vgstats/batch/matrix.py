"""From one parameter file to all its reports: counties times periods, with some more and some fewer.

`matrix` is a list of sets of parameters, each made for every county; `include` lists further reports,
and `exclude` what to leave out: every report that has all the values of one of its entries.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from vgstats import areas
from vgstats.errors import VgstatsError

KEYS = ("matrix", "include", "exclude")


def expanded(content: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """Yield the parameters of every report, each with one county code in `lan`.

    Args:
        content: a parameter file's keys and values, without the report kind.

    Raises:
        VgstatsError: a list is empty or no list, a county stands twice, or an entry of `exclude` leaves
            nothing out.
    """
    shared = {key: value for key, value in content.items() if key not in KEYS and key != "lan"}
    codes = _codes(content["lan"])
    sets = [
        {"lan": code, **shared, **entry}
        for entry in _entries(content, "matrix") or [{}]
        for code in codes
    ]
    for entry in _entries(content, "include"):
        sets += [{**shared, **entry, "lan": code} for code in _codes(entry.get("lan", codes))]
    for entry in _entries(content, "exclude"):
        wanted = {**entry, **({"lan": _codes(entry["lan"])} if "lan" in entry else {})}
        kept = [values for values in sets if not _fits(values, wanted)]
        if len(kept) == len(sets):
            raise VgstatsError(f"exclude: no report has {entry}. Correct the entry or remove it.")
        sets = kept
    if not sets:
        raise VgstatsError("exclude: every report is left out. Remove an entry.")
    yield from sets


def _codes(lan: Any) -> list[str]:
    """Return the county codes that are named; a code that is none is found by the parameters' model."""
    if lan == "alla":
        return [area.removeprefix("lan:") for area in areas.lan()]
    if not isinstance(lan, list):
        return [lan]
    if not lan:
        raise VgstatsError("lan: the list is empty. Name a county, or write alla.")
    twice = {code for code in lan if lan.count(code) > 1}
    if twice:
        raise VgstatsError(f"lan: {min(twice)!r} stands twice. Keep one of them.")
    return lan


def _entries(content: dict[str, Any], key: str) -> list[dict[str, Any]]:
    found = content.get(key, [])
    if not isinstance(found, list) or not all(isinstance(entry, dict) for entry in found):
        raise VgstatsError(
            f"{key}: {found!r} will not do. Expected a list of keys and values, such as "
            "- {before: '2005-12', after: '2008-12'}."
        )
    return found


def _fits(values: dict[str, Any], wanted: dict[str, Any]) -> bool:
    return all(
        values.get(key) in value if key == "lan" else values.get(key) == value
        for key, value in wanted.items()
    )
