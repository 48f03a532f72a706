"""The recipes run as they stand in one real kernel, are short, show what they promise, and their numbers are right."""

from __future__ import annotations

import ast
import builtins
import json

import nbformat
import pandas as pd
import pytest
import yaml
from bs4 import BeautifulSoup
from nbclient import NotebookClient

from support import ROOT
from vgstats import demo, published
from vgstats.catalogue.data_files import data_folder

NOTEBOOK = ROOT / "notebooks" / "recept.ipynb"
MADE_UP = " (påhittade siffror)"
CASES = "pagaende_sjukfall"
PICTURE, TABLE, SENTENCE = "image/png", "table", "p"
DALARNA = [2021, 2023, 2026, 2029, 2031, 2034, 2039, 2061, 2062, *range(2080, 2086)]  # its kommuner


def value(measure: str, area: str, period: str, sex: str = "alla", group: str = "") -> float:
    keys = ["measure", "area", "period", "sex", "group"]
    return float(published().set_index(keys)["value"][measure, area, period, sex, group])


def by_lan(measure: str, period: str) -> pd.Series:
    of = published().query("measure == @measure and period == @period and sex == 'alla'")
    of = of[of["area"].str.startswith("lan:")].drop_duplicates(["area", "value"])  # of two sources
    return of.pivot(index="area", columns="measure", values="value")[measure]


def made_up(measure: str, period: str, *, ages: bool = False) -> pd.Series:
    """The numbers of the kommuner of Dalarna, or by kommun and age."""
    places = [f"kommun:{code}" for code in DALARNA]
    rows = demo.store("Dalarna").read((place, measure, (period,)) for place in places)
    wanted = rows["group"].str.startswith("alder=") if ages else rows["group"] == ""
    rows = rows[wanted & (rows["sex"] == "alla")]
    return rows.set_index(["area", "group"] if ages else "area")["value"].sort_index()


def written(number: float, decimals: int = 1) -> str:
    return f"{number:+.{decimals}f}".replace(".", ",").replace("-", "−")


def risen_though_fallen() -> list[float]:
    ill, paid = (
        (by_lan(m, "2025-12") - by_lan(m, "2015-12")).round(1)
        for m in ("ohalsotal", "sjukpenningtal")
    )
    both = (ill < 0) & (paid > 0)
    return [both.sum(), *ill[both], *paid[both]]


def psychiatric(area: str, year: str) -> float:
    cases = (CASES, area, year, "kvinnor")
    return 100 * value(*cases, "diagnos=F00-F99") / value(*cases)


def likes() -> list[float]:
    before, after = by_lan("sjukpenningtal", "2018-12"), by_lan("sjukpenningtal", "2025-12")
    away = (before - before["lan:18"]).abs().round(9).drop("lan:18")
    near = away[away <= away.nsmallest(5).max()].index
    return sorted((after - before).round(1)[[*near, "lan:18"]])


def standardised(place: str) -> float:
    cases, persons = (made_up(measure, "2025-12", ages=True) for measure in (CASES, "forsakrade"))
    whole = persons.groupby("group").sum()
    return float((cases[place] / persons[place] * whole).sum() / whole.sum() * 100_000)


def gap_of_projects() -> float:
    change = made_up("sjukpenningtal", "2025-12") - made_up("sjukpenningtal", "2023-12")
    treated = [f"kommun:{code}" for code in ("2034", "2062", "2031", "2029", "2039")]
    return float(change[treated].mean() - change.drop(treated).mean())


def county_change() -> float:
    rates, persons = (
        [made_up(measure, period) for period in ("2019-12", "2025-12")]
        for measure in ("sjukpenningtal", "forsakrade")
    )
    before, after = ((r * n).sum() / n.sum() for r, n in zip(rates, persons, strict=True))
    return float(after - before)


def part_change(measure: str) -> float:
    rows = demo.store("Dalarna").read([("lan:20", measure, ("2019-12", "2025-12"))])
    rows = rows[(rows["sex"] == "alla") & (rows["group"] == "")].set_index("period")["value"]
    return float(rows["2025-12"] - rows["2019-12"])


def rules() -> list[int]:
    """How many entries touch sjukpenningtal after 1 January 2018, where the first value begins."""
    text = (data_folder() / "law_changes.yaml").read_text(encoding="utf-8")
    dates = [str(r["date"]) for r in yaml.safe_load(text) if "sjukpenningtal" in r["measures"]]
    return [sum("2018-01-01" < date <= "2025-12-31" for date in dates)]


def place_in_order() -> list[float]:
    before, after = by_lan("sjukpenningtal", "2018-12"), by_lan("sjukpenningtal", "2025-12")
    return [(after / before).rank()["lan:18"], (after - before)["lan:18"]]


def in_funnel() -> list[float]:
    cases, persons = (made_up(m, "2025-12")["kommun:2080"] for m in (CASES, "forsakrade"))
    return [cases / persons * 100_000, persons]


def per_1000(area: str) -> float:
    return 1000 * value(CASES, area, "2025") / value("befolkning", area, "2024")


def women_a_man(area: str) -> float:
    women, men = (value(CASES, area, "2025", sex) for sex in ("kvinnor", "män"))
    return women / men


def parts_of_the_change() -> str:
    paid, granted = (part_change(f"ohalsotal_{part}") for part in ("sjukpenning", "sa"))
    said = f"Av ökningen på {paid + granted:.1f} dagar kommer {paid:.1f} dagar från sjukpenning och {granted:.1f}"
    return said.replace(".", ",")


def in_2007_prices() -> str:
    index = {year: value("kpi", "riket", year) for year in ("2004", "2007")}
    before = value("kostnad_sjukpenning", "lan:14", "2004") * index["2007"] / index["2004"]
    after = value("kostnad_sjukpenning", "lan:14", "2007")
    return f"från {before / 1000:.1f} till {after / 1000:.1f} miljarder".replace(".", ",")


# Of each recipe: what it shows, what a cell below it asks the kernel for, and the same worked out without vgstats.
RECIPES = {
    "I vilka län steg sjukpenningtalet fast ohälsotalet föll?": (
        TABLE,
        "[len(_), *_['Ohälsotal'], *_['Sjukpenningtal']]",
        risen_though_fallen,
    ),
    "Hur stor del av kvinnornas sjukfall har psykiatriska diagnoser, hos oss och i riket?": (
        PICTURE,
        "share.pivot(index='period', columns='area', values='value').loc['2025'].tolist()",
        lambda: [psychiatric("lan:18", "2025"), psychiatric("riket", "2025")],
    ),
    "Vilka län började som vi, och hur gick det för dem?": (
        TABLE,
        "_['difference'].tolist()",
        likes,
    ),
    "Är 0,3 dagar mer än avrundning?": (
        TABLE,
        "[_.difference, _.difference_band.low, _.difference_band.high]",
        lambda: [0.3, 0.2, 0.4],  # 24,2 and 24,5, each within 0,05
    ),
    "Hur många är sjukskrivna per 1 000 invånare?": (
        PICTURE,
        "rate.set_index('area')['value'][['riket', 'lan:18']].tolist()",
        lambda: [per_1000(area) for area in ("riket", "lan:18")],
    ),
    "Vad blev kostnaden i fasta priser?": (SENTENCE, "str(_)", in_2007_prices),
    "Gick det bättre där vi hade ett projekt?" + MADE_UP: (
        SENTENCE,
        "str(_)",
        lambda: f"Skillnaden mellan ändringarna är {written(gap_of_projects(), 2)} dagar",
    ),
    "Beror skillnaden på åldern?" + MADE_UP: (
        TABLE,
        "rates.loc[rates['area_name'].str.startswith('Falun'), 'estimate'].tolist()",
        lambda: [standardised("kommun:2080")],
    ),
    "Vilka kommuner skiljer sig mer än slumpen?" + MADE_UP: (
        PICTURE,
        "funnel.loc[funnel['area'].str.startswith('Falun'), ['estimate', 'size']].values[0].tolist()",
        in_funnel,
    ),
    "Var föll det mest?": (
        PICTURE,
        "_.to_frame().set_index('area').loc['lan:18', ['rank', 'difference']].tolist()",
        place_in_order,
    ),
    "Ökar skillnaden mellan kvinnor och män?": (
        PICTURE,
        "(both['kvinnor'] / both['män']).iloc[-1].tolist()",
        lambda: [women_a_man(area) for area in ("lan:18", "riket")],
    ),
    "Vad säger andelen när man ser antalet bredvid?": (
        TABLE,
        "_.to_frame().iloc[0][['share_before', 'share_after', 'count_after']].tolist()",
        lambda: [38, 35, 0.35 * value("sjukfall_60_dagar", "lan:14", "2008-12")],
    ),
    "Vilka regler ändrades under tiden?": (TABLE, "[len(_.data)]", rules),
    "Vilka kommuner ligger bakom länets ändring?" + MADE_UP: (
        SENTENCE,
        "str(_)",
        lambda: f"Ändringen för helheten är {written(county_change())} dagar",
    ),
    "Är det sjukpenning eller sjukersättning i ohälsotalet?" + MADE_UP: (
        SENTENCE,
        "str(_)",
        parts_of_the_change,
    ),
}


def recipes() -> dict[str, nbformat.NotebookNode]:
    """The cell of each recipe by its question, and the cells as they stand."""
    cells = nbformat.read(NOTEBOOK, as_version=4).cells[2:]
    questions = [c.source.splitlines()[0].removeprefix("## ") for c in cells[::2]]
    return dict(zip(questions, cells[1::2], strict=True))


@pytest.fixture(scope="module")
def ran() -> dict[str, tuple[nbformat.NotebookNode, object]]:
    """The cell of each recipe after all have run in one kernel, and what the cell below it printed."""
    notebook = nbformat.read(NOTEBOOK, as_version=4)
    asking = "import json; print(json.dumps({}, default=float))"
    for question, cell in zip(recipes(), notebook.cells[3::2], strict=True):
        cell.metadata["asked"] = asking.format(RECIPES[question][1])
    cells = [
        [c] if "asked" not in c.metadata else [c, nbformat.v4.new_code_cell(c.metadata["asked"])]
        for c in notebook.cells
    ]
    notebook.cells = [cell for pair in cells for cell in pair]
    NotebookClient(notebook, resources={"metadata": {"path": str(NOTEBOOK.parent)}}).execute()
    shown = notebook.cells[3::3]
    told = [json.loads(cell.outputs[0].text) for cell in notebook.cells[4::3]]
    return dict(zip(recipes(), zip(shown, told, strict=True), strict=True))


def test_each_question_is_a_heading_with_words_on_what_to_look_out_for():
    cells = nbformat.read(NOTEBOOK, as_version=4).cells[2:]
    assert list(recipes()) == list(RECIPES) and len(RECIPES) == 15
    for words, code in zip(cells[::2], cells[1::2], strict=True):
        heading, *rest = words.source.splitlines()
        assert heading.removesuffix(MADE_UP).endswith("?") and "**Se upp:** " in "".join(rest)
        assert ("demo." in code.source) == heading.endswith(MADE_UP)


def test_each_is_at_most_six_lines_and_needs_no_other():
    for code in recipes().values():
        assert len(code.source.splitlines()) <= 6
        names = {n.id for n in ast.walk(ast.parse(code.source)) if isinstance(n, ast.Name)}
        own = {
            n.id
            for n in ast.walk(ast.parse(code.source))
            if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Store)
        }
        assert names - own <= {"vg", "m", "sns", *dir(builtins)}


@pytest.mark.parametrize("question", RECIPES)
def test_it_shows_what_it_promises(ran, question):
    cell, _ = ran[question]
    (output,) = cell.outputs
    kind = RECIPES[question][0]
    if kind == PICTURE:
        assert "image/png" in output.data or "<img" in output.data["text/html"]
        return
    page = BeautifulSoup(output.data["text/html"], "html.parser")
    assert page.find(kind).get_text(strip=True)
    assert bool(page.find("table")) == (kind == TABLE)


@pytest.mark.parametrize("question", RECIPES)
def test_its_number_is_that_of_the_tidy_table(ran, question):
    told, expected = ran[question][1], RECIPES[question][2]()
    if isinstance(expected, str):
        assert expected in told
    else:
        assert told == pytest.approx(expected)
