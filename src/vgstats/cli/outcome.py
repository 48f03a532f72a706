"""What fetching and importing share: their options, and how they tell what became of the rows."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import pandas as pd
import typer

from vgstats.cli.terminal import err, say, stop
from vgstats.errors import VgstatsError
from vgstats.ingest import Outcome
from vgstats.store.store import Store

_SHOWN = 40

AllowPartial = Annotated[
    bool,
    typer.Option("--allow-partial", help="Import the good rows although others are rejected."),
]
RejectedFile = Annotated[
    Path | None, typer.Option("--rejected", help="Write all rejected rows to this CSV.")
]


def check_rejected_file(file: Path | None) -> None:
    """Refuse a file for rejected rows that cannot be written, before anything is imported."""
    if file is None:
        return
    try:
        file.open("a", encoding="utf-8").close()
    except OSError as error:
        raise VgstatsError(
            f"--rejected: {file} cannot be written ({error.strerror}). Name another file."
        ) from None


def report(outcome: Outcome, store: Store, rejected_file: Path | None) -> None:
    """Say what an import took and what it refused.

    Raises:
        typer.Exit: rows were rejected and nothing was imported (code 2).
    """
    for row in outcome.summary.itertuples():
        marks = f" ({row.marks})" if row.marks else ""
        say(f"  {row.measure}: {row.rows} rows{marks}, {row.areas}, {row.first} to {row.last}")
    if len(outcome.rejected):
        _list_rejected(outcome.rejected, rejected_file)
    if outcome.added is None:
        count = outcome.rejected[["file", "sheet", "row"]].drop_duplicates().shape[0]
        raise stop(
            f"{count} rows were rejected, so nothing was imported. Correct them at the source, or "
            "import the others with --allow-partial."
            if count
            else "There are no rows of figures, so nothing was imported."
        )
    added = outcome.added
    say(
        f"{added.new} new values, {added.revised} revised, {added.unchanged} known already. "
        f"Store: {store.folder}"
    )


def _list_rejected(rejected: pd.DataFrame, file: Path | None) -> None:
    for row in rejected.head(_SHOWN).itertuples():
        sheet = f", sheet {row.sheet}" if row.sheet else ""
        err.print(
            f"Rejected: {row.file}{sheet}, row {row.row}, column {row.column}: {row.value!r} {row.rule}",
            markup=False,
        )
    if len(rejected) > _SHOWN and file is None:
        err.print(f"... and {len(rejected) - _SHOWN} more; --rejected FILE writes all of them.")
    if file is not None:
        rejected.to_csv(file, index=False)
        err.print(f"All rejected rows: {file}", markup=False)
