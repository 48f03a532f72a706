"""The nbconvert exporter: an executed notebook in, one self-contained HTML page out."""

from __future__ import annotations

import datetime as dt
import hashlib
import re
from collections.abc import Callable, Collection, Iterable, Iterator
from typing import Any

from nbconvert.exporters import HTMLExporter
from nbconvert.preprocessors import Preprocessor
from nbconvert.utils.exceptions import ConversionException
from nbformat import NotebookNode
from selectolax.lexbor import LexborHTMLParser
from traitlets import default

from vgstats.blocks.own_text import OWN_BLOCK
from vgstats.blocks.record import RECORD_TYPE
from vgstats.page.gate import faults
from vgstats.page.in_a_cell import has_own_numbers, markdown_faults, named, output_faults
from vgstats.page.own_blocks import BESIDE_OWN_COUNTS
from vgstats.page.own_words import NoPlaceError, with_own_words
from vgstats.page.reading import facts_digest
from vgstats.page.released import Controlled, unrecorded
from vgstats.page.template import TEMPLATE_NAME, filters, page_context, template_folder
from vgstats.software import notebook_digest


class PageRefusedError(ConversionException):
    """A finished page that must not be shown."""


def passed(
    page: str,
    control: Callable[[LexborHTMLParser], Iterable[str]] = lambda _: (),
    copied: str = "",
    reports: Collection[str] | None = None,
) -> str:
    """Return the page as it is; `control` names what it shows and may not, besides what no page may.

    `copied` are the lines of a parameter file that it may show whatever numbers they hold, and `reports` the files that
    the map of an index may lead to, None for any other page.

    Raises:
        PageRefusedError: it is not sealed, not everyone could read it (see `page.gate`), or it shows more
            than was released (see `page.released`).
    """
    parsed = LexborHTMLParser(page)
    found = [*faults(parsed, copied, reports), *control(parsed)]
    if found:
        more = f" and {len(found) - 1} more faults" if len(found) > 1 else ""
        raise PageRefusedError(f"the finished page is refused: {found[0]}{more}")
    return page


class NotCompleteError(ConversionException):
    """A notebook that was not run, or not to its end, so there is no report to show."""


class ReportExporter(HTMLExporter):
    """Convert with the template of vgstats: Swedish, no script, nothing from outside.

    Only what cells show is kept, no code. `jupyter nbconvert --to vgstats --execute NOTEBOOK` uses it
    too. `resources["made"]` may give the time that the page says it was made.
    """

    export_from_notebook = "vgstats"

    @default("template_name")
    def _template_name_default(self) -> str:
        return TEMPLATE_NAME

    @default("extra_template_basedirs")
    def _extra_template_basedirs_default(self) -> list[str]:
        return [str(template_folder())]

    @default("exclude_anchor_links")
    def _exclude_anchor_links_default(self) -> bool:
        return True

    @default("optimistic_validation")
    def _optimistic_validation_default(self) -> bool:
        return True  # a notebook is checked once, not after every preprocessor

    @default("language_code")
    def _language_code_default(self) -> str:
        return "sv"

    def default_filters(self) -> Any:
        """Yield the filters of the HTML exporter and those of our pages."""
        yield from super().default_filters()
        yield from filters().items()

    def from_notebook_node(
        self, nb: NotebookNode, resources: dict[str, Any] | None = None, **kw: Any
    ) -> tuple[Any, dict[str, Any]]:
        """Return the page and the resources.

        `resources["controlled"]` says what the page may show (see `page.released`). Without it a page that
        shows a region's own counts is refused, since nobody can tell what was released. `resources["copied"]` are the
        lines of the parameter file that the report is made with.

        Raises:
            NotCompleteError: the notebook was not run to its end.
            PageRefusedError: the page is not sealed, not everyone could read it (see `page.gate`), or it
                shows more than was released.
        """
        controlled: Controlled | None = (resources or {}).pop("controlled", None)
        copied = str((resources or {}).pop("copied", ""))
        # Not the HTML exporter's own: it parses the page to look for images without words, which
        # `passed` refuses, and writes it anew.
        started = self._init_resources(resources)
        started["controlled"] = controlled
        started["uncontrolled"] = controlled is not None and controlled.uncontrolled
        page, resources = super(HTMLExporter, self).from_notebook_node(nb, started, **kw)
        control = controlled.faults if controlled else unrecorded
        return passed(str(page), control, copied), resources

    @default("preprocessors")
    def _preprocessors_default(self) -> list[type[Preprocessor]]:
        return [CompleteReport]


class CompleteReport(Preprocessor):
    """Let a notebook through that was run to its end, with what its page says besides the cells."""

    enabled = True  # not a setting: a report that is not complete is never shown

    def preprocess(
        self, nb: NotebookNode, resources: dict[str, Any]
    ) -> tuple[NotebookNode, dict[str, Any]]:
        """Return the notebook as it is, and resources with the page's style, time and record.

        Raises:
            NotCompleteError: a cell shows an error, or an image without words, or none was run, or own words have no
                heading.
        """
        code = [cell for cell in nb.cells if cell.cell_type == "code"]
        if any(cell.source.strip() and cell.get("execution_count") is None for cell in code):
            raise NotCompleteError(
                "a cell has not been run. Add --execute, or run the whole notebook first."
            )
        controlled: Controlled | None = resources.pop("controlled", None)
        as_written = [
            c for c in nb.cells if "injected-parameters" not in c.metadata.get("tags", [])
        ]
        for number, cell in enumerate(as_written, 1):
            for fault in _faults_of(cell, controlled):
                raise NotCompleteError(f"{named(number, cell.source)} {fault}")
        made = resources.pop("made", None) or dt.datetime.now().astimezone()
        resources = {**resources, "page": page_context(made), "record": _record(nb, made)}
        try:
            cells = with_own_words(nb.cells)
        except NoPlaceError as error:
            raise NotCompleteError(str(error)) from None
        return NotebookNode({**nb, "cells": _without_empty_sections(cells)}), resources


def _faults_of(cell: NotebookNode, controlled: Controlled | None) -> Iterator[str]:
    """Yield what a cell says or shows that may not be on a page, and what to do."""
    if cell.cell_type == "markdown":
        yield from markdown_faults(cell.source)
    for output in cell.get("outputs", []):
        yield from output_faults(output)
        if controlled is None or "text/html" not in output.get("data", {}):
            continue
        if controlled.concerns_own_counts and has_own_numbers(output):
            yield f"shows numbers or a figure of the analyst's own: {BESIDE_OWN_COUNTS}"
        if name := controlled.not_read(LexborHTMLParser(output.data["text/html"])):
            measure = name.split("|")[0]
            yield (
                f"shows {name}, which the report does not read, so nothing has released it. Ask for it in the "
                f"parameter file (measures: [{measure}], or its periods), or show published figures as your own: "
                'vg.table(vg.figures(...), caption="...", source="...")'
            )


OWN_RECORD = "vgstats:own"  # what tells whether an analyst's own blocks are the same
_HEADING = re.compile(r"(#{2,6}) [^\n]*\s*")


def _without_empty_sections(cells: list[NotebookNode]) -> list[NotebookNode]:
    """Return the cells without the headings under which nothing stands."""
    kept: list[NotebookNode] = []
    stands, level_below = False, 0  # whether anything does before the next heading that is kept
    for cell in reversed(cells):
        if cell.cell_type == "markdown" and (heading := _HEADING.fullmatch(cell.source)):
            if not stands and level_below <= len(heading[1]):
                continue
            stands, level_below = False, len(heading[1])
        else:
            words = cell.source.strip() if cell.cell_type == "markdown" else ""
            stands |= bool(words) or any(
                "text/html" in o.get("data", {}) for o in cell.get("outputs", [])
            )
        kept.append(cell)
    return kept[::-1]


def _record(nb: NotebookNode, made: dt.datetime) -> dict[str, Any]:
    """Return what the report says of itself to machines, empty for a notebook that says nothing."""
    shown = [
        output.data for cell in nb.cells for output in cell.get("outputs", []) if "data" in output
    ]
    records = [data[RECORD_TYPE] for data in shown if RECORD_TYPE in data]
    if not records:
        return {}
    written = [data.get("text/html", "") for data in shown]
    own = [block for block in written if OWN_BLOCK in block]
    return {
        **records[-1],
        "dateCreated": made.isoformat(timespec="seconds"),
        "vgstats:notebook": notebook_digest(nb),
        "vgstats:facts": facts_digest("".join(written)),
        **({OWN_RECORD: hashlib.sha256("".join(own).encode()).hexdigest()} if own else {}),
    }
