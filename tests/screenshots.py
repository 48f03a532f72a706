"""Take pictures of the rendered reports, for a person to look at: `make screenshots`.

Writes first screen and whole page at 1280 and 390 px, light and dark, and the print view as PDF, to
reports/screenshots/.
"""

from __future__ import annotations

import sys
from itertools import product
from pathlib import Path

from browser import chromium


def main() -> None:
    root = Path(__file__).parent.parent / "reports"
    pages = [Path(arg).resolve() for arg in sys.argv[1:]] or sorted(root.glob("*/*.html"))[:3]
    folder = root / "screenshots"
    folder.mkdir(parents=True, exist_ok=True)
    with chromium() as browser:
        for page_file in pages:
            name = f"{page_file.parent.name}-{page_file.stem}"
            for width, scheme in product((1280, 390), ("light", "dark")):
                page = browser.new_page(
                    viewport={"width": width, "height": 844}, color_scheme=scheme
                )
                page.goto(page_file.as_uri())
                picture = f"{name}-{width}-{scheme}"
                page.screenshot(path=folder / f"{picture}-first.png")
                page.screenshot(path=folder / f"{picture}.png", full_page=True)
                page.close()
            page = browser.new_page()
            page.goto(page_file.as_uri())
            page.pdf(path=folder / f"{name}.pdf", format="A4", prefer_css_page_size=True)
            page.close()
            print(folder / name)


if __name__ == "__main__":
    main()
