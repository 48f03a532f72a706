"""Which notebook a page was made with."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from typing import Any

_GIVEN = {"parameters", "injected-parameters"}


def notebook_digest(nb: Mapping[str, Any]) -> str:
    """Return a digest of a notebook's cells as they are written, whatever its parameters."""
    cells = [
        f"{cell['cell_type']}\n{source_of(cell).strip()}\n"
        for cell in nb["cells"]
        if not _GIVEN & set(cell["metadata"].get("tags", []))
    ]
    return hashlib.sha256("".join(cells).encode()).hexdigest()


def digest_of_text(text: str) -> str:
    """Return the digest of a notebook's text (see `notebook_digest`)."""
    return notebook_digest(json.loads(text))


def source_of(cell: Mapping[str, Any]) -> str:
    """Return what a cell says, which a file may hold line by line."""
    source = cell["source"]
    return source if isinstance(source, str) else "".join(source)
