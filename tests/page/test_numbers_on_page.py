"""A number that no control has seen does not get out, wherever on the page somebody has put it."""

from __future__ import annotations

import base64
import json
import random
import re

import pytest
import yaml
from selectolax.lexbor import LexborHTMLParser

from support import ROOT
from vgstats.batch.execute import report_page
from vgstats.blocks.blocks import Preformatted
from vgstats.catalogue.areas import all_areas
from vgstats.catalogue.measures import bundled_measures
from vgstats.facts.facts import count_fact, swedish
from vgstats.facts.text import Code, Name, Text, say
from vgstats.page import exporter
from vgstats.page.exporter import NotCompleteError, PageRefusedError, passed
from vgstats.page.numbers_on_page import unaccounted, unaccounted_beside_own_counts

PAGES = [
    *("vg_file", "register_file", "index_file"),
    *(
        pytest.param(name, marks=pytest.mark.long)
        for name in ("orebro_file", "practice_file", "kommun_file")
    ),
]


def found(html: str) -> list[str]:
    return list(unaccounted(LexborHTMLParser(html)))


def body(inside: str) -> list[str]:
    return found(f"<html><body><main>{inside}</main></body></html>")


@pytest.mark.parametrize("name", PAGES)
def test_every_number_of_our_pages_is_accounted_for(name, request):
    assert found(request.getfixturevalue(name).read_text(encoding="utf-8")) == []


@pytest.mark.parametrize(
    "planted",
    [
        "I Malung är 3 kvinnor sjukskrivna.",
        "Antalet är 3.",
        "Andelen är 12,5 procent.",
        "Det gäller 1\N{NARROW NO-BREAK SPACE}204 personer.",
        "Bara en av 4 är kvar.",
        "Under 2008 var det 3 sjukfall.",
        "Diagnos F32: 2 fall.",
    ],
)
@pytest.mark.parametrize("element", ["p", "li", "td", "h3", "summary", "figcaption", "pre"])
def test_a_number_planted_in_any_text_is_found(planted, element):
    (fault,) = body(f"<{element}>{planted}</{element}>")
    assert "no fact, date or code" in fault


def test_the_lines_of_the_parameter_file_are_let_through_as_they_are_and_nowhere_else():
    lines = "report: mine\nbeside: '21'\n"

    def seen(inside: str) -> list[str]:
        page = LexborHTMLParser(f"<html><body><main>{inside}</main></body></html>")
        return list(unaccounted(page, lines))

    assert seen(f"<pre>{lines}</pre>") == []
    assert len(seen(f"<pre>{lines}antal: '21'</pre>")) == 2
    assert len(seen(f"<p>{lines}</p>")) == 1
    assert len(seen("<pre></pre><p>21 fall</p>")) == 1


@pytest.mark.parametrize("name", PAGES)
def test_numbers_drawn_at_random_and_typed_where_facts_stood_are_all_refused(name, request):
    html = request.getfixturevalue(name).read_text(encoding="utf-8")
    chance = random.Random(name)  # noqa: S311 - to be drawn alike again, not to be secret
    facts = list(re.finditer(r"<data [^>]*>[^<]*</data>", html))
    drawn = sorted(chance.sample(facts, min(200, len(facts))), key=lambda fact: fact.start())
    planted = "".join(
        text
        for fact, after in zip([None, *drawn], [*drawn, None], strict=True)
        for text in (
            _typed(chance) if fact else "",
            html[fact.end() if fact else 0 : after.start() if after else None],
        )
    )
    refused = [fault for fault in found(planted) if "no fact, date or code" in fault]
    assert len(refused) == len(drawn) >= min(200, len(facts))


def _typed(chance: random.Random) -> str:
    """A number as a page prints them, of any size, that does not read as a year."""
    while True:
        number = swedish(
            chance.choice([-1, 1, 1]) * 10 ** chance.uniform(-1, 5), chance.choice([0, 0, 1, 2])
        )
        if not re.fullmatch(r"−?(?:19|20)\d\d", number.replace("\N{NARROW NO-BREAK SPACE}", "")):
            return number


@pytest.mark.parametrize(
    "words",
    [
        "Sjukpenningtalet steg med 14 procent.",  # as the docstrings say how numbers are printed
        "Ohälsotalet sjönk i 9 kommuner.",
        "I Malung var det 60 dagar.",
        "Det är 11 av 21 län.",
        "Bland dem finns 2005 personer.",  # a year is a date only where it counts nothing
        "Antalet gick från 14 till 12.",
    ],
)
def test_what_the_package_can_only_say_of_itself_lets_no_number_through(words):
    assert body(f"<p>{words}</p>")


@pytest.mark.parametrize(
    "words",
    [
        "Mellan december 2005 och december 2008 hände något.",
        "Den 1 juli 2008 ändrades regeln, se 2005–2008 och 2007-12-31.",
        "Diagnoserna F00–F99 och M54.5 enligt tabell 3 och bilaga 1.",
        "Källa: IFAU 2018:4 och prop. 2007/08:136.",
        "Gjord med vgstats 0.1.0.",
        "Sjukfall som varat 60 dagar eller mer",
        "länets folkmängd 16–64 år för 2004 saknas",
    ],
)
def test_dates_codes_and_our_own_phrases_are_no_figures(words):
    assert body(f"<p>{words}</p>") == []


def test_facts_commands_names_and_lines_to_copy_are_let_through():
    text = say(
        "{c} {n}", c=Code("vgstats fetch --lan 14 --from 2017-03"), n=Name("Register 7, blad 3")
    )
    lines = "lan:\n- '14'\nbefore: 2023-12\ndisclosure:\n  threshold: '5'\n  width: '5'\n"
    assert body(f"<p>{text.html()}</p>{Preformatted(lines).html()}") == []
    assert body('<p><data value="3" data-fact="x">3</data> fall</p>') == []


def test_the_lines_to_copy_of_every_area_are_let_through_and_no_other():
    for area in all_areas().index:
        kind, _, code = area.partition(":")
        if kind in ("lan", "kommun"):
            lines = yaml.safe_dump({kind: [code], "before": "2023-12"}, sort_keys=False)
            assert body(Preformatted(lines).html()) == [], lines
    assert body(Preformatted("lan: 3").html())
    assert body(Preformatted("kvinnor: '14'").html())


def test_a_number_beside_a_fact_is_not_let_through_by_it():
    assert body('<p><data value="3" data-fact="x">3</data> fall, varav 2 kvinnor</p>')


def test_a_number_planted_in_an_alternative_text_is_found(vg_file):
    html = vg_file.read_text(encoding="utf-8")
    planted = html.replace('<img alt="', '<img alt="I Ale var det 3 fall. ', 1)
    (fault,) = found(planted)
    assert "alternative text" in fault and "3 fall" in fault


@pytest.mark.parametrize("unit", ["3 kvinnor", "sju kvinnor"])
def test_a_number_planted_in_what_another_is_counted_in_is_found(unit):
    page = f'<p><data value="9" data-fact="x" data-unit="{unit}">9</data> fall</p>'
    parsed = LexborHTMLParser(page)
    beside = list(unaccounted_beside_own_counts(parsed, ()))
    assert any(unit in fault for fault in beside)
    assert body(page) or not unit[0].isdigit()
    for known in {one.unit for one in bundled_measures().values()} - {"index 1980=100"}:
        good = page.replace(unit, known)
        assert body(good) == list(unaccounted_beside_own_counts(LexborHTMLParser(good), ())) == []


def test_a_number_planted_in_a_download_is_found(vg_file):
    html = vg_file.read_text(encoding="utf-8")
    address = re.search(r"text/csv;charset=utf-8;base64,([A-Za-z0-9+/=]+)", html)[1]
    text = base64.b64decode(address).decode("utf-8-sig") + "Ale;3,14159\r\n"
    planted = html.replace(address, base64.b64encode(text.encode("utf-8-sig")).decode(), 1)
    (fault,) = found(planted)
    assert "download" in fault and "something else than its table" in fault


def test_with_the_gate_off_a_planted_number_gets_out_and_with_it_on_it_does_not(
    register_file, monkeypatch
):
    html = register_file.read_text(encoding="utf-8")
    planted = html.replace("<h2", "<p>I Vansbro var det 3 kvinnor med skador.</p><h2", 1)
    with pytest.raises(PageRefusedError, match=r"3 kvinnor med skador.*no fact, date or code"):
        passed(planted)
    monkeypatch.setattr(exporter, "faults", lambda page, copied, reports: [])
    assert "3 kvinnor med skador" in passed(planted)


def test_a_number_planted_in_the_notebook_stops_the_report(register_job, tmp_path):
    notebook = json.loads((ROOT / "notebooks" / "sjukfall.ipynb").read_text(encoding="utf-8"))
    cell = {
        "cell_type": "markdown",
        "id": "planted",
        "metadata": {},
        "source": ["Det är 3 fall i Orsa."],
    }
    notebook["cells"].append(cell)
    (tmp_path / "sjukfall.ipynb").write_text(json.dumps(notebook), encoding="utf-8")
    with pytest.raises(
        NotCompleteError, match=r"cell 26 \('Det är 3 fall i Orsa.'\) says the number 3"
    ):
        report_page(register_job, tmp_path)


@pytest.mark.parametrize("count", [0, 2, 3, 20, 23, 202, 12, 60])
@pytest.mark.parametrize(
    "alt",
    [
        "Från december 2022 till december 2023 ändrades antalet sjukfall till {n} i Orsa.",
        "Antalet var {n} i Orsa och lika stort från 20 mars 2023 till 2023-12-20.",
        "Sjukfall som varat 60 dagar eller mer: {n} i Orsa, diagnos F20 och F00–F99.",
    ],
)
def test_a_count_like_a_part_of_a_date_or_a_code_in_an_alternative_text_is_a_fact_of_its_own(
    count, alt
):
    text = say(alt, n=count_fact("antal", count))
    assert found(f"<html><body>{image(text, text)}</body></html>") == []
    said_twice = say(f"{alt} {{m}}", n=count_fact("antal", count), m=count_fact("antal", count))
    assert found(f"<html><body>{image(said_twice, text)}</body></html>")


def image(alt: Text, facts: Text) -> str:
    """An image whose alternative text has the facts of another, as `Figure` writes them."""
    said = [(fact.id, f"{fact.printed():f}", text) for fact, text in facts.printed_facts()]
    return f"<img alt='{alt.plain()}' data-facts='{json.dumps(said)}'>"
