"""A forked kernel gives what an ordinary one gives, and nothing of one report reaches another."""

from __future__ import annotations

import datetime as dt
import os
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
import yaml
from kernel_runs import WHO, content, notebook, printed, run, who

from support import ROOT, batch_of
from vgstats.batch.execute import page_of
from vgstats.batch.notebooks import notebook_of
from vgstats.batch.plan import Options
from vgstats.kernels import forks
from vgstats.kernels.engine import imported_modules
from vgstats.reports import kinds

SHOWN = [
    "import pandas as pd, seaborn as sns, numpy as np\nimport matplotlib.pyplot as plt",
    "plt.plot([1, 2]); plt.show()\nplt.bar([1], [2])",
    "fig, ax = plt.subplots()\nsns.barplot(x=[1, 2], y=[3, 4], ax=ax, hue=[1, 2])",
    "%matplotlib inline\nfig",
    "pd.DataFrame({'å': [1.5, 2]})",
    "import os, sys, warnings\nprint('ut'); print('fel', file=sys.stderr)\nwarnings.warn('akta')",
    "import os; os.system('echo from below')",
    "!echo from a shell",
    "handle = display('first', display_id='x'); handle.update('second')",
    "import asyncio\nawait asyncio.sleep(0)\nprint(plt.get_backend(), os.getcwd(), sys.argv[0], sys.path)",
    "import __main__; print(__main__.fig is fig, os.environ['OMP_NUM_THREADS'], sys.stdin is None)",
    "print(sorted(item for item in os.environ.items() if not item[0].startswith(('JPY_', 'PYDEVD_'))))",
    "import re; print(re.sub('0x[0-9a-f]+', '', str(sorted(plt.rcParams.items()))))",
    "import multiprocessing as mp, time\n"
    "child = mp.get_context('fork').Process(target=print, args=('from a child',))\n"
    "child.start(); child.join(); time.sleep(.3)",
    "rng = np.random.default_rng(1); a = rng.normal(size=(400, 400)); print(repr((a @ a).sum()))",
]

# What another process writes reaches the page through a thread: Jupyter does not promise when.
FROM_BELOW = ["from below", "from a child"]


def images(executed) -> int:
    outputs = [output for cell in executed.cells for output in cell.outputs]
    return sum("image/png" in output.get("data", {}) for output in outputs)


def taken_out(executed, lines: list[str]) -> list[str]:
    """The lines that were printed somewhere; they are taken out of the outputs."""
    found = []
    for cell in executed.cells:
        for output in [output for output in cell.outputs if output.output_type == "stream"]:
            kept = []
            for line in output.text.splitlines(keepends=True):
                (found if line.strip() in lines else kept).append(line)
            output.text = "".join(kept)
        cell.outputs = [output for output in cell.outputs if output.get("text") != ""]
    return sorted((line.strip() for line in found), key=lines.index)


def test_kernels_started_at_once_do_not_meet(tmp_path):
    def report(number: int) -> list[str]:
        return printed(run(tmp_path, f"x = {number}", "import time; time.sleep(.3)", "print(x)"))

    forks.shut_down()  # so that they ask for the zygote at once, too; the tests below have it
    with ThreadPoolExecutor(3) as pool:
        assert [told[2] for told in pool.map(report, range(6))] == list("012345")


def test_every_output_is_that_of_an_ordinary_kernel(tmp_path, monkeypatch):
    monkeypatch.delenv("PYTEST_CURRENT_TEST")  # with it ipykernel leaves what programs write alone
    forked, ordinary = (run(tmp_path, *SHOWN, fork=fork) for fork in (True, False))
    assert images(forked) == images(ordinary) == 4
    assert taken_out(forked, FROM_BELOW) == taken_out(ordinary, FROM_BELOW) == FROM_BELOW
    assert content(forked) == content(ordinary)


@pytest.mark.parametrize("fork", [True, False])
def test_a_persons_startup_files_are_no_part_of_a_report(tmp_path, monkeypatch, fork):
    startup = tmp_path / "ipython" / "profile_default" / "startup"
    startup.mkdir(parents=True)
    (startup / "00.py").write_text("theirs = 1", encoding="utf-8")
    (tmp_path / "python.py").write_text("theirs = 1", encoding="utf-8")
    monkeypatch.setenv("IPYTHONDIR", str(tmp_path / "ipython"))
    monkeypatch.setenv("PYTHONSTARTUP", str(tmp_path / "python.py"))
    place = tmp_path / "place"
    place.mkdir()
    assert printed(run(place, "print('theirs' in globals())", fork=fork)) == ["False"]


@pytest.mark.parametrize("fork", [True, False])
def test_what_a_cell_prints_is_one_output_however_long_it_takes(tmp_path, fork):
    in_pieces = "import time; print('one'); time.sleep(.5); print('two')"
    (cell,) = run(tmp_path, in_pieces, fork=fork).cells
    assert [output.text for output in cell.outputs] == ["one\ntwo\n"]


@pytest.mark.parametrize(
    "kind", [k if k == "uppfoljning" else pytest.param(k, marks=pytest.mark.long) for k in kinds()]
)
def test_a_report_has_the_same_bytes(kind, request):
    bundled = sorted((ROOT / "params").glob("*.yaml"), reverse=True)
    files = {yaml.safe_load(file.read_text(encoding="utf-8"))["report"]: file for file in bundled}
    if kind in files:
        job = batch_of(files[kind].stem).jobs[0]
    elif kind == "sjukfall":
        job = request.getfixturevalue("register_job")
    else:
        job = request.getfixturevalue("mapped_jobs")[kind]
    notebook = notebook_of(kind, ROOT / "notebooks").read_text(encoding="utf-8")
    made = dt.datetime(2026, 1, 1, tzinfo=dt.UTC)
    forked, ordinary = (page_of(job, notebook, made, Options(fork=fork)) for fork in (True, False))
    assert forked == ordinary


def test_it_is_forked_from_a_process_that_has_the_imports(tmp_path):
    import_and_tell = (
        "import sys; print('vgstats.catalogue.areas' in sys.modules, 'pandas' in sys.modules)"
    )
    wanting = "from vgstats import areas"
    first, second = (run(tmp_path, WHO, import_and_tell, wanting) for _ in range(2))
    assert printed(first)[1] == "True True"
    assert who(first)[0] != who(second)[0]
    assert who(first)[1] == who(second)[1] != os.getpid()
    assert who(run(tmp_path, WHO, fork=False))[1] == os.getpid()


def test_it_imports_ahead_what_the_notebook_imports_of_vgstats():
    nb = notebook(
        "import vgstats.catalogue.areas, numpy\n", "%magic\n", "from vgstats.facts import text"
    )
    assert imported_modules(nb) == [
        "vgstats.catalogue.areas",
        "vgstats.facts",
        "vgstats.facts.text",
    ]


def test_nothing_of_one_report_reaches_another(tmp_path):
    change = (
        "import os, sys, matplotlib as mpl, vgstats.catalogue.areas, pandas as pd\n"
        "mpl.rcParams['font.size'] = 77; vgstats.catalogue.areas.probe = 1; os.environ['PROBE'] = '1'\n"
        "pd.options.display.max_rows = 3; os.chdir('/'); sys.path.append('probe')"
    )
    tell = (
        "import os, sys, matplotlib as mpl, vgstats.catalogue.areas, pandas as pd\n"
        "print(mpl.rcParams['font.size'], hasattr(vgstats.catalogue.areas, 'probe'), 'PROBE' in os.environ,"
        " pd.options.display.max_rows, os.getcwd(), 'probe' in sys.path)"
    )
    run(tmp_path, change)
    assert printed(run(tmp_path, tell)) == [f"10.0 False False 60 {tmp_path} False"]


def test_chance_is_different_in_every_kernel(tmp_path):
    draw = "import numpy as np, random\nprint(np.random.rand())\nprint(random.random())"
    drawn = [line for _ in range(3) for line in printed(run(tmp_path, draw))[0].split()]
    assert len(set(drawn)) == len(drawn) == 6


def test_settings_that_matplotlib_reads_when_imported_are_obeyed(tmp_path):
    Path(tmp_path, "matplotlibrc").write_text("font.size: 33\n")
    tell = "import matplotlib as mpl; print(mpl.rcParams['font.size'])"
    assert printed(run(tmp_path, tell)) == ["33.0"]


def test_an_environment_that_is_read_at_start_is_obeyed(tmp_path, monkeypatch):
    run(tmp_path, WHO)
    monkeypatch.setenv("PYTHONPATH", str(tmp_path / "somewhere"))
    monkeypatch.setenv("PROBE", "å")
    tell = "import os, sys; print('somewhere' in ''.join(sys.path), os.environ['PROBE'])"
    assert printed(run(tmp_path, tell)) == ["True å"]


def test_library_code_that_has_changed_is_imported_anew(tmp_path, monkeypatch):
    module = tmp_path / "probe_of_change.py"
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    forks.shut_down()
    try:
        for number in (1, 22):
            module.write_text(f"VALUE = {number}\n")
            tell = "import sys; print('probe_of_change' in sys.modules)"
            show = "import probe_of_change; print(probe_of_change.VALUE)"
            told = printed(run(tmp_path, tell, show, modules=["probe_of_change"]))
            assert told == ["True", str(number)]
    finally:
        forks.shut_down()


@pytest.mark.parametrize("cause", ["the system", "a zygote that does not start"])
def test_without_forking_an_ordinary_kernel_does_it(cause, tmp_path, monkeypatch):
    forks.shut_down()
    if cause == "the system":
        monkeypatch.setattr(forks, "_SAFE_HERE", False)
    else:
        monkeypatch.setattr(forks, "_START", "raise SystemExit(1)")
    try:
        assert who(run(tmp_path, WHO))[1] == os.getpid()
    finally:
        forks.shut_down()
