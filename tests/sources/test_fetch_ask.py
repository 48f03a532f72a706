"""What the sources answer to a plan, and what is said when one has nothing, against a real server."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pandas as pd
import pytest
from wishes import KNOWN, changed, wish

from servers import FkTable, Raw, ScbTable, Server, Status, fk_rows_from_shared_csv
from vgstats.catalogue.areas import kommuner, lan
from vgstats.errors import VgstatsError
from vgstats.sources.datasets import Datasets
from vgstats.sources.fetch.asking import Fetched, fetch
from vgstats.sources.fetch.metadata import discover_fk, discover_scb
from vgstats.sources.fetch.planning import Plan, addresses, plan
from vgstats.sources.fetch.questions import Request
from vgstats.sources.http import Client

Run = Callable[[Plan], list[Fetched]]


def kolada_rows() -> pd.DataFrame:
    ids = ["0000", "0014", *(k.split(":")[1] for k in kommuner("lan:14"))]
    return pd.DataFrame(
        [
            {"kpi": "N00957", "municipality": code, "period": year, "gender": sex, "value": 30.5}
            for code in ids
            for year in (2023, 2024)
            for sex in "TKM"
        ]
    )


def scb_rows() -> pd.DataFrame:
    return pd.DataFrame(
        [
            {
                "Region": region,
                "Alder": str(age),
                "Kon": sex,
                "ContentsCode": "BE0101N1",
                "Tid": year,
                "value": 100.0,
            }
            for region in ("00", "14", "1480")
            for age in range(16, 65)
            for sex in "12"
            for year in ("2023", "2024")
        ]
    )


@pytest.fixture
def server(shared: Path) -> Iterator[Server]:
    with Server(
        fk=fk_rows_from_shared_csv(shared),
        kolada=kolada_rows(),
        scb={"TAB638": ScbTable(scb_rows(), "Folkmängden efter region, ålder, kön och år")},
        per_page=20,
    ) as running:
        yield running


@pytest.fixture
def clients(server: Server, tmp_path: Path, monkeypatch) -> Iterator[dict[str, Client]]:
    for name in ("fk", "kolada", "scb"):
        monkeypatch.setenv(f"VGSTATS_{name.upper()}_ADDRESS", getattr(server, name))
    made = {
        name: Client(name, address, 1000, tmp_path, attempts=2, first_wait=0.01)
        for name, address in addresses(KNOWN, {}).items()
    }
    yield made
    for client in made.values():
        client.close()


@pytest.fixture
def run(clients: dict[str, Client]) -> Run:
    return lambda made: list(fetch(made, clients, lambda request, answer: None))


COUNTIES = ("riket", "lan:14")


def test_every_county_and_riket_come_from_fk(run: Run):
    made = plan(wish("ohalsotal", "sjukpenningtal", areas=("riket", *lan())), KNOWN)
    oht, spt = run(made)
    assert oht.request.source == "fk-ohalsotal"
    rows = json.loads(oht.answer.content)
    assert len(rows) == 22 * 2
    found = {
        (row["dimensions"]["kommun_kod"], row["dimensions"]["ar"]): row["observations"]["oht"]
        for row in rows
    }
    assert found["ALL_14", "2024"] == {"rojd": False, "value": 24.8}
    assert found["ALL_ALL", "2023"] == {"rojd": False, "value": 22.2}
    assert "row_nr" in rows[0]["dimensions"]
    assert len(json.loads(spt.answer.content)) == 22 * 2


def test_pages_of_kolada_are_followed_and_every_id_comes_once(run: Run, server: Server):
    areas = ("riket", "lan:14", *kommuner("lan:14"))
    made = plan(wish("ohalsotal", areas=areas, sources=("kolada",)), KNOWN)
    found = run(made)
    entries = [entry for one in found for entry in json.loads(one.answer.content)["values"]]
    assert len(made.requests) == 3
    assert len(found) == len(server.requests) == 3 + 3 + 1
    assert len({(entry["municipality"], entry["period"]) for entry in entries}) == 51 * 2
    assert len(entries) == 51 * 2


def test_a_next_page_on_another_host_is_refused(run: Run, server: Server):
    server.next_host = "http://127.0.0.1:1"
    areas = tuple(kommuner("lan:14"))
    with pytest.raises(VgstatsError, match="another host") as error:
        run(plan(wish("ohalsotal", areas=areas, sources=("kolada",)), KNOWN))
    assert "http://127.0.0.1:1" in str(error.value)
    assert server.address in str(error.value)


def test_pages_that_go_round_in_a_circle_are_given_up(run: Run, server: Server):
    made = plan(wish("ohalsotal", areas=("lan:14",), sources=("kolada",)), KNOWN)
    first = f"{server.kolada}/{made.requests[0].path}"
    server.script(*[Raw(json.dumps({"values": [{}], "next_url": first}).encode())] * 2)
    with pytest.raises(VgstatsError, match="a second time"):
        run(made)
    assert len(server.requests) == 1


def test_population_comes_from_scb_with_all_cells(run: Run):
    (one,) = run(plan(wish("befolkning"), KNOWN))
    content = json.loads(one.answer.content)
    assert content["size"] == [3, 49, 2, 1, 2]
    assert len(content["value"]) == 3 * 49 * 2 * 2


def test_a_forgotten_selection_and_too_many_cells_are_told_in_scbs_words(
    clients: dict[str, Client], server: Server
):
    (request,) = plan(wish("befolkning"), KNOWN).requests
    params = {k: v for k, v in request.params.items() if k != "valueCodes[Alder]"}
    with pytest.raises(VgstatsError, match=r"400 .*Missing selection for mandantory variable"):
        clients["scb"].get(request.path, params)
    many = ",".join(["14"] * 1000)
    with pytest.raises(VgstatsError, match=r"403 .*Too many cells"):
        clients["scb"].get(request.path, {**request.params, "valueCodes[Region]": many})


def test_more_than_25_ids_and_a_wrong_name_of_the_parameter_are_what_kolada_says(
    clients: dict[str, Client],
):
    ids = ",".join(["1480"] * 26)
    with pytest.raises(VgstatsError, match=r"400 .*maximum of 25"):
        clients["kolada"].get(f"data/kpi/N00957/municipality/{ids}/year/2024")
    query = {"kpi_id": "N00957", "year": "2024"}
    right = clients["kolada"].get("data/", {**query, "municipality_id": "1480"})
    wrong = clients["kolada"].get("data/", {**query, "municipality": "1480"})
    assert len(json.loads(right.content)["values"]) == 1
    assert json.loads(wrong.content)["values"] == []


def test_each_request_is_told_once_when_it_is_done(clients: dict[str, Client]):
    areas = ("riket", "lan:14", *kommuner("lan:14"))
    made = plan(wish("ohalsotal", areas=areas, sources=("fk", "kolada")), KNOWN)
    told: list[Request] = []
    only_kolada = replace(made, requests=made.requests[-3:])
    list(fetch(only_kolada, clients, lambda request, answer: told.append(request)))
    assert told == list(only_kolada.requests)


def test_a_second_run_asks_nothing(run: Run, server: Server):
    made = plan(wish("ohalsotal", "befolkning", areas=COUNTIES), KNOWN)
    first = run(made)
    asked = len(server.requests)
    second = run(made)
    assert len(server.requests) == asked
    assert [one.answer.sha256 for one in second] == [one.answer.sha256 for one in first]
    assert [one.answer.retrieved for one in second] == [one.answer.retrieved for one in first]
    assert all(one.answer.from_cache for one in second)


def test_after_an_interruption_half_way_only_the_rest_is_asked(run: Run, server: Server, clients):
    areas = ("riket", "lan:14", *kommuner("lan:14"))
    made = plan(wish("ohalsotal", areas=areas, sources=("kolada",)), KNOWN)
    coming = fetch(made, clients, lambda request, answer: None)
    next(coming)
    coming.close()
    before = [asked.path for asked in server.requests]
    server.script(Status(503), Status(503))
    with pytest.raises(VgstatsError, match="goes on from what is cached"):
        run(made)
    found = run(made)
    assert len(found) == 7
    answered = [asked for asked in server.requests if asked.path == before[0]]
    assert len(answered) == 3  # its pages, once each
    assert len(server.requests) == 7 + 2


# --- when FK has nothing ---------------------------------------------------------------------------


def renamed(shared: Path, **names: str) -> dict[str, FkTable]:
    """The server's ohälsotal with other names for some dimensions."""
    table = fk_rows_from_shared_csv(shared)["ohm-ohalsotal/SJPohttal"]
    return {"ohm-ohalsotal/SJPohttal": replace(table, rows=table.rows.rename(columns=names))}


def refusal(run: Run, known: Datasets = KNOWN, **more) -> str:
    with pytest.raises(VgstatsError) as error:
        run(plan(wish("ohalsotal", **{"areas": COUNTIES, **more}), known))
    message = str(error.value)
    assert "empty list" in message
    assert "--show-datasets" in message
    assert "--datasets" in message
    return message


def test_a_month_that_fk_calls_man_is_named(run: Run, server: Server, shared: Path):
    server.fk_tables = renamed(shared, manad="man")
    assert "There is no parameter 'manad'. Did you mean 'man'?" in refusal(run)
    assert run(plan(wish("ohalsotal", areas=COUNTIES), changed(month="man")))


def test_a_county_that_fk_calls_lan_is_named(run: Run, server: Server, shared: Path):
    server.fk_tables = renamed(shared, lan_kod="lan")
    assert "There is no parameter 'lan_kod'. Did you mean 'lan'?" in refusal(run)


def test_a_kommun_written_the_other_way_round_is_named(run: Run):
    message = refusal(run, changed(kommun_form="{lan}_{kommun}"))
    assert "'kommun_kod' has no value '14_ALL'. Did you mean 'ALL_14'?" in message


def test_a_parameter_that_is_not_asked_for_is_named(run: Run, server: Server, shared: Path):
    table = fk_rows_from_shared_csv(shared)["ohm-ohalsotal/SJPohttal"]
    more = replace(table, rows=table.rows.assign(delforman="ALL"))
    server.fk_tables = {"ohm-ohalsotal/SJPohttal": more}
    assert "Not asked for, but in the dataset: 'delforman'" in refusal(run)


def test_the_other_place_of_the_metadata_is_tried(run: Run, server: Server, shared: Path):
    tables = renamed(shared, manad="man")
    tables["ohm-ohalsotal/SJPohttal"].meta = "meta/json"
    server.fk_tables = tables
    assert "Did you mean 'man'?" in refusal(run)


def test_without_metadata_the_likeliest_is_told(run: Run, server: Server, shared: Path):
    tables = fk_rows_from_shared_csv(shared)
    tables["ohm-ohalsotal/SJPohttal"].meta = ""
    server.fk_tables = tables
    message = refusal(run, changed(kommun_form="{lan}_{kommun}"))
    assert "metadata cannot be had" in message
    assert "kommun_form" in message


def test_names_that_are_all_right_point_to_the_period(run: Run):
    assert "no numbers for the period yet" in refusal(run, first="2026", last="2026")


def test_kolada_without_values_is_an_error_and_not_kept(run: Run, server: Server):
    made = plan(wish("ohalsotal", first="1999", last="2000", sources=("kolada",)), KNOWN)
    for _ in range(2):
        with pytest.raises(VgstatsError, match=r"no values .*KPI or the ids of municipalities"):
            run(made)
    assert len(server.requests) == 2


# --- looking names up ------------------------------------------------------------------------------


def test_discover_tells_what_fk_says_and_which_of_our_names_it_lacks(
    clients: dict[str, Client], server: Server, shared: Path
):
    server.fk_tables |= renamed(shared, manad="man")
    lines = discover_fk(clients["fk"], KNOWN)
    assert lines[0] == "ohm-ohalsotal/SJPohttal"
    assert "  column oht: oht" in lines
    assert "  dimension lan_kod: 22 values (ALL, 01, 03, 04, 05, …)" in lines
    assert "  dimension kommun_kod: 22 values (ALL_ALL, ALL_01, ALL_03, ALL_04, ALL_05, …)" in lines
    assert [line for line in lines if "NOT THERE" in line] == [
        "  NOT THERE: parameter 'manad'. Did you mean 'man'?"
    ]
    assert any("metadata cannot be had" in line and "404" in line for line in lines)


def test_discover_lists_scbs_tables_with_their_periods(clients: dict[str, Client]):
    assert discover_scb(clients["scb"], "folkmängd") == [
        "TAB638  Folkmängden efter region, ålder, kön och år  (2023 to 2024)"
    ]
    assert discover_scb(clients["scb"], "renar") == ["SCB has no table that fits 'renar'."]
