"""The exploring notebook in a real JupyterLab: another county in the chooser gives another figure with its numbers."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from bs4 import BeautifulSoup
from playwright.sync_api import Page

import vgstats as vg
from browser import chromium, chromium_path
from jupyter_lab import Lab, lab
from vgstats.demo import Size, write_demo
from vgstats.store.store import Store
from waiting import PATIENCE

pytestmark = pytest.mark.browser
PERIODS = ("2019-12", "2025-12")


@pytest.fixture
def store(tmp_path: Path) -> Store:
    """Made-up figures of two counties and their kommuner, which are not those that come along."""
    found = Store(tmp_path / "store")
    size = Size(
        lan=("lan:18", "lan:20"), first="2012-12", last="2025-12", december_only=True, measures=("ohalsotal",)
    )  # fmt: skip
    for _ in write_demo(found, size):
        pass
    return found


@pytest.fixture
def opened(store: Store, tmp_path: Path) -> Iterator[tuple[Lab, Page]]:
    """The notebook in a browser, with all its cells run."""
    if chromium_path() is None:
        reason = "no Chromium on this machine; install it or set VGSTATS_CHROMIUM to its path"
        if os.environ.get("CI") == "true":
            pytest.fail(reason)
        pytest.skip(reason)
    with lab(tmp_path, store.folder) as started, chromium() as browser:
        page = browser.new_page(viewport={"width": 1280, "height": 4200})
        page.set_default_timeout(PATIENCE * 1000)
        started.open(page, "utforska.ipynb")
        started.run_all(page)
        yield started, page


def shows(page: Page, lan: str, store: Store) -> None:
    """Wait until the figure and the change of a county are there, with the numbers of the store."""
    drawn = BeautifulSoup(vg.series("ohalsotal", lan, *PERIODS, store=store).html(), "html.parser")
    title = drawn.find("figcaption").get_text()
    changed = vg.change("ohalsotal", lan, *PERIODS, store=store)
    assert changed.after.value != vg.change("ohalsotal", lan, *PERIODS).after.value
    views = page.locator(".vg-view")
    spaced = re.compile(r"\s+".join(map(re.escape, title.split())))
    views.locator("figcaption").filter(has_text=spaced).first.wait_for()
    views.locator(f"data[value='{changed.after.value}']").first.wait_for()
    line = f'vg.change("ohalsotal", "{lan}", "{PERIODS[0]}", "{PERIODS[1]}")'
    page.locator(".vg-code").get_by_text(line, exact=True).wait_for()


def test_another_county_in_the_chooser_gives_its_figure_and_its_numbers(opened, store):
    started, page = opened
    shows(page, "Örebro", store)
    page.get_by_label("Område", exact=True).select_option(label="Dalarnas län")
    shows(page, "Dalarna", store)
    assert (
        page.locator(
            ".jp-OutputArea-output[data-mime-type*=error], .jp-RenderedText[data-mime-type*=stderr]"
        ).count()
        == 0
    )
    page.get_by_role("button", name="Gör en rapport av det här").click()
    page.get_by_text("Rapporten är upplagd").wait_for()
    assert [file.name for file in (started.folder / "params").iterdir()] == [
        "dalarnas-lan-ohalsotal-2019-12-2025-12.yaml"
    ]
