"""The figures that one report may read, and nothing else.

A batch writes a bundle for each job; a notebook reads only its bundle. In JupyterLab the same
figures are gathered on the fly.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cache, partial
from pathlib import Path
from typing import Any

import pandas as pd

from vgstats.disclosure import HidingRule
from vgstats.errors import VgstatsError
from vgstats.catalogue.agreements import declare_agreements
from vgstats.catalogue.measures import Measure, declare, declared
from vgstats.catalogue.texts import OWN_TEXTS, Texts, texts_of
from vgstats.observations import no_rows
from vgstats.store.precedence import DIFFERENCE_COLUMNS, MIXED_COLUMNS, resolve
from vgstats.disclosure.release import Release, decide, may_pass, recorded
from vgstats.store.published import provenance, published
from vgstats.store.store import Store
from vgstats.store.wanted import DataRequest, Wanted

_TABLES = ("observations", "sources", "differences", "mixed")
_FIGURES = ("observations", "differences", "mixed")
_JOB = "job.json"


@dataclass(frozen=True)
class Bundle:
    """Released observations, and the provenance of every source that a report may name.

    `differences` and `mixed` say where sources disagree and which series come from several (see
    `vgstats.store.precedence`). `vintages` says when the newest number of each source read was retrieved. `measures`
    are those among the figures and in the texts that a region has declared itself, `texts` those that a report may read.
    """

    observations: pd.DataFrame
    sources: pd.DataFrame
    differences: pd.DataFrame = field(default_factory=lambda: no_rows(DIFFERENCE_COLUMNS))
    mixed: pd.DataFrame = field(default_factory=lambda: no_rows(MIXED_COLUMNS))
    vintages: dict[str, str] = field(default_factory=dict)
    measures: tuple[Measure, ...] = ()
    texts: Texts = field(default_factory=partial(texts_of, (), "", ""))

    def open_measures(self) -> None:
        """Let the catalogue have the measures and agreements of a region that the bundle carries."""
        declare(self.measures, beside=True)
        declare_agreements((one for one in self.texts.agreements if one.own), beside=True)

    def shown_and_hidden(self) -> tuple[int, int]:
        """Return how many of a region's own counts are shown in the bundle, and how many are hidden."""
        own = self.observations[~may_pass(self.observations, self.sources)]
        hidden = int((own["status"] == "suppressed").sum())
        return len(own) - hidden, hidden

    def digest(self) -> str:
        """Return a digest of the figures, what they mean, where their sources disagree, and a region's own texts.

        The texts of vgstats are not in it, no more than the rest of the software is.
        """
        whole = hashlib.sha256()
        for name in _FIGURES:
            table = getattr(self, name).astype(str)
            rows = table.sort_values(list(table.columns)).to_csv(index=False)
            whole.update(f"{name}\n{rows}".encode())
        for measure in self.measures:
            whole.update(measure.model_dump_json().encode())
        for text in self.texts.own():
            whole.update(text.model_dump_json().encode())
        return whole.hexdigest()

    def write(self, folder: Path, parameters: dict[str, Any]) -> None:
        """Write the bundle to a folder, with the parameters it was made for."""
        folder.mkdir(parents=True, exist_ok=True)
        for name in _TABLES:
            getattr(self, name).to_parquet(folder / f"{name}.parquet")
        measures = [measure.model_dump() for measure in self.measures]
        texts = self.texts.model_dump(mode="json")
        job = {"parameters": parameters, "vintages": self.vintages, "measures": measures}
        job["texts"] = texts
        (folder / _JOB).write_text(json.dumps(job, ensure_ascii=False), encoding="utf-8")

    @classmethod
    def read(cls, folder: str | Path, parameters: dict[str, Any]) -> Bundle:
        """Return the bundle in a folder.

        Raises:
            VgstatsError: there is none, or it was made for other parameters.
        """
        folder = Path(folder)
        job = _job_of(folder)
        made_for = job["parameters"]
        if made_for != parameters:
            raise VgstatsError(
                f"The bundle in {folder} was made for {made_for}, not for {parameters}. Leave "
                "bundle empty, or render the report again."
            )
        tables = {name: pd.read_parquet(folder / f"{name}.parquet") for name in _TABLES}
        found = cls(**tables, vintages=job["vintages"], **_declared_in(job))
        found.open_measures()
        return found


def open_measures(folder: str) -> None:
    """Let the catalogue have a region's own: what a bundle's folder carries, or the user's store when it is empty."""
    if folder:
        found = _declared_in(_job_of(Path(folder)))
        declare(found["measures"], beside=True)
        texts = found.get("texts", Texts())
        declare_agreements((one for one in texts.agreements if one.own), beside=True)
    else:
        Store()


def _declared_in(job: dict[str, Any]) -> dict[str, Any]:
    """Return the measures and texts of a job; one of an earlier version has none."""
    found: dict[str, Any] = {
        "measures": tuple(Measure.model_validate(one) for one in job.get("measures", []))
    }
    return found | ({"texts": Texts.model_validate(job["texts"])} if "texts" in job else {})


def _job_of(folder: Path) -> dict[str, Any]:
    try:
        job: dict[str, Any] = json.loads((folder / _JOB).read_text(encoding="utf-8"))
        job["parameters"], job["vintages"]
    except (OSError, json.JSONDecodeError, KeyError, TypeError):
        raise VgstatsError(
            f"There is no bundle in {folder}. Leave bundle empty to gather the figures anew."
        ) from None
    return job


def gather(
    request: DataRequest,
    store: Store | None = None,
    known_by: Mapping[str, str] | None = None,
    release: Release | None = None,
) -> Bundle:
    """Return the released figures that a request names, from the store and the bundled tables.

    A store of synthetic figures (`vgstats demo`) is read alone: they never stand beside real ones.

    Args:
        request: what is asked for.
        store: where fetched and imported figures lie; the user's own when left out.
        known_by: the `vintages` of an earlier bundle, to see the figures as they were then: what a
            source gave later is left out.
        release: what may be shown of own counts, decided for a whole batch; what was recorded before when
            left out.
    """
    store = store or Store()
    store.open_measures()
    known = all_provenance(store)
    release = release or recorded(request.wanted, store, known)
    rows = _open_rows(request, store, known)
    if known_by is not None:
        limits = rows["source"].astype(str).map(known_by).fillna("")
        rows = rows[rows["retrieved"].astype(str) <= limits]
    own = release.asked_for(request.wanted)
    rows = pd.concat([rows, own]) if len(own) else rows
    resolved = resolve(
        rows.reset_index(drop=True),
        {source: int(rank) for source, rank in known["precedence"].items() if rank},
        {(w.measure, w.area): w.periods for w in request.wanted if w.periods},
    )
    newest = rows["retrieved"].astype(str).groupby(rows["source"].astype(str)).max()
    vintages = dict(sorted(newest.items()))
    found = resolved.observations.reset_index(drop=True)
    texts, changed = _texts(request, store, known_by)
    named = {m for one in texts.agreements if one.own for m in one.measures} | set(found["measure"])
    measures = tuple(one for id_, one in sorted(declared().items()) if id_ in named)
    if changed:
        vintages[OWN_TEXTS] = changed
    known = _with_sources_of(texts, known)
    return Bundle(found, known, resolved.differences, resolved.mixed, vintages, measures, texts)


def _texts(
    request: DataRequest, store: Store, known_by: Mapping[str, str] | None
) -> tuple[Texts, str]:
    """Return the texts that a report reads, and when one that it reads or has read was last changed, if any."""
    asked = request.texts_on, request.agreement
    moment = None if known_by is None else known_by.get(OWN_TEXTS, "")
    written = store.declared().then(moment) if request.texts_on else []
    ever = list(texts_of((one.entry for one in written), *asked).own())
    moments = [max(one.retrieved, one.replaced) for one in written if one.entry in ever]
    texts = texts_of((one.entry for one in written if not one.replaced), *asked)
    return texts, max(moments, default="")


def _with_sources_of(texts: Texts, known: pd.DataFrame) -> pd.DataFrame:
    """Return the provenance with what a region says of its sources; of figures under the same name the rest stays."""
    for source in texts.sources:
        before = known.loc[source.source].to_dict() if source.source in known.index else None
        told = pd.DataFrame([source.provenance(before)], index=[source.source])
        known = pd.concat([known.drop(index=source.source, errors="ignore"), told])
    return known


def released_for(
    requests: Sequence[DataRequest],
    store: Store | None,
    rule: HidingRule,
    known_by: Mapping[str, str] | None = None,
) -> Release:
    """Return what may be shown of own counts in reports that ask for this (see `release.decide`)."""
    store = store or Store()
    return decide(_wanted(requests), store, all_provenance(store), rule, known_by=known_by)


def opened_for(request: DataRequest, store: Store | None, rule: HidingRule) -> Release:
    """Return what a report that is opened outside of a batch may show: what was recorded, or all with the rule off."""
    store = store or Store()
    if not rule.on:
        return released_for([request], store, rule)
    return replace(recorded(request.wanted, store, all_provenance(store)), rule=rule)


def _wanted(requests: Sequence[DataRequest]) -> list[Wanted]:
    return list(dict.fromkeys(one for request in requests for one in request.wanted))


def all_provenance(store: Store) -> pd.DataFrame:
    """Return where the bundled figures and those of a store come from (see `provenance`)."""
    return pd.concat([provenance(), store.provenance()]).fillna("")


def _open_rows(request: DataRequest, store: Store, known: pd.DataFrame) -> pd.DataFrame:
    """Return the rows that may be shown as they are."""
    fetched = store.read((w.area, w.measure, w.periods) for w in request.wanted)
    fetched = fetched[may_pass(fetched, known)]
    if store.manifest().kind == "demo":
        return fetched
    return pd.concat([_bundled(request), fetched])


def _bundled(request: DataRequest) -> pd.DataFrame:
    rows, places = published(), _places()
    found: set[int] = set()
    for wanted in request.wanted:
        there = places.get((wanted.area, wanted.measure), {})
        for period in wanted.periods or there:
            found.update(there.get(period, ()))
    return rows.iloc[sorted(found)]


@cache
def _places() -> dict[tuple[str, str], dict[str, list[int]]]:
    """Return the places of the bundled rows by area, measure and period."""
    found: dict[tuple[str, str], dict[str, list[int]]] = {}
    columns = (published()[name].tolist() for name in ("area", "measure", "period"))
    for place, (area, measure, period) in enumerate(zip(*columns, strict=True)):
        found.setdefault((area, measure), {}).setdefault(period, []).append(place)
    return found
