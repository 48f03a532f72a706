"""What is asked of a run: from parameter files to jobs, every one checked before any kernel starts."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from pathlib import Path
from typing import Any

from vgstats.batch.beside import take_in_beside
from vgstats.batch.lacking import told_of
from vgstats.batch.notebooks import notebook_text
from vgstats.batch.parameter_file import BESIDE, files_beside, read_parameter_file
from vgstats.disclosure import HidingRule
from vgstats.disclosure.release import Release
from vgstats.errors import Mistakes, VgstatsError
from vgstats.reports import kind
from vgstats.reports.base.bundle import Bundle
from vgstats.reports.base.common import Parameters
from vgstats.reports.base.gathering import released_for
from vgstats.store.store import DataRequest, Store


class Format(StrEnum):
    """What a report is made as: the page, and what is made of it and lies beside it."""

    HTML = "html"
    PDF = "pdf"
    PAGE_ONE = "page-one"
    XLSX = "xlsx"
    PICTURES = "bilder"
    DOCX = "docx"


PRINTED = {Format.PDF, Format.PAGE_ONE, Format.PICTURES, Format.DOCX}


@dataclass(frozen=True)
class Options:
    """How a person wants a run.

    `notebooks` is their folder (see `notebook_of`). `only`: codes, or parts of the names, of the reports to look at,
    all when empty. `timeout` (seconds) and `memory` (bytes beyond the libraries) are what one report may take, and
    `fork` says whether its kernel may be forked. `fail_fast` begins no more reports after one that failed; those that
    are being made are finished and kept. `dask` is the address of a Dask scheduler, empty without one. `keep` says
    whether a region's own texts beside the parameter files are written to the store. `formats` are what is wanted
    beside each page, and `template` is the Word file that documents are begun from, empty without one.
    """

    folder: Path = Path("reports")
    notebooks: Path | None = None
    only: Sequence[str] = ()
    force: bool = False
    formats: Collection[Format] = ()
    template: bytes = b""
    workers: int = 1
    timeout: float | None = None
    memory: int | None = None
    fork: bool = True
    fail_fast: bool = False
    dask: str = ""
    keep: bool = True


@dataclass(frozen=True)
class Job:
    """One report to make: its folder, its kind and its parameters; its figures and what was released, once read.

    `beside` is the folder of its parameter file, where its notebook may lie. `why` says why it has to be made: empty
    when it is up to date, None while that is not known.
    """

    batch: str
    kind: str
    parameters: Parameters
    bundle: Bundle | None = None
    release: Release | None = None
    why: str | None = None
    beside: Path | None = None

    @property
    def made_by(self) -> str:
        """What tells its notebook from those of other reports: its kind, with the file where it is one's own."""
        own = self.parameters.notebook
        return f"{self.kind} {(self.beside or Path()) / own}" if own else self.kind

    @property
    def file_name(self) -> str:
        """The name of the report's file."""
        return f"{self.parameters.file_name}.html"

    @property
    def former_file(self) -> str:
        """The name that an earlier version gave the report's file."""
        return f"{self.parameters.former_name}.html"

    @property
    def name(self) -> str:
        """The report's folder and file."""
        return f"{self.batch}/{self.file_name}"

    def is_called(self, words: str) -> bool:
        """Return whether words are part of the report's name, of its area's, or of its former name by code."""
        former = f"{self.batch}/{self.former_file}"
        return words in self.name or words in former or self.parameters.is_called(words)

    def request(self) -> DataRequest:
        """Return what the report reads."""
        report: Any = kind(self.kind)  # whose own parameters these are
        request: DataRequest = report.request(self.parameters)
        return request

    def read(
        self, store: Store | None, release: Release, known_by: Mapping[str, str] | None = None
    ) -> Job:
        """Return the job with its figures (see `gathering.gather`).

        Raises:
            VgstatsError: they are not enough for a report.
        """
        report: Any = kind(self.kind)
        bundle = report.gathered(self.parameters, store, known_by, release)
        return replace(self, bundle=bundle, release=release)

    def figures(self) -> tuple[Bundle, Release]:
        """Return its figures and what was released.

        Raises:
            VgstatsError: they are not read.
        """
        if self.bundle is None or self.release is None:
            raise VgstatsError(
                f"{self.name}: its figures are not read. Read them with with_figures."
            )
        return self.bundle, self.release


@dataclass(frozen=True)
class Batch:
    """The jobs of one parameter file; `name` is also the folder of its reports.

    `notes` say what the file's words for a time that depends on the figures became.
    """

    name: str
    file: Path
    jobs: Sequence[Job]
    notes: Sequence[str] = ()

    @property
    def labels(self) -> dict[str, str]:
        """The labels of the reports by their files, in order."""
        return {job.file_name: job.parameters.label for job in self.jobs}


def read_batches(
    files: Sequence[Path],
    store: Store | None = None,
    *,
    keep: bool = True,
    notebooks: Path | None = None,
    headings: bool = False,
) -> list[Batch]:
    """Return the jobs of parameter files, each checked, without looking at any figure.

    Args:
        files: the parameter files.
        store: where a region's own measures and texts lie; those in files beside these come there too.
        keep: whether they are written down there; otherwise only this store object knows them.
        notebooks: the folder with the notebooks (see `notebook_of`).
        headings: whether own words may only stand under headings that those have.

    Raises:
        VgstatsError: a file is not valid, or two would share a folder; all that is wrong with all of them is told.
    """
    found, refused = sound_batches(files, store, keep=keep, notebooks=notebooks, headings=headings)
    refuse(refused)
    return found


def own_notebooks(jobs: Sequence[Job], notebooks: Path | None = None) -> dict[str, str]:
    """Return the texts of the notebooks that parameter files name, by what they make (see `Job.made_by`).

    Raises:
        VgstatsError: one is missing or will not do (see `notebooks.notebook_text`).
    """
    own = {job.made_by: job for job in jobs if job.parameters.notebook}
    return {
        name: notebook_text(job.kind, notebooks, job.parameters.notebook, job.beside)
        for name, job in own.items()
    }


def refuse(refused: Mapping[Path, VgstatsError]) -> None:
    """Raise what is wrong with parameter files, where something is.

    Raises:
        VgstatsError: something is.
    """
    if refused:
        told = [one for error in refused.values() for one in error.args]
        raise VgstatsError(*dict.fromkeys(told))


def sound_batches(
    files: Sequence[Path],
    store: Store | None = None,
    *,
    keep: bool = True,
    notebooks: Path | None = None,
    headings: bool = False,
) -> tuple[list[Batch], dict[Path, VgstatsError]]:
    """Return the jobs of the parameter files that are valid, and what is wrong with the others (see `read_batches`)."""
    store = store or Store()
    files = list({file.resolve(): file for file in files}.values())
    named = Counter(file.stem for file in files)
    wrong = take_in_beside(files, store, keep=keep, notebooks=notebooks, headings=headings)
    batches: list[Batch] = []
    refused: dict[Path, VgstatsError] = {}
    for file in files:
        mistakes = Mistakes(wrong[file].args if file in wrong else ())
        if named[file.stem] > 1:
            mistakes.append(
                f"{file}: {named[file.stem]} parameter files are called {file.stem!r}, so their reports would share a "
                "folder. Rename all but one."
            )
        with mistakes.noted():
            content = read_parameter_file(file, store)
            jobs = [
                Job(file.stem, content.kind, one, beside=file.parent) for one in content.parameters
            ]
            if headings:
                own_notebooks(jobs, notebooks)
            notes = [*content.notes, *_from_the_store(file, jobs, store)]
            batches.append(Batch(file.stem, file, jobs, notes))
        if mistakes:
            refused[file] = VgstatsError(*dict.fromkeys(mistakes))
    return [batch for batch in batches if batch.file not in refused], refused


def _from_the_store(file: Path, jobs: Sequence[Job], store: Store) -> list[str]:
    """Return what to say of own agreements that a parameter file names without the file that they stand in."""
    if BESIDE in files_beside(file):
        return []
    named = {getattr(job.parameters, "intervention", "") for job in jobs}
    return [
        f"intervention {name!r} is as the store has it, from {one.address}, read {one.retrieved[:10]}. Name "
        "that file with own to have it as it is now."
        for name, one in store.declared().agreements().items()
        if name in named
    ]


def plan(file: Path, store: Store | None = None) -> Batch:
    """Return one parameter file's batch, all its jobs with figures (see `read_batches` and `with_figures`)."""
    store = store or Store()
    store.open_measures()
    (batch,) = read_batches([file], store)
    return replace(batch, jobs=with_figures([batch], batch.jobs, store))


def with_figures(
    batches: Sequence[Batch], jobs: Sequence[Job], store: Store | None = None
) -> list[Job]:
    """Return jobs of some batches with their figures (see `figures_of`).

    Raises:
        VgstatsError: there is nothing to compare for one of the jobs, or two batches have different
            rules and read own counts.
    """
    found, refused = figures_of(batches, jobs, store)
    refuse(refused)
    return found


def figures_of(
    batches: Sequence[Batch], jobs: Sequence[Job], store: Store | None = None
) -> tuple[list[Job], dict[Path, VgstatsError]]:
    """Return jobs with their figures, without those of the batches in which a job has nothing to compare, and why.

    What may be shown of own counts is decided once, for all the jobs of all the batches together that are left. It is
    not recorded yet: `release.record` must do that before a report is made.

    Raises:
        VgstatsError: two batches have different rules and read own counts.
    """
    if not jobs:
        return [], {}
    release = _release(batches, store)
    read: list[Job] = []
    lacking: dict[Path, list[tuple[Parameters, VgstatsError]]] = {}
    files = {batch.name: batch.file for batch in batches}
    for job in jobs:
        try:
            read.append(job.read(store, release))
        except VgstatsError as error:
            lacking.setdefault(files[job.batch], []).append((job.parameters, error))
    if not lacking:
        return read, {}
    refused = told_of(lacking, {batch.file: len(batch.jobs) for batch in batches})
    left = [batch for batch in batches if batch.file not in lacking]
    again = [job for job in jobs if files[job.batch] not in lacking]
    found, more = figures_of(left, again, store)
    return found, refused | more


def job_of(
    name: str,
    parameters: Parameters,
    store: Store | None = None,
    known_by: Mapping[str, str] | None = None,
) -> Job:
    """Return the job of one report of a kind, with its figures as they are or as they were (see `gathering.gather`).

    Raises:
        VgstatsError: the figures are not enough for a report.
    """
    job = Job("", name, parameters)
    release = released_for([job.request()], store, parameters.disclosure.rule(), known_by)
    return job.read(store, release, known_by)


def _release(batches: Sequence[Batch], store: Store | None) -> Release:
    jobs = [job for batch in batches for job in batch.jobs]
    files = {batch.name: batch.file for batch in batches}
    rules: dict[HidingRule, Path] = {}
    for job in jobs:
        rules.setdefault(job.parameters.disclosure.rule(), files[job.batch])
    release = released_for([job.request() for job in jobs], store, next(iter(rules)))
    if len(rules) > 1 and release.protected:
        one, other = list(rules.values())[:2]
        raise VgstatsError(
            f"{one} and {other} have different disclosure rules, and what they show of the region's own counts is "
            "decided together. Give them the same rule, or render them in two runs."
        )
    return release
