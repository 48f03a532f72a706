"""From one parameter file to all its reports: counties or kommuner times periods, some more and some fewer.

`matrix` is a list of sets of parameters, each made for every county, or for every kommun where the file names
kommuner; `include` lists further reports, and `exclude` what to leave out: every report that has all the values
of one of its entries.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from vgstats.catalogue import areas
from vgstats.errors import VgstatsError

KEYS = ("matrix", "include", "exclude")
_PLACES = ("lan", "kommun")


def expanded(content: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """Yield the parameters of every report, each with one county code in `lan`, and perhaps one in `kommun`.

    Args:
        content: a parameter file's keys and values, without the report kind.

    Raises:
        VgstatsError: a list is empty or no list, a place stands twice, or an entry of `exclude` leaves
            nothing out.
    """
    shared = {key: value for key, value in content.items() if key not in (*KEYS, *_PLACES)}
    sets = [
        {**place, **shared, **entry}
        for entry in _entries(content, "matrix") or [{}]
        for place in _places(content)
    ]
    for entry in _entries(content, "include"):
        sets += [{**shared, **entry, **place} for place in _places({**content, **entry})]
    for entry in _entries(content, "exclude"):
        wanted = {
            key: _codes(key, value) if key in _PLACES else value
            for key, value in entry.items()
            if key not in _PLACES or value != "alla"
        }
        kept = [values for values in sets if not _fits(values, wanted)]
        if len(kept) == len(sets):
            raise VgstatsError(f"exclude: no report has {entry}. Correct the entry or remove it.")
        sets = kept
    if not sets:
        raise VgstatsError("exclude: every report is left out. Remove an entry.")
    yield from sets


def _places(content: dict[str, Any]) -> list[dict[str, str]]:
    """Return the county, or the county and the kommun, of each place that is named.

    What is no code, or lies elsewhere, is found by the parameters' model.
    """
    counties = _codes("lan", content["lan"])
    if "kommun" not in content:
        return [{"lan": lan} for lan in counties]
    of = {lan: _kommuner(lan) for lan in counties}
    if content["kommun"] == "alla":
        return [{"lan": lan, "kommun": kommun} for lan in counties for kommun in of[lan]]
    return [
        {"lan": next((lan for lan in counties if kommun in of[lan]), counties[0]), "kommun": kommun}
        for kommun in _codes("kommun", content["kommun"])
    ]


def _kommuner(lan: str) -> list[str]:
    known = f"lan:{lan}" in areas.lan()
    return (
        [area.removeprefix("kommun:") for area in areas.kommuner(f"lan:{lan}")] if known else [""]
    )


def _codes(key: str, named: Any) -> list[str]:
    """Return the codes that are named."""
    if key == "lan" and named == "alla":
        return [area.removeprefix("lan:") for area in areas.lan()]
    if not isinstance(named, list):
        return [named]
    if not named:
        raise VgstatsError(f"{key}: the list is empty. Name one, or write alla.")
    twice = {code for code in named if named.count(code) > 1}
    if twice:
        raise VgstatsError(f"{key}: {min(twice)!r} stands twice. Keep one of them.")
    return named


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
        values.get(key) in value if key in _PLACES else values.get(key) == value
        for key, value in wanted.items()
    )
