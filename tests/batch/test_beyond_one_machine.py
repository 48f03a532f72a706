"""The same reports, byte for byte but for their time stamps, however they are made."""

from __future__ import annotations

import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

import psutil
import pytest
from rounds import entries, notebooks, params, render

from vgstats.demo import Size, write_demo
from vgstats.store.store import Store

CODES = ("09", "20", "23")


@pytest.fixture(scope="module")
def place(tmp_path_factory) -> Path:
    """A store of made-up figures, a parameter file and a short notebook."""
    folder = tmp_path_factory.mktemp("place")
    months = {"first": "2019-12", "last": "2024-12", "december_only": True}
    store = Store(folder / "store")
    for _ in write_demo(store, Size(lan=tuple(f"lan:{code}" for code in CODES), **months)):
        pass
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
    for file in sorted(folder.glob("[0-9]*.html")):
        text = re.sub(r'"dateCreated":"[^"]*"', "", file.read_text(encoding="utf-8"))
        found[file.name] = re.sub(r"<time .*?</time>", "", text)
    return found


def test_a_second_run_and_ordinary_kernels_make_the_same_bytes(place, local, tmp_path):
    assert len(local) == 3
    for name, options in (("again", []), ("plain", ["--no-fork"]), ("one", ["--jobs", "1"])):
        done = run(place, tmp_path / name, *options)
        assert done.returncode == 0, done.stderr
        assert pages(tmp_path / name / "some") == local


@pytest.fixture
def cluster(tmp_path):
    """A real Dask scheduler with two real workers, on loopback: its address and the workers."""
    address = f"tcp://127.0.0.1:{free_port()}"
    dask = shutil.which("dask", path=f"{Path(sys.executable).parent}:{os.environ['PATH']}")
    assert dask
    quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL, "cwd": tmp_path}
    scheduler = [
        dask,
        "scheduler",
        "--host",
        address,
        "--no-dashboard",
        "--dashboard-address",
        ":0",
    ]
    worker = [
        dask,
        "worker",
        address,
        "--nthreads",
        "1",
        "--nworkers",
        "1",
        "--no-dashboard",
        "--death-timeout",
        "60",
    ]
    running = [subprocess.Popen(scheduler, **quiet)]
    running += [subprocess.Popen([*worker, "--name", name], **quiet) for name in ("a", "b")]
    try:
        wait_for_workers(address, 2)
        yield address, running[1:]
    finally:
        family = [psutil.Process(p.pid) for p in running if p.poll() is None]
        family += [child for one in family for child in one.children(recursive=True)]
        for process in family:
            try:
                process.kill()
            except psutil.NoSuchProcess:
                continue
        for process in running:
            process.wait()


def free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])


def wait_for_workers(address: str, count: int) -> None:
    from distributed import Client

    with Client(address, timeout=60) as client:
        client.wait_for_workers(count, timeout=90)


def test_a_dask_cluster_that_loses_a_worker_still_makes_every_report_once(
    place, local, cluster, tmp_path
):
    address, workers = cluster
    slow = notebooks(tmp_path / "notebooks", "import time; time.sleep(3)")
    flag = tmp_path / "begun"
    cell = f"import pathlib, time; pathlib.Path({str(flag)!r}).touch(); time.sleep(3)"
    notebooks(slow, cell)
    command = [
        sys.executable, "-c", "from vgstats.cli import app; app()", "render", place / "some.yaml",
        "--store", place / "store", "--notebooks", slow, "--out", tmp_path / "out", "--dask", address,
    ]  # fmt: skip
    with subprocess.Popen(
        list(map(str, command)), stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as process:
        deadline = time.monotonic() + 90
        while not flag.exists() and time.monotonic() < deadline:
            time.sleep(0.1)
        assert flag.exists()
        # The nanny would start the worker again: a machine that is gone does not come back.
        family = psutil.Process(workers[0].pid)
        for one in [family, *family.children(recursive=True)]:
            one.send_signal(signal.SIGKILL)
        _, errors = process.communicate(timeout=180)
    assert process.returncode == 0, errors
    assert errors.count(" made some/") == 3
    assert set(entries(tmp_path / "out" / "some")) == set(CODES)
    # The same notebook made here gives the same bytes.
    here = render(
        place / "some.yaml",
        "--store",
        place / "store",
        "--notebooks",
        slow,
        "--out",
        tmp_path / "here",
    )
    assert here.returncode == 0, here.stderr
    assert pages(tmp_path / "out" / "some") == pages(tmp_path / "here" / "some")
    assert len(local) == 3


def test_a_cluster_that_does_not_answer_is_a_users_mistake(place, tmp_path):
    done = run(place, tmp_path / "out", "--dask", f"tcp://127.0.0.1:{free_port()}")
    assert done.returncode == 2
    assert "no Dask scheduler answers" in done.stderr
