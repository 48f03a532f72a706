"""`vgstats release`: begin a new ledger where the old one stands in the way."""

from __future__ import annotations

import datetime as dt
from typing import Annotated

import typer

from vgstats.catalogue.measures import measure as measure_of
from vgstats.cli.terminal import StoreFolder, app, say, stop
from vgstats.disclosure.release import ledger_of
from vgstats.errors import VgstatsError
from vgstats.store.store import Store


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
    try:
        place = Store(store)
        ledger = ledger_of(measure_of(new_ledger).id, place)
        kept = ledger.begin_anew(reason, dt.datetime.now().astimezone().date())
    except VgstatsError as error:
        raise stop(str(error)) from None
    say(f"{ledger.path}: begun anew. The old one is kept as {kept.name}.")
    say("What it says was shown and hidden is not taken into account any more.")
