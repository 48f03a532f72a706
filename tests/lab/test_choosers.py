"""The choosers lead only to what has figures, each view's line runs, and what is chosen becomes a report."""

from __future__ import annotations

import ast
import re
import shutil
from pathlib import Path

import ipywidgets as widgets
import nbformat
import pytest
import yaml

import vgstats as vg
from commands import vgstats
from support import read_page, table_rows, words
from vgstats.disclosure.release import ledger_of
from vgstats.lab.choices import said_of_nothing
from vgstats.lab.choosers import Choosers
from vgstats.lab.views import IN_REPORTS, VIEWS
from vgstats.store.store import Store

COUNTED = "pagaende_sjukfall_eget_register"
VIEW_NAMES = [view.name for view in VIEWS]


def shown(chosen: Choosers, name: str) -> tuple[str, str]:
    """A view as HTML, and the line under it as it is copied."""
    view, code = getattr(chosen, name)().children
    line = read_page(code.value).get_text()
    return view.value, line


def values(chooser) -> list[str]:
    return [value for _, value in chooser.options]


def test_every_view_has_a_line_that_runs_and_gives_the_same(monkeypatch):
    chosen = vg.choosers(area="lan:14")
    chosen.before.value, chosen.after.value = "2011-12", "2016-12"
    for name in sorted(VIEW_NAMES, key="shares".__eq__):
        if name == "shares":  # of a count
            chosen.measure.value = "pagaende_sjukfall"
        view, line = shown(chosen, name)
        call = ast.parse(line, mode="eval").body
        assert isinstance(call, ast.Call) and line.startswith("vg."), name
        answer = eval(line, {"vg": vg})  # noqa: S307 - what the notebook offers to copy
        assert answer.html() == view, name
    chosen = vg.choosers(area="lan:14")
    line = shown(chosen, "change")[1]
    assert line == 'vg.change("ohalsotal", "Västra Götaland", "2019-12", "2025-12")'


def test_another_county_gives_its_own_numbers():
    chosen = vg.choosers()
    view = chosen.change()
    chosen.area.value = "lan:20"
    assert "Dalarnas län" in view.children[0].value
    assert 'data value="26.2"' in view.children[0].value.replace("<", "")


def test_a_measure_narrows_areas_periods_and_groups_to_those_with_figures():
    chosen = vg.choosers()
    chosen.measure.value = "sjukfall_60_dagar_andel"
    assert values(chosen.area) == ["lan:14"] and chosen.area.disabled
    assert values(chosen.before) == ["2005"] and values(chosen.after) == ["2008"]
    assert "diagnos=F00-F99" in values(chosen.group) and "" not in values(chosen.group)
    names = {value: name for name, value in chosen.group.options}
    assert names["diagnos=F00-F99"].startswith("Psykiatriska")


def test_the_later_period_is_after_the_earlier_and_what_can_stay_stays():
    chosen = vg.choosers()
    chosen.before.value = "2024-12"
    assert values(chosen.after) == ["2025-12"] and chosen.choice.area == "lan:18"
    chosen.measure.value = "sjukpenningtal"
    assert (chosen.choice.area, chosen.choice.before) == ("lan:18", "2024-12")


def said(chosen: Choosers) -> str:
    return words(read_page(chosen._box.children[-1].value))


def test_a_kommun_without_figures_of_a_measure_gives_way_to_its_county_which_is_said():
    chosen = vg.choosers(area="kommun:1441")
    chosen.measure.value = "sjukpenningtal"
    assert chosen.choice.area == "lan:14"
    assert "område Västra Götalands län (inte Lerums kommun)" in said(chosen)
    chosen.after.value = "2024-12"
    assert "(inte" not in said(chosen)


def test_why_a_chooser_is_grey_is_said():
    chosen = vg.choosers("sjukpenningtal")
    assert chosen.sex.disabled
    assert "Grått (kön, grupp) har bara ett val" in said(chosen)
    chosen.measure.value = "pagaende_sjukfall_psykiatriska_andel"
    assert not chosen.sex.disabled and "kön" not in said(chosen)


def test_a_kommun_is_called_as_it_calls_itself():
    called = {value: name for name, value in vg.choosers(area="lan:14").area.options}
    assert called["kommun:1480"] == "Göteborgs kommun"


def test_where_other_areas_are_shown_is_said_beside_their_chooser():
    of = vg.choosers()._box.children[1].children[1].children
    assert "Förändring" in of[list(map(type, of)).index(widgets.SelectMultiple) + 1].value


FEW = ["sa_mottagare", "kpi", "sjukskrivna_vardcentral", "sjukfall_60_dagar_andel", "statsbidrag"]


@pytest.mark.parametrize("measures", [FEW, pytest.param(None, marks=pytest.mark.long)])
def test_what_can_not_be_shown_says_so_in_swedish(measures):
    chosen = vg.choosers()
    views = {name: getattr(chosen, name)().children for name in VIEW_NAMES}
    for measure in measures or values(chosen.measure):
        chosen.measure.value = measure
        for name, (view, code) in views.items():
            why = re.search(
                "Det finns inga (tal|delar)|behöver tal|kan inte ställas|Välj ett", view.value
            )
            assert code.value or why, (measure, name, view.value)
            assert "Programmets besked" not in view.value, (measure, name, view.value)


def test_others_stand_in_the_same_table_of_changes():
    chosen = vg.choosers()
    chosen.others.value = ("riket", "lan:20")
    view, line = shown(chosen, "change")
    assert line == 'vg.changes("ohalsotal", ["Örebro", "riket", "Dalarna"], "2019-12", "2025-12")'
    assert "Dalarnas län" in view


def test_riket_makes_no_report_and_says_what_does(tmp_path):
    chosen = vg.choosers(area="riket")
    assert "Välj ett sådant område" in written(chosen, tmp_path)
    assert not any(tmp_path.iterdir())


def written(chosen: Choosers, folder: Path, *views: str) -> str:
    """Press the button with these views chosen, all of them where none is named; return what it says."""
    ticks, button, said = chosen.report(folder).children
    for tick, view in zip(ticks.children[0].children, IN_REPORTS, strict=True):
        tick.value = not tick.disabled and (not views or view.name in views)
    button.click()
    return said.value


def test_a_view_that_the_report_cannot_show_is_closed_with_its_reason_before_the_button(tmp_path):
    chosen = vg.choosers(area="lan:25")
    row, why = chosen.report(tmp_path).children[0].children
    ticks = {tick.description: tick for tick in row.children}
    assert shown(chosen, "map")[1].startswith("vg.map(")  # of the counties
    assert (ticks["Karta"].disabled, ticks["Karta"].value) == (True, False)
    assert "Inte Karta i rapporten: Där visar kartan länets kommuner" in why.value
    ticks["Serie"].value = False
    chosen.area.value = "riket"
    assert all(tick.disabled for tick in ticks.values()) and "Välj ett sådant" in why.value
    chosen.area.value = "lan:14"
    chosen.before.value, chosen.after.value = "2011-12", "2016-12"
    assert (ticks["Karta"].disabled, ticks["Karta"].value) == (False, True)
    assert not ticks["Serie"].value and not why.value


def test_what_is_chosen_becomes_a_report_that_passes_the_gate(tmp_path):
    chosen = vg.choosers(area="lan:20")
    said = written(chosen, tmp_path)
    name = "dalarnas-lan-ohalsotal-2019-12-2025-12"
    assert f"vgstats render params/{name}.yaml" in said
    job = yaml.safe_load((tmp_path / "params" / f"{name}.yaml").read_text(encoding="utf-8"))
    assert (job["lan"], job["before"], job["after"]) == (["20"], "2019-12", "2025-12")
    cells = nbformat.read(tmp_path / "notebooks" / f"{name}.ipynb", as_version=4).cells
    headings = [c.source for c in cells if c.cell_type == "markdown"]
    assert headings[:3] == ["## Ohälsotal", "### Serie", "### Förändring"]
    done = vgstats("render", f"params/{name}.yaml", "--out", "out", cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    (file,) = (tmp_path / "out" / name).glob("dalarnas*.html")
    page = read_page(file.read_text(encoding="utf-8"))
    assert table_rows(page, "forandring")["Ohälsotal (dagar)"][:2] == ["26,0", "26,2"]
    assert {"Serie", "Länen i ordning"} <= {words(h) for h in page.find_all("h3")}
    assert "Regler och annat som ändrades" in {words(h) for h in page.find_all("h3")}
    again = written(chosen, tmp_path, "change")
    assert f"{name}-2.yaml" in again and (tmp_path / "params" / f"{name}-2.yaml").is_file()


def test_a_unit_stands_beside_its_county_and_other_units_with_its_groups_in_words(mapped_store):
    measure, unit = "listade", "enhet:14-stora"
    chosen = Choosers(measure, unit, store=mapped_store.folder)
    assert chosen.choice.area == unit
    names = [name for name, _ in chosen.area.options]
    assert names[0] == "Västra Götalands län" and names[1:] == sorted(names[1:])
    assert [name for name, _ in chosen.after.options] == ["1 oktober 2025"]
    view, line = shown(chosen, "compare")
    assert "Västra Götalands län" in view and line.startswith("vg.compare(")
    assert "finns för enheter, inte för kommuner" in shown(chosen, "kommuner")[0]
    assert "vgstats new enhetsblad" in chosen.report().children[0].children[1].value
    chosen.measure.value = "intygsfall_kvar"
    assert chosen.group.options[0][0] == "30 dagar"


def test_a_count_divides_by_what_is_chosen_and_says_what_is_hidden(mapped_store):
    chosen = Choosers("intygsfall", "enhet:14-stora", store=mapped_store.folder)
    of = dict(chosen.dimension.options)
    assert list(of) == ["Diagnos", "Grad", "Kön", "Sjukfallets längd", "Sysselsättning"]
    view, line = shown(chosen, "shares")
    assert line.endswith('dimension="diagnos")') and "Länet 2025-10-01" in view
    view, code = chosen.shares().children
    chosen.dimension.value = of["Sjukfallets längd"]
    assert "365 dagar eller mer" in view.value and 'dimension="langd"' in code.value.replace(
        "&quot;", '"'
    )
    chosen.area.value = "enhet:14-lilla"
    chosen.dimension.value = "diagnos"
    assert "Talen är dolda" in view.value and not code.value
    chosen.area.value = "lan:14"
    assert "Intygande specialitet" in dict(chosen.dimension.options)
    chosen.measure.value = "intygsfall_diagnos"
    assert "Dolt" not in said(chosen)
    chosen.area.value = "enhet:14-lilla"
    assert "Dolt, eftersom talen är små" in said(chosen)
    assert "stressrelaterade diagnoser (F43)" in said(chosen)
    chosen.area.value = "lan:14"
    for view_of in ("ranking", "map", "compare"):
        assert "Regionen räknar dem själv" in shown(chosen, view_of)[0], view_of
    chosen.measure.value = "intygsfall_per_1000_listade"
    assert chosen.dimension.disabled and "inga delar av sjukfallen" in view.value
    assert all(tick.description != "Fördelning" for tick in ticks_of(chosen))


def ticks_of(chosen: Choosers) -> list[widgets.Checkbox]:
    return list(chosen.report().children[0].children[0].children)


def test_counts_that_no_report_has_released_are_named_and_one_day_says_where_it_is_shown(
    register_store, tmp_path
):
    store = Store(shutil.copytree(register_store.folder, tmp_path / "store"))
    ledger_of(COUNTED, store).path.unlink(missing_ok=True)
    chosen = Choosers(store=store)
    assert COUNTED not in values(chosen.measure)
    assert "Går att välja när en rapport har gjorts av dem" in said(chosen)
    assert vg.measures.measure(COUNTED).name in said(chosen)
    assert "enhetsblad.ipynb" in said_of_nothing("intygsfall")
    assert "vgstats fetch" in said_of_nothing("ohalsotal")
