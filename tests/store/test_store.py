"""The store: newest values, vintages beside each other, and digests that say when a value changed."""

from __future__ import annotations

import itertools
import json
import tempfile
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from observed_rows import origin, rows

from examples import bounded
from intake import snapshot
from vgstats import VgstatsError
from vgstats.observations import COLUMNS
from vgstats.store.store import Added, Store

AREAS = ["riket", "lan:14", "lan:20", "kommun:1480", "kommun:1401", "kommun:2080"]
LEVEL = {"riket": "riket", "lan": "lan", "kommun": "kommun"}


def everything(store: Store) -> list[tuple]:
    wanted = [(area, measure, ()) for area in AREAS for measure in ("ohalsotal", "sjukpenningtal")]
    frame = store.read(wanted)
    return list(frame.itertuples(index=False, name=None))


def vintages(store: Store) -> list[tuple[str, float]]:
    return [(row[9], row[5]) for row in everything(store)]


def digests(store: Store) -> dict[tuple, str]:
    return {entry.key: entry.digest for entry in store.manifest().coverage}


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return Store(tmp_path / "store")


def test_what_was_added_is_read_back_as_it_was(store):
    some = rows({}, {"area": "kommun:1480", "value": None, "status": "suppressed"})
    assert store.add(some, [origin()]) == Added(new=2, revised=0, unchanged=0)
    got = store.read([("lan:14", "ohalsotal", ()), ("kommun:1480", "ohalsotal", ["2024-12"])])
    assert list(got) == COLUMNS
    assert got["value"].isna().tolist() == [True, False]
    assert got["status"].tolist() == ["suppressed", "ok"]
    assert store.read([("lan:14", "ohalsotal", ["2023-12"])]).empty
    assert store.read([("lan:20", "ohalsotal", ())]).empty
    assert store.read([("lan:14", "ohalsotal", ())], columns=["value"]).to_numpy().tolist() == [
        [24.8]
    ]


def test_the_same_value_again_is_not_stored_twice(store):
    store.add(rows({}), [origin()])
    digest = digests(store)
    again = store.add(rows({"retrieved": "2026-02-01"}), [origin("b" * 64)])
    assert again == Added(new=0, revised=0, unchanged=1)
    assert vintages(store) == [("2026-01-01", 24.8)]
    assert digests(store) == digest
    entry = store.manifest().coverage[0]
    assert (entry.retrieved, entry.checked) == ("2026-01-01", "2026-02-01")


def test_a_revised_value_lies_beside_the_former(store):
    store.add(rows({}), [origin()])
    before = digests(store)
    revised = store.add(rows({"value": 25.0, "retrieved": "2026-02-01"}), [origin("b" * 64)])
    assert revised == Added(new=0, revised=1, unchanged=0)
    assert vintages(store) == [("2026-01-01", 24.8), ("2026-02-01", 25.0)]
    assert digests(store) != before


def test_two_files_with_the_same_number_store_it_once(store):
    twice = rows({}, {"origin": "b" * 64}, {"retrieved": "2026-02-01"})
    assert store.add(twice, [origin(), origin("b" * 64)]) == Added(1, 0, 2)
    assert vintages(store) == [("2026-01-01", 24.8)]


def test_an_older_file_that_says_the_same_adds_nothing(store):
    store.add(rows({}), [origin()])
    assert store.add(rows({"retrieved": "2025-01-01"}), [origin()]).unchanged == 1
    assert store.add(rows({"retrieved": "2025-02-01", "value": 24.7}), [origin()]).revised == 1
    assert vintages(store) == [("2025-02-01", 24.7), ("2026-01-01", 24.8)]


def test_of_one_moment_the_value_imported_last_counts(store):
    store.add(rows({}), [origin()])
    assert store.add(rows({"value": 25.0}), [origin()]) == Added(new=0, revised=1, unchanged=0)
    assert vintages(store) == [("2026-01-01", 25.0)]


def test_nil_zero_suppressed_and_missing_are_different_values(store):
    states = [(0, "ok"), (0, "nil"), (None, "suppressed"), (None, "missing")]
    seen = set()
    for day, (value, status) in enumerate(states, 1):
        row = {"measure": "sjukpenningtal", "value": value, "status": status}
        added = store.add(rows(row | {"retrieved": f"2026-01-0{day}"}), [origin()])
        assert added.unchanged == 0
        seen.add(digests(store)["fk-ohalsotal", "sjukpenningtal", "lan", "2024"])
    assert len(seen) == 4


def test_when_a_year_was_last_asked_for_outlives_a_revision_of_another_year(store):
    both = ({}, {"period": "2023-12"})
    store.add(rows(*both), [origin()])
    store.add(rows(*({"retrieved": "2026-02-01"} | row for row in both)), [origin()])
    store.add(rows({"value": 25.0, "retrieved": "2026-03-01"}), [origin()])
    checked = {entry.year: entry.checked for entry in store.manifest().coverage}
    assert checked == {"2023": "2026-02-01", "2024": "2026-03-01"}


def test_provenance_of_own_sources_and_origins_is_kept_once(store):
    own = {"source": "min", "publisher": "Jag", "title": "Egna"}
    for number in range(2):
        mine = rows(
            {"source": "min", "value": 20.0 + number, "retrieved": f"2026-01-0{number + 1}"}
        )
        store.add(mine, [origin(left_out=3)], [own])
    assert store.provenance().loc["min", "publisher"] == "Jag"
    assert [o.left_out for o in store.manifest().origins] == [3]


@pytest.mark.parametrize(("first", "second"), [("official", "demo"), ("demo", "official")])
def test_official_and_demo_figures_are_never_mixed(store, first, second):
    store.add(rows({}), [origin()], kind=first)
    before = snapshot(store)
    words = {"official": "real", "demo": r"synthetic \(demo\)"}
    message = f"holds {words[first]} figures, and these are {words[second]}"
    with pytest.raises(VgstatsError, match=message):
        store.add(rows({"value": 1.0}), [origin()], kind=second)
    assert snapshot(store) == before


@pytest.mark.parametrize("name", ["area=foo", "st[1]ore", "a*b", "it's", "ÅÄÖ blank"])
def test_the_folders_name_means_nothing(tmp_path, name):
    store = Store(tmp_path / name / "store")
    store.add(rows({}), [origin()])
    assert vintages(store) == [("2026-01-01", 24.8)]
    assert store.connection().sql("SELECT area FROM observations").fetchall() == [("lan:14",)]


def test_an_empty_store_reads_as_empty(store):
    assert everything(store) == [] and store.coverage().empty and store.provenance().empty
    assert store.connection().sql("SELECT count(*) FROM observations").fetchall() == [(0,)]
    assert not store.folder.exists()


@pytest.mark.parametrize(
    "damage",
    [
        lambda file: file.write_bytes(file.read_bytes()[:-30]),
        lambda file: file.write_bytes(b""),
        lambda file: file.write_bytes(b"PAR1" + b"\0" * 200 + b"PAR1"),
        lambda file: file.unlink(),
        lambda file: pd.DataFrame({"x": [1]}).to_parquet(file),
    ],
    ids=["cut off", "empty", "noise", "gone", "another table"],
)
def test_a_broken_data_file_is_named_and_never_written_over(store, damage):
    store.add(rows({}), [origin()])
    damage(next((store.folder / "data").rglob("*.parquet")))
    before = snapshot(store)
    for act in (
        lambda: everything(store),
        lambda: store.connection().sql("SELECT area, value FROM observations").fetchall(),
        lambda: store.add(rows({"value": 1.0, "retrieved": "2027-01-01"}), [origin()]),
    ):
        with pytest.raises(VgstatsError, match="missing or broken"):
            act()
    assert snapshot(store) == before


@pytest.mark.parametrize("text", ["", "{", '{"format": 2}', '{"files": 3}', "\udcff", "[]"])
def test_a_broken_manifest_is_named(store, text):
    store.add(rows({}), [origin()])
    (store.folder / "manifest.json").write_bytes(text.encode(errors="surrogateescape"))
    with pytest.raises(VgstatsError, match="store"):
        everything(store)
    with pytest.raises(VgstatsError, match="store"):
        store.add(rows({}), [origin()])


def test_a_store_that_cannot_be_written_says_so(tmp_path):
    (tmp_path / "file").write_text("x")
    with pytest.raises(VgstatsError, match=r"cannot be written.*--store"):
        Store(tmp_path / "file").add(rows({}), [origin()])


# Each example writes several stores to the disk.
fewer = settings(bounded, max_examples=settings.default.max_examples // 2)

# --- against a plain model --------------------------------------------------------------------------

KEYS = [("ohalsotal", area, period) for area in AREAS[1:4] for period in ("2023-12", "2024-12")]
CONTENTS = [(24.8, "ok"), (25.0, "ok"), (0.0, "ok"), (0.0, "nil"), (None, "missing")]
one_row = st.tuples(st.sampled_from(KEYS), st.integers(1, 6), st.sampled_from(CONTENTS))
batches = st.lists(
    st.lists(one_row, min_size=1, max_size=12, unique_by=lambda row: row[:2]),
    min_size=1,
    max_size=3,
)
Series = dict[tuple, list[tuple[int, tuple]]]


def frame_of(batch: list[tuple]) -> pd.DataFrame:
    return rows(
        *(
            {
                "measure": measure,
                "area": area,
                "period": period,
                "value": value,
                "status": status,
                "retrieved": f"2026-01-0{day}",
            }
            for (measure, area, period), day, (value, status) in batch
        )
    )


def added_to_model(model: Series, batch: list[tuple]) -> Added:
    """What the store is to do, key by key, in plain Python."""
    counts = [0, 0, 0]
    for key, group in itertools.groupby(sorted(batch, key=lambda row: row[0]), lambda row: row[0]):
        old = model.get(key, [])
        series = [(day, False, content) for day, content in old]
        series = sorted([*series, *((day, True, content) for _, day, content in group)], key=_order)
        kept: dict[int, tuple] = {}
        for content, run in itertools.groupby(series, key=lambda entry: entry[2]):
            entries = list(run)
            has_old = any(not is_new for _, is_new, _ in entries)
            for place, (day, is_new, _) in enumerate(entries):
                if is_new and (has_old or place):
                    counts[2] += 1
                    continue
                counts[bool(old)] += is_new
                kept[day] = content
        model[key] = sorted(kept.items())
    return Added(*counts)


def _order(entry: tuple) -> tuple:
    return entry[:2]


def of_model(model: Series) -> list[tuple]:
    return sorted(
        (key[0], key[1], key[2], f"2026-01-0{day}", str(content[0]), content[1])
        for key, series in model.items()
        for day, content in series
    )


def of_store(store: Store) -> list[tuple]:
    return sorted(
        (r[0], r[1], r[2], r[9], "None" if r[5] is None or r[5] != r[5] else str(r[5]), r[7])
        for r in everything(store)
    )


def newest(model: Series) -> dict[tuple, dict]:
    """The newest content of each key, by what a digest is of."""
    found: dict[tuple, dict] = {}
    for key, series in model.items():
        about = ("fk-ohalsotal", key[0], key[1].split(":")[0], key[2][:4])
        found.setdefault(about, {})[key] = series[-1][1]
    return found


@fewer
@given(batches)
def test_any_sequence_of_imports_leaves_what_a_plain_model_has(sequence):
    with tempfile.TemporaryDirectory() as folder:
        store, model = Store(Path(folder) / "store"), {}
        seen: dict[tuple, dict[str, str]] = {}
        for batch in sequence:
            expected = added_to_model(model, batch)
            assert store.add(frame_of(batch), [origin()]) == expected
            assert of_store(store) == of_model(model)
            values = newest(model)
            assert set(digests(store)) == set(values)
            for about, digest in digests(store).items():
                text = json.dumps(sorted((str(k), str(v)) for k, v in values[about].items()))
                known = seen.setdefault(about, {})
                assert known.setdefault(text, digest) == digest
                assert len(set(known.values())) == len(known)
        coverage = store.coverage().set_index(["level", "year"])
        for about, contents in newest(model).items():
            entry = coverage.loc[about[2:]]
            assert (entry["rows"], entry["areas"]) == (len(contents), len(contents))


@fewer
@given(
    st.dictionaries(st.sampled_from(KEYS), st.sampled_from(CONTENTS), min_size=1),
    st.randoms(use_true_random=False),
    st.integers(1, 5),
)
def test_the_digest_is_of_the_values_and_not_of_how_they_came(values, random, count):
    batch = [(key, 1, content) for key, content in values.items()]
    shuffled = random.sample(batch, len(batch))
    parts = [part for part in (shuffled[n::count] for n in range(count)) if part]
    with tempfile.TemporaryDirectory() as folder:
        whole, split = Store(Path(folder) / "whole"), Store(Path(folder) / "split")
        whole.add(frame_of(batch), [origin()])
        for part in parts:
            split.add(frame_of([(key, random.randint(1, 6), c) for key, _, c in part]), [origin()])
        assert digests(whole) == digests(split)
