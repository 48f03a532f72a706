"""A region's own counts are protected before anything can read them, and stay so from run to run."""

from __future__ import annotations

import itertools
import json
import pickle
import shutil
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pandas as pd
import pytest

from commands import vgstats
from support import read_page, words
from vgstats import VgstatsError, provenance
from vgstats.batch.execute import Made
from vgstats.batch.parameter_file import read_parameter_file
from vgstats.batch.plan import Options, plan, read_batches, with_figures
from vgstats.batch.runner import run
from vgstats.blocks.words import uncapitalised
from vgstats.catalogue import areas
from vgstats.catalogue.measures import Measure, catalogue
from vgstats.demo import Size, write_demo
from vgstats.disclosure import CannotProtect, HidingRule, Hierarchies
from vgstats.disclosure.own_cells import OwnCells
from vgstats.disclosure.own_counts import OwnCounts, read_counts
from vgstats.disclosure.release import decide, ledger_of, record, unprotected
from vgstats.ingest import take_in
from vgstats.observations import COLUMNS, DEMO_OWN, KEY
from vgstats.reports.base.gathering import all_provenance, gather
from vgstats.reports.sjukfall import COUNTED, Sjukfall
from vgstats.reports.uppfoljning import Uppfoljning
from vgstats.sections import gaps, kommuner
from vgstats.sections import hidden as how_hidden
from vgstats.sources.own_file import OwnFile
from vgstats.sources.recognise import piece_of_file, read_file
from vgstats.store.store import DataRequest, Store, Wanted

PLACES = ["kommun:2021", "kommun:2023", "kommun:2026", "kommun:2029"]
GROUPS = ["diagnos=F00-F99", "diagnos=M00-M99", "diagnos=övriga"]
MONTH = "2024-12"
COUNTS = [12, 2, 30, 9, 14, 21, 8, 3, 17, 25, 11, 6, 19, 7, 23, 10, 13, 28, 16, 9, 31, 12, 18, 26]
ONE_REPORT = 'report: sjukfall\nlan: ["20"]\nbefore: "2024-12"\nafter: "2025-12"\n'
EVENTS = Measure(
    id="eget_antal", name="Eget antal", unit="fall", kind="flow", decimals=0, definition="Eget.", source="",
    additive=True, minimum=0, own=True, quantity="count",
)  # fmt: skip


def own_rows(counts=COUNTS, measure=COUNTED, periods=(MONTH,), groups=tuple(GROUPS)):
    keys = list(itertools.product([measure], PLACES, periods, ["kvinnor", "män"], groups))
    rows = pd.DataFrame(keys, columns=KEY).assign(value=[float(n) for n in counts])
    rows["resolution"], rows["status"] = 1.0, "ok"
    rows["source"], rows["retrieved"] = "regionens-register", "2025-01-10"
    return rows[COLUMNS]


def test_a_unit_shows_what_was_done_for_women_and_men_together_so_that_less_is_hidden():
    places, sexes = ["enhet:14-alby", "lan:14"], ["kvinnor", "män", "alla"]
    labels = {"area": places, "period": [MONTH], "sex": sexes, "group": ["", "insats=ja"]}
    rests = dict.fromkeys(labels, ())

    def shown(measure: str) -> set[tuple[str, ...]]:
        made = OwnCells(pd.DataFrame(), Hierarchies(), labels, rests)
        counts = OwnCounts(measure, made, "register", "2025-01-10")
        found = counts.numbers([Wanted(place, measure) for place in places])
        return keys_of(found[found["shown"]])

    every = {("plan", *key) for key in itertools.product(*labels.values())}
    apart = {key for key in every if key[1] == places[0] and key[3] != "alla" and key[4]}
    assert {("plan", *key[1:]) for key in shown("intygsfall_plan")} == every - apart
    assert {("plan", *key[1:]) for key in shown("intygsfall_diagnos")} == every


def a_store(tmp_path, rows: pd.DataFrame, **source) -> Store:
    tmp_path.mkdir(exist_ok=True)
    file = tmp_path / "register.csv"
    rows.to_csv(file, index=False)
    store = Store(tmp_path / "store")
    if EVENTS.id in set(rows["measure"]):
        store.declare([OwnFile(tmp_path / "own.yaml", "0" * 64, [EVENTS], [], [])])
    own = {"short": "Registret", "publisher": "Regionen", "kind": "own", "precedence": "8"}
    outcome = take_in([piece_of_file(file, read_file(file))], store, own_source=own | source)
    assert outcome.added is not None, outcome.rejected
    return store


def wanted(**options) -> list[Wanted]:
    return [Wanted(place, COUNTED, (MONTH,), **options) for place in PLACES]


def decided(store: Store, asked=None, rule: HidingRule | None = None):
    return decide(asked or wanted(), store, all_provenance(store), rule)


def keys_of(rows: pd.DataFrame) -> set[tuple]:
    return set(rows[KEY].itertuples(index=False, name=None))


def hidden(release) -> set[tuple]:
    return keys_of(release.observations[release.observations["status"] == "suppressed"])


def test_small_counts_are_hidden_and_so_is_what_gives_them_away(tmp_path):
    rows = own_rows()
    release = decided(a_store(tmp_path, rows))
    small = keys_of(rows[rows["value"] < 5])
    assert len(small) == 2 and small < hidden(release)
    shown = release.observations["status"] != "suppressed"
    assert (release.observations.loc[shown, "value"] >= 5).all()
    assert release.observations.loc[~shown, "value"].isna().all()


def test_totals_are_added_up_where_the_register_has_none(tmp_path):
    release = decided(a_store(tmp_path, own_rows()))
    total = release.observations.set_index(KEY).loc[(COUNTED, PLACES[3], MONTH, "alla", "")]
    assert total["value"] == sum(COUNTS[18:])


def test_no_raw_count_reaches_a_bundle_its_files_or_a_pickle(tmp_path):
    store = a_store(tmp_path, own_rows())
    release = decided(store)
    bundle = gather(DataRequest(tuple(wanted())), store, release=release)
    secret = hidden(release)
    bundle.write(tmp_path / "bundle", {})
    on_disk = pd.read_parquet(tmp_path / "bundle" / "observations.parquet")
    again = pickle.loads(pickle.dumps((release, bundle)))  # noqa: S301 - our own
    for rows in (bundle.observations, on_disk, again[0].observations, again[1].observations):
        assert rows.set_index(KEY).loc[list(secret), "value"].isna().all()


@pytest.mark.parametrize(
    ("kind", "protected", "controlled"),
    [
        ("own", "no", True),
        ("own", "", True),
        ("own", "yes", False),
        ("", "", True),
        ("published", "", False),
        ("published", "no", True),
    ],
)
def test_only_a_publisher_or_an_import_that_says_so_lets_small_counts_pass(
    tmp_path, kind, protected, controlled
):
    store = a_store(tmp_path, own_rows(), kind=kind, protected=protected)
    bundle = gather(DataRequest(tuple(wanted())), store, release=decided(store))
    assert (bundle.observations["value"] < 5).any() != controlled
    assert ("regionens-register" in unprotected(all_provenance(store))) == controlled


def test_all_bundled_sources_but_the_made_up_register_are_protected():
    assert unprotected(provenance()) == [DEMO_OWN]


def test_any_report_kind_gets_own_counts_protected(tmp_path):
    months = ("2023-12", "2024-12")
    counts = [3 + 7 * (i % 5) for i in range(16)]
    store = a_store(tmp_path, own_rows(counts, EVENTS.id, months, ("",)))
    asked = tuple(Wanted(place, EVENTS.id, months) for place in PLACES)
    bundle = gather(DataRequest(asked), store, release=decided(store, list(asked)))
    own = bundle.observations[bundle.observations["source"] == "regionens-register"]
    assert (own["status"] == "suppressed").sum() > 0 and not (own["value"] < 5).any()


def test_a_follow_up_says_that_a_number_is_hidden_and_not_that_it_is_missing(vg):
    rows = vg.observations.copy()
    hides = (rows["measure"] == "sa_mottagare") & (rows["area"] == "lan:14")
    extra = (
        rows[rows["measure"] == "ohalsotal"]
        .head(1)
        .assign(
            measure="ohalsotal_sjukpenning",
            area="lan:14",
            period="2008-12",
            value=float("nan"),
            status="suppressed",
        )
    )
    bundle = replace(vg._bundle, observations=pd.concat([rows[~hides], extra]))
    hidden, *others = sorted(
        (str(text) for text in gaps(Uppfoljning(vg.parameters, bundle)).texts()),
        key=lambda words: not words.startswith("Dolt av sekretesskäl"),
    )
    assert uncapitalised(catalogue()["ohalsotal_sjukpenning"].short_name) in hidden
    assert uncapitalised(catalogue()["sa_mottagare"].short_name) in " ".join(others).lower()
    assert "sekretess" not in " ".join(others)


def test_what_was_released_binds_what_comes_after(tmp_path):
    store = a_store(tmp_path, own_rows())
    first = decided(store, wanted(sexes_only=True))
    record(first, store)
    later = decided(store).observations.set_index(KEY)["value"]
    before = first.observations.set_index(KEY)["value"]
    assert before.notna().all() and (later.loc[before.index] == before).all()


def test_the_ledger_holds_no_hidden_value(tmp_path):
    store = a_store(tmp_path, own_rows())
    release = decided(store)
    record(release, store)
    text = ledger_of(COUNTED, store).path.read_text(encoding="utf-8")
    lines = [json.loads(line) for line in text.splitlines()[1:]]
    secret = [line for line in lines if line.get("hidden")]
    assert {tuple(line["key"]) for line in secret} == hidden(release)
    assert all(set(line) == {"key", "hidden", "width", "floor"} for line in secret)
    assert {(line["width"], line["floor"]) for line in secret} == {(5, 1)}


def test_a_release_that_another_run_got_ahead_of_is_not_recorded(tmp_path):
    store = a_store(tmp_path, own_rows())
    mine, theirs = decided(store), decided(store, wanted(sexes_only=True))
    record(theirs, store)
    with pytest.raises(VgstatsError, match=r"Another run released.*Run it again"):
        record(mine, store)


def test_the_decision_does_not_depend_on_the_order_of_requests_or_rows(tmp_path):
    asked = wanted()
    one = decided(a_store(tmp_path / "a", own_rows()), asked)
    other = decided(a_store(tmp_path / "b", own_rows().iloc[::-1]), asked[::-1])
    assert hidden(one) == hidden(other)


def and_one_more(**changes) -> pd.DataFrame:
    return pd.concat([own_rows(), own_rows().iloc[:1].assign(**changes)])


@pytest.mark.parametrize(
    ("rows", "message"),
    [
        (own_rows().iloc[1:], r"lack .*kommun:2021.*\(1 in all\)\. Import a row for every"),
        (own_rows([*COUNTS[:-1], 2.5]).assign(resolution=0.5), r"is 2\.5\. Only whole counts"),
        (and_one_more(sex="alla", group="", value=40.0), r"is 40, and its parts add up to 88"),
        (and_one_more(group="grad=hel"), r"come by diagnos and by grad, so.*Import them crossed"),
    ],
)
def test_counts_that_cannot_be_protected_are_refused_with_what_to_do(tmp_path, rows, message):
    with pytest.raises(VgstatsError, match=message):
        decided(a_store(tmp_path, rows))


def test_an_own_rate_cannot_be_protected(tmp_path):
    rows = own_rows().iloc[:1].assign(measure="ohalsotal", sex="alla", group="", value=30.0)
    store = a_store(tmp_path, rows)
    with pytest.raises(VgstatsError, match="is no count of persons or cases"):
        decided(store, [Wanted(PLACES[0], "ohalsotal", (MONTH,))])


def test_how_many_are_listed_is_shown_as_it_is_beside_counts_that_nobody_has_protected(tmp_path):
    listed = own_rows().iloc[:2].assign(measure="listade", group="", value=[3.0, 4812.0])
    listed["sex"] = ["kvinnor", "män"]
    index = listed.iloc[:1].assign(measure="vardbehovsindex", sex="alla", value=1.24)
    rows = pd.concat([own_rows(), listed, index.assign(resolution=0.01)])
    store = a_store(tmp_path, rows)
    asked = [*wanted(), *(Wanted(PLACES[0], m, (MONTH,)) for m in ("listade", "vardbehovsindex"))]
    sources = all_provenance(store)
    found = gather(DataRequest(tuple(asked)), store, release=decide(asked, store, sources))
    shown = found.observations.set_index(["measure", "sex"])["value"]
    assert [*shown["listade"]] == [3, 4812] and [*shown["vardbehovsindex"]] == [1.24]
    assert (found.observations["status"] == "suppressed").any()


def test_what_is_no_count_is_shown_from_a_source_that_is_protected_though_another_has_it(tmp_path):
    rates = (
        own_rows()
        .iloc[:1]
        .assign(measure="intygsfall_median_dagar", sex="alla", group="", value=30.0)
    )
    a_store(tmp_path, pd.concat([own_rows(), rates]))
    store = a_store(tmp_path, rates.assign(source="regionens-medianer"), protected="yes")
    asked = [*wanted(), Wanted(PLACES[0], "intygsfall_median_dagar", (MONTH,))]
    release = decide(asked, store, all_provenance(store))
    rows = gather(DataRequest(tuple(asked)), store, release=release).observations
    assert rows.loc[rows["measure"] == "intygsfall_median_dagar", "value"].tolist() == [30]
    assert (rows["status"] == "suppressed").any()


def test_a_quarter_is_made_of_its_months_where_the_measure_counts_what_happened(tmp_path):
    months = ("2024-10", "2024-11", "2024-12")
    store = a_store(tmp_path, own_rows(COUNTS, EVENTS.id, months, ("",)))
    asked = [Wanted(place, EVENTS.id, (*months, "2024-Q4")) for place in PLACES]
    counts = read_counts(EVENTS.id, "regionens-register", asked, store)
    assert counts is not None and "2024-Q4" in set(counts.numbers(asked)["period"])
    rows = decided(store, asked).observations.set_index(KEY)
    assert (rows["status"] == "suppressed").sum() > sum(n < 5 for n in COUNTS)
    assert rows.loc[(EVENTS.id, PLACES[3], "2024-Q4", "alla", ""), "value"] == sum(COUNTS[18:])


def test_an_earlier_pair_of_periods_can_be_made_after_a_later_one(tmp_path):
    months = [f"{year}-{month:02d}" for year in (2023, 2024) for month in range(1, 13)]
    counts = [(7 * n) % 23 for n in range(len(months) * 8)]
    store = a_store(tmp_path, own_rows(counts, EVENTS.id, months, ("",)))
    for pair in (("2023", "2024"), ("2023-Q1", "2024-Q1"), ("2023-02", "2023-Q4")):
        asked = [Wanted(place, EVENTS.id, pair) for place in PLACES]
        release = decided(store, asked)
        assert set(release.observations["period"]) == set(pair)
        record(release, store)


def test_one_place_can_be_made_after_the_whole_county(tmp_path):
    places = [*areas.kommuner("lan:20")]
    rows = pd.concat([own_rows().assign(area=place) for place in places])
    rows = rows.drop_duplicates(KEY)
    store = a_store(tmp_path, rows)
    record(decided(store, [Wanted("lan:20", COUNTED, (MONTH,))]), store)
    release = decided(store, [Wanted(places[0], COUNTED, (MONTH,))])
    assert set(release.observations["area"]) == {places[0]}


def test_a_new_ledger_is_begun_by_a_command(tmp_path):
    store = a_store(tmp_path, own_rows())
    record(decided(store), store)
    command = ("release", "--new-ledger", COUNTED, "--store", store.folder)
    assert vgstats(*command).returncode == 2
    done = vgstats(*command, "--reason", "Registret har fått andra diagnoser.")
    assert done.returncode == 0 and "kept as" in done.stdout
    assert not ledger_of(COUNTED, store).read().entries
    assert ledger_of(COUNTED, store).read().begun[1] == "Registret har fått andra diagnoser."


def test_off_is_a_named_choice_that_hides_nothing_and_is_never_recorded(tmp_path):
    store = a_store(tmp_path, own_rows())
    release = decided(store, rule=HidingRule(mode="off"))
    assert not hidden(release) and (release.observations["value"] < 5).any()
    record(release, store)
    assert not ledger_of(COUNTED, store).path.exists()


def test_what_cannot_be_hidden_says_what_to_merge(tmp_path):
    store = a_store(tmp_path, own_rows([2, 3, 0, *COUNTS[3:]]))
    record(decided(store, wanted(sexes_only=True)), store)
    with pytest.raises(CannotProtect, match="is too small to show and cannot be hidden"):
        decided(store)


def test_demo_makes_a_register_that_nobody_has_protected(register_store):
    rows = register_store.read((k, COUNTED, ()) for k in areas.kommuner("lan:20"))
    assert ((rows["value"] > 0) & (rows["value"] < 5)).sum() > 20
    assert set(rows["source"]) == {DEMO_OWN} and set(rows["sex"]) == {"kvinnor", "män"}


def test_the_demo_without_kommuner_has_no_register(tmp_path):
    size = {"first": "2024-12", "last": "2024-12", "measures": ("ohalsotal",)}
    made = write_demo(Store(tmp_path), Size(lan=("lan:20",), kommuner=False, **size))
    assert [measure for measure, _ in made] == ["ohalsotal"]


def test_two_parameter_files_with_different_rules_are_not_released_together(
    register_store, tmp_path
):
    files = [tmp_path / "one.yaml", tmp_path / "other.yaml"]
    files[0].write_text(ONE_REPORT, encoding="utf-8")
    files[1].write_text(ONE_REPORT + 'disclosure: {threshold: "10"}\n', encoding="utf-8")
    with pytest.raises(VgstatsError, match=r"one\.yaml and .*other\.yaml have different"):
        batches = read_batches(files)
        with_figures(batches, [job for batch in batches for job in batch.jobs], register_store)


@pytest.mark.parametrize(
    ("rule", "message"),
    [
        ("mode: prikka", r"disclosure: Disclosure rule: unknown mode 'prikka'\..*suppress, off"),
        ('threshold: "2"', r"threshold is 2.*at least 3"),
        ('width: "0"', r"width is 0.*at least 1"),
        ("zeros: maybe", r"zeros: 'maybe' will not do\. Expected 'shown' or 'hidden'"),
        ('treshold: "5"', r"unknown key 'treshold'\. Did you mean 'threshold'"),
    ],
)
def test_a_mistake_in_the_rule_is_named(tmp_path, rule, message):
    file = tmp_path / "a.yaml"
    file.write_text(f"{ONE_REPORT}disclosure: {{{rule}}}\n", encoding="utf-8")
    with pytest.raises(VgstatsError, match=message):
        read_parameter_file(file)


def test_months_without_counts_are_named(register_store, tmp_path):
    file = tmp_path / "a.yaml"
    file.write_text(ONE_REPORT.replace("2024-12", "2014-12"), encoding="utf-8")
    with pytest.raises(VgstatsError, match=r"are there for 2024-12 to 2025-12\. Choose two"):
        plan(file, register_store)


def test_kommuner_whose_change_is_hidden_come_last_in_code_order(register_job):
    rows = register_job.bundle.observations.copy()
    dark = ["kommun:2085", "kommun:2026", "kommun:2083"]
    rows.loc[rows["area"].isin(dark), ["value", "status"]] = [float("nan"), "suppressed"]
    report = Sjukfall(register_job.parameters, replace(register_job.bundle, observations=rows))
    codes = {areas.name(kommun): kommun for kommun in report.kommuner}
    figure = kommuner(report)
    order = [codes[str(row[0])] for row in figure.table.rows]
    assert order[-3:] == sorted(dark)
    changes = [report.change(COUNTED, area=kommun) for kommun in order]
    shown = [change.percent for change in changes if change is not None]
    assert len(shown) == len(order) - 3 and shown == sorted(shown)


def test_an_analyst_sees_what_was_released_and_nothing_else(
    register_store, register_job, monkeypatch, tmp_path
):
    monkeypatch.setenv("VGSTATS_STORE", shutil.copytree(register_store.folder, tmp_path / "s"))
    ledger_of(COUNTED, Store()).path.unlink(missing_ok=True)
    with pytest.raises(VgstatsError, match=r"were never released.*vgstats render.*'mode': 'off'"):
        Sjukfall.open(lan="20", before="2024-12", after="2025-12")
    raw = Sjukfall.open(lan="20", before="2024-12", after="2025-12", disclosure={"mode": "off"})
    assert raw.shown_and_hidden()[1] == 0
    assert not ledger_of(COUNTED, Store()).path.exists()
    record(register_job.release, Store())
    report = Sjukfall.open(lan="20", before="2024-12", after="2025-12")
    batch = Sjukfall(register_job.parameters, register_job.bundle)
    assert report.shown_and_hidden() == batch.shown_and_hidden()
    assert report.shown_and_hidden()[1] > 0


def test_counts_of_a_register_never_come_in_under_a_measure_that_others_publish(tmp_path):
    with pytest.raises(
        VgstatsError, match=r"sa_nya is a measure that others publish.*eget_register"
    ):
        a_store(tmp_path, own_rows(measure="sa_nya"))
    assert not (tmp_path / "store").exists()
    official = a_store(tmp_path, own_rows(measure="sa_nya"), kind="published", protected="yes")
    assert "regionens-register" not in unprotected(all_provenance(official))


@pytest.mark.parametrize("order", [("yes", "no"), ("no", "yes"), ("yes", "no", "yes")])
def test_a_source_is_protected_while_all_that_came_in_under_it_was(tmp_path, order):
    months = ("2024-12", "2024-11", "2024-10")
    for month, protected in zip(months, order, strict=False):
        store = a_store(tmp_path, own_rows(periods=(month,)), protected=protected)
    assert unprotected(all_provenance(store)) == [DEMO_OWN, "regionens-register"]


def test_a_bundle_without_a_release_holds_what_was_recorded(tmp_path):
    store = a_store(tmp_path, own_rows())
    request = DataRequest(tuple(wanted()))
    with pytest.raises(VgstatsError, match="were never released"):
        gather(request, store)
    release = decided(store)
    record(release, store)
    own = gather(request, store).observations
    assert keys_of(own) == keys_of(release.observations)
    assert set(own.loc[own["status"] == "suppressed", "value"].isna()) == {True}


def test_a_report_whose_numbers_are_all_hidden_is_refused_in_words(vg, monkeypatch):
    rows = vg.observations.copy()
    rows["value"], rows["status"] = float("nan"), "suppressed"
    parameters = vg.parameters.model_copy(update={"periods": {}, "intervention": ""})
    monkeypatch.setattr("vgstats.reports.uppfoljning.in_any_period", lambda *_: rows.head(0))
    with pytest.raises(VgstatsError, match="are hidden, since they are small"):
        Uppfoljning.check(parameters, rows, None)


def test_protected_counts_are_not_said_to_be_hidden_by_us(register_job):
    bundle = register_job.bundle
    protected = replace(bundle, sources=bundle.sources.assign(protected="yes"))
    text = words(read_page(how_hidden(Sjukfall(register_job.parameters, protected)).html()))
    assert "som har lämnat dem med beskedet att små tal redan är dolda" in text
    assert "från 1 till 4" not in text


def test_a_failure_of_own_counts_is_told_to_its_maker_alone(register_job, tmp_path, monkeypatch):
    monkeypatch.setattr("vgstats.batch.runner.failure_log", lambda: tmp_path / "log" / "f.log")
    monkeypatch.setattr(
        "vgstats.batch.runner.make",
        lambda *_: Made(reason="Antalet var 3", details="n = 3", seconds=1.0),
    )
    job = replace(register_job, batch="some")
    (tmp_path / "some").mkdir()
    with ThreadPoolExecutor(1) as pool:
        ((_, result),) = run([job], {job.kind: "{}"}, Options(tmp_path), pool, None)
    assert result.reason == "Antalet var 3"
    assert "Antalet var 3" in (tmp_path / "log" / "f.log").read_text(encoding="utf-8")
    for file in (tmp_path / "some").iterdir():
        text = file.read_text(encoding="utf-8")
        assert "Antalet" not in text and "n = 3" not in text and "log of the person" in text


def test_counts_said_to_be_protected_in_which_nothing_looks_hidden_are_warned_of(tmp_path):
    file = tmp_path / "register.csv"
    own_rows().to_csv(file, index=False)
    done = vgstats("import", file, "--publisher", "R", "--protected", "--store", tmp_path / "s")
    assert done.returncode == 0 and "2 counts are from 1 to 4" in done.stderr
    rows = own_rows()
    rows.loc[rows["value"] < 5, ["value", "status"]] = [None, "suppressed"]
    rows.to_csv(file, index=False)
    done = vgstats("import", file, "--publisher", "R", "--protected", "--store", tmp_path / "t")
    assert "Warning" not in done.stderr
