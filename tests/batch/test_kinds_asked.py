"""A batch asks a kind of report for its axes and its words, and knows no place, period or measure itself."""

from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from support import ROOT
from vgstats import VgstatsError, batch
from vgstats.batch.parameter_file import expanded
from vgstats.batch.plan import plan
from vgstats.reports import open_report
from vgstats.reports.base.common import Parameters

MODULES = sorted(Path(batch.__file__).parent.glob("*.py"))
# The key of a line of the manifest, and of a wish for figures; and pydantic's word for when a check is made.
# Numbers in words are in the catalogue's room too.
ALLOWED = {
    "layout": {"catalogue"},
    "manifest": {"area", "before"},
    "round": {"area"},
    "runner": {"area"},
}
GOOD = {"report": "uppfoljning", "lan": ["14"], "before": "2005-12", "after": "2008-12"}


def words_of(file: Path) -> set[str]:
    """The names that a module takes from what it is given: attributes, keywords, texts and parts of texts."""
    found: set[str] = set()
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Attribute):
            found.add(node.attr)
        elif isinstance(node, ast.keyword):
            found.add(str(node.arg))
        elif isinstance(node, ast.Constant) and isinstance(node.value, str):
            found |= {node.value, node.value.partition(":")[0]}
        elif isinstance(node, ast.ImportFrom) and node.module:
            found |= set(node.module.split("."))
    return found


@pytest.mark.parametrize("file", MODULES, ids=lambda file: file.stem)
def test_no_module_names_a_place_a_period_or_a_kind(file):
    named = {"lan", "kommun", "before", "after", "area", "catalogue", "uppfoljning", "sjukfall"}
    assert not words_of(file) & (named - ALLOWED.get(file.stem, set()))


class OfTheCountry(Parameters):
    """A kind without axes: one report, which a parameter file need not spread."""

    year: str


class OfUnits(Parameters):
    """A kind whose reports are of units, which it knows by itself."""

    axes = ("unit",)
    unit: str

    @classmethod
    def known(cls, axis, chosen):
        return ["a", "b", "c"]


def test_a_kind_without_axes_makes_one_report_for_each_entry():
    assert expanded({"report": "x", "year": "2024"}, OfTheCountry) == [{"year": "2024"}]
    several = {"report": "x", "matrix": [{"year": "2023"}, {"year": "2024"}]}
    assert [one["year"] for one in expanded(several, OfTheCountry)] == ["2023", "2024"]


def test_an_axis_of_any_kind_is_spread_added_to_and_left_out():
    content = {"report": "x", "unit": "alla", "exclude": [{"unit": "b"}]}
    assert [one["unit"] for one in expanded(content, OfUnits)] == ["a", "c"]
    content = {"report": "x", "unit": ["b"], "include": [{"unit": ["a"]}]}
    assert [one["unit"] for one in expanded(content, OfUnits)] == ["b", "a"]
    with pytest.raises(VgstatsError, match=r"exclude: 'b' will not do\. Expected a list .*year: "):
        expanded({"report": "x", "exclude": "b"}, OfTheCountry)


MISTAKES = {
    "a code that is none": {"lan": "15"},
    "a period that is none": {"before": "dec 2005"},
    "periods in the wrong order": {"before": "2009-12"},
    "a missing key": {"after": None},
    "a missing axis": {"lan": None},
    "an unknown agreement": {"intervention": "atgardsplan"},
    "an unknown measure": {"measures": ["ohalsotalet"]},
    "a text for a list": {"measures": "ohalsotal"},
    "periods of another shape": {"periods": ["2004"]},
    "a mistake in the rule": {"disclosure": {"treshold": "5"}},
    "a rule that is none": {"disclosure": {"threshold": "2"}},
    "periods without figures": {"after": "2040-12"},
    "a kind that is none": {"report": "uppföljning"},
}


@pytest.mark.parametrize("what", MISTAKES)
def test_the_same_mistake_has_the_same_message_in_a_file_and_in_a_notebook(tmp_path, what):
    values = {**GOOD, "lan": "14", **MISTAKES[what]}
    values = {key: value for key, value in values.items() if value is not None}
    with pytest.raises(VgstatsError) as in_a_notebook:
        open_report(values["report"], **{k: v for k, v in values.items() if k != "report"})
    listed = {key: [value] if key == "lan" else value for key, value in values.items()}
    file = tmp_path / "some.yaml"
    file.write_text(yaml.safe_dump(listed, allow_unicode=True), encoding="utf-8")
    with pytest.raises(VgstatsError) as in_a_file:
        plan(file)
    assert str(in_a_file.value) == f"{file}: {in_a_notebook.value}"


def test_what_looks_whether_anything_is_to_be_made_draws_nothing_and_starts_nothing(tmp_path):
    """Or a run with nothing to make would wait for what it does not use."""
    heavy = (
        "matplotlib",
        "seaborn",
        "statsmodels",
        "papermill",
        "nbconvert",
        "weasyprint",
        "scipy.stats",
    )
    heavy += ("vgstats.drawing", "vgstats.sections")
    code = (
        "import sys\nfrom vgstats.cli import main\n"
        "try:\n    main()\nfinally:\n"
        f"    print([name for name in {heavy} if name in sys.modules])"
    )
    params = str(ROOT / "params" / "lan-2005-2008.yaml")
    done = subprocess.run(
        [sys.executable, "-c", code, "render", params, "--dry-run", "--out", str(tmp_path)],
        cwd=ROOT,
        capture_output=True,
        text=True,
    )
    assert "21 to make, 0 up to date." in done.stdout, done.stderr
    assert done.stdout.splitlines()[-1] == "[]"
