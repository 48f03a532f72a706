"""A fetch keeps what came, names what did not in plain words, and ends with an exit code of its own."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from commands import Ended, vgstats
from servers import FkTable, Raw, ScbTable, Server
from vgstats.catalogue import areas
from vgstats.store.store import Store


def fk_table(*areas_: str, years=("2023", "2024"), sexes=("ALL", "K", "M")) -> FkTable:
    """An ohälsotal for each of the areas, written 10 or 1080, in December of each year."""
    rows = [
        {
            "ar": year, "manad": "12", "lan_kod": area if area == "ALL" else area[:2],
            "kommun_kod": "ALL_ALL" if area == "ALL" else f"{area}_{area[:2]}" if len(area) == 4 else f"ALL_{area}",
            "aldersklass_kod": "ALL", "kon_kod": sex, "oht": {"ALL": 25.0, "K": 29.0, "M": 21.0}[sex],
        }
        for area in areas_
        for year in years
        for sex in sexes
    ]  # fmt: skip
    return FkTable(pd.DataFrame(rows), ["oht"])


def fetch(server: Server, folder: Path, *arguments: str) -> Ended:
    places = {"FK": server.fk, "KOLADA": server.kolada, "SCB": server.scb}
    return vgstats(
        "fetch", *arguments, "--store", folder / "store", "--cache", folder / "cache",
        environment={f"VGSTATS_{name}_ADDRESS": address for name, address in places.items()},
    )  # fmt: skip


def stored(folder: Path) -> int:
    (row,) = (
        Store(folder / "store").connection().sql("SELECT count(*) FROM observations").fetchall()
    )
    return row[0]


BLEKINGE = ("ALL", "10", "1060", "1080", "1081", "1082", "1083")
FK_2023_2024 = ("ohalsotal", "--lan", "10", "--from", "2023", "--to", "2024")


@pytest.mark.parametrize(
    ("lost", "words"),
    [
        ("kon_kod == 'K'", "nothing came of 1 sex: kvinnor (2023-12 and 2024-12)"),
        ("ar == '2024'", "nothing came of 1 period: 2024-12"),
        ("lan_kod == 'ALL'", "nothing came of 1 area: riket (2023-12 and 2024-12)"),
        (
            "kommun_kod == '1081_10' and kon_kod == 'M' and ar == '2023'",
            "1 number of kommun:1081 (Ronneby) in 2023-12, such as ohalsotal, kommun:1081 (Ronneby), 2023-12, män",
        ),
    ],
)
def test_what_lacks_is_told_by_sex_period_and_area(tmp_path, lost, words):
    table = fk_table(*BLEKINGE)
    table.rows = table.rows.query(f"not ({lost})")
    with Server(fk={"ohm-ohalsotal/SJPohttal": table}) as server:
        done = fetch(server, tmp_path, *FK_2023_2024)
    assert done.returncode == 3
    assert words in done.stderr
    assert stored(tmp_path) == len(table.rows)


def test_all_that_was_asked_for_ends_well(tmp_path):
    with Server(fk={"ohm-ohalsotal/SJPohttal": fk_table(*BLEKINGE)}) as server:
        done = fetch(server, tmp_path, *FK_2023_2024)
    assert done.returncode == 0 and "did not come" not in done.stderr


def test_a_diagnosis_that_the_source_does_not_know_costs_no_other_number(tmp_path):
    rows = [
        {"ar": "2024", "manad": "12", "lan_kod": "ALL", "kon_kod": sex, "diagnoskapitel_kod": chapter,
         "antal": number, "andel": 50.0}
        for sex, number in (("ALL", 3.0), ("K", 2.0), ("M", 1.0))
        for chapter in ("ALL", "F00-F99")
    ]  # fmt: skip
    table = FkTable(pd.DataFrame(rows), ["antal", "andel"])
    name = "sjp-pagaende-sjukfall-diagnos/SJPPagSjukfallDiagnosLan"
    f43 = "sjp-pagaende-sjukfall-diagnos-f43/SJPPagSjukfallDiagnosF43"
    empty = FkTable(table.rows.drop(columns="diagnoskapitel_kod").iloc[:0], ["antal", "andel"])
    with Server(fk={name: table, f43: empty}) as server:
        done = fetch(
            server, tmp_path, "pagaende_sjukfall", "--by", "diagnos", "--lan", "10", "--no-kommuner",
            "--from", "2024", "--to", "2024",
        )  # fmt: skip
    assert done.returncode == 3
    assert "nothing came of 21 groups: diagnos=A00-B99" in done.stderr
    assert "has no value" in done.stderr and "'A00-B99'" in done.stderr
    assert "sjp-pagaende-sjukfall-diagnos-f43: 12 numbers" in done.stderr
    assert stored(tmp_path) == 12


def test_one_question_of_several_that_gets_nothing_leaves_the_others(tmp_path):
    with Server(fk={"ohm-ohalsotal/SJPohttal": fk_table(*BLEKINGE)}) as server:
        done = fetch(
            server, tmp_path, "ohalsotal", "sjukpenningtal", *FK_2023_2024[1:], "--source", "fk"
        )
        assert done.returncode == 2  # a table that is not there is no answer at all
        server.script(Raw(b"[]"))
        done = fetch(server, tmp_path, *FK_2023_2024, "--lan", "10,14", "--refresh")
    assert done.returncode == 3
    assert "Not all answered: Försäkringskassan ohm-ohalsotal, riket to" in done.stderr


def test_nothing_at_all_is_an_error_and_stores_nothing(tmp_path):
    with Server(fk={"ohm-ohalsotal/SJPohttal": fk_table("ALL")}) as server:
        done = fetch(server, tmp_path, "ohalsotal", "--lan", "10", "--from", "1999", "--to", "1999")
    assert done.returncode == 2
    assert "empty list" in done.stderr
    assert not (tmp_path / "store").exists()


def test_a_kommun_that_did_not_exist_is_named_and_is_no_fault(tmp_path):
    uppsala = [k.removeprefix("kommun:") for k in areas.kommuner("lan:03") if k != "kommun:0330"]
    table = fk_table("ALL", "03", *uppsala, years=("2002",))
    with Server(fk={"ohm-ohalsotal/SJPohttal": table}) as server:
        done = fetch(server, tmp_path, "ohalsotal", "--lan", "03", "--from", "2002", "--to", "2002")
    assert done.returncode == 0, done.stderr
    assert "kommun:0330 (Knivsta) did not exist in 2002-12" in done.stderr


def test_a_month_to_come_is_told_as_one(tmp_path):
    table = fk_table(*BLEKINGE, years=("2098",))
    table.rows = table.rows.assign(ar="2024")
    with Server(fk={"ohm-ohalsotal/SJPohttal": table}) as server:
        done = fetch(server, tmp_path, "ohalsotal", "--lan", "10", "--from", "2024", "--to", "2099")
    assert done.returncode == 3
    assert "nothing came of 75 periods: 2025-12 to 2099-12" in done.stderr
    assert "has not been yet" in done.stderr


# --- Kolada and SCB --------------------------------------------------------------------------------

BLEKINGE_IDS = ("0000", "0010", "1060", "1080", "1081", "1082", "1083")


def kolada_rows(kpi: str = "N00957", ids=BLEKINGE_IDS, genders: str = "TKM") -> pd.DataFrame:
    return pd.DataFrame(
        [
            {"kpi": kpi, "municipality": id_, "period": 2024, "gender": sex, "value": 30.5}
            for id_ in ids
            for sex in genders
        ]
    )


KOLADA = ("ohalsotal", "--source", "kolada", "--lan", "10", "--from", "2024", "--to", "2024")


@pytest.mark.parametrize(
    ("lost", "words"),
    [
        ("municipality == '1080'", "nothing came of 1 area: kommun:1080 (Karlskrona) (2024)"),
        ("gender == 'K'", "nothing came of 1 sex: kvinnor (2024)"),
        ("gender == 'M' and municipality == '0010'", "1 number of lan:10 (Blekinge län) in 2024"),
    ],
)
def test_an_entry_or_a_sex_that_kolada_leaves_out_is_named(tmp_path, lost, words):
    with Server(kolada=kolada_rows().query(f"not ({lost})")) as server:
        done = fetch(server, tmp_path, *KOLADA)
    assert done.returncode == 3
    assert words in done.stderr


def test_of_a_number_that_kolada_does_not_divide_by_sex_only_the_total_is_asked_for(tmp_path):
    with Server(kolada=kolada_rows("N01700", BLEKINGE_IDS[2:], "T")) as server:
        done = fetch(server, tmp_path, "helarsekvivalenter_sjukpenning", *KOLADA[3:])
    assert done.returncode == 0, done.stderr


def test_null_in_kolada_is_an_answer_unless_all_is_null(tmp_path):
    rows = kolada_rows()
    rows.loc[rows["municipality"] == "1080", "value"] = None
    with Server(kolada=rows) as server:
        done = fetch(server, tmp_path, *KOLADA)
        assert done.returncode == 0 and "3 missing" in done.stdout
        server.kolada_rows = rows.assign(value=float("nan"))
        done = fetch(server, tmp_path / "all", *KOLADA)
    assert done.returncode == 3 and "21 numbers asked for did not come" in done.stderr


def scb_rows(years=("2023", "2024"), sexes="12") -> pd.DataFrame:
    return pd.DataFrame(
        [
            {"Region": region, "Alder": str(age), "Kon": sex, "ContentsCode": "BE0101N1", "Tid": year,
             "value": 100.0}
            for region in ("00", "10") for age in range(16, 65) for sex in sexes for year in years
        ]
    )  # fmt: skip


SCB = (
    "befolkning",
    "--source",
    "scb",
    "--lan",
    "10",
    "--no-kommuner",
    "--from",
    "2023",
    "--to",
    "2024",
)


def test_a_year_that_scb_refuses_costs_only_that_year(tmp_path):
    with Server(scb={"TAB638": ScbTable(scb_rows(("2023",)))}) as server:
        done = fetch(server, tmp_path, *SCB)
    assert done.returncode == 3
    assert "Non-existent value" in done.stderr
    assert "nothing came of 1 period: 2024" in done.stderr
    assert stored(tmp_path) == 2 * 3 * 7


def test_a_variable_that_scb_left_out_is_named_by_what_lacks(tmp_path):
    rows = scb_rows().drop(columns="Kon")
    with Server(scb={"TAB638": ScbTable(rows)}) as server:
        done = fetch(server, tmp_path, *SCB)
    assert done.returncode == 3
    assert "nothing came of 2 sexes: kvinnor, män" in done.stderr
    assert stored(tmp_path) == 2 * 2 * 7


def test_population_from_2025_comes_with_its_totals_and_its_noise(tmp_path):
    rows = [
        {"Region": region, "Alder": age, "Kon": sex, "ContentsCode": "000007SF", "Tid": "2025M12", "value": value}
        for region in ("00", "10")
        for age in (*map(str, range(16, 65)), "TotSA")
        for sex, value in (("1", 100.0), ("2", 101.0), ("TotSa", 203.0))
    ]  # fmt: skip
    with Server(scb={"TAB6471": ScbTable(pd.DataFrame(rows))}) as server:
        done = fetch(server, tmp_path, *SCB[:-4], "--from", "2025", "--to", "2025")
    assert done.returncode == 0, done.stderr
    assert (
        "96 noisy" in done.stdout
    )  # 2 areas, 3 sexes, 7 ages and the total, December and the year
