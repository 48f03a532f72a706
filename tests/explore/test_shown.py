"""What an analyst gets shows itself in a real kernel: words, a table or a picture, never an object's address."""

from __future__ import annotations

import os
import re
from pathlib import Path
from typing import Any

import nbformat
import pytest
from jupyter_client.manager import start_new_kernel
from nbclient import NotebookClient

from support import ROOT

SENTENCE = "Ohälsotalet i Västra Götalands län sjönk från 42,9 till 36,8 dagar"
SETUP = """
import pandas as pd
import vgstats as vg
from vgstats import methods as m
from vgstats.blocks.tables import Table
from vgstats.drawing import bars, charts, maps
from vgstats.facts.facts import value_fact
VG = "Västra Götaland", "2005-12", "2008-12"
found = vg.change("ohalsotal", *VG)
bundled = vg.published()
bar = pd.DataFrame({"name": ["Ale"], "value": [1.0], "whole": [False]})
cost = pd.DataFrame({"name": ["Ale"], "before": [1.0], "after": [2.0], "before_label": "2005", "after_label": "2008"})
levels = pd.DataFrame({"area": vg.areas.lan(), "value": range(21)})
"""
# What stands last in a cell, the kind that it is shown as, and a piece of that.
SHOWN = {
    'vg.change("ohalsotal", *VG)': ("text/html", "−6,1</data>"),
    'vg.series("ohalsotal", "Västra Götaland")': ("text/html", "<img"),
    'vg.map("ohalsotal", "2019", "2024")': ("text/html", "<img"),
    "found.plot()": ("image/png", ""),
    "found.sentence()": ("text/html", "<p>Ohälsotalet i Västra Götalands län sjönk"),
    "found.before": ("text/html", "42.9"),
    "value_fact(found.before)": ("text/html", "42,9</data> dagar"),
    'm.change(bundled, "ohalsotal", "lan:14", "2005-12", "2008-12")': ("text/html", "36,8</data>"),
    'm.compare(bundled, "pagaende_sjukfall", "lan:14", "2005", "2008")': ("text/html", "<table"),
    "m.proportion(3, 10)": ("text/html", "<table"),
    'vg.Period.parse("2008-12")': ("text/html", "december 2008"),
    "vg.law_changes.all_law_changes()[0]": ("text/html", "1998"),
    "next(iter(vg.agreements.all_agreements().values()))": ("text/html", "2006"),
    'vg.measures.measure("ohalsotal")': ("text/html", "Ohälsotal"),
    "vg.Store()": ("text/html", "empty"),
    'vg.open_report("uppfoljning", lan="14", before="2005-12", after="2008-12")': ("text/plain", "Götaland"),
    'found.block': ("text/plain", SENTENCE),
    'charts.ranking(bar, highlight="", unit="procent")': ("image/svg+xml", "<svg"),
    'maps.choropleth(levels, unit="dagar")': ("image/svg+xml", "<svg"),
    'bars.costs(cost, unit="kronor")': ("image/svg+xml", "<svg"),
}  # fmt: skip
ADDRESS = re.compile(r"object at 0x|<(Table|Blocks|Figure)>")


def _in_a_kernel(codes: list[str], folder: Path) -> dict[str, dict[str, str]]:
    """What each cell shows in one kernel, by its code."""
    cells = [nbformat.v4.new_code_cell(code) for code in codes]
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("VGSTATS_STORE", str(folder / "store"))
        patch.setenv("PYTHONPATH", str(ROOT / "src"), prepend=os.pathsep)
        patch.delenv("MPLBACKEND", raising=False)
        notebook = nbformat.v4.new_notebook(cells=cells)
        done = NotebookClient(notebook, kernel_name="python3", timeout=600).execute()
    return {cell.source: _merged(cell.outputs) for cell in done.cells}


@pytest.fixture(scope="module")
def shown(tmp_path_factory: pytest.TempPathFactory) -> dict[str, dict[str, str]]:
    """What each cell shows in one kernel, by its code."""
    return _in_a_kernel([SETUP, *SHOWN], tmp_path_factory.mktemp("shown"))


def _merged(outputs: list[Any]) -> dict[str, str]:
    return {kind: text for one in outputs for kind, text in one.get("data", {}).items()}


@pytest.mark.parametrize("code", SHOWN)
def test_it_shows_itself(shown: dict[str, dict[str, str]], code: str):
    kind, piece = SHOWN[code]
    assert piece in shown[code][kind]
    assert not ADDRESS.search(shown[code]["text/plain"])


@pytest.mark.parametrize(
    "code", [code for code in SHOWN if code.startswith(("vg.change", "m.change"))]
)
def test_a_terminal_has_the_sentence_and_the_numbers(shown: dict[str, dict[str, str]], code: str):
    assert shown[code]["text/plain"].startswith(SENTENCE)
    assert "difference_low" in shown[code]["text/plain"]


def test_a_figure_drawn_first_leaves_the_session_showing_figures(tmp_path: Path):
    codes = [
        'import vgstats as vg\naxes = vg.change("ohalsotal", "Örebro", "2019", "2024").plot()',
        "import matplotlib.pyplot as plt\nlines = plt.plot([1, 2])",
        "import seaborn as sns\naxes = sns.lineplot(x=[1, 2], y=[1, 2])",
    ]
    found = _in_a_kernel(codes, tmp_path)
    assert ["image/png" in found[code] for code in codes] == [True, True, True]


def test_tab_offers_the_public_names_only(tmp_path: Path):
    manager, kernel = start_new_kernel(
        kernel_name="python3", env={**os.environ, "PYTHONPATH": str(ROOT / "src")}
    )
    try:
        code = "import vgstats as vg\nanswer = vg.change('ohalsotal', 'Örebro', '2019', '2024')"
        kernel.execute_interactive(code, timeout=600)
        offered = {}
        for said in ("vg.", "vg.areas.", "vg.measures.", "answer."):
            reply = kernel.complete(said, reply=True, timeout=600)["content"]["matches"]
            offered[said] = {match.removeprefix(said) for match in reply}
    finally:
        kernel.stop_channels()
        manager.shutdown_kernel(now=True)
    assert {"figures", "available", "change", "series", "ranking", "map", "areas"} <= offered["vg."]
    assert not {"lazy_loader", "blocks", "explore", "observations", "errors"} & offered["vg."]
    assert {"find", "lan"} <= offered["vg.areas."]
    assert not {"pd", "re", "dt", "cache"} & offered["vg.areas."]
    assert "pd" not in offered["vg.measures."]
    assert {"percent", "difference_band", "plot", "to_frame", "sentence", "source"} <= offered[
        "answer."
    ]
