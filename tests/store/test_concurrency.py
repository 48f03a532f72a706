"""Two processes at once, and one that is killed: a reader sees whole states, and nothing is lost."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from intake import snapshot
from vgstats import VgstatsError
from vgstats.store import store as store_module
from vgstats.store.store import Store
from waiting import PATIENCE, until

HERE = Path(__file__).parent
GENERATIONS = 6
PROLOGUE = f"""
import sys, time
sys.path[:0] = [{str(HERE)!r}, {str(HERE.parent)!r}]
from pathlib import Path
from observed_rows import origin, rows
from vgstats.store.store import Store
AREAS = ["riket", "lan:14", "kommun:2080"]
store = Store(Path(sys.argv[1]))
def generation(number):
    day = f"2026-{{number // 28 + 1:02d}}-{{number % 28 + 1:02d}}"
    return rows(*({{"area": area, "value": 10.0 + number, "retrieved": day}} for area in AREAS))
"""
READER = (
    PROLOGUE
    + """
seen = []
print("ready", flush=True)
while not seen or seen[-1] < 10.0 + int(sys.argv[2]):
    frame = store.read([(area, "ohalsotal", ()) for area in AREAS])
    if frame.empty:
        continue
    newest = frame.sort_values("retrieved").drop_duplicates("area", keep="last")
    assert len(newest) == len(AREAS), newest
    assert newest["value"].nunique() == 1, newest
    value = newest["value"].iloc[0]
    assert not seen or value >= seen[-1]
    assert len(frame) == len(AREAS) * (value - 9), frame
    if not seen or value > seen[-1]:
        print(value, flush=True)
    seen.append(value)
"""
)
# Stops in the middle of an import: new data files are there, the manifest is not.
STOPPED = (
    PROLOGUE
    + """
from vgstats.store import files
def stop(folder, new):
    (folder / ".manifest.json-half").write_text("{")
    print("in the middle", flush=True)
    time.sleep(3600)  # until it is killed
files.replace = stop
store.add(generation(1), [origin()])
"""
)
WRITER = (
    PROLOGUE
    + """
for number in range(int(sys.argv[2]), int(sys.argv[3])):
    store.add(generation(number), [origin()])
"""
)


@contextmanager
def start(code: str, *arguments: object) -> Iterator[subprocess.Popen[str]]:
    """A second process, which does not outlive its test."""
    command = [sys.executable, "-c", code, *map(str, arguments)]
    pipe = subprocess.PIPE
    with subprocess.Popen(command, stdout=pipe, stderr=pipe, text=True) as process:
        try:
            yield process
        finally:
            process.kill()


def write(store: Store, number: int) -> None:
    scope: dict = {}
    code = PROLOGUE.replace("sys.argv[1]", repr(str(store.folder)))
    exec(code, scope)  # noqa: S102 - the code above
    store.add(scope["generation"](number), [scope["origin"]()])


def test_a_second_process_sees_only_whole_generations(tmp_path):
    store = Store(tmp_path / "store")
    with start(READER, store.folder, GENERATIONS - 1) as reader:
        assert reader.stdout.readline() == "ready\n"
        for number in range(GENERATIONS):
            write(store, number)
            if number < 4:  # it keeps up with these; of the others it sees what it sees
                assert float(reader.stdout.readline()) == 10.0 + number
        out, errors = reader.communicate(timeout=PATIENCE)
    assert reader.returncode == 0, errors
    assert float(out.split()[-1]) == 10.0 + GENERATIONS - 1


def test_a_writer_in_the_middle_is_waited_for_and_killed_leaves_the_store_as_it_was(
    tmp_path, monkeypatch
):
    store = Store(tmp_path / "store")
    write(store, 0)
    before = snapshot(store)
    with start(STOPPED, store.folder) as writer:
        assert writer.stdout.readline() == "in the middle\n"
        with monkeypatch.context() as patch:
            patch.setattr(store_module, "_LOCK_WAIT_SECONDS", 0.2)
            with pytest.raises(VgstatsError, match="Another vgstats is writing"):
                write(store, 3)
        os.kill(writer.pid, signal.SIGKILL)
    after = snapshot(store)
    assert {name: after[name] for name in before} == before
    left = set(after) - set(before)
    assert left and ".manifest.json-half" in left
    assert set(store.read([("lan:14", "ohalsotal", ())])["value"]) == {10.0}
    write(store, 2)
    assert sorted(store.read([("lan:14", "ohalsotal", ())])["value"]) == [10.0, 12.0]
    assert not left & set(snapshot(store))


@pytest.mark.long
def test_a_writer_killed_at_any_moment_leaves_a_whole_store(tmp_path):
    store = Store(tmp_path / "store")
    write(store, 0)
    done = 0
    for wait in (0.0, 0.02, 0.05):
        with start(WRITER, store.folder, done + 1, 1000) as writer:
            seen = store.manifest()
            until(lambda seen=seen: store.manifest() != seen)
            time.sleep(wait)
            os.kill(writer.pid, signal.SIGKILL)
        frame = store.read([(area, "ohalsotal", ()) for area in ("riket", "lan:14", "kommun:2080")])
        counts = frame.groupby("area")["value"].nunique()
        assert counts.nunique() == 1 and len(counts) == 3
        done = int(frame["value"].max()) - 10
        assert sorted(set(frame["value"])) == [10.0 + n for n in range(done + 1)]
    write(store, done + 1)
    names = {file.name for file in store.manifest().files}
    names |= {retired.name for retired in store.manifest().retired}
    found = {file.relative_to(store.folder).as_posix() for file in store.folder.rglob("*.parquet")}
    assert found <= names


def test_two_writers_wait_for_each_other_and_nothing_is_lost(tmp_path):
    store = Store(tmp_path / "store")
    seen = store.manifest()
    with start(WRITER, store.folder, 0, 5) as other:
        until(lambda: store.manifest() != seen)
        for number in range(5, 10):
            write(store, number)
        _, errors = other.communicate(timeout=PATIENCE)
        assert other.returncode == 0, errors
    values = set(store.read([("lan:14", "ohalsotal", ())])["value"])
    assert values == {10.0 + number for number in range(10)}


def test_a_file_that_is_no_longer_needed_is_kept_a_while_for_readers_and_then_swept(
    tmp_path, monkeypatch
):
    store = Store(tmp_path / "store")
    write(store, 0)
    first = {file.name for file in store.manifest().files}
    write(store, 1)
    assert first <= set(snapshot(store))
    monkeypatch.setattr(store_module, "_KEEP_RETIRED_SECONDS", -1)
    write(store, 2)
    assert not first & set(snapshot(store))
    write(store, 3)
    assert not first & {retired.name for retired in store.manifest().retired}
