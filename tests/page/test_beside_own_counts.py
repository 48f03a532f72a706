"""Beside a region's own counts a page holds no number that nobody can control, however it is written."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output
from selectolax.lexbor import LexborHTMLParser

from vgstats.blocks.blocks import Title
from vgstats.disclosure import HidingRule
from vgstats.disclosure.release import Release
from vgstats.facts.facts import Fact, count_fact, value_fact
from vgstats.facts.text import UNCONTROLLED, Code, Name, say
from vgstats.observations import newest
from vgstats.page.exporter import PageRefusedError, ReportExporter
from vgstats.page.released import Controlled, of_own_measure
from vgstats.reports.sjukfall import COUNTED

WORDS = "Ord som fyller sidan så att ingen kan ta den för tom, om än utan innehåll. " * 3


def page_with(controlled: Controlled | None, *shown: str) -> str:
    """The page of a notebook of one's own that shows these pieces of HTML, with neither title nor method."""
    cells = [new_markdown_cell(f"# Sidan\n\n{WORDS}")]
    for html in shown:
        outputs = [new_output("display_data", data={"text/html": html})]
        cells.append(new_code_cell("show()", execution_count=1, outputs=outputs))
    resources = {"controlled": controlled}
    return ReportExporter().from_notebook_node(new_notebook(cells=cells), resources)[0]


@pytest.fixture(scope="module")
def control(register_job) -> Controlled:
    bundle = register_job.bundle
    return Controlled(bundle.observations, register_job.release, bundle.sources)


@pytest.fixture(scope="module")
def shown(control) -> Fact:
    """The county's own count, which is released."""
    return value_fact(newest(control.observations)[COUNTED, "lan:20", "2025-12", "alla", ""])


def test_a_released_number_passes_with_dates_codes_names_and_articles(control, shown):
    said = say("Det var {n} fall, en kvinna av alla, och vi såg två län.", n=shown)
    source = say("{n}, {c}", n=Name(control.sources["title"].iloc[0]), c=Code("vgstats verify"))
    words = f"<p>{said.html()} Den 3 mars 2024, F00–F99.</p><p>{source.html()}</p>"
    assert "2024" in page_with(control, words)


def test_numbers_in_other_signs_are_refused_where_there_are_own_counts_and_only_there(control):
    planted = [
        "tre personer",
        "Tre sjukskrivna kvinnor",
        "de tre kvinnorna",
        "kvinnorna var fem",
        "tjugotre män",
        "etthundratre patienter",
        "tvåhundra anställda",
        "noll fall",
        "bara en kvinna",
        "ett dussin personer",
        "antalet var III",
        "antalet var iv",
        "XIV",
        "V kvinnor",
        "⚂",
        "♀",
        "<cite>3 kvinnor</cite>",
        "<cite>sju kvinnor</cite>",
        "<cite>Register 7, blad 3</cite>",
    ]
    page = LexborHTMLParser(page_with(None, *(f"<p>{words}</p>" for words in planted)))
    refused = [fault for fault in control.faults(page) if "nothing has" in fault or "sign" in fault]
    for words in planted:
        assert any(re.sub("<[^>]*>", "", words) in fault for fault in refused), words
    assert len(refused) == len(planted) + 1  # two in the last


def test_facts_that_the_report_does_not_know_or_gives_otherwise_are_refused(control):
    planted = {
        "malung": (3, "is no number of the report"),
        "malung|lan:20": (3, "is no number of the report"),
        "malung|lan:20|2024": (3, "was not released"),
        f"{COUNTED}|lan:20|2024": (3, "was not released"),
        f"skillnad|{COUNTED}|lan:20|2025-12|från 2024-12": (-3, "is not how the released numbers changed"),
        f"procent|{COUNTED}|lan:20|2025-12|från 2024-12": (-3, "is not how the released numbers changed"),
        f"procent|{COUNTED}|lan:20|2025-12|från 2024-03": (-3, "was not released"),
        "dolda antal": (3, "is shown as 3 and is"),
        "högsta antal som döljs": (3, "is shown as 3 and is 4"),
    }  # fmt: skip
    said = "".join(count_fact(name, value).html() for name, (value, _) in planted.items())
    refused = list(control.faults(LexborHTMLParser(f"<main><p>{said}</p></main>")))
    for name, (_, says) in planted.items():
        assert any(fault.startswith(f"{name} ") and says in fault for fault in refused), name


def test_a_link_to_what_is_no_source_of_the_report_is_refused(control):
    link = '<p><a href="https://x.se/a" rel="noreferrer noopener">https://x.se/a</a></p>'
    (fault, *_) = control.faults(LexborHTMLParser(page_with(None, link)))
    assert "leads to none of the report's sources" in fault


def test_a_picture_of_dots_and_an_id_that_counts_are_refused(control, register_file):
    html = register_file.read_text(encoding="utf-8")
    start, end = html.index("<figure>"), html.index("</figure>") + len("</figure>")
    figure = html[start:end]
    assert "<img" in page_with(control, figure)
    head, _, rest = figure.partition('src="')
    dots = f'{head}src="data:image/png;base64,iVBORw0KGgo="{rest.partition(chr(34))[2]}'
    counts = figure.replace("manader", "malung-3")
    for page, says in ((dots, "image of dots"), (counts, "malung 3")):
        assert any(says in fault for fault in control.faults(LexborHTMLParser(page)))


@pytest.mark.parametrize(
    "name",
    [
        f"{COUNTED}|lan:20|2025-12",
        f"procent|{COUNTED}|lan:20|2025-12|från 2024-12",
        "rehabkoordinatorer|lan:14|2018",
        "skillnad|rehabkoordinatorer|kommun:1480|2018|från 2015",
        f"plats|ohalsotal+{COUNTED}|lan:20|alla",
    ],
)
def test_a_page_of_no_recorded_release_shows_no_number_of_an_own_measure(name):
    with pytest.raises(PageRefusedError, match=r"own counts.*vgstats render"):
        page_with(None, f"<p>{count_fact(name, 300).html()}</p>")


def test_published_measures_and_words_of_our_own_are_no_own_measures():
    names = ["ohalsotal|lan:14|2005-12", "plats|kommun:1480", "vidgning|lan:01", "antal län"]
    names += ["skillnad|kostnad_sjukpenning+kostnad_sa|lan:14", "falska utslag, mest|lan:01"]
    assert not any(map(of_own_measure, names))


def test_a_raw_page_says_so_whatever_cells_there_are(register_job):
    off = Release(HidingRule(mode="off"), protected=register_job.release.protected)
    controlled = Controlled(register_job.bundle.observations, off, register_job.bundle.sources)
    page = page_with(controlled, "<p>ord</p>")
    assert f'<p class="uncontrolled-page">{UNCONTROLLED}</p>\n' in page
    assert f"<title>{UNCONTROLLED}: Sidan" in page and f"siffror. {UNCONTROLLED}." in page
    for hiding in ('<div class="folded">{}</div>', "<blockquote>{}</blockquote>"):
        warned = hiding.format(f'<p class="uncontrolled-page">{UNCONTROLLED}</p>')
        with pytest.raises(PageRefusedError, match="does not stand by itself"):
            page_with(controlled, warned)


def test_a_link_to_a_source_may_be_its_name_or_its_address_alone(control):
    source = control.sources.iloc[0]
    address = "https://x.se/kalla"
    known = Controlled(
        control.observations, control.release, control.sources.assign(address=address)
    )
    for words, allowed in ((source["title"], True), (address, True), ("en annan sida", False)):
        link = f'<p><cite><a href="{address}" rel="noreferrer noopener">{words}</a></cite></p>'
        faults = list(known.faults(LexborHTMLParser(page_with(None, link))))
        assert any("leads to none" in fault for fault in faults) is not allowed, words


def test_who_publishes_a_report_stands_under_its_title_also_beside_own_counts(control):
    title = Title(
        "Sidan",
        say("Övning"),
        imprint=(("Diarienummer", "HS 2026-00123"), ("Utgivare", "Region 7")),
    )
    known = replace(control, written=("HS 2026-00123", "Region 7"))
    shown_under = LexborHTMLParser(title.html()).css_first("p.imprint")
    assert shown_under.text() == "Diarienummer: HS 2026-00123 · Utgivare: Region 7"
    page = LexborHTMLParser(page_with(None, f"<p>{shown_under.html}</p>"))
    about = [fault for fault in known.faults(page) if "nothing has controlled it" in fault]
    assert about == []
    refused = [fault for fault in control.faults(page) if "nothing has controlled it" in fault]
    assert len(refused) == 2, "words that stood in no parameter file are names of nothing"
