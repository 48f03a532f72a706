"""Which of Försäkringskassan's datasets an export is of: by `--dataset`, its file's name or its header."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from pathlib import Path

from vgstats.errors import VgstatsError, misspelt
from vgstats.sources import labels
from vgstats.sources.datasets import FkDataset, FkObservation, datasets, fk_dataset

ROLES = {
    "År": "year",
    "Månad": "month",
    "Kvartal": "quarter",
    "Län": "lan",
    "Kommun": "kommun",
    "Ålder": "age",
    "Kön": "sex",
    "Diagnoskapitel": "diagnosis",
}


def roles_of(dataset: FkDataset | None = None) -> dict[str, str]:
    """Return the role of each heading of a dataset, of any when left out."""
    of = [dataset] if dataset else datasets().fk.datasets
    return ROLES | {heading: role for d in of for role, heading in d.headings.items()}


def dataset_of(
    file: Path, header: Sequence[str], wanted: str = ""
) -> tuple[FkDataset, dict[str, FkObservation]]:
    """Return the dataset of a table with this header, and the observation under each heading of numbers.

    Under its name a dataset is known by headings that leave out what it has only one of: `Antal pågående
    sjukfall` is F43's, and `sjukpenningtal` is 1.0's or 2.0's. Without it they are nobody's.

    Raises:
        VgstatsError: a heading is unknown, the table may be of several datasets or is of none, or a column
            that the dataset has is missing.
    """
    named = fk_dataset(wanted, file)
    every = roles_of()
    headings = [name for name in header if name not in every]
    known = [named] if named else datasets().fk.datasets
    names = {d.source: _headings(d, loosely=named is not None) for d in known}
    _refuse_unknown(file, headings, names, named)
    fits = [d for d in known if set(headings) <= set(names[d.source])]
    if not fits:
        raise VgstatsError(
            f"{file}: the columns {', '.join(headings)} are of several datasets. Export them one by one."
        )
    whole = [d for d in fits if not _lacking(d, header)]
    parts = {every[name] for name in header if name in every} & set(labels.PARTS)
    # Tables that share a heading are told apart by what they part their numbers by.
    whole = [d for d in whole if parts == set(d.parameters) & set(labels.PARTS)] or whole
    if len(whole) > 1:
        raise _ask(file, headings, whole)
    dataset = (whole or fits)[0]
    dataset.refuse_own_dimension(file, [every[name] for name in header if name in every])
    found = {name: names[dataset.source][name] for name in headings}
    if not any(observation.measure for observation in found.values()):
        raise VgstatsError(
            f"{file}: it holds only {', '.join(headings)}, which no measure of vgstats is made of."
        )
    if not whole:
        others = [d.dataset for d in _loosely(headings) if not _lacking(d, header)]
        or_name = f", or name its dataset with --dataset: {', '.join(others)}" if others else ""
        raise VgstatsError(
            f"{file}: the column {_lacking(dataset, header)[0]!r} is missing; there are "
            f"{', '.join(header)}. Export the table again with it{or_name}."
        )
    return dataset, found


def _headings(dataset: FkDataset, *, loosely: bool = False) -> dict[str, FkObservation]:
    """Return the observations by heading; loosely, also by headings without their words with digits."""
    named: dict[str, FkObservation] = {}
    for observation in dataset.observations.values():
        words = observation.heading.split()
        bare = " ".join(word for word in words if not re.search(r"\d", word))
        for heading in (observation.heading, *([bare] if loosely else [])):
            named |= dict.fromkeys((heading, heading.lower()), observation)
    return named


def _loosely(headings: Sequence[str]) -> list[FkDataset]:
    return [d for d in datasets().fk.datasets if set(headings) <= set(_headings(d, loosely=True))]


def _lacking(dataset: FkDataset, header: Sequence[str]) -> list[str]:
    """Return the columns without which it is a guess what the numbers of a dataset are about."""
    roles = roles_of(dataset).items()
    return [name for name, role in roles if role in dataset.parameters and name not in header]


def _refuse_unknown(
    file: Path,
    headings: Sequence[str],
    names: Mapping[str, Mapping[str, FkObservation]],
    named: FkDataset | None,
) -> None:
    unknown = [name for name in headings if not any(name in of for of in names.values())]
    if not unknown and headings:
        return
    may_be = _loosely(headings) if headings else []
    if may_be and named:
        raise VgstatsError(
            f"{file}: --dataset or the file's name says {named.dataset}, and the heading "
            f"{', '.join(headings)} is of {', '.join(d.dataset for d in may_be)}. Name that one."
        )
    if may_be:
        raise _ask(file, headings, may_be)
    name = unknown[0] if unknown else "a measure"
    known = list(dict.fromkeys(o.heading for of in names.values() for o in of.values()))
    raise VgstatsError(
        f"{file}: the column {name!r} is unknown.{misspelt(name, known)} Known: {', '.join(known)}. "
        "Add the heading to a copy of the datasets file (vgstats fetch --show-datasets), or remove "
        "the column."
    )


def _ask(file: Path, headings: Sequence[str], fits: Sequence[FkDataset]) -> VgstatsError:
    return VgstatsError(
        f"{file}: the heading {', '.join(headings)} does not say of which dataset the figures are. Name "
        f"it with --dataset: {', '.join(d.dataset for d in fits)}."
    )
