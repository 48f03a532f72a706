"""Synthetic figures: totals agree, the seed decides, and every page made of them says so."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from commands import vgstats
from support import blocks, read_page, write_index_of
from vgstats import VgstatsError
from vgstats.batch.plan import plan
from vgstats.blocks.blocks import SYNTHETIC, Blocks
from vgstats.blocks.figures import Figure
from vgstats.blocks.tables import Table
from vgstats.catalogue import areas
from vgstats.demo import Size, write_demo
from vgstats.ingest import take_in
from vgstats.observations import DEMO_CASES
from vgstats.observations import SYNTHETIC as OF_DEMO
from vgstats.reports.uppfoljning import Uppfoljning
from vgstats.sources.recognise import piece_of_file, read_file
from vgstats.store.store import Store

DECEMBERS = {"first": "2005-12", "last": "2008-12", "december_only": True}
GOTLAND = {"lan": ("lan:09",), "measures": ("ohalsotal",), **DECEMBERS}


@pytest.fixture(scope="module")
def job(practice_batch):
    return practice_batch.jobs[0]


def a_store(folder: Path, **size) -> Store:
    store = Store(folder)
    for _ in write_demo(store, Size(**size)):
        pass
    return store


def wide(store: Store, measure: str):
    everywhere = ["riket", *areas.lan(), *(k for lan in areas.lan() for k in areas.kommuner(lan))]
    rows = store.read((area, measure, ()) for area in everywhere)
    return rows.pivot(index=["area", "period"], columns="sex", values="value")


@pytest.mark.parametrize(
    "measure",
    [
        "pagaende_sjukfall",
        "forsakrade",
        *(
            pytest.param(other, marks=pytest.mark.long)
            for other in ("sjukfall_60_dagar", "sa_mottagare")
        ),
    ],
)
def test_counts_add_up_from_kommun_to_county_to_riket(practice_store, measure):
    table = wide(practice_store, measure)
    assert (table["kvinnor"] + table["män"] == table["alla"]).all()
    lan = table.loc[areas.lan()].groupby("period").sum()
    assert np.array_equal(lan, table.loc["riket"])
    county = table.loc[areas.kommuner("lan:03")].groupby("period").sum()
    assert np.array_equal(county, table.loc["lan:03"])


def test_a_rate_lies_between_those_of_women_and_men(practice_store):
    table = wide(practice_store, "ohalsotal")
    low, high = table[["kvinnor", "män"]].min(axis=1), table[["kvinnor", "män"]].max(axis=1)
    assert ((low - 0.05 <= table["alla"]) & (table["alla"] <= high + 0.05)).all()
    assert table["alla"].between(1, 100).all()


def test_the_days_of_a_whole_are_those_of_its_parts(practice_store):
    whole, *parts = (
        wide(practice_store, m) for m in ("ohalsotal", "ohalsotal_sjukpenning", "ohalsotal_sa")
    )
    assert (whole - sum(parts)).abs().max().max() < 0.15 + 1e-9  # each of the three is rounded
    rate, persons = (wide(practice_store, m)["alla"] for m in ("ohalsotal", "forsakrade"))
    of = areas.kommuner("Uppsala")
    summed = (rate[of] * persons[of]).groupby("period").sum() / persons["lan:03"]
    assert (summed - rate["lan:03"]).abs().max() < 0.1


def test_all_290_kommuner_are_there(practice_store):
    table = wide(practice_store, "ohalsotal").reset_index()
    kommuner = table[table["area"].str.startswith("kommun:")]
    assert kommuner[kommuner["period"] == "2012-12"]["area"].nunique() == 290


def test_the_seed_decides_the_figures(tmp_path):
    def made(name: str, seed: int) -> str:
        return a_store(tmp_path / name, seed=seed, **GOTLAND).coverage()["digest"].str.cat()

    assert made("a", 1) == made("b", 1) != made("c", 2)


def test_another_seed_or_size_needs_a_folder_of_its_own(tmp_path):
    a_store(tmp_path, **GOTLAND)
    a_store(tmp_path, **GOTLAND)
    with pytest.raises(VgstatsError, match="another kind, size or seed"):
        a_store(tmp_path, **{**GOTLAND, "lan": ("lan:10",)})


def test_a_report_of_them_reads_no_real_figure(job):
    assert set(job.bundle.observations["source"]) == {"demo"}


def test_a_real_agreement_is_not_told_with_them(tmp_path):
    made_up = a_store(tmp_path / "store", lan=("lan:14",), measures=("ohalsotal",), **DECEMBERS)
    file = tmp_path / "practice.yaml"
    file.write_text(
        'report: uppfoljning\nlan: ["14"]\nbefore: "2005-12"\nafter: "2008-12"\n'
        "intervention: atgardsplan-vg-2006-2008\n",
        encoding="utf-8",
    )
    with pytest.raises(VgstatsError, match="is real and the store's figures are made up"):
        plan(file, made_up)


def test_real_and_synthetic_figures_are_never_mixed(shared, tmp_path):
    demo = a_store(tmp_path / "demo", **GOTLAND)
    file = shared / "data" / "fk_export_ohalsotal_2024_11_06.xlsx"
    piece = piece_of_file(file, read_file(file))
    before = demo.manifest()
    with pytest.raises(VgstatsError, match="never mixed"):
        take_in([piece], demo)
    assert demo.manifest() == before
    real = Store(tmp_path / "real")
    take_in([piece], real)
    with pytest.raises(VgstatsError, match="another kind, size or seed"):
        a_store(real.folder, **GOTLAND)


@pytest.fixture(scope="module")
def counted(tmp_path_factory):
    """A store with cases of made-up certificates, and the file of those."""
    folder = tmp_path_factory.mktemp("certificates")
    store = Store(folder / "store")
    size = Size(**GOTLAND | {"last": "2025-12"}, certificates=6000)
    for _ in write_demo(store, size, folder / "intyg.parquet"):
        pass
    return store, folder / "intyg.parquet"


def test_cases_are_counted_of_made_up_certificates_and_come_from_a_synthetic_source(counted):
    store, _ = counted
    store.open_measures()
    units = areas.units("lan:09")
    assert len(units) == 25
    rows = store.read((area, "intygsfall", ()) for area in ("lan:09", *units))
    assert set(rows["source"]) == {DEMO_CASES[0]} < set(OF_DEMO)
    assert set(rows["period"]) == {"2024-10-01", "2025-10-01"}
    by_area = rows.groupby(rows["area"].astype(str))["value"].sum()
    assert by_area["lan:09"] == by_area.drop("lan:09").sum() > 150
    assert by_area.min() < 5


def test_the_kept_certificates_give_the_same_by_the_command(counted):
    store, file = counted
    mapping = file.with_name("intyg-koppling.yaml")
    before = store.coverage()["digest"].tolist()
    done = vgstats("cases", file, "--mapping", mapping, "--store", store.folder)
    assert done.returncode == 0, done.stderr
    assert store.coverage()["digest"].tolist() == before


def test_certificates_of_several_counties_are_refused():
    with pytest.raises(VgstatsError, match="one county"):
        Size(lan=("lan:09", "lan:10"), certificates=10)


def test_every_table_and_figure_that_shows_them_carries_the_mark(job):
    report = Uppfoljning(job.parameters, job.bundle)

    def parts(block):
        return [p for b in block.blocks for p in parts(b)] if isinstance(block, Blocks) else [block]

    shown = [part for block in blocks(report).values() for part in parts(block)]
    with_numbers = [part for part in shown if isinstance(part, Table | Figure) and has_fact(part)]
    assert len(with_numbers) >= 6
    for part in with_numbers:
        assert SYNTHETIC in part.html(), part


def has_fact(part: Table | Figure) -> bool:
    """Whether the block shows a figure; those in a reason why there is none, and of rules, are no figures."""
    without_reasons = (
        part.html().replace('data-fact="skäl,', "").replace('data-fact="ändrade regler', "")
    )
    return 'data-fact="' in without_reasons


def test_the_page_the_drawings_and_the_index_say_so(practice_file, practice_batch, tmp_path):
    page = read_page(practice_file.read_text(encoding="utf-8"))
    assert page.main.find(class_="synthetic-page").get_text().startswith(SYNTHETIC)
    assert "av påhittade siffror" in page.footer.get_text()
    assert page.title.get_text().startswith("Påhittade siffror: ")
    for image in page.find_all("img"):
        assert image["alt"].startswith(SYNTHETIC)
    index = read_page(write_index_of(practice_batch, tmp_path).read_text("utf-8"))
    assert index.main.find(class_="synthetic-page")
    assert "av påhittade siffror" in index.footer.get_text()


def test_a_real_report_has_no_such_mark(vg_page):
    assert SYNTHETIC not in vg_page.get_text()
    assert not vg_page.find(class_="synthetic-page")


def test_started_cases_lengths_branches_and_decisions_are_made_up_too(tmp_path):
    size = {
        "lan": ("lan:09", "lan:10"),
        "first": "2023-11",
        "last": "2024-12",
        "kommuner": False,
        "ages": True,
    }
    rows = a_store(tmp_path, **size).connection().sql("SELECT * FROM observations").df()
    assert set(rows["source"]) == {"demo"}
    started = rows[(rows["measure"] == "startade_sjukfall") & (rows["group"] != "diagnos=F43")]
    whole = started["group"] == ""
    key = ["area", "period", "sex"]
    totals = started[whole].set_index(key)["value"]
    assert len(started["group"].unique()) == 23
    assert started[~whole].groupby(key)["value"].sum().sub(totals).eq(0).all()
    assert totals["riket"].sub(totals["lan:09"] + totals["lan:10"]).eq(0).all()
    ongoing = rows[(rows["measure"] == "pagaende_sjukfall") & rows["area"].str.startswith("lan:")]
    of_length = ongoing["group"].str.startswith("langd=")
    lengths = ongoing[of_length].groupby(key)["value"].sum()
    assert lengths.sub(ongoing[ongoing["group"] == ""].set_index(key)["value"]).eq(0).all()
    assert {"bransch=Q", ""} <= set(rows.loc[rows["measure"].str.endswith("arbetande"), "group"])
    refused = rows[rows["measure"] == "avslag_efter_180_andel"]
    assert refused["value"].between(0.1, 50).all() and set(refused["period"]) == {"2023", "2024"}
