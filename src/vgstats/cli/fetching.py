"""`vgstats fetch`: official figures from their sources to the store."""

from __future__ import annotations

import datetime as dt
import os
import tempfile
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import pandas as pd
import platformdirs
import typer

from vgstats.catalogue import areas
from vgstats.catalogue.periods import Period
from vgstats.cli.outcome import AllowPartial, RejectedFile, check_rejected_file, report
from vgstats.cli.terminal import (
    Counties,
    StoreFolder,
    WithKommuner,
    app,
    err,
    lan_list,
    progress,
    say,
    show,
)
from vgstats.errors import Mistakes, VgstatsError
from vgstats.ingest import Outcome, take_in
from vgstats.sources.datasets import VARIABLE, datasets, datasets_text
from vgstats.sources.fetch.answered import Unanswered, numbers, unanswered
from vgstats.sources.fetch.planning import (
    SERVICES,
    Plan,
    Wish,
    addresses,
    check_names,
    offers,
    plan,
)
from vgstats.sources.fetch.questions import Request
from vgstats.sources.recognise import Piece, piece_of_answer
from vgstats.store.store import Store

if TYPE_CHECKING:
    from vgstats.sources.http import Client

LESS_THAN_ASKED = 3  # exit code
_USED = ("ohalsotal", "sjukpenningtal", "pagaende_sjukfall", "sa_mottagare")


@app.command("fetch")
def fetch_command(
    measures: Annotated[
        list[str] | None,
        typer.Argument(metavar="MEASURE...", help="What to fetch; none: all that a report uses."),
    ] = None,
    lan: Counties = "alla",
    kommuner: WithKommuner = True,
    first: Annotated[
        str, typer.Option("--from", help="The first period, 2011 or 2011-12.")
    ] = "2005",
    last: Annotated[str, typer.Option("--to", help="The last period. Default: last year.")] = "",
    december: Annotated[
        bool, typer.Option("--december/--all-months", help="Of months, only December or all.")
    ] = True,
    source: Annotated[
        list[str] | None,
        typer.Option(help="Only from fk, scb or kolada. Default: the first that has it."),
    ] = None,
    by: Annotated[
        list[str] | None,
        typer.Option(
            help="Every part of diagnos, alder, langd, bransch or sektor (see --measures)."
        ),
    ] = None,
    address: Annotated[
        list[str] | None,
        typer.Option(
            help="A source's base address, fk=https://... Also VGSTATS_FK_ADDRESS and so on."
        ),
    ] = None,
    names: Annotated[
        Path | None, typer.Option("--datasets", help="Your corrected copy of the datasets file.")
    ] = None,
    list_measures: Annotated[
        bool, typer.Option("--measures", help="List what can be fetched, and by which parts.")
    ] = False,
    show_datasets: Annotated[
        bool, typer.Option("--show-datasets", help="Print the datasets file, to copy and correct.")
    ] = False,
    discover: Annotated[
        bool, typer.Option("--discover", help="List what the source's own metadata offer.")
    ] = False,
    query: Annotated[
        str, typer.Option(help="With --discover --source scb: words to look for.")
    ] = "befolkning",
    plan_only: Annotated[
        bool, typer.Option("--plan", "--dry-run", help="List the requests; ask nobody.")
    ] = False,
    refresh: Annotated[
        bool, typer.Option("--refresh", help="Ask again what was asked today.")
    ] = False,
    cache: Annotated[Path | None, typer.Option(help="Folder for answers kept a day.")] = None,
    allow_partial: AllowPartial = False,
    rejected: RejectedFile = None,
    store: StoreFolder = None,
) -> None:
    """Fetch official figures from FK, SCB and Kolada to the store.

    Answers are kept a day, so a fetch that was cut off goes on where it was.

    Exit code 0: all that was asked for came. 3: some of it did not; what came is in the store, and the
    rest is named. 2: nothing was stored, and why.
    """
    # What asks over the network takes half a second to import, which no other command needs.
    from vgstats.sources.fetch.metadata import discover_fk, discover_scb
    from vgstats.sources.http import Client

    if show_datasets:
        print(datasets_text(), end="")
        return
    if names:
        os.environ[VARIABLE] = str(names)
    try:
        check_rejected_file(rejected)
        known = datasets()
        if list_measures:
            show(["Measure", "Name", "From", "By", "Names confirmed"], offers(known))
            return
        bases = addresses(known, dict(_pair(text) for text in address or []))
        sources = tuple(source or ())
        with ExitStack() as stack:
            folder = cache or platformdirs.user_cache_path("vgstats")
            clients = {}
            for service in SERVICES:
                pace = getattr(known, service).requests_per_second
                client = Client(service, bases[service], pace, folder, refresh=refresh)
                clients[service] = stack.enter_context(client)
            if discover:
                lines = (
                    discover_scb(clients["scb"], query)
                    if "scb" in sources
                    else discover_fk(clients["fk"], known)
                )
                say("\n".join(lines))
                return
            last = last or f"{dt.date.today().year - 1}"
            mistakes, wanted = Mistakes(), [areas.RIKET]
            with mistakes.noted():
                wanted += (counties := lan_list(lan))
                wanted += [kommun for of in counties for kommun in areas.kommuner(of) if kommuner]
            for option, text in (("--from", first), ("--to", last)):
                with mistakes.noted(f"{option}: "):
                    Period.parse(text)
            with mistakes.noted():
                check_names(tuple(measures or _USED), sources, tuple(by or ()), known)
            mistakes.tell()
            wish = Wish(
                tuple(measures or _USED), tuple(wanted), Period.parse(first), Period.parse(last), december, sources,
                tuple(by or ()),
            )  # fmt: skip
            asked = plan(wish, known)
            for note in asked.notes:
                say(note)
            if plan_only:
                for request in asked.requests:
                    say(f"{request.service} {request.path} {request.params}")
                return
            if not asked.requests:
                raise VgstatsError(
                    "There is nothing to ask for. 'vgstats fetch --measures' lists what there is."
                )
            outcome, lacking = _fetched(asked, clients, Store(store), allow_partial)
    except KeyboardInterrupt:
        err.print("Interrupted: the store is as it was. The same command goes on from here.")
        raise typer.Exit(130) from None
    report(outcome, Store(store), rejected)
    _tell(lacking)


def _tell(lacking: list[Unanswered]) -> None:
    """Say what was asked for and did not come.

    Raises:
        typer.Exit: something did not (code 3).
    """
    for part in lacking:
        many = f"{numbers(part.count)} asked for did not come:" if part.count else "note:"
        err.print(f"{part.subject}: {many}")
        for line in part.lines:
            err.print(f"  {line}")
    if any(part.count for part in lacking):
        raise typer.Exit(LESS_THAN_ASKED)


def _pair(text: str) -> tuple[str, str]:
    name, _, value = text.partition("=")
    if not value:
        raise VgstatsError(f"--address: {text!r} is not name=address. Write fk=https://...")
    return name, value


def _fetched(
    asked: Plan, clients: dict[str, Client], store: Store, allow_partial: bool
) -> tuple[Outcome, list[Unanswered]]:
    """Fetch and read everything, then add it to the store in one step; return what did not come too."""
    from vgstats.sources.fetch.asking import fetch

    pieces: list[Piece] = []
    compared: dict[int, tuple[Request, list[pd.DataFrame]]] = {}
    with tempfile.TemporaryDirectory(prefix="vgstats-") as scratch, progress() as bar:
        task = bar.add_task("Fetching", total=len(asked.requests))
        for fetched in fetch(asked, clients, lambda *_: bar.advance(task)):
            _, rows = compared.setdefault(id(fetched.request), (fetched.request, []))
            if fetched.why:
                err.print(f"Not all answered: {fetched.why}")
            if fetched.answer is None:
                continue
            pieces.append(piece_of_answer(fetched.request, fetched.answer, Path(scratch)))
            rows.append(pieces[-1].reading.rows)
    outcome = take_in(pieces, store, allow_partial=allow_partial)
    return outcome, unanswered(compared.values(), dt.date.today())
