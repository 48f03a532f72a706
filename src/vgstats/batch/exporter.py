"""The nbconvert exporter: an executed notebook in, one self-contained HTML page out."""

from __future__ import annotations

from typing import Any

from nbconvert.exporters import HTMLExporter
from nbformat import NotebookNode
from traitlets import default

from vgstats.batch.page import (
    TEMPLATE_NAME,
    main_heading,
    page_context,
    template_folder,
    with_contents,
)


class NotebookHasError(Exception):
    """A cell of the notebook ended in an error, so there is no report to show."""


class ReportExporter(HTMLExporter):
    """Convert with the template of vgstats: Swedish, no script, nothing from outside.

    Only what cells show is kept, no code. `jupyter nbconvert --to vgstats NOTEBOOK` uses it too.
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

    @default("language_code")
    def _language_code_default(self) -> str:
        return "sv"

    def default_filters(self) -> Any:
        """Yield the filters of the HTML exporter and those of our pages."""
        yield from super().default_filters()
        yield ("main_heading", main_heading)
        yield ("with_contents", with_contents)

    def from_notebook_node(
        self, nb: NotebookNode, resources: dict[str, Any] | None = None, **kw: Any
    ) -> tuple[Any, dict[str, Any]]:
        """Return the page and the resources.

        Raises:
            NotebookHasError: a cell shows an error, or an image without words.
        """
        for number, cell in enumerate(nb.cells, 1):
            for output in cell.get("outputs", []):
                _refuse(output, number)
        resources = {**(resources or {}), "page": page_context()}
        page, resources = super().from_notebook_node(nb, resources, **kw)
        return page, resources


def _refuse(output: NotebookNode, number: int) -> None:
    if output.output_type == "error":
        raise NotebookHasError(f"cell {number} ended in {output.ename}: {output.evalue}")
    data = output.get("data", {})
    if "text/html" not in data and any(kind.startswith("image/") for kind in data):
        raise NotebookHasError(
            f"cell {number} shows an image without alternative text. Show a vgstats Figure instead."
        )
