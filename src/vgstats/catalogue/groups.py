"""What a reader calls the parts that measures are divided into: `data/groups.yaml`."""

from __future__ import annotations

import re
from functools import cache

from pydantic import BaseModel, ConfigDict

from vgstats.catalogue.data_files import data_folder, read_models


def parse_group(group: str) -> dict[str, str]:
    """Return `{'diagnos': 'F00-F99', 'grad': 'hel'}` for `diagnos=F00-F99;grad=hel`."""
    return dict(pair.split("=", 1) for pair in group.split(";")) if group else {}


class Dimension(BaseModel):
    """One way to divide a measure: its id, its Swedish name, and long and short names of its groups."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    id: str
    name: str
    values: dict[str, tuple[str, str]] = {}


@cache
def dimensions() -> dict[str, Dimension]:
    """Return every known dimension by id."""
    return {d.id: d for d in read_models(data_folder() / "groups.yaml", Dimension)}


def group_name(group: str) -> str:
    """Return a group in a reader's words, such as `Psykiatriska diagnoser (F00–F99)`."""
    return ", ".join(_name(dimension, value) for dimension, value in parse_group(group).items())


def short_name(group: str) -> str:
    """Return a group at the head of a narrow column; the total is `Alla`."""
    pairs = parse_group(group).items()
    return ", ".join(_names(dimension, value)[1] for dimension, value in pairs) or "Alla"


def _name(dimension: str, value: str) -> str:
    name, _ = _names(dimension, value)
    code = value.replace("-", "–")
    if dimension == "diagnos" and name != value and value[0].isupper():
        return f"{name} ({code})"
    if dimension == "alder" and value[0].isdigit():
        return f"{code} år"
    return f"{code} dagar" if dimension == "langd" and re.match(r"\d", value) else name


def _names(dimension: str, value: str) -> tuple[str, str]:
    return dimensions()[dimension].values.get(value, (value, value))
