"""What every command shares: the app, and how it speaks."""

from __future__ import annotations

import codecs
import io
import sys
import traceback
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, Any

import typer
from rich import box
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn
from rich.table import Table
from typer.core import TyperGroup

from vgstats.catalogue import areas
from vgstats.errors import VgstatsError
from vgstats.software import __version__


class _Commands(TyperGroup):
    """The commands; a user's mistake is told in one line, whichever of them it is made in."""

    def invoke(self, ctx: Any) -> Any:
        """Run the command that was typed."""
        try:
            return super().invoke(ctx)
        except VgstatsError as error:
            raise stop(str(error)) from None


app = typer.Typer(
    cls=_Commands,
    add_completion=False,
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    help="Follow-up of sick leave in Swedish counties.",
)
_WIDE = 200
_READABLE = "vgstats-readable"
_PLAINER = {"\N{MINUS SIGN}": "-", "\N{NARROW NO-BREAK SPACE}": " ", "\N{NO-BREAK SPACE}": " "}
_PLAINER |= {"\N{EN DASH}": "-", "\N{RIGHTWARDS ARROW}": "->"}
out = Console()
err = Console(stderr=True, soft_wrap=True, highlight=False, markup=False)


def _version(wanted: bool) -> None:
    if wanted:
        say(f"vgstats {__version__}")
        raise typer.Exit


@app.callback()
def _before_any_command(
    version: Annotated[
        bool,
        typer.Option(
            "--version", callback=_version, is_eager=True, help="Say the version, and end."
        ),
    ] = False,
) -> None:
    pass


# What several commands are told.
StoreFolder = Annotated[
    Path | None,
    typer.Option("--store", help="Folder of the store. Default: VGSTATS_STORE, else one of yours."),
]
Counties = Annotated[str, typer.Option("--lan", help="County codes, 14,18, or alla.")]
WithKommuner = Annotated[
    bool, typer.Option("--kommuner/--no-kommuner", help="With all kommuner of the counties.")
]
Notebooks = Annotated[
    Path | None,
    typer.Option(
        help="Folder with the notebooks. Default: notebooks here, else those that come along.",
    ),
]

FAULT = 70  # no verdict and no user's mistake


def main() -> None:
    """Run the command that was typed; what nobody foresaw has an exit code of its own."""
    codecs.register_error(_READABLE, _readable)
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors=_READABLE)
    try:
        app()
    except Exception:
        traceback.print_exc()
        err.print("Error: this is a fault in vgstats. Send its developers the lines above.")
        sys.exit(FAULT)


def _readable(error: UnicodeError) -> tuple[str, int]:
    """Return plainer signs for those that a stream's encoding lacks, such as a minus sign in cp1252."""
    if not isinstance(error, UnicodeEncodeError):
        raise error
    signs = error.object[error.start : error.end]
    plainer = (_PLAINER.get(sign) or ascii(sign)[1:-1] for sign in signs)
    return "".join(plainer), error.end


def say(message: str) -> None:
    """Print a message as it stands."""
    out.print(message, soft_wrap=True, markup=False, highlight=False)


def stop(message: str) -> typer.Exit:
    """Print a user's mistake and return what to raise: exit code 2, no traceback."""
    err.print(f"Error: {message}")
    return typer.Exit(2)


def show(headings: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    """Print a table."""
    table = Table(box=box.SIMPLE_HEAD, highlight=False)
    for heading in headings:
        table.add_column(heading, overflow="fold")
    for row in rows:
        table.add_row(*row)
    (out if out.is_terminal else Console(width=_WIDE)).print(table)


def progress() -> Progress:
    """Return a progress bar on the error stream."""
    return Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeRemainingColumn(),
        console=err,
        disable=not sys.stderr.isatty(),  # whatever FORCE_COLOR says of a log
    )


def lan_list(codes: str) -> list[str]:
    """Return the counties of `14,18` or `alla` as areas.

    Raises:
        VgstatsError: a code is not one of the 21.
    """
    if codes == "alla":
        return areas.lan()
    wanted = [f"lan:{code.strip()}" for code in codes.split(",")]
    for area in wanted:
        if area not in areas.lan():
            raise VgstatsError(
                f"--lan: {area.removeprefix('lan:')!r} is not a county code. Write two digits, such as "
                "14 or 14,18, or alla."
            )
    return wanted
