"""The Word file that a document is begun from: a region's own template, or none, with every style that is needed.

Styles are known by their built-in names, which every language of Word writes alike in its files.
"""

from __future__ import annotations

import io
import zipfile
from copy import deepcopy
from pathlib import Path
from typing import TYPE_CHECKING, Any

from vgstats.errors import VgstatsError

if TYPE_CHECKING:
    from docx.document import Document

LANGUAGE = "sv-SE"
_NOT_INSTALLED = (
    "--to docx needs python-docx, which is not installed. Install it, with what draws its pictures, with: "
    "pip install 'vgstats[docx]'."
)
_MOST = 100 * 2**20  # bytes, unpacked
_TEMPLATE, _DOCUMENT = ".template.main+xml", ".document.main+xml"
_TYPES = "[Content_Types].xml"
# What is needed, with the size in points and the boldness of what stands in where a template has no such style.
_TEXTS = {
    "Heading 1": (18, True),
    "Heading 2": (13, True),
    "Heading 3": (11, True),
    "Subtitle": (11, False),
    "Caption": (10, True),
    "List Bullet": (11, False),
    "Quote": (11, False),
    "footnote text": (9, False),
}
TABLE = "Table Grid"
_ORDER_OF_LANGUAGE = ("eastAsianLayout", "specVanish", "oMath")  # what follows it


def check_installed() -> None:
    """Raise what is to be said where the library that writes Word files is missing.

    Raises:
        VgstatsError: it is.
    """
    try:
        import docx  # noqa: F401 - what writes the document
    except ImportError:
        raise VgstatsError(_NOT_INSTALLED) from None


def read_template(file: Path) -> bytes:
    """Return a Word template, .docx or .dotx, as it is begun from.

    Raises:
        VgstatsError: the file cannot be read or is no such file, or python-docx is not installed.
    """
    check_installed()
    refused = VgstatsError(
        f"--template: {file} is no Word document or template that can be read. Name a .docx or .dotx that Word opens; "
        "save an older .dot or one with macros as .dotx first."
    )
    try:
        content = file.read_bytes()
    except OSError as error:
        raise VgstatsError(
            f"--template: {file} cannot be read ({error.strerror}). Name a .docx or .dotx file."
        ) from None
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as parts:
            if "macroEnabled" in parts.read(_TYPES).decode("utf-8"):
                raise refused
            if sum(part.file_size for part in parts.infolist()) > _MOST:
                raise VgstatsError(
                    f"--template: {file} unpacks to more than {_MOST >> 20} MB. Name a template without large pictures."
                )
        begun_from(content)
    except VgstatsError:
        raise
    except Exception:
        raise refused from None
    return content


def begun_from(template: bytes = b"") -> Document:
    """Return an empty document with a template's styles, header and footer, and all styles that are needed."""
    import docx

    document = docx.Document(io.BytesIO(_as_document(template)) if template else None)
    _empty(document)
    _add_missing_styles(document, plain=not template)
    _speak_swedish(document)
    return document


def has_bullets(style: Any) -> bool:
    """Return whether a style of lists, or one that it is made of, puts a sign before each item."""
    while style is not None:
        if style.element.xpath("./w:pPr/w:numPr"):
            return True
        style = style.base_style
    return False


def as_file(document: Document) -> bytes:
    """Return a document as a file whose bytes depend on nothing but what it says."""
    saved, fixed = io.BytesIO(), io.BytesIO()
    document.save(saved)
    with (
        zipfile.ZipFile(saved) as parts,
        zipfile.ZipFile(fixed, "w", zipfile.ZIP_DEFLATED) as whole,
    ):
        for name in parts.namelist():
            whole.writestr(
                zipfile.ZipInfo(name), parts.read(name), compress_type=zipfile.ZIP_DEFLATED
            )
    return fixed.getvalue()


def _as_document(template: bytes) -> bytes:
    """Return a template as the document that Word would begin from it."""
    made = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(template)) as parts, zipfile.ZipFile(made, "w") as whole:
        for name in dict.fromkeys(parts.namelist()):
            content = parts.read(name)
            if name == _TYPES:
                content = content.replace(_TEMPLATE.encode(), _DOCUMENT.encode())
            whole.writestr(name, content)
    return made.getvalue()


def _empty(document: Document) -> None:
    """Leave of a template's body its first sheet, which always has its own header and footer."""
    body = document.element.body
    sheets = body.xpath(".//w:sectPr")
    sheet = deepcopy(sheets[0]) if sheets else None
    for part in list(body):
        body.remove(part)
    if sheet is not None:
        body.append(sheet)


def _add_missing_styles(document: Document, *, plain: bool) -> None:
    from docx.enum.style import WD_STYLE_TYPE
    from docx.shared import Cm, Pt, RGBColor

    styles: Any = document.styles
    known = {style.name for style in styles}
    for name, (size, bold) in _TEXTS.items():
        if name in known:
            continue
        style = styles.add_style(name, WD_STYLE_TYPE.PARAGRAPH, builtin=True)
        style.base_style = styles.default(WD_STYLE_TYPE.PARAGRAPH)
        style.font.size, style.font.bold = Pt(size), bold
        if name.startswith("Heading"):
            style.paragraph_format.keep_with_next = True
            style.paragraph_format.space_before, style.paragraph_format.space_after = Pt(12), Pt(4)
            style.element.get_or_add_pPr().append(
                element("w:outlineLvl", val=str(int(name[-1]) - 1))
            )
    if TABLE not in known:
        table = styles.add_style(TABLE, WD_STYLE_TYPE.TABLE, builtin=True)
        table.element.append(_borders())
    if plain:  # a sheet of the size that is used here, and colours that everyone can read
        for name in _TEXTS:
            styles[name].font.color.rgb = RGBColor.from_string(
                "12436D" if name.startswith("Heading") else "1F1F1F"
            )
        sheet = document.sections[0]
        sheet.page_width, sheet.page_height = Cm(21), Cm(29.7)
        sheet.left_margin = sheet.right_margin = Cm(2)
        sheet.top_margin = sheet.bottom_margin = Cm(2)


def _borders() -> Any:
    edges = element("w:tblBorders")
    for edge in ("top", "left", "bottom", "right", "insideH", "insideV"):
        edges.append(element(f"w:{edge}", val="single", sz="4", space="0", color="auto"))
    looks = element("w:tblPr")
    looks.append(edges)
    return looks


def _speak_swedish(document: Document) -> None:
    """Let all that is written be proofread as Swedish, whatever a template's styles say."""
    from docx.oxml.ns import qn

    root: Any = document.styles.element
    for language in root.iter(qn("w:lang")):
        language.set(qn("w:val"), LANGUAGE)
    default: Any = document.styles["Normal"].element.get_or_add_rPr()
    if default.find(qn("w:lang")) is None:
        default.insert_element_before(
            element("w:lang", val=LANGUAGE), *(f"w:{name}" for name in _ORDER_OF_LANGUAGE)
        )


def element(name: str, **values: str) -> Any:
    """Return an element of a Word file with its attributes."""
    from docx.oxml.ns import qn
    from docx.oxml.parser import OxmlElement

    found: Any = OxmlElement(name)
    for key, value in values.items():
        found.set(qn(f"w:{key}"), value)
    return found
