"""What the sources say of themselves: the parameters of a dataset, the values of each, and their tables."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

from vgstats.errors import VgstatsError, nearest
from vgstats.sources.datasets import Datasets, FkDataset
from vgstats.sources.http import Client, object_with_list


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
            turned, close = _turned(wrong[0]), nearest(wrong[0], known[name])
            found.append(
                f"The parameter {name!r} has no value {', '.join(map(repr, wrong[:5]))}."
                + (f" Did you mean {turned!r}?" if turned in known[name] else close)
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
    pairs = [name for name in lists if len(lists[name]) > 1 and name.startswith(("lan", "kommun"))]
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


def _turned(value: str) -> str:
    return "_".join(reversed(value.split("_")))


def discover_fk(client: Client, datasets: Datasets) -> list[str]:
    """Return lines on what the metadata of each known dataset say, and which of our names they lack.

    A dataset whose metadata cannot be had has a line that says so.
    """
    lines: list[str] = []
    for known in datasets.fk.datasets:
        lines.append(f"{known.dataset}/{known.table}")
        found = metadata(client, known.dataset, datasets.fk.metadata)
        lines += [f"  {line}" for line in _described(found, known)]
    return lines


def discover_scb(client: Client, query: str) -> list[str]:
    """Return a line on each of SCB's tables that a search finds: id, label, first and last period.

    Raises:
        VgstatsError: SCB fails, or answers with something else than a list of tables.
    """
    answer = client.get("tables", {"query": query, "lang": "sv", "pageSize": "100"})
    found = object_with_list(answer, "tables")
    lines = [
        f"{table.get('id', '?')}  {table.get('label', '')}  "
        f"({table.get('firstPeriod', '?')} to {table.get('lastPeriod', '?')})"
        for table in found["tables"]
    ]
    total = (found.get("page") or {}).get("totalElements") or len(lines)
    if total > len(lines):
        lines.append(f"{total - len(lines)} more tables are not shown; search for more words.")
    return lines or [f"SCB has no table that fits {query!r}."]


def _described(found: dict[str, Any] | str, known: FkDataset) -> list[str]:
    if isinstance(found, str):
        return [f"metadata cannot be had: {found}"]
    columns = (found.get("table") or {}).get("columns") or []
    there = dimensions(found)
    # How FK names the tables of a dataset; seen in words only, so what stands there is shown as it is.
    parted = (found.get("filter") or {}).get("uppdelning") or []
    lines = [f"table, by FK's uppdelning: {table}" for table in parted]
    lines += [f"column {c.get('key', '?')}: {c.get('label', '')}" for c in columns]
    for name, values in there.items():
        some = ", ".join(values[:5]) + (", …" if len(values) > 5 else "")
        lines.append(f"dimension {name}: {len(values)} values ({some})")
    for name in (*known.parameters.values(), *known.fixed):
        if name not in there:
            lines.append(f"NOT THERE: parameter {name!r}.{nearest(name, there)}")
    keys = [str(column.get("key", "")) for column in columns]
    for name in known.observations:
        if columns and name not in keys:
            lines.append(f"NOT THERE: observation {name!r}.{nearest(name, keys)}")
    return lines
