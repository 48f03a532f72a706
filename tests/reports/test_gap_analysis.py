"""The gap analysis: what the source of 2024 says is on the page, and what moved and is late in the practice example."""

from __future__ import annotations

import re

import pytest
from bs4 import BeautifulSoup

from commands import vgstats
from support import ROOT, read_page, table_rows, words


@pytest.fixture(scope="module")
def pages(tmp_path_factory) -> dict[str, BeautifulSoup]:
    """The two reports as `vgstats render` makes them, each once."""
    out = tmp_path_factory.mktemp("gap")
    files = {"orebro": "krav-orebro-2024.yaml", "practice": "ovning/egna-krav.yaml"}
    found = {}
    for name, file in files.items():
        done = vgstats("render", ROOT / "params" / file, "--out", out / name)
        assert done.returncode == 0, done.stdout + done.stderr
        (page,) = (one for one in (out / name).rglob("*.html") if one.name != "index.html")
        found[name] = read_page(page.read_text(encoding="utf-8"))
    return found


@pytest.mark.parametrize(
    "fact",
    [
        "8 uppfyllt, 10 delvis uppfyllt, 4 ej uppfyllt, 1 oklart av 23",
        "Av 14 krav som inte är helt uppfyllda finns flest i Processer och rutiner: 8 . Därtill är 1 oklart.",
        "12 öppna åtgärder. 1 av dem gäller ett krav med läget oklart. Källan anger inte ansvarig, datum",
        "RMKS 240903: Sjukskrivningskommittén ska se över och prioritera åtgärderna",
        "varje status är tolkad ur nuläget",
        "Försäkringsmedicinsk strategi saknas.",
        "sakkunniga läkare på 50 procent i specialiserad vård och 20 i primärvård",
        "omkring 20 heltidstjänster",
        "Somatisk specialistvård saknar rehabkoordinatorer sedan 2024",
        "ingen term i avvikelsesystemet Platina",
        "fyra gånger per termin",
        "En överenskommelse gäller 2023–2026.",
        "Vänta in journalsystemet Cosmic",
        "Det finns bara en bedömning, den för 2024.",
        "Örebros gapanalys 2024",
    ],
)
def test_the_gap_analysis_says_what_its_source_says(pages, fact):
    assert fact in words(pages["orebro"])


def test_indicators_have_the_newest_value_of_the_period_beside_riket(pages):
    shown = table_rows(pages["orebro"], "indikatorer-krav")
    assert shown["Antal sjukskrivningar för kvinnor och män"][1:3] == ["2024", "6 152"]
    assert "Andel partiellt sjukskrivna" not in shown


def test_what_got_better_worse_new_and_gone_since_last_time_is_told(pages):
    shown = table_rows(pages["practice"], "rort-sig")
    assert [(name[0], cells[-1]) for name, cells in shown.items()] == [
        ("2", "Sämre"),
        ("6", "Ingen bedömning nu"),
        ("1", "Bättre"),
        ("5", "Ny bedömning"),
    ]


def test_an_action_is_late_by_the_end_of_the_period_and_not_by_the_day_it_is_read(pages):
    shown = table_rows(pages["practice"], "atgarder-oppna")
    assert [cells[-1] for cells in shown.values()] == ["Försenad", "Kommande", "Utan datum"]
    assert list(table_rows(pages["practice"], "atgarder-klara")) == ["Påhittat skriv strategin"]


@pytest.mark.parametrize("name", ["orebro", "practice"])
def test_the_counts_of_statuses_sum_to_the_requirements(pages, name):
    counted = table_rows(pages[name], "lage-per-del")
    tables = pages[name].find_all("table", id=re.compile("^krav-"))
    rows = [row for table in tables for row in table_rows(pages[name], table["id"])]
    assert sum(int(n) for cells in counted.values() for n in cells) == len(rows) > 0
    assert all(re.match(r"[\d.]+ ", row) for row in rows)


def test_an_action_is_told_once_and_a_rate_has_the_source_of_its_inhabitants(pages):
    said = words(pages["orebro"])
    assert said.count("Ta fram en försäkringsmedicinsk strategi.") == 1
    assert "SCB" in words(pages["orebro"].find(id="indikatorer-krav").find_parent("div").parent)
    assert "SCB" in words(pages["orebro"].find(id="kallor"))
