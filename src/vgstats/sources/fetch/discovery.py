"""Looking up what the sources call things, to correct the datasets file by."""

from __future__ import annotations

from typing import Any

from vgstats.errors import nearest
from vgstats.sources.datasets import Datasets, FkDataset
from vgstats.sources.fetch.asking import object_with_list
from vgstats.sources.fetch.metadata import dimensions, metadata
from vgstats.sources.http import Client


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
