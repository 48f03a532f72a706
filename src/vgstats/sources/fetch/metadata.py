"""What Försäkringskassan says of a dataset: its parameters, and the values that each can have."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

from vgstats.errors import VgstatsError, nearest
from vgstats.sources.http import Client


def metadata(client: Client, dataset: str, paths: Sequence[str]) -> dict[str, Any] | str:
    """Return the metadata of a dataset, or in words why they cannot be had."""
    reason = "no address of metadata is known"
    for path in paths:
        try:
            content = json.loads(client.get(f"{dataset}/{path}").content)
            if dimensions(content):
                return dict(content)
            reason = f"{dataset}/{path} names no dimensions"
        except VgstatsError as error:
            reason = str(error)
        except (ValueError, TypeError, AttributeError, KeyError):
            reason = f"{dataset}/{path} is not in the form that is known"
    return reason


def dimensions(metadata: dict[str, Any]) -> dict[str, list[str]]:
    """Return the values of each dimension; a subdimension, such as kommun in län, is one too."""
    found: dict[str, list[str]] = {}
    for dimension in metadata["filter"]["dimension"]:
        values = dimension.get("values") or []
        found[dimension["key"]] = [str(value["key"]) for value in values]
        for inner in (value["subdimension"] for value in values if value.get("subdimension")):
            found.setdefault(inner["key"], []).extend(str(v["key"]) for v in inner["values"])
    return found


def misfits(params: Mapping[str, str], known: Mapping[str, Sequence[str]]) -> list[str]:
    """Return sentences on where the parameters of a question do not fit the dimensions."""
    found = []
    for name, text in params.items():
        if name not in known:
            unused = [other for other in known if other not in params]
            found.append(f"There is no parameter {name!r}.{nearest(name, unused)}")
            continue
        wrong = [value for value in text.split(",") if known[name] and value not in known[name]]
        if wrong:
            found.append(
                f"The parameter {name!r} has no value {', '.join(map(repr, wrong[:5]))}."
                f"{_nearest_value(wrong[0], known[name])}"
            )
    missing = [name for name in known if name not in params]
    if missing:
        found.append(f"Not asked for, but in the dataset: {', '.join(map(repr, missing))}.")
    return found


def known_values(
    params: Mapping[str, str], known: Mapping[str, Sequence[str]]
) -> dict[str, str] | None:
    """Return the parameters of a question without the values that the dimensions do not have.

    None where that is the same question or no question: a name is unknown, a list is left empty, or a
    kommun is only written the other way round. `lan_kod` and `kommun_kod` are lists in pairs, so both
    lose the place of a kommun that is not there.
    """
    if set(params) != set(known):
        return None
    lists = {name: text.split(",") for name, text in params.items()}
    pairs = [name for name in lists if len(lists[name]) > 1 and _is_area(name)]
    kept = {name: [v in known[name] or not known[name] for v in of] for name, of in lists.items()}
    if len(pairs) == 2:
        both = [all(place) for place in zip(*(kept[name] for name in pairs), strict=True)]
        kept |= dict.fromkeys(pairs, both)
    turned = any(
        _turned(v) in known[name] for name, of in lists.items() for v in of if v not in known[name]
    )
    if turned or all(map(all, kept.values())) or not all(map(any, kept.values())):
        return None
    return {
        name: ",".join(v for v, keep in zip(of, kept[name], strict=True) if keep)
        for name, of in lists.items()
    }


def _is_area(name: str) -> bool:
    return name.startswith(("lan", "kommun"))


def _nearest_value(value: str, known: Sequence[str]) -> str:
    turned = _turned(value)
    return f" Did you mean {turned!r}?" if turned in known else nearest(value, known)


def _turned(value: str) -> str:
    return "_".join(reversed(value.split("_")))
