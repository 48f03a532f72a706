"""The report on one kommun: published numbers, its place among the others, and what is missing."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import nbformat
import pytest
from matplotlib.colors import to_hex
from selectolax.lexbor import LexborHTMLParser
from typer.testing import CliRunner

from making import render
from support import ROOT
from vgstats.batch.plan import plan
from vgstats.blocks.figures import Figure
from vgstats.catalogue import areas
from vgstats.cli import app
from vgstats.drawing.style import EDGE
from vgstats.errors import VgstatsError
from vgstats.page.reading import plain
from vgstats.reports.kommun import Kommun
from vgstats.sections import in_brief, kommuner, map_of

NOTEBOOK = ROOT / "notebooks" / "kommun.ipynb"


def practice_kommun(folder: Path) -> Path:
    file = folder / "kommun.yaml"
    file.write_text(
        'report: kommun\nlan: ["14"]\nkommun: ["1480"]\nbefore: "2017-12"\nafter: "2022-12"\n',
        encoding="utf-8",
    )
    return file


@pytest.fixture(scope="module")
def of_demo(practice_store, tmp_path_factory):
    """The report on a kommun by sex, with all of its county and riket beside it, on made-up figures."""
    (job,) = plan(practice_kommun(tmp_path_factory.mktemp("params")), practice_store).jobs
    return render(job, ROOT / "notebooks", tmp_path_factory.mktemp("kommun"))


def facts(file) -> dict[str, str]:
    page = LexborHTMLParser(file.read_text(encoding="utf-8"))
    return {e.attributes["data-fact"]: e.attributes["value"] for e in page.css("data")}


def said(file) -> str:
    """The texts of a page, a block each, with ordinary spaces."""
    page = LexborHTMLParser(file.read_text(encoding="utf-8"))
    return " ".join(plain(block.text()) for block in page.css("h1, p, li, th, td, figcaption"))


def test_it_shows_the_published_numbers(kommun_file):
    found = facts(kommun_file)
    # Lerums nyheter after Försäkringskassan, 2017; Västra Götaland: table 2 of the 2006-2008 evaluation.
    assert found["ohalsotal|kommun:1480|2005-12"] == "41.1"
    assert found["ohalsotal|kommun:1480|2008-12"] == "34.8"
    assert found["ohalsotal|lan:14|2005-12"] == "42.9"
    assert found["ohalsotal|lan:14|2008-12"] == "36.8"


def test_its_first_screen_says_what_happened_there_and_beside(kommun_file):
    text = said(kommun_file)
    assert (
        "Ohälsotalet sjönk från 41,1 dagar 2005 till 34,8 dagar 2008, en minskning med 15 procent."
        in text
    )
    assert (
        "I länet sjönk talet från 42,9 till 36,8. Kommunen låg 1,8 dagar under länet 2005 och 2,0 under länet 2008."
        in text
    )
    assert (
        "Av 9 andra kommuner i länet med uppgift gick det mer nedåt i 8 och mer uppåt i 1." in text
    )


def test_it_shows_both_sexes_and_riket_where_there_are_figures(of_demo):
    text = said(of_demo)
    assert "Ohälsotal, kvinnor" in text and "Sjukpenningtal, män" in text
    assert "Av 48 andra kommuner i länet med uppgift" in text
    assert "Påhittade siffror. Sidan är gjord för att prova programmet" in text


def test_its_place_is_that_of_its_fall_among_the_others(of_demo, practice_store):
    found = facts(of_demo)
    changes = {}
    for name, value in found.items():
        measure, area, period, *rest = [*name.split("|"), "", ""]
        if measure == "ohalsotal" and area.startswith("kommun:") and not any(rest):
            changes.setdefault(area, {})[period] = float(value)
    falls = {a: round(v["2022-12"] - v["2017-12"], 1) for a, v in changes.items() if len(v) > 1}
    assert len(falls) == 49
    own = falls["kommun:1480"]
    surely_larger = sum(
        round(own - other, 1) > 0.2 for other in falls.values()
    )  # each end is to 0.1
    surely_smaller = sum(round(other - own, 1) > 0.2 for other in falls.values())
    assert int(found["kommuner med mer nedåt|ohalsotal|kommun:1480"]) == surely_larger
    assert int(found["kommuner med mer uppåt|ohalsotal|kommun:1480"]) == surely_smaller


def test_each_measure_that_its_source_calls_preliminary_is_said_to_be(practice_store, tmp_path):
    (job,) = plan(practice_kommun(tmp_path), practice_store).jobs
    assert "preliminärt" not in in_brief(Kommun(job.parameters, job.bundle)).html()
    says = job.bundle.sources.assign(place="preliminärt", note="Talet kan ändras.")
    report = Kommun(job.parameters, replace(job.bundle, sources=says))
    text = plain(LexborHTMLParser(in_brief(report).html()).text())
    warning = "Ohälsotal och sjukpenningtal för december 2022 är preliminära. Talet kan ändras."
    assert text.count(warning) == 1


def test_it_can_be_verified(kommun_file):
    done = CliRunner().invoke(app, ["verify", str(kommun_file)])
    assert done.exit_code == 0, done.output


def test_a_kommun_without_figures_is_named_with_what_there_is(tmp_path):
    file = tmp_path / "some.yaml"
    file.write_text(
        'report: kommun\nlan: ["14"]\nkommun: ["1480", "1484", "1485"]\nbefore: "2005-12"\nafter: "2008-12"\n',
        encoding="utf-8",
    )
    with pytest.raises(
        VgstatsError,
        match=r"""(?s)Lysekil \(kommun '1484'\) has no figures in both\..*none for any period.*\["1484", "1485"\]""",
    ):
        plan(file)


def test_it_is_led_by_the_first_measure_that_the_kommun_has():
    timra = Kommun.open(kommun="2262", before="2017-09", after="2019-10")
    # The final report of the Timrå project: 15.9 days in September 2017, 9.0 in October 2019.
    assert timra.main == "sjukpenningtal"
    assert timra.title().heading == "Sjukpenningtalet i Timrå, september 2017 och oktober 2019"
    assert timra.index_row().about.startswith("Sjukpenningtal, dagar, förändring från september")
    assert timra.index_row().level.text() == "9,0" and timra.index_row().percent.text() == "−43"
    assert Kommun.open(kommun="1480", before="2005-12", after="2008-12").main == "ohalsotal"


def test_a_county_s_remarks_are_no_business_of_a_kommun_s():
    goteborg = Kommun.open(kommun="1480", before="2005-12", after="2008-12")
    assert goteborg.remarks("kalla") == []
    assert len(goteborg.remarks("kommuner")) == 1
    # Riket has a value before and none after, so nothing rests on it.
    assert "sr-2007-1154306" not in goteborg.named_sources().index


def test_what_there_is_of_other_times_is_named(tmp_path):
    with pytest.raises(VgstatsError, match=r"for: sjukpenningtal: 2017-09, 2019-10\. Choose two"):
        Kommun.open(kommun="2262", before="2015-12", after="2019-10")


def test_every_section_of_it_follows_its_measure(tmp_path):
    (job,) = plan(ROOT / "params" / "timra-kommun-2017-2019.yaml").jobs
    file = render(job, ROOT / "notebooks", tmp_path)
    found = facts(file)
    assert found["sjukpenningtal|kommun:2262|2017-09"] == "15.9"
    assert found["sjukpenningtal|kommun:2262|2019-10"] == "9.0"
    assert (
        "Sjukpenningtalet sjönk från 15,9 dagar i september 2017 till 9,0 dagar i oktober 2019"
        in said(file)
    )
    assert "Tabell 2 anger" not in said(file)
    assert CliRunner().invoke(app, ["verify", str(file)]).exit_code == 0


def test_it_reads_the_figures_of_its_county_and_of_no_other(practice_store, tmp_path):
    file = tmp_path / "some.yaml"
    file.write_text(
        'report: kommun\nlan: ["20"]\nkommun: ["2080"]\nbefore: "2017-12"\nafter: "2022-12"\n',
        encoding="utf-8",
    )
    (job,) = plan(file, practice_store).jobs
    read = set(job.bundle.observations["area"])
    assert read == {"riket", "lan:20", *areas.kommuner("lan:20")}


def test_the_notebook_is_its_table_of_contents():
    code = [c for c in nbformat.read(NOTEBOOK, as_version=4).cells if c.cell_type == "code"]
    assert all(c.outputs == [] and c.execution_count is None for c in code)
    assert all(c.source.count("\n") == 0 and c.source.endswith(")") for c in code[2:])


@pytest.mark.parametrize("highlight", [None, "kommun:1486"])
def test_its_place_is_picked_out_in_the_figure_and_the_map_of_its_county(highlight):
    report = Kommun.open(kommun="1480", before="2005-12", after="2008-12")
    name = areas.name(highlight or report.area)
    lines, shades = (section(report, highlight=highlight) for section in (kommuner, map_of))
    (dots,) = [block for block in lines.blocks if isinstance(block, Figure)]
    axes = dots.drawing.axes[0]
    assert sum(line.get_color() == EDGE for line in axes.lines) == 1
    bold = [tick.get_text() for tick in axes.get_yticklabels() if tick.get_weight() == "bold"]
    assert bold == ["Västra Götalands län", name]
    assert f"Linjen för {name} är orange." in dots.html()
    patches = shades.drawing.axes[0].patches
    assert sum(to_hex(patch.get_edgecolor()).upper() == EDGE for patch in patches) == 1
    assert f"{name} har orange kant." in shades.html()
