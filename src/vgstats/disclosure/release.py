"""Disclosure control: what may be shown, decided once for a whole release, before anything is drawn.

Figures that an authority has published pass with its own marks, and so do own figures that somebody has
protected. All other own counts are protected here (`vgstats.disclosure`), and what leaves this module
holds none of those that are hidden.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property, partial

import numpy as np
import pandas as pd

from vgstats.catalogue.measures import bundled_measures, catalogue
from vgstats.disclosure import (
    HidingRule,
    Ledger,
    Protected,
    margins,
    protect,
    write_down,
)
from vgstats.disclosure.ledger import LedgerEntry
from vgstats.disclosure.own_counts import OwnCounts, own_measures, read_counts
from vgstats.disclosure.settled import as_settled, settled_periods
from vgstats.disclosure.tables import keys_of
from vgstats.errors import VgstatsError
from vgstats.facts.facts import id_of
from vgstats.observations import COLUMNS, KEY, Key, Value, newest
from vgstats.store.store import Store, Wanted


@dataclass(frozen=True)
class Release:
    """What was decided: the rule, and what may be shown of each measure that is counted in a register.

    `observations` has `COLUMNS`: hidden numbers are `suppressed`. `protected` has the decision by measure.
    """

    rule: HidingRule
    observations: pd.DataFrame = field(default_factory=lambda: pd.DataFrame(columns=COLUMNS))
    protected: Mapping[str, Protected] = field(default_factory=dict)

    def asked_for(self, wanted: Sequence[Wanted]) -> pd.DataFrame:
        """Return the rows of `observations` that requests ask for."""
        if self.observations.empty:
            return self.observations
        places, (period, group) = self._places
        kept: set[int] = set()
        for one in wanted:
            kept.update(
                at
                for at in places.get((one.area, one.measure), ())
                if (not one.periods or period[at] in one.periods)
                and not (one.sexes_only and group[at])
            )
        return self.observations.iloc[sorted(kept)].reset_index(drop=True)

    @cached_property
    def _places(self) -> tuple[dict[tuple[str, str], list[int]], list[list[str]]]:
        """Where the rows of each area and measure stand, and all periods and groups: looked up once for many pages."""
        area, measure, *others = (
            self.observations[name].astype(str).tolist()
            for name in ("area", "measure", "period", "group")
        )
        found: dict[tuple[str, str], list[int]] = {}
        for at, place in enumerate(zip(area, measure, strict=True)):
            found.setdefault(place, []).append(at)
        return found, others

    @cached_property
    def shown(self) -> dict[str, Value]:
        """The numbers of `observations` that may be shown, by the id of their fact."""
        return {id_of(*key): value for key, value in newest(self.observations).items()}

    @cached_property
    def measures(self) -> frozenset[str]:
        """The measures that a region counts itself, also those of which all was decided in an earlier release."""
        return frozenset({*self.protected, *self.observations["measure"].astype(str)})

    @cached_property
    def secret(self) -> frozenset[str]:
        """The ids of all hidden numbers."""
        decided = (key for one in self.protected.values() for key in one.secret)
        before = keys_of(self.observations[self.observations["status"] == "suppressed"])
        return frozenset(id_of(*key) for key in (*decided, *before))

    @cached_property
    def keys(self) -> Mapping[str, Mapping[str, Key]]:
        """The keys of all numbers behind each measure's decision, by the id of their fact."""
        return {
            measure: {id_of(*key): key for key in one.structure.keys}
            for measure, one in self.protected.items()
        }


def unprotected(provenance: pd.DataFrame) -> list[str]:
    """Return the sources whose small numbers nobody has hidden.

    A source that does not say is protected only when an authority published it or its figures are made up.
    """
    said = provenance["protected"] if "protected" in provenance else pd.Series("", provenance.index)
    silent = ~said.isin(["yes", "no"])
    safe = (said == "yes") | (silent & provenance["kind"].isin(["published", "demo"]))
    return [str(source) for source in provenance.index[~safe]]


def is_own_measure(measure: str) -> bool:
    """Return whether no authority publishes a measure: a region counts it itself, or has declared it."""
    bundled = bundled_measures().get(measure)
    return bundled is None or bundled.own


def registers() -> frozenset[str]:
    """Return the measures of the catalogue that a region counts itself."""
    return frozenset(id_ for id_, measure in bundled_measures().items() if measure.own)


def may_pass(rows: pd.DataFrame, provenance: pd.DataFrame) -> pd.Series:
    """Return which rows may be shown as they are: those of protected sources, and what tells of nobody."""
    harmless = [id_ for id_, measure in catalogue().items() if measure.harmless]
    return ~rows["source"].isin(unprotected(provenance)) | rows["measure"].isin(harmless)


def decide(
    wanted: Sequence[Wanted],
    store: Store,
    provenance: pd.DataFrame,
    rule: HidingRule | None = None,
    *,
    known_by: Mapping[str, str] | None = None,
) -> Release:
    """Decide what may be shown of the own counts that any of the requests asks for.

    All that is asked for is protected together, and with what the store's ledgers say was released before. A measure
    that divides the cases of another comes after it, with the totals that were decided there (see `margins`).

    Args:
        wanted: what all reports of a batch ask for.
        store: where the counts and the ledgers lie.
        provenance: of all sources.
        rule: what is small, and how well it is hidden; the usual rule when left out.
        known_by: see `gathering.gather`.

    Raises:
        VgstatsError: the counts are not complete (see `read_counts`), or a ledger is broken.
        CannotProtect: a small number cannot be hidden; the message proposes what to merge.
    """
    rule = rule or HidingRule()
    found: list[pd.DataFrame] = []
    protected: dict[str, Protected] = {}
    settled: dict[str, set[str]] = {}
    wanted = margins.with_those_of_totals(wanted)
    for counts, asked, ledger in _own_numbers(wanted, store, provenance, known_by):
        made, contents, of = counts.made, ledger.read(), margins.total_of(counts.measure)
        past = settled_periods(contents, made) if rule.on else set()
        past |= settled.get(of.measure, set()) if of else set()
        settled[counts.measure] = past
        if past:
            found.append(_observations(as_settled(asked, past, made, contents), counts))
            asked = asked[~asked["period"].isin(past)]
        if asked.empty:
            continue
        cells = made.cells[~made.cells["period"].isin(past)]
        decision_of = partial(protect, hierarchies=made.hierarchies, rule=rule, ledger=ledger)
        decision = (
            margins.protected_with_totals(cells, asked, of, protected.get(of.measure), decision_of)
            if rule.on and of is not None
            else decision_of(cells, asked)
        )
        protected[counts.measure] = decision
        # What a table withholds because its total says too little is hidden for whoever asked.
        every = asked.loc[asked["shown"], KEY].merge(decision.numbers, on=KEY, how="left")
        found.append(_observations(every.fillna({"status": "hidden"}), counts))
    rows = pd.concat(found, ignore_index=True) if found else pd.DataFrame(columns=COLUMNS)
    return Release(rule, rows, protected)


def _own_numbers(
    wanted: Sequence[Wanted],
    store: Store,
    provenance: pd.DataFrame,
    known_by: Mapping[str, str] | None = None,
) -> Iterator[tuple[OwnCounts, pd.DataFrame, Ledger]]:
    """Yield the own counts behind what is asked for, the numbers of them that are, and the ledger of each measure."""
    sources = own_measures(store, unprotected(provenance))
    for measure in margins.totals_first(sources):
        source = sources[measure]
        asked = list(dict.fromkeys(one for one in wanted if one.measure == measure))
        if not asked:
            continue
        ledger = ledger_of(measure, store)
        counts = read_counts(measure, source, asked, store, known_by, ledger.read())
        if counts is not None and len(numbers := counts.numbers(asked)):
            yield counts, numbers, ledger


def recorded(wanted: Sequence[Wanted], store: Store, provenance: pd.DataFrame) -> Release:
    """Return what was released of the own counts that are asked for, and no more: what a page may show at any time.

    A decision that nobody records could, beside one that is, give hidden numbers away. So outside of a batch
    nothing is decided.

    Raises:
        VgstatsError: there are such counts and none was ever released, or a ledger is broken.
    """
    found = []
    for counts, numbers, ledger in _own_numbers(wanted, store, provenance):
        contents = ledger.read()
        entries = contents.entries
        if past := settled_periods(contents, counts.made):
            found.append(_observations(as_settled(numbers, past, counts.made, contents), counts))
            numbers = numbers[~numbers["period"].isin(past)]
        asked = keys_of(numbers[numbers["shown"]])
        keys = [key for key in asked if key in entries]
        if keys and margins.total_of(counts.measure):  # what is not there was withheld then
            periods = {key[2] for key in keys}
            keys = [key for key in asked if key[2] in periods]
        if not keys and past:
            continue
        if not keys:
            raise VgstatsError(
                f"The counts of {counts.measure} from {counts.source!r} that this report asks for were never released, "
                "so it is not known which of them are hidden. Make the report with vgstats render: after that it can "
                "be opened here too. The raw counts are shown to you alone with disclosure = {'mode': 'off'}."
            )
        values = [entries.get(key, LedgerEntry()).value for key in keys]
        shown = pd.DataFrame(keys, columns=KEY).assign(
            value=pd.array(values, dtype="Int64"),
            status=["hidden" if value is None else "shown" for value in values],
        )
        found.append(_observations(shown, counts))
    return (
        Release(HidingRule(), pd.concat(found, ignore_index=True))
        if found
        else Release(HidingRule())
    )


def ledger_of(measure: str, store: Store) -> Ledger:
    """Return the ledger of what a store's counts of a measure were released as."""
    return Ledger(store.folder / "released" / f"{measure}.ledger")


def ledger_digests(store: Store) -> dict[str, str]:
    """Return the SHA-256 of each ledger of a store by its file's name."""
    ledgers = sorted((store.folder / "released").glob("*.ledger"))
    return {ledger.name: hashlib.sha256(ledger.read_bytes()).hexdigest() for ledger in ledgers}


def record(release: Release, store: Store) -> None:
    """Write a release that withstands the attack to the ledgers, as it must be before a report of it is made.

    Raises:
        VgstatsError: another run released figures since the decision, or a hidden number is given away.
    """
    for measure, decision in release.protected.items():
        if decision.rule.on and decision.given_away:
            raise VgstatsError(
                f"{' '.join(filter(None, decision.given_away[0]))} is hidden, and what is shown beside it gives it "
                "away. Nothing was released. This is a fault in vgstats: report it."
            )
        write_down(decision, ledger_of(measure, store))


def _observations(numbers: pd.DataFrame, counts: OwnCounts) -> pd.DataFrame:
    hidden = (numbers["status"] == "hidden").to_numpy()
    values = numbers["value"].astype("Float64").to_numpy(dtype=float, na_value=np.nan)
    status = np.where(hidden, "suppressed", np.where(values == 0, "nil", "ok"))
    rows = (
        numbers[KEY]
        .astype(str)
        .assign(
            value=values,
            resolution=1.0,
            status=status,
            source=counts.source,
            retrieved=counts.retrieved,
        )
    )
    return rows[COLUMNS]
