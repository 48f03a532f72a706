"""What a reader calls sexes, areas and the parts of measures: `data/words.yaml` and `data/groups.yaml`."""

from __future__ import annotations

import re
from functools import cache

from pydantic import Field

from vgstats.catalogue.data_files import data_folder, read_models
from vgstats.entries import Named


def parse_group(group: str) -> dict[str, str]:
    """Return `{'diagnos': 'F00-F99', 'grad': 'hel'}` for `diagnos=F00-F99;grad=hel`."""
    return dict(pair.split("=", 1) for pair in group.split(";")) if group else {}


class SexWords(Named):
    """What a sex is called inside a text, as a heading, and at the head of a narrow column."""

    text: str
    heading: str
    column: str


@cache
def sexes() -> dict[str, SexWords]:
    """Return what the sexes are called by id: `alla`, `kvinnor`, `män`, and the difference `kvinnor-män`."""
    return {one.id: one for one in read_models(data_folder() / "words.yaml", SexWords, "sexes")}


class AreaWords(Named):
    """What areas of a level are called: `kommun`, `kommuner`, `kommunen`, `kommunerna`, `den här kommunen`."""

    one: str
    several: str
    the_one: str
    all: str
    this_one: str


@cache
def area_words(kind: str) -> AreaWords:
    """Return what areas are called, of a level (`kommun`) or in the plural (`kommuner`).

    A plural that is not known keeps its form; one of them is then an `område`.
    """
    *known, anything = read_models(data_folder() / "words.yaml", AreaWords, "areas")
    found = [words for words in (*known, anything) if kind in (words.id, words.several)]
    return found[0] if found else anything.model_copy(update={"several": kind, "all": kind})


class Dimension(Named):
    """One way to divide a measure: its id, its Swedish name, and long and short names of its groups."""

    name: str
    values: dict[str, tuple[str, str]] = Field(default={})


@cache
def dimensions() -> dict[str, Dimension]:
    """Return every known dimension by id."""
    return {d.id: d for d in read_models(data_folder() / "groups.yaml", Dimension)}


def group_name(group: str) -> str:
    """Return a group in a reader's words, such as `Psykiatriska diagnoser (F00–F99)`."""
    return ", ".join(_name(dimension, value) for dimension, value in parse_group(group).items())


_REST = ("övriga", "okänd", "nej")


def group_order(group: str) -> tuple[bool, list[tuple[int, str]]]:
    """Return what sorts groups by the numbers in them, with what is left over last.

    >>> sorted(["langd=180+", "langd=90+"], key=group_order), sorted(["grad=okänd", "grad=partiell"], key=group_order)
    (['langd=90+', 'langd=180+'], ['grad=partiell', 'grad=okänd'])
    """
    parts = re.split(r"(\d+)", group)
    last = not {*_REST}.isdisjoint(parse_group(group).values())
    return last, [(int(part) if part.isdigit() else -1, part) for part in parts]


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
    if dimension == "dag":
        return f"{code} dagar"
    if dimension == "langd" and re.match(r"\d", value):
        return f"{value[:-1]} dagar eller mer" if value.endswith("+") else f"{code} dagar"
    return name


def _names(dimension: str, value: str) -> tuple[str, str]:
    return dimensions()[dimension].values.get(value, (value, value))
