"""`vgstats template`: an empty workbook for something of a region's own."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import typer

from vgstats.catalogue.requirements import Requirements, all_requirements
from vgstats.cli.terminal import Counties, StoreFolder, app, lan_list, say
from vgstats.errors import VgstatsError, nearest
from vgstats.sources.own_layout import layouts
from vgstats.sources.own_template import write_own_template
from vgstats.sources.own_words import write_template
from vgstats.store.store import Store


@app.command("template")
def template_command(
    words: Annotated[
        list[str],
        typer.Argument(
            metavar="[krav|insats] FILE.xlsx",
            help="What of your own it is for: krav (requirements and how they are met), insats (a project), or figures "
            "where nothing is said; and the workbook to write.",
            show_default=False,
        ),
    ],
    requirements: Annotated[
        str,
        typer.Option(
            help="For krav: the id of a list that is there, so that only its judgements are left."
        ),
    ] = "",
    lan: Counties = "alla",
    store: StoreFolder = None,
) -> None:
    """Write an empty workbook for something of your own, with lists to choose from.

    The guides Egna siffror (docs/egen-tabell.md), Egna krav (docs/egna-krav.md) and Egna överenskommelser
    (docs/egna-overenskommelser.md in the project) describe them.
    """
    Store(store).open_measures()
    kind, file = _of_template(words, requirements)
    if file.suffix.lower() != ".xlsx":
        raise VgstatsError(
            f"{file}: the template is a workbook. Give it a name that ends in .xlsx."
        )
    if kind:
        write_own_template(file, kind, lan_list(lan), _requirements(requirements))
        say(
            f"{file}: fill it in and save it, then name it with own in a parameter file, or run vgstats import {file}. "
            "The sheet läs mig says what belongs where."
        )
        return
    write_template(file, lan_list(lan))
    say(
        f"{file}: fill in the rows and save it, then run vgstats import {file} --publisher NAME. "
        "The guide Egna siffror (docs/egen-tabell.md in the project) describes the columns."
    )


def _of_template(words: Sequence[str], requirements: str) -> tuple[str, Path]:
    """Return what a template is for, empty for figures, and its file."""
    kind = words[0] if len(words) == 2 else ""
    if len(words) > 2 or (kind and kind not in layouts()):
        known = ", ".join(layouts())
        raise VgstatsError(
            f"template: {' '.join(words)!r} will not do.{nearest(words[0], layouts())} Write {known}, or nothing, "
            "and a file: vgstats template krav FILE.xlsx."
        )
    if requirements and kind != "krav":
        raise VgstatsError(
            "--requirements: only a template for krav has them. Write "
            "vgstats template krav FILE.xlsx --requirements ID."
        )
    return kind, Path(words[-1])


def _requirements(named: str) -> Requirements | None:
    """Return the list of requirements of an id, None for no id."""
    known = all_requirements()
    if named and named not in known:
        raise VgstatsError(
            f"--requirements: {named!r} is no list of requirements.{nearest(named, known)} Known: "
            f"{', '.join(known) or 'none yet; vgstats import brings in your own'}."
        )
    return known[named] if named else None
