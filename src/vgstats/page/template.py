"""What every page shares: the style, the policy that lets nothing else in, and the parts around it."""

from __future__ import annotations

import base64
import datetime as dt
import hashlib
import json
import re
from collections import Counter
from collections.abc import Callable, Iterable
from functools import cache
from html import unescape
from importlib.resources import as_file, files
from pathlib import Path
from typing import Any

import jinja2
from babel.dates import format_date

from vgstats.errors import VgstatsError
from vgstats.facts.facts import GROUP, MINUS, NO_BREAK
from vgstats.facts.text import heading_id
from vgstats.page.released import shows_own_figures
from vgstats.software import __version__

TEMPLATE_NAME = "vgstats"
_HEADINGS = re.compile(r"<h([23])>(.*?)</h\1>", re.DOTALL)
_SECTION_LINK = re.compile(r'<a href="#([\w-]+)">([^<]*)</a>')
_DOWNLOAD = re.compile(
    r'\n?<p class="download">(<a [^>]*\bdownload="([^"]*)"[^>]*>)[^<]*(</a></p>)'
)
_NUMBER = re.compile(rf"(<data [^>]*>)([^<]*)(</data>)({NO_BREAK}(?=%))?")


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
    parts = ("style.css", "dark.css", "phone.css", "print.css")
    for name in ("page.html.j2", "index.html.j2", "batch.html.j2", "conf.json", *parts):
        if not (folder / name).is_file():
            raise VgstatsError(
                f"The bundled file {folder / name} is missing. Install the package again."
            )
    return "".join((folder / name).read_text(encoding="utf-8") for name in parts)


def page_context(made: dt.datetime) -> dict[str, str]:
    """Return what the page template needs besides its content: the style, and who made it when."""
    return {
        "style": style(),
        "version": __version__,
        "made": made.isoformat(timespec="seconds"),
        "made_words": made_words(made.isoformat()),
    }


def page_of_blocks(body: str, made: dt.datetime, record: dict[str, Any] | None = None) -> str:
    """Return a page that no notebook made: an index, or why a report failed."""
    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(template_folder() / TEMPLATE_NAME),
        autoescape=False,  # noqa: S701 - the blocks escape their own texts, as in the reports
    )
    environment.filters |= filters()
    template = environment.get_template("batch.html.j2")
    return template.render(body=body, page=page_context(made), record=record)


def made_words(stamp: str) -> str:
    """Return the day of a time stamp in words, empty when it is not one."""
    try:
        day = dt.datetime.fromisoformat(stamp)
    except ValueError:
        return ""
    return format_date(day, "d MMMM y", locale="sv_SE")


def filters() -> dict[str, Callable[..., Any]]:
    """Return the functions that the templates make the parts of a page with."""
    return {
        "main_heading": main_heading,
        "with_contents": with_contents,
        "with_folded_downloads": with_folded_downloads,
        "easily_taken": easily_taken,
        "running_header": running_header,
        "shows_own_figures": shows_own_figures,
        "security_policy": security_policy,
        "as_record": as_record,
    }


def security_policy(styles: Iterable[str]) -> str:
    """Return the Content-Security-Policy: only these styles and embedded images, nothing else."""
    digests = (base64.b64encode(hashlib.sha256(s.encode()).digest()).decode() for s in styles)
    allowed = " ".join(f"'sha256-{digest}'" for digest in digests)
    return f"default-src 'none'; img-src data:; style-src {allowed}; base-uri 'none'; form-action 'none'"


def running_header(heading: str) -> str:
    """Return the style that prints a page's heading on top of every sheet but the first."""
    words = re.sub(r"[^\w ,.:()–-]", lambda match: f"\\{ord(match[0]):x} ", heading)
    return f'@page {{ @top-left {{ content: "{words}"; }} }}'


def as_record(record: dict[str, Any]) -> str:
    """Return the record as text that no browser can take for the end of its element."""
    return json.dumps(record, ensure_ascii=False, separators=(",", ":")).replace("<", "\\u003c")


def main_heading(body: str) -> str:
    """Return the words of the page's h1, or an empty text."""
    match = re.search(r"<h1[^>]*>(.*?)</h1>", body, re.DOTALL)
    return unescape(re.sub(r"<[^>]+>", "", match[1])) if match else ""


def easily_taken(body: str) -> str:
    """Return the body with its numbers so that eye, clipboard and search box each get what they expect.

    The eye gets a minus sign and thin spaces, a spreadsheet `-30200` and a search for `-30 200` its hit: the
    spaces cannot be selected, and the minus is a hyphen that a minus sign is drawn over.
    """
    return _NUMBER.sub(
        lambda found: f"{found[1]}{_taken(found[2])}{found[3]}{_taken(found[4] or '')}", body
    )


def _taken(text: str) -> str:
    # Firefox's search takes no other space than the ordinary no-break one for a space.
    spaced = re.sub(f"[{GROUP}{NO_BREAK}]", f"<i class=g>{NO_BREAK}</i>", text)
    return spaced.replace(MINUS, "<i class=m>-</i>")


def with_folded_downloads(body: str) -> str:
    """Return the body with the tables to take out in one folded list at its end, by the names of their files."""
    links = [
        f'<p class="download">{link}{name}{end}' for link, name, end in _DOWNLOAD.findall(body)
    ]
    if not links:
        return body
    return (
        f"{_DOWNLOAD.sub('', body)}\n<details><summary>Hämta tabellerna som CSV</summary></details>\n"
        f'<div class="folded">\n{chr(10).join(links)}\n</div>'
    )


def with_contents(body: str) -> str:
    """Return the body in three parts: the first page, a list of the sections with their subsections, and these.

    The headings get ids, and a link to a section that the page does not have becomes its words.
    """
    found: list[tuple[int, str, str]] = []
    taken: Counter[str] = Counter()

    def with_id(heading: re.Match[str]) -> str:
        level, words = int(heading[1]), heading[2]
        name = heading_id(_bare(words))
        taken[name] += 1
        name += f"-{taken[name]}" if taken[name] > 1 else ""
        found.append((level, name, words))
        return f'<h{level} id="{name}">{words}</h{level}>'

    front, first, rest = body.partition("<h2>")
    rest = _HEADINGS.sub(with_id, first + rest)
    ids = {name for _, name, _ in found}
    front, rest = (
        _SECTION_LINK.sub(lambda link: _linked(link, ids), part) for part in (front, rest)
    )
    if not found:
        return front
    contents = f'<nav aria-label="Innehåll"><details><summary>Innehåll</summary></details>{_listed(found)}</nav>'
    top = '<p class="to-top"><a href="#innehallet">Till toppen</a></p>'
    return f'<div class="front">\n{front}\n</div>\n{contents}\n<div class="depth">\n{rest}\n{top}\n</div>'


def _listed(found: list[tuple[int, str, str]]) -> str:
    items = ""
    for place, (level, name, words) in enumerate(found):
        below = found[place + 1][0] if place + 1 < len(found) else 2
        link = f'<li><a href="#{name}">{_bare(words)}</a>'
        if level == 2:
            items += link + ("<ol>" if below == 3 else "</li>")
        else:
            items += f"{link}</li>" + ("</ol></li>" if below == 2 else "")
    return f'<ol class="folded">{items}</ol>'


def _bare(words: str) -> str:
    return re.sub(r"<[^>]+>", "", words)


def _linked(link: re.Match[str], ids: set[str]) -> str:
    return link[0] if link[1] in ids else link[2]
