"""Areas are typed texts with dated, many-to-many membership."""

from __future__ import annotations

import datetime as dt
import re

import pytest

from vgstats import VgstatsError
from vgstats.catalogue import areas

DURING_2008 = dt.date(2008, 12, 31)


def test_there_are_21_lan_and_290_kommuner():
    assert len(areas.lan()) == 21
    assert sum(len(areas.kommuner(lan)) for lan in areas.lan()) == 290
    assert len(areas.kommuner("lan:14")) == 49


def test_codes_and_names_are_those_of_scb(shared):
    import csv

    with (shared / "data" / "kommun_koder_290.csv").open(encoding="utf-8") as stream:
        for row in csv.DictReader(stream):
            area = f"kommun:{row['kommun_kod']}"
            assert areas.name(area) == row["kommun"]
            assert areas.all_areas().loc[area, "lan"] == f"lan:{row['lan_kod']}"


def test_bilaga_1_is_kept_with_its_gaps():
    whole = set(areas.membership()["whole"])
    assert {w.split(":")[0] for w in whole} == {"delregion", "hsn", "lfc"}
    in_hsn = {m for w in whole if w.startswith("hsn") for m in areas.members(w, DURING_2008)}
    in_lfc = {m for w in whole if w.startswith("lfc") for m in areas.members(w, DURING_2008)}
    assert set(areas.kommuner("lan:14")) - in_hsn == {"kommun:1415"}  # Stenungsund
    assert set(areas.kommuner("lan:14")) - in_lfc == {"kommun:1486"}  # Strömstad


def test_every_kommun_lies_where_bilaga_1_puts_it(shared):
    import csv

    with (shared / "data" / "vg_kommuner_bilaga1.csv").open(encoding="utf-8") as stream:
        rows = {row["kommun_kod"]: row for row in csv.DictReader(stream)}
    frame = areas.membership()
    for code, row in rows.items():
        of = {w.split(":")[0]: w for w in frame.loc[frame["member"] == f"kommun:{code}", "whole"]}
        region = areas.name(of["delregion"]) if "delregion" in of else ""
        assert region == row["omrade"], row
        if code != "1480":
            hsn = areas.name(of["hsn"]) if "hsn" in of else ""
            lfc = areas.name(of["lfc"]).removeprefix("LFC ") if "lfc" in of else ""
            assert (hsn, lfc) == (row["hsn"], row["fk_lfc"]), row
    assert len(rows) == 49


def test_goteborg_lies_in_three_hsn_and_three_lfc():
    frame = areas.membership()
    goteborg = frame[frame["member"] == "kommun:1480"]
    kinds = goteborg["whole"].str.split(":").str[0].value_counts()
    assert (kinds["hsn"], kinds["lfc"], kinds["delregion"]) == (3, 3, 1)
    assert set(goteborg.loc[goteborg["whole"].str.startswith(("hsn", "lfc")), "part"]) == {"del"}


def test_membership_is_that_of_2008_only():
    assert areas.members("delregion:14-skaraborg", DURING_2008)
    assert areas.members("delregion:14-skaraborg", dt.date(2012, 1, 1)) == []


def test_an_unknown_area_is_refused_with_the_nearest_known_one():
    with pytest.raises(VgstatsError, match=r"'lan:114'.*Did you mean 'lan:14'"):
        areas.name("lan:114")


def test_every_area_has_a_name_for_files_of_its_own():
    slugs = {area: areas.slug(area) for area in areas.all_areas().index}
    assert len(set(slugs.values())) == len(slugs)
    assert all(re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", slug) for slug in slugs.values())
    named = ("lan:18", "kommun:1880", "lan:09", "kommun:0980", "kommun:0305", "kommun:0643")
    assert [slugs[area] for area in named] == [
        "orebro-lan", "orebro", "gotlands-lan", "gotland", "habo-0305", "habo-0643",
    ]  # fmt: skip


@pytest.mark.parametrize("area", areas.all_areas().index)
def test_every_area_is_found_by_its_id_and_one_of_its_names(area):
    called = areas.name(area) + (" kommun" if area.startswith("kommun:") else "")
    assert areas.find(area) == areas.find(called.upper()) == area


def test_a_name_of_a_county_and_a_kommun_is_the_countys():
    assert [areas.find(words) for words in ("Örebro", "Stockholm", "Västra Götaland", "gotland")] == [
        "lan:18", "lan:01", "lan:14", "lan:09",
    ]  # fmt: skip
    assert areas.find("Stockholms kommun") == "kommun:0180"


def test_the_whole_country_is_found_by_what_people_call_it():
    assert {areas.find(words) for words in ("riket", "Riket", "Sverige", "hela landet")} == {
        "riket"
    }


def test_a_misspelt_area_is_answered_with_the_nearest():
    with pytest.raises(VgstatsError, match="Did you mean 'Örebro län'"):
        areas.find("Öerbro")
