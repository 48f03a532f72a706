"""What is asked of a run: from parameter files to jobs, every one checked before any kernel starts."""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from pathlib import Path
from typing import Any

from vgstats.batch.notebooks import headings_of
from vgstats.batch.parameter_file import WORDS, files_beside, read_kind, read_parameter_file
from vgstats.disclosure import HidingRule
from vgstats.disclosure.release import Release
from vgstats.errors import VgstatsError
from vgstats.ingest import bring_in
from vgstats.reports import kind
from vgstats.reports.base.bundle import Bundle
from vgstats.reports.base.gathering import released_for
from vgstats.reports.base.parameters import Parameters
from vgstats.store.store import DataRequest, Store


class Format(StrEnum):
    """What a report is made as: the page, and what is made of it and lies beside it."""

    HTML = "html"
    PDF = "pdf"
    PAGE_ONE = "page-one"
    XLSX = "xlsx"
    PICTURES = "bilder"


@dataclass(frozen=True)
class Options:
    """How a person wants a run.

    `only`: codes, or parts of the names, of the reports to look at, all when empty. `timeout` (seconds) and `memory`
    (bytes beyond the libraries) are what one report may take, and `fork` says whether its kernel may be forked.
    `fail_fast` begins no more reports after one that failed; those that are being made are finished and kept.
    `dask` is the address of a Dask scheduler, empty without one. `keep` says whether a region's own texts beside the
    parameter files are written to the store. `formats` are what is wanted beside each page.
    """

    folder: Path = Path("reports")
    notebooks: Path = Path("notebooks")
    only: Sequence[str] = ()
    force: bool = False
    formats: Collection[Format] = ()
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

    `why` says why it has to be made: empty when it is up to date, None while that is not known.
    """

    batch: str
    kind: str
    parameters: Parameters
    bundle: Bundle | None = None
    release: Release | None = None
    why: str | None = None

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
) -> list[Batch]:
    """Return the jobs of parameter files, each checked, without looking at any figure.

    Args:
        files: the parameter files.
        store: where a region's own measures and texts lie; those in files beside these come there too.
        keep: whether they are written down there; otherwise only this store object knows them.
        notebooks: the folder with the notebooks, whose headings own words may stand under; where it is left out their
            headings are not checked.

    Raises:
        VgstatsError: a file is not valid, or two would share a folder.
    """
    store = store or Store()
    beside = {file: _taken_in(file) for file in files}
    if own := [one for found in beside.values() for one in found.values()]:
        headings = _headings(beside, notebooks) if notebooks else None
        bring_in(own, store, keep=keep, headings=headings)
    batches: list[Batch] = []
    for file in files:
        content = read_parameter_file(file, store)
        if file.stem in [batch.name for batch in batches]:
            raise VgstatsError(
                f"{file}: two parameter files are called {file.stem!r}, so their reports "
                "would share a folder. Rename one."
            )
        jobs = [Job(file.stem, content.kind, one) for one in content.parameters]
        batches.append(Batch(file.stem, file, jobs, content.notes))
    return batches


def _taken_in(file: Path) -> dict[str, Path]:
    """Return the files beside a parameter file that are to be read; words that are not there may be in the store.

    A report prints the lines that make it again, with the name of its words alone.
    """
    named = files_beside(file)
    words = named.get(WORDS)
    if words and words.parent == file.parent and not words.exists():
        del named[WORDS]
    return named


def _headings(beside: Mapping[Path, Mapping[str, Path]], notebooks: Path) -> dict[Path, list[str]]:
    """Return the headings that each file with own words may have: those of all the notebooks that show them."""
    found: dict[Path, list[str]] = {}
    for file, named in beside.items():
        if WORDS in named:
            there, words = headings_of(read_kind(file), notebooks), named[WORDS].resolve()
            found[words] = [one for one in found.get(words, there) if one in there]
    return found


def plan(file: Path, store: Store | None = None) -> Batch:
    """Return one parameter file's batch, all its jobs with figures (see `read_batches` and `with_figures`)."""
    store = store or Store()
    store.open_measures()
    (batch,) = read_batches([file], store)
    return replace(batch, jobs=with_figures([batch], batch.jobs, store))


def with_figures(
    batches: Sequence[Batch], jobs: Sequence[Job], store: Store | None = None
) -> list[Job]:
    """Return jobs of some batches with their figures.

    What may be shown of own counts is decided once, for all the jobs of all the batches together. It is
    not recorded yet: `release.record` must do that before a report is made.

    Raises:
        VgstatsError: there is nothing to compare for one of the jobs, or two batches have different
            rules and read own counts.
    """
    if not jobs:
        return []
    release = _release(batches, store)
    read: list[Job] = []
    refused: dict[str, list[tuple[Job, VgstatsError]]] = {}
    for job in jobs:
        try:
            read.append(job.read(store, release))
        except VgstatsError as error:
            refused.setdefault(job.batch, []).append((job, error))
    for batch in batches:
        if found := refused.get(batch.name):
            some_left = len(found) < len(batch.jobs)
            others = _and_others([job for job, _ in found], some_left=some_left)
            raise VgstatsError(f"{batch.file}: {found[0][1]}{others}")
    return read


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


def _and_others(refused: Sequence[Job], *, some_left: bool) -> str:
    """Return which other reports are refused: as what leaves all of them out, where any report is left then."""
    told_apart = [job.parameters.told_apart() for job in refused]
    if not some_left:
        others = [" ".join(*list(told.items())[:1]) for told in told_apart[1:]]
        return f" The same goes for {', '.join(others)}." if others else ""
    entries: dict[tuple[tuple[str, str], ...], dict[str, Any]] = {}
    for job, told in zip(refused, told_apart, strict=True):
        shared = tuple((key, told[key]) for key in told if key not in job.parameters.axes)
        entry = entries.setdefault(shared, {})
        for axis in told.keys() - dict(shared):
            entry.setdefault(axis, []).append(told[axis])
    return "\n".join(
        [
            f" To leave out the reports that cannot be made ({len(refused)}):",
            "exclude:",
            *(f"  - {_as_yaml({**entry, **dict(shared)})}" for shared, entry in entries.items()),
        ]
    )


def _as_yaml(entry: Mapping[str, Any]) -> str:
    """Return keys and values as a line of a parameter file, where every value stands in quotation marks."""
    return f"{{{', '.join(f'{key}: {json.dumps(value)}' for key, value in entry.items())}}}"
