"""A report beside nbconvert's own pages of the same executed notebook: `make bench-page`.

Prints bytes, what axe finds with all its default rules (and how many of those are WCAG's), requests to
the net that the page tries, its language, and how many images have words of their own.
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

import nbformat
from axe_playwright_python.sync_playwright import Axe
from bs4 import BeautifulSoup
from nbclient import NotebookClient
from nbconvert import HTMLExporter

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from browser import chromium
from support import NOTEBOOK
from vgstats.page.exporter import ReportExporter

EXPORTERS = {
    "vgstats": ReportExporter(),
    "nbconvert lab --no-input": HTMLExporter(exclude_input=True),
    "nbconvert lab": HTMLExporter(),
    "nbconvert classic --no-input": HTMLExporter(template_name="classic", exclude_input=True),
}


def main() -> None:
    notebook = nbformat.read(NOTEBOOK, as_version=4)
    NotebookClient(notebook, resources={"metadata": {"path": str(NOTEBOOK.parent)}}).execute()
    print(
        "| page | bytes | axe: rules (places) | of these WCAG | requests | lang | images with words |"
    )
    print("|---|---|---|---|---|---|---|")
    with tempfile.TemporaryDirectory() as folder, chromium() as browser:
        for name, exporter in EXPORTERS.items():
            html, _ = exporter.from_notebook_node(notebook)
            file = Path(folder) / "page.html"
            file.write_text(html, encoding="utf-8")
            print(measured(browser, name, file))


def measured(browser, name: str, file: Path) -> str:
    page = browser.new_page(viewport={"width": 1280, "height": 800})
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(file.as_uri())
    page.wait_for_timeout(500)
    found = Axe().run(page).response["violations"]
    places = sum(len(one["nodes"]) for one in found)
    wcag = sum(any(tag.startswith("wcag") for tag in one["tags"]) for one in found)
    outside = [url for url in asked if url.startswith("http")]
    soup = BeautifulSoup(file.read_text(encoding="utf-8"), "html.parser")
    images = soup.find_all("img")
    worded = [i for i in images if len(i.get("alt", "")) >= 30 and "No description" not in i["alt"]]
    page.close()
    size = f"{file.stat().st_size:,}".replace(",", " ")
    return (
        f"| {name} | {size} | {len(found)} ({places}) | {wcag} | {len(outside)} "
        f"| {soup.html.get('lang')} | {len(worded)} of {len(images)} |"
    )


if __name__ == "__main__":
    main()
