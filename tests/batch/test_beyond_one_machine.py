"""The same reports, byte for byte but for their time stamps, however they are made."""

from __future__ import annotations

import contextlib
import re
import shutil
import socket
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import psutil
import pytest
from rounds import entries, notebooks, params, render

from waiting import PATIENCE, until

CODES = ("09", "20", "23")


@pytest.fixture(scope="module")
def place(store, tmp_path_factory) -> Path:
    """A store of made-up figures, a parameter file and a short notebook."""
    folder = tmp_path_factory.mktemp("place")
    shutil.copytree(store.folder, folder / "store")
    notebooks(folder / "notebooks")
    params(folder, *CODES)
    return folder


def run(place: Path, out: Path, *options: object):
    where = ("--store", place / "store", "--notebooks", place / "notebooks", "--out", out)
    return render(place / "some.yaml", *where, *options)


@pytest.fixture(scope="module")
def local(place) -> dict[str, str]:
    done = run(place, place / "local")
    assert done.returncode == 0, done.stderr
    return pages(place / "local" / "some")


def pages(folder: Path) -> dict[str, str]:
    """Every report without its time stamps."""
    found = {}
    for file in sorted(folder.glob("*-2024-12.html")):
        text = re.sub(r'"dateCreated":"[^"]*"', "", file.read_text(encoding="utf-8"))
        found[file.name] = re.sub(r"<time .*?</time>", "", text)
    return found


def test_a_second_run_one_by_one_and_ordinary_kernels_make_the_same_bytes(place, local, tmp_path):
    assert len(local) == 3
    done = run(place, tmp_path / "again", "--jobs", "1")
    assert done.returncode == 0, done.stderr
    assert pages(tmp_path / "again" / "some") == local
    done = run(place, tmp_path / "plain", "--no-fork", "--only", "some/20")
    assert done.returncode == 0, done.stderr
    (plain,) = pages(tmp_path / "plain" / "some").items()
    assert plain in local.items()


@pytest.fixture
def cluster(tmp_path):
    """A real Dask scheduler with two real workers, on loopback: its address and the workers."""
    from distributed import Client, LocalCluster

    command = [sys.executable, "-m", "distributed.cli.dask_worker"]
    scheduler = LocalCluster(
        n_workers=0, processes=False, host="127.0.0.1", protocol="tcp://", dashboard_address=None
    )
    options = ["--no-nanny", "--no-dashboard", "--nthreads", "1"]
    quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL, "cwd": tmp_path}
    with scheduler:
        address = scheduler.scheduler_address
        # Without a nanny, which would start a worker again: a machine that is gone does not come back.
        workers = [subprocess.Popen([*command, address, *options], **quiet) for _ in "ab"]
        try:
            with Client(address, timeout=PATIENCE) as client:
                client.wait_for_workers(2, timeout=PATIENCE)
            yield address, [psutil.Process(worker.pid) for worker in workers]
        finally:
            for worker in workers:
                kill(psutil.Process(worker.pid))
                worker.wait()


def kill(process: psutil.Process) -> None:
    """Kill a process and all that it has started."""
    for one in [process, *process.children(recursive=True)]:
        with contextlib.suppress(psutil.NoSuchProcess):
            one.kill()


def free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])


def test_a_dask_cluster_that_loses_a_worker_still_makes_every_report_once(place, cluster, tmp_path):
    address, (worker, _) = cluster
    # A report of the worker that will be gone waits for ever; the other's are held until then.
    cell = (
        "import pathlib, time\n"
        f"here, whole = pathlib.Path({str(tmp_path)!r}), pathlib.Path({str(place)!r})\n"
        f"family = [p.pid for p in __import__('psutil').Process().parents()]\n"
        f"if {worker.pid} in family:\n"
        "    (here / 'begun').touch()\n"
        "    while True: time.sleep(1)\n"
        "while not (here / 'gone').exists(): time.sleep(.05)"
    )
    notebooks(tmp_path / "notebooks", cell)

    def lose() -> None:
        until((tmp_path / "begun").exists)
        kill(worker)
        (tmp_path / "gone").touch()

    setting = (
        place / "some.yaml",
        "--store",
        place / "store",
        "--notebooks",
        tmp_path / "notebooks",
    )
    with ThreadPoolExecutor(1) as pool:
        lost = pool.submit(lose)
        done = render(*setting, "--out", tmp_path / "out", "--dask", address)
        lost.result()
    assert done.returncode == 0, done.stderr
    assert done.stderr.count(" made some/") == 3
    assert set(entries(tmp_path / "out" / "some")) == set(CODES)
    # The same notebook made here gives the same bytes.
    here = render(*setting, "--out", tmp_path / "here")
    assert here.returncode == 0, here.stderr
    assert len(pages(tmp_path / "here" / "some")) == len(CODES)
    assert pages(tmp_path / "out" / "some") == pages(tmp_path / "here" / "some")


def test_a_cluster_that_does_not_answer_is_a_users_mistake(place, tmp_path, monkeypatch):
    monkeypatch.setattr("vgstats.cli.rendering._DASK_SECONDS", 0.2)
    done = run(place, tmp_path / "out", "--dask", f"tcp://127.0.0.1:{free_port()}")
    assert done.returncode == 2
    assert "no Dask scheduler answers" in done.stderr
