"""What a wish makes us ask; nobody is asked here."""

from __future__ import annotations

import re
from urllib.parse import urlencode

import pytest
from wishes import KNOWN, changed, wish

from vgstats.catalogue.areas import kommuner, lan
from vgstats.errors import VgstatsError
from vgstats.sources.datasets import Datasets
from vgstats.sources.fetch.planning import Wish, addresses, plan

CHAPTERS = (
    "ALL,A00-B99,C00-D48,D50-D89,E00-E90,F00-F99,G00-G99,H00-H59,H60-H95,I00-I99,J00-J99,K00-K93,L00-L99,"
    "M00-M99,N00-N99,O00-O99,P00-P96,Q00-Q99,R00-R99,S00-T98,U00-U99,V01-Y98,Z00-Z99"
)
EVERYWHERE = ("riket", *lan(), *(k for county in lan() for k in kommuner(county)))


def with_scb(measure: str) -> Datasets:
    """The datasets with an id for the table of a measure that has none yet."""
    tables = [
        table.model_copy(update={"table": "TAB9", "contents": "C"})
        if table.measure == measure and not table.table
        else table
        for table in KNOWN.scb.tables
    ]
    return KNOWN.model_copy(update={"scb": KNOWN.scb.model_copy(update={"tables": tables})})


def test_fk_is_asked_for_paired_lists_of_lan_and_kommun():
    (request,) = plan(wish("ohalsotal"), KNOWN).requests
    assert (request.service, request.source) == ("fk", "fk-ohalsotal")
    assert request.path == "ohm-ohalsotal/SJPohttal.json"
    assert request.params == {
        "ar": "2023,2024",
        "manad": "12",
        "lan_kod": "ALL,14,14",
        "kommun_kod": "ALL_ALL,ALL_14,1480_14",
        "aldersklass_kod": "ALL",
        "kon_kod": "ALL,K,M",
    }
    assert "ohm-ohalsotal" in request.what
    assert "2023-2024" in request.what


def test_sjukpenningtal_2_is_asked_for_with_its_own_form_of_a_kommun():
    (request,) = plan(wish("sjukpenningtal_2"), KNOWN).requests
    assert request.params["kommun_kod"] == "ALL_ALL,ALL_14,1480"


def test_all_months_are_asked_for_when_december_is_not_enough():
    (request,) = plan(wish("ohalsotal", first="2024", december=False), KNOWN).requests
    assert request.params["manad"] == "01,02,03,04,05,06,07,08,09,10,11,12"


def test_a_period_within_years_asks_for_the_whole_years():
    (request,) = plan(wish("ohalsotal", first="2005-12", last="2008-12"), KNOWN).requests
    assert request.params["ar"] == "2005,2006,2007,2008"


def test_every_area_is_asked_for_once_in_chunks():
    made = plan(wish("ohalsotal", areas=(*EVERYWHERE, "riket")), KNOWN)
    lists = [request.params["lan_kod"].split(",") for request in made.requests]
    pairs = [request.params["kommun_kod"].split(",") for request in made.requests]
    assert [len(x) for x in lists] == [len(x) for x in pairs] == [25] * 12 + [12]
    assert all(
        pair.endswith(f"_{code}")
        for codes, row in zip(lists, pairs, strict=True)
        for code, pair in zip(codes, row, strict=True)
    )
    assert len({pair for row in pairs for pair in row}) == 312


def test_a_dataset_without_kommun_is_asked_for_riket_and_lan_and_its_sibling_for_all():
    made = plan(wish("pagaende_sjukfall"), KNOWN)
    chapters, f43 = made.requests
    assert chapters.params == {
        "ar": "2023,2024",
        "manad": "12",
        "lan_kod": "ALL,14",
        "kon_kod": "ALL,K,M",
        "diagnoskapitel_kod": "ALL,F00-F99,M00-M99",
    }
    assert f43.path == "sjp-pagaende-sjukfall-diagnos-f43/SJPPagSjukfallDiagnosF43.json"
    assert f43.params["kommun_kod"] == "ALL_ALL,ALL_14,1480_14"
    assert "diagnoskapitel_kod" not in f43.params
    (note,) = made.notes
    assert "sjp-pagaende-sjukfall-diagnos has no numbers for kommun" in note
    assert "kommun:1480" in note


def test_two_measures_of_a_dataset_are_asked_for_together():
    made = plan(wish("pagaende_sjukfall", "pagaende_sjukfall_andel", areas=("lan:14",)), KNOWN)
    assert len(made.requests) == 2
    assert made.notes == ()


def test_parameters_that_are_always_the_same_are_sent_and_others_left_out():
    (request,) = plan(wish("sa_mottagare", areas=("riket", "lan:14")), KNOWN).requests
    assert request.params == {
        "ar": "2023,2024",
        "manad": "12",
        "lan": "ALL,14",
        "kon_kod": "ALL,K,M",
        "diagnoskapitel": "ALL,F00-F99,M00-M99",
        "delforman": "ALL",
    }


def test_areas_that_no_source_has_leave_no_request_and_a_note():
    made = plan(wish("sa_mottagare", areas=("kommun:1480", "delregion:14-skaraborg")), KNOWN)
    assert made.requests == ()
    assert "delregion, kommun: 2 areas" in made.notes[0]


def test_kolada_is_asked_for_one_number_and_at_most_25_ids_and_years():
    areas = ("riket", "lan:14", *kommuner("lan:14"))
    made = plan(wish("ohalsotal", areas=areas, first="1998", sources=("kolada",)), KNOWN)
    assert len(made.requests) == 3 * 2
    first = made.requests[0]
    assert first.path.startswith("data/kpi/N00957/municipality/0000,0014,1401,")
    assert first.params == {}
    for request in made.requests:
        ids, years = re.search(r"municipality/([\d,]+)/year/([\d,]+)$", request.path).groups()
        assert len(ids.split(",")) <= 25
        assert len(years.split(",")) <= 25


def test_kolada_is_asked_only_for_areas_that_it_has_the_number_for():
    made = plan(wish("sjukpenningtal", sources=("kolada",)), KNOWN)
    (request,) = made.requests
    assert "/municipality/1480/year/2023,2024" in request.path
    assert "N00938 has no numbers for lan, riket: 2 areas" in made.notes[0]


def test_scb_is_asked_for_single_years_of_age_and_both_sexes():
    (request,) = plan(wish("befolkning"), KNOWN).requests
    ages = request.params.pop("valueCodes[Alder]").split(",")
    assert ages == [str(age) for age in range(16, 65)]
    assert request.path == "tables/TAB638/data"
    assert request.params == {
        "lang": "sv",
        "outputFormat": "json-stat2",
        "valueCodes[Region]": "00,14,1480",
        "valueCodes[Kon]": "1,2",
        "valueCodes[ContentsCode]": "BE0101N1",
        "valueCodes[Tid]": "2023,2024",
    }


def test_scb_is_asked_for_so_many_cells_as_it_gives_and_addresses_stay_short():
    made = plan(wish("befolkning", areas=EVERYWHERE, first="2000"), KNOWN)
    asked: set[tuple[str, str]] = set()
    for request in made.requests:
        lists = [v.split(",") for k, v in request.params.items() if k.startswith("valueCodes")]
        cells = 1
        for values in lists:
            cells *= len(values)
        assert cells <= 100_000
        assert len(urlencode(request.params, safe=",[]")) < 1500
        regions = request.params["valueCodes[Region]"].split(",")
        years = request.params["valueCodes[Tid]"].split(",")
        asked |= {(region, year) for region in regions for year in years}
    assert len(asked) == 312 * 25


def test_the_consumer_price_index_is_asked_for_without_areas():
    made = plan(wish("kpi", first="1998"), with_scb("kpi"))
    (request,) = made.requests
    times = request.params.pop("valueCodes[Tid]").split(",")
    assert times == [f"{year}M12" for year in range(1998, 2025)]
    assert request.params == {
        "lang": "sv",
        "outputFormat": "json-stat2",
        "valueCodes[ContentsCode]": "C",
    }
    assert "SCB KPI has no numbers for kommun, lan" in made.notes[0]


def test_a_monthly_table_of_scb_is_asked_for_all_months_in_addresses_that_stay_short():
    made = plan(wish("kpi", first="1998", last="2008", december=False), with_scb("kpi"))
    times = [request.params["valueCodes[Tid]"].split(",") for request in made.requests]
    assert times[0][:2] == ["1998M01", "1998M02"]
    assert times[-1] == [f"2008M{month:02d}" for month in range(1, 13)]
    assert sum(map(len, times)) == 11 * 12
    assert all(len(urlencode(r.params, safe=",[]")) < 1500 for r in made.requests)


def test_a_table_without_an_id_is_an_error_that_says_where_to_look_it_up():
    with pytest.raises(VgstatsError) as error:
        plan(wish("kpi"), KNOWN)
    message = str(error.value)
    assert "kpi for 2023-2024 is not confirmed" in message
    assert "vgstats fetch --discover --source scb" in message
    assert "--show-datasets" in message
    assert "--datasets" in message


def test_each_table_of_scb_is_asked_for_its_own_years_codes_and_totals():
    old, new = plan(wish("befolkning", last="2026"), KNOWN).requests
    assert old.params["valueCodes[Tid]"] == "2023,2024"
    assert new.path == "tables/TAB6471/data"
    assert new.params["valueCodes[Tid]"] == "2025M12,2026M12"
    assert new.params["valueCodes[ContentsCode]"] == "000007SF"
    assert new.params["valueCodes[Kon]"] == "1,2,TotSa"
    assert new.params["valueCodes[Alder]"].endswith("63,64,TotSA")


def test_fk_goes_before_scb_and_scb_before_kolada_unless_sources_are_named():
    measures = ("ohalsotal", "befolkning", "helarsekvivalenter_sjukersattning")
    services = [request.service for request in plan(wish(*measures), KNOWN).requests]
    assert services == ["fk", "scb", "kolada"]
    both = plan(wish("ohalsotal", sources=("kolada", "fk")), KNOWN)
    assert [request.service for request in both.requests] == ["fk", "kolada"]


def test_a_measure_that_no_source_has_is_an_error_that_names_those_that_can_be_had():
    with pytest.raises(VgstatsError) as error:
        plan(wish("ohalsotalet"), KNOWN)
    assert "Did you mean 'ohalsotal'?" in str(error.value)
    assert "befolkning" in str(error.value)
    with pytest.raises(VgstatsError, match="cannot be fetched from scb") as error:
        plan(wish("ohalsotal", sources=("scb",)), KNOWN)
    assert "befolkning, kpi" in str(error.value)


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        (wish("ohalsotal", areas=("lan:99",)), "Unknown area 'lan:99'"),
        (wish("ohalsotal", sources=("colada",)), "Did you mean 'kolada'"),
        (wish("ohalsotal", first="2025", last="2024"), "2025 comes after 2024"),
    ],
    ids=["area", "source", "years"],
)
def test_a_wish_that_makes_no_sense_is_refused(wrong: Wish, words: str):
    with pytest.raises(VgstatsError, match=words):
        plan(wrong, KNOWN)


@pytest.mark.parametrize("names", [{"kommun_form": "{kommun}_{county}"}, {"region": "region_kod"}])
def test_a_datasets_file_that_names_what_is_not_known_is_told(names: dict[str, str]):
    with pytest.raises(VgstatsError, match=r"datasets file .*(county|region)"):
        plan(wish("ohalsotal"), changed(**names))


def test_addresses_come_from_the_option_then_the_environment_then_the_file(monkeypatch):
    monkeypatch.setenv("VGSTATS_FK_ADDRESS", "http://127.0.0.1:1/fk")
    monkeypatch.setenv("VGSTATS_KOLADA_ADDRESS", "http://127.0.0.1:1/kolada")
    monkeypatch.delenv("VGSTATS_SCB_ADDRESS", raising=False)
    assert addresses(KNOWN, {"fk": "http://127.0.0.1:2/fk"}) == {
        "fk": "http://127.0.0.1:2/fk",
        "kolada": "http://127.0.0.1:1/kolada",
        "scb": KNOWN.scb.address,
    }
    monkeypatch.setenv("VGSTATS_SCB_ADDRESS", "http://127.0.0.1:1/scb")
    assert addresses(KNOWN, {})["scb"] == "http://127.0.0.1:1/scb"


def test_an_address_of_an_unknown_source_is_refused():
    with pytest.raises(VgstatsError, match="Did you mean 'kolada'"):
        addresses(KNOWN, {"kolda": "http://127.0.0.1"})
