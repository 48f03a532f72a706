"""From the store to what a report may read: released figures and texts, and how to get those that it lacks."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from functools import cache
from itertools import product

import pandas as pd

from vgstats.catalogue import areas
from vgstats.catalogue.agreements import all_agreements, all_remarks
from vgstats.catalogue.calibration import interval_rates
from vgstats.catalogue.law_changes import all_law_changes
from vgstats.catalogue.measures import catalogue, declared
from vgstats.catalogue.texts import OWN_TEXTS, Passage, Texts, texts_of
from vgstats.disclosure import HidingRule
from vgstats.disclosure.release import Release, decide, is_own_measure, may_pass, recorded
from vgstats.errors import VgstatsError, nearest
from vgstats.observations import WITH_VALUE
from vgstats.reports.base.bundle import Bundle
from vgstats.reports.base.parameters import InTime
from vgstats.reports.base.rests_on import told_with_cases, with_cases
from vgstats.sources.datasets import datasets
from vgstats.sources.fetch.planning import parts_of
from vgstats.store.declared import Written
from vgstats.store.published import provenance, published, resolve
from vgstats.store.store import DataRequest, Store, Wanted


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
    release = release or recorded(with_cases(request.wanted), store, known)
    rows = told_with_cases(_open_rows(request, store, known), release)
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
    asked = request.texts_on, request.named, request.words
    moment = None if known_by is None else known_by.get(OWN_TEXTS, "")
    written = store.declared().then(moment) if request.texts_on else []
    if moment is None:
        _demand_words(request.words[0], written)
    ever = {id(entry) for entry in texts_of((one.entry for one in written), *asked).own()}
    moments = [max(one.retrieved, one.replaced) for one in written if id(one.entry) in ever]
    texts = texts_of((one.entry for one in written if not one.replaced), *asked)
    return texts, max(moments, default="")


def _demand_words(file: str, written: Sequence[Written]) -> None:
    """Refuse a report whose own words are nowhere.

    Raises:
        VgstatsError: the store has no text of the file.
    """
    there = {one.address for one in written if isinstance(one.entry, Passage) and not one.replaced}
    if file and file not in there:
        raise VgstatsError(
            f"words: there is no file {file!r} here, and the store has no text of it.{nearest(file, there)} Name the "
            "file with its folder, or take it in with vgstats import."
        )


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
    wanted = with_cases(_wanted(requests))
    return decide(wanted, store, all_provenance(store), rule, known_by=known_by)


def opened_for(request: DataRequest, store: Store | None, rule: HidingRule) -> Release:
    """Return what a report that is opened outside of a batch may show: what was recorded, or all with the rule off."""
    store = store or Store()
    if not rule.on:
        return released_for([request], store, rule)
    wanted = with_cases(request.wanted)
    return replace(recorded(wanted, store, all_provenance(store)), rule=rule)


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


def how_to_get(
    measure: str,
    parameters: InTime,
    *,
    all_counties: bool = False,
    years_before: int = 0,
    years_of: str = "",
    by: str = "",
) -> str:
    """Return the command that fetches a measure for a report, with some years before its first.

    `years_of` names the measure whose periods it is wanted for, where that is another one. `by` is a dimension that
    it is wanted by; the command then fetches it by all that its sources have for such an area.
    Empty when no source has it, or only for years that begin after the comparison does.
    """
    first, last = parameters.pair(years_of or measure)
    known = datasets()
    if any(t.measure == measure and not t.confirmed and not t.first_year for t in known.scb.tables):
        return "vgstats fetch --discover --source scb"
    level = parameters.area.partition(":")[0]
    parts = parts_of(measure, known, level) if by else []
    if by not in ("", *parts):
        return ""
    years = [d.first_year or 0 for d in known.fk.datasets if measure in d.measures]
    years += [0 for kpi in known.kolada.kpis if kpi.measure == measure]
    years += [table.first_year or 0 for table in known.scb.tables if table.measure == measure]
    if not years or int(first[:4]) < min(years):
        return ""
    first = f"{int(first[:4]) - years_before}{first[4:]}"
    where = "alla --no-kommuner" if all_counties else parameters.county.partition(":")[2]
    command = f"vgstats fetch {measure} --lan {where} --from {first} --to {last}"
    return " ".join([command, *(f"--by {part}" for part in parts)])


GET = "Get what is missing"


class NoFiguresError(VgstatsError):
    """A report has nothing to compare. `words` say of what, and what else can be done than to get it.

    `measure` is what it lacks, for the report with these parameters.
    """

    def __init__(self, words: str, measure: str, parameters: InTime) -> None:
        command = one_fetch([(measure, parameters)])
        super().__init__(words + (f" {GET}: {command}." if command else ""))
        self.words, self.measure, self.parameters = words, measure, parameters


def one_fetch(lacking: Sequence[tuple[str, InTime]]) -> str:
    """Return the command that gets what several reports lack, empty where no source has it.

    Args:
        lacking: the measure that each lacks, and its parameters.
    """
    commands = [how_to_get(measure, one) for measure, one in lacking]
    had = [one for one, get in zip(lacking, commands, strict=True) if f"fetch {one[0]} " in get]
    if not had:
        return next(filter(None, commands), "")
    pairs = [one.pair(measure) for measure, one in had]
    codes = sorted({one.county.partition(":")[2] for _, one in had})
    where = "alla" if len(codes) == len(areas.lan()) else ",".join(codes)
    measures = " ".join(dict.fromkeys(measure for measure, _ in had))
    first, last = min(first for first, _ in pairs), max(last for _, last in pairs)
    return f"vgstats fetch {measures} --lan {where} --from {first} --to {last}"


def periods_there(observations: pd.DataFrame, measure: str, area: str) -> str:
    """Return the periods in which an area has figures of a measure, in words."""
    rows = observations[(observations["measure"] == measure) & (observations["area"] == area)]
    return ", ".join(sorted(set(rows["period"]))) or "none"


def periods_with_figures(
    measures: Iterable[str], places: Sequence[str], store: Store
) -> dict[tuple[str, str], set[str]]:
    """Return the periods in which each of some measures has numbers for each of some areas.

    Numbers that their source hides are none. A region's own counts of a county may lie by kommun alone.
    """
    found: dict[tuple[str, str], set[str]] = {}
    part_of: dict[tuple[str, str], tuple[str, str]] = {}
    for measure, place in product(measures, places):
        found[measure, place] = set()
        parts = areas.kommuner(place) if is_own_measure(measure) and place in areas.lan() else []
        part_of |= {(measure, part): (measure, place) for part in (place, *parts)}
    columns = ["measure", "area", "period", "status"]
    rows = [store.read(((area, measure, ()) for measure, area in part_of), columns=columns)]
    if store.manifest().kind != "demo":
        request = DataRequest(tuple(Wanted(area, measure) for measure, area in part_of))
        rows.append(_bundled(request)[columns])
    for measure, area, period, status in pd.concat(rows).astype(str).drop_duplicates().to_numpy():
        if status in WITH_VALUE:
            found[part_of[measure, area]].add(period)
    return found


def in_any_period(parameters: InTime, measures: list[str], store: Store | None) -> pd.DataFrame:
    """Return the figures that there are, and may be shown, of measures for a report's area in any period."""
    everything = DataRequest(tuple(Wanted(parameters.area, measure) for measure in measures))
    release: Release = released_for([everything], store, parameters.disclosure.rule())
    return gather(everything, store, release=release).observations


def read_bundled() -> None:
    """Read them all, so that nothing has to be read when a report asks for them.

    Raises:
        VgstatsError: one is missing or broken.
    """
    for read in (
        areas.lan,
        catalogue,
        interval_rates,
        all_agreements,
        all_remarks,
        all_law_changes,
        datasets,
        provenance,
    ):
        read()
