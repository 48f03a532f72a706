"""From files and answers that are read to the store: check at the door, add all or nothing."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from vgstats.catalogue.areas import all_areas
from vgstats.catalogue.measures import measure as measure_of
from vgstats.errors import Mistakes, VgstatsError
from vgstats.observations import COLUMNS, KEY, SYNTHETIC
from vgstats.row_checks import faults
from vgstats.sources.door import check
from vgstats.sources.intygsstatistik import OWN as INTYG_OWN
from vgstats.sources.own_file import OwnFile, read_own_file
from vgstats.sources.own_passages import ENDING, read_own_passages
from vgstats.sources.reading import constant
from vgstats.sources.recognise import Piece
from vgstats.store.files import Kind, Origin
from vgstats.store.published import PROVENANCE, provenance
from vgstats.store.store import Added, Store, united


@dataclass(frozen=True)
class Outcome:
    """What became of an import: a summary of the good rows, the rejected ones, and what was added.

    `summary` has a row for each file and measure: file, recognised, measure, rows, areas (words),
    first and last period, and the number of suppressed, missing and nil values. `added` is None when
    rows were rejected, and so nothing was imported.
    """

    summary: pd.DataFrame
    rejected: pd.DataFrame
    added: Added | None


def bring_in(
    files: Sequence[Path],
    store: Store,
    *,
    again: bool = False,
    keep: bool = True,
    headings: Mapping[Path, Collection[str]] | None = None,
) -> list[OwnFile]:
    """Check the measures and texts of a region's own files and keep them in the store, all of them or none.

    Args:
        files: YAML files and workbooks (see `sources.own_file`) and Markdown files (see `sources.own_passages`);
            the same one may be named more than once.
        store: where to keep them.
        again: whether a measure with figures may get another name or definition.
        keep: whether they are written down; otherwise only this store object knows them.
        headings: which headings each Markdown file, by its whole path, may have; where that is known.

    Returns:
        What the files hold.

    Raises:
        VgstatsError: a file or an entry of one is not valid, or two files have the same name.
    """
    found = {file.resolve(): file for file in files}
    by_name: dict[str, Path] = {}
    own, mistakes = [], Mistakes()
    store.open_measures()
    for whole, file in found.items():
        other = by_name.setdefault(file.name, file)
        if other is not file:
            mistakes.append(
                f"{file}: {other} has the same name, and a file of that name takes the place of the one before. "
                "Nothing was imported. Rename one."
            )
        with mistakes.noted():
            own.append(
                read_own_passages(file, (headings or {}).get(whole))
                if file.suffix.lower() == ENDING
                else read_own_file(file)
            )
    mistakes.tell()
    if own:
        store.declare(own, again=again, keep=keep)
    return own


def take_in(
    pieces: Sequence[Piece],
    store: Store,
    *,
    allow_partial: bool = False,
    own_source: dict[str, str] | None = None,
    kind: Kind = "official",
) -> Outcome:
    """Check the rows of all pieces and add them to the store, all of them or none.

    Args:
        pieces: what was read.
        store: where to add it.
        allow_partial: add the good rows although others were rejected; how many is recorded.
        own_source: provenance (see `provenance`) for the sources in the pieces that are not known.
        kind: `official` or `demo`.

    Raises:
        VgstatsError: a source is unknown, made-up rows would come in as official, two pieces do not
            agree with each other, or the store cannot be written.
    """
    store.open_measures()
    checked = [(piece, check(piece.reading, piece.address, piece.retrieved)) for piece in pieces]
    rejected = pd.concat([found.rejected for _, found in checked], ignore_index=True)
    good = [(piece, found.accepted) for piece, found in checked if len(found.accepted)]
    summary = _summary(good)
    if (len(rejected) and not allow_partial) or not good:
        return Outcome(summary, rejected, None)
    rows = united(
        [accepted.assign(origin=constant(piece.sha256, accepted.index)) for piece, accepted in good]
    )
    _refuse_synthetic(rows, kind)
    _refuse_contradictions(rows, len(good))
    sources = _sources_after(rows, store, own_source)
    known = pd.concat(
        [provenance(), *([pd.DataFrame(sources).set_index("source")] if sources else [])]
    )
    origins = [
        Origin(
            sha256=piece.sha256,
            address=piece.address,
            retrieved=piece.retrieved,
            recognised=piece.reading.recognised,
            licence=", ".join(
                known["licence"].reindex(found.accepted["source"].unique()).dropna().unique()
            )
            or "ej angiven",
            left_out=len(found.rejected[["sheet", "row"]].drop_duplicates()),
        )
        for piece, found in checked
    ]
    return Outcome(summary, rejected, store.add(rows, origins, sources, kind=kind))


def _refuse_synthetic(rows: pd.DataFrame, kind: Kind) -> None:
    synthetic = rows["source"].isin(SYNTHETIC)
    if synthetic.any() and kind != "demo":
        source = rows.loc[synthetic, "source"].iloc[0]
        raise VgstatsError(
            f"{int(synthetic.sum())} rows have the source {source!r}: they are made up, and are never taken "
            "in beside real figures. Nothing was imported. Use 'vgstats demo' for a store of its own."
        )


def _refuse_contradictions(rows: pd.DataFrame, pieces: int) -> None:
    """Refuse pieces that are sound one by one and do not agree with each other."""
    if pieces == 1:
        return
    key = [*KEY, "source"]
    different = rows[~rows.duplicated([*key, "value", "status"])]
    twice = different[different.duplicated(key, keep=False)]
    if len(twice):
        first = twice.iloc[0]
        raise VgstatsError(
            "Two of the files or answers give different numbers for "
            f"{', '.join(str(first[column]) for column in KEY if first[column])}. Nothing was "
            "imported. Import them one by one, the one that counts last."
        )
    at_once = rows.drop_duplicates(key).reset_index(drop=True)
    together = at_once.assign(retrieved=constant("2000-01-01", at_once.index))
    found = faults(together[COLUMNS])
    if len(found):
        first = found.iloc[0]
        named = ", ".join(str(together[column].iloc[first["place"]]) for column in KEY)
        raise VgstatsError(
            f"The files or answers do not agree with each other: {named}: {first['value']} "
            f"{first['rule']}. Nothing was imported. Leave out the one that is wrong."
        )


def _sources_after(
    rows: pd.DataFrame, store: Store, own_source: dict[str, str] | None
) -> list[dict[str, str]]:
    """Return the provenance of the sources that this import brings, or says something new of.

    Protection, title and note are told anew for every import: a source is protected while all that came in under it
    was.
    """
    kept, bundled = store.provenance(), provenance()
    named = [str(source) for source in rows["source"].unique()]
    found = []
    for source in named:
        before = kept.loc[source].to_dict() if source in kept.index else None
        if source in bundled.index:
            _refuse_borrowed(source, bundled.loc[source], own_source)
            continue
        if own_source is None:
            known = (
                f"came in under --publisher {before['publisher']!r}" if before else "is not known"
            )
            raise VgstatsError(
                f"The source {source!r} {known}, so it must be said whose its figures are and whether somebody has "
                "hidden small numbers in them. Nothing was imported. Name who has published or keeps them with "
                "--publisher, and add --kind published for official statistics or --protected where small "
                "numbers are hidden already."
            )
        now = dict.fromkeys(PROVENANCE, "") | own_source | {"source": source}
        if before and "no" in (before.get("protected"), now.get("protected")):
            now["protected"] = "no"
        if not before or any(now[key] != before.get(key) for key in ("protected", "note", "title")):
            found.append(now)
    _refuse_published_measure(rows, own_source)
    return found


def _is_own(source: dict[str, str]) -> bool:
    return source.get("kind", "") in ("own", "")


def _refuse_borrowed(source: str, about: pd.Series, own_source: dict[str, str] | None) -> None:
    """Refuse a region's own figures under the name of a source that vgstats knows."""
    if own_source and _is_own(own_source) and about["kind"] == "published":
        raise VgstatsError(
            f"The rows have the source {source!r}, which is {about['publisher']}, and --publisher says that they are "
            f"{own_source['publisher']!r}'s. Nothing was imported. Leave --publisher out if {about['publisher']} has "
            "published them; else empty the source column, or write a name of your own there."
        )


def _refuse_published_measure(rows: pd.DataFrame, own_source: dict[str, str] | None) -> None:
    """Refuse a region's own counts under a measure that somebody else publishes.

    Intygsstatistik's of chosen units keep its measure: they have a source of their own there.
    """
    if not own_source or not _is_own(own_source):
        return
    own = rows[~rows["source"].isin([*provenance().index, INTYG_OWN])]
    for id_ in map(str, own["measure"].unique()):
        if measure_of(id_).counted and not measure_of(id_).own:
            raise VgstatsError(
                f"{id_} is a measure that others publish, and these are counts of {own_source['publisher']!r}: beside "
                "the published ones they could give small numbers away, and nobody could tell them apart. Nothing was "
                "imported. Import them as pagaende_sjukfall_eget_register or a measure that you declare "
                "(the guide Egna siffror, docs/egen-tabell.md in the project), or say --kind published if they are "
                "official statistics."
            )


def _summary(good: Sequence[tuple[Piece, pd.DataFrame]]) -> pd.DataFrame:
    found = []
    levels = all_areas()["level"].to_dict()
    for piece, rows in good:
        for measure, group in rows.groupby("measure", observed=True):
            kinds = group["area"].drop_duplicates().map(levels).astype(str).value_counts()
            marks = group["status"].value_counts()
            periods = group["period"].astype(str)
            words = [
                kind if kind == "riket" else f"{count} {kind}" for kind, count in kinds.items()
            ]
            found.append(
                {
                    "file": piece.address,
                    "recognised": piece.reading.recognised,
                    "measure": str(measure),
                    "rows": len(group),
                    "areas": ", ".join(words),
                    "first": periods.min(),
                    "last": periods.max(),
                    "marks": ", ".join(
                        f"{n} {mark}" for mark, n in marks.items() if mark != "ok" and n
                    ),
                }
            )
    return pd.DataFrame(found)
