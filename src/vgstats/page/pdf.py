"""The same page as PDF: tagged as PDF/UA-1 asks, with page numbers in the contents.

WeasyPrint rather than a browser: it tags figures and all content, writes page numbers into the list of
contents and declares PDF/UA, which Chromium's PDF does not, and the file is a fifth as large. Where it or its Pango
is missing, a browser that is installed does (see `page.browser`), and `not_ua` says so.
"""

from __future__ import annotations

import re
import threading
from typing import Any

from selectolax.lexbor import LexborHTMLParser

from vgstats.errors import VgstatsError
from vgstats.facts.facts import MINUS
from vgstats.page.browser import installed_browser, printed_by

_NOT_INSTALLED = (
    "--to pdf, page-one, bilder and docx need WeasyPrint and pypdfium2, which are not installed. Install them with: "
    "pip install 'vgstats[pdf]'. "
    "Or install pypdfium2 and Chromium, Google Chrome or Microsoft Edge, which then prints it, though not as PDF/UA."
)
READING = (
    threading.RLock()
)  # PDFium reads for one thread at a time, and reports are made in several
_DRAWN_OVER = re.compile('<i class="?m"?>-</i>')
_EDGE = 8  # points from the edge of a sheet that a printer may not reach
_MARGIN = 16 / 25.4 * 72 - 0.1  # points beside the text, as the style sheet has it for print


def pdf_of(page: str) -> bytes:
    """Return a finished page as a PDF/UA-1 file, or as a browser prints it where that cannot be made (see `not_ua`).

    Raises:
        VgstatsError: neither WeasyPrint, with the system library that it draws text with, nor a browser is
            installed, or a text runs off its sheet.
    """
    # What is drawn over a sign is for browsers, where numbers are selected and searched for.
    plain = _DRAWN_OVER.sub(MINUS, page)
    _demand_reader()
    try:
        weasyprint = _weasyprint()
    except VgstatsError as missing:
        data = printed_by(_browser_instead(missing), plain)
        _refuse_what_runs_off(data, right=_MARGIN)
    else:
        only_embedded = weasyprint.urls.URLFetcher(allowed_protocols={"data"})
        document = weasyprint.HTML(string=plain, url_fetcher=only_embedded)
        data = document.write_pdf(pdf_variant="pdf/ua-1", finisher=_say_what_headings_head)
        _refuse_what_runs_off(data, right=_EDGE)
    return data


def page_one_of(page: str) -> str:
    """Return a finished page with its first page alone: title, summary and who made it when.

    A link to a section becomes its words. A page without sections is its own first page.
    """
    parsed = LexborHTMLParser(page)
    for part in parsed.css("main > nav, main > .depth, .skip"):
        part.decompose()
    for link in parsed.css('a[href^="#"]'):
        link.unwrap()
    return parsed.html or page


def sheets(data: bytes) -> int:
    """Return how many sheets a PDF has."""
    import pypdfium2

    with READING:
        return len(pypdfium2.PdfDocument(data))


def not_ua() -> str:
    """Return why the PDFs made here are not PDF/UA, and by what they are made; empty where they are."""
    try:
        _weasyprint()
    except VgstatsError as missing:
        return (
            f"the PDF is printed by {_browser_instead(missing)} and is not PDF/UA: it has no page numbers in its "
            f"contents, and not all tags for those who listen to it. {str(missing).partition(' Or ')[0]}"
        )
    return ""


def _browser_instead(missing: VgstatsError) -> str:
    if found := installed_browser():
        return found
    raise missing from None


def _refuse_what_runs_off(data: bytes, *, right: float) -> None:
    """Read the finished file back: a number that is cut at the edge of a sheet would read as another.

    `right` is how near the right edge a text may come: a browser leaves out every letter beyond the margin.
    """
    with READING:
        _refuse_in(data, right)


def _refuse_in(data: bytes, right: float) -> None:
    import pypdfium2

    for number, sheet in enumerate(pypdfium2.PdfDocument(data), 1):
        width, height = sheet.get_size()
        text_page = sheet.get_textpage()
        for text in sheet.get_objects(filter=[pypdfium2.raw.FPDF_PAGEOBJ_TEXT], textpage=text_page):
            left, low, end, high = text.get_bounds()
            if min(left, low) < _EDGE or end > width - right or high > height - _EDGE:
                raise VgstatsError(
                    f"the PDF is refused: on sheet {number} the text {text.extract()[:40]!r} runs off the edge. Give "
                    "its table fewer columns or shorter words, or read the HTML report, where it scrolls."
                )


def check_available() -> None:
    """Raise the error of `pdf_of` before anything is rendered, if there is to be one."""
    _demand_reader()
    not_ua()


def _demand_reader() -> None:
    try:
        import pypdfium2  # noqa: F401 - what reads the file back
    except ImportError:
        raise VgstatsError(_NOT_INSTALLED) from None


def _weasyprint() -> Any:
    try:
        import weasyprint
    except ImportError:
        raise VgstatsError(_NOT_INSTALLED) from None
    except OSError as error:
        raise VgstatsError(
            f"--to pdf needs the library Pango ({str(error).splitlines()[0]}). Install it: "
            "'apt-get install libpango-1.0-0 libpangoft2-1.0-0' on Debian and Ubuntu, 'brew install "
            "pango' on macOS; for Windows see WeasyPrint's first steps. Or install Chromium, Google Chrome or "
            "Microsoft Edge, which then prints it, though not as PDF/UA."
        ) from None
    return weasyprint


def _say_what_headings_head(_: Any, pdf: Any) -> None:
    """Mark each header cell with its scope, which WeasyPrint leaves out.

    Those of the table's head are for columns, the others for rows.
    """
    elements: dict[Any, Any] = {
        item.reference: item
        for item in pdf.objects
        if hasattr(item, "get") and item.get("Type") == "/StructElem"
    }
    for element in elements.values():
        if element["S"] == "/TH":
            row = elements[element["P"]]
            in_head = elements[row["P"]]["S"] == "/THead"
            element["A"]["Scope"] = "/Column" if in_head else "/Row"
