"""A region's own activity and cost, from their declaration to a page."""

from __future__ import annotations

from rounds import notebooks, render

from commands import vgstats
from support import read_page, table_rows

MEASURES = """\
measures:
  - id: rehabkoordinatorer
    name: Rehabkoordinatorer
    unit: personer
    kind: count
    time: stock
    definition: Anställda rehabkoordinatorer den sista december.
  - id: rehab_kostnad
    name: Kostnad för rehabkoordinatorer
    unit: mnkr
    kind: money
    time: flow
    definition: Regionens egen kostnad under året.
"""
FIGURES = """\
mått;län;år;kön;värde
rehabkoordinatorer;14;2015;alla;112
rehabkoordinatorer;14;2018;alla;151
rehab_kostnad;14;2015;alla;61,5
rehab_kostnad;14;2018;alla;88,0
"""
PARAMS = """\
report: uppfoljning
lan: ["14"]
before: "2015-12"
after: "2018-12"
periods:
  rehabkoordinatorer: ["2015", "2018"]
  rehab_kostnad: ["2015", "2018"]
"""


def test_an_own_measure_goes_from_its_declaration_to_a_page_and_is_made_again_when_it_changes(
    tmp_path,
):
    files = {"matt.yaml": MEASURES, "egna.csv": FIGURES, "mina.yaml": PARAMS}
    for name, text in files.items():
        (tmp_path / name).write_text(text, encoding="utf-8")
    short = notebooks(
        tmp_path / "notebooks",
        "from vgstats.sections import definitions, sources\nchanges(report)",
        "definitions(report)",
        "sources(report)",
    )
    store = ("--store", tmp_path / "store")
    options = ("--out", tmp_path, "--notebooks", short, *store)
    vgstats("import", tmp_path / "matt.yaml", tmp_path / "egna.csv", *store, "--publisher", "X")
    assert render(tmp_path / "mina.yaml", *options).returncode == 0
    page = tmp_path / "mina" / "vastra-gotalands-lan-2015-12-2018-12.html"
    text = page.read_text(encoding="utf-8")
    found = table_rows(read_page(text), "forandring")
    assert found["Rehabkoordinatorer (personer)"][:3] == ["112", "151", "+39"]
    assert found["Kostnad för rehabkoordinatorer (mnkr)"][:3] == ["61,5", "88,0", "+26,5"]
    assert table_rows(read_page(text), "definitioner")["Rehabkoordinatorer (personer)"] == [
        "Anställda rehabkoordinatorer den sista december."
    ]
    assert "officiella och egna siffror" in text
    assert "Alla grundtal är publicerade av andra" not in text
    assert "up to date" in render(tmp_path / "mina.yaml", *options).stdout
    (tmp_path / "matt.yaml").write_text(MEASURES.replace("Anställda", "Tillsatta"), "utf-8")
    vgstats("import", tmp_path / "matt.yaml", "--redeclare", *store)
    again = render(tmp_path / "mina.yaml", *options, "--dry-run", "--explain")
    assert "to make, its figures changed" in again.stdout

    elsewhere = vgstats("verify", page, "--store", tmp_path / "another", "--notebooks", short)
    assert elsewhere.returncode == 2
    assert "a measure that a region declared: then name the region's store" in " ".join(
        elsewhere.stderr.split()
    )


def test_a_period_that_an_own_measure_lacks_is_told_with_those_that_there_are(tmp_path):
    lacks = PARAMS.replace('rehabkoordinatorer: ["2015"', 'rehabkoordinatorer: ["2016"')
    files = {"matt.yaml": MEASURES, "egna.csv": FIGURES, "mina.yaml": lacks}
    for name, text in files.items():
        (tmp_path / name).write_text(text, encoding="utf-8")
    store = ("--store", tmp_path / "store")
    vgstats("import", tmp_path / "matt.yaml", tmp_path / "egna.csv", *store, "--publisher", "X")
    done = vgstats("check", tmp_path / "mina.yaml", *store)
    assert done.returncode == 2
    assert "There are figures for: 2015, 2018." in " ".join(done.stderr.split())
