"""The same page as PDF: tagged as PDF/UA-1 asks, with page numbers in the contents.

WeasyPrint rather than a browser: it tags figures and all content, writes page numbers into the list of
contents and declares PDF/UA, which Chromium's PDF does not, and the file is a fifth as large.
"""

from __future__ import annotations

from typing import Any

from vgstats.errors import VgstatsError
from vgstats.facts.facts import MINUS

_EDGE = 8  # points from the edge of a sheet that a printer may not reach


def pdf_of(page: str) -> bytes:
    """Return a finished page as a PDF/UA-1 file.

    Raises:
        VgstatsError: WeasyPrint or the system library that it draws text with is not installed, or a text
            runs off its sheet.
    """
    weasyprint = _weasyprint()
    only_embedded = weasyprint.urls.URLFetcher(allowed_protocols={"data"})
    # What is drawn over a sign is for browsers, where numbers are selected and searched for.
    plain = page.replace("<i class=m>-</i>", MINUS)
    document = weasyprint.HTML(string=plain, url_fetcher=only_embedded)
    data: bytes = document.write_pdf(pdf_variant="pdf/ua-1", finisher=_say_what_headings_head)
    _refuse_what_runs_off(data)
    return data


def _refuse_what_runs_off(data: bytes) -> None:
    """Read the finished file back: a number that is cut at the edge of a sheet would read as another."""
    import pypdfium2

    for number, sheet in enumerate(pypdfium2.PdfDocument(data), 1):
        width, height = sheet.get_size()
        text_page = sheet.get_textpage()
        for text in sheet.get_objects(filter=[pypdfium2.raw.FPDF_PAGEOBJ_TEXT], textpage=text_page):
            left, low, right, high = text.get_bounds()
            if min(left, low) < _EDGE or right > width - _EDGE or high > height - _EDGE:
                raise VgstatsError(
                    f"the PDF is refused: on sheet {number} the text {text.extract()[:40]!r} runs off the edge. Give "
                    "its table fewer columns or shorter words, or read the HTML report, where it scrolls."
                )


def check_available() -> None:
    """Raise the error of `pdf_of` before anything is rendered, if there is to be one."""
    _weasyprint()


def _weasyprint() -> Any:
    try:
        import pypdfium2  # noqa: F401 - what reads the file back
        import weasyprint
    except ImportError:
        raise VgstatsError(
            "--to pdf needs WeasyPrint and pypdfium2, which are not installed. Install them with: pip install "
            "'vgstats[pdf]'. Or open the HTML report in a browser and print it to a PDF."
        ) from None
    except OSError as error:
        raise VgstatsError(
            f"--to pdf needs the library Pango ({str(error).splitlines()[0]}). Install it: "
            "'apt-get install libpango-1.0-0 libpangoft2-1.0-0' on Debian and Ubuntu, 'brew install "
            "pango' on macOS; for Windows see WeasyPrint's first steps. Or open the HTML report in a "
            "browser and print it to a PDF."
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
