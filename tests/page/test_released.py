"""A finished page is read back, and refused when it shows more than was released or gives it away."""

from __future__ import annotations

import copy
import json
import re
from dataclasses import replace

import nbformat
import numpy as np
import pandas as pd
import pytest
from selectolax.lexbor import LexborHTMLParser

from support import ROOT, index_row, write_index_of
from vgstats.batch import execute
from vgstats.batch.execute import make, report_page
from vgstats.batch.plan import plan
from vgstats.blocks.record import INDEX_ROW_TYPE
from vgstats.disclosure import HidingRule
from vgstats.disclosure.release import Release
from vgstats.facts.facts import id_of
from vgstats.kernels.run import run_notebook
from vgstats.observations import KEY, newest
from vgstats.page.exporter import PageRefusedError, ReportExporter
from vgstats.page.released import Controlled
from vgstats.reports.sjukfall import COUNTED


@pytest.fixture(scope="module")
def html(register_file) -> str:
    return register_file.read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def control(register_job) -> Controlled:
    return Controlled(register_job.bundle.observations, register_job.release)


@pytest.fixture(scope="module")
def truth(register_store) -> pd.Series:
    rows = register_store.read((k, COUNTED, ()) for k in {f"kommun:{n}" for n in range(2000, 2100)})
    return rows.set_index(KEY)["value"].astype(int)


def secret_of(register_job, truth):
    """A hidden base count, the smallest first, so that the tests plant a real secret."""
    secret = [key for key in register_job.release.protected[COUNTED].secret if key in truth.index]
    return min(secret, key=lambda key: (truth[key], key))


def with_fact(html: str, name: str, value: object) -> str:
    fact = f'<data value="{value}" data-fact="{name}">{value}</data>'
    return html.replace("<h2", f"<p>{fact}</p><h2", 1)


def test_the_report_as_it_was_made_passes(html, control):
    assert list(control.faults(LexborHTMLParser(html))) == []


def test_a_page_of_numbers_that_were_all_decided_in_an_earlier_release_is_read_as_any_other(
    html, register_job, truth
):
    before = replace(register_job.release, protected={})
    control = Controlled(register_job.bundle.observations, before)
    assert list(control.faults(LexborHTMLParser(html))) == []
    rows = register_job.bundle.observations
    key = next(iter(rows.loc[rows["status"] == "suppressed", KEY].itertuples(index=False)))
    worked_out = with_fact(html, f"procent|{id_of(*key)}", 7)
    faults = list(control.faults(LexborHTMLParser(worked_out)))
    assert any("worked out from a hidden number" in fault for fault in faults)


def test_what_was_released_is_looked_up_once_for_all_its_pages(html, register_job, monkeypatch):
    release, read = replace(register_job.release), []

    def counted(rows):
        read.append(len(rows))
        return newest(rows)

    monkeypatch.setattr("vgstats.disclosure.release.newest", counted)
    for _ in range(3):
        control = Controlled(register_job.bundle.observations, release)
        assert copy.deepcopy({"controlled": control})["controlled"] is control  # as nbconvert does
        assert list(control.faults(LexborHTMLParser(html))) == []
    assert read == [len(release.observations)]


def test_a_hidden_number_shown_as_a_fact_is_refused(html, control, register_job, truth):
    key = secret_of(register_job, truth)
    faults = list(control.faults(LexborHTMLParser(with_fact(html, id_of(*key), truth[key]))))
    assert any("was not released" in fault for fault in faults)
    assert any("gives it away" in fault and id_of(*key) in fault for fault in faults)


def test_a_number_that_is_not_the_released_one_is_refused(html, control):
    name = f"{COUNTED}|lan:20|2025-12"
    wrong = re.sub(rf'value="\d+" (data-fact="{re.escape(name)}")', r'value="7" \1', html)
    (fault, *_) = control.faults(LexborHTMLParser(wrong))
    assert "is shown as 7 and was released as" in fault


def test_a_number_that_was_never_asked_for_is_refused(html, control):
    name = f"{COUNTED}|kommun:2021|2025-01|kvinnor"
    faults = list(control.faults(LexborHTMLParser(with_fact(html, name, 12))))
    assert any(f"{name} is shown and was not released" in fault for fault in faults)


def test_what_is_worked_out_from_a_hidden_number_is_refused(html, control, register_job, truth):
    measure, area, period, sex, group = secret_of(register_job, truth)
    name = f"skillnad|{id_of(measure, area, period, sex, group)}|från 2024-12"
    faults = list(control.faults(LexborHTMLParser(with_fact(html, name, -2))))
    assert any("worked out from a hidden number" in fault for fault in faults)


def test_a_fact_in_an_alternative_text_is_read_too(html, control, register_job, truth):
    key = secret_of(register_job, truth)
    said = json.dumps([[id_of(*key), str(truth[key]), str(truth[key])]])
    planted = re.sub(r'data-facts="[^"]*"', f"data-facts='{said}'", html, count=1)
    assert planted != html
    assert any("gives it away" in fault for fault in control.faults(LexborHTMLParser(planted)))


def unprotected_bundle(register_job, truth):
    """The bundle as it would be if somebody had gone round the release."""
    rows = register_job.bundle.observations.copy()
    keys = list(rows[KEY].itertuples(index=False, name=None))
    rows["value"] = [truth.get(key, value) for key, value in zip(keys, rows["value"], strict=True)]
    rows["status"] = np.where(rows["value"].isna(), "suppressed", "ok")
    return replace(register_job.bundle, observations=rows)


def test_a_report_made_round_the_release_is_refused(register_job, truth):
    job = replace(register_job, bundle=unprotected_bundle(register_job, truth))
    with pytest.raises(PageRefusedError, match="is shown and was not released"):
        report_page(job, ROOT / "notebooks")


def test_rendering_counts_that_no_release_has_passed_is_an_error(register_job, truth, monkeypatch):
    bundle = unprotected_bundle(register_job, truth)
    job = replace(register_job, bundle=bundle, release=Release(HidingRule()))
    monkeypatch.setattr(execute, "Controlled", lambda *_: None)
    with pytest.raises(PageRefusedError, match=r"own counts.*vgstats render"):
        report_page(job, ROOT / "notebooks")


def test_nbconverts_own_command_does_not_spread_own_counts(register_job, tmp_path):
    register_job.bundle.write(tmp_path / "bundle", register_job.parameters.model_dump(mode="json"))
    notebook = run_notebook(
        nbformat.read(ROOT / "notebooks" / "sjukfall.ipynb", as_version=4),
        None,
        {
            **register_job.parameters.model_dump(mode="json"),
            "bundle": str(tmp_path / "bundle"),
        },
        folder=tmp_path,
    )
    with pytest.raises(PageRefusedError, match=r"own counts.*vgstats render"):
        ReportExporter().from_notebook_node(notebook)


def test_what_the_index_says_of_a_report_is_controlled_too(register_job):
    notebook = (ROOT / "notebooks" / "sjukfall.ipynb").read_text(encoding="utf-8")
    rows = register_job.bundle.observations.copy()
    county = (rows["area"] == "lan:20") & (rows["period"] == "2025-12")
    rows.loc[county, "value"] += 1
    wrong = replace(register_job, bundle=replace(register_job.bundle, observations=rows))
    result = make(wrong, notebook)
    assert "was released as" in result.reason
    facts = index_row(wrong).facts()
    control = Controlled(rows, register_job.release)
    assert any("was released as" in fault for fault in control.faults_of(facts))


def ending_with(source: str) -> str:
    """The notebook of the register with other code in its last cell."""
    notebook = nbformat.read(ROOT / "notebooks" / "sjukfall.ipynb", as_version=4)
    notebook.cells[-1].source = source
    return nbformat.writes(notebook)


def test_a_line_of_the_index_that_says_more_than_its_page_is_refused(register_job):
    told = (
        "said = remake(report)._repr_mimebundle_()\n"
        f"said['{INDEX_ROW_TYPE}']['cells'][0]['value'] += 1\n"
        "display(said, raw=True)"
    )
    result = make(register_job, ending_with(told))
    assert re.search("what the index says .* was released as", result.reason)


def test_the_line_of_the_index_is_that_of_the_reports_figures(register_job):
    result = make(register_job, ending_with("remake(report)"))
    assert not result.reason and result.row.as_json() == index_row(register_job).as_json()


def test_a_notebook_that_says_nothing_for_the_index_is_refused(register_job):
    result = make(register_job, ending_with("None"))
    assert "remake(report)" in result.reason


def test_with_the_control_off_every_page_says_so(register_store, tmp_path):
    file = tmp_path / "off.yaml"
    file.write_text(
        'report: sjukfall\nlan: ["20"]\nbefore: "2024-12"\nafter: "2025-12"\ndisclosure: {mode: "off"}\n',
        encoding="utf-8",
    )
    batch = plan(file, register_store)
    page = report_page(batch.jobs[0], ROOT / "notebooks")
    index = write_index_of(batch, tmp_path).read_text(encoding="utf-8")
    for text in (page, index):
        assert text.count("Utan röjandekontroll - får inte spridas") >= 3  # title, top and footer
        assert (
            "main:has(.uncontrolled-page), main:has(.uncontrolled-page) + footer { page: uncontrolled; }"
            in text
        )
        assert "dold av sekretesskäl" not in text
