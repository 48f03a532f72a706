"""Helpers of the tests: the notebook as a list of blocks, and pages read back."""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from pathlib import Path

import nbformat
from bs4 import BeautifulSoup, Tag

from vgstats import sections
from vgstats.batch.manifest import INDEX, ManifestLine, with_index
from vgstats.batch.plan import Batch, Job, plan
from vgstats.blocks.blocks import Block
from vgstats.blocks.record import IndexRow
from vgstats.facts.facts import GROUP, MINUS, NO_BREAK
from vgstats.reports import kind
from vgstats.reports.base.bundle import Bundle
from vgstats.reports.uppfoljning import Uppfoljning

ROOT = Path(__file__).resolve().parent.parent
NOTEBOOK = ROOT / "notebooks" / "uppfoljning.ipynb"
SECTIONS = {name: getattr(sections, name) for name in dir(sections) if name.islower()}


@cache
def batch_of(name: str) -> Batch:
    """The batch of a parameter file that comes along, planned once for all tests."""
    return plan(ROOT / "params" / f"{name}.yaml")


def block_calls() -> dict[str, str]:
    """The cells of the notebook that show a block, by the name of what they call, such as `changes`."""
    cells = nbformat.read(NOTEBOOK, as_version=4).cells
    shown = [c.source for c in cells[2:] if c.cell_type == "code"]
    return {source.partition("(")[0].rpartition(".")[2]: source for source in shown}


@cache
def blocks(report: Uppfoljning) -> dict[str, Block]:
    """Every block of a report, by the name of what makes it, without any kernel."""
    return {
        name: eval(call, {**SECTIONS, "report": report})  # noqa: S307 - our own notebook
        for name, call in block_calls().items()
    }


def followup(lan: str, before: str, after: str, **more: object) -> Uppfoljning:
    """A follow-up as a notebook opens it."""
    return Uppfoljning.open(lan=lan, before=before, after=after, **more)


def each_sex_alone(bundle: Bundle) -> Bundle:
    """A report's figures as they would be with ongoing cases for women and for men and nothing else."""
    figures = bundle.observations
    kept = (figures["measure"] == "pagaende_sjukfall") & (figures["sex"] != "alla")
    return replace(bundle, observations=figures[kept].reset_index(drop=True))


def read_page(html: str) -> BeautifulSoup:
    """Parse a page, its numbers as the eye sees them."""
    page = BeautifulSoup(html, "html.parser")
    for mark, sign in (("m", MINUS), ("g", GROUP)):
        for element in page.select(f"data > .{mark}"):
            element.replace_with(sign)
    page.smooth()
    return page


def words(element: Tag | BeautifulSoup) -> str:
    """The visible text of an element, with ordinary spaces and no line breaks."""
    return " ".join(plain(element.get_text(" ", strip=False)).split())


def plain(text: str) -> str:
    """A text with ordinary spaces."""
    return text.replace(NO_BREAK, " ").replace(GROUP, " ")


def table_rows(page: BeautifulSoup, table_id: str) -> dict[str, list[str]]:
    """The rows of a table by their heading, each a list of the cells' texts."""
    table = page.find("table", id=table_id)
    assert table is not None, f"no table {table_id}"
    return {
        cell_text(row.find("th")): [cell_text(cell) for cell in row.find_all("td")]
        for row in table.tbody.find_all("tr")
    }


def cell_text(cell: Tag) -> str:
    """The text of a cell as it reads, with ordinary spaces."""
    return plain(cell.get_text()).strip()


def write_index_of(batch: Batch, folder: Path, failed: tuple[str, ...] = ()) -> Path:
    """Write the index of a batch whose reports are only pretended to be there; those of `failed` counties are not."""
    lines = {}
    for job in batch.jobs:
        made = job.parameters.lan not in failed
        lines[job.file_name] = ManifestLine(
            file=job.file_name,
            kind=job.kind,
            area=job.parameters.area_name,
            label=job.parameters.label,
            status="made" if made else "failed",
            key={},
            made="2026-01-01T12:00:00+01:00",
            seconds=1,
            row=index_row(job).as_json() if made else None,
        )
        if made:
            (folder / job.file_name).touch()
    with_index(folder, lines, batch.labels)
    return folder / INDEX


def index_row(job: Job) -> IndexRow:
    """What an index says of a job's report, without making it."""
    return kind(job.kind)(job.parameters, job.bundle).index_row()
