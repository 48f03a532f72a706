"""Measures, agreements and rules are data with definitions and sources."""

from __future__ import annotations

import datetime as dt

import pytest

from vgstats import VgstatsError, provenance, published
from vgstats.catalogue import areas
from vgstats.catalogue.agreements import agreements_between, all_remarks, bundled_agreements
from vgstats.catalogue.law_changes import all_law_changes, law_changes_between
from vgstats.catalogue.measures import catalogue, measure
from vgstats.catalogue.periods import Period


def test_every_measure_says_what_it_means_and_who_says_so():
    for entry in catalogue().values():
        assert entry.name and entry.unit and len(entry.definition) > 20, entry.id
        assert entry.source in provenance().index, entry.id


def test_every_bundled_number_is_of_a_known_measure():
    assert set(published()["measure"]) <= set(catalogue())


def test_every_rule_and_agreement_names_known_measures_areas_and_sources():
    for rule in all_law_changes():
        assert set(rule.measures) <= set(catalogue()), rule.id
        assert rule.source in provenance().index, rule.id
    for followed in bundled_agreements().values():
        assert followed.area in areas.all_areas().index
        assert followed.dates is None or followed.start < followed.end
        for entry in (followed, *followed.goals):
            assert entry.source in provenance().index
        assert set(followed.more_sources) <= set(provenance().index)
    for remark in all_remarks():
        assert remark.source in provenance().index and remark.area in areas.all_areas().index


def ids(measure_id: str, before: str, after: str) -> list[str]:
    found = law_changes_between(measure(measure_id), Period.parse(before), Period.parse(after))
    return [rule.id for rule in found]


def test_the_costs_straddle_january_2005_and_the_ohalsotal_does_not():
    assert "sjukloneperiod-2005" in ids("kostnad_sjukpenning", "2004", "2007")
    assert "sjukloneperiod-2005" not in ids("ohalsotal", "2005-12", "2008-12")


def test_the_ohalsotal_straddles_october_2007_and_july_2008():
    found = ids("ohalsotal", "2005-12", "2008-12")
    assert {"beslutsstod-2007", "rehabiliteringskedjan-2008"} <= set(found)


def test_a_comparison_across_2002_straddles_the_changed_definition():
    assert "definition-2002" in ids("ohalsotal", "2001-12", "2005-12")


def test_a_kommun_that_gets_another_countys_code_moves_the_border_and_a_new_kommun_does_not():
    assert areas.moves() == [
        areas.Move("kommun:0331", "lan:19", "lan:03", dt.date(2007, 1, 1)),
    ]
    codes = areas.dated_areas().iloc[:0]
    codes.loc[0] = ["1800", "kommun:1480", "1971-01-01", "2019-12-31", "", ""]
    codes.loc[1] = ["1480", "kommun:1480", "2020-01-01", "9999-12-31", "", ""]
    (made_up,) = areas.moves(codes)
    assert (made_up.left, made_up.joined, made_up.date.year) == ("lan:18", "lan:14", 2020)


def test_agreements_for_the_whole_country_are_found_by_the_years_they_ran():
    def found(before: str, after: str) -> list[str]:
        return [a.id for a in agreements_between(Period.parse(before), Period.parse(after))]

    assert found("2005-12", "2008-12") == ["sjukskrivningsmiljarden-2006-2008"]
    assert found("2015-12", "2018-12") == ["overenskommelser-2016-2018"]
    assert found("2019-12", "2025-12") == ["overenskommelse-2020"]
    assert found("2012-12", "2014-12") == [
        "sjukskrivningsmiljarden-2013",
        "sjukskrivningsmiljarden-2014",
    ]


def test_the_pandemic_and_the_changes_around_it_are_rules_of_their_own():
    found = ids("sjukpenningtal", "2019-12", "2025-12")
    assert found == [
        "koordinering-2020", "pandemi-2020", "overvagande-skal-2021", "tak-2022", "langre-prov-2022",
        "yrkesgrupp-2022", "pandemiundantag-2024", "ansokan-2025",
    ]  # fmt: skip
    assert {"tak-2006", "tak-2007"} <= set(ids("kostnad_sjukpenning", "2004", "2007"))


def test_an_unknown_measure_is_refused_with_the_nearest_known_one():
    with pytest.raises(VgstatsError, match="Did you mean 'ohalsotal'"):
        measure("ohalsotalet")
