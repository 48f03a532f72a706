"""Made-up certificates: like the published figures, with an effect where it is told, and about nobody."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import replace

import pandas as pd
import pyarrow.parquet as pq
import pytest
import yaml

from vgstats import VgstatsError
from vgstats.cases.mapping import read_mapping
from vgstats.cases.quality import read_certificates
from vgstats.cases.workspace import workspace
from vgstats.catalogue.data_files import data_folder
from vgstats.demo.certificates import Certificates
from vgstats.demo.certificates_file import mapping_text, tables, write_certificates

SIZE = Certificates("lan:14", rows=120_000)
SNAPSHOT = pd.Timestamp("2025-10-01")
FORMERLY = {old: SIZE.care.names[at] for at, names in SIZE.care.former.items() for old in names}


def as_rows(size: Certificates) -> pd.DataFrame:
    return pd.concat(table.to_pandas(date_as_object=False) for table in tables(size))


def as_cases(rows: pd.DataFrame) -> pd.DataFrame:
    """Join certificates with at most five free days between, by pandas: whose, when, and what its last one says."""
    rows = rows.sort_values(["lopnr", "intyg_fran", "intyg_till"])
    rows["unit"] = rows["listad_vardcentral"].astype(str).replace(FORMERLY)
    before = rows["intyg_till"].groupby(rows["lopnr"]).cummax().groupby(rows["lopnr"]).shift()
    new = (rows["intyg_fran"] - before).dt.days.gt(6) | before.isna()
    of = rows.groupby(new.cumsum())
    last = of[["kon", "diagnos", "sysselsattning", "unit"]].last()
    return last.assign(first=of["intyg_fran"].min(), last=of["intyg_till"].max())


@pytest.fixture(scope="module")
def rows() -> pd.DataFrame:
    return as_rows(SIZE)


@pytest.fixture(scope="module")
def cases(rows) -> pd.DataFrame:
    return as_cases(rows)


@pytest.fixture(scope="module")
def ongoing(cases) -> pd.DataFrame:
    there = cases[(cases["first"] <= SNAPSHOT) & (cases["last"] >= SNAPSHOT)]
    return there.assign(days=(SNAPSHOT - there["first"]).dt.days + 1)


def published(file: str) -> pd.Series:
    rows = pd.read_csv(data_folder() / "published" / file, dtype=str).fillna("")
    keys = ["measure", "area", "period", "sex", "group"]
    return rows.astype({"value": float}).set_index(keys)["value"].sort_index()


def test_sex_and_diagnoses_are_those_of_riket(ongoing, shared):
    fk = published("fk_pagaende_sjukfall_2005_2025.csv").loc["pagaende_sjukfall", "riket", "2024"]
    women = (ongoing["kon"] == "K").mean()
    assert women == pytest.approx(fk["kvinnor", ""] / fk["alla", ""], abs=0.03)
    psychiatric = ongoing["diagnos"].str.startswith("F").groupby(ongoing["kon"].astype(str)).mean()
    for letter, sex in (("K", "kvinnor"), ("M", "män")):
        share = fk[sex, "diagnos=F00-F99"] / fk[sex, ""]
        assert psychiatric[letter] == pytest.approx(share, abs=0.05)
    export = pd.read_excel(
        shared / "data" / "fk_export_pagaende_sjukfall_diagnos_2024_11_06.xlsx", engine="openpyxl"
    )
    muscles = export[(export["Län"] == "Riket") & export["Diagnoskapitel"].str.startswith("M")]
    april = muscles[muscles["Månad"] == 4].set_index("Kön").iloc[:, -1] / 100
    of_muscles = ongoing["diagnos"].str.startswith("M").groupby(ongoing["kon"].astype(str)).mean()
    assert of_muscles["K"] == pytest.approx(april["Kvinnor"], abs=0.04)
    assert of_muscles["M"] == pytest.approx(april["Män"], abs=0.04)


def test_cases_last_as_long_as_those_of_forsakringskassan(ongoing, shared):
    long = pd.read_csv(shared / "data" / "regionfakta_langa_sjukfall_lan_2016_2017.csv")
    long = long[(long["lan"] == "Riket") & (long["ar"] == 2017)].iloc[0]
    fk = published("fk_pagaende_sjukfall_2005_2025.csv").loc["pagaende_sjukfall", "riket", "2017"]
    sixty = ongoing[ongoing["days"] >= 60]
    seen = (ongoing["days"] > 14).sum()  # Försäkringskassan pays from day 15
    assert len(sixty) / seen == pytest.approx(
        long["antal_langre_an_60d"] / fk["alla", ""], abs=0.05
    )
    year = long["varav_langre_an_365d"] / long["antal_langre_an_60d"]
    assert (sixty["days"] >= 365).mean() == pytest.approx(year, abs=0.06)


def test_long_cases_are_partial_and_of_employed_as_those_of_vastra_gotaland(rows, ongoing):
    vg = published("vg_uppfoljning_2006_2008.csv").loc[
        "sjukfall_60_dagar_andel", "lan:14", "2008", "alla"
    ]
    there = rows[(rows["intyg_fran"] <= SNAPSHOT) & (rows["intyg_till"] >= SNAPSHOT)]
    begun = SNAPSHOT - pd.Timedelta(days=60)
    long = there[there["lopnr"].isin(rows.loc[rows["intyg_fran"] < begun, "lopnr"])]
    assert 100 * (long["omfattning"] < 100).mean() == pytest.approx(vg["grad=partiell"], abs=5)
    sixty = ongoing[ongoing["days"] >= 60]["sysselsattning"].value_counts()
    share = 100 * sixty["Anställd"] / sixty[["Anställd", "Arbetssökande"]].sum()
    assert share == pytest.approx(vg["sysselsättning=anställd"], abs=5)
    care = 100 * (rows["vardgren"] == "Allmänmedicin").mean()
    assert care == pytest.approx(vg["instans=vårdcentral"], abs=3)


def test_an_effect_is_where_and_when_the_mapping_says(cases):
    begun = {
        one["name"]: one["started"]
        for one in yaml.safe_load(mapping_text(SIZE, "listade.csv"))["units"]
        if "started" in one
    }
    assert len(begun) == 4 and set(begun.values()) == {SIZE.started}
    same = {"shorter": 1.0, "fewer": 1.0}
    without = as_cases(as_rows(replace(SIZE, **same)))
    day = pd.Timestamp(SIZE.started)

    def ratio(inside: bool, after: bool) -> float:
        counts = [
            ((of["unit"].isin(list(begun)) == inside) & ((of["first"] >= day) == after)).sum()
            for of in (cases, without)
        ]
        return counts[0] / counts[1]

    assert ratio(True, True) == pytest.approx(SIZE.fewer, abs=0.06)
    for elsewhere in (ratio(True, False), ratio(False, True), ratio(False, False)):
        assert elsewhere == pytest.approx(1, abs=0.06)


def test_units_are_of_very_different_size_and_two_have_other_names_before_a_day(rows):
    persons = SIZE.care.listed.sum(axis=(1, 2))
    assert persons.argmin() == len(persons) - 1
    assert persons[-1] * 10 < sorted(persons)[len(persons) // 2]
    assert len(FORMERLY) == 3
    for old, new in FORMERLY.items():
        changed = pd.Timestamp(SIZE.care.changed[SIZE.care.names.index(new)])
        day = rows.groupby(rows["listad_vardcentral"].astype(str))["intyg_fran"]
        assert day.max()[old] < changed <= day.min()[new]


def test_the_files_say_that_they_are_made_up_and_name_nobody(tmp_path):
    written = write_certificates(tmp_path / "intyg.parquet", replace(SIZE, rows=4000))
    assert 3000 < written.rows == pq.read_metadata(written.certificates).num_rows < 5000
    text = written.mapping.read_text(encoding="utf-8")
    assert "PÅHITTADE" in text and "Påhittat" in text
    mapping = yaml.safe_load(text)
    rows = pd.read_parquet(written.certificates)
    assert set(rows.columns) - set(mapping["columns"].values()) == {"lakare"}
    assert rows["lopnr"].str.fullmatch(r"p\d{7}").all()
    listed = pd.read_csv(written.listed)
    assert set(listed["vardcentral"]) >= set(rows["listad_vardcentral"])
    assert not re.search(r"\d{6}[-+ ]?\d{4}", rows.drop(columns="lopnr").to_csv().replace(",", ";"))


def test_the_seed_decides_the_certificates_whatever_the_file(tmp_path):
    few = replace(SIZE, rows=2000)
    one, other = as_rows(few), as_rows(few)
    assert one.equals(other)
    assert not one.equals(as_rows(replace(few, seed=2)))
    written = write_certificates(tmp_path / "intyg.csv", few)
    assert len(pd.read_csv(written.certificates)) == len(one)


def test_they_are_made_a_part_at_a_time():
    parts = list(replace(SIZE, rows=4000).parts(persons=300))
    assert len(parts) > 3
    assert all(len(set(part["person"].tolist())) <= 300 for part in parts)


def test_faulty_rows_of_each_kind_are_there_when_asked_for(tmp_path):
    written = write_certificates(tmp_path / "intyg.parquet", replace(SIZE, rows=4000, faults=16))
    mapping = read_mapping(written.mapping)
    assert mapping.synthetic and len(mapping.units) == SIZE.units
    with workspace() as connection:
        found = read_certificates(connection, [written.certificates], mapping, SIZE.last)
    counted = {fault: count for fault, count in found.counts.items() if count}
    assert counted.pop("tidigare namn på enheten") > 100
    assert counted.pop("två kön") > 2  # all rows of the two persons
    assert counted.pop("födelseår saknas") == 2  # in 2099 they are over 100
    assert counted == {
        "slut före början": 2,
        "framtida datum": 2,
        "okänd grad": 4,
        "okänd diagnos": 2,
        "okänd kommun": 2,
        "dubblett": 2,
    }


@pytest.mark.parametrize("wrong", [{"units": 5}, {"started": dt.date(2020, 1, 1)}])
def test_a_size_that_cannot_be_made_is_refused(wrong):
    with pytest.raises(VgstatsError, match=r"units|lie between"):
        Certificates("lan:14", **wrong)


def test_a_file_of_another_kind_is_refused(tmp_path):
    with pytest.raises(VgstatsError, match=r"parquet or \.csv"):
        write_certificates(tmp_path / "intyg.xlsx", SIZE)
