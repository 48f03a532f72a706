"""From parameter files to a list of jobs, every one checked before any kernel starts."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from vgstats import areas
from vgstats.batch.parameter_file import BatchFile, read_batch_file
from vgstats.bundle import Bundle, released_for
from vgstats.errors import VgstatsError
from vgstats.release import Release
from vgstats.report_kinds.kinds import KINDS, Parameters, gathered
from vgstats.store.store import Store


@dataclass(frozen=True)
class Job:
    """One report to make: its kind, its parameters, its figures, what was released, where it goes."""

    batch: str
    kind: str
    parameters: Parameters
    bundle: Bundle
    release: Release

    @property
    def file_name(self) -> str:
        """The name of the report's file."""
        return f"{self.parameters.file_name}.html"

    @property
    def area_name(self) -> str:
        """What the report's area is called."""
        return areas.name(self.parameters.area)


@dataclass(frozen=True)
class Batch:
    """The jobs of one parameter file; `name` is also the folder of its reports."""

    name: str
    file: Path
    jobs: list[Job]


def job_of(
    kind: str,
    parameters: Parameters,
    store: Store | None = None,
    known_by: Mapping[str, str] | None = None,
) -> Job:
    """Return one report's job with its figures, as they are or as they were (see `bundle.gather`).

    Raises:
        VgstatsError: the figures are not enough for a report.
    """
    request = KINDS[kind].data_request(parameters)
    release = released_for([request], store, parameters.disclosure.rule(), known_by)
    bundle = gathered(kind, parameters, store, known_by, release)
    return Job("", kind, parameters, bundle, release)


def plan(file: Path, store: Store | None = None) -> Batch:
    """Return the jobs of one parameter file (see `plan_all`)."""
    return plan_all([file], store)[0]


def plan_all(files: Sequence[Path], store: Store | None = None) -> list[Batch]:
    """Return the jobs of parameter files, in county order, each checked and with its figures.

    What may be shown of own counts is decided once, for the reports of all the files together. It is not
    recorded yet: `release.record` must do that before a report is made.

    Args:
        files: the parameter files.
        store: where fetched and imported figures lie; the user's own when left out.

    Raises:
        VgstatsError: a file or one of its jobs is not valid, or there is nothing to compare.
    """
    contents = [_named(read_batch_file(file)) for file in files]
    reports = [(c, c.parameters(code)) for c in contents for code in _codes(c)]
    release = _release(reports, store)
    return [_batch(content, store, release) for content in contents]


def _named(content: BatchFile) -> BatchFile:
    stem = content.file.stem
    if not re.fullmatch(r"\w[\w.-]*", stem):
        raise VgstatsError(
            f"{content.file}: the reports' folder gets the file's name, and {stem!r} will not do. Rename "
            "the file to letters, digits, - and _, such as vg-2006-2008.yaml."
        )
    return content


def _codes(content: BatchFile) -> list[str]:
    if isinstance(content.lan, str):
        return [area.removeprefix("lan:") for area in areas.lan()]
    if not content.lan:
        raise VgstatsError(f"{content.file}: lan: the list is empty. Name a county, or write alla.")
    twice = {code for code in content.lan if content.lan.count(code) > 1}
    if twice:
        raise VgstatsError(f"{content.file}: lan: {min(twice)!r} stands twice. Keep one of them.")
    return content.lan


def _release(reports: Sequence[tuple[BatchFile, Parameters]], store: Store | None) -> Release:
    """Decide what may be shown in all the reports.

    Raises:
        VgstatsError: two files have different rules and read own counts.
    """
    requests = [KINDS[content.report].data_request(parameters) for content, parameters in reports]
    rules = {parameters.disclosure: content.file for content, parameters in reports}
    release = released_for(requests, store, next(iter(rules)).rule())
    if len(rules) > 1 and release.protected:
        one, other = list(rules.values())[:2]
        raise VgstatsError(
            f"{one} and {other} have different disclosure rules, and what they show of the region's own counts is "
            "decided together. Give them the same rule, or render them in two runs."
        )
    return release


def _batch(content: BatchFile, store: Store | None, release: Release) -> Batch:
    jobs, refused = [], []
    for code in _codes(content):
        parameters = content.parameters(code)
        try:
            bundle = gathered(content.report, parameters, store, release=release)
        except VgstatsError as error:
            refused.append((code, error))
        else:
            jobs.append(Job(content.file.stem, content.report, parameters, bundle, release))
    if refused:
        _, first = refused[0]
        others = [code for code, _ in refused[1:]]
        more = f" The same goes for lan {', '.join(others)}." if others else ""
        raise VgstatsError(f"{content.file}: {first}{more}")
    return Batch(content.file.stem, content.file, jobs)
