"""What fetching and importing share: their options, and how they tell what became of the rows."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Annotated

import pandas as pd
import typer

from vgstats.catalogue.measures import UNKNOWN_MEASURE, known_measures
from vgstats.cli.terminal import err, say
from vgstats.errors import VgstatsError
from vgstats.ingest import Outcome
from vgstats.store.store import Store

_SHOWN = 40  # kinds of faults
_OF_A_KIND = 3  # rows, and values
_REMEDIES = {
    "is not a known area": ". Write a code, a name or both: 14, 1480, Göteborg, 14 Västra Götalands län, riket.",
    "is not a period": ". Write 2024, 2024-Q4 or 2024-12. Where a spreadsheet has made a date of it, format the "
    "column as text and write the month again.",
    "is not a known sex": ". Write alla, kvinnor (K) or män (M).",
    "is not a whole number": " Write 1234 or 1 234.",
    "is neither a number nor a mark": ". Write a number, .. (hidden), - (nobody) or nothing (missing).",
    "stands more than once under one key": ". Keep the row that is right.",
    "is not sorted dimension=value pairs": ". Write it as diagnos=F00-F99 or alder=16-29;grad=hel.",
    "the range that the measure allows": ". Correct the value, or its unit.",
}

AllowPartial = Annotated[
    bool, typer.Option("--allow-partial", help="Import the good rows although others are rejected.")
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
        VgstatsError: rows were rejected and nothing was imported.
    """
    for row in outcome.summary.itertuples():
        marks = f" ({row.marks})" if row.marks else ""
        say(f"  {row.measure}: {row.rows} rows{marks}, {row.areas}, {row.first} to {row.last}")
    if len(outcome.rejected):
        _list_rejected(outcome.rejected, rejected_file)
    if outcome.added is None:
        count = outcome.rejected[["file", "sheet", "row"]].drop_duplicates().shape[0]
        raise VgstatsError(
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
    lines = list(_in_words(rejected))
    for line in lines[:_SHOWN]:
        err.print(f"Rejected: {line}")
    if len(lines) > _SHOWN and file is None:
        err.print(f"... and {len(lines) - _SHOWN} more; --rejected FILE writes all of them.")
    unknown = rejected.loc[rejected["rule"] == UNKNOWN_MEASURE, "value"].unique()
    if len(unknown):
        err.print(known_measures(unknown[0]))
    if file is not None:
        rejected.to_csv(file, index=False)
        err.print(f"All rejected rows: {file}")


def _in_words(rejected: pd.DataFrame) -> Iterator[str]:
    """Yield what is wrong, a line for each kind of fault however many rows have it."""
    kind = rejected["rule"].str.replace(r"\d[\d.]*", "#", regex=True)
    for _, rows in rejected.groupby([rejected["column"], kind], sort=False):
        first = rows.iloc[0]
        values = _some([repr(value) for value in rows["value"].unique()])
        remedy = next((text for rule, text in _REMEDIES.items() if rule in first["rule"]), "")
        yield f"{_places(rows)}, column {first['column']}: {values} {first['rule']}{remedy}"


def _places(rows: pd.DataFrame) -> str:
    """Return where rows stand: a file, a sheet and the first of the rows."""
    (name, sheet), of_first = next(iter(rows.groupby(["file", "sheet"], sort=False)))
    numbers = [str(row) for row in of_first["row"].unique()]
    of = f"{name}{f', sheet {sheet}' if sheet else ''}, row{'s' if len(numbers) > 1 else ''} {_some(numbers)}"
    more = len(rows[["file", "sheet", "row"]].drop_duplicates()) - len(numbers)
    return f"{of} and {more} rows elsewhere" if more else of


def _some(texts: list[str]) -> str:
    """Return the first few of some texts, and how many more there are."""
    more = len(texts) - _OF_A_KIND
    return ", ".join(texts[:_OF_A_KIND]) + (f" and {more} more" if more > 0 else "")
