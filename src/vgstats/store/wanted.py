"""What a report asks for, before anybody knows whether there is any."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Wanted:
    """One measure of one area, in the periods named or, with none named, in all.

    `sexes_only` leaves out the numbers by diagnosis and other groups. Of a region's own counts no more is
    then released, so that less has to be hidden.
    """

    area: str
    measure: str
    periods: tuple[str, ...] = ()
    sexes_only: bool = False


@dataclass(frozen=True)
class DataRequest:
    """What a report reads: figures, and a region's own texts on a county and an agreement, none without a county."""

    wanted: tuple[Wanted, ...]
    texts_on: str = ""
    agreement: str = ""
