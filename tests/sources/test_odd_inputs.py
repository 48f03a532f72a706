"""Every file of the folder of odd inputs: the right rows, or the right reason.

Each stands for a kind; the kinds' other instances are in the modules `test_odd_inputs_*` beside this one.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

import pytest

from commands import vgstats
from intake import Key, imported, stored
from servers import Raw, Server
from vgstats.row_checks import THOUSANDS
from vgstats.store.store import Store

Rows = dict[Key, float | None]


@dataclass(frozen=True)
class Case:
    """A file, the options of its import (or what fetches it), and what comes of it: rows, or words said."""

    file: str
    options: tuple[str, ...] = ()
    rows: Rows = field(default_factory=dict)
    marks: tuple[str, ...] = ("ok",)
    words: tuple[str, ...] = ()
    never: tuple[str, ...] = ()

    def __str__(self) -> str:
        return " ".join([self.file, *self.options])


def population(alla: int, women: int = 0, men: int = 0, year: str = "2008") -> Rows:
    """A number of inhabitants of Västra Götaland, and of the sexes where there are such."""
    found = {"alla": alla, "kvinnor": women, "män": men}
    return {("befolkning", "lan:14", year, sex, ""): n for sex, n in found.items() if n}


F43 = ("--dataset", "sjp-pagaende-sjukfall-diagnos-f43")
F_TO_N = "F00-F99+G00-G99+H00-H99+I00-I99+J00-J99+K00-K99+L00-L99+M00-M99+N00-N99"
OWN = ("--publisher", "Regionen")
VG_2024: Rows = {
    ("ohalsotal", "lan:14", "2024-12", "alla", ""): 24.8,
    ("ohalsotal", "lan:14", "2024-12", "kvinnor", ""): 28.6,
    ("ohalsotal", "lan:14", "2024-12", "män", ""): 21.0,
}
BLEKINGE: Rows = {
    ("ohalsotal", "lan:10", "2023-12", sex, ""): value
    for sex, value in (("alla", 24.8), ("kvinnor", 28.6), ("män", 21.0))
}
CASES = [
    Case(
        "01-intyg-verksamhet.xlsx",
        words=("Verksamhetsstatistik, Björkens vårdcentral", "--area", "--publisher"),
    ),
    Case(
        "01-intyg-verksamhet.xlsx",
        ("--area", "riket"),
        words=("Verksamhetsstatistik, Björkens vårdcentral", "--area says riket"),
    ),
    Case(
        "01-intyg-verksamhet.xlsx",
        ("--area", "kommun:1480"),
        words=("intygsstatistik-egen' is not known", "--publisher"),
    ),
    Case(
        "01-intyg-verksamhet.xlsx",
        ("--area", "kommun:1480", *OWN),
        rows={
            ("intyg_sjukfall", "kommun:1480", "2019-01", sex, ""): value
            for sex, value in (("alla", 7), ("kvinnor", 4), ("män", 3))
        },
    ),
    Case(
        "02-intyg-valda-diagnoser.xlsx",
        rows={
            ("intyg_sjukfall", "riket", "2019-01", sex, "diagnos=F00-F99"): value
            for sex, value in (("alla", 1234), ("kvinnor", 789), ("män", 445))
        },
    ),
    Case(
        "02-intyg-valda-diagnoser.xlsx",
        ("--area", "lan:14"),
        words=("it says Nationell statistik, and --area says lan:14",),
    ),
    Case(
        "03-intyg-urval-pa-eget-blad.xlsx",
        rows={
            ("intyg_sjukfall", "riket", "2019-01", sex, f"diagnos={F_TO_N}"): value
            for sex, value in (("alla", 1234), ("kvinnor", 789), ("män", 445))
        },
    ),
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
    Case("07-andel-procentformat.xlsx", words=("sheet tabell: cell G2 is shown in per cent",)),
    Case(
        "08-formel-utan-varde.xlsx",
        words=("sheet tabell: cell G2 has a formula that was never computed",),
        never=("missing",),
    ),
    Case("09-dolt-blad.xlsx", words=("sheet gammal: the sheet is hidden",)),
    Case("10-scb-2025-med-brus.json", rows=population(203, 101, 100, "2025"), marks=("noisy",)),
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
        words=(
            "row 4, column aldersklass_kod: '19' is the upper bound of an age class without its lower",
            "Fetch the total (ALL)",
        ),
        never=("Write it as",),
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
    Case("15-fk-delsvar.json", rows=BLEKINGE),
    Case(
        "15-fk-delsvar.json",
        ("fetch", "ohalsotal", "--lan", "10", "--from", "2023", "--to", "2023"),
        rows=BLEKINGE,
        words=(
            "Försäkringskassan ohm-ohalsotal: 18 numbers asked for did not come",
            "nothing came of 6 areas: riket, kommun:1060 (Olofström), kommun:1080 (Karlskrona)",
        ),
    ),
    Case("16-pxweb-semikolon.csv", rows=population(1570, 790, 780)),
    Case("17-pxweb-med-rubrik.csv", rows=population(1570, 790, 780)),
    Case("18-pxweb-koder.csv", rows=population(1570, 790, 780)),
    Case("19-scb-v1.json", rows=population(1570)),
    Case(
        "20-egen-tabell-sparad-i-excel.csv",
        OWN,
        rows={
            ("pagaende_sjukfall_eget_register", "kommun:1480", "2024-12", "kvinnor", ""): 123,
            ("pagaende_sjukfall_eget_register", "kommun:1480", "2024-12", "män", ""): 87,
        },
    ),
    Case(
        "21-egen-tabell-tusenpunkt.csv",
        OWN,
        words=("row 2", "column value: '1.234' has decimals that", "parts thousands, write 1234"),
    ),
    Case("21-egen-tabell-tusenpunkt.csv", ("--dataset", "x"), words=("'x' is unknown",)),
    Case(
        "22-enkel-tabell.csv",
        words=(
            "the header is kommun, månad, kön, antal",
            "measure (mått) is missing",
            "docs/egen-tabell.md",
        ),
    ),
    Case("23-kalla-under-tabellen.xlsx", rows=VG_2024),
    Case(
        "24-sammanslagna-celler.xlsx",
        words=("sheet tabell: merged cells (sammanslagna celler), A2:A4",),
    ),
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
        "26-scb-etikett-annan-an-kod.json",
        words=(
            "14 Skövde",
            "names two areas: the code 14 is Västra Götalands län, and Skövde is kommun:1496",
        ),
    ),
    Case(
        "27-intyg-sparad-i-excel.csv",
        words=("row 2, column Period: 'jan-19' is what Excel has made",),
    ),
    Case("28-datum-i-manad.xlsx", rows=VG_2024),
    Case(
        "28-datum-i-manad.xlsx",
        ("--dataset", "ohm-sjptal"),
        words=("says ohm-sjptal, and the heading Ohälsotalet is of ohm-ohalsotal",),
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
        marks=("ok", "suppressed"),
    ),
    Case(
        "30-kollegans-tabell.xlsx",
        words=("the columns measure (mått)", "vgstats template", "docs/egen-tabell.md"),
    ),
]


@pytest.mark.parametrize("case", CASES, ids=str)
def test_an_odd_file_gives_its_rows_or_the_reason(tmp_path, shared, case):
    file = shared / "odd-inputs" / case.file
    if "fetch" in case.options:
        rows, said = fetched(tmp_path, file.read_bytes(), *case.options)
    else:
        rows, said = imported(tmp_path, file, *case.options)
    assert rows == case.rows, said
    assert bool(rows) or case.words
    if rows:
        marks = {status for _, status in stored(Store(tmp_path / "store")).values()}
        assert marks == set(case.marks)
    for words in case.words:
        assert words in said
    for words in case.never:
        assert words not in said


def fetched(folder: Path, answer: bytes, *question: str) -> tuple[Rows, str]:
    """What a fetch that is answered with a file stores, and what it says of what did not come."""
    with Server() as server:
        server.script(Raw(answer))
        run = vgstats(
            *question, "--store", folder / "store", "--cache", folder / "cache",
            environment={"VGSTATS_FK_ADDRESS": server.fk},
        )  # fmt: skip
    assert run.returncode == 3
    found = stored(Store(folder / "store"))
    return {key: value for key, (value, _) in found.items()}, " ".join(run.stderr.split())


def test_no_file_of_the_folder_is_without_a_case(shared):
    files = {file.name for file in (shared / "odd-inputs").iterdir()} - {"README.md"}
    assert files == {case.file for case in CASES}
