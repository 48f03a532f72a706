"""A table taken out as data: a spreadsheet reads its numbers, and runs nothing."""

from __future__ import annotations

import base64
import csv
import io

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from support import read_page
from vgstats.blocks.tables import MARKS, Column, Table, csv_text
from vgstats.facts.facts import Fact
from vgstats.facts.text import say

TABLE = Table(
    "kommuner",
    "Ohälsotal",
    [Column("Kommun", "text"), Column("Tal"), Column("Ändring")],
    [
        ["Åmål", Fact("a", 30200, "sjukfall", 0), say("{p:signed} %", p=Fact("p", -6.13, "%", 1))],
        ["Ale", None, say("{a} till {b}", a=Fact("l", -6.2, "d", 1), b=Fact("h", 1, "d", 0))],
    ],
)


def taken_out(table: Table) -> bytes:
    anchor = read_page(table.html()).find("a", download=True)
    head, _, body = anchor["href"].partition(",")
    assert head == "data:text/csv;charset=utf-8;base64"
    return base64.b64decode(body)


def cells(text: str) -> list[list[str]]:
    return list(csv.reader(io.StringIO(text), delimiter=";"))


def test_it_has_the_tables_headings_and_cells_in_the_same_order():
    assert cells(taken_out(TABLE).decode("utf-8-sig")) == [
        ["Kommun", "Tal", "Ändring"],
        ["Åmål", "30200", "-6,1 %"],
        ["Ale", "uppgift saknas", "−6,2 till 1"],
    ]


def test_a_spreadsheet_knows_the_letters_and_pandas_the_numbers():
    data = taken_out(TABLE)
    assert data.startswith(b"\xef\xbb\xbf")
    frame = pd.read_csv(io.BytesIO(data), sep=";", decimal=",", na_values="uppgift saknas")
    assert frame["Tal"].tolist()[0] == 30200


def test_the_link_says_which_table_it_is_of_and_has_a_file_name():
    anchor = read_page(TABLE.html()).find("a", download=True)
    assert anchor["download"] == "kommuner.csv"
    assert anchor.get_text() == "Hämta CSV"
    page = read_page(TABLE.html())
    named = [page.find(id=name).get_text() for name in anchor["aria-labelledby"].split()]
    assert named == ["Hämta CSV", "Ohälsotal"]


def test_made_up_numbers_say_so_in_name_and_on_every_row():
    made_up = Table("t", "Rubrik", TABLE.columns[:2], [["Ale", Fact("a", 1, "d", 0, made_up=True)]])
    assert read_page(made_up.html()).find("a")["download"] == "pahittade-siffror-t.csv"
    assert cells(made_up.csv())[1] == ["Ale", "1", "Påhittade siffror."]


@pytest.mark.parametrize(
    "text",
    [
        "=1+1",
        "+1+1",
        "-1+1",
        "@SUM(A1)",
        "\t=1",
        "\r=1",
        "＝1",
        '=HYPERLINK("x")',
        "-x",
        " =1",
        "\xa0=1",
        "\ufeff=1",
    ],
)
def test_what_a_spreadsheet_would_run_is_made_text(text):
    assert cells(csv_text(["a"], [[text]]))[1][0].startswith("'")


@pytest.mark.parametrize("mark", MARKS)
def test_the_marks_for_missing_and_hidden_are_kept(mark):
    assert cells(csv_text(["a"], [[mark]]))[1] == [mark]


@pytest.mark.parametrize(
    ("shown", "written"),
    [("−6,1", "-6,1"), ("+7\xa0%", "7 %"), ("1\u202f234\u202f567,5", "1234567,5"), ("0", "0")],
)
def test_printed_numbers_become_numbers(shown, written):
    assert cells(csv_text(["a"], [[shown]]))[1] == [written]


@given(st.lists(st.text(), min_size=1, max_size=4))
def test_no_cell_can_start_a_formula_or_a_new_cell(texts):
    (row,) = cells(csv_text(["a"] * len(texts), [texts]))[1:]
    assert len(row) == len(texts)
    for cell in row:
        number = cell.lstrip("-").replace(",", "").replace(" %", "").isdecimal()
        assert number or cell in MARKS or not cell.startswith(("=", "+", "-", "@", "\t", "\r"))


@pytest.mark.parametrize("text", ["Titel,=1+1", "a;@SUM(A1)", "a\n=1", "a, +cmd"])
def test_a_formula_is_not_found_where_another_sign_divides_the_cells(text):
    (cell,) = cells(csv_text(["a"], [[text]]))[1]
    for sign in ",;\n":
        assert not any(part.strip().startswith(("=", "+", "@")) for part in cell.split(sign))
