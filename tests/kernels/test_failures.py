"""A report that fails says how, and harms no other report."""

from __future__ import annotations

import os
import signal
import time
from concurrent.futures import ThreadPoolExecutor

import nbformat
import pytest
from kernel_runs import WHO, gone, printed, run, who
from nbclient.exceptions import CellTimeoutError, DeadKernelError
from papermill.exceptions import PapermillExecutionError

from vgstats.kernels import engine

FINE = "print('fine')"


def fine(folder) -> bool:
    return printed(run(folder, FINE)) == ["fine"]


def test_an_error_in_a_cell_is_told_and_kept(tmp_path):
    output = tmp_path / "executed.ipynb"
    with pytest.raises(PapermillExecutionError, match="no such thing") as caught:
        run(tmp_path, FINE, "raise KeyError('no such thing')", FINE, output=output)
    assert (caught.value.ename, caught.value.exec_count) == ("KeyError", 2)
    kept = nbformat.read(output, as_version=4)
    assert "fine" in str(kept.cells) and "no such thing" in str(kept.cells)


@pytest.mark.parametrize(
    "death", ["os._exit(3)", "os.kill(os.getpid(), 9)", "import ctypes; ctypes.string_at(0)"]
)
def test_a_kernel_that_dies_is_told(death, tmp_path):
    with pytest.raises(DeadKernelError):
        run(tmp_path, f"import os; {death}")
    assert fine(tmp_path)


@pytest.fixture
def no_patience(monkeypatch):
    """A cell that says `forever` may take next to no time, others what they need: no test waits for a machine."""
    limits = lambda *_: lambda cell: 0.2 if "forever" in cell.source else None  # noqa: E731
    monkeypatch.setattr(engine, "Deadline", limits)


@pytest.mark.parametrize("fork", [True, False])
def test_a_cell_that_takes_too_long_is_ended_with_all_that_it_started(fork, no_patience, tmp_path):
    start = (
        "import os, subprocess, time\nchild = subprocess.Popen(['sleep', '3600'])\n"
        f"open({str(tmp_path / 'pids')!r}, 'w').write(f'{{os.getpid()}} {{child.pid}}')"
    )
    output = tmp_path / "executed.ipynb"
    with pytest.raises(CellTimeoutError, match="forever"):
        run(tmp_path, FINE, start, "time.sleep(3600)  # forever", output=output, fork=fork)
    kernel, started = (tmp_path / "pids").read_text().split()
    assert gone(int(kernel))
    assert (
        gone(int(started)) or not fork
    )  # Jupyter kills an ordinary kernel, not what it has started
    assert fine(tmp_path)


def test_a_report_that_takes_too_long_is_ended_though_no_cell_does(tmp_path):
    with pytest.raises(CellTimeoutError):
        run(tmp_path, *["import time; time.sleep(.3)"] * 99, timeout=1)


def test_a_kernel_that_does_not_listen_to_signals_is_ended(no_patience, tmp_path):
    deaf = "import signal, time\nfor s in (2, 15): signal.signal(s, signal.SIG_IGN)\n"
    with pytest.raises(CellTimeoutError):
        run(tmp_path, deaf, "while True: time.sleep(1)  # forever")


@pytest.mark.parametrize("fork", [True, False])
def test_a_cell_that_takes_too_much_memory_fails_alone(fork, tmp_path):
    take = "import numpy as np\nx = np.ones(10 * 2**30, dtype='uint8')"
    room = "y = np.ones(200 * 2**20, dtype='uint8'); print('fine')"
    with ThreadPoolExecutor(2) as pool:
        other = pool.submit(run, tmp_path, "import numpy as np, time; time.sleep(1)", room)
        with pytest.raises((PapermillExecutionError, DeadKernelError), match=r"(?i)memory|died"):
            run(tmp_path, take, memory=2**30, fork=fork)
        assert printed(other.result())[1] == "fine"


def test_a_kernel_may_take_what_it_was_given(tmp_path):
    take = "import numpy as np; x = np.ones(300 * 2**20, dtype='uint8'); print('fine')"
    assert printed(run(tmp_path, take, memory=2**29)) == ["fine"]


def test_a_zygote_that_dies_takes_its_kernels_along_and_another_is_started(tmp_path):
    _, zygote = who(run(tmp_path, WHO))
    os.kill(zygote, signal.SIGKILL)
    kill = (
        "import os, subprocess\nchild = subprocess.Popen(['sleep', '3600'])\n"
        f"open({str(tmp_path / 'pids')!r}, 'w').write(f'{{os.getpid()}} {{child.pid}}')\n"
        "os.kill(os.getppid(), 9)\nimport time; time.sleep(3600)"
    )
    with pytest.raises(DeadKernelError):
        run(tmp_path, kill)
    assert all(gone(int(pid)) for pid in (tmp_path / "pids").read_text().split())
    assert who(run(tmp_path, WHO))[1] not in {zygote, os.getpid()}


def test_a_cell_that_is_interrupted_says_so_and_harms_no_other_report(tmp_path):
    pid = tmp_path / "pid"
    endless = (
        f"import os, time\nopen({str(pid)!r}, 'w').write(f'{{os.getpid()}} ')\ntime.sleep(3600)"
    )
    with ThreadPoolExecutor(1) as pool:
        report = pool.submit(run, tmp_path, endless)
        while not (pid.exists() and pid.read_text().endswith(" ")):
            assert not report.done()
            time.sleep(0.02)
        os.kill(int(pid.read_text()), signal.SIGINT)
        with pytest.raises(PapermillExecutionError, match="KeyboardInterrupt"):
            report.result()
    assert fine(tmp_path)


def test_a_notebook_that_leaves_early_is_a_kernel_that_died(tmp_path):
    with pytest.raises(DeadKernelError):
        run(tmp_path, "exit()", FINE)
