"""`vgstats import`, `store` and `demo`: files in, what there is, and synthetic figures to try with."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Annotated

import pandas as pd
import typer

from vgstats.catalogue.agreements import Agreement, Call
from vgstats.catalogue.areas import name as area_name
from vgstats.catalogue.measures import catalogue
from vgstats.catalogue.measures import measure as measure_of
from vgstats.catalogue.requirements import Judgement, Requirements
from vgstats.catalogue.texts import OwnText, OwnWords, Passage, Source
from vgstats.catalogue.units import Unit
from vgstats.cli.outcome import AllowPartial, RejectedFile, check_rejected_file, report
from vgstats.cli.terminal import (
    Counties,
    StoreFolder,
    WithKommuner,
    app,
    err,
    fitting,
    lan_list,
    say,
    show,
)
from vgstats.demo import Size, write_demo
from vgstats.disclosure import HidingRule
from vgstats.errors import Mistakes, VgstatsError
from vgstats.ingest import bring_in, take_in
from vgstats.reports.base.gathering import all_provenance
from vgstats.row_checks import is_moment
from vgstats.sources.own_file import OwnFile, is_own_file
from vgstats.sources.own_passages import ENDING
from vgstats.sources.own_table import source_of
from vgstats.sources.recognise import Piece, piece_of_file, read_file
from vgstats.store.store import Store

_KINDS = {
    "published": "published figures",
    "own": "own figures, not official",
    "demo": "synthetic figures (demo)",
}


@app.command("import")
def import_command(
    files: Annotated[
        list[Path],
        typer.Argument(
            metavar="FILE...", help="Files to import.", show_default=False, callback=fitting
        ),
    ],
    dataset: Annotated[
        str, typer.Option(help="FK's dataset or table, where a file of theirs does not tell.")
    ] = "",
    area: Annotated[
        str,
        typer.Option(
            help="The area of a file from Intygsstatistik that is not national or does not say."
        ),
    ] = "",
    retrieved: Annotated[
        str, typer.Option(help="When the files were fetched, 2024-11-06. Default: their own date.")
    ] = "",
    publisher: Annotated[
        str, typer.Option(help="Who publishes or keeps figures of a source that vgstats lacks.")
    ] = "",
    kind: Annotated[
        str, typer.Option(help="For such a source: published (official) or own (unpublished).")
    ] = "own",
    protected: Annotated[
        bool,
        typer.Option(
            "--protected",
            help="Own figures in which small numbers are hidden already. Without it vgstats hides them.",
        ),
    ] = False,
    redeclare: Annotated[
        bool,
        typer.Option(
            "--redeclare",
            help="Give a measure of your own with figures another name or definition.",
        ),
    ] = False,
    allow_partial: AllowPartial = False,
    rejected: RejectedFile = None,
    store: StoreFolder = None,
) -> None:
    """Recognise files, check every row, and add them to the store: all rows of all files or none.

    A YAML file holds measures (the guide Egna siffror, docs/egen-tabell.md in the project), agreements, requirements
    and words of your own; so does a workbook that vgstats template krav or insats made. A Markdown file holds your
    own words under the headings of a report (the guide Egna överenskommelser,
    docs/egna-overenskommelser.md).
    """
    _check_options(retrieved, kind, rejected)
    if protected and not publisher:
        raise VgstatsError(
            "--protected: whose figures are they? Name who keeps them with --publisher."
        )
    place, source = Store(store), source_of(publisher)
    own_files = [f for f in files if f.suffix.lower() == ENDING or is_own_file(f)]
    mistakes, pieces = Mistakes(), []
    with mistakes.noted():
        _say_what_is_own(bring_in(own_files, place, again=redeclare))
    files = [file for file in files if file not in own_files]
    for file in files:
        with mistakes.noted():
            reading = read_file(file, dataset=dataset, area=area, source=source)
            pieces.append(piece_of_file(file, reading, retrieved))
    mistakes.tell()
    if not files:
        return
    own = {"short": publisher, "publisher": publisher, "kind": kind} if publisher else None
    if own:
        own["protected"] = "yes" if protected or kind == "published" else "no"
        own |= {"title": ", ".join(file.name for file in files), "precedence": "8"}
    outcome = take_in(pieces, place, allow_partial=allow_partial, own_source=own)
    for piece in pieces:
        own_date = "" if retrieved else " (the file's own date; --retrieved gives another)"
        say(f"{piece.address}: {piece.reading.recognised}, retrieved {piece.retrieved}{own_date}")
        for note in piece.reading.notes:
            say(f"  {note}")
    report(outcome, place, rejected)
    if protected:
        _warn_of_small_counts(pieces)
    if own and own["protected"] == "no":
        _say_what_is_not_shown(outcome.summary["measure"].unique())


def _say_what_is_own(files: Sequence[OwnFile]) -> None:
    """Say which measures and texts of a region were kept."""
    for own in files:
        for m in own.measures:
            say(f"{own.address}: a measure of your own, {m.id} ({m.name}), {m.unit}, {m.quantity}")
        for text in own.texts:
            say(f"{own.address}: {_about(text)}")


def _about(text: OwnText) -> str:
    """Return in words what a text of a region is."""
    if isinstance(text, Agreement):
        start, end = (day or "an unknown day" for day in (text.start, text.end))
        what = "a project" if text.project else "an agreement"
        return f"{what} of your own, {text.id} ({text.name}), {start} to {end}"
    if isinstance(text, Source):
        return f"a source, {text.source} ({text.short})"
    if isinstance(text, Passage):
        place = f" on {area_name(text.area)}" if text.area else ""
        return f"your own words{place} under {text.section!r}"
    if isinstance(text, OwnWords):
        return f"your own words on {text.agreement or area_name(text.area)}, {text.heading}"
    if isinstance(text, Requirements):
        return (
            f"requirements of your own, {text.id} ({text.name}), {len(text.requirements)} of them"
        )
    if isinstance(text, Judgement):
        return f"how {area_name(text.area)} meets {text.requirement} of {text.requirements}, {text.period}"
    if isinstance(text, Call):
        return f"a call for projects, {text.id} ({text.name})"
    if isinstance(text, Unit):
        return f"a unit, {text.area} ({text.name})"
    return f"a remark on {area_name(text.area)} ({text.topic})"


def _warn_of_small_counts(pieces: Sequence[Piece]) -> None:
    """Warn of counts that are said to be protected while nothing in them looks hidden."""
    rows = pd.concat([piece.reading.rows[["measure", "value", "status"]] for piece in pieces])
    known = rows[rows["measure"].astype(str).isin(catalogue())]
    counts = known[[measure_of(str(id_)).counted for id_ in known["measure"]]]
    small = int(counts["value"].between(1, HidingRule().threshold - 1).sum())
    if small and not counts["status"].isin(["suppressed", "ambiguous"]).any():
        err.print(
            f"Warning: {small} counts are from 1 to {HidingRule().threshold - 1}, and none is marked as hidden. "
            "--protected says that somebody has hidden small numbers already, so reports show these as they are. "
            "Import the file again without --protected if nobody has."
        )


def _say_what_is_not_shown(ids: Iterable[str]) -> None:
    for id_ in ids:
        if not (measure_of(id_).counted or measure_of(id_).harmless):
            say(
                f"  {id_} is no count and no money: vgstats cannot tell whether it gives small numbers away. Reports "
                "show it when a file of it alone is imported with --protected and another --publisher."
            )


def _check_options(retrieved: str, kind: str, rejected: Path | None) -> None:
    check_rejected_file(rejected)
    if retrieved and not is_moment(retrieved):
        raise VgstatsError(
            f"--retrieved: {retrieved!r} is not a date that has been. Write it as 2024-11-06."
        )
    if kind not in ("own", "published"):
        raise VgstatsError(f"--kind: {kind!r} is unknown. Write own or published.")


@app.command("store")
def store_command(
    measure: Annotated[str, typer.Option(help="Only this measure.")] = "",
    origins: Annotated[
        bool, typer.Option("--origins", help="List the files and answers instead.")
    ] = False,
    store: StoreFolder = None,
) -> None:
    """Show what the store has: measure, kind of area, years, source and age."""
    place = Store(store)
    manifest = place.manifest()
    coverage = place.coverage()
    for one in place.open_measures():
        m = one.measure
        say(f"Own measure {m.id}: {m.name}, {m.unit}; {one.address}, SHA-256 {one.sha256[:12]}")
    for written in place.declared().texts:
        until = f", replaced {written.replaced}" if written.replaced else ""
        said = f"{_about(written.entry)}; {written.address}, SHA-256 {written.sha256[:12]}"
        say(f"Own text: {said}, retrieved {written.retrieved}{until}")
    if measure:
        measure_of(measure)
        coverage = coverage[coverage["measure"] == measure]
    if coverage.empty:
        say(
            f"{place.folder}: nothing{' of ' + measure if measure else ''} yet. Get figures with vgstats "
            "fetch or vgstats import; vgstats demo makes synthetic ones."
        )
        return
    whose = _whose(place)
    kinds = " and ".join(dict.fromkeys(whose[file.source] for file in manifest.files))
    say(f"{place.folder}: {kinds}, {sum(f.rows for f in manifest.files)} rows")
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
                f"{source} ({whose[str(source)]})",
                str(group["rows"].sum()),
                group["retrieved"].max()[:10],
                _age(group["checked"].max()),
            ]
            for (of_measure, source, level), group in coverage.groupby(
                ["measure", "source", "level"], sort=True
            )
        ],
    )


def _whose(store: Store) -> dict[str, str]:
    """Return whose figures each source's are: an authority's, a region's own or nobody's."""
    kinds = all_provenance(store)["kind"]
    return {str(source): _KINDS.get(kind, _KINDS["own"]) for source, kind in kinds.items()}


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


_CERTIFICATES = 120_000  # of four years, at twenty-five units


@app.command("demo")
def demo_command(
    store: Annotated[
        Path,
        typer.Option("--store", help="Folder of a store of its own, for synthetic figures only."),
    ],
    lan: Counties = "alla",
    kommuner: WithKommuner = True,
    first: Annotated[str, typer.Option("--from", help="The first month.")] = "2001-01",
    last: Annotated[str, typer.Option("--to", help="The last month.")] = "2025-12",
    december: Annotated[
        bool, typer.Option("--december", help="December of each year only.")
    ] = False,
    ages: Annotated[
        bool,
        typer.Option("--ages", help="By age and length of case too, seven times as many rows."),
    ] = False,
    certificates: Annotated[
        Path | None,
        typer.Option(
            "--certificates",
            metavar="FILE",
            help="Keep the made-up certificates of the county here (.parquet or .csv), with their mapping beside them.",
        ),
    ] = None,
    seed: Annotated[int, typer.Option(help="The same seed gives the same figures.")] = 1,
) -> None:
    """Write synthetic figures to a store of their own, to try vgstats with.

    With one county (--lan) there are certificates too, about nobody, and cases by unit counted of them.
    """
    counties = tuple(lan_list(lan))
    size = Size(
        lan=counties,
        kommuner=kommuner,
        first=first,
        last=last,
        december_only=december,
        ages=ages,
        seed=seed,
        certificates=_CERTIFICATES if len(counties) == 1 or certificates else 0,
    )
    for measure, added in write_demo(Store(store), size, certificates):
        say(f"  {measure}: {added.new + added.unchanged} values made up")
    say(f"Synthetic figures, about nobody. Use them with --store {store}")
