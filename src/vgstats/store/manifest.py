"""The manifest says which files are the store; replacing it is what makes a change visible.

Data files are never altered. A writer adds new ones, then puts a new manifest in place of the old in
one step, so a reader sees the store as it was or as it became, never between.
"""

from __future__ import annotations

from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict, ValidationError

from vgstats.errors import VgstatsError
from vgstats.whole_files import write_whole

NAME = "manifest.json"


Kind = Literal["official", "demo"]


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Origin(_Part):
    """One file or answer that figures came from: the provenance of the rows that carry its hash."""

    sha256: str
    address: str
    retrieved: str
    recognised: str
    licence: str
    left_out: int = 0


class Coverage(_Part):
    """What the store has of one source, measure, kind of area and year.

    `retrieved` is the newest vintage, `checked` when the source was last asked, which may have given
    nothing new. `digest` is the SHA-256 of the newest values; it changes when and only when one of them
    does.
    """

    source: str
    measure: str
    level: str
    year: str
    areas: int
    rows: int
    retrieved: str
    checked: str
    digest: str

    @property
    def key(self) -> tuple[str, str, str, str]:
        """What the entry is about."""
        return self.source, self.measure, self.level, self.year


class DataFile(_Part):
    """One Parquet file: all rows of a source and a measure in one part of the country."""

    name: str
    source: str
    measure: str
    part: str
    rows: int


class Retired(_Part):
    """A data file that is no longer part of the store, kept a while for those still reading it."""

    name: str
    since: float


class Manifest(_Part):
    """The whole store at one moment.

    `kind` is `official` for figures from sources and `demo` for synthetic ones; a store is either.
    """

    format: Literal[1] = 1
    kind: Kind = "official"
    files: list[DataFile] = []
    coverage: list[Coverage] = []
    origins: list[Origin] = []
    sources: list[dict[str, str]] = []
    retired: list[Retired] = []


def read(folder: Path) -> Manifest:
    """Return the manifest of a store, an empty one when there is no store yet.

    Raises:
        VgstatsError: it is broken, or a later version of vgstats wrote it.
    """
    try:
        text = (folder / NAME).read_text(encoding="utf-8")
    except FileNotFoundError:
        return Manifest()
    except (OSError, UnicodeDecodeError) as error:
        raise VgstatsError(f"The store {folder} cannot be read: {error}.") from None
    try:
        return Manifest.model_validate_json(text)
    except ValidationError as error:
        raise VgstatsError(
            f"The store's {folder / NAME} is broken or of another version "
            f"({error.errors()[0]['msg']}). Move the folder away and fetch or import again."
        ) from None


def replace(folder: Path, content: BaseModel, file: str = NAME) -> None:
    """Put a manifest, or another small file of the store, in place of the former one, in one step."""
    write_whole(folder / file, content.model_dump_json(indent=1))
