"""A real JupyterLab as `vgstats lab` starts it, and a notebook of it in a browser."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from playwright.sync_api import Page

from support import ROOT
from waiting import PATIENCE, until

_TOKEN = "of-a-test"  # noqa: S105 - of a server that only this machine reaches
_FOLDERS = (
    "JUPYTER_RUNTIME_DIR", "JUPYTER_CONFIG_DIR", "JUPYTER_DATA_DIR", "JUPYTERLAB_SETTINGS_DIR",
    "JUPYTERLAB_WORKSPACES_DIR", "IPYTHONDIR",
)  # fmt: skip


@dataclass(frozen=True)
class Lab:
    """A server and its working folder."""

    address: str
    folder: Path

    def open(self, page: Page, notebook: str) -> None:
        """Open a notebook, and wait until it has a kernel."""
        page.goto(f"{self.address}doc/tree/{notebook}?token={_TOKEN}", timeout=PATIENCE * 1000)
        page.locator(".jp-Notebook").wait_for()
        page.get_by_text("| Idle").wait_for()  # of the kernel, in the status bar

    def run_all(self, page: Page) -> None:
        """Run all cells, as from the menu."""
        page.get_by_role("menuitem", name="Run", exact=True).click()
        page.get_by_role("menuitem", name="Run All Cells", exact=True).click()


@contextmanager
def lab(scratch: Path, store: Path) -> Iterator[Lab]:
    """Start `vgstats lab` on a free port, with settings and a store of its own, and end it."""
    own = {name: str(scratch / name.lower()) for name in _FOLDERS}
    path = os.pathsep.join(filter(None, [str(ROOT / "src"), os.environ.get("PYTHONPATH")]))
    environment = {**os.environ, **own, "VGSTATS_STORE": str(store), "PYTHONPATH": path}
    options = ["--no-browser", "--port=0", f"--IdentityProvider.token={_TOKEN}", "--allow-root"]
    # Without what asks the network and what this takes no part in.
    options += ["--LabApp.check_for_updates_class=jupyterlab.NeverCheckForUpdate"]
    folder = scratch / "arbete"
    begin = "from vgstats.cli import main; main()"
    with (scratch / "log").open("w", encoding="utf-8") as log:
        server = subprocess.Popen(
            [sys.executable, "-c", begin, "lab", str(folder), *options],
            env=environment, stdout=log, stderr=log,
        )  # fmt: skip
        try:
            yield Lab(_address(server, Path(own["JUPYTER_RUNTIME_DIR"]), scratch / "log"), folder)
        finally:
            _end(Path(own["JUPYTER_RUNTIME_DIR"]), server)


def _address(server: subprocess.Popen[bytes], runtime: Path, log: Path) -> str:
    found: list[str] = []

    def there() -> bool:
        assert server.poll() is None, log.read_text(encoding="utf-8")
        files = list(runtime.glob("jpserver-*.json"))
        # The file is there before it is whole.
        found[:] = [
            m[1]
            for f in files
            if (m := re.search(r'"url": "(\S+)"', f.read_text(encoding="utf-8")))
        ]
        return bool(found) and "is running at" in log.read_text(encoding="utf-8")

    until(there)
    return found[0]


def _end(runtime: Path, server: subprocess.Popen[bytes]) -> None:
    """End the server itself, whose end ends the command that waits for it."""
    for file in runtime.glob("jpserver-*.json"):
        os.kill(json.loads(file.read_text(encoding="utf-8"))["pid"], 15)
    if server.poll() is None and not list(runtime.glob("jpserver-*.json")):
        server.terminate()
    server.wait()
