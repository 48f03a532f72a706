"""What to say of the reports of a run that have nothing to compare: which, what leaves them out, one fetch for all."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from vgstats.errors import VgstatsError
from vgstats.reports.base.common import Parameters
from vgstats.reports.base.gathering import GET, NoFiguresError, one_fetch

Lacking = Sequence[tuple[Parameters, VgstatsError]]


def told_of(
    lacking: Mapping[Path, Lacking], reports: Mapping[Path, int]
) -> dict[Path, VgstatsError]:
    """Return what to say of the reports that cannot be made, by parameter file.

    Args:
        lacking: for each of some parameter files, the reports that cannot be made and why.
        reports: how many reports each file asks for.
    """
    errors = [error for of in lacking.values() for _, error in of]
    figures = [one for one in errors if isinstance(one, NoFiguresError)]
    command = one_fetch([(one.measure, one.parameters) for one in figures])
    alone = command if len(lacking) == 1 else ""
    found = {
        file: VgstatsError(f"{file}: {_of_one(of, alone, some_left=len(of) < reports[file])}")
        for file, of in lacking.items()
    }
    if len(found) > 1 and command:
        last = list(found)[-1]
        found[last] = VgstatsError(*found[last].args, f"{GET} for all of these: {command}.")
    return found


def _of_one(lacking: Lacking, command: str, *, some_left: bool) -> str:
    """Return what to say of one file: the first report that cannot be made, and which others there are."""
    _, first = lacking[0]
    words = first.words if isinstance(first, NoFiguresError) else str(first)
    others = _and_others([parameters for parameters, _ in lacking], some_left=some_left)
    return " ".join(filter(None, (words, f"{GET}: {command}." if command else "", others)))


def _and_others(refused: Sequence[Parameters], *, some_left: bool) -> str:
    """Return which other reports are refused: as what leaves all of them out, where any report is left then."""
    told_apart = [parameters.told_apart() for parameters in refused]
    if not some_left:
        named: dict[str, list[str]] = {}
        for told in told_apart[1:]:
            key, code = next(iter(told.items()))
            named.setdefault(key, []).append(code)
        others = [f"{key} {', '.join(dict.fromkeys(codes))}" for key, codes in named.items()]
        return f"The same goes for {' and '.join(others)}." if others else ""
    entries: dict[tuple[tuple[str, str], ...], dict[str, Any]] = {}
    for parameters, told in zip(refused, told_apart, strict=True):
        shared = tuple((key, told[key]) for key in told if key not in parameters.axes)
        entry = entries.setdefault(shared, {})
        for axis in told.keys() - dict(shared):
            entry.setdefault(axis, []).append(told[axis])
    return "\n".join(
        [
            f"To leave out the reports that cannot be made ({len(refused)}):",
            "exclude:",
            *(f"  - {_as_yaml({**entry, **dict(shared)})}" for shared, entry in entries.items()),
        ]
    )


def _as_yaml(entry: Mapping[str, Any]) -> str:
    """Return keys and values as a line of a parameter file, where every value stands in quotation marks."""
    return f"{{{', '.join(f'{key}: {json.dumps(value)}' for key, value in entry.items())}}}"
