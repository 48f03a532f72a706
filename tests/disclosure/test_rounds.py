"""What all pages of a round show, and those of the year after, gives no hidden number away.

The attacker here is not that of vgstats: it knows the released rows, asks HiGHS for the least and the most of every
number, and takes all tables of a round together.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import product
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from scipy.optimize import Bounds, LinearConstraint, milp

from vgstats.disclosure import audit, margins
from vgstats.disclosure.release import Release, decide, record, recorded
from vgstats.errors import VgstatsError
from vgstats.ingest import take_in
from vgstats.observations import COLUMNS, KEY
from vgstats.reports.base.gathering import all_provenance
from vgstats.sources.own_file import read_own_file
from vgstats.sources.recognise import piece_of_file, read_file
from vgstats.store.store import Store, Wanted

SEXES = ("kvinnor", "män")
UNITS = ["alby", "bro", "dal", "ek", "fors"]
SIZES = {"alby": 55, "bro": 3, "dal": 30, "ek": 6, "fors": 42, "": 4}
# The atoms of each table, and the groups that are published as sums of them.
TABLES = {
    "intygsfall": {"": ("",)},
    "intygsfall_diagnos": {
        "diagnos=F00-F99": ("F43", "F"),
        "diagnos=F43": ("F43",),
        "diagnos=M00-M99": ("M",),
        "diagnos=övriga": ("o",),
    },
    "intygsfall_langd": {
        f"langd={days}+": tuple("abcde"[: 5 - n]) for n, days in enumerate((28, 60, 90, 180, 365))
    },
}
ATOMS = {
    "intygsfall": [""],
    "intygsfall_diagnos": ["F43", "F", "M", "o"],
    "intygsfall_langd": [*"abcdef"],
}
SHARES = {
    "intygsfall": [1],
    "intygsfall_diagnos": [0.1, 0.3, 0.2, 0.4],
    "intygsfall_langd": [0.15, 0.1, 0.2, 0.15, 0.2, 0.2],
}
Cells = dict[tuple[str, str, str], np.ndarray]  # by measure, unit and sex


def a_year(seed: int) -> Cells:
    """The cases of a year by unit (empty: none of them) and sex, in each table by its atoms."""
    random = np.random.default_rng(seed)
    found: Cells = {}
    for unit, sex in product(SIZES, SEXES):
        total = int(random.poisson(SIZES[unit]))
        for measure, shares in SHARES.items():
            found[measure, unit, sex] = random.multinomial(total, shares)
    return found


def merged(cells: Cells, one: str, into: str) -> Cells:
    """The cases when a unit has merged into another."""
    found = {}
    for (measure, unit, sex), values in cells.items():
        name = into if unit == one else unit
        found[measure, name, sex] = found.get((measure, name, sex), 0) + values
    return found


def rows_of(years: dict[str, Cells], retrieved: str) -> pd.DataFrame:
    """The rows that a region imports: every unit and the county, with totals."""
    rows = []
    for day, cells in years.items():
        units = sorted({unit for _, unit, _ in cells} - {""})
        for measure, sex in product(TABLES, SEXES):
            groups = {"": tuple(ATOMS[measure])} | TABLES[measure]
            everywhere = sum(v for (m, _, s), v in cells.items() if (m, s) == (measure, sex))
            places = {f"enhet:14-{u}": cells[measure, u, sex] for u in units}
            for (area, values), (group, of) in product(
                ({"lan:14": everywhere} | places).items(), groups.items()
            ):
                at = [ATOMS[measure].index(one) for one in of]
                rows.append((measure, area, day, sex, group, float(values[at].sum())))
    frame = pd.DataFrame(rows, columns=[*KEY, "value"]).drop_duplicates(KEY)
    frame["status"] = np.where(frame["value"] > 0, "ok", "nil")
    return frame.assign(resolution=1.0, source="regionens-intyg", retrieved=retrieved)[COLUMNS]


def imported(folder: Path, years: dict[str, Cells], retrieved: str) -> Store:
    """The store with the units and the rows of a round."""
    units = sorted({unit for cells in years.values() for _, unit, _ in cells} - {""})
    declared = folder / "enheter.yaml"
    text = [f'- id: {unit}\n  name: {unit.title()}s vårdcentral\n  lan: "14"\n' for unit in units]
    declared.write_text("units:\n" + "".join(text), encoding="utf-8")
    store = Store(folder / "store")
    store.declare([read_own_file(declared)], again=True)
    file = folder / f"{retrieved}.csv"
    rows_of(years, retrieved).to_csv(file, index=False)
    own = {"short": "Intyg", "publisher": "Regionen", "kind": "own", "precedence": "8"}
    outcome = take_in([piece_of_file(file, read_file(file))], store, own_source=own)
    assert outcome.added is not None, outcome.rejected
    return store


def asked(store: Store, days: tuple[str, ...]) -> list[Wanted]:
    """What the pages of the county and of all its units ask for."""
    from vgstats.catalogue import areas

    places = ["lan:14", *areas.units("14")]
    return [Wanted(place, measure, days) for place, measure in product(places, TABLES)]


def released(store: Store, days: tuple[str, ...]) -> Release:
    """A round that is decided and recorded."""
    release = decide(asked(store, days), store, all_provenance(store))
    record(release, store)
    return release


class Reader:
    """Somebody who has all pages of one day and asks how large each hidden number can be."""

    def __init__(self, rows: pd.DataFrame, units: list[str], least: dict[str, int]):
        self.least = least
        self.rows = rows.set_index(["measure", "area", "sex", "group"])[["value", "status"]]
        self.places = list(product([f"enhet:14-{unit}" for unit in units] + [""], SEXES))
        cells = [(m, *p, a) for m, p in product(TABLES, self.places) for a in ATOMS[m]]
        self.at = {cell: number for number, cell in enumerate(cells)}
        self._known()

    def sum_of(self, measure: str, area: str, sex: str, group: str) -> np.ndarray:
        """The row of a number."""
        row = np.zeros(len(self.at))
        for unit, of in self.places:
            if area in (unit, "lan:14") and sex in (of, "alla"):
                for atom in TABLES[measure].get(group, ATOMS[measure]):
                    row[self.at[measure, unit, of, atom]] = 1
        return row

    def withheld(self, measure: str, area: str, sex: str, group: str) -> bool:
        """Whether a table says nothing of an area because its total says too little."""
        totals = {s: self.rows.loc["intygsfall", area, s, ""] for s in (*SEXES, "alla")}
        dark = any(one["status"] == "suppressed" for one in totals.values())
        return group != "" and (
            dark or totals[sex]["value"] < self.least.get(measure, margins.LEAST)
        )

    def _known(self) -> None:
        matrix, low, high = [], [], []
        for place in self.places:
            for measure in ("intygsfall_diagnos", "intygsfall_langd"):
                whole = self.sum_of("intygsfall", place[0] or "-", place[1], "")
                if not place[0]:
                    whole[self.at["intygsfall", "", place[1], ""]] = 1
                for atom in ATOMS[measure]:
                    whole[self.at[measure, *place, atom]] = -1
                matrix.append(whole)
                low.append(0)
                high.append(0)
        for key, row in self.rows.iterrows():
            matrix.append(self.sum_of(*key))
            hidden = row["status"] == "suppressed"
            low.append((0 if self.withheld(*key) else 1) if hidden else row["value"])
            high.append(np.inf if hidden else row["value"])
        self.known = LinearConstraint(np.array(matrix), low, high)

    def bounds(self, key: tuple[str, str, str, str]) -> tuple[int, int]:
        """The least and the most that a number can be (the most of one without end is far off)."""
        row, ends = self.sum_of(*key), []
        for sign in (1, -1):
            found = milp(
                sign * row,
                integrality=np.ones(len(row)),
                bounds=Bounds(0, 9999),
                constraints=self.known,
            )
            assert found.status == 0, found.message
            ends.append(round(sign * found.fun))
        return ends[0], ends[1]


def given_away(
    release: Release, truth: Cells, day: str, **least: int
) -> list[tuple[tuple[str, ...], tuple[int, int]]]:
    """The hidden numbers of a day that its pages bound tighter than five, with the least total by measure."""
    units = sorted({unit for _, unit, _ in truth} - {""})
    rows = release.observations
    reader = Reader(rows[rows["period"] == day], units, least)
    return list(narrow(reader, truth))


def narrow(reader: Reader, truth: Cells) -> Iterator[tuple[tuple[str, ...], tuple[int, int]]]:
    """Each hidden number that is small, or shown by its table as hidden, and is bounded too tightly."""
    point = np.zeros(len(reader.at))
    for (measure, unit, sex, atom), number in reader.at.items():
        name = unit.removeprefix("enhet:14-")
        point[number] = truth[measure, name, sex][ATOMS[measure].index(atom)]
    hidden = reader.rows.index[reader.rows["status"] == "suppressed"]
    for key in hidden:
        value = int(reader.sum_of(*key) @ point)
        if reader.withheld(*key) and not 0 < value < 5:
            continue
        low, high = reader.bounds(key)
        assert low <= value <= high
        if high - low < 5:
            yield key, (low, high)


def test_nothing_of_two_rounds_and_a_merger_gives_a_hidden_number_away(tmp_path):
    first, second, third = a_year(1), a_year(2), a_year(3)
    days = ("2024-10-01", "2025-10-01", "2026-10-01")
    store = imported(tmp_path, {days[0]: first, days[1]: second}, "2025-11-01")
    before = released(store, days[:2])
    assert given_away(before, first, days[0]) == [] == given_away(before, second, days[1])
    later = [merged(cells, "bro", "alby") for cells in (second, third)]
    store = imported(tmp_path, dict(zip(days[1:], later, strict=True)), "2026-11-01")
    after = released(store, days[1:])
    assert given_away(after, later[1], days[2]) == []
    # Of the year before nothing new is told: a number that is shown was shown, and means what it meant.
    kept = after.observations[after.observations["period"] == days[1]].set_index(KEY)
    was = before.observations.set_index(KEY)["value"]
    shown = kept.loc[kept["status"] != "suppressed", "value"]
    assert len(shown) and (was.loc[shown.index] == shown).all()
    assert kept.loc["intygsfall", "enhet:14-alby"]["value"].isna().all()
    again = recorded(asked(store, days[1:]), store, all_provenance(store)).observations
    columns = [*KEY, "value", "status"]
    one, other = (
        x[columns].sort_values(KEY, ignore_index=True) for x in (again, after.observations)
    )
    pd.testing.assert_frame_equal(one, other)


def test_without_the_secondary_choice_the_pages_give_them_away(tmp_path, monkeypatch):
    monkeypatch.setattr(
        "vgstats.disclosure.protected.choose", lambda system, rule: system.small(rule)
    )
    cells, day = a_year(1), "2024-10-01"
    store = imported(tmp_path, {day: cells}, "2025-11-01")
    release = decide(asked(store, (day,)), store, all_provenance(store))
    assert given_away(release, cells, day)
    with pytest.raises(VgstatsError, match="gives it away"):
        record(release, store)
    assert not list(tmp_path.rglob("*.ledger"))


def test_a_county_shown_before_its_units_were_counted_does_not_give_them_away(tmp_path):
    day, few = "2024-10-01", "intygsfall_diagnos"
    cells = a_year(1)
    for unit, sex in product(SIZES, SEXES):  # M is rare: six men in the county, of two units
        rare = 3 if unit in ("alby", "fors") and sex == "män" else 0
        now = cells[few, unit, sex]
        cells[few, unit, sex] = np.array([now[0], now[1], rare, now[3] + now[2] - rare])
    store = imported(tmp_path, {day: cells}, "2025-11-01")
    of_county = [Wanted("lan:14", measure, (day,)) for measure in TABLES]
    before = decide(of_county, store, all_provenance(store))
    record(before, store)
    after = released(store, (day,))
    was, now = (one.observations.set_index(KEY)["value"] for one in (before, after))
    assert now.loc[was.index].equals(was)
    assert now[few, "lan:14", day, "män", "diagnos=M00-M99"] == 6
    assert given_away(after, cells, day, intygsfall_diagnos=160) == []


def test_a_page_that_shows_a_hidden_number_or_a_false_one_is_found(tmp_path):
    day, cells = "2024-10-01", a_year(1)
    decision = released(imported(tmp_path, {day: cells}, "2025-11-01"), (day,)).protected[
        "intygsfall"
    ]
    shown = decision.shown()
    secret = ("intygsfall", "enhet:14-bro", day, "kvinnor", "")
    truth = int(cells["intygsfall", "bro", "kvinnor"][0])
    assert audit(decision, shown) == [] and secret in decision.secret
    assert secret in audit(decision, shown | {secret: truth})
    false = ("intygsfall", "enhet:14-alby", day, "kvinnor", "")
    with pytest.raises(VgstatsError):
        audit(decision, shown | {false: shown[false] + 1})


@pytest.mark.parametrize("longer", [True, False])
def test_a_median_of_thirty_cases_says_no_small_number_of_those_that_go_on(longer):
    # Whoever has ended may have ended on the day of the median, however many go on.
    day, cases = 40, 30
    for ongoing in range(1, 15):
        lengths = [day] * (cases - ongoing) + [day + 20 if longer else day - 20] * ongoing
        ended = [True] * (cases - ongoing) + [False] * ongoing
        assert median(lengths, ended) == day


def median(lengths: list[int], ended: list[bool]) -> int:
    """The day on which half are left, by Kaplan and Meier."""
    left = 1.0
    for day in sorted(set(lengths)):
        at_risk = sum(length >= day for length in lengths)
        left *= (
            1 - sum(e and length == day for length, e in zip(lengths, ended, strict=True)) / at_risk
        )
        if left <= 0.5:
            return day
    raise AssertionError("more than half are left")
