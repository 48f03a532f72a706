"""The rule says what it does, and cannot be got wrong in silence."""

from __future__ import annotations

import dataclasses

import pytest

from vgstats.disclosure import HidingRule
from vgstats.errors import VgstatsError


def test_the_default_hides_under_five_and_is_on():
    rule = HidingRule()
    assert (rule.threshold, rule.width, rule.zeros_shown) == (5, 5, True)
    assert rule.on and not HidingRule(mode="off").on


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"threshold": 2}, "threshold is 2. Write a whole number that is at least 3"),
        ({"threshold": "5"}, "threshold is '5'"),
        ({"threshold": True}, "threshold is True"),
        ({"width": 0}, "width is 0"),
        ({"mode": "supress"}, "unknown mode 'supress'.*Did you mean 'suppress'"),
        ({"mode": ""}, "unknown mode ''"),
        ({"mode": None}, "unknown mode None"),
        ({"zeros_shown": "no"}, "zeros_shown is 'no'"),
    ],
)
def test_a_wrong_rule_is_an_error(wrong: dict[str, object], said: str):
    with pytest.raises(VgstatsError, match=said):
        HidingRule(**wrong)


def test_a_rule_cannot_be_changed():
    with pytest.raises(dataclasses.FrozenInstanceError):
        HidingRule().threshold = 3  # type: ignore[misc]


def test_a_hidden_number_is_at_least_one_only_when_zeros_are_shown():
    assert HidingRule().hidden_from == 1
    assert HidingRule(zeros_shown=False).hidden_from == 0
