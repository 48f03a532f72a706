"""`vgstats verify` and `vgstats release`: whether what was released stands, and how it is let go of."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from vgstats.catalogue.data_files import verify as verify_bundled
from vgstats.catalogue.measures import measure as measure_of
from vgstats.cli.terminal import MISTAKE, Notebooks, StoreFolder, app, fitting, one_by_one, say
from vgstats.disclosure.release import ledger_of
from vgstats.errors import VgstatsError
from vgstats.store.store import Store

if TYPE_CHECKING:
    from vgstats.batch.verify import Difference

ALTERED, REVISED, UNCONFIRMED = 1, 3, 4
_WORST_FIRST = (ALTERED, MISTAKE, UNCONFIRMED, REVISED)
_SHOWN = 200


@app.command("verify")
def verify_command(
    reports: Annotated[
        list[Path],
        typer.Argument(
            metavar="REPORT.html...",
            help="Finished reports.",
            show_default=False,
            callback=fitting,
        ),
    ],
    notebooks: Notebooks = None,
    store: StoreFolder = None,
) -> None:
    """Make reports again from their own records, and compare them with the files.

    Exit code 0: as it was made, and its figures stand. 1: it was altered. 2: it cannot be verified, as the
    message says. 3: as it was made, but figures have been revised since. 4: made by another version or under
    other conditions, so nothing here can tell. 70: a fault in vgstats. Of several reports: the first of 1, 2, 4 and 3
    that one of them has.
    """
    from vgstats.page.reading import is_index

    verify_bundled()
    indexes = [one for one in reports if len(reports) > 1 and is_index(one)]
    for index in indexes:
        say(f"{index}: an index of reports, with nothing to verify. It is passed over.")
    others = [one for one in reports if one not in indexes] or reports
    codes = one_by_one(others, lambda report: _verify(report, notebooks, Store(store)))
    if worst := next((code for code in _WORST_FIRST if code in codes), 0):
        raise typer.Exit(worst)


def _verify(report: Path, notebooks: Path | None, store: Store) -> None:
    """Say whether a report stands.

    Raises:
        VgstatsError: it cannot be verified.
        typer.Exit: it does not stand as it is, with the code that says how.
    """
    # Kernels and drawing take seconds to import, which the other commands should not wait for.
    from vgstats.batch.verify import verify
    from vgstats.page.reading import read_file

    try:
        found = verify(read_file(report), notebooks, store)
    except VgstatsError as error:
        named = (said if str(report) in str(said) else f"{report}: {said}" for said in error.args)
        raise VgstatsError(*named) from None
    _list("Altered, or not as it was made", found.altered)
    _list("Reads otherwise when it is made again here", found.otherwise)
    _list("Revised since the report was made", found.revised)
    for reason in found.reasons:
        say(f"Not confirmed: {reason}.")
    if found.altered:
        say(f"{report}: altered in {len(found.altered)} places.")
        raise typer.Exit(ALTERED)
    if not found.confirmed:
        same = "" if found.otherwise else " Every number is the same when it is made again here."
        say(
            f"{report}: the file does not contradict itself, but whether it is as it was made cannot be told "
            f"here.{same} Verify it with what made it."
        )
        raise typer.Exit(UNCONFIRMED)
    if found.revised:
        say(
            f"{report}: as it was made. {len(found.revised)} numbers or texts would be others today; render "
            "the report again to have them."
        )
        raise typer.Exit(REVISED)
    say(f"{report}: as it was made, and its figures have not been revised.")
    say("The day that it says it was made on is its own word; nothing here can confirm that.")


def _list(title: str, differences: list[Difference]) -> None:
    if not differences:
        return
    say(f"{title}:")
    for one in differences[:_SHOWN]:
        then = f" -> {one.again}" if one.again else ""
        say(f"  {one.what}: {one.in_file}{then}")
    if len(differences) > _SHOWN:
        say(f"  and {len(differences) - _SHOWN} more.")


@app.command("release")
def release_command(
    new_ledger: Annotated[
        str,
        typer.Option(
            metavar="MEASURE", help="The measure to begin a new ledger for.", show_default=False
        ),
    ],
    reason: Annotated[
        str, typer.Option(help="Why, in words that stand in the new ledger.", show_default=False)
    ],
    store: StoreFolder = None,
) -> None:
    """Begin a new ledger of what was released of a measure of your own. The old one is kept beside it.

    What was released before is then no longer protected against what comes: the two together can give small
    numbers away. Do it only where nobody can have both, or where that is worse than showing nothing.
    """
    place = Store(store)
    ledger = ledger_of(measure_of(new_ledger).id, place)
    kept = ledger.begin_anew(reason, dt.datetime.now().astimezone().date())
    say(f"{ledger.path}: begun anew. The old one is kept as {kept.name}.")
    say("What it says was shown and hidden is not taken into account any more.")
