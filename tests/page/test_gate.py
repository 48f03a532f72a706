"""The gate finds every fault it is there for, in the real report with that one fault put in."""

from __future__ import annotations

import pytest
from selectolax.lexbor import LexborHTMLParser

from vgstats.page.exporter import PageRefusedError, passed
from vgstats.page.gate import faults


@pytest.fixture(scope="module")
def html(vg_file) -> str:
    return vg_file.read_text(encoding="utf-8")


@pytest.mark.parametrize(
    "name", ["vg_file", "orebro_file", "practice_file", "kommun_file", "index_file"]
)
def test_our_pages_pass(name, request):
    page = LexborHTMLParser(request.getfixturevalue(name).read_text(encoding="utf-8"))
    assert faults(page, reports=reports_of(page) if name == "index_file" else None) == []


def reports_of(index: LexborHTMLParser) -> list[str]:
    """The reports that an index lists."""
    links = (link.attributes["href"] or "" for link in index.css("table a:not([download])"))
    return list(dict.fromkeys(links))


@pytest.mark.parametrize(
    "name", ["vg_file", "orebro_file", "practice_file", "kommun_file", "index_file"]
)
def test_our_pages_are_small_enough_to_mail(name, request):
    assert request.getfixturevalue(name).stat().st_size < 505_000  # goes down again with the words


FAULTS = {
    "an alternative text emptied": ('<img alt="Karta', '<img alt="" title="Karta', "alternative"),
    "the placeholder of nbconvert": (
        '<img alt="',
        '<img alt="No description has been provided for this image" title="',
        "alternative text",
    ),
    "a heading cell without scope": ('<th scope="row">', "<th>", "scope"),
    "an empty heading cell": ('<th scope="col">Kommun<', '<th scope="col"><', "empty heading"),
    "a table without caption": ("<caption id=", "<p id=", "no caption"),
    "an image from outside": ("</main>", '<p><img src="https://x.se/a.png"></p></main>', "the src"),
    "a style from outside": ("</head>", '<link rel="stylesheet" href="a.css"></head>', "link"),
    "a font from outside": ("</style>", "@import 'https://x.se/f.css'</style>", "the style"),
    "a link that tells on its reader": ("<a ", '<a ping="https://x.se" ', "ping"),
    "a script": ("</main>", "<script>alert(1)</script></main>", "script"),
    "a script disguised": ("</main>", "<ScRiPt src=x></sCrIpT></main>", "script"),
    "an event": ("<main ", '<main onclick="alert(1)" ', "onclick"),
    "a frame": ("</main>", "<iframe></iframe></main>", "iframe"),
    "a form": ("</main>", "<form></form></main>", "form"),
    "a link that runs": ("</main>", '<a href="javascript:alert(1)">x</a></main>', "the href"),
    "a page in a link": ("</main>", '<a href="data:text/html,x">x</a></main>', "in the page"),
    "a link that leads nowhere": ('href="#avsnitt-var-hande-det"', 'href="#avsnitt-9"', "leads to"),
    "an inline style": ("<main ", '<main style="color:red" ', "style"),
    "a refresh": ("</head>", '<meta http-equiv="refresh" content="0"></head>', "the http-equiv"),
    "a policy that lets more in": ("default-src 'none'", "default-src 'self'", "policy"),
    "a policy that lets scripts in": ("img-src data:", "script-src *; img-src data:", "policy"),
    "no policy at all": ('http-equiv="Content-Security-Policy"', 'name="x"', "policy"),
    "an image from two places": ("</main>", '<p><img srcset="data:x, //x.se 2x"></p></main>', "srcset"),
    "a link in a drawing": ("svg+xml,", "svg+xml,<use href='//x.se'/>", "more than"),
    "an image set in the style": ("</style>", "a{b:image-set('//x.se')}</style>", "the style"),
    "content that is hidden": ("<main ", "<main hidden ", "hidden"),
    "a field to fill in": ("</main>", "<input></main>", "input"),
    "what browsers may read otherwise": ("</main>", "<noscript></noscript></main>", "noscript"),
    "a comment": ("</main>", "<!-- x --></main>", "comment"),
    "a comment after the page": ("</html>", "</html><!-- x -->", "comment"),
    "a script where browsers see no comment": ("</main>", "<!--><script>x</script>--></main>", "a script"),
    "no document type": ("<!DOCTYPE html>", "", "document type"),
    "a row without a heading": ("<tbody>", "<tbody><tr><td>1</td></tr>", "row without"),
    "a way out of the folder": ("</main>", '<a href="..%2f..%2fx.html">x</a></main>', "the href"),
    "a language that is not Swedish": ('lang="sv"', 'lang="en"', "Swedish"),
    "two main headings": ("</main>", "<h1>En till</h1></main>", "main headings"),
    "no main heading": ("<h1>", "<h2>", "main headings"),
    "a skipped level": ("</main>", "<h2>A</h2><h4>B</h4></main>", "level 4"),
    "no landmark": ("</footer>", "</footer><footer></footer>", "footer elements"),
    "no way past the contents": ('class="skip" href="#innehallet"', 'href="#avsnitt-vad-hande"', "skip"),
    "no list of sections": ("<nav ", "<div ", "no list"),
    "the same id twice": ("</main>", '<p id="avsnitt-vad-hande"></p></main>', "stands 2 times"),
    "a region without name": ('aria-labelledby="mal-rubrik"', 'aria-labelledby="x"', "no name"),
    "a region that takes no focus": ('role="region" tabindex="0"', 'role="region"', "focus"),
    "a figure without its numbers": ("<table", "<div", "no table"),
    "a script in a drawing": ("data:image/svg+xml,", "data:image/svg+xml,%3Cscript/%3E", "more than"),
}  # fmt: skip


@pytest.mark.parametrize("fault", FAULTS)
def test_it_finds(fault, html):
    old, new, says = FAULTS[fault]
    assert old in html
    count = -1 if old in ("<table", "<nav ") else 1
    broken = html.replace(old, new, count)
    found = faults(LexborHTMLParser(broken))
    assert any(says in one for one in found), found


@pytest.mark.parametrize("fault", ["a script", "no main heading", "a figure without its numbers"])
def test_a_page_with_a_fault_is_refused(fault, html):
    old, new, _ = FAULTS[fault]
    assert passed(html) == html
    with pytest.raises(PageRefusedError, match="the finished page is refused"):
        passed(html.replace(old, new))


def test_it_does_not_pass_an_empty_page(html):
    start, end = html.index('<main id="innehallet">') + 22, html.index("</main>")
    empty = html[:start] + "<h1>Rubrik</h1>" + html[end:]
    assert faults(LexborHTMLParser(empty)) == ["the page is as good as empty"]


IN_A_MAP = {
    "a link to another page": ('href="dalarnas-lan', 'href="vastra-x-lan', "no report of the index"),
    "a link to an error page": (".html\" alt=", ".fel.html\" alt=", "no report of the index"),
    "a link out": ('href="dalarnas-lan-2005-12-2008-12.html" alt', 'href="https://x.se" alt', "no report"),
    "a link without words": ('alt="Dalarnas län: minskade med 44,1 procent"', 'alt=""', "has no words"),
    "a number that is no fact": ("minskade med 44,1", "minskade med 45,1", "alternative text"),
    "a fact printed otherwise": ("&quot;44,1&quot;", "&quot;44,2&quot;", "is not how"),
    "an area beside a map": ("</map>", '</map><area shape="poly" coords="1,1" href="#x">', "area element in"),
    "a picture of no map": ('usemap="#karta', 'usemap="#kart', "belongs to no picture"),
    "a style on a map": ("<map ", '<map style="x" ', "style"),
    "a circle": ('shape="poly"', 'shape="circle"', "the shape"),
}  # fmt: skip


@pytest.mark.parametrize("fault", IN_A_MAP)
def test_a_map_of_links_leads_to_the_reports_of_the_index_and_nowhere_else(fault, index_file):
    html = index_file.read_text(encoding="utf-8")
    reports = reports_of(LexborHTMLParser(html))
    old, new, says = IN_A_MAP[fault]
    assert old in html
    found = faults(LexborHTMLParser(html.replace(old, new, 1)), reports=reports)
    assert any(says in one for one in found), found


def test_a_report_has_no_map_of_links(index_file, html):
    said = "there is a map of links, which only an index may have"
    assert said in faults(LexborHTMLParser(index_file.read_text(encoding="utf-8")))
    for planted in ('<map name="a"></map>', '<map name="a"><area shape="poly" alt="x"></map>'):
        assert said in faults(LexborHTMLParser(html.replace("</main>", f"{planted}</main>")))
    assert said in faults(LexborHTMLParser(html.replace("<img ", '<img usemap="#a" ', 1)))
