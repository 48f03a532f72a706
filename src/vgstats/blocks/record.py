"""What a report says of itself: its line in an index, and to machines JSON-LD in the words of schema.org."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import MISSING, dataclass, field, fields
from typing import Any

from vgstats.blocks.blocks import SYNTHETIC, Blocks, Title
from vgstats.blocks.tables import HIDDEN, Cell, Hidden
from vgstats.facts.facts import Fact
from vgstats.facts.text import Text
from vgstats.software import __version__, fingerprint, package_versions

_FACT = ("id", "value", "unit", "decimals", "made_up")


@dataclass(frozen=True)
class IndexRow:
    """One report's line in an index.

    `about` heads the table that the line stands in (what is compared, and when). `percent` is the change that the
    areas are compared in, None where there is none to show; `drawn` says of whom it is where `about` does not, and
    `unchanged` that it may be nothing but rounding. `level` is the number after, and `mark` how the change stands
    among the others' in words. A line with a `level` is shown with these, and `cells` under `columns` are further
    ones; other lines are shown as their `cells`. `riket` are the country's cells, the level and the change first
    where the line has them; empty without them. `note` is what must be said wherever the lines are shown, in words.
    `retrieved` is the day of the newest figure.
    """

    area: str
    name: str
    heading: str
    about: str
    columns: tuple[str, ...] = ()
    cells: tuple[Cell, ...] = ()
    riket: tuple[Cell, ...] = ()
    percent: Fact | None = None
    unchanged: bool = False
    level: Fact | None = None
    mark: Text | None = None
    drawn: str = ""
    note: str = ""
    retrieved: str = ""
    synthetic: bool = False
    uncontrolled: bool = False

    def facts(self) -> list[tuple[str, str]]:
        """Return id and machine value of every number that the line shows."""
        cells = [*self.cells, *self.riket, self.percent, self.level, self.mark]
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
        # What has a default may lack: a line packed by an earlier version has not all of it.
        known = [f.name for f in fields(cls) if f.name in packed or f.default is MISSING]
        return cls(**{name: _unpacked(packed[name]) for name in known})


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


RECORD_TYPE = "application/ld+json"
INDEX_ROW_TYPE = "application/vnd.vgstats.index-row+json"

CONTEXT: list[Any] = ["https://schema.org", {"vgstats": "urn:vgstats:"}]


@dataclass(frozen=True)
class Recorded(Blocks):
    """Blocks that also carry the report's record, for the head of the page, and its line in an index."""

    record: dict[str, Any] = field(default_factory=dict)
    index_row: IndexRow | None = None

    def _repr_mimebundle_(self, **_: object) -> dict[str, Any]:
        row = {INDEX_ROW_TYPE: self.index_row.as_json()} if self.index_row else {}
        return {**super()._repr_mimebundle_(), RECORD_TYPE: self.record, **row}


def record_of(
    title: Title,
    *,
    place: str,
    code: str,
    between: tuple[str, str],
    job: dict[str, Any],
    figures: str,
    retrieved: dict[str, str],
    about: dict[str, Any] | None = None,
) -> dict[str, Any]:
    """Return what a report says of itself, without what only the finished page knows.

    Args:
        title: its heading.
        place: what it is about.
        code: the official code of that.
        between: the two periods compared, empty where none are.
        job: the keys and values of a parameter file that makes the same report.
        figures: the digest of its figures.
        retrieved: when the newest number of each source was.
        about: what else there is to say in the words of schema.org.
    """
    return {
        "@context": CONTEXT,
        "@type": "Report",
        "name": title.heading,
        "abstract": (f"{SYNTHETIC} " if title.made_up else "") + title.line.plain(),
        "inLanguage": "sv",
        "spatialCoverage": {"@type": "AdministrativeArea", "name": place, "identifier": code},
        **({"temporalCoverage": "/".join(between)} if any(between) else {}),
        **(about or {}),
        **made_with(),
        "vgstats:job": job,
        "vgstats:figures": figures,
        "vgstats:retrieved": retrieved,
    }


def made_with() -> dict[str, Any]:
    """Return the part of a record that says which software made the page."""
    return {
        "creator": {
            "@type": "SoftwareApplication",
            "name": "vgstats",
            "softwareVersion": __version__,
        },
        "vgstats:software": fingerprint(),
        "vgstats:packages": package_versions(),
    }


def collection(heading: str, parts: Sequence[tuple[str, str]], made: dt.datetime) -> dict[str, Any]:
    """Return what an index says of itself to machines; `parts` are names and files of its reports."""
    return {
        "@context": CONTEXT,
        "@type": "Collection",
        "name": heading,
        "inLanguage": "sv",
        "dateCreated": made.isoformat(timespec="seconds"),
        **made_with(),
        "hasPart": [{"@type": "Report", "name": name, "url": file} for name, file in parts],
    }
