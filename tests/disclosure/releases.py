"""Made-up releases: with the shape of a county's, and at random."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import product

import numpy as np
import pandas as pd
from hypothesis import strategies as st

from vgstats.catalogue import areas
from vgstats.disclosure import Ledger, Protected, nesting, protect, write_down
from vgstats.disclosure.attack import attack
from vgstats.disclosure.rule import HidingRule
from vgstats.disclosure.statements import Mask
from vgstats.disclosure.tables import Hierarchies, Parts, System, build
from vgstats.observations import KEY, Key

GROUPS = ("diagnos=F00-F99", "diagnos=M00-M99", "diagnos=S00-T98", "diagnos=annan")
RULE = HidingRule()


def key(area: str = "lan:14", sex: str = "alla", group: str = "", period: str = "2008") -> Key:
    """The key of a count of ongoing cases."""
    return ("pagaende_sjukfall", area, period, sex, group)


def cube(
    places: Sequence[str], periods: Sequence[str], groups: Sequence[str], values: np.ndarray
) -> pd.DataFrame:
    """Base counts of the places by period, sex and group, in that order of `values`."""
    rows = [("pagaende_sjukfall", *k) for k in product(places, periods, ("kvinnor", "män"), groups)]
    return pd.DataFrame(rows, columns=KEY).assign(value=np.asarray(values).reshape(-1))


def county(
    kommuner: int, groups: int = 4, years: int = 3, seed: int = 1, mean: float = 12.0
) -> tuple[pd.DataFrame, Hierarchies]:
    """Counts of a county by kommun, year, sex and diagnosis group: skewed, many of them small."""
    places = areas.kommuner("lan:14")[:kommuner]
    periods = [str(2006 + year) for year in range(years)]
    values = skewed((kommuner, years, 2, groups), seed, mean)
    made_of = Hierarchies(area={"lan:14": tuple(places)}, group={"": GROUPS[:groups]})
    return cube(places, periods, GROUPS[:groups], values), made_of


def all_numbers(counts: pd.DataFrame, hierarchies: Hierarchies) -> pd.DataFrame:
    """The keys of every number that the hierarchies make of the counts: all tables crossed."""
    labels = []
    for column in KEY:
        there = set(counts[column])
        wholes = {
            whole for whole, parts in hierarchies.parts(column).items() if there >= set(parts)
        }
        labels.append(sorted(there | wholes))
    return pd.DataFrame(list(product(*labels)), columns=KEY)


def recorded(
    counts: pd.DataFrame,
    published: pd.DataFrame,
    hierarchies: Hierarchies,
    rule: HidingRule,
    ledger: Ledger,
) -> Protected:
    """A release that is decided and written to a ledger."""
    protected = protect(counts, published, hierarchies, rule, ledger)
    write_down(protected, ledger)
    return protected


def hidden_keys(protected: Protected) -> set[Key]:
    """The published numbers that are hidden."""
    rows = protected.numbers[protected.numbers["status"] == "hidden"]
    return set(rows[KEY].itertuples(index=False, name=None))


def assert_safe(whole: System, hidden: Mask, rule: HidingRule = RULE) -> None:
    """Attack with nothing but what is shown, in exact bounds."""
    small = (whole.values >= rule.hidden_from) & (whole.values < rule.threshold)
    assert not (small & ~hidden).any(), "a small number is shown"
    assert (whole.values[hidden] >= rule.hidden_from).all(), "a zero that is to be shown is hidden"
    rows = np.flatnonzero(hidden)
    bounds = attack(whole.statements(hidden), rows)
    assert (bounds.low <= whole.values[rows]).all() and (whole.values[rows] <= bounds.high).all()
    assert (bounds.widths >= rule.width).all(), "a hidden number can be worked out"


def skewed(shape: tuple[int, int, int, int], seed: int, mean: float) -> np.ndarray:
    """Counts by place, period, sex and group: places of very different size."""
    random = np.random.default_rng(seed)
    size = np.exp(random.normal(0, 1.1, (shape[0], 1, 1, 1)))
    share = np.array([1.3, 1.2, 0.5, 1.0])[: shape[3]]
    sexes = np.array([1.2, 0.8])[:, None]
    return random.poisson(mean * size * share * sexes * np.ones(shape))


def system(counts: pd.DataFrame, hierarchies: Hierarchies, rule: HidingRule = RULE) -> System:
    """The system of a release in which every number is published exactly."""
    return build(counts, all_numbers(counts, hierarchies), hierarchies, rule)


def row_of(system: System, wanted: Key) -> int:
    """The row of a key."""
    found = (system.keys[KEY] == list(wanted)).all(axis=1).to_numpy()
    return int(np.flatnonzero(found)[0])


SMALL = st.one_of(st.integers(0, 6), st.integers(0, 40))


@st.composite
def releases(
    draw: st.DrawFn, most_months: int = 1
) -> tuple[pd.DataFrame, Hierarchies, pd.DataFrame]:
    """Counts, hierarchies and what is published of them: overlapping areas, a part of the tables."""
    flat = most_months == 1
    places = [f"kommun:14{n:02d}" for n in range(draw(st.integers(2, 4 if flat else 3)))]
    groups = GROUPS[: draw(st.integers(1, 3 if flat else 2))]
    months = [f"2008-{n:02d}" for n in range(1, 1 + draw(st.integers(1, most_months)))]
    cells = len(places) * len(groups) * len(months) * 2
    values = draw(st.lists(SMALL, min_size=cells, max_size=cells))
    wholes = {"lan:14": tuple(places)}
    if len(places) > 2:
        wholes |= {"hsn:14-01": tuple(places[:2]), "delregion:14-vast": tuple(places[1:])}
    made_of = Hierarchies(
        area=wholes,
        period=calendar_wholes(months),
        group={"": groups} if len(groups) > 1 else {},
    )
    counts = cube(places, months, groups, np.array(values))
    every = all_numbers(counts, made_of)
    left_out = draw(st.sets(st.integers(0, len(every) - 1), max_size=len(every) // 3))
    return counts, made_of, every.drop(index=list(left_out))


def calendar_wholes(months: Iterable[str]) -> Parts:
    """Return the whole quarters and years that the months of a flow make up."""
    return nesting.periods(sorted(months), happened=True).wholes
