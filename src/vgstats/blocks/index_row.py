"""What an index says of one report. It can be kept as JSON, so that an index needs no report to be made again."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from vgstats.blocks.tables import HIDDEN, Cell, Hidden
from vgstats.facts.facts import Fact
from vgstats.facts.text import Text, as_text

_FACT = ("id", "value", "unit", "decimals", "made_up")


@dataclass(frozen=True)
class IndexRow:
    """One report's line in an index.

    `about` heads the table that the line stands in (what is compared, and when), with `columns` for its
    `cells`. `riket` are the country's cells, empty without them. `percent` is the change that counties are
    compared in, None where there is none to show, and `drawn` says of what or whom it is where `about` does not.
    `retrieved` is the day of the newest figure.
    """

    area: str
    name: str
    heading: str
    about: str
    columns: tuple[str, ...]
    cells: tuple[Cell, ...]
    riket: tuple[Cell, ...] = ()
    percent: Fact | None = None
    drawn: str = ""
    retrieved: str = ""
    synthetic: bool = False
    uncontrolled: bool = False

    def facts(self) -> list[tuple[str, str]]:
        """Return id and machine value of every number that the line shows."""
        texts = [
            as_text(cell) for cell in (*self.cells, *self.riket) if isinstance(cell, Text | str)
        ]
        shown = [
            cell for cell in (*self.cells, *self.riket, self.percent) if isinstance(cell, Fact)
        ]
        shown += [fact for text in texts for fact in text.facts()]
        return [(fact.id, f"{fact.printed():f}") for fact in shown]

    def as_json(self) -> dict[str, Any]:
        """Return the line as lists, texts and numbers."""
        return {
            "area": self.area,
            "name": self.name,
            "heading": self.heading,
            "about": self.about,
            "columns": list(self.columns),
            "cells": [_packed(cell) for cell in self.cells],
            "riket": [_packed(cell) for cell in self.riket],
            "percent": _packed(self.percent),
            "drawn": self.drawn,
            "retrieved": self.retrieved,
            "synthetic": self.synthetic,
            "uncontrolled": self.uncontrolled,
        }

    @classmethod
    def from_json(cls, packed: dict[str, Any]) -> IndexRow:
        """Return the line that was packed.

        Raises:
            KeyError, TypeError: it is another thing.
        """
        percent = _unpacked(packed["percent"])
        return cls(
            area=packed["area"],
            name=packed["name"],
            heading=packed["heading"],
            about=packed["about"],
            columns=tuple(packed["columns"]),
            cells=_cells(packed["cells"]),
            riket=_cells(packed["riket"]),
            percent=percent if isinstance(percent, Fact) else None,
            drawn=packed.get("drawn", ""),
            retrieved=packed["retrieved"],
            synthetic=packed["synthetic"],
            uncontrolled=packed["uncontrolled"],
        )


def _cells(packed: Sequence[Any]) -> tuple[Cell, ...]:
    return tuple(_unpacked(cell) for cell in packed)


def _packed(cell: Cell) -> Any:
    if isinstance(cell, Hidden):
        return {"hidden": True}
    if isinstance(cell, Fact):
        return {**{name: getattr(cell, name) for name in _FACT}, "made_up": cell.synthetic}
    if isinstance(cell, Text):
        parts = {name: _packed(part) for name, part in cell.parts.items()}  # type: ignore[arg-type]
        return {"template": cell.template, "parts": parts}
    if cell is None or isinstance(cell, str):
        return cell
    raise TypeError(f"a cell of an index cannot be a {type(cell).__name__}")


def _unpacked(packed: Any) -> Any:
    if not isinstance(packed, dict):
        return packed
    if "hidden" in packed:
        return HIDDEN
    if "template" in packed:
        parts = {name: _unpacked(part) for name, part in packed["parts"].items()}
        return Text(packed["template"], parts)
    return Fact(**{name: packed[name] for name in _FACT})
