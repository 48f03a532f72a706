"""What every page shares: the style and the policy that lets nothing else in."""

from __future__ import annotations

import base64
import hashlib
import re
from functools import cache
from html import unescape
from importlib.metadata import version
from importlib.resources import as_file, files
from pathlib import Path

from vgstats.errors import VgstatsError

TEMPLATE_NAME = "vgstats"


@cache
def template_folder() -> Path:
    """Return the folder that holds the templates, by template name."""
    with as_file(files("vgstats") / "templates") as folder:
        return folder


@cache
def style() -> str:
    """Return the style sheet of the pages.

    Raises:
        VgstatsError: it or a template is missing from the installed package.
    """
    folder = template_folder() / TEMPLATE_NAME
    for name in ("page.html.j2", "index.html.j2", "batch.html.j2", "conf.json", "style.css"):
        if not (folder / name).is_file():
            raise VgstatsError(
                f"The bundled file {folder / name} is missing. Install the package again."
            )
    return (folder / "style.css").read_text(encoding="utf-8")


@cache
def security_policy() -> str:
    """Return the Content-Security-Policy: only this style and embedded images, nothing else."""
    digest = base64.b64encode(hashlib.sha256(style().encode()).digest()).decode()
    return (
        f"default-src 'none'; img-src data:; style-src 'sha256-{digest}'; "
        "base-uri 'none'; form-action 'none'"
    )


def page_context() -> dict[str, str]:
    """Return what the page template needs besides its content."""
    return {"style": style(), "policy": security_policy(), "version": version("vgstats")}


def main_heading(body: str) -> str:
    """Return the words of the page's h1, or an empty text."""
    match = re.search(r"<h1[^>]*>(.*?)</h1>", body, re.DOTALL)
    return unescape(re.sub(r"<[^>]+>", "", match[1])) if match else ""


def with_contents(body: str) -> str:
    """Return the body with ids on its h2 headings and a list of them in front of the first."""
    headings = re.findall(r"<h2>(.*?)</h2>", body)
    if not headings:
        return body
    items = ""
    for number, words in enumerate(headings, 1):
        body = body.replace("<h2>", f'<h2 id="avsnitt-{number}">', 1)
        items += f'<li><a href="#avsnitt-{number}">{words}</a></li>'
    nav = f'<nav aria-labelledby="innehall"><p id="innehall">Innehåll</p><ol>{items}</ol></nav>\n'
    start = body.index("<h2 ")
    return body[:start] + nav + body[start:]
