"""What several tests need: the shared data, the reports as objects, and one rendered page."""

from __future__ import annotations

import gc
import os
import shutil
import sys
from collections.abc import Callable
from pathlib import Path

import filelock
import pytest
from hypothesis import settings

# As in a command: jsonschema would load a grammar for a second and a half in every worker.
sys.modules.setdefault("rfc3987_syntax", None)
# ruff: noqa: E402

from making import render
from mapped_rows import store_of
from support import ROOT, batch_of, read_page, write_index_of
from vgstats.batch.manifest import INDEX
from vgstats.batch.plan import Batch, Job, plan
from vgstats.catalogue import areas
from vgstats.catalogue.measures import declare
from vgstats.catalogue.units import declare_units
from vgstats.demo import Size, write_demo
from vgstats.errors import VgstatsError
from vgstats.page.pdf import check_available, not_ua
from vgstats.reports.uppfoljning import Uppfoljning
from vgstats.store import declared
from vgstats.store.store import Store

Once = Callable[[str, Callable[[Path], object]], Path]

# No deadline: how fast the machine is at the moment is no property of the code.
settings.register_profile("usual", max_examples=12, deadline=None)
settings.register_profile("long", max_examples=400, deadline=None)
settings.load_profile("usual")


@pytest.fixture(scope="session")
def once(tmp_path_factory: pytest.TempPathFactory) -> Once:
    """A function that fills a folder once for all processes of a test run, and returns it."""
    own = tmp_path_factory.getbasetemp()
    whole = own.parent if "PYTEST_XDIST_WORKER" in os.environ else own

    def filled(name: str, fill: Callable[[Path], object]) -> Path:
        folder = whole / f"once-{name}"
        with filelock.FileLock(whole / f"once-{name}.lock"):
            if not (folder / ".filled").exists():
                folder.mkdir(exist_ok=True)
                fill(folder)
                (folder / ".filled").touch()
        return folder

    return filled


@pytest.fixture(scope="session", autouse=True)
def _no_store_of_the_users(tmp_path_factory: pytest.TempPathFactory) -> None:
    """Keep what the developer has fetched out of the tests, and the tests out of it."""
    os.environ["VGSTATS_STORE"] = str(tmp_path_factory.mktemp("store") / "none")


@pytest.fixture(autouse=True)
def _nothing_declared_by_another_test() -> None:
    """Begin each test with the measures of vgstats alone, and no region's units."""
    declare([])
    declare_units([])


@pytest.fixture(scope="module", autouse=True)
def _what_is_imported_is_no_garbage() -> None:
    """Leave modules and tests out of what is looked through for garbage, an eighth of a run; a batch takes them in."""
    if not gc.get_freeze_count():
        gc.freeze()


def pytest_unconfigure() -> None:
    """Take it in again, since DuckDB complains at the end of all that was never let go."""
    gc.unfreeze()


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
def pdf_tools() -> None:
    """WeasyPrint and the system library that it needs; without them a test fails in CI, else skips."""
    try:
        check_available()
        if instead := not_ua():
            raise VgstatsError(instead)
    except VgstatsError as error:
        if os.environ.get("CI") == "true":
            pytest.fail(str(error))
        pytest.skip(str(error))


@pytest.fixture(scope="session")
def vg() -> Uppfoljning:
    """The default report, Västra Götaland 2005-12 to 2008-12, as an object."""
    job = plan(ROOT / "params" / "vg-2006-2008.yaml").jobs[0]
    return Uppfoljning(job.parameters, job.bundle)


@pytest.fixture(scope="session")
def counties() -> list[Uppfoljning]:
    """The 21 shorter reports of the second default batch, as objects."""
    jobs = batch_of("lan-2005-2008").jobs
    return [Uppfoljning(job.parameters, job.bundle) for job in jobs]


def rendered(once: Once, job: Job, name: str) -> Path:
    """A report as papermill and nbconvert make it, made once for all tests."""
    return once(name, lambda folder: render(job, ROOT / "notebooks", folder)) / job.file_name


@pytest.fixture(scope="session")
def page_of(once: Once) -> Callable[[str], Path]:
    """A function that returns the first report of a parameter file that comes along, made once for all tests."""
    return lambda name: rendered(once, batch_of(name).jobs[0], name)


@pytest.fixture(scope="session")
def vg_file(once: Once) -> Path:
    """The default report, and in the store of each process its own words as they were when it was made.

    Each process has a store of its own, and words taken in at another moment are another vintage.
    """
    job, texts = plan(ROOT / "params" / "vg-2006-2008.yaml").jobs[0], Store().folder / declared.NAME

    def fill(folder: Path) -> None:
        render(job, ROOT / "notebooks", folder)
        shutil.copyfile(texts, folder / declared.NAME)

    folder = once("vg", fill)
    shutil.copyfile(folder / declared.NAME, texts)
    return folder / job.file_name


@pytest.fixture(scope="session")
def orebro_file(once: Once) -> Path:
    """A shorter report, for a county of which little is bundled."""
    jobs = batch_of("lan-2005-2008").jobs
    return rendered(once, next(job for job in jobs if job.parameters.lan == "18"), "orebro")


@pytest.fixture(scope="session")
def kommun_file(once: Once) -> Path:
    """The report on Göteborg, of the figures that come along."""
    jobs = batch_of("kommuner-vg-2005-2008").jobs
    return rendered(once, next(job for job in jobs if job.parameters.code == "1480"), "kommun")


def made_up(once: Once, name: str, size: Size) -> Store:
    """A store of made-up figures, written once for all tests."""

    def fill(folder: Path) -> None:
        for _ in write_demo(Store(folder / "store"), size):
            pass

    return Store(once(name, fill) / "store")


@pytest.fixture(scope="session")
def practice_store(once: Once) -> Store:
    """Made-up figures for all counties and kommuner, every December from 2011."""
    size = Size(lan=tuple(areas.lan()), first="2011-12", last="2025-12", december_only=True)
    return made_up(once, "practice-store", size)


@pytest.fixture(scope="session")
def practice_batch(practice_store: Store, tmp_path_factory: pytest.TempPathFactory) -> Batch:
    """A batch of one report on made-up figures, for the county with the most kommuner."""
    file = tmp_path_factory.mktemp("params") / "practice.yaml"
    text = 'report: uppfoljning\nlan: ["14"]\nbefore: "2019-12"\nafter: "2024-12"\n'
    file.write_text(text, encoding="utf-8")
    return plan(file, practice_store)


@pytest.fixture(scope="session")
def practice_file(practice_batch: Batch, once: Once) -> Path:
    """The report on made-up figures with 49 kommuner and all ways to compare."""
    return rendered(once, practice_batch.jobs[0], "practice")


REGISTER = """\
report: sjukfall
lan: ["20"]
before: "2024-12"
after: "2025-12"
disclosure: {mode: suppress, threshold: "5", width: "5", zeros: shown}
"""


@pytest.fixture(scope="session")
def register_store(once: Once) -> Store:
    """Made-up own counts for Dalarna's 15 kommuner in 13 months, small numbers and all."""
    size = Size(lan=("lan:20",), first="2024-12", last="2025-12", measures=("ohalsotal",))
    return made_up(once, "register-store", size)


@pytest.fixture(scope="session")
def register_job(register_store: Store, tmp_path_factory: pytest.TempPathFactory) -> Job:
    """The report on them; nothing is recorded as released."""
    file = tmp_path_factory.mktemp("params") / "register.yaml"
    file.write_text(REGISTER, encoding="utf-8")
    return plan(file, register_store).jobs[0]


@pytest.fixture(scope="session")
def register_file(register_job: Job, once: Once) -> Path:
    """The report as papermill and nbconvert make it."""
    return rendered(once, register_job, "register")


@pytest.fixture(scope="session")
def mapped_store(once: Once) -> Store:
    """A county's cases built of certificates, and its units', by hand (see `mapped_rows`)."""
    return Store(once("mapped", lambda folder: store_of(folder) and None) / "store")


MAPPED = 'report: {}\nlan: ["14"]\nsnapshot: "2025-10-01"\nearlier: "2024-10-01"\n'


@pytest.fixture(scope="session")
def mapped_jobs(mapped_store: Store, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Job]:
    """The report on them, and the sheet of the largest unit."""
    found: dict[str, Job] = {}
    for kind, more in (("sjukfallskartlaggning", ""), ("enhetsblad", "enhet: [stora]\n")):
        file = tmp_path_factory.mktemp("params") / f"{kind}.yaml"
        file.write_text(MAPPED.format(kind) + more, encoding="utf-8")
        found[kind] = plan(file, mapped_store).jobs[0]
    return found


@pytest.fixture(scope="session")
def enhetsblad_file(mapped_jobs: dict[str, Job], once: Once) -> Path:
    """The sheet of the largest unit, as papermill and nbconvert make it."""
    return rendered(once, mapped_jobs["enhetsblad"], "enhetsblad")


@pytest.fixture(scope="session")
def sjukfallskartlaggning_file(mapped_jobs: dict[str, Job], once: Once) -> Path:
    """The mapping of the county, as papermill and nbconvert make it."""
    return rendered(once, mapped_jobs["sjukfallskartlaggning"], "sjukfallskartlaggning")


@pytest.fixture(scope="session")
def vg_page(vg_file: Path):
    """The default report, parsed."""
    return read_page(vg_file.read_text(encoding="utf-8"))


@pytest.fixture(scope="session")
def index_file(once: Once) -> Path:
    """The index page of the 21 counties, one of them not made."""

    def fill(folder: Path) -> None:
        write_index_of(batch_of("lan-2005-2008"), folder, failed=("25",))

    return once("index", fill) / INDEX
