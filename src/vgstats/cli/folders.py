"""What a run leaves in each batch's folder besides its reports: manifest, index, and reports of earlier runs."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from pathlib import Path

from vgstats.batch import manifest
from vgstats.batch.left_over import INDEX, index_is_fresh, index_key, left_over, remove
from vgstats.batch.round import Round
from vgstats.cli.terminal import err, say
from vgstats.whole_files import write_whole


def indexes(the_round: Round) -> bool:
    """Write the manifests anew, without what is superseded, and each batch's index; return whether all went well."""
    wanted, well = the_round.wanted, True
    for batch in the_round.batches:
        folder = wanted.folder / batch.name
        lines, labels = manifest.read(folder), batch.labels
        made = sum(lines[name].status == "made" for name in labels if name in lines)
        try:
            if not index_is_fresh(folder, lines, labels):
                lines[INDEX] = _index(folder, lines, labels)
            write_whole(folder / manifest.NAME, manifest.text_of(lines))
            say(f"{made} of {len(labels)} reports: {folder / INDEX}")
        except OSError as error:
            err.print(f"Failed: {folder / INDEX}: {error}", markup=False)
            well = False
    return well


def _index(
    folder: Path, lines: Mapping[str, manifest.Entry], labels: Mapping[str, str]
) -> manifest.Entry:
    """Write an index and return its entry."""
    # Drawing takes seconds to import, which a run with nothing to make should not wait for.
    from vgstats.batch.index import write_index

    made = dt.datetime.now().astimezone()
    file = write_index(folder, lines, labels, made)
    return manifest.Entry(
        file=INDEX,
        kind="index",
        area="",
        status="made",
        key=index_key(lines, labels),
        made=made.isoformat(timespec="seconds"),
        seconds=0,
        outputs={INDEX: manifest.Output.of(file)},
    )


def old_reports(the_round: Round, *, clean: bool) -> None:
    """Name the reports of earlier runs that no parameter file asks for any more, or remove them."""
    for batch in the_round.batches:
        folder = the_round.wanted.folder / batch.name
        lines = manifest.read(folder)
        old = left_over(lines, batch.labels)
        if not old:
            continue
        files = sorted(name for entry in old.values() for name in entry.outputs)
        if not clean:
            err.print(
                f"{folder}: {len(old)} reports that {batch.file} does not ask for any more: {', '.join(files)}. "
                "--clean removes them.",
                markup=False,
            )
            continue
        kept = [name for entry in old.values() for name in remove(folder, entry)]
        left = {name: line for name, line in lines.items() if name not in old}
        write_whole(folder / manifest.NAME, manifest.text_of(left))
        say(f"{folder}: removed {len(files) - len(kept)} files of reports not asked for any more.")
        for name in kept:
            err.print(f"Kept: {folder / name}: it was altered since it was made.", markup=False)
