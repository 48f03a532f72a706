"""How long an analyst waits in JupyterLab: from opening utforska.ipynb to the first view, and to all of them.

Prints seconds, the median of some openings, each in a server and a browser of its own. Run it on a quiet machine.
"""

from __future__ import annotations

import statistics
import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from browser import chromium
from jupyter_lab import lab

OPENINGS = 3
STEPS = ("page and kernel there", "first view, from running all", "all views, from running all")


def opening(scratch: Path) -> tuple[float, float, float]:
    """Return the seconds until the notebook has a kernel, and from there to the first and to all views."""
    with lab(scratch, scratch / "store") as started, chromium() as browser:
        page = browser.new_page(viewport={"width": 1280, "height": 4200})
        page.set_default_timeout(120_000)
        begun = time.monotonic()
        started.open(page, "utforska.ipynb")
        there = time.monotonic()
        started.run_all(page)
        views = page.locator(".vg-view figure, .vg-view table")
        views.first.wait_for()
        first = time.monotonic()
        page.get_by_role("button", name="Gör en rapport av det här").wait_for()
        return there - begun, first - there, time.monotonic() - there


def main() -> None:
    """Open it some times and print the medians."""
    found = []
    for _ in range(OPENINGS):
        with tempfile.TemporaryDirectory() as scratch:
            found.append(opening(Path(scratch)))
    for step, seconds in zip(STEPS, zip(*found, strict=True), strict=True):
        print(
            f"{step}: {statistics.median(seconds):.1f} s ({min(seconds):.1f} to {max(seconds):.1f})"
        )


if __name__ == "__main__":
    main()
