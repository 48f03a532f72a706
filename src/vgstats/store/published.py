"""The published figures that the package carries, so that everything runs offline on real ones."""

from __future__ import annotations

from functools import cache
from importlib.resources.abc import Traversable

import pandas as pd

from vgstats.catalogue.data_files import bundled, data_folder, read_csv
from vgstats.errors import VgstatsError, nearest
from vgstats.observations import COLUMNS
from vgstats.row_checks import validate

PROVENANCE = [
    "source", "short", "publisher", "title", "place", "address", "published", "kind", "protected",
    "precedence", "licence", "note",
]  # fmt: skip


@cache
def provenance() -> pd.DataFrame:
    """Return where the figures come from, indexed by source key.

    Columns: `short` (the name in a note), `publisher`, `title`, `place` (table or section),
    `address`, `published`, `kind` (`published` by an authority, `own` records, or `demo` for
    synthetic figures), `protected` (`yes` where small numbers were hidden by who gave the figures out, `no`
    where vgstats must do it), `precedence` (a text; where two sources give the same number, the one with the
    lowest counts), `licence`, `note`.
    """
    frame = read_csv(data_folder() / "sources.csv", PROVENANCE)
    return frame.set_index("source")


@cache
def published() -> pd.DataFrame:
    """Return all bundled observations as one valid tidy table (see `vgstats.observations`).

    Raises:
        VgstatsError: a bundled file is missing or broken; the message names file, row and column.
    """
    files = bundled("published")
    return pd.concat([read_published(file) for file in files], ignore_index=True)


def read_published(file: Traversable) -> pd.DataFrame:
    """Return the observations of one bundled file, its rows checked and its sources known."""
    frame = read_csv(file, COLUMNS)
    frame.index = frame.index + 2  # as a person sees the rows in an editor, under the header
    unknown = frame[~frame["source"].isin(provenance().index)]
    if not unknown.empty:
        source = unknown["source"].iloc[0]
        raise VgstatsError(
            f"{file}, row {unknown.index[0]}, column source: {source!r} is not in sources.csv."
            + nearest(source, provenance().index)
        )
    return validate(frame, str(file)).reset_index(drop=True)
