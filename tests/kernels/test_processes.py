"""Where kernels run: any worker, no port, and nothing is left over."""

from __future__ import annotations

import multiprocessing
import os
import subprocess
import sys
from pathlib import Path

import nbformat
import pytest
from kernel_runs import WHO, gone, notebook, run, who

from waiting import until

HERE = Path(__file__).parent


def in_worker(folder, answers) -> None:
    answers.put([who(run(folder, WHO)) for _ in range(2)] + [os.getpid()])


def test_a_daemonic_worker_has_a_zygote_of_its_own(tmp_path):
    _, ours = who(run(tmp_path, WHO))
    context = multiprocessing.get_context("fork")
    answers = context.Queue()
    worker = context.Process(target=in_worker, args=(tmp_path, answers), daemon=True)
    worker.start()
    (kernel, zygote), (other, again), pid = answers.get(timeout=600)
    worker.join(10)
    assert worker.exitcode == 0
    assert zygote == again and zygote not in {ours, pid, os.getpid()}
    assert kernel != other
    assert gone(zygote)
    assert who(run(tmp_path, WHO))[1] == ours


@pytest.mark.long
def test_several_started_daemonic_workers_at_once(tmp_path):
    with multiprocessing.get_context("spawn").Pool(2) as pool:
        told = pool.starmap(run, [(tmp_path, WHO, "print(1 + 1)")] * 4)
    assert all(executed.cells[1].outputs[0].text == "2\n" for executed in told)
    assert all(who(executed)[1] != os.getpid() for executed in told)
    assert len({who(executed)[0] for executed in told}) == 4


def test_no_port_is_opened(tmp_path):
    look = (
        "import psutil\n"
        "found = psutil.Process().net_connections('all')\n"
        "print([c for c in found if c.family.name != 'AF_UNIX'], len(found) > 0)"
    )
    executed = run(tmp_path, look)
    assert executed.cells[0].outputs[0].text == "[] True\n"


def test_nothing_is_left_when_the_worker_is_killed(tmp_path):
    pids, files = tmp_path / "pids", tmp_path / "t"
    files.mkdir()
    wait = f"open({str(pids)!r}, 'w').write(f'{{os.getpid()}} {{os.getppid()}} .')\n"
    script = tmp_path / "script.py"
    script.write_text(
        f"import sys\nfrom pathlib import Path\nsys.path.insert(0, {str(HERE)!r})\n"
        "from kernel_runs import WHO, run\n"
        f"run(Path({str(tmp_path)!r}), WHO, {wait + 'import time; time.sleep(3600)'!r})\n"
    )
    worker = subprocess.Popen([sys.executable, script], env={**os.environ, "TMPDIR": str(files)})
    until(lambda: pids.exists() and pids.read_text().endswith("."))
    worker.kill()
    worker.wait()
    kernel, zygote, _ = pids.read_text().split()
    assert gone(int(kernel)) and gone(int(zygote))
    assert list(files.iterdir()) == []


def test_a_long_name_of_the_temporary_folder_does_no_harm(tmp_path, monkeypatch):
    long = tmp_path / ("long" * 25)
    long.mkdir()
    monkeypatch.setattr("tempfile.tempdir", str(long))
    assert run(tmp_path, "print(1)").cells[0].outputs[0].text == "1\n"
    assert list(long.iterdir()) == []


def test_papermill_uses_it_from_a_shell_and_nothing_is_left(tmp_path):
    files = tmp_path / "t"
    files.mkdir()
    nbformat.write(notebook(WHO, "from vgstats import areas"), tmp_path / "in.ipynb")
    papermill = Path(sys.executable).with_name("papermill")
    made = subprocess.run(
        [papermill, "--engine", "vgstats", "in.ipynb", "out.ipynb"],
        cwd=tmp_path,
        env={**os.environ, "TMPDIR": str(files)},
        capture_output=True,
        text=True,
    )
    assert made.returncode == 0, made.stderr
    kernel, zygote = who(nbformat.read(tmp_path / "out.ipynb", as_version=4))
    assert gone(kernel, 1) and gone(zygote, 1)
    assert list(files.iterdir()) == []
    assert "leak" not in made.stderr and "Debugger" not in made.stderr
