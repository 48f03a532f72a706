"""One run of `vgstats render`: what has to be made and why, and what only one run at a time may write."""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path

import filelock

from vgstats.batch import manifest
from vgstats.batch.notebooks import notebook_texts
from vgstats.batch.plan import (
    PRINTED,
    Batch,
    Format,
    Job,
    Options,
    figures_of,
    own_notebooks,
    refuse,
    sound_batches,
)
from vgstats.disclosure.release import ledger_digests, record
from vgstats.errors import VgstatsError, nearest
from vgstats.software import digest_of_text as digest_of_text
from vgstats.software import fingerprint, package_versions, printing_versions
from vgstats.store.store import Store, part

_LOCK = ".vgstats.lock"
_WORDS = {
    "parameters": "its parameters changed",
    "notebook": "its notebook changed",
    "software": "vgstats changed",
    "packages": "a package that it is made with has another version",
    "printing": "a package that it is printed with has another version",
    "template": "its Word template changed",
    "data": "its figures changed",
}


class Keys:
    """What a report is made of, as digests: when they are the same, the report is, and need not be made.

    What prints it counts where one of `formats` is printed, and the template of documents where one is
    written. `files` says which data files there are, `data` what a
    report reads of them.
    """

    def __init__(
        self,
        store: Store,
        notebooks: Mapping[str, str],
        formats: Collection[Format] = (),
        template: bytes = b"",
    ) -> None:
        self._store = store
        self._notebooks = {name: digest_of_text(text) for name, text in notebooks.items()}
        self._packages = {"packages": _digest(json.dumps(package_versions()))}
        if PRINTED.intersection(formats):
            self._packages["printing"] = _digest(json.dumps(printing_versions()))
        if Format.DOCX in formats:
            self._packages["template"] = hashlib.sha256(template).hexdigest()

    def without_data(self, job: Job) -> dict[str, str]:
        """Return the digests of all that can be told without reading a figure.

        `files` changes whenever a data file that may hold a figure of the report does.
        """
        return {
            "parameters": _digest(json.dumps(job.parameters.model_dump(mode="json"))),
            "notebook": self._notebooks[job.made_by],
            "software": fingerprint(),
            **self._packages,
            "files": self._files(job),
        }

    def whole(self, job: Job) -> dict[str, str]:
        """Return all digests, that of the figures too, and of where they come from."""
        bundle, _ = job.figures()
        named = bundle.sources[bundle.sources.index.isin(list(bundle.vintages))]
        data = [bundle.digest(), json.dumps(bundle.vintages), named.to_csv()]
        return {**self.without_data(job), "data": _digest("\n".join(data))}

    def _files(self, job: Job) -> str:
        asked = {(one.measure, one.area) for one in job.request().wanted}
        pairs = sorted({(measure, part(area)) for measure, area in asked})
        names = [name for pair in pairs for name in self._by_pair.get(pair, ())]
        return _digest("\n".join([*names, self._common]))

    @cached_property
    def _by_pair(self) -> dict[tuple[str, str], list[str]]:
        found = defaultdict(list)
        for file in self._store.manifest().files:
            found[file.measure, file.part].append(file.name)
        return found

    @cached_property
    def _common(self) -> str:
        manifest = self._store.manifest()
        declared = self._store.declared().model_dump(mode="json", exclude_defaults=True)
        own = [declared] if declared else []
        return json.dumps([manifest.kind, manifest.sources, ledger_digests(self._store), *own])


def _changed(before: Mapping[str, str], now: Mapping[str, str]) -> str:
    """Return in words what differs between two sets of digests, the files left aside."""
    return ", ".join(
        words for name, words in _WORDS.items() if name in now and before.get(name) != now[name]
    )


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


@dataclass
class Round:
    """A run that is planned. `jobs` are those that are looked at, each with why it has to be made, if that is known.

    `refused` are the parameter files of which nothing is made, and what is wrong with each.
    """

    options: Options
    store: Store
    batches: list[Batch]
    notebooks: dict[str, str]
    keys: Keys
    jobs: list[Job]
    refused: dict[Path, VgstatsError] = field(default_factory=dict)

    @property
    def to_make(self) -> list[Job]:
        """The jobs that have to be made."""
        return [job for job in self.jobs if job.why]


def planned(files: Sequence[Path], options: Options, store: Store) -> Round:
    """Return what a run would do, as far as can be told without reading a figure.

    A parameter file that is not valid is left out.

    Raises:
        VgstatsError: no parameter file is valid, a notebook is not, or `only` fits no report.
    """
    store.open_measures()
    batches, refused = sound_batches(
        files, store, keep=options.keep, notebooks=options.notebooks, headings=True
    )
    if not batches:
        refuse(refused)
    jobs = [job for batch in batches for job in batch.jobs]
    try:
        of_kinds = {job.kind for job in jobs if not job.parameters.notebook}
        notebooks = notebook_texts(of_kinds, options.notebooks)
        notebooks |= own_notebooks(jobs, options.notebooks)
        chosen = _chosen(jobs, options.only)
    except VgstatsError as error:
        refuse({**refused, Path(): error})
        raise
    keys = Keys(store, notebooks, options.formats, options.template)
    entries = _entries(options, batches)
    looked_at = [
        replace(job, why=_why(job, entries.get(job.name), keys, options)) for job in chosen
    ]
    return Round(options, store, batches, notebooks, keys, looked_at, refused)


def settle(the_round: Round, *, note: bool = True) -> None:
    """Read the figures of the reports that may have to be made, and decide on each.

    A batch in which a report has nothing to compare is left out.

    `note` says whether what turns out to be up to date is written to the manifest, so that it is known at
    once the next time.

    Raises:
        VgstatsError: no batch is left.
    """
    options = the_round.options
    doubtful = [job for job in the_round.jobs if job.why != ""]
    found, refused = figures_of(the_round.batches, doubtful, the_round.store)
    if refused:
        the_round.refused |= refused
        the_round.batches = [one for one in the_round.batches if one.file not in refused]
        if not the_round.batches:
            refuse(the_round.refused)
        left = {batch.name for batch in the_round.batches}
        the_round.jobs = [job for job in the_round.jobs if job.batch in left]
    read = {job.name: job for job in found}
    entries = _entries(options, the_round.batches)
    for name, job in read.items():
        if job.why is not None:
            continue
        now = the_round.keys.whole(job)
        read[name] = replace(job, why=_changed(entries[name].key, now))
        if note and not read[name].why:
            entry = entries[name].model_copy(update={"key": {**entries[name].key, **now}})
            manifest.add(options.folder / job.batch, entry)
    the_round.jobs = [read.get(job.name, job) for job in the_round.jobs]


def release(the_round: Round) -> None:
    """Write what is released to the ledgers, before any report of it is made."""
    for job in the_round.to_make[:1]:  # what is released is the same for all of them
        _, released = job.figures()
        record(released, the_round.store)
        options = the_round.options
        the_round.keys = Keys(
            the_round.store, the_round.notebooks, options.formats, options.template
        )


@contextlib.contextmanager
def alone(the_round: Round) -> Iterator[None]:
    """Hold the batches' folders, so that no other run writes to them meanwhile.

    Raises:
        VgstatsError: another run does, or a folder cannot be written to.
    """
    with contextlib.ExitStack() as held:
        for batch in the_round.batches:
            folder = the_round.options.folder / batch.name
            try:
                folder.mkdir(parents=True, exist_ok=True)
                held.enter_context(filelock.FileLock(folder / _LOCK, timeout=0))
                if not os.access(folder, os.W_OK):
                    raise PermissionError(13, "Permission denied")
            except filelock.Timeout:
                raise VgstatsError(
                    f"Another vgstats is making reports in {folder}. Wait until it is done, or name another "
                    "folder with --out."
                ) from None
            except OSError as error:
                raise VgstatsError(
                    f"--out: reports cannot be written to {the_round.options.folder} ({error.strerror}). Name a "
                    "folder that can be written to."
                ) from None
        yield


def _chosen(jobs: list[Job], only: Sequence[str]) -> list[Job]:
    """Return the jobs that `only` names: by an area's code where one is, else by a part of a name."""
    chosen: set[str] = set()
    for text in only:
        of_code = [job.name for job in jobs if job.parameters.code == text]
        found = of_code or [job.name for job in jobs if job.is_called(text)]
        if not found:
            names = [job.name for job in jobs]
            raise VgstatsError(
                f"--only: no report has {text!r} in its name, or as its code.{nearest(text, names)} vgstats check "
                "lists the names."
            )
        chosen.update(found)
    return [job for job in jobs if not only or job.name in chosen]


def _entries(options: Options, batches: Sequence[Batch]) -> dict[str, manifest.ManifestLine]:
    """Return what became of the reports before, by their names."""
    return {
        f"{batch.name}/{file}": entry
        for batch in batches
        for file, entry in manifest.read(options.folder / batch.name).items()
    }


def _why(job: Job, entry: manifest.ManifestLine | None, keys: Keys, options: Options) -> str | None:
    """Return why a report has to be made, empty when it need not be, None when only its figures can tell."""
    if options.force:
        return "--force"
    if entry is None:
        return "it was never made"
    if entry.status == "failed":
        return "it failed last time"
    if faults := entry.faults(options.folder / job.batch):
        return ", ".join(faults)
    if wanted := sorted(set(options.formats).difference(entry.formats)):
        return f"it is wanted as {' and '.join(wanted)} too"
    now = keys.without_data(job)
    why = _changed(entry.key, now)
    return None if not why and now["files"] != entry.key.get("files") else why
