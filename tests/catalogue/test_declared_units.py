"""A region's own units are areas while its store is open."""

from __future__ import annotations

from pathlib import Path

import pytest

from vgstats.catalogue import areas
from vgstats.catalogue.units import all_units, unit_called
from vgstats.errors import VgstatsError
from vgstats.sources.labels import area_of_label
from vgstats.sources.own_file import read_own_file
from vgstats.store.store import Store

UNITS = """units:
- id: alby
  name: Alby vårdcentral
  lan: "14"
  formerly: [Norra Alby]
  started: 2024-02-01
  chosen_high: true
- id: bro
  name: Bro vårdcentral
  lan: "14"
"""


@pytest.fixture
def store(tmp_path: Path):
    file = tmp_path / "enheter.yaml"
    file.write_text(UNITS, encoding="utf-8")
    made = Store(tmp_path / "store")
    made.declare([read_own_file(file)])
    yield made
    Store(tmp_path / "empty").open_measures()


def test_a_declared_unit_is_an_area_of_its_county(store: Store):
    assert areas.units("14") == ["enhet:14-alby", "enhet:14-bro"]
    assert areas.units("18") == []
    assert areas.name("enhet:14-alby") == "Alby vårdcentral"
    assert areas.find("bro vårdcentral") == "enhet:14-bro"
    assert areas.county_of("enhet:14-bro") == "lan:14"
    assert [one.chosen_high for one in all_units("lan:14").values()] == [True, False]


def test_a_table_may_call_a_unit_what_it_was_called(store: Store):
    assert unit_called("norra alby") == area_of_label("Norra Alby") == "enhet:14-alby"


def test_another_store_has_other_units(store: Store, tmp_path: Path):
    Store(tmp_path / "empty").open_measures()
    assert areas.units("14") == []
    with pytest.raises(VgstatsError, match="Unknown area"):
        areas.name("enhet:14-alby")
