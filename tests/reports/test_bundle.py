"""A report reads only what was released and asked for: from its bundle, or as an analyst opens it."""

from __future__ import annotations

from dataclasses import replace

import pandas as pd
import pytest

from support import followup
from vgstats import VgstatsError
from vgstats.catalogue.measures import PSYCHIATRIC_SHARE
from vgstats.reports.base.bundle import Bundle
from vgstats.reports.base.gathering import gather
from vgstats.reports.uppfoljning import Uppfoljning


def test_a_bundle_holds_the_county_its_kommuner_riket_and_the_comparison(vg):
    areas = set(vg.observations["area"])
    assert "lan:14" in areas and "riket" in areas and "kommun:1480" in areas
    others = vg.observations[vg.observations["area"] == "lan:01"]
    assert set(others["measure"]) == {"pagaende_sjukfall", PSYCHIATRIC_SHARE}
    assert "kommun:2262" not in areas


def test_a_bundle_comes_back_as_it_was_written(vg, tmp_path):
    parameters = vg.parameters.model_dump(mode="json")
    bundle = gather(Uppfoljning.request(vg.parameters))
    bundle.write(tmp_path / "b", parameters)
    again = Bundle.read(tmp_path / "b", parameters)
    for name in ("observations", "sources", "differences", "mixed"):
        pd.testing.assert_frame_equal(getattr(again, name), getattr(bundle, name))


def test_a_bundle_of_another_county_is_refused(vg, counties, tmp_path):
    other = counties[0]
    Bundle(other.observations, other.sources).write(
        tmp_path, other.parameters.model_dump(mode="json")
    )
    with pytest.raises(VgstatsError, match="was made for"):
        followup("14", "2005-12", "2008-12", bundle=str(tmp_path))


def test_a_missing_bundle_is_named(tmp_path):
    with pytest.raises(VgstatsError, match="no bundle"):
        followup("14", "2005-12", "2008-12", bundle=str(tmp_path / "nothing"))


@pytest.mark.parametrize("given", [14, 14.0, True])
def test_a_code_that_became_a_number_is_told_how_to_stay_a_text(given):
    with pytest.raises(VgstatsError, match=r"lan: .* will not do.*papermill write -r lan") as error:
        followup(given, "2005-12", "2008-12")
    assert "pydantic" not in str(error.value)


def test_an_unknown_part_of_the_rule_names_those_there_are():
    with pytest.raises(VgstatsError, match=r"unknown key 'treshold'. Did you mean 'threshold'\?"):
        followup("14", "2005-12", "2008-12", disclosure={"treshold": "4"})


def test_a_cited_source_that_nothing_describes_is_named_with_what_to_do(vg):
    with pytest.raises(VgstatsError, match=r"source 'nowhere'.*data/sources\.csv.*make checksums"):
        vg.cite(["nowhere"])


def test_a_comparison_is_worked_out_once_and_anew_from_other_figures(vg):
    report = Uppfoljning(vg.parameters, vg._bundle)
    (first,) = report.compared_in("pagaende_sjukfall")
    assert report.compared_in("pagaende_sjukfall")[0] is first
    figures = vg._bundle.observations
    fewer = figures[figures["area"] != "lan:01"]
    wanted = Uppfoljning.request(vg.parameters).wanted
    report.read(vg.parameters, replace(vg._bundle, observations=fewer), wanted)
    (again,) = report.compared_in("pagaende_sjukfall")
    assert again.counties == first.counties - 1
