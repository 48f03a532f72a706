"""What a Windows machine lacks is taken away here: no fork, no Unix sockets, no `resource`, cp1252, CRLF, å, blanks.

(What other libraries take for granted on this system is left: `getuid`, `fcntl`, `SIGKILL`.) This shows that
nothing of that is needed. It does not show Windows itself: its paths with drive letters, its locks on open files
and its process tree are imitated or untried.
"""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from rounds import COMMAND, notebooks, params

from support import ROOT, read_page

LACKING = """
import os, signal, socket, sys
import psutil  # which takes `resource` for granted here
pair, unix = socket.socketpair, socket.AF_UNIX  # Python on Windows makes a pair of other sockets
socket.socketpair = lambda *given, **named: pair(unix)
for module, names in (
    (os, "fork forkpty killpg sched_getaffinity"),
    (socket, "AF_UNIX send_fds recv_fds"),
    (signal, "SIGHUP"),
):
    for name in names.split():
        if hasattr(module, name):
            delattr(module, name)
for name in ("resource", "pwd", "grp"):
    sys.modules[name] = None
"""


@pytest.fixture
def windows(tmp_path) -> dict[str, str]:
    """The environment of a process, and of all that it starts, without what Windows lacks."""
    (tmp_path / "site").mkdir()
    (tmp_path / "site" / "sitecustomize.py").write_text(LACKING, encoding="utf-8")
    path = os.pathsep.join([str(tmp_path / "site"), str(ROOT / "src")])
    return {**os.environ, "PYTHONPATH": path, "PYTHONIOENCODING": "cp1252", "PYTHONUTF8": "0"}


def test_a_round_is_made_without_fork_unix_sockets_and_resource(store, windows, tmp_path):
    place = tmp_path / "Rapporter för Örebro å"
    place.mkdir()
    folder = notebooks(place / "egna notebooks")
    file = params(place, "20")
    for text in (file, folder / "uppfoljning.ipynb"):
        text.write_bytes(text.read_bytes().replace(b"\r\n", b"\n").replace(b"\n", b"\r\n"))
    done = subprocess.run(
        [*COMMAND, "render", file, "--notebooks", folder, "--out", place, "--store", store.folder],
        cwd=ROOT,
        env=windows,
        capture_output=True,
    )
    assert done.returncode == 0, done.stderr.decode("cp1252")
    page = read_page(
        (place / "some" / "dalarnas-lan-2019-12-2024-12.html").read_text(encoding="utf-8")
    )
    assert "Dalarnas län" in page.h1.get_text()
    assert "Örebro å" in done.stdout.decode("cp1252")
    assert sorted(p.name for p in Path(place / "some").iterdir() if p.suffix == ".html") == [
        "dalarnas-lan-2019-12-2024-12.html",
        "index.html",
    ]


@pytest.mark.parametrize(
    "what", ["store", *(pytest.param(one, marks=pytest.mark.long) for one in ("--help", "check"))]
)
def test_the_other_commands_need_nothing_of_it_either(windows, tmp_path, what):
    more = {
        "store": ["--store", tmp_path / "å b"],
        "check": [ROOT / "params" / "vg-2006-2008.yaml"],
    }
    command = [sys.executable, *COMMAND[1:], what, *more.get(what, [])]
    done = subprocess.run(command, cwd=ROOT, env=windows, capture_output=True)
    assert done.returncode == 0, done.stderr.decode("cp1252")
