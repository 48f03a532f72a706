"""Measures, agreements and rules are data with definitions and sources."""

from __future__ import annotations

import pytest

from vgstats import VgstatsError, areas, provenance, published
from vgstats.interventions import all_interventions, all_remarks, all_rules, rules_between
from vgstats.measures import catalogue, measure
from vgstats.periods import Period


def test_every_measure_says_what_it_means_and_who_says_so():
    for entry in catalogue().values():
        assert entry.name and entry.unit and len(entry.definition) > 20, entry.id
        assert entry.source in provenance().index, entry.id


def test_every_bundled_number_is_of_a_known_measure():
    assert set(published()["measure"]) <= set(catalogue())


def test_every_rule_and_agreement_names_known_measures_areas_and_sources():
    for rule in all_rules():
        assert set(rule.measures) <= set(catalogue()), rule.id
        assert rule.source in provenance().index, rule.id
    for followed in all_interventions().values():
        assert followed.area in areas.all_areas().index
        assert followed.start < followed.end
        for entry in (followed, *followed.goals):
            assert entry.source in provenance().index
    for remark in all_remarks():
        assert remark.source in provenance().index and remark.area in areas.all_areas().index


def ids(measure_id: str, before: str, after: str) -> list[str]:
    found = rules_between(measure(measure_id), Period.parse(before), Period.parse(after))
    return [rule.id for rule in found]


def test_the_costs_straddle_january_2005_and_the_ohalsotal_does_not():
    assert "sjukloneperiod-2005" in ids("kostnad_sjukpenning", "2004", "2007")
    assert "sjukloneperiod-2005" not in ids("ohalsotal", "2005-12", "2008-12")


def test_the_ohalsotal_straddles_october_2007_and_july_2008():
    found = ids("ohalsotal", "2005-12", "2008-12")
    assert {"beslutsstod-2007", "rehabiliteringskedjan-2008"} <= set(found)


def test_a_comparison_across_2002_straddles_the_changed_definition():
    assert "definition-2002" in ids("ohalsotal", "2001-12", "2005-12")


def test_an_unknown_measure_is_refused_with_the_nearest_known_one():
    with pytest.raises(VgstatsError, match="Did you mean 'ohalsotal'"):
        measure("ohalsotalet")
