"""What was released cannot be taken back, so it binds what comes after."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from releases import GROUPS, RULE, cube, key, releases, skewed
from test_choose import SLOW

from vgstats.disclosure import (
    CannotProtect,
    Hierarchies,
    Ledger,
    Rule,
    audit,
    calendar_wholes,
    protect,
)
from vgstats.disclosure.tables import all_numbers
from vgstats.errors import VgstatsError
from vgstats.observations import Key

MONTHS = [f"2008-{month:02d}" for month in range(1, 13)]
PLACES = ("a", "b", "c")
MADE_OF = Hierarchies(area={"lan:14": PLACES}, period=calendar_wholes(MONTHS))


@pytest.fixture
def ledger(tmp_path: Path) -> Ledger:
    return Ledger(tmp_path / "ledger.jsonl")


def year_of_counts(seed: int = 4) -> pd.DataFrame:
    return cube(PLACES, MONTHS, ["g"], skewed((3, 12, 2, 1), seed, 2.5))


def of_periods(counts: pd.DataFrame, wanted: list[str]) -> pd.DataFrame:
    every = all_numbers(counts, MADE_OF)
    return every[every["period"].isin(wanted)]


def hidden(statuses: dict[Key, str]) -> set[Key]:
    return {k for k, status in statuses.items() if status == "hidden"}


def unlocked(first, second, everything) -> list[Key]:
    """What a reader of both releases can work out of what either hides."""
    known = {**first.shown(), **second.shown()}
    secret = (first.secret | second.secret) - set(known)
    both = replace(everything, secret=frozenset(secret))
    taken_back = sorted((first.secret | second.secret) & set(known))
    return taken_back + audit(both, known)


def test_without_the_ledger_a_second_release_unlocks_the_first(ledger: Ledger):
    counts = cube(PLACES, MONTHS, ["g"], skewed((3, 12, 2, 1), 1, 1.0))
    quarters = of_periods(counts, [f"2008-Q{n}" for n in range(1, 5)])
    years = of_periods(counts, ["2008"])
    everything = protect(counts, pd.concat([quarters, years]), MADE_OF, RULE)
    first = protect(counts, quarters, MADE_OF, RULE)
    assert unlocked(first, protect(counts, years, MADE_OF, RULE), everything)
    first = protect(counts, quarters, MADE_OF, RULE, ledger)
    second = protect(counts, years, MADE_OF, RULE, ledger)
    assert not unlocked(first, second, everything)


@settings(SLOW, max_examples=60)
@given(releases())
def test_two_releases_together_give_nothing_away(tmp_path_factory, release):
    counts, made_of, published = release
    ledger = Ledger(tmp_path_factory.mktemp("ledger") / "ledger")
    first_part = published[published["area"] != "lan:14"]
    # Only how the numbers hang together is taken from this one, so nothing need be chosen in it.
    everything = replace(protect(counts, published, made_of, Rule(mode="off")), rule=RULE)
    try:
        first = protect(counts, first_part, made_of, RULE, ledger, optimal=False)
        second = protect(counts, published, made_of, RULE, ledger, optimal=False)
    except CannotProtect:
        return  # how often is counted in the next test
    assert first.secret <= second.secret
    assert set(first.shown().items()) <= set(second.shown().items())
    assert not unlocked(first, second, everything)


def test_few_second_releases_are_refused(tmp_path: Path):
    refused = 0
    for seed in range(40):
        counts, ledger = year_of_counts(seed), Ledger(tmp_path / f"{seed}")
        half = of_periods(counts, ["2008-Q1", "2008-Q2"])
        protect(counts, half, MADE_OF, RULE, ledger, optimal=False)
        try:
            rest = of_periods(counts, ["2008-Q3", "2008-Q4", "2008"])
            protect(counts, rest, MADE_OF, RULE, ledger, optimal=False)
        except CannotProtect:
            refused += 1
    assert refused <= 4


def test_making_a_release_again_gives_the_same(ledger: Ledger):
    counts = year_of_counts()
    quarters = of_periods(counts, ["2008-Q1", "2008"])
    first = protect(counts, quarters, MADE_OF, RULE, ledger)
    written = ledger.path.read_text(encoding="utf-8")
    again = protect(counts, quarters.sample(frac=1), MADE_OF, RULE, ledger)
    assert first.numbers.equals(again.numbers)
    assert ledger.path.read_text(encoding="utf-8") == written


def test_the_file_holds_no_hidden_value(ledger: Ledger):
    counts = cube(["a", "b"], ["2008"], ["g"], np.array([3, 71717, 82828, 93939]))
    made_of = Hierarchies(area={"lan:14": ("a", "b")})
    released = protect(counts, all_numbers(counts, made_of), made_of, RULE, ledger)
    text = ledger.path.read_text(encoding="utf-8")
    large = {71717, 82828, 93939, 71720, 82831, 165656 + 11111}
    gone = [v for v in large if v not in released.shown().values()]
    assert gone and not any(str(value) in text for value in gone)
    assert '"hidden": true' in text and '"low"' in text


def test_what_was_hidden_stays_hidden_when_it_has_grown(ledger: Ledger):
    counts = cube(["a", "b"], ["2008"], ["g"], np.array([3, 40, 50, 60]))
    made_of = Hierarchies(area={"lan:14": ("a", "b")})
    every = all_numbers(counts, made_of)
    first = protect(counts, every, made_of, RULE, ledger)
    grown = counts.assign(value=[33, 40, 50, 60])
    second = protect(grown, every, made_of, RULE, ledger)
    assert key("a", "kvinnor", "g") in hidden(first.statuses())
    assert hidden(first.statuses()) <= hidden(second.statuses())


def test_a_shown_number_that_is_revised_to_a_small_one_is_hidden(ledger: Ledger):
    counts = cube(["a", "b"], ["2008"], ["g"], np.array([6, 40, 50, 60]))
    made_of = Hierarchies(area={"lan:14": ("a", "b")})
    protect(counts, all_numbers(counts, made_of), made_of, RULE, ledger)
    revised = counts.assign(value=[4, 40, 50, 60])
    with pytest.raises(CannotProtect):  # all its totals are known: they cannot be hidden any more
        protect(revised, all_numbers(counts, made_of), made_of, RULE, ledger)
    ends = all_numbers(counts, made_of).query("sex == 'kvinnor' and area == 'a'")
    alone = Ledger(ledger.path.with_name("other"))
    protect(counts, ends, made_of, RULE, alone)
    assert protect(revised, ends, made_of, RULE, alone).statuses() == {
        key("a", "kvinnor", "g"): "hidden"
    }


def test_a_large_revised_number_is_shown_anew(ledger: Ledger):
    counts = cube(["a"], ["2008"], ["g"], np.array([30, 40]))
    every = all_numbers(counts, Hierarchies())
    protect(counts, every, Hierarchies(), RULE, ledger)
    second = protect(counts.assign(value=[31, 40]), every, Hierarchies(), RULE, ledger)
    assert second.shown()[key("a", "kvinnor", "g")] == 31


def test_numbers_that_share_no_cell_are_left_aside(ledger: Ledger):
    counts = year_of_counts()
    protect(counts, of_periods(counts, ["2008"]), MADE_OF, RULE, ledger)
    later = counts.assign(period=counts["period"].str.replace("2008", "2009"))
    made_of = Hierarchies(area=MADE_OF.area, period=calendar_wholes(set(later["period"])))
    every = all_numbers(later, made_of)
    released = protect(later, every[every["period"] == "2009"], made_of, RULE, ledger)
    assert {k[2] for k in released.structure.keys} == {"2009"}


def test_counts_that_miss_what_was_released_are_refused(ledger: Ledger):
    counts = year_of_counts()
    protect(counts, of_periods(counts, ["2008"]), MADE_OF, RULE, ledger)
    some = counts[counts["period"] <= "2008-03"]
    made_of = Hierarchies(area=MADE_OF.area)
    with pytest.raises(VgstatsError, match="also for periods that were released before"):
        protect(some, all_numbers(some, made_of), made_of, RULE, ledger)


def test_a_whole_with_other_parts_is_refused(ledger: Ledger):
    counts = cube(PLACES, ["2008"], ["g"], skewed((3, 1, 2, 1), 1, 30.0) + 9)
    made_of = Hierarchies(area=MADE_OF.area)
    protect(counts, all_numbers(counts, made_of), made_of, RULE, ledger)
    other = Hierarchies(area={"lan:14": ("a", "b")})
    with pytest.raises(VgstatsError, match="area 'lan:14' is made of other parts"):
        protect(counts, all_numbers(counts, other), other, RULE, ledger)
    coarse = cube(["lan:14"], ["2008"], ["g"], np.array([80, 90]))
    with pytest.raises(VgstatsError, match="counts for the area 'lan:14', which has parts"):
        protect(coarse, all_numbers(coarse, Hierarchies()), Hierarchies(), RULE, ledger)


@pytest.mark.parametrize("harm", ["cut", "changed", "empty", "bytes"])
def test_a_broken_ledger_is_never_ignored(ledger: Ledger, harm: str):
    counts = cube(["a"], ["2008"], ["g"], np.array([30, 3]))
    every = all_numbers(counts, Hierarchies())
    protect(counts, every, Hierarchies(), RULE, ledger)
    content = ledger.path.read_bytes()
    broken = {
        "cut": content[:-20],
        "changed": content.replace(b'"hidden": true', b'"hidden": false'),
        "empty": b"",
        "bytes": b"\xff\xfe" + content,
    }[harm]
    assert broken != content
    ledger.path.write_bytes(broken)
    with pytest.raises(VgstatsError, match=r"is broken.*Restore it from a copy"):
        protect(counts, every, Hierarchies(), RULE, ledger)
    assert ledger.path.read_bytes() == broken


def test_a_crash_while_writing_leaves_the_old_ledger(ledger: Ledger, monkeypatch):
    counts = cube(["a"], ["2008"], ["g"], np.array([30, 3]))
    every = all_numbers(counts, Hierarchies())
    protect(counts, every, Hierarchies(), RULE, ledger)
    content = ledger.path.read_bytes()

    def crash(*_: object) -> None:
        raise OSError("disk full")

    monkeypatch.setattr(Path, "replace", crash)
    with pytest.raises(OSError, match="disk full"):
        protect(counts, every.iloc[:1], Hierarchies(), RULE, ledger)
    assert ledger.path.read_bytes() == content
    assert [p.name for p in ledger.path.parent.iterdir() if p.suffix != ".lock"] == ["ledger.jsonl"]


def test_a_refused_release_and_one_without_control_leave_no_trace(ledger: Ledger):
    counts = cube(["a"], ["2008"], GROUPS[:1], np.array([30, 3]))
    protect(counts, all_numbers(counts, Hierarchies()), Hierarchies(), Rule(mode="off"), ledger)
    assert not ledger.path.exists()
