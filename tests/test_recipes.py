"""The recipes run as they stand in one real kernel, are short, show what they promise, and their numbers are right."""

from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise
from typing import Any

import nbformat
import pandas as pd
import pytest
import yaml
from nbclient import NotebookClient

from support import ROOT
from vgstats import published
from vgstats.catalogue.data_files import data_folder
from vgstats.demo import store as made_up_store

NOTEBOOK = ROOT / "notebooks" / "recept.ipynb"
PICTURE, TABLE, SENTENCE, ANSWER = "image/png", "<table", "<p>", '<table id="'
MADE_UP = "(påhittade siffror)"


def recipes() -> dict[str, str]:
    """The code of each recipe by its question."""
    cells = nbformat.read(NOTEBOOK, as_version=4).cells[2:]
    pairs = [(words, code) for words, code in pairwise(cells) if code.cell_type == "code"]
    return {words.source.splitlines()[0].removeprefix("## "): code.source for words, code in pairs}


def value(measure: str, area: str, period: str, sex: str = "alla", group: str = "") -> float:
    """A bundled number, out of the tidy table."""
    return float(
        published()
        .set_index(["measure", "area", "period", "sex", "group"])["value"]
        .loc[measure, area, period, sex, group]
    )


def by_lan(measure: str, period: str) -> pd.Series:
    of = published().query("measure == @measure and period == @period and sex == 'alla'")
    return of[of["area"].str.startswith("lan:")].set_index("area")["value"]


def made_up(measure: str, period: str, *, ages: bool = False) -> pd.Series:
    """Made-up numbers of the kommuner of Dalarna by code, or by code and age."""
    store = made_up_store("Dalarna")
    there = store.coverage().query("level == 'kommun'")
    assert len(there)
    rows = store.read((f"kommun:{code}", measure, (period,)) for code in DALARNA)
    rows = rows[(rows["sex"] == "alla") & (rows["group"].str.startswith("alder=") == ages)]
    return rows.set_index(["area", "group"] if ages else "area")["value"]


DALARNA = "2021 2023 2026 2029 2031 2034 2039 2061 2062 2080 2081 2082 2083 2084 2085".split()


def written(number: float) -> str:
    return f"{number:+.1f}".replace(".", ",").replace("-", "−")
