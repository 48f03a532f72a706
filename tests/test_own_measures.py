"""A region declares measures of its own: checked, kept in its store, and known wherever its figures go."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

import vgstats as vg
from commands import vgstats
from intake import put, snapshot, stored
from support import ROOT
from vgstats import VgstatsError
from vgstats.batch.plan import read_batches
from vgstats.batch.round import Keys
from vgstats.catalogue import measures
from vgstats.catalogue.measures import Measure, bundled_measures, catalogue, declare, declared
from vgstats.disclosure.release import decide
from vgstats.reports.base.bundle import Bundle
from vgstats.reports.base.gathering import all_provenance, gather
from vgstats.sources.own_entries import OwnMeasure
from vgstats.sources.own_file import read_own_file
from vgstats.store.store import DataRequest, Store, Wanted

ENTRY = """\
  - id: rehabkoordinatorer
    name: Rehabkoordinatorer
    unit: personer
    kind: count
    time: stock
    definition: Anställda rehabkoordinatorer den sista december.
"""
MONEY = """\
  - id: rehab_kostnad
    name: Kostnad för rehabkoordinatorer
    unit: mnkr
    kind: money
    time: flow
    definition: Regionens egen kostnad under året.
"""
RATE = """\
  - {id: andel_med_plan, name: Andel med plan, unit: procent, kind: rate, time: stock, definition: Egen räkning.}
"""
PLACES = ("kommun:1480", "kommun:1401")
HEADER = "mått;kommun;period;kön;värde"


def declaration(folder: Path, *entries: str, name: str = "matt.yaml") -> Path:
    return put(folder, "measures:\n" + "".join(entries or (ENTRY,)), name)


def taken(folder: Path, *rows: str, entries: tuple[str, ...] = (ENTRY, MONEY, RATE), options=()):
    """A store with measures declared and figures of them, by the command."""
    files = [declaration(folder, *entries), put(folder, "\n".join([HEADER, *rows]), "egna.csv")]
    store = folder / "store"
    done = vgstats("import", *files, "--store", store, "--publisher", "Region X", *options)
    return Store(store), done


def test_a_measure_is_declared_and_its_figures_are_taken_in(tmp_path):
    store, done = taken(tmp_path, "rehabkoordinatorer;1480;2024;alla;12")
    assert done.returncode == 0 and "rehabkoordinatorer (Rehabkoordinatorer)" in done.stdout
    assert list(stored(store)) == [("rehabkoordinatorer", "kommun:1480", "2024", "alla", "")]
    known = measures.measure("rehabkoordinatorer")
    assert (known.kind, known.decimals, known.additive, known.counted) == ("stock", 0, True, True)
    shown = vgstats("store", "--store", store.folder).stdout
    assert (
        "Own measure rehabkoordinatorer: Rehabkoordinatorer, personer; matt.yaml, SHA-256" in shown
    )


def test_what_is_left_out_follows_from_the_kind(tmp_path):
    found = {
        d.measure.id: d.measure
        for d in read_own_file(declaration(tmp_path, MONEY, RATE)).declarations
    }
    money, rate = found["rehab_kostnad"], found["andel_med_plan"]
    assert (money.decimals, money.additive, money.between_sexes) == (1, False, False)
    assert (rate.decimals, rate.additive, rate.between_sexes) == (1, False, True)
    assert money.money and not (money.counted or rate.counted or rate.money)


def test_figures_of_a_measure_that_nobody_declared_are_refused(tmp_path):
    file = put(tmp_path, f"{HEADER}\nrehabkoordinatorer;1480;2024;alla;12\n", "egna.csv")
    done = vgstats("import", file, "--store", tmp_path / "store", "--publisher", "Region X")
    assert done.returncode == 2 and "'rehabkoordinatorer' is not a known measure" in done.stderr


def test_a_store_knows_no_other_stores_measures(tmp_path):
    taken(tmp_path, "rehabkoordinatorer;1480;2024;alla;12")
    assert "rehabkoordinatorer" in catalogue()
    Store(tmp_path / "other")
    assert catalogue() == bundled_measures()


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("kind: count", "kind: antal", ["key kind", "'antal' will not do", "'count'"]),
        ("    unit: personer\n", "", ["key unit", "missing"]),
        ("unit: personer", "units: personer", ["key units", "Did you mean 'unit'?", "Known keys"]),
        ("name: Rehabkoordinatorer", "name: 12", ["key name", "12 will not do"]),
        ("id: rehabkoordinatorer", "id: Rehab", ["(Rehab)", "key id"]),
        ("id: rehabkoordinatorer", "id: ../evil", ["key id", "small letters a-z, digits and _"]),
        ("kind: count", "kind: rate\n    minimum: .nan", ["key minimum", "finite number"]),
        (
            "kind: count",
            "kind: rate\n    minimum: 5\n    maximum: 1",
            ["minimum 5 is not below maximum 1"],
        ),
        ("time: stock", "time: yearly", ["key time", "'rolling12'"]),
        ("time: stock", "time: stock\n    decimals: 1", ["whole number"]),
        ("kind: count", "kind: rate\n    additive: true", ["never alla in a rate"]),
        ("id: rehabkoordinatorer", "id: ohalsotal", ["key id", "taken by", "Ohälsotal"]),
        ("name: Rehabkoordinatorer", "name: Ohälsotal", ["key name", "taken by", "ohalsotal"]),
        ("name: Rehab", "name: a\n    name: Rehab", ["'name' stands twice"]),
    ],
)
def test_a_fault_is_told_by_file_entry_and_key(tmp_path, old, new, said):
    file = declaration(tmp_path, MONEY, ENTRY.replace(old, new, 1))
    done = vgstats("import", file, "--store", tmp_path / "store")
    assert done.returncode == 2 and "matt.yaml" in done.stderr
    assert "twice" in said[0] or "entry 2" in done.stderr
    assert all(part in done.stderr for part in said)
    assert not (tmp_path / "store").exists()


def test_a_rate_in_kronor_is_no_sum_of_money_that_is_shown_as_it_is(tmp_path):
    file = declaration(
        tmp_path, ENTRY.replace("kind: count", "kind: rate").replace("personer", "kronor")
    )
    (declared,) = read_own_file(file).declarations
    assert not declared.measure.money and not declared.measure.counted


@pytest.mark.parametrize("entries", [(ENTRY, ENTRY), (ENTRY, ENTRY.replace("id: r", "id: x"))])
def test_an_id_or_name_that_stands_twice_is_refused(tmp_path, entries):
    with pytest.raises(VgstatsError, match=r"entry 2 .* is taken by another entry"):
        read_own_file(declaration(tmp_path, *entries))


@pytest.mark.parametrize("text", ["measures:\n", "measures: 5\n", "measures: []\nmått: []\n"])
def test_a_file_without_a_list_of_measures_says_where_it_is_described(tmp_path, text):
    with pytest.raises(
        VgstatsError, match=r"the guide Egna siffror \(docs/egen-tabell\.md in the project\)"
    ):
        read_own_file(put(tmp_path, text, "matt.yaml"))


def test_the_same_declaration_once_more_changes_nothing(tmp_path):
    store, _ = taken(tmp_path, "rehabkoordinatorer;1480;2024;alla;12")
    before = snapshot(store)
    done = vgstats("import", declaration(tmp_path, ENTRY), "--store", store.folder)
    assert done.returncode == 0 and snapshot(store) == before


@pytest.mark.parametrize(
    ("old", "new", "alone", "again"),
    [
        ("Anställda", "Tillsatta", "say --redeclare", True),
        ("name: Rehabkoordinatorer", "name: Koordinatorer", "say --redeclare", True),
        ("unit: personer", "unit: tjänster", "another id", False),
        ("time: stock", "time: flow", "another id", False),
        ("kind: count", "kind: days", "another id", False),
    ],
)
def test_a_measure_with_figures_changes_only_its_words_and_only_when_told(
    tmp_path, old, new, alone, again
):
    store, _ = taken(tmp_path, "rehabkoordinatorer;1480;2024;alla;12")
    before = snapshot(store)
    file = declaration(tmp_path, ENTRY.replace(old, new))
    done = vgstats("import", file, "--store", store.folder)
    assert done.returncode == 2 and alone in done.stderr and snapshot(store) == before
    done = vgstats("import", file, "--redeclare", "--store", store.folder)
    assert (done.returncode == 0) == again
    assert (snapshot(store) != before) == again


def test_a_measure_without_figures_may_change(tmp_path):
    store = Store(tmp_path / "store")
    for text in (ENTRY, ENTRY.replace("personer", "tjänster")):
        vgstats("import", declaration(tmp_path, text), "--store", store.folder)
    assert [one.measure.unit for one in store.open_measures()] == ["tjänster"]


def test_a_later_vgstats_that_has_the_same_id_does_not_read_one_as_the_other(tmp_path):
    vgstats("import", declaration(tmp_path), "--store", tmp_path / "store")
    file = tmp_path / "store" / "measures.json"
    file.write_text(file.read_text(encoding="utf-8").replace('"rehabkoord', '"ohalsotal', 1))
    content = json.loads(file.read_text(encoding="utf-8"))
    content["declarations"][0]["measure"]["id"] = "ohalsotal"
    file.write_text(json.dumps(content), encoding="utf-8")
    with pytest.raises(VgstatsError, match="'ohalsotal', and this version of vgstats has one"):
        Store(tmp_path / "store")


FIGURES = [
    row
    for kommun, count in (("1480", 40), ("1401", 3))
    for row in (
        f"rehabkoordinatorer;{kommun};2024;alla;{count}",
        f"rehab_kostnad;{kommun};2024;alla;1,5",
        f"andel_med_plan;{kommun};2024;alla;12,5",
    )
]


def released(store: Store, measure: str) -> list[float]:
    wanted = [Wanted(place, measure, ("2024",)) for place in PLACES]
    bundle = gather(
        DataRequest(tuple(wanted)), store, release=decide(wanted, store, all_provenance(store))
    )
    values = bundle.observations.set_index("area")["value"]
    return [values.get(place) for place in PLACES]


def test_an_own_count_is_protected_as_counts_are_and_money_is_shown(tmp_path):
    store, done = taken(tmp_path, *FIGURES)
    assert "andel_med_plan is no count and no money" in done.stdout
    (large, small) = released(store, "rehabkoordinatorer")
    assert large == 40 and small != small
    assert released(store, "rehab_kostnad") == [1.5, 1.5]
    with pytest.raises(VgstatsError, match=r"andel_med_plan.*no count"):
        released(store, "andel_med_plan")


def test_somebody_may_answer_for_small_numbers(tmp_path):
    store, done = taken(tmp_path, *FIGURES, options=["--protected"])
    assert "no count and no money" not in done.stdout
    assert released(store, "rehabkoordinatorer") == [40, 3]
    assert released(store, "andel_med_plan") == [12.5, 12.5]


def test_a_bundle_carries_what_its_figures_mean(tmp_path):
    store, _ = taken(tmp_path, *FIGURES)
    bundle = gather(DataRequest((Wanted(PLACES[0], "rehab_kostnad"),)), store)
    assert [measure.id for measure in bundle.measures] == ["rehab_kostnad"]
    bundle.write(tmp_path / "bundle", {})
    declare([])
    assert "rehab_kostnad" not in catalogue()
    again = Bundle.read(tmp_path / "bundle", {})
    assert again.measures == bundle.measures and declared().keys() == {"rehab_kostnad"}


def test_a_bundle_of_an_earlier_version_is_read(tmp_path):
    bundle = gather(DataRequest((Wanted("lan:14", "ohalsotal", ("2008-12",)),)))
    bundle.write(tmp_path / "bundle", {})
    job = tmp_path / "bundle" / "job.json"
    content = json.loads(job.read_text(encoding="utf-8"))
    del content["measures"]
    job.write_text(json.dumps(content), encoding="utf-8")
    assert Bundle.read(tmp_path / "bundle", {}).digest() == bundle.digest()


def test_another_definition_is_another_digest_of_the_reports_that_show_it_alone(tmp_path):
    store, _ = taken(tmp_path, *FIGURES)
    params = put(
        tmp_path,
        'report: uppfoljning\nlan: ["14"]\nbefore: "2015-12"\nafter: "2018-12"\n',
        "x.yaml",
    )
    (job,) = read_batches([params], store)[0].jobs

    def digests(measure: str) -> tuple[str, str]:
        wanted = [Wanted(PLACES[0], measure)]
        release = decide(wanted, store, all_provenance(store))
        bundle = gather(DataRequest(tuple(wanted)), store, release=release)
        return bundle.digest(), Keys(store, {})._files(job)

    cost, count = digests("rehab_kostnad"), digests("rehabkoordinatorer")
    file = declaration(tmp_path, MONEY.replace("egen kostnad", "egen lönekostnad"))
    assert vgstats("import", file, "--redeclare", "--store", store.folder).returncode == 0
    assert digests("rehab_kostnad")[0] != cost[0]
    assert digests("rehab_kostnad")[1] != cost[1]  # so that the figures are looked at
    assert digests("rehabkoordinatorer")[0] == count[0]


def test_money_of_a_catalogue_measure_needs_no_protection_either(tmp_path):
    rows = ["egna_medel;1480;2024;alla;7", "egna_medel;1401;2024;alla;2"]
    store, _ = taken(tmp_path, *rows)
    assert released(store, "egna_medel") == [7, 2]


def test_a_template_has_the_measures_that_are_declared(tmp_path):
    taken(tmp_path, *FIGURES)
    vgstats("template", tmp_path / "mall.xlsx", "--lan", "14", "--store", tmp_path / "store")
    assert "rehab_kostnad" in catalogue()
    assert isinstance(measures.measure("rehab_kostnad"), Measure)


def test_an_analyst_reads_and_follows_it(tmp_path):
    rows = ["rehab_kostnad;1480;2015;alla;61,5", "rehab_kostnad;1480;2018;alla;88,0"]
    store, _ = taken(tmp_path, *rows)
    figures = store.read([("kommun:1480", "rehab_kostnad", ())])
    change = vg.change(figures, "rehab_kostnad", "kommun:1480", "2015", "2018")
    assert change.difference == 26.5 and "26,5" in str(change.to_frame().to_string()).replace(
        ".", ","
    )


def test_the_document_describes_every_key_and_its_example_is_taken_in(tmp_path):
    text = (ROOT / "docs" / "egen-tabell.md").read_text(encoding="utf-8")
    assert all(f"`{key}`" in text for key in OwnMeasure.model_fields)
    example = text.partition("```yaml\n")[2].partition("```")[0]
    found = read_own_file(put(tmp_path, example, "matt.yaml")).declarations
    assert [one.measure.id for one in found] == ["rehabkoordinatorer", "rehab_kostnad"]
