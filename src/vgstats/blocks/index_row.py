"""What an index says of one report. It can be kept as JSON, so that an index needs no report to be made again."""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import Any

from vgstats.blocks.tables import HIDDEN, Cell, Hidden
from vgstats.facts.facts import Fact
from vgstats.facts.text import Text

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
        cells = [*self.cells, *self.riket, self.percent]
        shown = [cell for cell in cells if isinstance(cell, Fact)]
        shown += [fact for cell in cells if isinstance(cell, Text) for fact in cell.facts()]
        return [(fact.id, f"{fact.printed():f}") for fact in shown]

    def as_json(self) -> dict[str, Any]:
        """Return the line as lists, texts and numbers."""
        return {field.name: _packed(getattr(self, field.name)) for field in fields(self)}

    @classmethod
    def from_json(cls, packed: dict[str, Any]) -> IndexRow:
        """Return the line that was packed.

        Raises:
            KeyError, TypeError: it is another thing.
        """
        packed = {"drawn": "", **packed}  # a line packed by an earlier version has none
        return cls(**{field.name: _unpacked(packed[field.name]) for field in fields(cls)})


def _packed(found: Any) -> Any:
    if isinstance(found, tuple):
        return [_packed(one) for one in found]
    if isinstance(found, Hidden):
        return {"hidden": True}
    if isinstance(found, Fact):
        return {**{name: getattr(found, name) for name in _FACT}, "made_up": found.synthetic}
    if isinstance(found, Text):
        parts = {name: _packed(part) for name, part in found.parts.items()}
        return {"template": found.template, "parts": parts}
    if found is None or isinstance(found, str | bool):
        return found
    raise TypeError(f"a cell of an index cannot be a {type(found).__name__}")


def _unpacked(packed: Any) -> Any:
    if isinstance(packed, list):
        return tuple(_unpacked(one) for one in packed)
    if not isinstance(packed, dict):
        return packed
    if "hidden" in packed:
        return HIDDEN
    if "template" in packed:
        parts = {name: _unpacked(part) for name, part in packed["parts"].items()}
        return Text(packed["template"], parts)
    return Fact(**{name: packed[name] for name in _FACT})
