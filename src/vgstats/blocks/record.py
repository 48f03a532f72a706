"""What a page says of itself to machines: JSON-LD in the words of schema.org."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from vgstats.blocks.blocks import SYNTHETIC, Blocks, Title
from vgstats.blocks.index_row import IndexRow
from vgstats.software import fingerprint, package_versions, vgstats_version

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
        between: the two periods compared.
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
        "temporalCoverage": "/".join(between),
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
            "softwareVersion": vgstats_version(),
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
