"""Reading the tables and texts that the package carries."""

from __future__ import annotations

import hashlib
from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable
from io import StringIO
from typing import Any, TypeVar

import pandas as pd
import yaml
from pydantic import ValidationError

from vgstats.entries import Entry, first_fault
from vgstats.errors import VgstatsError
from vgstats.software import files_in

M = TypeVar("M", bound=Entry)

_CHECKSUMS = "SHA256SUMS"
_REMEDY = "Install the package again, or restore the file from version control."
_CHANGED = "After a wanted change, run 'make checksums'."
# A tenth of the time, where PyYAML was built with libyaml.
_Loader: type[yaml.SafeLoader] = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


def data_folder() -> Traversable:
    """Return the folder with the bundled data."""
    return files("vgstats") / "data"


@cache
def _checksums() -> dict[str, str]:
    """Return the digest of every bundled file by name.

    Raises:
        VgstatsError: the list is missing or broken, or names other files than there are.
    """
    file = data_folder() / _CHECKSUMS
    try:
        lines = [line.split() for line in file.read_text(encoding="utf-8").splitlines()]
        digests = {name: digest for digest, name in lines}
    except (OSError, ValueError):
        raise VgstatsError(f"The bundled file {file} is missing or broken. {_REMEDY}") from None
    there = {name for name, file in files_in(data_folder()) if not file.name.startswith(".")}
    unlisted = sorted(there - {_CHECKSUMS, *digests})
    if unlisted:
        raise VgstatsError(
            f"The bundled file {file} is broken: it does not name {unlisted[0]}. {_REMEDY} {_CHANGED}"
        )
    return digests


def bundled(subfolder: str) -> list[Traversable]:
    """Return the files that a folder of the bundled data should hold, by name."""
    names = (name for name in _checksums() if name.startswith(f"{subfolder}/"))
    return [data_folder() / name for name in sorted(names)]


def read_text(file: Traversable) -> str:
    """Return the text of a bundled file.

    Raises:
        VgstatsError: the file is missing, or is not byte for byte the one that was bundled.
    """
    try:
        content = file.read_bytes()
    except OSError:
        raise VgstatsError(f"The bundled file {file} is missing. {_REMEDY}") from None
    name = str(file).removeprefix(str(data_folder())).lstrip("/\\").replace("\\", "/")
    if hashlib.sha256(content).hexdigest() != _checksums().get(name):
        raise VgstatsError(
            f"The bundled file {file} is broken: it is not the one in {_CHECKSUMS}. {_REMEDY} {_CHANGED}"
        )
    return content.decode("utf-8")


def verify() -> None:
    """Check every bundled file, so that a broken one is found before anything is made of it.

    Raises:
        VgstatsError: a file is missing or broken.
    """
    for name in _checksums():
        read_text(data_folder() / name)


def read_csv(file: Traversable, columns: list[str]) -> pd.DataFrame:
    """Return a bundled CSV with every cell as text, empty cells as empty text.

    Raises:
        VgstatsError: the file is missing or cannot be parsed, or its columns are not `columns`.
    """
    try:
        frame = pd.read_csv(StringIO(read_text(file)), dtype=str, keep_default_na=False)
    except (pd.errors.ParserError, pd.errors.EmptyDataError) as error:
        raise VgstatsError(f"The bundled file {file} is broken: {error}. {_REMEDY}") from None
    if list(frame.columns) != columns:
        raise VgstatsError(
            f"The bundled file {file} has the columns {', '.join(frame.columns)}; "
            f"expected {', '.join(columns)}. {_REMEDY}"
        )
    return frame


def read_models(file: Traversable, model: type[M], under: str = "") -> list[M]:
    """Return the entries of a bundled YAML list, each as a `model`; of a file of several lists the one `under` a key.

    Raises:
        VgstatsError: the file is missing, is not YAML, or an entry does not fit the model.
    """
    try:
        entries: Any = yaml.load(read_text(file), Loader=_Loader)  # noqa: S506 - a safe one
    except yaml.YAMLError as error:
        raise VgstatsError(f"The bundled file {file} is broken: {error}. {_REMEDY}") from None
    entries = entries.get(under) if isinstance(entries, dict) else entries
    if not isinstance(entries, list):
        raise VgstatsError(f"The bundled file {file} should hold a list. {_REMEDY}")
    return [_entry(file, number, entry, model) for number, entry in enumerate(entries, 1)]


def _entry(file: Traversable, number: int, entry: Any, model: type[M]) -> M:
    try:
        return model.model_validate(entry)
    except ValidationError as error:
        named = entry.get("id") if isinstance(entry, dict) else None
        raise VgstatsError(
            f"The bundled file {file} is broken: entry {named or number}, {first_fault(error)}. Correct the entry and "
            f"run 'make checksums'. If you have not changed it: {_REMEDY[0].lower()}{_REMEDY[1:]}"
        ) from None
