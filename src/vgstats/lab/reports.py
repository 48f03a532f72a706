"""A report of what was chosen: a notebook with the chosen views, and the parameter file that makes it."""

from __future__ import annotations

import html
from collections.abc import Sequence
from pathlib import Path

from nbformat.v4 import new_code_cell, new_markdown_cell

from vgstats import shipped
from vgstats.batch.layout import LaidOut, lay_out
from vgstats.catalogue import areas
from vgstats.catalogue.measures import measure as measure_of
from vgstats.lab.choices import Choice
from vgstats.lab.views import View, kind_of, no_kind


def write_report(choice: Choice, views: Sequence[View], folder: Path) -> str:
    """Write a notebook and a parameter file for a report of some views; return what to say of it, as HTML in Swedish.

    Args:
        choice: what the report is about.
        views: what it is to show, in order; none that it cannot (see `View.not_in_report`).
        folder: where they are written, in `notebooks` and `params`. Nothing is overwritten.

    Raises:
        VgstatsError: a file cannot be written.
    """
    kind = kind_of(choice)
    if not kind:
        return f"<p>{no_kind(choice)}</p>"
    if not views:
        return "<p>Ingen vy är vald. Kryssa för minst en.</p>"
    cells = [new_markdown_cell(f"## {measure_of(choice.measure).name}")]  # type: ignore[no-untyped-call]
    shown = [(view.heading, view.section(kind, choice)) for view in views]
    if any(view.name == "series" for view in views):  # which refers to it
        shown.append(("Regler och annat som ändrades", "rules(report)"))
    for heading, section in shown:
        cells += [new_markdown_cell(f"### {heading}"), new_code_cell(section)]  # type: ignore[no-untyped-call]
    made = lay_out(
        kind,
        _free_name(choice, folder),
        folder,
        cells=cells,
        only=True,
        parameters=_parameters(kind, choice),
        notebooks=shipped.notebooks(),
    )
    return _said(made, folder, choice)


def _parameters(kind: str, choice: Choice) -> dict[str, object]:
    code = {"lan": choice.county.partition(":")[2]}
    code |= {"kommun": choice.area.partition(":")[2]} if kind == "kommun" else {}
    return {**code, "before": choice.before, "after": choice.after, "measures": [choice.measure]}


def _free_name(choice: Choice, folder: Path) -> str:
    measure = choice.measure.replace("_", "-")
    name = f"{areas.slug(choice.area)}-{measure}-{choice.before}-{choice.after}"
    taken = {f.stem for part in ("notebooks", "params") for f in (folder / part).glob(f"{name}*")}
    number = 2
    while name in taken and f"{name}-{number}" in taken:
        number += 1
    return f"{name}-{number}" if name in taken else name


def _said(made: LaidOut, folder: Path, choice: Choice) -> str:
    lines = [
        f"<p><strong>Rapporten är upplagd.</strong> Notebooken {_code(made.notebook)} har vyerna och kan ändras; "
        f"{_code(made.parameters)} säger vad rapporten handlar om.</p>",
        f"<p>Skriv i en terminal (File, New, Terminal) för att göra rapporten:</p>"
        f"<pre>cd {html.escape(_quoted(folder.resolve()))}\n{html.escape(made.command)}</pre>",
    ]
    if choice.sex != "alla" or choice.group:
        lines.append(
            "<p>Rapporten visar kvinnor, män och alla sida vid sida där det finns tal, och inga enskilda grupper.</p>"
        )
    return "".join(lines)


def _code(file: Path) -> str:
    return f"<code>{html.escape(str(file))}</code>"


def _quoted(folder: Path) -> str:
    return f'"{folder}"' if " " in str(folder) else str(folder)
