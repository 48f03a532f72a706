"""Made-up certificates counted by the code that counts a region's own, so that a demo store has cases of units."""

from __future__ import annotations

import datetime as dt
import os
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

from vgstats.cases.intake import count
from vgstats.cases.keeping import keep
from vgstats.cases.mapping import read_mapping
from vgstats.demo.certificates import Certificates
from vgstats.demo.certificates_file import write_certificates
from vgstats.store.store import Added, Store

_MADE = dt.datetime(
    2026, 1, 1, tzinfo=dt.UTC
).timestamp()  # the same each time, so that nothing is new
_FAULTS = 48


def add_cases(
    store: Store, lan: str, rows: int, last: str, seed: int, file: Path | None
) -> Iterator[tuple[str, Added]]:
    """Make up certificates of a county, count them and add the counts to a store.

    Args:
        store: a store of made-up figures.
        lan: the county.
        rows: about how many certificates.
        last: the last month of the store, as 2025-12: the cases are those of October, that year or the year before.
        seed: of the random numbers.
        file: where to keep the certificates, their mapping and the listed persons; None for nowhere.

    Yields:
        What was added: counts, then statistics.
    """
    year = int(last[:4]) - (last[5:7] < "10")
    size = Certificates(
        lan,
        rows,
        first=dt.date(year - 4, 10, 1),
        last=dt.date(year, 10, 31),
        started=dt.date(year - 1, 10, 1),
        faults=_FAULTS,
        seed=seed,
    )
    with TemporaryDirectory(prefix="vgstats-demo-") as folder:
        written = write_certificates(file or Path(folder, "intyg.parquet"), size)
        for one in (written.certificates, written.mapping, written.listed):
            os.utime(one, (_MADE, _MADE))
        files = [written.certificates]
        counted = count(files, read_mapping(written.mapping), written.mapping.parent, size.last)
        outcomes = keep(counted, files, written.mapping, store)
        for what, outcome in zip(("cases", "statistics"), outcomes, strict=True):
            if outcome.added is None:
                raise AssertionError(f"demo made a bad row: {outcome.rejected.iloc[0].to_dict()}")
            yield f"{what} of certificates", outcome.added
