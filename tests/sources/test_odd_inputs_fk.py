"""Small odd files of Försäkringskassan's and Intygsstatistik's: the right rows, or the right reason."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from pathlib import Path

import openpyxl
import pytest

from commands import vgstats
from intake import stored
from vgstats.store.store import Store

Rows = dict[tuple[str, str, str, str, str], float | None]


@dataclass(frozen=True)
class Case:
    """A file, the options of its import, and what comes of it: rows, or words of the refusal."""

    file: str
    options: tuple[str, ...] = ()
    rows: Rows = field(default_factory=dict)
    words: tuple[str, ...] = ()
    never: tuple[str, ...] = ()

    def __str__(self) -> str:
        return " ".join([self.file, *self.options])


THOUSANDS = "is not a whole number: a point as thousands separator?"
F43 = ("--dataset", "sjp-pagaende-sjukfall-diagnos-f43")
OWN = ("--publisher", "Regionen")
CASES = [
    Case(
        "04-lan-kolumn-orebro.xlsx",
        rows={
            ("pagaende_sjukfall", "lan:18", "2024-04", "alla", ""): 3247,
            ("pagaende_sjukfall", "lan:18", "2024-04", "alla", "diagnos=F00-F99"): 1234,
            ("pagaende_sjukfall_andel", "lan:18", "2024-04", "alla", ""): 100,
            ("pagaende_sjukfall_andel", "lan:18", "2024-04", "alla", "diagnos=F00-F99"): 38,
        },
    ),
    Case("05-antal-med-tusenpunkt.xlsx", words=("tabell", "Antal pågående sjukfall", THOUSANDS)),
    Case("05-antal-med-tusenpunkt.xlsx", F43, words=("come by what", "diagnos=F43")),
    Case("06-antal-med-tusenpunkt.csv", F43, words=("--dataset says", F43[1])),
    Case("06-antal-med-tusenpunkt.csv", words=("antal_kvinnor", "1.500", THOUSANDS)),
    Case(
        "11-SJPT2.json",
        rows={
            (measure, "kommun:1480", "2023-12", sex, ""): value
            for measure, values in (
                ("sjukpenningtal_2", (12.34, 15.52, 9.16)),
                ("forsakrade", (1000, 500, 500)),
            )
            for sex, value in zip(("alla", "kvinnor", "män"), values, strict=True)
        },
    ),
    Case(
        "12-sjukpenningtal20-bara-spt.json",
        words=("several datasets", "--dataset", "ohm-sjptal, ohm-sjptal-tvanoll"),
    ),
    Case(
        "12-sjukpenningtal20-bara-spt.json",
        ("--dataset", "ohm-sjptal-tvanoll"),
        rows={
            ("sjukpenningtal_2", "kommun:1480", "2023-12", "alla", ""): 12.34,
            ("sjukpenningtal_2", "kommun:1480", "2023-12", "kvinnor", ""): 15.52,
            ("sjukpenningtal_2", "kommun:1480", "2023-12", "män", ""): 9.16,
        },
    ),
    Case(
        "12-sjukpenningtal20-bara-spt.json",
        ("--dataset", "SJPsjptal"),
        words=("12.34", "does not fit 0.1, the unit that it is rounded to"),
    ),
    Case(
        "13-SJPT2-aldersklass.json",
        words=("row 4", "aldersklass_kod", "19, the upper bound of an age class"),
    ),
    Case("14-f43-export.xlsx", words=("'Diagnoskapitel' is missing", f"--dataset: {F43[1]}")),
    Case(
        "14-f43-export.xlsx",
        F43,
        rows={
            (measure, "lan:14", "2024-12", sex, "diagnos=F43"): value
            for measure, values in (
                ("pagaende_sjukfall", (7212, 5675, 1537)),
                ("pagaende_sjukfall_andel", (17.9, 21.5, 11.1)),
            )
            for sex, value in zip(("alla", "kvinnor", "män"), values, strict=True)
        },
    ),
    Case("21-egen-tabell-tusenpunkt.csv", OWN, words=("value", "1.234", THOUSANDS)),
    Case("21-egen-tabell-tusenpunkt.csv", ("--dataset", "x"), words=("'x' is unknown",)),
    Case(
        "25-rubrik-sjukpenningtal.xlsx",
        words=("--dataset: ohm-sjptal, ohm-sjptal-tvanoll",),
        never=("Did you mean", "2.0"),
    ),
    Case(
        "25-rubrik-sjukpenningtal.xlsx",
        ("--dataset", "ohm-sjptal"),
        rows={
            ("sjukpenningtal", "lan:14", "2024-12", "alla", ""): 10.5,
            ("sjukpenningtal", "lan:14", "2024-12", "kvinnor", ""): 13.8,
            ("sjukpenningtal", "lan:14", "2024-12", "män", ""): 7.3,
        },
    ),
    Case(
        "29-fk-rowstore-f43.json",
        rows={
            (measure, area, "2005-Q1", sex, "diagnos=F43"): value
            for measure, area, values in (
                ("pagaende_sjukfall", "lan:14", (536, 404, 132)),
                ("pagaende_sjukfall_andel", "lan:14", (12.1, 13.9, 8.6)),
                ("pagaende_sjukfall", "kommun:1485", (31, None, None)),
                ("pagaende_sjukfall_andel", "kommun:1485", (8.9, None, None)),
            )
            for sex, value in zip(("alla", "kvinnor", "män"), values, strict=True)
        },
    ),
]


def imported(folder: Path, file: Path, *options: str) -> tuple[Rows, str]:
    """What `vgstats import` of one file put into an empty store, and all that it said."""
    store = folder / "store"
    run = vgstats("import", file, "--store", store, "--retrieved", "2026-01-01", *options)
    said = " ".join((run.stdout + run.stderr).split())
    assert "Traceback" not in said
    if run.returncode:
        assert not store.exists()
        return {}, said
    return {key: value for key, (value, _) in stored(Store(store)).items()}, said


@pytest.mark.parametrize("case", CASES, ids=str)
def test_an_odd_file_gives_its_rows_or_the_reason(tmp_path, shared, case):
    rows, said = imported(tmp_path, shared / "odd-inputs" / case.file, *case.options)
    assert rows == case.rows, said
    assert bool(rows) or case.words
    for words in case.words:
        assert words in said
    for words in case.never:
        assert words not in said


# --- variants, made here ---------------------------------------------------------------------------

HEADER = ["År", "Månad", "Län", "Kommun", "Ålder", "Kön", "Ohälsotalet"]
COUNTS = ["År", "Månad", "Kön", "Län", "Diagnoskapitel", "Antal pågående sjukfall"]
VG = "14 Västra Götalands län"


def saved(folder: Path, *rows: list, name: str = "export.xlsx", change=lambda book: None) -> Path:
    """A workbook with one sheet, `tabell`, which `change` may change."""
    book = openpyxl.Workbook()
    book.active.title = "tabell"
    for row in rows:
        book.active.append(row)
    change(book)
    book.save(folder / name)
    return folder / name


def ohalsotal(*, year="2024", month="12", lan=VG, kommun=VG, sex="Kvinnor och män", value=24.8):
    return [year, month, lan, kommun, "Samtliga 16-64 år", sex, value]


def count(value: object, lan: str = VG) -> list:
    return ["2024", "04", "Kvinnor och män", lan, "Samtliga diagnoskapitel", value]


@pytest.mark.parametrize("cell", ["1.000", "12.345", "1,234", 1.234, 999.001, "2.5"])
def test_a_count_with_a_decimal_sign_is_refused_in_a_workbook(tmp_path, cell):
    rows, said = imported(tmp_path, saved(tmp_path, COUNTS, count(cell)))
    assert not rows and "Antal pågående sjukfall" in said
    assert THOUSANDS in said or "neither a number" in said


@pytest.mark.parametrize("value", ["1.000", 1.234, "3.247"])
def test_a_count_with_a_decimal_sign_is_refused_in_an_answer(tmp_path, value):
    places = {"ar": "2024", "manad": "12", "lan_kod": "14", "kon_kod": "ALL"}
    places["diagnoskapitel_kod"] = "ALL"
    answer = [{"dimensions": places, "observations": {"antal": {"rojd": False, "value": value}}}]
    file = tmp_path / "SJPPagSjukfallDiagnosLan.json"
    file.write_text(json.dumps(answer), encoding="utf-8")
    rows, said = imported(tmp_path, file)
    assert not rows and THOUSANDS in said


@pytest.mark.parametrize(
    ("county", "area"),
    [
        ("Örebro", "lan:18"),
        ("örebro län", "lan:18"),
        ("18", "lan:18"),
        ("18 Örebro", "lan:18"),
        ("Stockholm", "lan:01"),
        ("Jönköping", "lan:06"),
        ("Gotland", "lan:09"),
        ("Kalmar", "lan:08"),
        ("Uppsala", "lan:03"),
        ("Dalarna", "lan:20"),
        ("Västra Götaland", "lan:14"),
        ("Riket", "riket"),
        ("00 Riket", "riket"),
        ("1880", None),
        ("1880 Örebro", None),
        ("kommun:1880", None),
        ("Göteborg", None),
        ("18 Göteborg", None),
    ],
)
def test_a_column_of_counties_has_counties_only(tmp_path, county, area):
    rows, said = imported(tmp_path, saved(tmp_path, COUNTS, count(3247, lan=county)))
    assert {key[1] for key in rows} == ({area} if area else set())
    assert area or (county in said and "is not a known area" in said)


@pytest.mark.parametrize(
    ("county", "kommun", "area"),
    [
        ("18 Örebro län", "1880 Örebro", "kommun:1880"),
        ("18 Örebro län", "Örebro", "kommun:1880"),
        ("Örebro", "Örebro kommun", "kommun:1880"),
        ("Örebro", "Karlskoga", "kommun:1883"),
        ("Västra Götaland", "Göteborgs kommun", "kommun:1480"),
        ("18 Örebro län", "18 Örebro län", "lan:18"),
        ("18 Örebro län", "Örebro län", "lan:18"),
        ("Örebro", "Samtliga kommuner", "lan:18"),
        ("Dalarna", "Dalarna", "lan:20"),
        ("Riket", "Riket", "riket"),
        ("Örebro", "Örebro", None),
        ("Gotland", "Gotland", None),
        ("Kalmar", "Kalmar", None),
        ("Örebro", "Kumla län", None),
        ("Örebro", "Göteborg", None),
        ("1", "1480 Göteborg", None),
    ],
)
def test_a_kommun_is_read_in_its_own_column_and_in_its_county(tmp_path, county, kommun, area):
    file = saved(tmp_path, HEADER, ohalsotal(lan=county, kommun=kommun))
    rows, said = imported(tmp_path, file)
    assert {key[1] for key in rows} == ({area} if area else set())
    assert area or (f"{county} / {kommun}" in said and "is not a known area" in said)


def test_a_county_in_an_answer_has_two_digits(tmp_path):
    places = {"ar": "2024", "manad": "12", "lan_kod": "1880", "kon_kod": "ALL"}
    places["diagnoskapitel_kod"] = "ALL"
    answer = [{"dimensions": places, "observations": {"antal": {"rojd": False, "value": 5}}}]
    file = tmp_path / "SJPPagSjukfallDiagnosLan.json"
    file.write_text(json.dumps(answer), encoding="utf-8")
    rows, said = imported(tmp_path, file)
    assert not rows and "lan_kod: '1880' is not a known area" in said


@pytest.mark.parametrize(
    ("heading", "advice"),
    [
        ("Ohelsotalet", "Did you mean 'Ohälsotalet'?"),
        ("Sjukpenningtal 3.0", ""),
        ("Sjukpenningtalet", ""),
        ("Ohälsotalet 20-64 år", ""),
        ("Antal avslutade sjukfall", ""),
        ("Antal startade fall", ""),
        ("Andel pågående sjukfall", ""),
    ],
)
def test_no_other_meaning_is_taken_for_a_spelling(tmp_path, heading, advice):
    rows, said = imported(tmp_path, saved(tmp_path, [*HEADER[:-1], heading], ohalsotal()))
    assert not rows and (advice in said if advice else "Did you mean" not in said)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"next": "https://catalog"}, "only one page of the answer: 1 of 1"),
        ({"resultCount": 200}, "only one page of the answer: 1 of 200"),
        ({"results": []}, "one page"),
        ({"results": [{"ar": "2005", "kvartal": "1", "antal": "7"}]}, "oldest JSON"),
        ({"antal_f43_man": "1.320"}, THOUSANDS),
        ({"antal_f43_man": "121"}, "kvinnor 404 + män 121 is not alla 536"),
        ({"antal_f43_man": None}, "null"),
        ({"kommun_kod": "1880"}, "14 / 1880"),
    ],
)
def test_the_oldest_answer_is_refused_in_words(tmp_path, shared, change, words):
    odd = shared / "odd-inputs" / "29-fk-rowstore-f43.json"
    line = json.loads(odd.read_text(encoding="utf-8"))["results"][0]
    answer = {"next": None, "resultCount": 1, "results": [line]}
    for name, value in change.items():
        (answer if name in answer else line)[name] = value
    file = tmp_path / "saved.json"
    file.write_text(json.dumps(answer), encoding="utf-8")
    rows, said = imported(tmp_path, file)
    assert not rows and words in said


def test_the_table_in_a_files_name_tells_the_dataset(tmp_path):
    header = ["År", "Månad", "Län", "Kommun", "Kön", "Antal pågående sjukfall"]
    row = ["2024", "12", VG, VG, "Kvinnor", 5675]
    file = saved(tmp_path, header, row, name="SJPPagSjukfallDiagnosF43 (1).xlsx")
    rows, _ = imported(tmp_path, file)
    assert rows == {("pagaende_sjukfall", "lan:14", "2024-12", "kvinnor", "diagnos=F43"): 5675}
