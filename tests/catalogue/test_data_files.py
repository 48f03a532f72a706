"""Whoever changes the bundled files is told what to correct, and how to write their checksums anew."""

from __future__ import annotations

import pytest

from vgstats import VgstatsError
from vgstats.catalogue import data_files
from vgstats.catalogue.agreements import bundled_agreements, bundled_calls
from vgstats.catalogue.measures import Measure
from vgstats.catalogue.requirements import bundled_requirements


@pytest.fixture
def folder(monkeypatch, tmp_path):
    monkeypatch.setattr(data_files, "data_folder", lambda: tmp_path)
    data_files._checksums.cache_clear()
    yield tmp_path
    data_files._checksums.cache_clear()


def test_a_new_file_without_a_checksum_names_the_command(folder):
    (folder / "SHA256SUMS").write_text("", encoding="utf-8")
    (folder / "new.csv").write_text("a\n", encoding="utf-8")
    with pytest.raises(VgstatsError, match=r"does not name new.csv.*make checksums"):
        data_files.verify()


def test_an_entry_that_lacks_a_key_is_named_by_its_id(folder, monkeypatch):
    monkeypatch.setattr(data_files, "read_text", lambda file: "- id: mine\n  name: Mitt\n")
    with pytest.raises(
        VgstatsError, match=r"entry mine, unit: .*Correct the entry.*make checksums"
    ):
        data_files.read_models(folder / "measures.yaml", Measure)


def test_no_id_names_both_an_agreement_and_a_list_of_requirements_or_a_call():
    named = [*bundled_agreements(), *bundled_requirements(), *bundled_calls()]
    assert len(named) == len(set(named))
