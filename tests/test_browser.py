"""The pages in a real browser: axe finds nothing, nothing is asked for, and everyone can get about."""

from __future__ import annotations

import os
import re
import threading
from collections import defaultdict
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from axe_playwright_python.sync_playwright import Axe

from browser import chromium, chromium_path
from waiting import until

pytestmark = pytest.mark.browser
# By their parameter files: the year's report, which has parts of most others, and the kinds of those.
FILES = ["ar-vasternorrland-2019", "insats-timra", "krav-orebro-2024", "utlysningar"]
MAPPED = ["enhetsblad", "sjukfallskartlaggning"]
NAMES = ["register", "vg", "orebro", "practice", "kommun", "index", *MAPPED, *FILES]
# A report on own counts, the one with most kinds of blocks, and an index; the others are in the long run.
SOME = [
    name if name in ("register", "vg", "index") else pytest.param(name, marks=pytest.mark.long)
    for name in NAMES
]


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
def file(request):
    """The page named by the test: two reports, one on made-up figures, and an index."""
    if request.param in FILES:
        return request.getfixturevalue("page_of")(request.param)
    return request.getfixturevalue(f"{request.param}_file")


@pytest.fixture(scope="module")
def windows(browser):
    """The windows that no test has, by their options: a window of its own for each test takes a second."""
    return defaultdict(list)


@pytest.fixture
def open_page(browser, windows):
    """Open a file in a window that nothing else of the test is in, with the tables behind the figures folded or not."""
    taken = []

    def opened(file, *, width=1280, height=800, scheme="light", unfolded=False, **options):
        free = windows[tuple(options.items())]
        page = free.pop() if free else window(browser, options)
        taken.append((free, page))
        page.set_viewport_size({"width": width, "height": height})
        page.emulate_media(media="screen", color_scheme=scheme)
        page.asked, page.said = [], []
        page.goto(file.as_uri())
        if unfolded:
            page.evaluate("document.querySelectorAll('details').forEach(d => d.open = true)")
        return page

    yield opened
    for free, page in taken:
        page.goto("about:blank")
        free.append(page)


def window(browser, options):
    """A new window that notes what its page asks for and says."""
    page = browser.new_context(**options).new_page()
    page.on("request", lambda request: page.asked.append(request.url))
    page.on("console", lambda message: page.said.append(message.text))
    return page


def violations(page, *rules: str) -> list[str]:
    """What axe finds with all its default rules, or with some."""
    result = Axe().run(page, options={"runOnly": [*rules]} if rules else None)
    assert rules or len(result.response["passes"]) > 15, "axe found nothing to look at"
    return [f"{v['id']}: {v['nodes'][0]['html'][:120]}" for v in result.response["violations"]]


def scrolls_sideways(page) -> bool:
    return page.evaluate("document.documentElement.scrollWidth > window.innerWidth")


WIDTHS = (320, 768, 1280)
LOOKS = [(width, scheme) for width in WIDTHS for scheme in ("light", "dark")]
SEEN = {  # the rest is in the long run
    "register": [(1280, "light")],
    "vg": [(320, "dark")],
    "kommun": [(320, "dark")],
    "index": [(1280, "light")],
    "ar-vasternorrland-2019": [(320, "dark")],
}
REST = {name: [one for one in LOOKS if one not in SEEN.get(name, ())] for name in NAMES}


@pytest.mark.parametrize(
    ("file", "looks"),
    [
        *(
            pytest.param(name, SEEN[name], id=f"{name}-some", marks=[] if name in ("vg", "index") else pytest.mark.long)
            for name in SEEN
        ),
        *(pytest.param(name, REST[name], id=f"{name}-rest", marks=pytest.mark.long) for name in REST),
    ],
    indirect=["file"],
)  # fmt: skip
def test_axe_finds_nothing_and_nothing_leaves_the_file(open_page, file, looks):
    page = open_page(file, unfolded=True)
    for width, scheme in looks:
        page.set_viewport_size({"width": width, "height": 800})
        page.emulate_media(color_scheme=scheme)
        assert violations(page) == [], (width, scheme)
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 800})
        assert not scrolls_sideways(page), f"the page scrolls sideways at {width} px"
    assert [url for url in page.asked if not url.startswith("data:")] == [file.as_uri()]
    assert page.said == []
    assert page.evaluate("[...document.images].filter(i => !i.naturalWidth).length") == 0


def changed(file, tmp_path, old: str, new: str, count: int = 1):
    html = file.read_text(encoding="utf-8")
    assert old in html
    broken = tmp_path / "broken.html"
    broken.write_text(html.replace(old, new, count), encoding="utf-8")
    return broken


def test_axe_can_fail(open_page, kommun_file, tmp_path):
    harms = [
        ('<html lang="sv">', "<html>", "html-has-lang"),
        ('<img alt="', '<img title="" data-alt="', "image-alt"),
        ("<main ", "<div ", "landmark-one-main"),
        ("<h3 ", "<h6 ", "heading-order"),
    ]
    file = kommun_file
    for old, new, _ in harms:
        file = changed(file, tmp_path, old, new)
    rules = {found.partition(":")[0] for found in violations(open_page(file))}
    assert {rule for *_, rule in harms} <= rules


def test_axe_sees_too_little_contrast_in_the_dark(open_page, kommun_file, tmp_path):
    html = kommun_file.read_text(encoding="utf-8").replace("--soft: #b3b8c0", "--soft: #4a4f57")
    (tmp_path / "dim.html").write_text(without_policy(html), encoding="utf-8")
    page = open_page(tmp_path / "dim.html", scheme="dark")
    assert violations(page, "color-contrast")
    page.emulate_media(color_scheme="light")
    assert violations(page, "color-contrast") == []


def without_policy(html: str) -> str:
    """The page with its styles, which the policy would not let in once they are changed."""
    without = re.sub(r'<meta http-equiv="Content-Security-Policy"[^>]*>', "", html)
    assert without != html
    return without


def test_the_browser_lets_in_no_changed_style_and_no_script(open_page, vg_file, tmp_path):
    script = "<script>document.title = 'owned'</script></main>"
    page = open_page(changed(vg_file, tmp_path, "</main>", script))
    assert page.title() != "owned" and any("Content Security Policy" in s for s in page.said)
    assert page.evaluate("getComputedStyle(document.querySelector('main')).maxWidth") == "1264px"
    page = open_page(changed(vg_file, tmp_path, "--ink: #1d1d1f", "--ink: #000000"))
    assert page.evaluate("getComputedStyle(document.querySelector('main')).maxWidth") == "none"


@pytest.fixture
def listener():
    """A real server, to see whether a page asks it for anything."""
    asked: list[str] = []

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self):
            asked.append(self.path)
            self.send_response(200)
            self.end_headers()

        def log_message(self, *_):
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}", asked
    server.shutdown()


def test_no_address_from_outside_is_reached_even_if_one_got_in(
    open_page, vg_file, tmp_path, listener
):
    address, asked = listener

    def harm(path: str) -> str:
        place = f"{address}/{path}"
        return (
            f'<img src="{place}/img"><link rel="stylesheet" href="{place}/css">'
            f'<script src="{place}/js"></script><iframe src="{place}/frame"></iframe>'
            f'<object data="{place}/object"></object><video src="{place}/video"></video></main>'
        )

    open_page(changed(vg_file, tmp_path, "</main>", harm("sealed")))
    unsealed = tmp_path / "unsealed.html"
    html = without_policy(vg_file.read_text(encoding="utf-8")).replace("</main>", harm("open"))
    unsealed.write_text(html, encoding="utf-8")
    open_page(unsealed)
    # The same page without the policy does ask, and the other has not even by then.
    until(lambda: {"/open/img", "/open/js", "/open/css"} <= set(asked))
    assert not [path for path in asked if path.startswith("/sealed")]


@pytest.mark.parametrize("file", SOME, indirect=True)
def test_at_400_per_cent_zoom_the_page_reflows(open_page, file):
    page = open_page(file, width=320, height=256, unfolded=True)
    assert not scrolls_sideways(page)
    outside = page.evaluate(
        """() => [...document.querySelectorAll('main p, main li, h1, h2, h3, dd, figcaption, img')]
            .filter(e => !e.closest('.table') && e.getBoundingClientRect().right > innerWidth + 1)
            .map(e => e.outerHTML.slice(0, 90))"""
    )
    assert outside == []


@pytest.mark.parametrize("file", SOME, indirect=True)
def test_wider_spacing_of_text_hides_nothing(open_page, file):
    """WCAG 1.4.12: the reader's own spacing."""
    page = open_page(file, width=1280, unfolded=True, bypass_csp=True)
    page.add_style_tag(
        content="* { line-height: 1.5 !important; letter-spacing: .12em !important;"
        " word-spacing: .16em !important } p { margin-bottom: 2em !important }"
    )
    assert not scrolls_sideways(page)
    clipped = page.evaluate(
        """() => [...document.querySelectorAll('main p, dd, dt, li, summary, h1, h2, h3')]
            .filter(e => e.scrollWidth > e.clientWidth + 1 && getComputedStyle(e).overflow === 'hidden')
            .map(e => e.outerHTML.slice(0, 90))"""
    )
    assert clipped == []


@pytest.mark.parametrize("file", ["vg", "index"], indirect=True)
def test_the_keyboard_reaches_everything_and_shows_where_it_is(open_page, file):
    page = open_page(file, unfolded=True)
    selector = "a[href], area, summary, [tabindex='0']"
    seen = f"[...document.querySelectorAll({selector!r})]"
    seen += ".filter(e => e.localName === 'area' || e.checkVisibility())"
    expected = page.evaluate(f"{seen}.length")
    reached = []
    for _ in range(expected + 5):
        page.keyboard.press("Tab")
        here = page.evaluate(
            """() => { const e = document.activeElement, s = getComputedStyle(e);
              if (e === document.body) return null;
              return [SEEN.indexOf(e), s.outlineStyle, parseFloat(s.outlineWidth),
                      e.localName === 'area' ? 10 : e.getBoundingClientRect().width]; }""".replace(
                "SEEN", seen
            )
        )
        if here is None:
            break
        number, style, width, size = here
        assert style == "solid" and width >= 2, here
        assert size > 1, "what has the focus cannot be seen"
        reached.append(number)
    assert reached == list(range(expected))


def test_the_first_tab_skips_to_the_content(open_page, vg_file):
    page = open_page(vg_file)
    page.keyboard.press("Tab")
    skip = page.locator(".skip")
    assert skip.is_visible() and skip.evaluate("e => e === document.activeElement")
    page.keyboard.press("Enter")
    assert page.url.endswith("#innehallet")


def test_wide_tables_scroll_by_themselves_and_keep_the_rows_names_in_sight(open_page, vg_file):
    page = open_page(vg_file, width=390, unfolded=True)
    region = page.locator(".table:has(#forandring)")
    assert region.evaluate("e => e.scrollWidth > e.clientWidth")
    region.evaluate("e => e.scrollLeft = 200")
    name = page.locator("#forandring tbody th").first.bounding_box()
    assert name["x"] >= region.bounding_box()["x"] - 1


def test_tables_of_texts_are_read_downwards_on_a_phone_and_are_tables_still(open_page, vg_file):
    page = open_page(vg_file, width=390)
    first, second = (page.locator("#mal tbody tr").first.locator("td").nth(n) for n in (0, 1))
    assert second.bounding_box()["y"] > first.bounding_box()["y"]
    label = second.evaluate("e => getComputedStyle(e, '::before').content")
    assert label == '"Nått?" ": "' or "Nått?" in label
    tree = page.locator("#mal").aria_snapshot()
    assert "table" in tree and "rowheader" in tree and "columnheader" in tree


@pytest.mark.parametrize(
    "file", ["vg", "orebro", pytest.param("practice", marks=pytest.mark.long)], indirect=True
)
def test_the_findings_are_on_the_first_screen_of_a_phone_and_the_figure_on_that_of_a_computer(
    open_page, file
):
    page = open_page(file)
    for width, height in ((390, 844), (1280, 844)):
        page.set_viewport_size({"width": width, "height": height})
        first = page.locator(".front li").first.bounding_box()
        assert first["y"] + first["height"] <= height, f"{width} px"
    figure = page.locator(".front figure img").bounding_box()
    assert figure["y"] + figure["height"] <= height
    assert page.locator("div.front").bounding_box()["height"] <= 2.4 * height, (
        "a screen and a half, or two"
    )


def test_a_table_can_be_taken_out_of_the_file(open_page, vg_file, tmp_path):
    page = open_page(vg_file)
    page.get_by_text("Hämta tabellerna som CSV").click()
    with page.expect_download() as waiting:
        page.locator("a[download='indikatorer.csv']").click()
    saved = tmp_path / "saved.csv"
    waiting.value.save_as(saved)
    text = saved.read_text(encoding="utf-8-sig")
    assert (
        text.startswith("Mått;2005;2008;Ändring;") and "Ohälsotal (dagar);42,9;36,8;-14 %" in text
    )


def test_the_folded_tables_are_shown_in_print(open_page, vg_file):
    """In every browser: what is folded lies in no `details`, whose content only some can be told to print."""
    page = open_page(vg_file)
    assert page.locator("details > :not(summary)").count() == 0
    table, fold = (
        page.locator(".depth details + .folded table").first,
        page.locator(".depth details").first,
    )
    assert not table.is_visible()
    fold.locator("summary").click()
    assert table.is_visible()
    fold.locator("summary").click()
    assert not table.is_visible()
    page.emulate_media(media="print")
    assert table.is_visible() and not fold.is_visible()


COPIED = """() => [...document.querySelectorAll('td.number data, .values data, .change data')]
    .filter(e => e.checkVisibility()).map(e => {
        const whole = e.closest('td.number') ?? e;
        getSelection().selectAllChildren(whole);
        return [e.value, getSelection().toString().trim(), whole.querySelectorAll('data').length];
    }).filter(([, , numbers]) => numbers == 1).map(([value, text]) => [value, text])"""
FOUND = """what => { getSelection().removeAllRanges(); return window.find(what, false, false, true); }"""


def test_a_number_is_copied_as_a_number_and_found_as_it_is_typed(open_page, vg_file):
    page = open_page(vg_file, unfolded=True)
    copied = page.evaluate(COPIED)
    assert len(copied) > 100
    plain = re.compile(r"[+-]?\d+(,\d+)?%?")
    assert sum(bool(plain.fullmatch(text)) for _, text in copied) > 0.8 * len(copied)
    for value, text in copied:
        assert float(re.match(r"[+-]?[\d,]+", text)[0].replace(",", ".")) == float(value), text
    for typed in ("30 200", "-6,1", "42,9", "-11 300"):
        assert page.evaluate(FOUND, typed), typed


@pytest.mark.parametrize("file", SOME, indirect=True)
def test_on_paper_a_figure_fits_on_one_sheet_with_its_caption(open_page, file):
    sheet = (297 - 20 - 18) * 96 / 25.4
    page = open_page(file, width=673)
    page.emulate_media(media="print")
    heights = page.evaluate(
        """() => [...document.querySelectorAll('figure')].map(f =>
            f.querySelector('img').getBoundingClientRect().bottom - f.getBoundingClientRect().top)"""
    )
    assert all(height < sheet for height in heights), heights


def test_figures_keep_a_light_ground_in_the_dark(open_page, vg_file):
    page = open_page(vg_file, scheme="dark")
    ground = page.evaluate("getComputedStyle(document.querySelector('figure img')).backgroundColor")
    paper = page.evaluate("getComputedStyle(document.body).backgroundColor")
    assert ground == "rgb(255, 255, 255)" and paper != ground


INSIDE = """() => {
  const image = document.querySelector('img[usemap]'), found = {};
  for (const area of document.querySelectorAll('area')) {
    const c = area.coords.split(',').map(Number), shape = new Path2D();
    c.forEach((n, i) => i % 2 ? shape.lineTo(c[i - 1], n) : null);
    shape.closePath();
    const context = document.createElement('canvas').getContext('2d'), hits = [];
    for (let x = 0; x < image.width; x += 3) for (let y = 0; y < image.height; y += 3)
      if (context.isPointInPath(shape, x, y)) hits.push([x, y]);
    image.scrollIntoView();
    const box = image.getBoundingClientRect();
    let own = 0;
    for (const [x, y] of hits) {
      window.scrollBy(0, box.top);
      const here = image.getBoundingClientRect();
      window.scrollTo(0, window.scrollY + here.top + y - 300);
      const now = image.getBoundingClientRect();
      own += document.elementFromPoint(now.left + x, now.top + y) === area;
    }
    found[area.alt] = [hits.length, own, box.width, Number(image.getAttribute('width'))];
  }
  return found;
}"""


@pytest.mark.parametrize("width", [320, 390, 1280])
def test_each_area_of_the_map_is_hit_where_it_is_drawn(open_page, index_file, width):
    page = open_page(index_file, width=width)
    found = page.evaluate(INSIDE)
    assert len(found) == 20
    for alt, (points, own, shown, drawn) in found.items():
        assert shown == drawn, "a map at another size than its links"
        assert points >= 10 and own > 0.7 * points, (alt, points, own)
