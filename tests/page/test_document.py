"""The first page as a Word document: all that it says in its order, by whoever's looks, and marked as a copy."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

import pytest
from bs4 import BeautifulSoup
from docx import Document
from docx.oxml.ns import qn
from PIL import Image

from vgstats.blocks.blocks import SYNTHETIC_PAGE
from vgstats.errors import VgstatsError
from vgstats.facts.facts import GROUP, MINUS, NO_BREAK
from vgstats.page.document import WRITE_HERE, document_of
from vgstats.page.word_template import read_template

pytestmark = pytest.mark.usefixtures("pdf_tools")
HOSTILE = '<w:t>="{ HYPERLINK evil }"&amp;=cmd|calc\x01</w:t>'


def opened(data: bytes):
    return Document(io.BytesIO(data))


def texts(element) -> str:
    """All that an element of a document says, without the ordinary spaces and where lines end."""
    said = "".join(t.text or "" for t in element.iter(qn("w:t")))
    return "".join(said.replace(NO_BREAK, "_").replace(GROUP, "~").split())


def seen(page: str) -> str:
    """The first page as paper shows it, read by another library than that which makes the document."""
    whole = BeautifulSoup(page, "html.parser")
    front = whole.select_one("div.front")
    for one in front.select(".folded, .unseen, details, map"):
        one.decompose()
    for number in front.select("data"):
        number.string = number.get_text().replace("-", MINUS).replace(NO_BREAK, GROUP)
    said = front.get_text() + whole.footer.get_text()
    return "".join(said.replace(NO_BREAK, "_").replace(GROUP, "~").split())


@pytest.fixture(scope="module")
def document(vg_file: Path) -> bytes:
    """The first page of the default report, with plain looks."""
    return document_of(vg_file.read_text(encoding="utf-8"), vg_file.name)


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A region's template: a heading and a header of its own, words in its body, and some styles lacking."""
    begun = Document()
    begun.sections[0].header.paragraphs[0].text = "Region Prov"
    begun.styles["Heading 1"].font.name = "Regionsans"
    for name in ("Heading 2", "Caption", "List Bullet", "Table Grid"):
        begun.styles[name].delete()
    begun.add_paragraph("Skriv här")
    saved = io.BytesIO()
    begun.save(saved)
    file = tmp_path_factory.mktemp("mall") / "mall.dotx"
    with zipfile.ZipFile(saved) as parts, zipfile.ZipFile(file, "w") as made:
        for name in parts.namelist():
            content = parts.read(name).replace(b".document.main+xml", b".template.main+xml")
            made.writestr(name, content)
    return file


def test_it_says_all_that_the_first_page_says_in_its_order_after_saying_that_it_is_a_copy(
    document, vg_file
):
    found, page = opened(document), vg_file.read_text(encoding="utf-8")
    first, rest = found.paragraphs[0], texts(found.element.body)
    assert vg_file.name in first.text and "Kopia" in first.text
    assert rest == texts(first._p) + seen(page)
    headings = [(p.style.name, p.text) for p in found.paragraphs if "Heading" in p.style.name]
    assert headings[0][0] == "Heading 1" and ("Heading 2", "Regionens bedömning") in headings
    about = found.core_properties
    assert vg_file.name in about.comments and "vgstats verify" in about.comments
    assert about.title == headings[0][1] and about.language == "sv-SE"


def test_its_table_has_a_head_that_repeats_and_its_picture_says_what_it_shows(document, vg_page):
    found = opened(document)
    (table,) = found.tables
    assert len(table._tbl.findall(f".//{qn('w:tblHeader')}")) == 1
    assert table.rows[0]._tr.trPr.find(qn("w:tblHeader")) is not None
    (shape,) = found.inline_shapes
    assert shape._inline.docPr.get("descr") == vg_page.select_one("div.front figure img")["alt"]
    (picture,) = [p.blob for p in found.part.package.iter_parts() if p.partname.endswith(".png")]
    with Image.open(io.BytesIO(picture)) as image:
        assert image.width / shape.width.inches > 250, "dots to an inch of paper"
        assert len(image.getcolors(2**24)) > 10, "something is drawn"
    languages = {one.get(qn("w:val")) for one in found.styles.element.iter(qn("w:lang"))}
    assert languages == {"sv-SE"}


def test_an_unchanged_page_gives_the_same_file(document, vg_file):
    assert document_of(vg_file.read_text(encoding="utf-8"), vg_file.name) == document


def test_a_template_gives_its_looks_and_what_it_lacks_stands_in(vg_file, template, document):
    made = document_of(vg_file.read_text(encoding="utf-8"), vg_file.name, read_template(template))
    found = opened(made)
    assert found.sections[0].header.paragraphs[0].text == "Region Prov"
    (heading,) = [p for p in found.paragraphs if p.style.name == "Heading 1"]
    assert heading.style.font.name == "Regionsans"
    said = texts(found.element.body)
    assert "Skrivhär" not in said
    assert said.replace("•", "") == texts(opened(document).element.body) and "•" in said
    below = found.styles["Heading 2"].element
    assert below.find(f".//{qn('w:outlineLvl')}").get(qn("w:val")) == "1"


@pytest.mark.parametrize("content", [b"", b"{\\rtf1}", "zip", "sheet", None])
def test_a_file_that_is_no_template_is_refused_with_words(content, tmp_path):
    file = tmp_path / "mall.dotx"
    if content in ("zip", "sheet"):
        with zipfile.ZipFile(file, "w") as parts:
            parts.writestr("[Content_Types].xml" if content == "sheet" else "a", "<Types/>")
    elif content is not None:
        file.write_bytes(content)
    with pytest.raises(VgstatsError, match=r"--template: .*mall\.dotx.*Name a \.docx or \.dotx"):
        read_template(file)


@pytest.mark.parametrize("which", ["kommun_file", "register_file", "practice_file"])
def test_every_kind_of_report_gives_one_with_its_warnings_first_and_a_place_to_write_in(
    which, request
):
    file = request.getfixturevalue(which)
    page = file.read_text(encoding="utf-8")
    found = opened(document_of(page, file.name))
    made_up = 'class="synthetic-page"' in page
    lines = [p.text for p in found.paragraphs]
    assert made_up == (which != "kommun_file")
    assert not made_up or lines[0].startswith(SYNTHETIC_PAGE)
    assert lines[made_up].startswith("Kopia")
    (control,) = found.element.body.iter(qn("w:sdt"))
    assert texts(control) == "".join(WRITE_HERE.split())
    whole = texts(found.element.body)
    place = "Regionensbedömning" + "".join(WRITE_HERE.split())
    mark = "".join(lines[made_up].split())
    assert whole.replace(mark, "").replace(place, "") == seen(page)


def test_a_regions_own_words_stay_words_and_only_links_to_the_web_are_links():
    own = (
        f"<p>{HOSTILE.replace('<', '&lt;')} <strong>Fet</strong> text"
        '<a href="javascript:alert()">fel</a> <a href="https://example.org/a">rätt</a></p><ol><li>Ett</li></ol>'
    )
    page = (
        '<main><div class="front"><h1>Rubrik</h1><div class="part"><h2 class="front">Regionens bedömning</h2>'
        f'<div class="own-words"><p class="own-label">Regionens egen text</p>{own}</div></div></div></main>'
        "<footer><p>Gjord</p></footer>"
    )
    found = opened(document_of(page, "a.html"))
    said = [p.text for p in found.paragraphs]
    assert "Regionens egen text" in said and "1.\tEtt" in said and WRITE_HERE not in said
    assert '<w:t>="{ HYPERLINK evil }"&=cmd|calc</w:t> Fet textfel rätt' in said
    assert not list(found.element.body.iter(qn("w:instrText"), qn("w:fldSimple")))
    links = [one.target_ref for one in found.part.rels.values() if one.is_external]
    assert links == ["https://example.org/a"]
