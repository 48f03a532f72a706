"""Synthetic national figures, to try vgstats with: every one of them is made up.

Persons and cases are drawn for each kommun, month, sex and age, and summed upwards, so totals agree:
kvinnor and män make alla, kommuner make the county, counties make riket, and a rate lies between those
of its parts. The same seed gives the same figures.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd

from vgstats.catalogue import areas
from vgstats.catalogue.measures import INSURED
from vgstats.catalogue.periods import Period
from vgstats.demo import parts
from vgstats.errors import VgstatsError
from vgstats.ingest import take_in
from vgstats.observations import DEMO, DEMO_OWN, OF_CERTIFICATES, SEXES
from vgstats.sources.labels import FK_AGES
from vgstats.sources.reading import ROW_COLUMNS, Reading, constant
from vgstats.sources.recognise import Piece
from vgstats.store.store import Added, Store

_RETRIEVED = "2026-01-01"


@dataclass(frozen=True)
class _Shape:
    """How a measure is made up: per insured (`rate`) or counted, its level, and women beside men.

    Where it is the sum `of` others it is made of these.
    """

    measure: str
    rate: bool
    level: float
    women: float
    of: tuple[str, ...] = ()


_SHAPES = (
    _Shape("ohalsotal", True, 30.0, 1.5, of=("ohalsotal_sjukpenning", "ohalsotal_sa")),
    _Shape("ohalsotal_sjukpenning", True, 11.0, 1.7),
    _Shape("ohalsotal_sa", True, 19.0, 1.4),
    _Shape("sjukpenningtal", True, 10.0, 1.8),
    _Shape("sjukpenningtal_2", True, 9.0, 1.8),
    _Shape("pagaende_sjukfall", False, 0.035, 1.7),
    _Shape("sjukfall_60_dagar", False, 0.022, 1.7),
    _Shape("sa_mottagare", False, 0.06, 1.4),
)
MEASURES = (INSURED, *(shape.measure for shape in _SHAPES), *parts.MEASURES)


@dataclass(frozen=True)
class Size:
    """How much to make: which counties, with kommuner or not, which months, with ages (and lengths) or not.

    `register` asks for a region's own, unprotected counts too (see `parts`); they need kommuner. `certificates` is how
    many to make up of a county, of which the cases by unit are counted.

    Raises:
        VgstatsError: a measure is unknown, the months are not in order, or certificates are asked of several counties.
    """

    lan: tuple[str, ...]
    kommuner: bool = True
    first: str = "2001-01"
    last: str = "2025-12"
    december_only: bool = False
    ages: bool = False
    measures: tuple[str, ...] = MEASURES
    seed: int = 1
    register: bool = True
    certificates: int = 0

    def __post_init__(self) -> None:
        unknown = set(self.measures) - set(MEASURES)
        if unknown:
            raise VgstatsError(f"demo makes no {min(unknown)!r}. It makes {', '.join(MEASURES)}.")
        if not self.months():
            raise VgstatsError(f"There are no months from {self.first} to {self.last}. Swap them.")
        if self.certificates and len(self.lan) != 1:
            raise VgstatsError("Certificates are made up of one county. Name one, as --lan 14.")

    def months(self) -> list[str]:
        """Return the months as `2001-01`."""
        start, end = Period.parse(self.first).start, Period.parse(self.last).end
        every = [
            f"{year}-{m:02d}" for year in range(start.year, end.year + 1) for m in range(1, 13)
        ]
        inside = [m for m in every if start.isoformat()[:7] <= m <= end.isoformat()[:7]]
        return [m for m in inside if m.endswith("-12")] if self.december_only else inside


def write_demo(
    store: Store, size: Size, certificates: Path | None = None
) -> Iterator[tuple[str, Added]]:
    """Write synthetic figures to a store of their own, a measure at a time.

    Args:
        store: the store.
        size: how much to make.
        certificates: where to keep the certificates that cases are counted of, if they are to stay.

    Yields:
        The measure and what was added.

    Raises:
        VgstatsError: the store holds real figures, which are never mixed with synthetic ones.
    """
    name = f"vgstats demo, {size}"
    others = (one for one in store.manifest().origins if one.recognised != OF_CERTIFICATES)
    if any(origin.address != name for origin in others):
        raise VgstatsError(
            f"The store {store.folder} already holds figures of another kind, size or seed. Name an empty "
            "folder, or delete that one."
        )
    population = _population(size)
    if INSURED in size.measures:
        persons = _with_totals(population[:, None] * _existed(size)[:, :, None, None], size)
        rows = _table(INSURED, persons.astype(float), 1.0, size)
        yield INSURED, _taken(rows, store, name, INSURED)
    for shape in _SHAPES:
        if shape.measure not in size.measures:
            continue
        rows = _rows(shape, size, population)
        yield shape.measure, _taken(rows, store, name, str(shape))
        if size.ages and shape.measure == parts.ONGOING:
            by_length = parts.rows_by_length(rows, size.seed)
            yield f"{shape.measure} by length", _taken(by_length, store, name, "by length")
    made = [measure for measure in parts.MEASURES if measure in size.measures]
    if made:
        rows = parts.rows_of_parts(size.lan, size.months(), size.seed)
        rows = rows[rows["measure"].isin(made)].reset_index(drop=True)
        yield ", ".join(made), _taken(rows, store, name, ", ".join(made))
    if size.kommuner and size.register:
        rows = parts.rows_of_register(size.lan, size.months(), size.seed)
        yield parts.REGISTER, _taken(rows, store, name, parts.REGISTER, DEMO_OWN)
    if size.certificates:
        # What cases are counted with takes half a second to import, and every command imports this.
        from vgstats.demo.cases import add_cases

        yield from add_cases(
            store, size.lan[0], size.certificates, size.last, size.seed, certificates
        )


def _taken(rows: pd.DataFrame, store: Store, name: str, what: str, source: str = DEMO) -> Added:
    digest = hashlib.sha256(f"{name}, {what}".encode()).hexdigest()
    recognised = "vgstats demo, register" if source == DEMO_OWN else "vgstats demo"
    piece = Piece(Reading(recognised, source, rows), name, _RETRIEVED, digest)
    outcome = take_in([piece], store, kind="demo")
    if outcome.added is None:
        first = outcome.rejected.iloc[0]
        raise AssertionError(f"demo made a bad row: {first.to_dict()}")
    return outcome.added


def _places(size: Size) -> list[str]:
    """Return the smallest areas: kommuner or counties."""
    if not size.kommuner:
        return list(size.lan)
    return [kommun for lan in size.lan for kommun in areas.kommuner(lan)]


def _existed(size: Size) -> np.ndarray:
    """Return by place and month whether the place was there: a few kommuner are young."""
    first = areas.dated_areas().groupby("area")["valid_from"].min().to_dict()
    starts = np.array([first.get(place, "") for place in _places(size)])
    return starts[:, None] <= np.array([f"{month}-01" for month in size.months()])


def _population(size: Size) -> np.ndarray:
    """Return insured persons by place, sex and age; the same in all months."""
    random = np.random.default_rng([size.seed, 999])
    scale = 300.0 if size.kommuner else 6000.0
    shape = (len(_places(size)), len(SEXES[1:]), len(FK_AGES))
    weight = np.exp(random.normal(0, 0.8, (shape[0], 1, 1)))
    return np.round(scale * weight * random.uniform(0.8, 1.2, shape) * 4).astype(np.int64) + 20


def _drawn(shape: _Shape, size: Size, population: np.ndarray) -> np.ndarray:
    """Return days or cases by place, month, sex and age: a national wave, local levels, and chance."""
    if shape.of:
        summed = [_drawn(part, size, population) for part in _SHAPES if part.measure in shape.of]
        return np.asarray(sum(summed), dtype=np.int64)
    random = np.random.default_rng([size.seed, _SHAPES.index(shape)])
    months = size.months()
    years = np.array([int(m[:4]) + (int(m[5:]) - 1) / 12 for m in months])
    wave = 1 + 0.35 * np.cos((years - 2003) / 22 * 2 * np.pi)
    local = np.exp(random.normal(0, 0.15, (len(population), 1, 1, 1)))
    drift = random.normal(0, 0.004, (len(population), 1, 1, 1)) * (years - years[0])[:, None, None]
    by_sex = np.array([shape.women, 1.0]) * 2 / (1 + shape.women)
    by_age = np.array([0.1, 0.5, 0.8, 1.0, 1.4, 2.2])
    level = shape.level * local * (1 + drift) * wave[:, None, None] * by_sex[:, None] * by_age
    expected = np.clip(level, 0, 300) * population[:, None]
    noise = random.normal(0, 1, expected.shape) * np.sqrt(expected)
    return np.asarray(np.maximum(0, np.round(expected + noise)), dtype=np.int64)


def _rows(shape: _Shape, size: Size, population: np.ndarray) -> pd.DataFrame:
    there = _existed(size)[:, :, None, None]
    counted = _with_totals(_drawn(shape, size, population) * there, size)
    if shape.rate:
        persons = _with_totals(population[:, None] * there, size)
        values = np.round(counted / np.maximum(persons, 1), 1)
    else:
        values = counted.astype(float)
    return _table(shape.measure, values, 0.1 if shape.rate else 1.0, size)


def _table(measure: str, values: np.ndarray, resolution: float, size: Size) -> pd.DataFrame:
    """Return a row for each value, by area, month, sex and age."""
    there, names = _existed(size), _names(size)
    groups = ["", *(f"alder={age}" for age in FK_AGES)]
    if not size.ages:
        values, groups = values[..., :1], [""]
    codes = np.indices(values.shape, dtype=np.int32).reshape(4, -1)
    flat = values.reshape(-1)
    index = pd.RangeIndex(len(flat))
    labels = [names, size.months(), list(SEXES), groups]
    texts = {
        column: pd.Categorical.from_codes(code, words)
        for column, code, words in zip(
            ("area", "period", "sex", "group"), codes, labels, strict=True
        )
    }
    table = pd.DataFrame(
        {
            "measure": constant(measure, index),
            **texts,
            "value": flat,
            "resolution": resolution,
            "status": constant("ok", index),
            "sheet": constant("", index),
            "row": np.arange(1, len(flat) + 1),
        }
    )[ROW_COLUMNS]
    young = np.concatenate([np.ones((len(names) - len(there), there.shape[1]), bool), there])
    return table[young[codes[0], codes[1]]].reset_index(drop=True)


def _names(size: Size) -> list[str]:
    whole = ["riket", *size.lan] if size.kommuner else ["riket"]
    return [*whole, *_places(size)]


def _with_totals(cells: np.ndarray, size: Size) -> np.ndarray:
    """Return sums put in front on every axis: riket and counties, months, alla, all ages."""
    cells = np.concatenate([cells.sum(axis=3, keepdims=True), cells], axis=3)
    cells = np.concatenate([cells.sum(axis=2, keepdims=True), cells], axis=2)
    parents = [
        cells[[areas.all_areas().loc[place, "lan"] == lan for place in _places(size)]]
        for lan in size.lan
    ]
    counties = [parent.sum(axis=0, keepdims=True) for parent in parents] if size.kommuner else []
    return np.concatenate([cells.sum(axis=0, keepdims=True), *counties, cells])
