"""Only what our templates and blocks write is on a page, and a number says what it is."""

from __future__ import annotations

import re

import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output
from selectolax.lexbor import LexborHTMLParser

from vgstats.blocks.tables import Column, Table
from vgstats.facts.facts import count_fact
from vgstats.facts.text import Code, say
from vgstats.page.exporter import PageRefusedError, ReportExporter
from vgstats.page.gate import faults

WORDS = "Ord som fyller sidan så att ingen kan ta den för tom, om än utan innehåll. " * 3


def page_with(*shown: str) -> str:
    """The page of a notebook that shows these pieces of HTML, a cell each."""
    cells = [new_markdown_cell(f"# Sidan\n\n{WORDS}")]
    for html in shown:
        outputs = [new_output("display_data", data={"text/html": html})]
        cells.append(new_code_cell("show()", execution_count=1, outputs=outputs))
    return ReportExporter().from_notebook_node(new_notebook(cells=cells))[0]


@pytest.mark.parametrize(
    "planted",
    [
        '<p title="3 kvinnor">ord</p>',
        '<p aria-label="3 kvinnor">ord</p>',
        '<p aria-description="3 kvinnor">ord</p>',
        '<p data-antal="3">ord</p>',
        '<p class="antal-3">ord</p>',
        '<p style="--antal: 3">ord</p>',
        '<p lang="en">three women</p>',
        '<ol start="3"><li>kvinnor</li></ol>',
        '<ol type="I"><li>kvinnor</li></ol>',
        "<ol reversed><li>kvinnor</li></ol>",
        '<ul><li value="3">kvinnor</li></ul>',
        '<meter value="3" max="9">ord</meter>',
        '<progress value="3" max="9"></progress>',
        "<p>kvinnor<sup>3</sup></p>",
        "<p>kvinnor<sub>3</sub></p>",
        "<output>ord</output>",
        "<p>ord<wbr>ord</p>",
        "<ruby>ord<rt>tre</rt></ruby>",
        "<dialog open>ord</dialog>",
        "<marquee>ord</marquee>",
        "<p><del>ord</del></p>",
        "<x-antal>ord</x-antal>",
        "<p>ord</p><!-- 3 kvinnor -->",
        "<p hidden>ord</p>",
        "<style>p::after { content: '3' }</style>",
        '<script type="application/ld+json">{"kvinnor": 3}</script>',
        '<meta name="viewport" content="3 kvinnor">',
        "<title>tre kvinnor</title>",
        "<details><summary>ord</summary><p>ord</p></details>",
        "<p>ord <code>3 kvinnor</code></p>",
        '<pre class="copy" tabindex="0">3 kvinnor</pre>',
        "<p><time>3 kvinnor</time></p>",
        '<p><time datetime="2026-01-01T00:00:03">den 3 januari</time></p>',
        "<p>kvinnor³</p>",
        "<p>③ kvinnor</p>",
        "<p>❸ kvinnor</p>",
        "<p>Ⅲ kvinnor</p>",
        "<p>½ av alla</p>",
        "<p>３ kvinnor</p>",
        "<p>٣ kvinnor</p>",
        "<p>三 kvinnor</p>",
        '<p><data value="3" data-fact="antal">4</data></p>',
        '<p><data value="3" data-fact="antal">3 kvinnor</data></p>',
        '<p><data value="3,0" data-fact="antal">3,0</data></p>',
        '<p><data value="tre" data-fact="antal">tre</data></p>',
        '<p><data value="4" data-fact="antal"><i class="m">3</i></data></p>',
        '<p><data value="4" data-fact="antal" title="3">4</data></p>',
        '<p>ord<i class="g">3</i></p>',
        '<p class="uncontrolled-page">ord</p>',
        '<p class="synthetic-page"></p>',
        '<p><strong class="synthetic">ord</strong></p>',
        '<p>ord<span aria-hidden="true">..</span></p>',
    ],
)
def test_what_no_block_of_ours_writes_is_refused(planted):
    with pytest.raises(PageRefusedError, match="refused"):
        page_with(planted)


def test_what_a_cell_of_markdown_writes_is_let_through():
    text = "## Avsnitt\n\n*Ord* och **ord**, `vgstats verify`.\n\n1. ett\n1. två\n\n* ord\n\n> citat\n\n---\n"
    cells = [new_markdown_cell(f"# Sidan\n\n{WORDS}\n\n{text}\n    rad\n")]
    ReportExporter().from_notebook_node(new_notebook(cells=cells))


def table(words: str = "Vansbro") -> str:
    fact = count_fact("antal kommuner", 12345)
    changed = say("{n:signed} %", n=count_fact("antal kommuner", -7))
    columns = [Column("Kommun", "text"), Column("Antal"), Column("Ändring")]
    rows = [
        [words, fact, changed],
        ["=summa", None, say("hämtas med {c}", c=Code("vgstats verify"))],
    ]
    return Table("prov", "Kommunerna", columns, rows).html()


def test_a_table_comes_with_a_download_of_what_it_shows():
    assert "prov.csv" in page_with(table())


@pytest.mark.parametrize("other", ["Vansbro, tre kvinnor", "Vansbro³", "vansbro"])
def test_a_download_that_holds_anything_else_is_refused(other):
    address = re.search(r'href="(data:text/csv[^"]*)"', table(other))[1]
    changed = re.sub(r'href="data:text/csv[^"]*"', f'href="{address}"', table())
    with pytest.raises(PageRefusedError, match="something else than its table"):
        page_with(changed)


def test_a_label_of_a_cell_is_the_heading_of_its_column():
    changed = table().replace("<td", '<td data-label="3 kvinnor"', 1)
    with pytest.raises(PageRefusedError, match="no heading of its table"):
        page_with(changed)


@pytest.mark.parametrize(
    "planted",
    [
        "<text>3 kvinnor</text>",
        "<title>3 kvinnor</title>",
        "<desc>tre</desc>",
        "<g id='kvinnor-3'/>",
        "<g aria-label='3'/>",
        "<!-- 3 -->",
        "<?antal 3?>",
        "<![CDATA[3]]>",
        "3 kvinnor",
        "<metadata>3</metadata>",
        "<image href='data:image/png;base64,x'/>",
        "<style>*{content:'3'}</style>",
        "<animate/>",
    ],
)
def test_a_drawing_is_of_paths_alone(planted, kommun_file):
    html = kommun_file.read_text(encoding="utf-8")
    changed = html.replace("</svg>", f"{planted}</svg>", 1)
    assert changed != html
    assert any("more than a drawing" in one for one in faults(LexborHTMLParser(changed)))
