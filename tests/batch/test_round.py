"""A run makes what is not up to date and nothing else, and what it has made stays whatever happens."""

from __future__ import annotations

import os
import signal
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import filelock
import numpy as np
import psutil
import pytest
from rounds import COMMAND, entries, made, notebooks, params, render

from commands import Ended
from support import ROOT, read_page, words
from vgstats.ingest import take_in
from vgstats.observations import COLUMNS
from vgstats.sources.recognise import piece_of_file, read_file
from vgstats.store.store import Store
from waiting import PATIENCE, until


def revise(store: Store, tmp_path, area: str, measure: str = "ohalsotal") -> None:
    """Import another value for one area's last number."""
    rows = store.read([(area, measure, ("2024-12",))], columns=COLUMNS)
    row = rows[rows["sex"] == "alla"].assign(retrieved="2026-02-02")
    row["value"] += 0.1
    file = tmp_path / "revised.parquet"
    row.to_parquet(file, index=False)
    outcome = take_in([piece_of_file(file, read_file(file))], store, kind="demo")
    assert outcome.added is not None and outcome.added.revised == 1, outcome.rejected


def test_a_second_run_makes_nothing_and_says_so(setting, monkeypatch):
    monkeypatch.setenv(
        "FORCE_COLOR", "1"
    )  # as in a log of CI, where a bar would be a thousand lines
    first = render(*setting)
    assert first.returncode == 0, first.stderr
    assert made(first) == {"09", "20", "23"}
    again = render(*setting, "--explain")
    assert again.returncode == 0 and made(again) == set()
    assert again.stdout.count("up to date") == 3 + 1 + 1


@pytest.mark.usefixtures("before")
def test_new_figures_make_exactly_the_reports_that_read_them(setting, own_store, tmp_path):
    revise(own_store, tmp_path, "kommun:2021")
    one_kommun = render(*setting)
    assert made(one_kommun) == {"20"}
    # Every county is compared with the others, so a county's figure is read by all of them.
    revise(own_store, tmp_path, "lan:09")
    assert made(render(*setting)) == {"09", "20", "23"}
    revise(own_store, tmp_path, "kommun:2021", "sjukpenningtal_2")  # which no report reads
    assert made(render(*setting)) == set()


@pytest.mark.usefixtures("before")
def test_the_same_figures_in_other_files_make_nothing(setting, own_store):
    measure = "ohalsotal"
    for file in (own_store.folder / "data" / "demo" / measure).glob("20-*.parquet"):
        other = file.with_name(f"20-{'0' * 12}.parquet")
        file.rename(other)
        manifest = own_store.folder / "manifest.json"
        manifest.write_text(manifest.read_text().replace(file.name, other.name))
    explained = render(*setting, "--dry-run")
    assert "0 to make, 3 up to date" in explained.stdout
    assert made(render(*setting)) == set()


CHANGES = {
    "its parameters changed": lambda folder: params(
        folder, "09", "20", "23", more="disclosure: {width: '6'}\n"
    ),
    "its notebook changed": lambda folder: notebooks(folder / "notebooks", "report.area_name"),
    "gotlands-lan-2019-12-2024-12.html is gone": lambda folder: (
        folder / "out" / "some" / "gotlands-lan-2019-12-2024-12.html"
    ).unlink(),
    "gotlands-lan-2019-12-2024-12.html was altered since": lambda folder: (
        folder / "out" / "some" / "gotlands-lan-2019-12-2024-12.html"
    ).write_text("x"),
    "it was never made": lambda folder: (folder / "out" / "some" / "manifest.jsonl").unlink(),
}


@pytest.mark.usefixtures("before")
@pytest.mark.parametrize("why", CHANGES)
def test_explain_says_why_a_report_is_made(setting, tmp_path, why):
    CHANGES[why](tmp_path)
    explained = render(*setting, "--dry-run")
    assert f"some/gotlands-lan-2019-12-2024-12.html: to make, {why}" in explained.stdout
    assert explained.returncode == 0 and made(explained) == set()


def test_a_touched_file_is_still_the_same(setting, before):
    os.utime(before / "gotlands-lan-2019-12-2024-12.html", (0, 0))
    assert made(render(*setting)) == set()


def test_only_and_force_choose(setting):
    assert made(render(*setting, "--only", "some/20", "--only", "some/23")) == {"20", "23"}
    assert made(render(*setting, "--only", "some/20", "--force")) == {"20"}
    for chosen in ("20", "20-2019", "dalarnas-lan", "Dalarnas län", "20-2019-12-2024-12.html"):
        planned = render(*setting, "--only", chosen, "--force", "--dry-run").stdout
        assert "1 to make" in planned and "some/dalarnas-lan-" in planned, chosen
    wrong = render(*setting, "--only", "some/21")
    assert wrong.returncode == 2 and "--only: no report has 'some/21' in its name" in wrong.stderr


def test_a_broken_line_of_the_manifest_makes_its_report_again_and_no_other(setting, before):
    file = before / "manifest.jsonl"
    lines = file.read_text(encoding="utf-8").splitlines(keepends=True)
    file.write_text(lines[0] + lines[1][: len(lines[1]) // 2], encoding="utf-8")
    done = render(*setting)
    assert len(made(done)) == 2 and done.returncode == 0
    assert set(entries(before)) == {"09", "20", "23"}


def test_a_clock_that_went_backwards_changes_nothing(setting, before):
    file = before / "manifest.jsonl"
    file.write_text(file.read_text("utf-8").replace('"made":"20', '"made":"29'), encoding="utf-8")
    assert made(render(*setting)) == set()


BROKEN = {
    "an exception": ("assert lan != '20', 'not today'", "not today (AssertionError)"),
    "a kernel that ends itself": (
        "import os\nif lan == '20': os._exit(3)",
        "ended by itself, twice",
    ),
    "a kernel that is killed": (
        "import os, signal\nif lan == '20': os.kill(os.getpid(), signal.SIGKILL)",
        "ended by itself, twice",
    ),
    "10 GiB": (
        "if lan == '20': b = bytearray(10 * 2**30); b[::4096] = b'x' * len(b[::4096])",
        "MemoryError",
    ),
}


@pytest.mark.parametrize(
    "what",
    [
        what if what in ("an exception", "10 GiB") else pytest.param(what, marks=pytest.mark.long)
        for what in BROKEN
    ],
)
def test_a_report_that_fails_is_a_line_and_a_page_and_the_others_are_made(setting, tmp_path, what):
    cell, message = BROKEN[what]
    notebooks(tmp_path / "notebooks", cell)
    done = render(*setting, "--memory", "2000")
    assert made(done) == {"09", "23"}
    check_that_one_failed(done, message, setting, tmp_path)


def test_a_report_that_takes_too_long_is_a_line_and_a_page_too(setting, tmp_path):
    notebooks(tmp_path / "notebooks", "import time\nwhile lan == '20': time.sleep(1)")
    # The others are made first, without a limit that a busy machine could break.
    assert made(render(*setting, "--only", "some/09", "--only", "some/23")) == {"09", "23"}
    done = render(*setting, "--timeout", "5")
    page = (tmp_path / "out" / "some" / "dalarnas-lan-2019-12-2024-12.fel.html").read_text("utf-8")
    assert "time.sleep(1)" in page and "asyncio" not in page and "Traceback" not in page
    check_that_one_failed(
        done, "it took more than 5 seconds that a report may take", setting, tmp_path
    )


def check_that_one_failed(done: Ended, message: str, setting, tmp_path) -> None:
    """Dalarna's report failed, and is made when its notebook is mended."""
    assert done.returncode == 1 and "Traceback" not in done.stderr
    assert any(
        "Failed: some/dalarnas-lan" in line and message in line for line in done.stderr.splitlines()
    )
    folder = tmp_path / "out" / "some"
    why = folder / "dalarnas-lan-2019-12-2024-12.fel.html"
    assert why.as_uri() in done.stderr.split() and (folder / "index.html").as_uri() in done.stdout
    page = read_page(why.read_text("utf-8"))
    assert message in page.get_text() and "before: 2019-12" in page.get_text()
    assert "kunde inte göras" in read_page((folder / "index.html").read_text("utf-8")).get_text()
    assert not (folder / "dalarnas-lan-2019-12-2024-12.html").exists()
    notebooks(tmp_path / "notebooks")
    mended = render(*setting, "--only", "some/20")
    assert mended.returncode == 0 and made(mended) == {"20"}
    assert not (folder / "dalarnas-lan-2019-12-2024-12.fel.html").exists()


def test_a_report_that_cannot_be_made_again_keeps_its_file(setting, before, tmp_path):
    file = before / "dalarnas-lan-2019-12-2024-12.html"
    there = file.read_bytes()
    notebooks(tmp_path / "notebooks", "assert lan != '20'")
    assert render(*setting).returncode == 1
    assert file.read_bytes() == there


def test_fail_fast_begins_no_more(setting, tmp_path):
    notebooks(tmp_path / "notebooks", "assert lan != '09', 'first'")
    done = render(*setting, "--fail-fast", "--jobs", "1")
    assert done.returncode == 1 and made(done) <= {"20"}
    assert "were not begun" in done.stderr


def test_fail_fast_keeps_what_was_being_made(setting, tmp_path):
    """The first fails once both others have begun, and they go on when its error page is there."""
    out = tmp_path / "out" / "some"
    cell = (
        "import pathlib, time\n"
        f"out, here = pathlib.Path({str(out)!r}), pathlib.Path({str(tmp_path)!r})\n"
        "(here / f'{lan}.begun').touch()\n"
        "while lan == '09' and len(list(here.glob('*.begun'))) < 3: time.sleep(.05)\n"
        "assert lan != '09'\n"
        "while not list(out.glob('gotlands-*.fel.html')): time.sleep(.05)"
    )
    notebooks(tmp_path / "notebooks", cell)
    done = render(*setting, "--fail-fast", "--jobs", "3")
    assert done.returncode == 1 and made(done) == {"20", "23"}
    assert (out / "dalarnas-lan-2019-12-2024-12.html").is_file()


def test_a_notebook_and_its_model_are_compared_both_ways(setting, tmp_path):
    file = tmp_path / "notebooks" / "uppfoljning.ipynb"
    text = file.read_text(encoding="utf-8")
    file.write_text(text.replace("intervention =", "intervensjon ="), encoding="utf-8")
    done = render(*setting)
    assert done.returncode == 2
    assert "the parameters cell has 'intervensjon'" in done.stderr and "Did you mean" in done.stderr
    file.write_text(text.replace("disclosure = {}\\n", ""), encoding="utf-8")
    done = render(*setting)
    assert done.returncode == 2 and "lacks 'disclosure'" in done.stderr
    bare = text.replace("disclosure = {}\\n", "").replace("measures = []\\n", "")
    file.write_text(bare, encoding="utf-8")
    assert "lacks 'disclosure', 'measures'" in render(*setting).stderr


def test_a_second_run_into_the_same_folder_is_refused(setting, tmp_path):
    (tmp_path / "out" / "some").mkdir(parents=True)
    with filelock.FileLock(tmp_path / "out" / "some" / ".vgstats.lock"):
        done = render(*setting)
    assert done.returncode == 2
    assert "Another vgstats is making reports in" in done.stderr
    assert not list((tmp_path / "out" / "some").glob("*.html"))


def test_a_full_disk_is_a_failure_of_each_report_and_leaves_no_half_file(setting, tmp_path):
    folder = tmp_path / "small"
    folder.mkdir()
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=100k", "tmpfs", str(folder)],
        check=False,
        capture_output=True,
    )
    if mounted.returncode:
        pytest.skip("a small file system cannot be mounted here (not root)")
    try:
        done = render(*setting[:-1], folder)
        assert done.returncode == 1 and "Traceback" not in done.stderr
        assert "No space left" in done.stderr
        files = list((folder / "some").glob("*.html"))
        assert all("</html>" in file.read_text("utf-8") for file in files)
        assert not [f for f in (folder / "some").iterdir() if f.name.startswith((".2", ".0"))]
    finally:
        subprocess.run(["umount", str(folder)], check=True)


def test_a_folder_that_may_not_be_written_to_is_named_before_anything_runs(setting, tmp_path):
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "some").touch()
    done = render(*setting)
    assert done.returncode == 2
    assert "--out: reports cannot be written to" in done.stderr and "Traceback" not in done.stderr


def first_made(place: Path) -> bool:
    return any((place / "out" / "some").glob("*-2024-12.html"))


# How far a run has come; its last report is made for ever, so that it is never over by itself.
MOMENTS = {
    "it has begun": lambda place: (place / "out" / "some" / ".vgstats.lock").exists(),
    "a report has begun": lambda place: any((place / "t").glob("vgstats-report-*")),
    "reports are in place": first_made,
}


@contextmanager
def running(setting, tmp_path, *options: str) -> Iterator[subprocess.Popen[str]]:
    """A run in a process of its own, with a folder `t` for its temporary files."""
    (tmp_path / "t").mkdir(exist_ok=True)
    with subprocess.Popen(
        [*COMMAND, "render", *map(str, setting), *options],
        cwd=ROOT,
        env={**os.environ, "TMPDIR": str(tmp_path / "t")},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
        # It would be inherited as ignored where the tests run as a background job.
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
    ) as process:
        yield process


def interrupted(
    process: subprocess.Popen[str],
    tmp_path,
    *,
    with_all: bool = False,
    how: signal.Signals = signal.SIGINT,
) -> str:
    """Interrupt a run, as Ctrl-C does `with_all` that it has started, and check what it leaves; return what it says."""
    family = [psutil.Process(process.pid), *psutil.Process(process.pid).children(recursive=True)]
    (os.killpg if with_all else os.kill)(process.pid, how)
    _, errors = process.communicate(timeout=PATIENCE)
    _, alive = psutil.wait_procs(family, timeout=PATIENCE)
    assert not alive, [one.cmdline() for one in alive]
    assert process.returncode in (0, 1, 128 + how, -how), (process.returncode, errors)
    if process.returncode != -how:  # so Python ends while it still imports
        assert "Traceback" not in errors
    assert not list((tmp_path / "t").iterdir())
    for file in (tmp_path / "out" / "some").glob("*.html"):
        assert "</html>" in file.read_text("utf-8"), file
    return errors


@pytest.mark.parametrize(
    "moment",
    [
        moment if moment == "a report has begun" else pytest.param(moment, marks=pytest.mark.long)
        for moment in MOMENTS
    ],
)
def test_an_interruption_waits_for_nothing_and_leaves_nothing_running(setting, tmp_path, moment):
    notebooks(tmp_path / "notebooks", "import time\nwhile lan == '23': time.sleep(1)")
    with running(setting, tmp_path) as process:
        until(lambda: MOMENTS[moment](tmp_path))
        errors = interrupted(process, tmp_path, with_all=MOMENTS[moment] is first_made)
    assert process.returncode == 130
    if moment != "it has begun":
        assert "Interrupted:" in errors and "of 3 reports made; those are kept" in errors
        assert "Run the same command again" in errors
        index = read_page((tmp_path / "out" / "some" / "index.html").read_text(encoding="utf-8"))
        assert "av 3 rapporter är gjorda" in words(index.main)
    notebooks(tmp_path / "notebooks")
    assert render(*setting).returncode == 0
    assert set(entries(tmp_path / "out" / "some")) == {"09", "20", "23"}


@pytest.mark.parametrize(
    "how", [signal.SIGTERM, pytest.param(signal.SIGHUP, marks=pytest.mark.long)]
)
def test_what_ends_a_run_from_outside_leaves_nothing_either(setting, tmp_path, how):
    notebooks(tmp_path / "notebooks", "import time\nwhile lan == '23': time.sleep(1)")
    with running(setting, tmp_path) as process:
        until(lambda: MOMENTS["a report has begun"](tmp_path))
        interrupted(process, tmp_path, how=how)
    assert process.returncode == 128 + how


@pytest.mark.long
def test_an_interruption_at_any_moment_ends_and_leaves_nothing_running(setting, tmp_path):
    """20 runs, each interrupted somewhere between its start and its end; then the round is finished."""
    for moment in np.random.default_rng(7).uniform(0.5, 6.5, 20):
        with running(setting, tmp_path, "--force") as process:
            time.sleep(moment)
            interrupted(process, tmp_path)
    assert render(*setting).returncode == 0
    assert set(entries(tmp_path / "out" / "some")) == {"09", "20", "23"}


@pytest.mark.long  # of one report alone in tests/kernels/test_failures.py
def test_the_zygote_that_is_killed_costs_no_report(setting, tmp_path):
    cell = (
        "import os, signal, pathlib\n"
        f"flag = pathlib.Path({str(tmp_path / 'killed')!r})\n"
        "if lan == '20' and not flag.exists(): flag.touch(); os.kill(os.getppid(), signal.SIGKILL)"
    )
    notebooks(tmp_path / "notebooks", cell)
    done = render(*setting)
    assert (tmp_path / "killed").exists()
    assert done.returncode == 0, done.stderr
    assert made(done) == {"09", "20", "23"}
