"""Runs of three short reports of made-up figures, in folders of their own."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from rounds import notebooks, params, render

from vgstats.batch.execute import report_page
from vgstats.demo import Size, write_demo
from vgstats.store.store import Store


@pytest.fixture(scope="session")
def store(once) -> Store:
    """Made-up figures for three counties in the Decembers of 2019 and 2024."""

    def fill(folder: Path) -> None:
        months = {"first": "2019-12", "last": "2024-12", "december_only": True}
        size = Size(lan=("lan:09", "lan:20", "lan:23"), **months)
        for _ in write_demo(Store(folder / "store"), size):
            pass

    return Store(once("three-counties", fill) / "store")


@pytest.fixture
def own_store(store, tmp_path) -> Store:
    shutil.copytree(store.folder, tmp_path / "store")
    return Store(tmp_path / "store")


@pytest.fixture
def setting(own_store, tmp_path):
    """Options of a run of three short reports in a folder of its own."""
    file = params(tmp_path, "09", "20", "23")
    return [
        file,
        *("--store", own_store.folder),
        *("--notebooks", notebooks(tmp_path / "notebooks")),
        *("--out", tmp_path / "out"),
    ]


@pytest.fixture(scope="session")
def finished(store, tmp_path_factory) -> Path:
    """A folder with the three reports made, with what stands for their PDFs."""
    folder = tmp_path_factory.mktemp("finished")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("vgstats.batch.execute.pdf_of", lambda page: b"%PDF" + page[:80].encode())
        patch.setattr("vgstats.batch.execute.not_ua", lambda: "")
        done = render(
            params(folder, "09", "20", "23"),
            *("--store", store.folder, "--notebooks", notebooks(folder / "notebooks")),
            *("--out", folder / "out", "--to", "pdf"),
        )
    assert done.returncode == 0, done.stderr
    return folder / "out" / "some"


@pytest.fixture
def before(finished, setting, tmp_path) -> Path:
    """The folder of a run that has made its three reports once."""
    return Path(shutil.copytree(finished, tmp_path / "out" / "some"))


@pytest.fixture
def made_once(monkeypatch) -> None:
    """Make a report once of the same figures, however often it is verified."""
    pages: dict[tuple, str] = {}

    def once(job, notebooks, made) -> str:
        key = (job.bundle.digest(), made)
        if key not in pages:
            pages[key] = report_page(job, notebooks, made)
        return pages[key]

    monkeypatch.setattr("vgstats.batch.verify.report_page", once)
