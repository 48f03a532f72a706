"""What several tests need: the shared data, the reports as objects, and one rendered page."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from support import ROOT, read_page
from vgstats.batch.execute import render
from vgstats.batch.index import write_index
from vgstats.batch.plan import plan
from vgstats.report_kinds.followup import Followup


@pytest.fixture(scope="session", autouse=True)
def _no_store_of_the_users(tmp_path_factory: pytest.TempPathFactory) -> None:
    """Keep what the developer has fetched out of the tests, and the tests out of it."""
    os.environ["VGSTATS_STORE"] = str(tmp_path_factory.mktemp("store") / "none")


@pytest.fixture(scope="session")
def shared() -> Path:
    """The folder with real data files and published cases (VGSTATS_SHARED)."""
    folder = Path(os.environ.get("VGSTATS_SHARED", ROOT.parent / "shared"))
    if not (folder / "data").is_dir():
        reason = f"no shared data in {folder}; set VGSTATS_SHARED to the folder that has them"
        if os.environ.get("CI") == "true":
            pytest.fail(reason)
        pytest.skip(reason)
    return folder


@pytest.fixture(scope="session")
def vg() -> Followup:
    """The default report, Västra Götaland 2005-12 to 2008-12, as an object."""
    job = plan(ROOT / "params" / "vg-2006-2008.yaml").jobs[0]
    return Followup(job.parameters, job.bundle)


@pytest.fixture(scope="session")
def counties() -> list[Followup]:
    """The 21 shorter reports of the second default batch, as objects."""
    jobs = plan(ROOT / "params" / "lan-2005-2008.yaml").jobs
    return [Followup(job.parameters, job.bundle) for job in jobs]


@pytest.fixture(scope="session")
def vg_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The default report as papermill and nbconvert make it."""
    job = plan(ROOT / "params" / "vg-2006-2008.yaml").jobs[0]
    return render(job, ROOT / "notebooks", tmp_path_factory.mktemp("vg"))


@pytest.fixture(scope="session")
def orebro_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A shorter report, for a county of which little is bundled."""
    jobs = plan(ROOT / "params" / "lan-2005-2008.yaml").jobs
    job = next(job for job in jobs if job.parameters.lan == "18")
    return render(job, ROOT / "notebooks", tmp_path_factory.mktemp("orebro"))


@pytest.fixture(scope="session")
def vg_page(vg_file: Path):
    """The default report, parsed."""
    return read_page(vg_file.read_text(encoding="utf-8"))


@pytest.fixture(scope="session")
def index_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The index page of the 21 counties, one of them not made."""
    batch = plan(ROOT / "params" / "lan-2005-2008.yaml")
    made = {job.file_name: job.parameters.lan != "25" for job in batch.jobs}
    return write_index(batch, made, tmp_path_factory.mktemp("index"))
