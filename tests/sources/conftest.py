"""What several tests of the sources need."""

from __future__ import annotations

import pytest

from vgstats.sources.datasets import datasets_text


@pytest.fixture
def with_kpi(tmp_path, monkeypatch):
    """A datasets file in which the contents of the consumer price index are filled in."""
    text, _, kpi = datasets_text().rpartition('contents: ""')
    file = tmp_path / "datasets.yaml"
    file.write_text(f"{text}contents: KPI80{kpi}", encoding="utf-8")
    monkeypatch.setenv("VGSTATS_DATASETS", str(file))
