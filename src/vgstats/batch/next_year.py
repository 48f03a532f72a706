"""The next year's parameter file: the old one with its times moved a year on, everything else as it was written.

The texts of the times are replaced where they stand, so that comments, order and quotation marks stay.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from vgstats.batch.parameter_file import WORDS
from vgstats.batch.plan import Batch, read_batches
from vgstats.entries import text_in
from vgstats.errors import VgstatsError
from vgstats.reports import kind
from vgstats.reports.base.common import LATEST, Parameters
from vgstats.store.store import Store
from vgstats.whole_files import write_whole

WRITTEN_FOR = "skriven_for"  # the key in the head of that file
_NOTE = "# Gjord av vgstats nytt-ar ur {}. Läs igenom kommentarerna: de är kvar därifrån.\n"
_COPY = "a copy of"
_YEAR = re.compile(r"(?<!\d)(?:19|20)\d\d(?!\d)")
_HEAD = re.compile(r"---[ \t]*\n(?P<keys>.*?\n)?---[ \t]*(?:\n|$)", re.DOTALL)


@dataclass(frozen=True)
class NextYear:
    """What became of a parameter file: the new one, None where nothing had to move, and in words what was done."""

    file: Path | None
    done: Sequence[str]


@dataclass(frozen=True)
class _Edit:
    """A value to write in place of another, at a place of the text."""

    path: tuple[str | int, ...]
    first: int
    last: int
    old: str
    new: str


def next_year(file: Path, store: Store, *, keep_first: bool | None = None) -> NextYear:
    """Write the next year's parameter file beside one, and a copy of the region's own words marked as the older ones.

    Args:
        file: the parameter file.
        store: where the measures and texts that it names lie.
        keep_first: whether the time to compare with stays. None: it stays where an agreement is followed up.

    Raises:
        VgstatsError: the file is not valid, the new one is there already, would not be valid or cannot be written.
    """
    (batch,) = read_batches([file], store, keep=False)
    text = text_in(file, "parameter file", "Name a YAML file, such as those in params/.")
    content = yaml.safe_load(text)
    model = kind(batch.jobs[0].kind).model
    stays = _keeps_first(model, content) if keep_first is None else keep_first
    edits = list(_moved(text, model, keep_first=stays))
    latest = re.search(rf":\s*['\"]?{LATEST}\b", text) is not None
    if not edits:
        return NextYear(None, [_nothing_to_move(file, latest=latest)])
    newest = max(_years(edit.new)[-1] for edit in edits)
    named = _renamer(newest, keep_first=stays)
    new = file.with_name(named(file.stem) + file.suffix)
    if new.exists():
        raise VgstatsError(
            f"{new}: the file is there already, and is not overwritten. Move it away, or use it."
        )
    done = [f"{'.'.join(map(str, edit.path))}: {edit.old} -> {edit.new}" for edit in edits]
    done += [_first_stays(keep_first)] if stays else []
    done += [f"{LATEST} stays: it takes the newest figures by itself."] if latest else []
    words, told = _words(file, content, batch, named)
    copied = bool(told) and _COPY in told[0]
    done += told
    found = yaml.compose(text, Loader=yaml.SafeLoader)
    for path, node in _scalars(found):
        if words and path == (WORDS,):
            edits.append(_edit(path, node, words.relative_to(file.parent).as_posix()))
    written = _NOTE.format(file.name) + _without_note(_edited(text, edits))
    try:
        return NextYear(_written(new, written, store, latest=latest), done)
    except VgstatsError:
        if words and copied:
            words.unlink()
        raise


def _keeps_first(model: type[Parameters], content: Mapping[str, Any]) -> bool:
    lists = [part for part in content.values() if isinstance(part, list)]
    parts = [content, *(one for part in lists for one in part if isinstance(one, dict))]
    return any(model.keeps_first(part) for part in parts)


def _moved(text: str, model: type[Parameters], *, keep_first: bool) -> Iterator[_Edit]:
    """Yield the times of a parameter file that move, each a year later."""
    for path, node in _scalars(yaml.compose(text, Loader=yaml.SafeLoader)):
        when = model.time_at(path)
        if when and node.value != LATEST and not (when == "first" and keep_first):
            yield _edit(path, node, f"{int(node.value[:4]) + 1}{node.value[4:]}")


def _scalars(
    node: yaml.Node | None, path: tuple[str | int, ...] = ()
) -> Iterator[tuple[tuple[str | int, ...], yaml.ScalarNode]]:
    """Yield the values of a file with the keys and places in lists that lead to each."""
    if isinstance(node, yaml.MappingNode):
        for key, value in node.value:
            yield from _scalars(value, (*path, key.value))
    elif isinstance(node, yaml.SequenceNode):
        for place, value in enumerate(node.value):
            yield from _scalars(value, (*path, place))
    elif isinstance(node, yaml.ScalarNode):
        yield path, node


def _edit(path: tuple[str | int, ...], node: yaml.ScalarNode, new: str) -> _Edit:
    return _Edit(path, node.start_mark.index, node.end_mark.index, node.value, new)


def _edited(text: str, edits: Sequence[_Edit]) -> str:
    """Return the text with each value replaced once; one that several keys share (an anchor) stands once."""
    for edit in sorted({edit.first: edit for edit in edits}.values(), key=lambda e: -e.first):
        written = text[edit.first : edit.last].replace(edit.old, edit.new)
        text = text[: edit.first] + written + text[edit.last :]
    return text


def _without_note(text: str) -> str:
    """Return the text without the line that an earlier move put first."""
    first, _, rest = text.partition("\n")
    return rest if first.startswith(_NOTE.partition("{")[0]) else text


def _years(text: str) -> list[int]:
    return [int(year) for year in _YEAR.findall(text)]


def _renamer(newest: int, *, keep_first: bool) -> Callable[[str], str]:
    """Return what gives a file's name its years a year on, the last only where the first time stays."""

    def named(stem: str) -> str:
        places = list(_YEAR.finditer(stem))
        if not places:
            return f"{stem}-{newest}"
        for found in reversed(places[-1:] if keep_first else places):
            stem = f"{stem[: found.start()]}{int(found[0]) + 1}{stem[found.end() :]}"
        return stem

    return named


def _words(
    file: Path, content: Mapping[str, Any], batch: Batch, named: Callable[[str], str]
) -> tuple[Path | None, list[str]]:
    """Return a copy of the region's own words that says for when they were written, and what was done, in words.

    The file itself stays as it is: the old reports are made of it.
    """
    if not isinstance(content.get(WORDS), str) or not content[WORDS]:
        return None, []
    old = file.parent / content[WORDS].replace("\\", "/")
    new = old.with_name(named(old.stem) + old.suffix)
    if new.exists():
        return new, [f"{new}: was there already, and is taken as it is."]
    spans = list(dict.fromkeys(job.parameters.span for job in batch.jobs))
    span = spans[0] if len(spans) == 1 else max(one.partition("–")[2] for one in spans)
    text, marked = with_written_for(text_in(old, "file with own words", "Correct its name."), span)
    try:
        write_whole(new, text)
    except OSError as error:
        raise VgstatsError(
            f"{new}: cannot be written ({error.strerror}). Make room for it."
        ) from None
    how = f"marked as written for {span}" if marked else f"whose {WRITTEN_FOR} is as it was"
    return new, [
        f"{new}: {_COPY} {old.name}, {how}. Write for the new year, and take {WRITTEN_FOR} away from what is new."
    ]


def with_written_for(text: str, span: str) -> tuple[str, bool]:
    """Return a text with the key in its head that says for when it was written, and whether it was added.

    A text that says so already was not written anew since, so that stays.
    """
    line = f'{WRITTEN_FOR}: "{span}"\n'
    head = _HEAD.match(text)
    if head is None:
        return f"---\n{line}---\n\n{text}", True
    keys = head["keys"] or ""
    if re.search(rf"^{WRITTEN_FOR}\s*:", keys, re.MULTILINE):
        return text, False
    return f"---\n{keys}{line}---\n{text[head.end() :]}", True


def _written(new: Path, text: str, store: Store, *, latest: bool) -> Path:
    """Write the new parameter file and return it; one that is not valid is taken away again."""
    try:
        with new.open("x", encoding="utf-8") as stream:
            stream.write(text)
    except OSError as error:
        raise VgstatsError(
            f"{new}: cannot be written ({error.strerror}). Make room for it."
        ) from None
    try:
        if not latest:  # else it is valid when there are figures
            read_batches([new], store, keep=False)
    except VgstatsError as error:
        new.unlink()
        raise VgstatsError(
            *(
                f"The next year's file would not be valid, and is not written: {one}"
                for one in error.args
            )
        ) from None
    return new


def _nothing_to_move(file: Path, *, latest: bool) -> str:
    if latest:
        return (
            f"{file}: nothing to move. {LATEST} takes the newest figures by itself: render the same file again. "
            "--move-before moves the time to compare with."
        )
    return f"{file}: nothing to move: it names no time."


def _first_stays(said: bool | None) -> str:
    why = "as you asked" if said else "since an agreement is followed up"
    return f"the time to compare with stays, {why} (--move-before moves it)."
