"""What was released cannot be taken back, so it binds what comes after."""

from __future__ import annotations

import datetime as dt
import hashlib
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from releases import (
    GROUPS,
    RULE,
    all_numbers,
    calendar_wholes,
    cube,
    hidden_keys,
    key,
    recorded,
    skewed,
)
from test_whatever_the_release import as_a_whole, unlocked

from vgstats.disclosure import (
    CannotProtect,
    HidingRule,
    Hierarchies,
    Ledger,
    audit,
    protect,
)
from vgstats.errors import VgstatsError

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


def test_without_the_ledger_a_second_release_unlocks_the_first(ledger: Ledger):
    counts = cube(PLACES, MONTHS, ["g"], skewed((3, 12, 2, 1), 1, 1.0))
    quarters = of_periods(counts, [f"2008-Q{n}" for n in range(1, 5)])
    years = of_periods(counts, ["2008"])
    everything = as_a_whole(counts, pd.concat([quarters, years]), MADE_OF)
    first = protect(counts, quarters, MADE_OF, RULE)
    assert unlocked(first, protect(counts, years, MADE_OF, RULE), everything)
    first = recorded(counts, quarters, MADE_OF, RULE, ledger)
    second = recorded(counts, years, MADE_OF, RULE, ledger)
    assert not unlocked(first, second, everything)


@pytest.mark.parametrize(("count", "most"), [(8, 1), pytest.param(40, 4, marks=pytest.mark.long)])
def test_few_second_releases_are_refused(tmp_path: Path, count: int, most: int):
    refused = 0
    for seed in range(count):
        counts, ledger = year_of_counts(seed), Ledger(tmp_path / f"{seed}")
        half = of_periods(counts, ["2008-Q1", "2008-Q2"])
        recorded(counts, half, MADE_OF, RULE, ledger)
        try:
            rest = of_periods(counts, ["2008-Q3", "2008-Q4", "2008"])
            recorded(counts, rest, MADE_OF, RULE, ledger)
        except CannotProtect:
            refused += 1
    assert refused <= most


def test_making_a_release_again_gives_the_same(ledger: Ledger):
    counts = year_of_counts()
    quarters = of_periods(counts, ["2008-Q1", "2008"])
    first = recorded(counts, quarters, MADE_OF, RULE, ledger)
    written = ledger.path.read_text(encoding="utf-8")
    again = recorded(counts, quarters.sample(frac=1), MADE_OF, RULE, ledger)
    assert first.numbers.equals(again.numbers)
    assert ledger.path.read_text(encoding="utf-8") == written


def test_the_file_holds_no_hidden_value(ledger: Ledger):
    counts = cube(["a", "b"], ["2008"], ["g"], np.array([3, 71717, 82828, 93939]))
    made_of = Hierarchies(area={"lan:14": ("a", "b")})
    released = recorded(counts, all_numbers(counts, made_of), made_of, RULE, ledger)
    text = ledger.path.read_text(encoding="utf-8")
    large = {71717, 82828, 93939, 71720, 82831, 165656 + 11111}
    gone = [v for v in large if v not in released.shown().values()]
    assert gone and not any(str(value) in text for value in gone)
    assert '"hidden": true' in text and '"low"' in text


def test_what_was_hidden_stays_hidden_when_it_has_grown(ledger: Ledger):
    counts = cube(["a", "b"], ["2008"], ["g"], np.array([3, 40, 50, 60]))
    made_of = Hierarchies(area={"lan:14": ("a", "b")})
    every = all_numbers(counts, made_of)
    first = recorded(counts, every, made_of, RULE, ledger)
    grown = counts.assign(value=[33, 40, 50, 60])
    second = recorded(grown, every, made_of, RULE, ledger)
    assert key("a", "kvinnor", "g") in hidden_keys(first)
    assert hidden_keys(first) <= hidden_keys(second)


def test_a_shown_number_that_is_revised_to_a_small_one_is_hidden(ledger: Ledger):
    counts = cube(["a", "b"], ["2008"], ["g"], np.array([6, 40, 50, 60]))
    made_of = Hierarchies(area={"lan:14": ("a", "b")})
    recorded(counts, all_numbers(counts, made_of), made_of, RULE, ledger)
    revised = counts.assign(value=[4, 40, 50, 60])
    second = recorded(revised, all_numbers(counts, made_of), made_of, RULE, ledger)
    chain = {("a", "kvinnor"), ("a", "alla"), ("lan:14", "kvinnor"), ("lan:14", "alla")}
    assert hidden_keys(second) <= {key(area, sex, "g") for area, sex in chain}  # the rest is known
    assert key("a", "kvinnor", "g") in hidden_keys(second) and not audit(second, second.shown())
    ends = all_numbers(counts, made_of).query("sex == 'kvinnor' and area == 'a'")
    alone = Ledger(ledger.path.with_name("other"))
    recorded(counts, ends, made_of, RULE, alone)
    last = recorded(revised, ends, made_of, RULE, alone)
    assert hidden_keys(last) == {key("a", "kvinnor", "g")} and not last.shown()


def test_a_large_revised_number_is_shown_anew(ledger: Ledger):
    counts = cube(["a"], ["2008"], ["g"], np.array([30, 40]))
    every = all_numbers(counts, Hierarchies())
    recorded(counts, every, Hierarchies(), RULE, ledger)
    second = recorded(counts.assign(value=[31, 40]), every, Hierarchies(), RULE, ledger)
    assert second.shown()[key("a", "kvinnor", "g")] == 31


def test_numbers_that_share_no_cell_are_left_aside(ledger: Ledger):
    counts = year_of_counts()
    recorded(counts, of_periods(counts, ["2008"]), MADE_OF, RULE, ledger)
    later = counts.assign(period=counts["period"].str.replace("2008", "2009"))
    made_of = Hierarchies(area=MADE_OF.area, period=calendar_wholes(set(later["period"])))
    every = all_numbers(later, made_of)
    released = recorded(later, every[every["period"] == "2009"], made_of, RULE, ledger)
    assert {k[2] for k in released.structure.keys} == {"2009"}


def test_counts_that_miss_what_was_released_are_refused(ledger: Ledger):
    counts = year_of_counts()
    recorded(counts, of_periods(counts, ["2008"]), MADE_OF, RULE, ledger)
    some = counts[counts["period"] <= "2008-03"]
    made_of = Hierarchies(area=MADE_OF.area)
    with pytest.raises(VgstatsError, match="also for periods that were released before"):
        recorded(some, all_numbers(some, made_of), made_of, RULE, ledger)


def test_a_whole_with_other_parts_is_refused(ledger: Ledger):
    counts = cube(PLACES, ["2008"], ["g"], skewed((3, 1, 2, 1), 1, 30.0) + 9)
    made_of = Hierarchies(area=MADE_OF.area)
    recorded(counts, all_numbers(counts, made_of), made_of, RULE, ledger)
    other = Hierarchies(area={"lan:14": ("a", "b")})
    with pytest.raises(VgstatsError, match="area 'lan:14' is made of other parts"):
        recorded(counts, all_numbers(counts, other), other, RULE, ledger)
    coarse = cube(["lan:14"], ["2008"], ["g"], np.array([80, 90]))
    with pytest.raises(VgstatsError, match="counts for the area 'lan:14', which has parts"):
        recorded(coarse, all_numbers(coarse, Hierarchies()), Hierarchies(), RULE, ledger)


def test_a_later_rule_takes_nothing_back_of_what_an_earlier_one_promised(ledger: Ledger):
    counts = cube(["a", "b", "c"], ["2008"], ["g"], np.array([2, 30, 7, 40, 4, 50]))
    made_of = Hierarchies(area={"lan:14": PLACES})
    every = all_numbers(counts, made_of)
    strict, lax = (
        HidingRule(threshold=10, width=10, zeros_shown=False),
        HidingRule(threshold=3, width=1),
    )
    first = recorded(counts, every, made_of, strict, ledger)
    second = recorded(counts, every, made_of, lax, ledger)
    assert first.secret == second.secret and second.rule == lax
    assert {(e.width, e.floor) for e in ledger.read().entries.values() if e.hidden} == {(10, 0)}
    assert not audit(second, second.shown())
    planted = {key("lan:14", "kvinnor", "g"): 13, key("b", "kvinnor", "g"): 7}
    assert audit(second, {**second.shown(), **planted})


def test_a_zero_hidden_before_stays_so_when_zeros_are_shown(ledger: Ledger):
    counts = cube(["a", "b", "c"], ["2008"], ["g"], np.array([0, 30, 7, 40, 4, 50]))
    made_of = Hierarchies(area={"lan:14": PLACES})
    every = all_numbers(counts, made_of)
    first = recorded(counts, every, made_of, HidingRule(zeros_shown=False), ledger)
    assert key("a", "kvinnor", "g") in hidden_keys(first)
    second = recorded(counts, every, made_of, RULE, ledger)
    assert first.shown() == second.shown() and first.secret == second.secret


def test_a_rest_in_which_there_is_nobody_after_a_correction_stops_no_release(ledger: Ledger):
    groups = ("g", "h")
    made_of = Hierarchies(area={"lan:14": PLACES}, group={"": groups})
    values = np.array([[30, 40, 1, 35], [25, 30, 0, 28], [22, 41, 0, 33]])
    before = cube(PLACES, ["2008"], groups, values)
    numbers = all_numbers(before, made_of)
    apart = (numbers["sex"] != "alla") & (numbers["group"] != "") & (numbers["area"] != "lan:14")
    numbers["shown"] = ~apart
    recorded(before, numbers, made_of, RULE, ledger)
    corrected = before.assign(value=before["value"].where(before["value"] != 1, 0))
    found = protect(corrected, numbers, made_of, RULE, ledger)
    assert found.shown()[key(sex="män", group="g")] == 0
    assert not found.given_away


def test_a_group_more_is_free_in_new_months_and_named_in_old_ones(ledger: Ledger):
    def of(period: str, groups: tuple[str, ...]) -> tuple[pd.DataFrame, Hierarchies]:
        counts = cube(PLACES, [period], groups, skewed((3, 1, 2, len(groups)), 3, 9.0))
        return counts, Hierarchies(area={"lan:14": PLACES}, group={"": groups})

    counts, made_of = of("2008-01", GROUPS[:2])
    first = recorded(counts, all_numbers(counts, made_of), made_of, RULE, ledger)
    counts, more = of("2008-02", GROUPS[:3])
    recorded(counts, all_numbers(counts, more), more, RULE, ledger)
    assert [len(one.entries) > 0 for one in ledger.read().chapters] == [True, True]
    counts, more = of("2008-01", GROUPS[:3])
    with pytest.raises(VgstatsError, match=r"same areas and periods: .* now, .* then.*new ledger"):
        recorded(counts, all_numbers(counts, more), more, RULE, ledger)
    counts, made_of = of("2008-01", GROUPS[:2])
    again = recorded(counts, all_numbers(counts, made_of), made_of, RULE, ledger)
    assert again.secret >= first.secret


def test_a_group_that_is_told_apart_later_is_bound_by_what_was_said_of_the_whole(ledger: Ledger):
    counts = cube(["a"], ["2008"], ["x", "y"], np.array([3, 40, 9, 30]))
    made_of = Hierarchies(group={"": ("x", "y")})
    first = recorded(counts, all_numbers(counts, made_of), made_of, RULE, ledger)
    finer = cube(["a"], ["2008"], ["x1", "x2", "y"], np.array([2, 1, 40, 5, 4, 30]))
    parts = Hierarchies(group={"": ("x1", "x2", "y"), "x": ("x1", "x2")})
    second = recorded(finer, all_numbers(finer, parts), parts, RULE, ledger)
    assert first.secret <= second.secret and len(second.structure.keys) == 15


def test_a_ledger_that_counted_some_twice_is_named_as_the_cause(ledger: Ledger):
    # As version 0.1.0 added up the lengths 60+ and 90+, which overlap.
    flat = cube(["a"], ["2008"], ["60+", "90+"], np.array([40, 30, 41, 31]))
    made_of = Hierarchies(group={"": ("60+", "90+")})
    recorded(flat, all_numbers(flat, made_of), made_of, RULE, ledger)
    counts = cube(["a"], ["2008"], ["60+ utom 90+", "90+"], np.array([10, 30, 10, 31]))
    parts = Hierarchies(group={"60+": ("60+ utom 90+", "90+")})
    with pytest.raises(VgstatsError, match=r"'' up of parts that overlap.*new ledger"):
        recorded(counts, all_numbers(counts, parts), parts, RULE, ledger)


def test_a_new_ledger_is_begun_for_a_reason_and_the_old_one_is_kept(ledger: Ledger):
    counts = cube(["a"], ["2008"], ["g"], np.array([30, 3]))
    recorded(counts, all_numbers(counts, Hierarchies()), Hierarchies(), RULE, ledger)
    old, day = ledger.path.read_bytes(), dt.date(2026, 11, 27)
    with pytest.raises(VgstatsError, match="needs a reason"):
        ledger.begin_anew(" ", day)
    kept = ledger.begin_anew("Registret har fått andra diagnoser.", day)
    assert kept.read_bytes() == old and kept.name == "ledger.jsonl.until-2026-11-27"
    recorded(counts, all_numbers(counts, Hierarchies()), Hierarchies(), RULE, ledger)
    begun = ("2026-11-27", "Registret har fått andra diagnoser.", kept.name)
    assert ledger.read().begun == begun and ledger.read().entries
    assert ledger.begin_anew("Igen.", day).name == "ledger.jsonl.until-2026-11-27-2"
    with pytest.raises(VgstatsError, match="nothing was released yet"):
        Ledger(ledger.path.with_name("none")).begin_anew("Varför?", day)


@pytest.mark.parametrize("harm", ["cut", "changed", "empty", "bytes"])
def test_a_broken_ledger_is_never_ignored(ledger: Ledger, harm: str):
    counts = cube(["a"], ["2008"], ["g"], np.array([30, 3]))
    every = all_numbers(counts, Hierarchies())
    recorded(counts, every, Hierarchies(), RULE, ledger)
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
        recorded(counts, every, Hierarchies(), RULE, ledger)
    assert ledger.path.read_bytes() == broken


def test_a_crash_while_writing_leaves_the_old_ledger(ledger: Ledger, monkeypatch):
    counts = cube(["a"], ["2008"], ["g"], np.array([30, 3]))
    every = all_numbers(counts, Hierarchies())
    recorded(counts, every.iloc[:1], Hierarchies(), RULE, ledger)
    content = ledger.path.read_bytes()

    def crash(*_: object) -> None:
        raise OSError("disk full")

    monkeypatch.setattr(Path, "replace", crash)
    with pytest.raises(OSError, match="disk full"):
        recorded(counts, every, Hierarchies(), RULE, ledger)
    assert ledger.path.read_bytes() == content
    assert [p.name for p in ledger.path.parent.iterdir() if p.suffix != ".lock"] == ["ledger.jsonl"]


def test_a_ledger_of_the_first_version_opens_and_binds(ledger: Ledger):
    # Written by the version that could also choose the cheapest: a 3 hidden, and three more for its sake.
    text = (Path(__file__).parent / "of_version_0_1_0.ledger").read_text(encoding="utf-8")
    ledger.path.write_text(text, encoding="utf-8")
    before = ledger.read()
    assert sum(entry.hidden for entry in before.entries.values()) == 4
    counts = cube(["a", "b"], ["2008"], ["g"], np.array([33, 40, 50, 60]))
    made_of = Hierarchies(area={"lan:14": ("a", "b")})
    again = recorded(counts, all_numbers(counts, made_of), made_of, RULE, ledger)
    assert hidden_keys(again) == {key for key, entry in before.entries.items() if entry.hidden}
    assert again.shown()[key("b", "alla", "g")] == 110
    assert {before.entries[key].width for key in hidden_keys(again)} == {RULE.width}
    ledger.write(before)
    assert ledger.read() == before


@pytest.mark.parametrize(
    "line",
    [
        '{"made": "rolling", "label": "r12", "of": "startade"}',
        '{"key": ["pagaende_sjukfall", "a", "2008", "alla", "g"], "hidden": false, "low": 5, "high": 9}',
    ],
)
def test_a_ledger_of_what_this_version_cannot_heed_is_refused(ledger: Ledger, line: str):
    body = f"{line}\n"
    digest = hashlib.sha256(body.encode()).hexdigest()
    ledger.path.write_text(f"vgstats ledger 1 {digest}\n{body}", encoding="utf-8")
    with pytest.raises(VgstatsError, match=r"a rolling sum or a rounded number.*cannot take"):
        ledger.read()


def test_a_refused_release_and_one_without_control_leave_no_trace(ledger: Ledger):
    counts = cube(["a"], ["2008"], GROUPS[:1], np.array([30, 3]))
    recorded(
        counts, all_numbers(counts, Hierarchies()), Hierarchies(), HidingRule(mode="off"), ledger
    )
    assert not ledger.path.exists()
