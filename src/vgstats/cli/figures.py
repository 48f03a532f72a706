"""`vgstats import`, `fetch`, `store` and `demo`: getting figures, and seeing what there is."""

from __future__ import annotations

import datetime as dt
import os
import re
import tempfile
from contextlib import ExitStack
from pathlib import Path
from typing import Annotated

import pandas as pd
import platformdirs
import typer

from vgstats import areas
from vgstats.cli.terminal import StoreFolder, app, err, progress, say, show, stop
from vgstats.demo import Size, write_demo
from vgstats.errors import VgstatsError
from vgstats.ingest import Outcome, piece_of_answer, piece_of_file, read_file, take_in
from vgstats.periods import Period
from vgstats.sources.datasets import VARIABLE, Datasets, datasets, datasets_text
from vgstats.sources.fetch import (
    SERVICES,
    Plan,
    Wish,
    addresses,
    discover_fk,
    discover_scb,
    fetch,
    plan,
)
from vgstats.sources.http import Client
from vgstats.store.store import Store

_SHOWN = 40
_USED = ("ohalsotal", "sjukpenningtal", "pagaende_sjukfall", "sa_mottagare")

AllowPartial = Annotated[
    bool,
    typer.Option("--allow-partial", help="Import the good rows although others are rejected."),
]
RejectedFile = Annotated[
    Path | None, typer.Option("--rejected", help="Write all rejected rows to this CSV.")
]


@app.command("import")
def import_command(
    files: Annotated[
        list[Path], typer.Argument(metavar="FILE...", help="Files to import.", show_default=False)
    ],
    dataset: Annotated[
        str, typer.Option(help="FK's dataset or table, where a JSON file does not tell.")
    ] = "",
    area: Annotated[
        str, typer.Option(help="The area of a file from Intygsstatistik, which does not tell.")
    ] = "riket",
    retrieved: Annotated[
        str, typer.Option(help="When the files were fetched, 2024-11-06. Default: their own date.")
    ] = "",
    publisher: Annotated[
        str, typer.Option(help="Who publishes or keeps figures of a source that vgstats lacks.")
    ] = "",
    kind: Annotated[
        str, typer.Option(help="For such a source: published (official) or own (unpublished).")
    ] = "own",
    allow_partial: AllowPartial = False,
    rejected: RejectedFile = None,
    store: StoreFolder = None,
) -> None:
    """Recognise files, check every row, and add them to the store: all rows or none."""
    try:
        _check_options(retrieved, kind)
        pieces = [
            piece_of_file(file, read_file(file, dataset=dataset, area=area), retrieved)
            for file in files
        ]
        own = {"short": publisher, "publisher": publisher, "kind": kind} if publisher else None
        if own:
            own |= {"title": ", ".join(file.name for file in files), "precedence": "8"}
        outcome = take_in(pieces, Store(store), allow_partial=allow_partial, own_source=own)
    except VgstatsError as error:
        raise stop(str(error)) from None
    for piece in pieces:
        say(f"{piece.address}: {piece.reading.recognised}, retrieved {piece.retrieved}")
        for note in piece.reading.notes:
            say(f"  {note}")
    report(outcome, Store(store), rejected)


def _check_options(retrieved: str, kind: str) -> None:
    if retrieved and not re.fullmatch(r"\d{4}-\d\d-\d\d", retrieved, re.ASCII):
        raise VgstatsError(f"--retrieved: {retrieved!r} is not a date. Write it as 2024-11-06.")
    if kind not in ("own", "published"):
        raise VgstatsError(f"--kind: {kind!r} is unknown. Write own or published.")


def report(outcome: Outcome, store: Store, rejected_file: Path | None) -> None:
    """Say what an import took and what it refused.

    Raises:
        typer.Exit: rows were rejected and nothing was imported (code 2).
    """
    for row in outcome.summary.itertuples():
        marks = f" ({row.marks})" if row.marks else ""
        say(f"  {row.measure}: {row.rows} rows{marks}, {row.areas}, {row.first} to {row.last}")
    if len(outcome.rejected):
        _list_rejected(outcome.rejected, rejected_file)
    if outcome.added is None:
        count = outcome.rejected[["file", "sheet", "row"]].drop_duplicates().shape[0]
        raise stop(
            f"{count} rows were rejected, so nothing was imported. Correct them at the source, or "
            "import the others with --allow-partial."
            if count
            else "There are no rows of figures, so nothing was imported."
        )
    added = outcome.added
    say(
        f"{added.new} new values, {added.revised} revised, {added.unchanged} known already. "
        f"Store: {store.folder}"
    )


def _list_rejected(rejected: pd.DataFrame, file: Path | None) -> None:
    for row in rejected.head(_SHOWN).itertuples():
        sheet = f", sheet {row.sheet}" if row.sheet else ""
        err.print(
            f"Rejected: {row.file}{sheet}, row {row.row}, column {row.column}: {row.value!r} {row.rule}",
            markup=False,
        )
    if len(rejected) > _SHOWN and file is None:
        err.print(f"... and {len(rejected) - _SHOWN} more; --rejected FILE writes all of them.")
    if file is not None:
        rejected.to_csv(file, index=False)
        err.print(f"All rejected rows: {file}", markup=False)


@app.command("fetch")
def fetch_command(
    measures: Annotated[
        list[str] | None,
        typer.Argument(metavar="MEASURE...", help="What to fetch; none: all that a report uses."),
    ] = None,
    lan: Annotated[str, typer.Option(help="County codes, 14,18, or alla.")] = "alla",
    kommuner: Annotated[bool, typer.Option(help="With all kommuner of the counties.")] = True,
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
    address: Annotated[
        list[str] | None,
        typer.Option(
            help="A source's base address, fk=https://... Also VGSTATS_FK_ADDRESS and so on."
        ),
    ] = None,
    names: Annotated[
        Path | None, typer.Option("--datasets", help="Your corrected copy of the datasets file.")
    ] = None,
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
        bool, typer.Option("--plan", help="List the requests; ask nobody.")
    ] = False,
    refresh: Annotated[
        bool, typer.Option("--refresh", help="Ask again what was asked today.")
    ] = False,
    cache: Annotated[Path | None, typer.Option(help="Folder for answers kept a day.")] = None,
    allow_partial: AllowPartial = False,
    rejected: RejectedFile = None,
    store: StoreFolder = None,
) -> None:
    """Fetch official figures from FK, SCB and Kolada to the store: all that was asked for or nothing.

    Answers are kept a day, so a fetch that was cut off goes on where it was.
    """
    if show_datasets:
        print(datasets_text(), end="")
        return
    if names:
        os.environ[VARIABLE] = str(names)
    try:
        known = datasets()
        bases = addresses(known, dict(_pair(text) for text in address or []))
        sources = tuple(source or ())
        with ExitStack() as stack:
            clients = {
                service: stack.enter_context(_client(service, known, bases, cache, refresh))
                for service in SERVICES
            }
            if discover:
                lines = (
                    discover_scb(clients["scb"], query)
                    if "scb" in sources
                    else discover_fk(clients["fk"], known)
                )
                say("\n".join(lines))
                return
            counties = lan_list(lan)
            wanted = [areas.RIKET, *counties]
            wanted += [kommun for of in counties for kommun in areas.kommuner(of) if kommuner]
            wish = Wish(
                tuple(measures or _USED), tuple(wanted), Period.parse(first),
                Period.parse(last or f"{dt.date.today().year - 1}"), december, sources,
            )  # fmt: skip
            asked = plan(wish, known)
            for note in asked.notes:
                say(note)
            if plan_only:
                for request in asked.requests:
                    say(f"{request.service} {request.path} {request.params}")
                return
            outcome = _fetched(asked, clients, Store(store), allow_partial)
    except VgstatsError as error:
        raise stop(str(error)) from None
    except KeyboardInterrupt:
        err.print("Interrupted: the store is as it was. The same command goes on from here.")
        raise typer.Exit(130) from None
    report(outcome, Store(store), rejected)


def _pair(text: str) -> tuple[str, str]:
    name, _, value = text.partition("=")
    if not value:
        raise VgstatsError(f"--address: {text!r} is not name=address. Write fk=https://...")
    return name, value


def _client(
    service: str, known: Datasets, bases: dict[str, str], cache: Path | None, refresh: bool
) -> Client:
    folder = cache or platformdirs.user_cache_path("vgstats")
    return Client(
        service,
        bases[service],
        getattr(known, service).requests_per_second,
        folder,
        refresh=refresh,
    )


def _fetched(asked: Plan, clients: dict[str, Client], store: Store, allow_partial: bool) -> Outcome:
    """Fetch and read everything, then add it to the store in one step."""
    pieces = []
    with (
        tempfile.TemporaryDirectory(prefix="vgstats-") as scratch,
        progress("Fetching") as bar,
    ):
        task = bar.add_task("fetch", total=len(asked.requests))
        for fetched in fetch(asked, clients, lambda *_: bar.advance(task)):
            pieces.append(piece_of_answer(fetched, Path(scratch)))
    return take_in(pieces, store, allow_partial=allow_partial)


@app.command("store")
def store_command(
    measure: Annotated[str, typer.Option(help="Only this measure.")] = "",
    origins: Annotated[
        bool, typer.Option("--origins", help="List the files and answers instead.")
    ] = False,
    store: StoreFolder = None,
) -> None:
    """Show what the store has: measure, kind of area, years, source and age."""
    try:
        place = Store(store)
        manifest = place.manifest()
        coverage = place.coverage()
    except VgstatsError as error:
        raise stop(str(error)) from None
    if measure:
        coverage = coverage[coverage["measure"] == measure]
    if coverage.empty:
        say(
            f"{place.folder}: nothing{' of ' + measure if measure else ''} yet. Get figures with vgstats "
            "fetch or vgstats import; vgstats demo makes synthetic ones."
        )
        return
    kind = "synthetic figures (demo)" if manifest.kind == "demo" else "official figures"
    say(f"{place.folder}: {kind}, {sum(f.rows for f in manifest.files)} rows")
    if origins:
        show(
            ["Address or file", "Recognised as", "Retrieved", "SHA-256", "Licence", "Left out"],
            [
                [o.address, o.recognised, o.retrieved, o.sha256[:12], o.licence, str(o.left_out)]
                for o in manifest.origins
            ],
        )
        return
    show(
        ["Measure", "Areas", "Years", "Source", "Rows", "Newest", "Last asked"],
        [
            [
                str(of_measure),
                f"{group['areas'].max()} {level}" if level != "riket" else "riket",
                _years(group["year"].tolist()),
                str(source),
                str(group["rows"].sum()),
                group["retrieved"].max()[:10],
                _age(group["checked"].max()),
            ]
            for (of_measure, source, level), group in coverage.groupby(
                ["measure", "source", "level"], sort=True
            )
        ],
    )


def _years(years: list[str]) -> str:
    """Return `2001-2003, 2005` for the years there are."""
    runs: list[list[int]] = []
    for year in sorted(map(int, years)):
        if runs and year == runs[-1][1] + 1:
            runs[-1][1] = year
        else:
            runs.append([year, year])
    return ", ".join(f"{first}-{last}" if last > first else f"{first}" for first, last in runs)


def _age(moment: str) -> str:
    days = (dt.datetime.now(dt.UTC).date() - dt.date.fromisoformat(moment[:10])).days
    return f"{moment[:10]} ({days} days ago)" if days > 0 else f"{moment[:10]} (today)"


@app.command("demo")
def demo_command(
    store: Annotated[
        Path,
        typer.Option("--store", help="Folder of a store of its own, for synthetic figures only."),
    ],
    lan: Annotated[str, typer.Option(help="County codes, 14,18, or alla.")] = "alla",
    kommuner: Annotated[bool, typer.Option(help="With all kommuner of the counties.")] = True,
    first: Annotated[str, typer.Option("--from", help="The first month.")] = "2001-01",
    last: Annotated[str, typer.Option("--to", help="The last month.")] = "2025-12",
    december: Annotated[
        bool, typer.Option("--december", help="December of each year only.")
    ] = False,
    ages: Annotated[
        bool, typer.Option("--ages", help="By age too, seven times as many rows.")
    ] = False,
    seed: Annotated[int, typer.Option(help="The same seed gives the same figures.")] = 1,
) -> None:
    """Write synthetic figures to a store of their own, to try vgstats with."""
    try:
        size = Size(
            lan=tuple(lan_list(lan)),
            kommuner=kommuner,
            first=first,
            last=last,
            december_only=december,
            ages=ages,
            seed=seed,
        )
        for measure, added in write_demo(Store(store), size):
            say(f"  {measure}: {added.new} values made up")
    except VgstatsError as error:
        raise stop(str(error)) from None
    say(f"Synthetic figures, about nobody. Use them with --store {store}")


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
