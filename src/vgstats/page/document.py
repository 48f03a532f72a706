"""A finished page's first page as a Word document, for a matter's file: to be read, and written on in.

It is made of the page alone, which has passed its gate. Anyone can change it, so it says that it is a copy.
"""

from __future__ import annotations

import datetime as dt
import io
from typing import Any

from PIL import Image
from selectolax.lexbor import LexborHTMLParser, LexborNode

from vgstats.catalogue.texts import ASSESSMENT
from vgstats.page.numbers_on_page import attribute, cell_text
from vgstats.page.parts import Parts
from vgstats.page.pdf import page_one_of
from vgstats.page.print_picture import png_of
from vgstats.page.word_template import LANGUAGE, TABLE, as_file, begun_from, element, has_bullets
from vgstats.page.word_text import SPACE, clean, fill, fill_table, is_shown, points, run, trim

WRITE_HERE = "[Skriv regionens bedömning här.]"
_WARNINGS = "p.uncontrolled-page, p.synthetic-page"
_STYLES = {
    "h1": "Heading 1", "h2": "Heading 2", "h3": "Heading 3", "figcaption": "Caption", "caption": "Caption",
    ".byline": "Subtitle", ".note": "footnote text", ".imprint": "footnote text",
}  # fmt: skip
_BULLETS = "List Bullet"
_WIDEST, _HIGHEST = 0.75, 0.35  # of what there is room for on a sheet


def document_of(page: str, file: str, template: bytes = b"") -> bytes:
    """Return the first page of a finished page as a Word document.

    It has all that the first page shows on paper, in the same order, then a place for the region's assessment where
    the page has none.

    Args:
        page: the page, which has passed its gate.
        file: the name of its file, for the document to say what it is a copy of.
        template: a Word template (see `word_template.read_template`); plain looks without one.

    Raises:
        VgstatsError: python-docx, or what draws the pictures, is not installed.
    """
    parts = Parts.of(page)
    first = LexborHTMLParser(page_one_of(page))
    document = begun_from(template)
    made = str(parts.record.get("dateCreated", "2000-01-01T00:00:00"))
    _say_what_it_is(document, parts, file, made)
    written = _Written(document)
    for warning in first.css(_WARNINGS):
        written.paragraph(warning, bold=True)
        warning.decompose()
    day = first.css_first("footer time")
    written.words(_mark(file, day.text() if day else made[:10]), bold=True)
    for place in first.css("main, footer"):
        if place.tag == "footer" and not any(map(_is_assessment, first.css("h2"))):
            written.words(ASSESSMENT, "Heading 2")
            written.place_to_write(WRITE_HERE)
        written.block(place)
    return as_file(document)


def _mark(file: str, day: str) -> str:
    return (
        f"Kopia av första sidan i rapporten {file}, gjord {day}. Kopian går att ändra, och kontrollen av rapportens "
        "tal omfattar den inte. Det är rapporten som gäller."
    )


def _say_what_it_is(document: Any, parts: Parts, file: str, made: str) -> None:
    """Write what a list of files shows of the document."""
    about = document.core_properties
    moment = dt.datetime.fromisoformat(made)
    about.created = about.modified = moment.astimezone(dt.UTC) if moment.tzinfo else moment
    about.title, about.language = parts.title[:255], LANGUAGE
    about.author = about.last_modified_by = "vgstats"
    about.subject = f"Kopia av första sidan i {file}"[:255]
    about.category, about.keywords = "Kopia", ""
    about.content_status, about.revision = "Kopia", 1
    comment = f"Kopia av {file}, gjord {made}. vgstats verify omfattar den inte."
    about.comments = " ".join([*parts.warnings, comment])[:255]


def _is_assessment(heading: LexborNode) -> bool:
    return heading.text(strip=True) == ASSESSMENT


class _Written:
    """Writes the parts of a page, one after the other, into a document."""

    def __init__(self, document: Any) -> None:
        self._document = document
        self._has_bullets = has_bullets(document.styles[_BULLETS])
        sheet = document.sections[0]
        self._room = (
            sheet.page_width - sheet.left_margin - sheet.right_margin,
            sheet.page_height - sheet.top_margin - sheet.bottom_margin,
        )

    def block(self, node: LexborNode, style: str | None = None) -> None:
        """Write a part with all that is in it, as far as paper shows it."""
        if not is_shown(node):
            return
        if node.tag == "img":
            self.picture(node)
        elif node.tag == "table":
            self.table(node)
        elif node.tag in {"ul", "ol"}:
            numbered = node.tag == "ol"
            for number, item in enumerate(node.iter(), 1):
                self.item(item, f"{number}." if numbered else "")
        elif node.tag == "hr":
            return
        elif any(_is_block(part) for part in node.traverse() if part.mem_id != node.mem_id):
            inside = "Quote" if node.tag == "blockquote" else style
            for part in node.iter():
                self.block(part, inside)
        elif node.text(strip=True):
            kind = (
                _STYLES.get(f".{attribute(node, 'class')}") or _STYLES.get(node.tag or "") or style
            )
            self.paragraph(
                node, kind, bold=attribute(node, "class") == "own-label" or node.tag == "dt"
            )

    def item(self, item: LexborNode, number: str) -> None:
        """Write an item of a list; its number, or a sign where the style of lists has none, is written as text."""
        if any(map(_is_block, item.iter())):
            self.block(item)
            return
        sign = number or ("" if self._has_bullets else "•")
        paragraph = self._document.add_paragraph(style=None if number else _BULLETS)
        if sign:
            run(f"{sign}\t", paragraph, set())
            paragraph.paragraph_format.left_indent = points(20)
            paragraph.paragraph_format.first_line_indent = -points(14)
            paragraph.paragraph_format.tab_stops.add_tab_stop(points(20))
        fill(paragraph, item, set())
        trim(paragraph)

    def words(self, words: str, style: str | None = None, *, bold: bool = False) -> Any:
        """Write a paragraph of our own."""
        paragraph = self._document.add_paragraph(style=style)
        run(words, paragraph, {"bold"} if bold else set())
        return paragraph

    def paragraph(self, node: LexborNode, style: str | None = None, *, bold: bool = False) -> Any:
        """Write what an element says as a paragraph; a caption stays with what it is above."""
        paragraph = self._document.add_paragraph(style=style)
        fill(paragraph, node, {"bold"} if bold else set())
        trim(paragraph)
        if style == "Caption":
            paragraph.paragraph_format.keep_with_next = True
        return paragraph

    def place_to_write(self, words: str) -> None:
        """Write a place that says what is to be written in it, and whose words go when that is done."""
        paragraph = self._document.add_paragraph()
        control, about, content = (element(f"w:{name}") for name in ("sdt", "sdtPr", "sdtContent"))
        for part in (
            element("w:alias", val=ASSESSMENT),
            element("w:tag", val="regionens-bedomning"),
            element("w:id", val="1"),
            element("w:temporary"),
            element("w:showingPlcHdr"),
        ):
            about.append(part)
        control.append(about)
        control.append(content)
        paragraph._p.append(control)
        run = paragraph.add_run(words)
        run.font.highlight_color = 7  # yellow
        content.append(run._r)

    def picture(self, image: LexborNode) -> None:
        """Write a picture at the size that there is room for, with what it says to who does not see it."""
        data = png_of(image)
        with Image.open(io.BytesIO(data)) as opened:
            across, down = opened.size
        wide = int(min(self._room[0] * _WIDEST, self._room[1] * _HIGHEST * across / down))
        paragraph = self._document.add_paragraph()
        shape = paragraph.add_run().add_picture(io.BytesIO(data), width=wide)
        about = shape._inline.docPr
        about.set("descr", clean(attribute(image, "alt")))
        about.set("name", "Figur")
        paragraph.paragraph_format.keep_with_next = True

    def table(self, table: LexborNode) -> None:
        """Write a table under its caption, its header row marked as one and repeated on every sheet."""
        caption = table.css_first("caption")
        if caption is not None and caption.text(strip=True):
            self.paragraph(caption, "Caption")
        rows = [row.css("th, td") for row in table.css("tr")]
        heads = len(table.css("thead tr"))
        made = self._document.add_table(0, max(map(len, rows)), style=TABLE)
        for number in range(len(rows)):
            about = made.add_row()._tr.get_or_add_trPr()
            about.append(element("w:cantSplit"))
            if number < heads:
                about.append(element("w:tblHeader"))
        fill_table(made, rows, heads, self._room[0])
        if caption is not None:
            words = clean(SPACE.sub(" ", cell_text(caption)).strip())
            made._tbl.tblPr.append(element("w:tblCaption", val=words))
        after = self._document.add_paragraph()  # else a table after it would be part of it
        after.paragraph_format.space_after = after.paragraph_format.space_before = 0
        after.paragraph_format.line_spacing = points(4)


def _is_block(node: LexborNode) -> bool:
    return node.tag in {
        "p", "div", "ul", "ol", "li", "table", "figure", "figcaption", "img", "blockquote", "dl", "dt", "dd", "hr",
        "h1", "h2", "h3", "h4", "h5", "h6", "pre", "nav", "footer",
    }  # fmt: skip
