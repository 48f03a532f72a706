"""From the empty workbook to the finished page: what a person typed into a template stands in the report."""

from __future__ import annotations

from pathlib import Path

import pytest
from openpyxl import load_workbook

from commands import vgstats
from support import read_page, words

KRAV = """\
report: krav
lan: ["18"]
requirements: kunskapsstod-sjukskrivning-2023
period: "2025"
since: "2024"
own: krav.xlsx
"""
INSATS = """\
report: insats
lan: ["18"]
before: "2022-12"
after: "2024-12"
intervention: kumlaprojektet
own: [insats.xlsx]
"""


def answered(sheet, answers: dict[str, str]) -> None:
    """Write beside the headings of a form."""
    left = dict(answers)
    for row in sheet.iter_rows(min_row=2):
        if row[0].value in left:
            row[1].value = left.pop(row[0].value)
    assert not left


def typed(sheet, *rows: list[object]) -> None:
    """Write rows under the headings, from the left."""
    for at, row in enumerate(rows, 2):
        for column, value in enumerate(row, 1):
            sheet.cell(at, column).value = value


@pytest.fixture(scope="module")
def pages(tmp_path_factory) -> dict[str, Path]:
    """The report of each kind, made of a template that somebody has filled in."""
    folder = tmp_path_factory.mktemp("own")
    store = ("--store", folder / "store")
    listed = ("--requirements", "kunskapsstod-sjukskrivning-2023")
    for asked in (("krav", folder / "krav.xlsx", *listed), ("insats", folder / "insats.xlsx")):
        assert vgstats("template", *asked).returncode == 0
    book = load_workbook(folder / "krav.xlsx")
    answered(book["listan"], {"Period för bedömningarna": "2025"})
    own = [row for row in book["bedömningar"].iter_rows(min_row=2) if "18 " in str(row[1].value)]
    for row, status in zip(own, ("Uppfyllt", "delvis", " Ej uppfyllt ", "planerat"), strict=False):
        row[3].value = status
    beside = [row for row in book["bedömningar"].iter_rows(min_row=2) if "17 " in str(row[1].value)]
    beside[0][3].value = "uppfyllt"
    own[1][7].value, own[1][9].value = "<b>Ta fram</b> en strategi", "Anna Ek"
    own[1][10].value = "1 mars 2025"
    typed(book["källor"], ["Uppföljningen", "Uppföljning av gapanalysen", "En region"])
    book.save(folder / "krav.xlsx")
    book = load_workbook(folder / "insats.xlsx")
    about = {"Namn *": "Nytt samarbete i Kumla", "Kort namn *": "Kumlaprojektet", "Område *": "1881 Kumla"}  # fmt: skip
    answered(book["projektet"], about | {"Vad det är *": "Ett <i>prov</i>", "Började": "2023-02-01"})  # fmt: skip
    typed(book["mål"], ["Fler ska tillbaka", "Regionen", "Nej"])
    typed(book["kostnader"], ["Löner", "898 625", 898625])
    typed(book["källor"], ["Rapporten", "En rapport", "En region"])
    book.save(folder / "insats.xlsx")
    found = {}
    for kind, lines in (("krav", KRAV), ("insats", INSATS)):
        (folder / f"{kind}-eget.yaml").write_text(lines, encoding="utf-8")
        done = vgstats("render", folder / f"{kind}-eget.yaml", "--out", folder, *store)
        assert done.returncode == 0, done.stdout + done.stderr
        (found[kind],) = (folder / f"{kind}-eget").glob("*202?-*.html")
        verified = vgstats("verify", found[kind], *store)
        assert "as it was made" in verified.stdout
    return found


def said(file: Path) -> str:
    return words(read_page(file.read_text(encoding="utf-8")))


def test_every_status_that_somebody_typed_is_counted_also_one_that_the_list_has_no_word_for(pages):
    page = read_page(pages["krav"].read_text(encoding="utf-8"))
    table = page.find(id="lage-per-del")
    heads = [cell.get_text() for cell in table.select("thead th")]
    counts = [int(cell.get_text()) for cell in table.select("tbody td")]
    assert heads == ["Del", "Uppfyllt", "Delvis uppfyllt", "Ej uppfyllt", "Planerat", "Oklart"]
    assert sum(counts) == 23
    assert [sum(counts[at::5]) for at in range(5)] == [1, 1, 1, 1, 19]


def test_actions_typed_stand_on_the_page_as_text_with_what_moved_since(pages):
    text = said(pages["krav"])
    assert "<b>Ta fram</b> en strategi" in text and "Anna Ek" in text and "Försenad" in text
    assert "Från 2024 till 2025" in text
    assert "Varje status är" not in text and "tolkad ur nuläget" not in text


def test_counties_that_were_filled_in_stand_beside_each_other(pages):
    table = read_page(pages["krav"].read_text(encoding="utf-8")).find(id="krav-per-lan")
    assert [cell.get_text() for cell in table.select("thead th")] == ["Krav", "Värmland", "Örebro"]


def test_counties_that_nobody_filled_in_are_not_told_of(pages):
    assert "Gotland" not in said(pages["krav"])


def test_a_project_typed_into_a_workbook_is_told(pages):
    text = said(pages["insats"])
    for one in ("Nytt samarbete i Kumla", "från februari 2023; slutet är inte känt", "Ett <i>prov</i>"):  # fmt: skip
        assert one in text
    costs = read_page(pages["insats"].read_text(encoding="utf-8")).find(id="kostnader")
    assert [cell["value"] for cell in costs.select("td data")] == ["898625", "898625", "0"]
