"""More of the field's measures: known by the datasets file alone, listed, fetched, read and named in Swedish."""

from __future__ import annotations

import json
from typing import Any

import openpyxl
import pandas as pd
import pytest
from wishes import KNOWN, wish

from commands import vgstats
from intake import put, stored, take
from servers import FkTable, Server
from vgstats.catalogue.measures import catalogue
from vgstats.catalogue.words import dimensions, group_name, short_name
from vgstats.errors import VgstatsError
from vgstats.observations import DIMENSIONS
from vgstats.row_checks import is_canonical_group
from vgstats.sources.fetch.planning import Wish, plan
from vgstats.store.store import Store

NEW = {
    "startade_sjukfall", "startade_sjukfall_per_1000_forvarvsarbetande", "forsta_beslut", "forsta_beslut_avslag",
    "forsta_beslut_avslag_andel", "avslag_efter_180", "avslag_efter_180_andel",
}  # fmt: skip
ALDER_LANGD = "sjp-pagaende-sjukfall-diagnos-alder-langd"
BRANSCH = "sjp-bransch-sektor/SJPSEKTORBRANSCHBRA1LAN"


def by(*dimensions_: str, **asked: Any) -> Wish:
    made = wish("pagaende_sjukfall", areas=("riket", "lan:14"), first="2024", last="2024")
    return Wish(**{**made.__dict__, "by": dimensions_, **asked})


def table(name: str, **dimensions_: list[str]) -> FkTable:
    """A table of FK's in which every number is the place of its row."""
    index = pd.MultiIndex.from_product(dimensions_.values(), names=list(dimensions_))
    rows = index.to_frame(index=False)
    return FkTable(
        rows.assign(**{name: [float(place) for place in range(1, len(rows) + 1)]}), [name]
    )


def test_they_are_listed_with_what_they_can_be_had_by():
    done = vgstats("fetch", "--measures")
    lines = {line.split()[0]: line for line in done.stdout.splitlines() if line.strip()}
    assert lines.keys() >= NEW
    assert "diagnos, alder, langd" in lines["pagaende_sjukfall"]
    assert all(lines[name].split()[-1] == "no" for name in NEW)


def test_a_plan_lists_every_chapter_when_it_is_asked_for_by_diagnosis():
    chapters, _ = plan(by("diagnos"), KNOWN).requests
    codes = chapters.params["diagnoskapitel_kod"].split(",")
    assert (
        len(codes) == 23 and codes[0] == "ALL" and {"A00-B99", "S00-T98", "Z00-Z99"} <= set(codes)
    )
    done = vgstats("fetch", "startade_sjukfall", "--by", "diagnos", "--dry-run", "--lan", "14")
    assert "sjp-startade-diagnos/SJPStartadeSjukfallDiagnos.json" in done.stdout
    assert "sjp-startade-diagnos-f43/SJPStartadeSjukfallF43.json" in done.stdout
    assert "A00-B99" in done.stdout


def test_what_can_be_had_only_in_parts_asks_for_one():
    with pytest.raises(VgstatsError, match="only by bransch or sektor"):
        plan(by(measures=("startade_sjukfall_per_1000_forvarvsarbetande",)), KNOWN)
    with pytest.raises(VgstatsError, match=r"--by: .*'lan'.*alder, diagnos, langd"):
        plan(by("lan"), KNOWN)
    with pytest.raises(VgstatsError, match=r"sjp-beslut-forsta is not confirmed.*--discover"):
        plan(by(measures=("forsta_beslut",)), KNOWN)


def test_lengths_are_asked_for_as_the_metadata_name_them_and_stored_as_groups(tmp_path):
    common = {"ar": ["2024"], "manad": ["12"], "kon_kod": ["ALL"]}
    tables = {
        f"{ALDER_LANGD}/SJPPagSjukfallLangd": table(
            "antal", **common, lan_kod1=["ALL", "14"], langd_kod=["ALL", "1-29", "30-89", "90-"]
        ),
        "sjp-pagaende-sjukfall-diagnos/SJPPagSjukfallDiagnosLan": table(
            "antal", **common, lan_kod=["ALL"], diagnoskapitel_kod=["F00-F99"]
        ),
        "sjp-pagaende-sjukfall-diagnos-f43/SJPPagSjukfallDiagnosF43": table(
            "antal", **common, lan_kod=["ALL"], kommun_kod=["ALL_ALL"]
        ),
    }
    with Server(fk=tables) as server:
        done = vgstats(
            "fetch", "pagaende_sjukfall", "--by", "langd", "--lan", "14", "--no-kommuner", "--from", "2024",
            "--to", "2024", "--store", tmp_path / "s", "--cache", tmp_path / "c",
            environment={"VGSTATS_FK_ADDRESS": server.fk},
        )  # fmt: skip
        asked = server.requests[-1].query
    assert asked["langd_kod"] == "ALL,1-29,30-89,90-"
    assert done.returncode == 3 and "nothing came of 2 sexes: kvinnor, män" in done.stderr
    cells = stored(Store(tmp_path / "s"))
    found = {key[4]: cell[0] for key, cell in cells.items() if key[1] == "lan:14"}
    assert found["langd=1-29"] == 6.0 and found["langd=90+"] == 8.0


def fk_json(name: str, *rows: tuple[dict[str, str], float]) -> str:
    return json.dumps(
        [
            {"dimensions": of, "observations": {name: {"rojd": False, "value": value}}}
            for of, value in rows
        ]
    )


JSON = {
    "ages": (
        f"{ALDER_LANGD}", "SJPPagSjukfallAlder", "antal",
        {"ar": "2024", "manad": "12", "lan_kod1": "14", "aldersklass_kod": "16-19", "kon_kod": "K"},
        ("pagaende_sjukfall", "lan:14", "2024-12", "kvinnor", "alder=16-19"),
    ),
    "started, which has no county": (
        "sjp-startade-diagnos", "SJPStartadeSjukfallDiagnos", "antal",
        {"ar": "2024", "manad": "12", "diagnoskapitel_kod": "G00-G99", "kon_kod": "ALL"},
        ("startade_sjukfall", "riket", "2024-12", "alla", "diagnos=G00-G99"),
    ),
    "started, F43": (
        "sjp-startade-diagnos-f43", "SJPStartadeSjukfallF43", "antal",
        {"ar": "2024", "manad": "12", "lan_kod": "14", "kon_kod": "M"},
        ("startade_sjukfall", "lan:14", "2024-12", "män", "diagnos=F43"),
    ),
    "branch": (
        "sjp-bransch-sektor", "SJPSEKTORBRANSCHBRA1LAN", "antal_per_1000",
        {"ar": "2024", "lan_kod": "ALL", "bransch_niva1_kod": "Q", "kon_kod": "K"},
        ("startade_sjukfall_per_1000_forvarvsarbetande", "riket", "2024", "kvinnor", "bransch=Q"),
    ),
    "refusals": (
        "sjp-avslag-efter180", "SJPAVSLAGEfter180LAN", "antal_avslag",
        {"ar": "2024", "lan_kod": "14", "kon_kod": "ALL"},
        ("avslag_efter_180", "lan:14", "2024", "alla", ""),
    ),
}  # fmt: skip


@pytest.mark.parametrize("case", JSON)
def test_an_answer_is_read_under_the_names_of_the_datasets_file(tmp_path, case):
    _, name, observation, of, key = JSON[case]
    store = Store(tmp_path / "s")
    outcome = take(put(tmp_path, fk_json(observation, (of, 7.0)), f"{name}.json"), store)
    assert outcome.added is not None, outcome.rejected
    assert stored(store) == {key: (7.0, "ok")}


def test_an_export_by_branch_is_told_by_its_columns(tmp_path):
    book = openpyxl.Workbook()
    book.active.append(
        ["År", "Län", "Bransch nivå 1", "Kön", "Antal startade sjukfall per 1000 förvärvsarbetande"]
    )
    book.active.append(["2024", "Riket", "Q-Vård och omsorg; sociala tjänster", "Kvinnor", 151.2])
    book.active.append(["2024", "Riket", "Samtliga branscher", "Kvinnor", 98.7])
    file = tmp_path / "export.xlsx"
    book.save(file)
    store = Store(tmp_path / "s")
    assert take(file, store).added is not None
    assert {key[4]: cell[0] for key, cell in stored(store).items()} == {
        "bransch=Q": 151.2,
        "": 98.7,
    }


def test_a_length_that_is_not_understood_is_refused_and_named(tmp_path):
    _, _, observation, of, _ = JSON["ages"]
    of = {k: v for k, v in of.items() if k != "aldersklass_kod"} | {"langd_kod": "lång tid"}
    file = put(tmp_path, fk_json(observation, (of, 7.0)), "SJPPagSjukfallLangd.json")
    rejected = take(file, Store(tmp_path / "s")).rejected
    assert rejected["value"].tolist() == ["lång tid"] and rejected["column"].tolist() == [
        "langd_kod"
    ]


@pytest.mark.parametrize(
    ("group", "name", "short"),
    [
        ("", "", "Alla"),
        ("diagnos=G00-G99", "Nervsystemets sjukdomar (G00–G99)", "Nervsystemet"),
        ("diagnos=F43", "Stressrelaterade diagnoser (F43)", "Stress"),
        ("diagnos=övriga", "Övriga diagnoser", "Övriga"),
        ("diagnos=C50", "C50", "C50"),
        ("alder=16-19", "16–19 år", "16-19"),
        ("langd=90-179", "90–179 dagar", "90-179"),
        ("bransch=Q", "Vård och omsorg", "Vård"),
        (
            "alder=20-29;diagnos=F00-F99",
            "20–29 år, Psykiatriska diagnoser (F00–F99)",
            "20-29, Psykiatriska",
        ),
    ],
)
def test_a_group_has_a_name_that_a_reader_understands(group, name, short):
    assert (group_name(group), short_name(group)) == (name, short)


def test_every_dimension_has_a_name_and_every_named_group_is_one():
    assert dimensions().keys() == DIMENSIONS
    for dimension in dimensions().values():
        assert all(is_canonical_group(f"{dimension.id}={value}") for value in dimension.values)


def test_their_definitions_say_what_is_not_confirmed():
    for name in NEW:
        assert catalogue()[name].definition.endswith(".") and catalogue()[name].available
    unsure = [name for name in NEW if "inte bekräftat" in catalogue()[name].definition]
    assert len(unsure) == 6
