"""Whatever names, notes and titles say, they end as text: in the page, its head, its print and its data."""

from __future__ import annotations

import json
import re
from collections import Counter

import pytest
from selectolax.lexbor import LexborHTMLParser

from support import ROOT, read_page
from vgstats.batch.execute import report_page
from vgstats.batch.plan import plan
from vgstats.page.gate import faults
from vgstats.page.template import as_record, running_header

HARM = '</script></style><script>x()</script><img src=x onerror="x()">"\';=1+1{{7*7}}'


@pytest.fixture(scope="module")
def pages():
    """The default report, and the same with harm in every text that a source brings."""
    job = plan(ROOT / "params" / "vg-2006-2008.yaml").jobs[0]
    clean = report_page(job, ROOT / "notebooks")
    texts = ["short", "publisher", "title", "published", "note", "licence"]
    job.bundle.sources[texts] = job.bundle.sources[texts].map(lambda text: f"{text} {HARM}")
    job.bundle.sources["address"] = 'https://x.se/"><script>x()</script>'
    return clean, report_page(job, ROOT / "notebooks")


def test_no_element_or_attribute_comes_of_it(pages):
    def kinds(html: str) -> Counter:
        page = read_page(html)
        elements = [
            e for e in page.find_all(True) if e.name not in ("a", "cite", "span", "tr", "th", "td")
        ]  # a name without an address is no link
        return Counter((e.name, *sorted(e.attrs)) for e in elements)

    clean, attacked = pages
    assert "x()" in attacked and "x()" not in clean
    assert kinds(attacked) - kinds(clean) == Counter()
    assert faults(LexborHTMLParser(attacked)) == []


def test_it_is_read_as_it_was_written(pages):
    page = read_page(pages[1])
    assert HARM in page.find(id="kallor").get_text()
    record = json.loads(page.find("script").get_text())
    assert all(HARM in dataset["name"] for dataset in record["isBasedOn"])


def test_nothing_in_the_record_ends_it():
    assert "<" not in as_record({"a": HARM})
    assert json.loads(as_record({"a": HARM})) == {"a": HARM}


def test_nothing_in_the_heading_ends_the_running_header():
    style = running_header(f'Rubrik "; }} {HARM} \\ \n')
    (words,) = re.findall(r'content: "([^"]*)"; \} \}$', style)
    assert not set('"<>{};\n') & set(words)
    assert style.count("{") == 2 and style.count("}") == 2
