"""Draw page one of the default report for the README and the guides: `make picture`.

Chromium prints the report, and its first sheet becomes docs/_static/sida-1.webp.
"""

from __future__ import annotations

import sys
from pathlib import Path

import pypdfium2

from browser import chromium

PICTURE = Path(__file__).parent.parent / "docs" / "_static" / "sida-1.webp"
WIDTH = 900


def main() -> None:
    (report,) = map(Path, sys.argv[1:])
    with chromium() as browser:
        page = browser.new_page()
        page.goto(report.resolve().as_uri())
        printed = page.pdf(format="A4", prefer_css_page_size=True, page_ranges="1")
    sheet = pypdfium2.PdfDocument(printed)[0]
    image = sheet.render(scale=WIDTH / sheet.get_width()).to_pil()
    image.save(PICTURE, quality=55, method=6)
    print(f"{PICTURE} ({PICTURE.stat().st_size // 1000} kB)")


if __name__ == "__main__":
    main()
