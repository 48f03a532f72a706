"""The page in a real browser: axe finds nothing, nothing is asked for, nothing scrolls sideways."""

from __future__ import annotations

import os

import pytest
from axe_playwright_python.sync_playwright import Axe

from browser import chromium, chromium_path

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def browser():
    if chromium_path() is None:
        reason = "no Chromium on this machine; install it or set VGSTATS_CHROMIUM to its path"
        if os.environ.get("CI") == "true":
            pytest.fail(reason)
        pytest.skip(reason)
    with chromium() as started:
        yield started


@pytest.fixture
def files(vg_file, orebro_file, index_file):
    return {"vg": vg_file, "orebro": orebro_file, "index": index_file}


def violations(page) -> list[str]:
    result = Axe().run(page, options={"runOnly": {"type": "tag", "values": ["wcag2a", "wcag2aa",
        "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}})  # fmt: skip
    return [f"{v['id']}: {v['nodes'][0]['html'][:120]}" for v in result.response["violations"]]


@pytest.mark.parametrize("width", [320, 1280])
@pytest.mark.parametrize("name", ["vg", "orebro", "index"])
def test_axe_finds_nothing_and_nothing_leaves_the_file(browser, files, name, width):
    page = browser.new_page(viewport={"width": width, "height": 800})
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    problems: list[str] = []
    page.on("console", lambda message: problems.append(message.text))
    page.goto(files[name].as_uri())
    assert [url for url in asked if not url.startswith("data:")] == [files[name].as_uri()]
    assert problems == []
    assert page.locator("h1").count() == 1
    assert violations(page) == []
    wide = page.evaluate("document.documentElement.scrollWidth > window.innerWidth")
    assert not wide, f"the page scrolls sideways at {width} px"
    broken = page.evaluate("[...document.images].filter(i => !i.naturalWidth).length")
    assert broken == 0
    page.close()


def test_the_style_is_allowed_by_the_policy_and_a_script_is_not(browser, vg_file, tmp_path):
    attacked = tmp_path / "attacked.html"
    attacked.write_text(
        vg_file.read_text(encoding="utf-8").replace(
            "</main>", "<script>document.title = 'owned'</script></main>"
        ),
        encoding="utf-8",
    )
    page = browser.new_page()
    page.goto(attacked.as_uri())
    assert page.title() != "owned"
    assert page.evaluate("getComputedStyle(document.querySelector('main')).maxWidth") == "960px"
    page.close()


def test_axe_can_fail(browser, vg_file, tmp_path):
    broken = tmp_path / "broken.html"
    html = vg_file.read_text(encoding="utf-8").replace('<html lang="sv">', "<html>")
    broken.write_text(html, encoding="utf-8")
    page = browser.new_page()
    page.goto(broken.as_uri())
    assert any(v.startswith("html-has-lang") for v in violations(page))
    page.close()


def test_the_folded_tables_are_shown_in_print(browser, vg_file):
    page = browser.new_page()
    page.goto(vg_file.as_uri())
    table = page.locator("details table").first
    assert not table.is_visible()
    page.emulate_media(media="print")
    assert table.is_visible()
    page.close()
