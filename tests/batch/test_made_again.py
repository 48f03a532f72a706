"""Gör om rapporten: the lines that a report prints are a parameter file that makes the same report."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest
import yaml
from rounds import notebooks

from support import read_page
from vgstats.batch.execute import report_page
from vgstats.batch.parameter_file import read_parameter_file
from vgstats.batch.plan import plan
from vgstats.reports import kind, kinds
from vgstats.reports.base.common import Disclosure, Parameters
from vgstats.reports.base.faults import checked
from vgstats.reports.base.mapped import OfCases
from vgstats.reports.base.parameters import OfCountry
from vgstats.store.store import Store

BETWEEN = {"lan": "14", "before": "2005-12", "after": "2008-12"}
GIVEN = {
    "uppfoljning": BETWEEN,
    "kommun": BETWEEN | {"kommun": "1480"},
    "sjukfall": BETWEEN,
    "arsrapport": BETWEEN,
    "krav": {"lan": "14", "period": "2018", "requirements": "villkor-2017-2018"},
    "utlysning": {},
    "insats": {
        "lan": "22",
        "before": "2017-09",
        "after": "2019-10",
        "intervention": "timra-2018-2019",
    },
    "sjukfallskartlaggning": {"lan": "14", "snapshot": "2025-10-01"},
    "enhetsblad": {"lan": "14", "enhet": "stora", "snapshot": "2025-10-01"},
}
OTHERS = {  # than what each parameter is when it is left out
    "periods": {"kostnad_sjukpenning": ["2004", "2007"]},
    "intervention": "atgardsplan-vg-2006-2008",
    "requirements": "villkor-2017-2018",
    "since": "2017",
    "earlier": "2024-10-01",
    "calls": ["skl-2017"],
    "project_periods": ["2006-01", "2008-01"],
    "snapshots": ["2007-10-01", "2008-10-01"],
    "measures": ["startade_sjukfall", "forsakrade"],
    "disclosure": [
        {"threshold": 10},
        {"width": 11},
        {"zeros": "hidden"},
        {"mode": "off"},
        {"threshold": 7, "width": 9, "zeros": "hidden"},
    ],
    "publisher": "Region X",
    "contact": "Anna Ek: anna.ek@region.example",
    "diarienummer": "RS 2026-0431",
    "version": "1.10",
    "words": "egna.md",
    "notebook": "egen.ipynb",
}


@pytest.fixture(autouse=True)
def _with_units(mapped_store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let there be the units that a sheet can be about."""
    monkeypatch.setenv("VGSTATS_STORE", str(mapped_store.folder))
    mapped_store.open_measures()


def further_keys(name: str) -> list[str]:
    """The keys of a kind that it can be without; of the country no measures are compared."""
    of = kind(name).model
    keys = [one for one in of.model_fields if one not in GIVEN[name]]
    return [one for one in keys if one != "measures" or not issubclass(of, OfCountry)]


def variants() -> list[tuple[str, dict[str, object]]]:
    """Every kind as it is, and with each other value of each of its parameters."""
    found: list[tuple[str, dict[str, object]]] = []
    for name in kinds():
        found.append((name, {}))
        for field in further_keys(name):
            values = OTHERS[field]
            if field == "measures" and issubclass(kind(name).model, OfCases):
                values = ["intygsfall_alder"]
            found += [
                (name, {field: value}) for value in (values if field == "disclosure" else [values])
            ]
    return found


def lines_of(name: str, parameters: Parameters) -> str:
    return yaml.safe_dump(parameters.job(name), allow_unicode=True, sort_keys=False)


def written(folder: Path, lines: str) -> Path:
    file = folder / "rapport.yaml"
    file.write_text(lines, encoding="utf-8")
    return file


@pytest.mark.parametrize(("name", "more"), variants())
def test_the_lines_are_a_parameter_file_with_the_same_parameters(tmp_path, name, more):
    parameters = checked(kind(name).model, GIVEN[name] | more)
    plain = checked(kind(name).model, GIVEN[name])
    assert bool(more) == (parameters != plain)
    lines = lines_of(name, parameters)
    assert yaml.safe_load(lines)["report"] == name
    again = read_parameter_file(written(tmp_path, lines))
    assert (again.kind, list(again.parameters)) == (name, [parameters])


def test_every_key_of_the_rule_is_tried():
    assert {key for rule in OTHERS["disclosure"] for key in rule} == set(Disclosure.model_fields)


def test_a_whole_report_is_made_again_from_what_it_prints(tmp_path):
    more = {key: OTHERS[key] for key in further_keys("uppfoljning")}
    values = BETWEEN | more | {"disclosure": OTHERS["disclosure"][-1]}
    first = lines_of("uppfoljning", checked(kind("uppfoljning").model, values))
    (tmp_path / "egna.md").write_text("# Regionens bedömning\n\nDet gick bra.", encoding="utf-8")
    made, short = dt.datetime(2026, 1, 31, 12, 0, tzinfo=dt.UTC), notebooks(tmp_path / "notebooks")
    (short / "uppfoljning.ipynb").rename(tmp_path / "egen.ipynb")  # beside the parameter file
    store = Store(tmp_path / "store")  # with no texts that other tests have left
    (job,) = plan(written(tmp_path, first), store).jobs
    page = report_page(job, short, made)
    printed = read_page(page).select_one("pre").get_text()
    assert yaml.safe_load(printed) == yaml.safe_load(first)
    (again,) = plan(written(tmp_path, printed), store).jobs
    assert report_page(again, short, made) == page
