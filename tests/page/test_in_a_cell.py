"""A cell that shows what no page does is refused by its number and first words, with the one call that works."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from nbformat.v4 import new_code_cell, new_notebook

from vgstats.kernels.run import run_notebook
from vgstats.page.in_a_cell import named, output_faults

FIRST = """\
import matplotlib.pyplot as plt
import pandas as pd
import seaborn as sns
import vgstats as vg
frame = pd.DataFrame({'År': [2023, 2024], 'Möten': [18, 25]})
say = print"""
TEXT, TABLE, FIGURE = r"vg\.text\(\"", r"vg\.table\(frame, caption", r"vg\.figure\(fig, alt"
REFUSED = {
    "say(3.4)": rf"prints '3\.4', which no page shows.*{TEXT}",
    "3.4": rf"shows the number 3\.4, which has no source.*{TEXT}",
    "len(frame)": rf"shows the number 2,.*{TEXT}",
    "frame['Möten'].mean()": rf"shows the number np\.float64\(21\.5\).*{TEXT}",
    "frame.shape": rf"shows the number \(2, 2\).*{TEXT}",
    "'bara ord'": rf"'bara ord'.*no block of a page.*{TEXT}",
    "{'a': 1}": r"no block of a page.*vg\.table\(frame, \.\.\.\)",
    "frame": rf"shows a plain DataFrame.*{TABLE}",
    "display(frame)": rf"shows a plain DataFrame.*{TABLE}",
    "frame.style": rf"shows a plain DataFrame.*{TABLE}",
    "frame.groupby('År').sum()": rf"shows a plain DataFrame.*{TABLE}",
    "frame['Möten']": rf"shows a plain Series.*{TABLE}",
    "frame.plot(x='År')": rf"shows a bare figure.*{FIGURE}",
    "plt.plot([1, 2])\nplt.show()": rf"shows a bare figure.*{FIGURE}",
    "fig, ax = plt.subplots()": rf"shows a bare figure.*{FIGURE}",
    "sns.relplot(frame, x='År', y='Möten')": rf"shows a bare figure.*{FIGURE}",
}
FINE = [
    "3.4;",
    "None",
    "vg.text('Vi höll 25 möten', source='Egen')",
    "vg.table(frame, caption='Möten', source='Egen')",
    "ax = frame.plot(x='År')\n"
    "vg.figure(ax, alt='Mötena blev fler, från 18 till 25', data=frame, caption='Möten', source='Egen')",
]


@pytest.fixture(scope="module")
def run(tmp_path_factory) -> dict[str, list[str]]:
    """What is wrong with each cell, out of one kernel that ran them all."""
    cells = [new_code_cell(source) for source in [FIRST, *REFUSED, *FINE]]
    cells.insert(0, new_code_cell("x = 1", metadata={"tags": ["parameters"]}))
    kernel = {"name": "python3", "language": "python", "display_name": "Python 3"}
    book = new_notebook(cells=cells, metadata={"kernelspec": kernel})
    folder: Path = tmp_path_factory.mktemp("cells")
    done = run_notebook(book, None, {}, folder=folder)
    return {
        cell.source: [fault for output in cell.outputs for fault in output_faults(output)]
        for cell in done.cells
    }


@pytest.mark.parametrize("source", REFUSED)
def test_what_a_cell_shows_bare_is_refused_with_the_call_that_shows_it(run, source):
    assert re.search(REFUSED[source], run[source][0])


@pytest.mark.parametrize("source", FINE)
def test_nothing_and_own_blocks_are_fine(run, source):
    assert run[source] == []


def test_a_cell_is_named_by_its_first_words_past_comments_and_magics():
    assert named(7, "# Våra tal\n%matplotlib inline\nprint(3.4)") == "cell 7 ('print(3.4)')"
    assert named(2, "# bara en kommentar") == "cell 2 ('# bara en kommentar')"
    assert named(3, "x" * 90) == f"cell 3 ({'x' * 50!r})"
