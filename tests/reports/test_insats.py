"""The report on a project says what its final report says, divides no cost by a change, and does with less."""

from __future__ import annotations

import re

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from making import render
from support import ROOT, plain, read_page, table_rows, words
from vgstats import sections
from vgstats.batch.plan import plan
from vgstats.blocks.blocks import Block
from vgstats.catalogue.agreements import Project, bundled_agreements
from vgstats.errors import VgstatsError
from vgstats.reports.insats import Insats

TIMRA = {
    "lan": "22",
    "before": "2017-09",
    "after": "2019-10",
    "intervention": "timra-2018-2019",
}


@pytest.fixture(scope="module")
def page(tmp_path_factory):
    (job,) = plan(ROOT / "params" / "insats-timra.yaml").jobs
    made = render(job, ROOT / "notebooks", tmp_path_factory.mktemp("insats"))
    return read_page(made.read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def report():
    return Insats.open(**TIMRA)


@pytest.mark.parametrize(
    "said",
    [
        "från ungefär 245 sjukfall (2017) till 103 (2019)",
        "från 15,9 dagar (september 2017) till 9,0 (oktober 2019)",
        "13,8, troligen i september 2017: källan är svårläst där",
        "från 12,6 i december 2017 till 9,5 i december 2019",
        "Sjukpenningtalet i riket ska vara 9,0 dagar i december 2020",
        "Talet togs sedan bort",
        "385 125 (2018) + 513 500 (2019) = 898 625 kronor",
        "De redovisade kostnaderna var 898 625 kronor, bara löner.",
        "Inget av insatsens 3 mål går att pröva fullt ut.",
        "De 6 län som låg närmast från början",
        "För riket vid de tidpunkter som jämförs, och för kvinnor och män för sig: sjukpenningtal.",
        "Mer än 100 möten till och med november 2019",
        "april 2018 till december 2019",
        "sjukskrivna vid Timrå vårdcentral",
        "Samordningsförbundet Härnösand–Timrå, som gav pengarna",
        "utsedd utredare som kontaktperson",
        "Företagshälsovården tar inte över",
        "Läkarintyg slutade skrivas för den som har försörjningsstöd",
        "Timrå valdes för att nivån var hög där.",
    ],
)
def test_what_the_final_report_says_stands_on_the_page(page, said):
    assert said in re.sub(r" ([.,;])", r"\1", words(page))


def test_goals_have_their_evidence_and_costs_their_difference(page):
    goals, costs = table_rows(page, "mal"), table_rows(page, "kostnader")
    assert any(
        "ungefär 245 i medeltal 2017 och 103 år 2019" in cells[1] for cells in goals.values()
    )
    assert costs == {"Löner": ["898 625", "898 625", "0"]}


def test_the_one_yes_of_the_source_is_said_of_its_goals_together_and_of_none_by_itself(page):
    reached = [cells[2] for cells in table_rows(page, "mal").values()]
    assert reached == ["Sägs inte för sig"] * 3 + ["Nej"]
    said = re.sub(r" ([.,;])", r"\1", words(page))
    assert said.count("Källan ger ett svar för projektets mål tillsammans: Ja.") == 2
    assert "Källan själv säger ja" not in said


def test_nothing_on_the_page_divides_the_cost_by_a_change(page):
    cost, text = 898625, plain(words(page))
    by = {245 - 103, 6.9, 58, 43, 3.1, 245, 103}
    shown = {
        float(n.replace(" ", "").replace(",", "."))
        for n in re.findall(r"\d[\d ]*(?:,\d+)?", text)
        if n.strip()
    }
    assert not {round(cost / one, places) for one in by for places in (0, 1, 2)} & shown
    assert not re.search(r"kronor per (sjuk|dag|fall)|per minskad", text)
    assert "Kostnaden delas inte med förändringen" in text


@settings(
    max_examples=6,
    deadline=None,
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(
    kept=st.sets(
        st.sampled_from(["goals", "actions", "figures", "start", "end", "chosen_for_high"])
    ),
    told=st.sets(st.sampled_from([*Project.model_fields])),
)
def test_a_project_of_which_less_is_known_gives_a_shorter_report(report, kept, told):
    whole = bundled_agreements()[TIMRA["intervention"]]
    part = Project(**{key: getattr(whole.project, key) for key in told})
    none = {
        "goals": [],
        "actions": [],
        "figures": [],
        "start": None,
        "end": None,
        "chosen_for_high": None,
    }
    lacking = {key: value for key, value in none.items() if key not in kept}
    less = whole.model_copy(update={**lacking, "project": part})
    report.texts = report.texts.model_copy(update={"agreements": (less,)})
    blocks = {name: getattr(sections, name)(report) for name in _WHOLE}
    blocks |= {
        what: sections.project_list(report, what)
        for what in ("partners", "lessons", "kept", "faults")
    }
    assert all(isinstance(block, Block) for block in blocks.values())
    assert not any(
        re.search(r"<(?:tbody|ul|p)(?: [^>]*)?>\s*</", block.html()) for block in blocks.values()
    )
    for what in ("partners", "lessons", "kept", "faults"):
        assert bool(blocks[what].html()) == (what in told)
    assert bool(blocks["goals"].html()) == ("goals" in kept)
    assert report.title().html() and report.index_row().name == "Timrå"
    if not {"start", "end"} & kept:
        assert "tiden är inte känd" in report.title().html()


_WHOLE = (
    "project_findings", "project_figure", "project_unknown", "project_facts", "project_series",
    "project_costs", "goals", "actions", "like_level", "definitions", "gaps", "remake",
)  # fmt: skip


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"intervention": "overenskommelser-2016-2018"}, "is an agreement and no project"),
        ({"intervention": "timra"}, "'timra' is no project. Known: timra-2018-2019"),
        ({"lan": "14"}, "belongs to Timrå, not to Västra Götalands län"),
        ({"before": "2020-01", "after": "2021-01"}, "Choose periods around it"),
    ],
)
def test_what_is_no_project_or_lies_elsewhere_is_refused_with_words(change, said):
    with pytest.raises(VgstatsError, match=re.escape(said)):
        Insats.open(**TIMRA | change)


def test_costs_of_ones_own_are_summed_and_an_end_that_is_not_known_is_said(tmp_path):
    (job,) = plan(ROOT / "params" / "ovning" / "eget-projekt.yaml").jobs
    page = read_page(render(job, ROOT / "notebooks", tmp_path).read_text(encoding="utf-8"))
    assert table_rows(page, "kostnader")["Summa"] == ["450 000", "440 000", "−10 000"]
    assert "från september 2016; slutet är inte känt" in words(page)
    headings = [h.get_text(strip=True) for h in page.find_all("h3")]
    assert not any("Systemfel" in heading for heading in headings)


def test_numbers_that_the_source_calls_approximate_leave_nothing_known_open(page):
    rows = table_rows(page, "insatsens-tal")
    (cells,) = [cells for name, cells in rows.items() if "vårdcentral" in name]
    assert cells[:2] == ["245", "103"] and cells[-1] == "okänd"
