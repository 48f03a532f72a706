"""A browser that is installed, as what prints a page where WeasyPrint cannot: Chromium, Google Chrome or Edge."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from pathlib import Path

from vgstats.errors import VgstatsError

_NAMES = (
    "chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome", "microsoft-edge",
    "microsoft-edge-stable", "msedge",
)  # fmt: skip
_ON_WINDOWS = (
    "Google/Chrome/Application/chrome.exe",
    "Microsoft/Edge/Application/msedge.exe",
    "Chromium/Application/chrome.exe",
)
_ON_MACOS = tuple(
    f"/Applications/{name}.app/Contents/MacOS/{name}"
    for name in ("Google Chrome", "Chromium", "Microsoft Edge")
)
_FOLDERS = ("PROGRAMFILES", "PROGRAMFILES(X86)", "LOCALAPPDATA")
_SECONDS = 120  # that a browser may take for one page
# Nothing is asked of any address: not by the page, whose policy forbids it, and not by the browser for itself.
_FLAGS = (
    "--headless", "--disable-gpu", "--no-first-run", "--no-default-browser-check", "--disable-extensions",
    "--disable-background-networking", "--disable-component-update", "--disable-sync", "--disable-default-apps",
    "--host-resolver-rules=MAP * ~NOTFOUND", "--no-pdf-header-footer",
)  # fmt: skip


def installed_browser() -> str:
    """Return where Chromium, Chrome or Edge is, on the PATH or in its usual place; empty where none is."""
    folders = [Path(os.environ[name]) for name in _FOLDERS if os.environ.get(name)]
    usual = [
        *(folder / place for folder in folders for place in _ON_WINDOWS),
        *map(Path, _ON_MACOS),
    ]
    on_path = next(filter(None, map(shutil.which, _NAMES)), "")
    return on_path or next((str(place) for place in usual if place.is_file()), "")


def printed_by(browser: str, page: str) -> bytes:
    """Return a page as a browser prints it to a PDF.

    Raises:
        VgstatsError: the browser ends otherwise, takes too long, or prints nothing.
    """
    with tempfile.TemporaryDirectory(prefix="vgstats-pdf-", ignore_cleanup_errors=True) as name:
        folder = Path(name)
        (folder / "page.html").write_text(page, encoding="utf-8")
        printed = folder / "page.pdf"
        command = [
            *(
                browser,
                *_FLAGS,
                f"--user-data-dir={folder / 'profile'}",
                f"--print-to-pdf={printed}",
            ),
            *(["--no-sandbox"] if _is_root() else []),
            (folder / "page.html").as_uri(),
        ]
        try:
            ended = subprocess.run(command, capture_output=True, timeout=_SECONDS, check=False)  # noqa: S603
            said = ended.stderr.decode(errors="replace").strip().splitlines()[-1:]
            why = (
                ""
                if ended.returncode == 0
                else f"it ended with code {ended.returncode}: {' '.join(said)}"
            )
        except subprocess.TimeoutExpired:
            why = f"it took more than {_SECONDS} seconds"
        except OSError as error:
            why = f"it cannot be started: {error.strerror}"
        if why or not printed.is_file():
            raise VgstatsError(
                f"--to pdf: {browser} did not print the report ({why or 'it wrote no file'}). Install Pango for "
                "WeasyPrint, or open the HTML report in a browser and print it to a PDF."
            )
        return printed.read_bytes()


def _is_root() -> bool:
    """Return whether the process is that of root, as in a container, for whom Chromium has no sandbox."""
    return getattr(os, "geteuid", lambda: 1)() == 0
