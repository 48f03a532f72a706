"""The commands for figures as a person types them: what they say, their exit codes, one message."""

from __future__ import annotations

import shutil
from pathlib import Path

import pandas as pd
import pytest

import commands

OLD_CSV = """\
ar,kvartal,diagnoskapitel_kod,diagnoskapitel_text,antal,andel,antal_kvinnor,andel_kvinnor,antal_man,andel_man
2005,1,Samtliga,Samtliga,239929,100,153099,100,86830,100
2010,1,E00-E90,Endokrina sjukdomar,2000,1.1,1200,1.2,800,1.0
2010,1,E00-E90,Endokrina sjukdomar,2,1.1,1200,1.2,800,1.0
"""
TIDY = """\
measure,area,period,sex,group,value,resolution,status,source,retrieved
sjukskrivna_vardcentral,kommun:2262,2019,alla,,120,1,ok,timra-egen-lista,2020-01-01
"""


def vgstats(*arguments: str | Path, store: Path) -> commands.Ended:
    """Run a command with a store of the test's own."""
    return commands.vgstats(*arguments, environment={"VGSTATS_STORE": str(store)})


@pytest.fixture
def store(tmp_path) -> Path:
    return tmp_path / "store"


def test_import_says_what_it_recognised_and_how_much_it_took(shared, store):
    done = vgstats(
        "import", shared / "data" / "fk_export_ohalsotal_2024_11_06.xlsx",
        "--retrieved", "2024-11-06", store=store,
    )  # fmt: skip
    assert done.returncode == 0
    assert "Försäkringskassan, XLSX export: Ohälsotalet, retrieved 2024-11-06" in done.stdout
    assert "ohalsotal: 108 rows, 3 lan, riket, 2024-01 to 2024-09" in done.stdout
    assert "108 new values, 0 revised, 0 known already" in done.stdout
    shown = vgstats("store", store=store)
    assert "3 lan" in shown.stdout and "fk-ohalsotal" in shown.stdout and "2024" in shown.stdout
    origins = vgstats("store", "--origins", store=store)
    assert "fk_export_ohalsotal_2024_11_06.xlsx" in origins.stdout


def test_a_rejected_row_is_listed_with_its_place_and_nothing_is_imported(store, tmp_path):
    file = tmp_path / "old.csv"
    file.write_text(OLD_CSV, encoding="utf-8")
    done = vgstats("import", file, "--rejected", tmp_path / "bad.csv", store=store)
    assert done.returncode == 2
    assert "Rejected: old.csv, row 4, column antal: '2' stands more than once" in done.stderr
    assert "nothing was imported" in done.stderr and not store.exists()
    assert pd.read_csv(tmp_path / "bad.csv")["row"].tolist() == [4]


def test_allow_partial_takes_the_good_rows_and_records_what_was_left_out(store, tmp_path):
    file = tmp_path / "old.csv"
    file.write_text(OLD_CSV, encoding="utf-8")
    done = vgstats("import", file, "--allow-partial", store=store)
    assert done.returncode == 0 and "12 new values" in done.stdout
    line = next(
        line for line in vgstats("store", "--origins", store=store).stdout.splitlines()
        if "old.csv" in line
    )  # fmt: skip
    assert line.split()[-1] == "1"


def test_figures_of_an_unknown_source_need_a_name_for_it(store, tmp_path):
    file = tmp_path / "own.csv"
    file.write_text(TIDY, encoding="utf-8")
    refused = vgstats("import", file, store=store)
    assert refused.returncode == 2 and "--publisher" in refused.stderr and not store.exists()
    taken = vgstats("import", file, "--publisher", "Timrå vårdcentral", store=store)
    assert taken.returncode == 0, taken.stderr


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["import", "nothing.xlsx"], "nothing.xlsx: cannot be read"),
        (["import", "Makefile"], "the format is not known"),
        (["import", "README.md", "--retrieved", "igår"], "--retrieved: 'igår' is not a date"),
        (["import", "README.md", "--retrieved", "2024-13-45"], "is not a date that has been"),
        (["import", "README.md", "--retrieved", "2999-01-01"], "is not a date that has been"),
        (["import", "README.md", "--rejected", "no/such/bad.csv"], "--rejected: no/such/bad.csv"),
        (["fetch", "ohelsotal"], "ohelsotal"),
        (["fetch", "kpi"], "--discover"),
        (["fetch", "ohalsotal", "--lan", "99"], "--lan: '99' is not a county code"),
        (["fetch", "ohalsotal", "--from", "2019", "--to", "2017"], "2017"),
        (["fetch", "--address", "fk"], "--address"),
        (["fetch", "--datasets", "nothing.yaml"], "nothing.yaml"),
        (["demo", "--store", "here", "--from", "2025-01", "--to", "2001-01"], "no months"),
    ],
)
def test_a_mistake_is_told_in_one_message(store, arguments, message):
    done = vgstats(*arguments, store=store)
    assert done.returncode == 2
    assert done.stderr.startswith("Error: ") and message in done.stderr


def test_an_empty_store_says_how_to_fill_it(store):
    done = vgstats("store", store=store)
    assert done.returncode == 0 and "vgstats fetch" in done.stdout and "demo" in done.stdout


def test_the_datasets_file_can_be_copied_corrected_and_used(store, tmp_path):
    shown = vgstats("fetch", "--show-datasets", store=store)
    file = tmp_path / "mine.yaml"
    file.write_text(shown.stdout.replace("month: manad", "month: man"), encoding="utf-8")
    planned = vgstats("fetch", "ohalsotal", "--plan", "--datasets", file, store=store)
    assert planned.returncode == 0, planned.stderr
    assert "'man': '12'" in planned.stdout and "'manad'" not in planned.stdout


def test_a_demo_store_is_named_as_such(tmp_path):
    place = tmp_path / "practice"
    done = vgstats(
        "demo", "--store", place, "--lan", "09", "--december", "--from", "2015-01",
        "--to", "2019-12", store=tmp_path / "other",
    )  # fmt: skip
    assert done.returncode == 0 and "about nobody" in done.stdout
    assert "synthetic figures (demo)" in vgstats("store", "--store", place, store=place).stdout
    assert not (tmp_path / "other").exists()
    shutil.rmtree(place)
