"""The raw counts cannot be reached from what is drawn, and the page is attacked on its own."""

from __future__ import annotations

import gc
import pickle
from collections.abc import Iterator
from dataclasses import replace
from types import BuiltinFunctionType, FunctionType, ModuleType

import numpy as np
import pytest
from releases import GROUPS, RULE, all_numbers, county, cube, key

from vgstats.disclosure import HidingRule, Hierarchies, Protected, audit, protect
from vgstats.errors import VgstatsError
from vgstats.observations import KEY

PASSED_BY = (type, ModuleType, FunctionType, BuiltinFunctionType)
HIDDEN_LARGE = 7_654_321
COUNTS = cube(["a", "b"], ["2008"], ["g"], np.array([3, HIDDEN_LARGE, 5_432_187, 6_543_217]))
MADE_OF = Hierarchies(area={"lan:14": ("a", "b")})


def released(rule: HidingRule = RULE) -> Protected:
    return protect(COUNTS, all_numbers(COUNTS, MADE_OF), MADE_OF, rule)


def hidden_values(protected: Protected) -> set[int]:
    """The raw values of what is hidden, from the counts."""
    raw = {key(a, s, g): v for _, a, _, s, g, v in COUNTS.itertuples(index=False, name=None)}
    return {raw[k] for k in protected.secret if k in raw and raw[k] > 1000}


def reachable(start: object) -> Iterator[object]:
    """Everything that can be walked to, without the code that all objects lead to."""
    seen, queue = {id(start)}, [start]
    while queue:
        at = queue.pop()
        yield at
        for found in gc.get_referents(at):
            if id(found) not in seen and not isinstance(found, PASSED_BY):
                seen.add(id(found))
                queue.append(found)


def holds(thing: object, secrets: set[int]) -> bool:
    if isinstance(thing, np.ndarray) and thing.dtype.kind in "iuf":
        base = thing if thing.base is None else thing.base
        return any(np.isin(part, list(secrets)).any() for part in (thing, np.asarray(base)))
    return isinstance(thing, int | float | np.number) and thing in secrets


def test_no_walk_from_the_object_reaches_a_hidden_value():
    protected = released()
    secrets = hidden_values(protected)
    assert secrets, "nothing large is hidden: the test would show nothing"
    things = list(reachable(protected))
    assert len(things) > 100
    assert not any(holds(thing, secrets) for thing in things)
    shown = {v for v in protected.shown().values() if isinstance(v, int)}
    assert any(holds(thing, shown) for thing in things), "the walk finds nothing at all"


def test_nor_does_a_pickle_a_text_or_its_attributes():
    protected = released()
    secrets = hidden_values(protected)
    content = pickle.dumps(protected)
    copy = pickle.loads(content)  # noqa: S301 - our own
    assert not any(holds(thing, secrets) for thing in reachable(copy))
    for value in secrets:
        assert value.to_bytes(8, "little") not in content
        assert str(value).encode() not in content
        assert str(value) not in repr(protected) + str(vars(protected)) + protected.numbers.to_csv()
    assert (3).to_bytes(8, "little") not in protected.numbers["value"].array._data.tobytes()


def test_the_walk_would_find_it_with_the_control_off():
    protected = released(HidingRule(mode="off"))
    assert any(holds(thing, {HIDDEN_LARGE}) for thing in reachable(protected))
    assert set(protected.numbers["status"]) == {"uncontrolled"}
    assert protected.secret == frozenset()


def test_statuses_and_values_say_the_same():
    protected = released()
    numbers = protected.numbers
    assert numbers["value"].dtype == "Int64"
    assert (numbers["value"].isna() == (numbers["status"] == "hidden")).all()
    published = set(numbers[KEY].itertuples(index=False, name=None))
    assert key("a", "kvinnor", "g") in protected.secret
    assert set(protected.shown()) == published - protected.secret


def test_a_page_that_shows_the_release_passes():
    counts, made_of = county(10, years=1)
    protected = protect(counts, all_numbers(counts, made_of), made_of, RULE)
    assert protected.secret
    assert audit(protected, protected.shown()) == []
    assert audit(protected, {}) == []


def test_a_planted_number_is_found_with_all_that_it_gives_away():
    protected = released()
    planted = key("a", "kvinnor", "g")
    shown = {**protected.shown(), planted: 3}
    found = audit(protected, shown)
    assert planted in found and len(found) > 1


def test_the_audit_does_not_believe_that_a_number_was_hidden():
    # The same release protected by nobody: only the small number is said to be secret.
    protected = released()
    small = key("a", "kvinnor", "g")
    careless = replace(protected, secret=frozenset({small}))
    raw = {key(a, s, g): v for _, a, _, s, g, v in COUNTS.itertuples(index=False, name=None)}
    rest = {k: v for k, v in raw.items() if k != small}
    total = {key("lan:14", "kvinnor", "g"): 3 + 5_432_187}
    assert audit(careless, {**rest, **total}) == [small]


def test_a_page_with_foreign_or_contradicting_numbers_is_refused():
    protected = released()
    with pytest.raises(VgstatsError, match="not a number of the release"):
        audit(protected, {key("lan:99"): 7})
    counts = cube(["a"], ["2008"], GROUPS[:1], np.array([30, 40]))
    whole = protect(counts, all_numbers(counts, Hierarchies()), Hierarchies(), RULE)
    page = {**whole.shown(), key("a", "alla", GROUPS[0]): 71}
    with pytest.raises(VgstatsError, match="contradict each other"):
        audit(whole, page)
