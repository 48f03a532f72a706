"""Where kernels run: any worker, no port, and nothing is left over."""

from __future__ import annotations

import multiprocessing
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import nbformat
import pytest
from kernel_runs import WHO, gone, notebook, run, who

SCRIPT = """
import sys
from pathlib import Path
sys.path.insert(0, {tests!r})
from kernel_runs import WHO, run, printed
if __name__ == "__main__":
    print(*printed(run(Path({folder!r}), WHO, *{more!r})), flush=True)
"""
HERE = Path(__file__).parent


def in_worker(folder, answers) -> None:
    answers.put([who(run(folder, WHO)) for _ in range(2)] + [os.getpid()])


@pytest.mark.parametrize("method", ["fork", "spawn"])
def test_a_daemonic_worker_has_a_zygote_of_its_own(method, tmp_path):
    _, ours = who(run(tmp_path, WHO))
    context = multiprocessing.get_context(method)
    answers = context.Queue()
    worker = context.Process(target=in_worker, args=(tmp_path, answers), daemon=True)
    worker.start()
    (kernel, zygote), (other, again), pid = answers.get(timeout=60)
    worker.join(10)
    assert worker.exitcode == 0
    assert zygote == again and zygote not in {ours, pid, os.getpid()}
    assert kernel != other
    assert gone(zygote)
    assert who(run(tmp_path, WHO))[1] == ours


def test_several_workers_at_once(tmp_path):
    with multiprocessing.get_context("spawn").Pool(2) as pool:
        told = pool.starmap(run, [(tmp_path, WHO, "print(1 + 1)")] * 4)
    assert all(executed.cells[1].outputs[0].text == "2\n" for executed in told)


def test_no_port_is_opened(tmp_path):
    look = (
        "import psutil\n"
        "found = psutil.Process().net_connections('all')\n"
        "print([c for c in found if c.family.name != 'AF_UNIX'], len(found) > 3)"
    )
    executed = run(tmp_path, look)
    assert executed.cells[0].outputs[0].text == "[] True\n"


def start(folder: Path, *more: str) -> tuple[subprocess.Popen, Path]:
    files = folder / "temporary"
    files.mkdir()
    script = folder / "script.py"
    script.write_text(SCRIPT.format(tests=str(HERE), folder=str(folder), more=more))
    process = subprocess.Popen(
        [sys.executable, script],
        env={**os.environ, "TMPDIR": str(files)},
        stdout=subprocess.PIPE,
        text=True,
    )
    return process, files


def test_nothing_is_left_when_all_is_done(tmp_path):
    process, files = start(tmp_path)
    told, _ = process.communicate(timeout=60)
    assert process.returncode == 0
    assert all(gone(int(pid), 1) for pid in told.split())
    assert list(files.iterdir()) == []


def test_nothing_is_left_when_the_worker_is_killed(tmp_path):
    pids = tmp_path / "pids"
    wait = f"open({str(pids)!r}, 'w').write(f'{{os.getpid()}} {{os.getppid()}} .')\n"
    process, files = start(tmp_path, wait + "import time; time.sleep(60)")
    until = time.monotonic() + 60
    while not (pids.exists() and pids.read_text().endswith(".")) and time.monotonic() < until:
        time.sleep(0.05)
    assert len(list(files.iterdir())) == 1
    process.send_signal(signal.SIGKILL)
    process.communicate()
    kernel, zygote, _ = pids.read_text().split()
    assert gone(int(kernel)) and gone(int(zygote))
    assert list(files.iterdir()) == []


def test_a_long_name_of_the_temporary_folder_does_no_harm(tmp_path, monkeypatch):
    long = tmp_path / ("long" * 25)
    long.mkdir()
    monkeypatch.setattr("tempfile.tempdir", str(long))
    assert run(tmp_path, "print(1)").cells[0].outputs[0].text == "1\n"
    assert list(long.iterdir()) == []


def test_papermill_uses_it_from_a_shell(tmp_path):
    nbformat.write(notebook(WHO, "from vgstats import areas"), tmp_path / "in.ipynb")
    made = subprocess.run(
        [
            Path(sys.executable).with_name("papermill"),
            "--engine",
            "vgstats",
            "in.ipynb",
            "out.ipynb",
        ],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert made.returncode == 0, made.stderr
    kernel, zygote = who(nbformat.read(tmp_path / "out.ipynb", as_version=4))
    assert gone(kernel) and gone(zygote)
    assert "leak" not in made.stderr and "Debugger" not in made.stderr
