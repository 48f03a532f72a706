"""A report that fails says how, and harms no other report."""

from __future__ import annotations

import os
import signal
import time
from concurrent.futures import ThreadPoolExecutor

import nbformat
import psutil
import pytest
from jupyter_client.manager import KernelManager
from kernel_runs import WHO, gone, printed, run, who
from nbclient.exceptions import CellTimeoutError, DeadKernelError
from papermill.exceptions import PapermillExecutionError

FINE = "print('fine')"
SOON = 8  # seconds


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


def test_a_cell_that_takes_too_long_is_ended_with_all_that_it_started(tmp_path):
    start = (
        "import os, subprocess, time\nchild = subprocess.Popen(['sleep', '60'])\n"
        f"open({str(tmp_path / 'pids')!r}, 'w').write(f'{{os.getpid()}} {{child.pid}}')\ntime.sleep(60)"
    )
    assert fine(tmp_path)
    began = time.monotonic()
    with pytest.raises(CellTimeoutError):
        run(tmp_path, start, cell_timeout=3)
    assert time.monotonic() - began < SOON
    assert all(gone(int(pid)) for pid in (tmp_path / "pids").read_text().split())
    assert fine(tmp_path)


def test_a_report_that_takes_too_long_is_ended_though_no_cell_does(tmp_path):
    run(tmp_path, WHO)
    with pytest.raises(CellTimeoutError):
        run(tmp_path, *["import time; time.sleep(.7)"] * 6, timeout=2)


def test_a_kernel_that_does_not_listen_to_signals_is_ended(tmp_path):
    deaf = "import signal, time\nfor s in (2, 15): signal.signal(s, signal.SIG_IGN)\n"
    assert fine(tmp_path)
    began = time.monotonic()
    with pytest.raises(CellTimeoutError):
        run(tmp_path, deaf + "while True: time.sleep(1)", cell_timeout=1)
    assert time.monotonic() - began < SOON


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
        "import os, subprocess\nchild = subprocess.Popen(['sleep', '60'])\n"
        f"open({str(tmp_path / 'pids')!r}, 'w').write(f'{{os.getpid()}} {{child.pid}}')\n"
        "os.kill(os.getppid(), 9)\nimport time; time.sleep(60)"
    )
    with pytest.raises(DeadKernelError):
        run(tmp_path, kill)
    assert all(gone(int(pid)) for pid in (tmp_path / "pids").read_text().split())
    assert who(run(tmp_path, WHO))[1] not in {zygote, os.getpid()}


def test_a_kernel_can_be_interrupted_and_goes_on(tmp_path):
    manager = KernelManager(kernel_name="python3", transport="ipc", ip=str(tmp_path / "k"))
    manager.kernel_spec.metadata["kernel_provisioner"] = {"provisioner_name": "vgstats"}
    manager.start_kernel(cwd=str(tmp_path))
    client = manager.client()
    client.start_channels()
    try:
        client.wait_for_ready(timeout=30)
        assert psutil.Process(manager.provisioner.pid).ppid() != os.getpid()
        # Without stop_on_error, ipykernel for a moment refuses whatever comes after an error.
        asked = client.execute("import time; time.sleep(60)", stop_on_error=False)
        while client.get_iopub_msg(timeout=10)["parent_header"].get("msg_id") != asked:
            pass
        time.sleep(0.5)  # from "busy" to the cell's first line
        manager.interrupt_kernel()
        reply = client.get_shell_msg(timeout=10)
        while reply["parent_header"]["msg_id"] != asked:  # more answers to "are you ready?"
            reply = client.get_shell_msg(timeout=10)
        assert reply["content"]["ename"] == "KeyboardInterrupt"
        assert client.execute("1", reply=True, timeout=10)["content"]["status"] == "ok"
    finally:
        client.stop_channels()
        manager.shutdown_kernel(now=True)
    assert not manager.is_alive()
