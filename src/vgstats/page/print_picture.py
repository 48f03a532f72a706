"""A picture of a page at the size of print: a drawing as a PNG file, and what is one already as it is."""

from __future__ import annotations

import base64
import html
import io
from urllib.parse import unquote

from PIL import Image, ImageChops
from selectolax.lexbor import LexborNode

from vgstats.page.numbers_on_page import attribute
from vgstats.page.pdf import READING, pdf_of

_DOTS = 2000  # across a picture: some 300 an inch over the width of a sheet
_FRAME = 800  # dots, where a picture does not say its size


def png_of(image: LexborNode) -> bytes:
    """Return a picture of a page, at the size of print where it is a drawing.

    Raises:
        VgstatsError: what draws it is not installed (see `pdf_of`).
    """
    source = attribute(image, "src")
    if not source.startswith("data:image/svg"):
        kind, _, content = source.partition(",")
        data = base64.b64decode(content) if kind.endswith("base64") else unquote(content).encode()
        made = io.BytesIO()
        with Image.open(io.BytesIO(data)) as opened:
            opened.convert("RGBA").save(made, format="PNG")
        return made.getvalue()
    width, height = (attribute(image, side) for side in ("width", "height"))
    sized = width.isdigit() and height.isdigit()
    across, down = (int(width), int(height)) if sized else (_FRAME, 2 * _FRAME)
    drawn = pdf_of(
        f'<!DOCTYPE html><html lang="sv"><head><meta charset="utf-8"><title>Figur</title><style>@page {{ size: '
        f"{across}px {down}px; margin: 0 }} body {{ margin: 0 }} img {{ display: block; max-width: {across}px; "
        f'max-height: {down}px }}</style></head><body><img alt="{html.escape(attribute(image, "alt"), quote=True)}" '
        f'src="{html.escape(source, quote=True)}"{f" width={across} height={down}" if sized else ""}></body></html>'
    )
    return _rendered(drawn, trimmed=not sized)


def _rendered(drawn: bytes, *, trimmed: bool) -> bytes:
    import pypdfium2

    with READING:
        sheet = pypdfium2.PdfDocument(drawn)[0]
        picture = sheet.render(scale=_DOTS / sheet.get_width()).to_pil().convert("RGB")
    if trimmed:
        blank = Image.new("RGB", picture.size, "white")
        picture = picture.crop(ImageChops.difference(picture, blank).getbbox())
    made = io.BytesIO()
    picture.save(made, format="PNG", optimize=True, dpi=(300, 300))
    return made.getvalue()
