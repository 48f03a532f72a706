"""The agreement's money, and sources that do not agree with themselves."""

from __future__ import annotations

from vgstats import published
from vgstats.methods.money import grants
from vgstats.methods.shares import parts_and_total


def test_the_grant_is_441_of_which_126_guaranteed_and_315_variable():
    earned = grants(published(), "statsbidrag", "lan:14", paid_years_later=1)
    assert [(g.earned, g.paid) for g in earned] == [(2006, 2007), (2007, 2008), (2008, 2009)]
    assert [g.total.value for g in earned] == [112, 164, 165]
    assert sum(g.total.value for g in earned) == 441
    assert sum(g.guaranteed.value for g in earned) == 126
    assert sum(g.variable for g in earned) == 315


def test_a_county_without_figures_has_no_grant():
    assert grants(published(), "statsbidrag", "lan:01", paid_years_later=1) == []


def test_the_staff_parts_make_733_and_the_text_says_735():
    found = parts_and_total(
        published(), "fk_medarbetare", "lan:14", "2008-12", ["organisation", "roll"]
    )
    assert (found.total.value, found.sum_of_parts) == (735, 733)


def test_the_text_has_121_vardcentraler_and_the_appendix_156():
    found = parts_and_total(published(), "vardcentraler", "lan:14", "2008", ["område"])
    assert (found.total.value, found.sum_of_parts) == (121, 156)


def test_the_certifying_instances_of_2008_make_99_per_cent():
    for period, total in (("2005", 100), ("2008", 99)):
        found = parts_and_total(
            published(), "sjukfall_60_dagar_andel", "lan:14", period, ["instans"]
        )
        assert (found.total, found.sum_of_parts) == (None, total)
