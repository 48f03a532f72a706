"""The finished page holds the published figures in the right places, and nothing from outside."""

from __future__ import annotations

import re
import shutil
from dataclasses import replace
from functools import cache
from itertools import pairwise

import pytest

from support import ROOT, blocks, each_sex_alone, followup, plain, read_page, table_rows, words
from vgstats.batch.plan import plan
from vgstats.catalogue.measures import PSYCHIATRIC_SHARE
from vgstats.reports.base.bundle import Bundle
from vgstats.reports.base.gathering import gather
from vgstats.reports.uppfoljning import Parameters, Uppfoljning

M = "\N{MINUS SIGN}"


def check_page_one(page) -> None:
    said = " ".join(
        words(item) for item in page.find("h2", string="Det viktigaste").parent.find_all("li")
    )
    for phrase in (
        "Ohälsotalet sjönk från 42,9 dagar 2005 till 36,8 dagar 2008, en minskning med 14 procent",
        "från 36 346 (2005) till 23 395 (2008), en minskning med 35,6 procent",
        "I riket minskade antalet med 34,7 procent",
        "från 30 200 i december 2005 till 18 900 i december 2008, en minskning med 37 procent",
    ):
        assert phrase in said, phrase
    rows = table_rows(page, "indikatorer")
    assert rows["Ohälsotal (dagar)"][:3] == ["42,9", "36,8", f"{M}14 %"]
    assert rows["Sjukfall, 60 dagar eller mer"][:3] == ["30 200", "18 900", f"{M}37 %"]
    assert rows["Pågående sjukfall"][:4] == ["36 346", "23 395", f"{M}35,6 %", f"{M}34,7 %"]
    assert rows["Ohälsotal, kvinnor"][:3] == ["51,7", "44,0", f"{M}15 %"]
    assert rows["Ohälsotal, män"][:3] == ["34,3", "29,6", f"{M}14 %"]
    assert "Siffrorna visar vad som hände, inte varför" in words(page)
    figure = page.find("figure")
    assert words(figure.figcaption) == (
        "Ohälsotalet i Västra Götalands län sjönk från 42,9 dagar 2005 till 36,8 dagar 2008"
    )


def check_changes(page) -> None:
    rows = table_rows(page, "forandring")
    assert rows["Ohälsotal (dagar)"] == [
        "42,9", "36,8", f"{M}6,1", f"{M}14 %", f"{M}6,2 till {M}6,0",
    ]  # fmt: skip
    assert rows["Ohälsotal, kvinnor"][:4] == ["51,7", "44,0", f"{M}7,7", f"{M}15 %"]
    assert rows["Ohälsotal, män"][:4] == ["34,3", "29,6", f"{M}4,7", f"{M}14 %"]
    gap = rows["Ohälsotal, skillnad mellan kvinnor och män"]
    assert gap[:3] == ["17,4", "14,4", f"{M}3,0"]
    sa = "aktivitetsersättning"
    assert rows[f"Personer som har sjuk- eller {sa}"] == [
        "98 000", "91 700", f"{M}6 300", f"{M}6 %", f"{M}6 400 till {M}6 200",
    ]  # fmt: skip
    new = rows[f"Personer som fick sjuk- eller {sa}"]
    assert new[:4] == ["11 000", "5 500", f"{M}5 500", f"{M}50 %"]
    assert rows["Pågående sjukfall, riket"][3] == f"{M}34,7 %"


def check_goals(page) -> None:
    rows = table_rows(page, "mal")
    own = rows["Ohälsotalet ska minska, med ett eget mål för varje länskassa."]
    assert own[:3] == [
        f"42,9 → 36,8 dagar ({M}6,1)", "Ja enligt källan", "Nej, målvärdet är okänt",
    ]  # fmt: skip
    halving = rows["Frånvaron på grund av sjukskrivning ska halveras från 2002 till 2008."]
    assert halving[:2] == ["uppgift saknas", "Okänt"]
    assert halving[2].startswith("Nej, källan har inget värde för 2002")


def check_shares(page) -> None:
    rows = table_rows(page, "andelar")
    assert rows["Psykiatriska diagnoser (F00–F99)"] == [
        "38 %", "35 %", f"{M}4 till {M}2", "11 500", "6 600", f"{M}44 till {M}40 %",
    ]  # fmt: skip
    assert rows["Kvinnor"][:2] == ["63 %", "61 %"]
    first, second = table_rows(page, "instans-2005"), table_rows(page, "instans-2008")
    assert first["Vårdcentral"] == ["42 %"] and second["Sjukhusklinik"] == ["44 %"]
    assert set(first) & set(second) == {"Vårdcentral", "Företagshälsovård"}


def check_costs(page) -> None:
    rows = table_rows(page, "kostnader")
    expected = {
        "Sjuk- och rehabiliteringspenning (miljarder kronor)": ["6,0", "4,5", f"{M}1,5", f"{M}25 %"],
        "Sjuk- och aktivitetsersättning (miljarder kronor)": ["9,6", "10,3", "+0,7", "+7 %"],
        "Köp av rehabiliteringstjänster (miljoner kronor)": ["142", "116", f"{M}26", f"{M}18 %"],
        "Samtliga transfereringar till länets invånare (miljarder kronor)": [
            "64,2", "68,0", "+3,8", "+6 %",
        ],
    }  # fmt: skip
    for name, cells in expected.items():
        assert rows[name][:4] == cells
    money = table_rows(page, "statsbidrag")
    assert money["2006"] == ["2007", "42", "70", "112", "inga angivna"]
    assert money["Summa"] == ["", "126", "315", "441", "200"]


def check_actions_and_remarks(page) -> None:
    rows = {name: cells[0] for name, cells in table_rows(page, "insatser").items()}
    assert rows["Lokala processledare i förvaltningarna, från hösten 2006"] == "10 personer"
    assert "mer än 1 000 deltagare" in rows.values()
    assert rows["Forsknings- och utvecklingsprojekt"] == "34 projekt och 5 miljoner kronor"
    assert any(
        "19 förbund i 45 av länets 49 kommuner" in r and "130 miljoner" in r and "7 000" in r
        for r in rows.values()
    )
    assert list(rows.values()).count("-") == 8
    text = words(page)
    for phrase in (
        "Tabell 1 anger 735 medarbetare vid Försäkringskassan 2008, men delarna blir 733",
        "Texten anger 121 vårdcentraler, bilaga 1 156",
        "Andelarna 2008 blir 99 procent",
        "Tabell 3 har rubrikerna 2005 och 2008, men kostnaderna avser 2004 och 2007",
        "sjönk ohälsotalet i alla 49 kommuner",
        "I 8 av 10 kommuner sjönk ohälsotalet mer än i länet; för 1 till skiljer bara avrundningen",
        "ändringen gäller tre år",
        "De 10 kommunerna är de som källan visar, inget stickprov",
        "sjönk tillsammans med 0,8 miljarder kronor i löpande priser, från 2004 till 2007; med källans "
        "avrundning "
        "mellan 0,6 och 1,0",
        "steg med 7 procent i löpande priser från 2004 till 2007, medan antalet som har ersättningen "
        "sjönk med 6 procent",
        "Före 2006 hade ohälsotalet redan börjat sjunka",
        "december 2005 med omkring 41,3 dagar och januari 2009 med omkring 35,5 dagar",
    ):
        assert phrase in text, phrase
    rules = table_rows(page, "regler")
    dates = {cells[0] for cells in rules.values()}
    assert {"januari 2005", "oktober 2007", "juli 2008"} <= dates


CHECKS = [
    check_page_one,
    check_changes,
    check_goals,
    check_shares,
    check_costs,
    check_actions_and_remarks,
]


@pytest.mark.parametrize("check", CHECKS, ids=lambda check: check.__name__)
def test_the_rendered_page_has_the_published_figures_in_place(check, vg_page):
    check(vg_page)


# Figures with the checks that the page fails when they are changed.
CHANGED = [
    ("ohalsotal", "2008-12", "alla", "", [check_page_one, check_changes, check_goals]),
    ("sjukfall_60_dagar_andel", "2008", "alla", "diagnos=F00-F99", [check_shares]),
    ("kostnad_sa", "2007", "alla", "", [check_costs]),
    ("fk_medarbetare", "2008-12", "alla", "", [check_actions_and_remarks]),
]
OTHERS = [
    ("ohalsotal", "2005-12", "män", "", [check_page_one]),
    ("sjukfall_60_dagar", "2008-12", "alla", "", [check_page_one]),
    ("sa_mottagare", "2005", "alla", "", [check_changes]),
    ("statsbidrag", "2006", "alla", "", [check_costs]),
    ("processledare", "2008", "alla", "", [check_actions_and_remarks]),
]


@pytest.mark.parametrize(
    "changed",
    [
        pytest.param(
            CHANGED, id="one for each check"
        ),  # on one page, which takes some seconds to make
        *(
            pytest.param([one], id="-".join(one[:4]), marks=pytest.mark.long)
            for one in (*CHANGED, *OTHERS)
        ),
    ],
)
def test_changing_a_bundled_figure_makes_the_page_check_fail(changed, vg, monkeypatch):
    # The drawings hold no text that is checked.
    monkeypatch.setattr("vgstats.drawing.embedding.image_address", lambda *_, **__: "data:,")
    figures = vg.observations.copy()
    for measure, period, sex, group, _ in changed:
        row = (figures[["measure", "period", "sex", "group"]] == [measure, period, sex, group]).all(
            axis=1
        ) & (figures["area"] == "lan:14")
        assert row.sum() == 1
        figures.loc[row, "value"] += figures.loc[row, "resolution"]
    page = page_of(Uppfoljning(vg.parameters, Bundle(figures, vg.sources)))
    for check in (check for *_, checks in changed for check in checks):
        check(page_of(vg))
        with pytest.raises(AssertionError):
            check(page)


@cache
def page_of(report: Uppfoljning):
    """The blocks of a report as one page, without any kernel."""
    return read_page("".join(block.html() for block in blocks(report).values()))


@pytest.mark.parametrize("name", ["vg_file", "orebro_file"])
class TestEveryReport:
    @pytest.fixture
    def html(self, name, request) -> str:
        return request.getfixturevalue(name).read_text(encoding="utf-8")

    @pytest.fixture
    def page(self, html):
        return read_page(html)

    def test_is_swedish_with_one_title_and_one_main_heading(self, page):
        assert page.html["lang"] == "sv"
        assert page.title.get_text() == page.h1.get_text()
        assert len(page.find_all("h1")) == 1

    def test_has_its_sections_in_order_and_in_the_contents(self, page):
        names = [
            "Vad hände?",
            "Hade det hänt ändå?",
            "Var hände det?",
            "För vilka?",
            "Vad gjordes och vad kostade det?",
            "Om uppgifterna",
        ]
        there = [h.get_text() for h in page.select(".depth h2")]
        assert there == [name for name in names if name in there] and len(there) >= 4
        links = page.select("nav > ol > li > a")
        assert [a.get_text() for a in links] == there
        every = page.nav.find_all("a")
        assert [page.find(id=a["href"][1:]).get_text() for a in every] == [
            a.get_text() for a in every
        ]

    def test_skips_no_heading_level(self, page):
        levels = [int(h.name[1]) for h in page.find_all(re.compile(r"^h[1-6]$"))]
        assert all(after - before <= 1 for before, after in pairwise(levels))

    def test_carries_nothing_from_outside_and_no_script(self, html, page):
        assert page.find_all(["link", "iframe", "object", "form"]) == []
        assert [s["type"] for s in page.find_all("script")] == ["application/ld+json"]
        assert all(img["src"].startswith("data:") for img in page.find_all("img"))
        without_images = re.sub(r'(src|href)="data:[^"]*"', "", html)
        assert "url(" not in without_images and "@import" not in without_images
        assert not re.search(r"\son\w+\s*=", without_images)
        assert page.find_all(style=True) == []
        for a in page.find_all("a"):
            assert a["href"].startswith(("#", "data:text/csv", "https://", "http://"))

    def test_forbids_everything_else_by_policy(self, page):
        metas = page.head.find_all("meta")
        policy = next(m for m in metas if m.get("http-equiv") == "Content-Security-Policy")
        assert metas.index(policy) == 0  # before anything that loads
        assert policy["content"].startswith("default-src 'none'; img-src data:; style-src 'sha256-")
        assert "unsafe" not in policy["content"]

    def test_says_each_figures_conclusion_and_shows_its_table(self, page):
        figures = page.find_all("figure")
        assert figures
        for figure in figures:
            alt = figure.img["alt"]
            assert len(alt) > 60 and re.search(r"\d", alt)
            assert alt != figure.figcaption.get_text()
            assert figure.find("table") is not None

    def test_gives_every_table_caption_scope_and_region(self, page):
        tables = page.find_all("table")
        assert len({t["id"] for t in tables}) == len(tables)
        for table in tables:
            assert table.caption.get_text().strip()
            assert all(th.get("scope") in ("col", "row") for th in table.find_all("th"))
            assert table.find_parent("div", role="region")["aria-labelledby"] == table.caption["id"]

    def test_has_no_repeated_id(self, page):
        ids = [tag["id"] for tag in page.find_all(id=True)]
        assert len(set(ids)) == len(ids)

    def test_writes_numbers_the_swedish_way(self, page):
        for fact in page.find_all("data"):
            assert re.fullmatch(rf"[+{M}]?\d{{1,3}}(\u202f\d{{3}})*(,\d+)?", fact.get_text()), fact
            shown = fact.get_text().replace("\u202f", "").replace(",", ".").lstrip(f"+{M}")
            assert float(shown) == abs(float(fact["value"]))

    def test_shows_no_code_no_path_and_no_placeholder(self, html, page):
        traces = r"\bimport\b|Traceback|\bnan\b|\bNone\b|No description|[{}]|lan:\d|\.parquet|/work|/home"
        assert re.search(traces, words(page)) is None
        assert "No description has been provided" not in html

    def test_is_small_enough_to_mail(self, html):
        assert len(html.encode()) < 500_000


def test_a_county_with_little_bundled_says_what_is_missing(orebro_file):
    text = words(read_page(orebro_file.read_text(encoding="utf-8")))
    assert "sjukpenningtal" in text and "(kan sökas i Försäkringskassans statistikdatabas)" in text
    assert "Ohälsotal för länets 12 kommuner." in text
    assert text.count("Mål, insatser och statsbidrag i länet.") == 1
    assert "Försäkringskassans statistikdatabas" in text
    assert plain("31,6 procent") in text


def test_the_values_of_one_county_are_not_in_anothers_page(orebro_file):
    page = read_page(orebro_file.read_text(encoding="utf-8"))
    of_vg = {fact["data-fact"] for fact in page.find_all("data") if "lan:14" in fact["data-fact"]}
    assert of_vg and all("pagaende_sjukfall|lan:14" in fact for fact in of_vg)


def test_a_report_without_an_intervention_is_made_too(vg):
    parameters = vg.parameters.model_copy(update={"intervention": ""})
    page = page_of(Uppfoljning(parameters, Bundle(vg.observations, vg.sources)))
    assert "utan någon namngiven insats" in words(page)
    assert "Alla län fick" not in words(page)


def test_a_report_in_which_everything_rose_says_so(vg):
    swapped = vg.parameters.model_copy(update={"intervention": ""})
    figures = vg.observations.copy()
    flip = {"2005-12": "2008-12", "2008-12": "2005-12", "2005": "2008", "2008": "2005"}
    outcomes = figures["measure"].isin(
        ["ohalsotal", "sjukfall_60_dagar", "pagaende_sjukfall", "sa_mottagare", "sa_nya"]
    )
    figures.loc[outcomes, "period"] = figures.loc[outcomes, "period"].replace(flip)
    figures = figures[figures["measure"] != PSYCHIATRIC_SHARE]  # worked out anew
    page = page_of(Uppfoljning(swapped, replace(Bundle(figures, vg.sources))))
    text = words(page)
    assert "steg från 36,8 dagar 2005 till 42,9 dagar 2008, en ökning med 17 procent" in text
    assert "Sjukfallen på 60 dagar eller mer ökade från 18 900" in text
    assert not re.search(r"minskning med \d", text)


def test_the_lines_for_making_the_report_again_make_the_same_job(vg, vg_page, tmp_path):
    shutil.copy(ROOT / "params" / "vg-2006-2008.md", tmp_path)
    (tmp_path / "again.yaml").write_text(vg_page.find("pre").get_text(), encoding="utf-8")
    (job,) = plan(tmp_path / "again.yaml").jobs
    assert job.parameters == vg.parameters


def opened(**parameters) -> str:
    return words(page_of(followup("14", **parameters)))


def test_a_period_in_which_the_kommuner_rose_is_told_as_a_rise():
    text = opened(before="2001-12", after="2003-12")
    assert "Ohälsotalet steg från 40,4 dagar 2001" in text
    assert "ökade ohälsotalet mindre än i länet" in text
    assert "Ändrat beräkningssätt för ohälsotalet" in text  # the comparison straddles 2002
    assert not re.search(r"minskning med \d", text)


def test_years_on_the_way_up_are_not_told_as_a_fall():
    text = opened(before="2015-12", after="2016-12")
    assert "Före 2016 var ohälsotalet på väg upp" in text
    assert "redan börjat sjunka" not in text


def test_measures_that_exist_by_sex_only_are_told_by_sex():
    parameters = Parameters(lan="14", before="2019-12", after="2025-12")
    figures = each_sex_alone(gather(Uppfoljning.request(parameters)))
    text = words(page_of(Uppfoljning(parameters, figures)))
    assert "De pågående sjukfallen för kvinnor ökade från 21 656 (2019) till 23 984 (2025)" in text
    assert "De pågående sjukfallen för män ökade från 11 578 (2019) till 13 254 (2025)" in text
    assert "Talen för 2025 är preliminära" in text
    assert "illfälliga regler under pandemin" in text


def sources_of(page) -> str:
    """What stands in the table of sources and in the list below it."""
    return page.find(id="kallor").find_parent(class_="folded").get_text()


def test_sources_are_links_and_no_address_takes_room(vg_page):
    folded = vg_page.find(id="kallor").find_parent(class_="folded")
    assert "http" not in folded.get_text()
    assert [h.get_text() for h in folded.thead.find_all("th")] == ["Källa", "Avläst", "Anmärkning"]
    linked = {a.get_text(): a for a in folded.find_all("a") if not a.get("download")}
    assert "riksdagen.se" in linked["Betänkande 2006/07:SfU1"]["href"]
    assert {"Ohälsotalet i juni 2006", "januari 2011"} <= set(linked)
    assert all(a["rel"] == ["noreferrer", "noopener"] for a in linked.values())


def test_a_source_that_the_report_does_not_use_is_not_listed(vg_page, orebro_file):
    listed = sources_of(vg_page)
    assert "Uppföljningen 2006–2008" in listed and "IFAU 2010:1" in listed and "SCB" in listed
    assert "Regionfakta" not in listed and "villkor" not in listed
    orebro = sources_of(read_page(orebro_file.read_text(encoding="utf-8")))
    assert "Lerums nyheter" not in orebro and "Nyheter24" not in orebro
