"""Entries of files: the models that they fit, what is wrong with one, and YAML in which nothing is lost unseen."""

from __future__ import annotations

import glob
import html
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml
from pydantic import BaseModel, ConfigDict, ValidationError

from vgstats.errors import VgstatsError, most_like, nearest


class Entry(BaseModel):
    """An entry of a file: no key but those of its model, and nothing is altered."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    def _repr_html_(self) -> str:
        """Return what the entry says, a row a key that says something."""
        said = [(name, value) for name, value in self if value or value == 0]
        rows = (
            f"<tr><th>{html.escape(name)}</th><td>{_shown(value)}</td></tr>" for name, value in said
        )
        return f"<table>{''.join(rows)}</table>"


def _shown(value: object) -> str:
    """Return a value as HTML: entries as tables, several one after the other."""
    if isinstance(value, Entry):
        return str(value._repr_html_())
    if isinstance(value, (list, tuple)):
        return "<br>".join(map(_shown, value))
    return html.escape(str(value))


class Named(Entry):
    """An entry that others name by its id."""

    id: str


@dataclass(frozen=True)
class Fault:
    """What is wrong with an entry: pydantic's kind of fault, where it stands, what stands there, and in words.

    `limits` are those that the value does not keep to.
    """

    kind: str
    path: tuple[str | int, ...]
    given: Any = None
    words: str = ""
    limits: dict[str, Any] | None = None

    def __str__(self) -> str:
        return f"{'.'.join(map(str, self.path))}: {self.words}"


def all_faults(error: ValidationError) -> list[Fault]:
    """Return what is wrong: unknown keys before all else, and no key as missing that only is misspelt."""
    found = [
        Fault(one["type"], one["loc"], one["input"], words, one.get("ctx"))
        for one in error.errors()
        for words in one["msg"].removeprefix("Value error, ").split("\n")
    ]
    unknown = [one for one in found if one.kind == "extra_forbidden"]
    missing = [str(one.path[-1]) for one in found if one.kind == "missing"]
    meant = {most_like(str(one.path[-1]), missing) for one in unknown}
    others = [one for one in found if one.kind != "extra_forbidden"]
    kept = [one for one in others if one.kind != "missing" or one.path[-1] not in meant]
    return [*unknown, *kept]


def first_fault(error: ValidationError) -> Fault:
    """Return the first of `all_faults`."""
    return all_faults(error)[0]


class OnceLoader(yaml.SafeLoader):
    """YAML in which every key is one word and stands once, where the last would count unseen.

    What is against that is collected in `faults`, by its line, and the rest is read on.
    """

    file: Path

    def __init__(self, stream: Any) -> None:
        super().__init__(stream)
        self.faults: list[tuple[int, str]] = []

    def fault_at(self, node: yaml.Node, words: str) -> None:
        """Note what is to be said of a place in the file."""
        line = node.start_mark.line + 1
        self.faults.append((line, f"{self.file}, line {line}: {words}"))

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Any, Any]:
        """Return the keys and values of a part of the file, and note a key that is no word or stands twice."""
        seen: set[str] = set()
        for key, _ in node.value:
            if not isinstance(key, yaml.ScalarNode):
                self.fault_at(key, "a key must be one word.")
                return {}
            if key.value in seen:
                self.fault_at(key, f"the key {key.value!r} stands twice. Keep one of them.")
            seen.add(key.value)
        return super().construct_mapping(node, deep)


def text_in(file: Path, what: str, remedy: str) -> str:
    """Return the text of a file.

    Args:
        file: the file.
        what: what it is, such as `parameter file`.
        remedy: what to do where it cannot be read.

    Raises:
        VgstatsError: it cannot be read, or is not UTF-8.
    """
    try:
        return file.read_text(encoding="utf-8")
    except UnicodeDecodeError as error:
        line = error.object[: error.start].count(b"\n") + 1
        raise VgstatsError(
            f"{file}, line {line}: the {what} is not UTF-8 text. Save it as UTF-8 (in Notepad: Save as, Encoding)."
        ) from None
    except OSError as error:
        here = (
            f" This is the folder {Path.cwd()}."
            if not (file.is_absolute() or file.exists())
            else ""
        )
        raise VgstatsError(
            f"{file}: the {what} cannot be read ({why_unread(file, error)}).{here} {remedy}{beside(file)}"
        ) from None


def why_unread(file: Path, error: OSError) -> str:
    """Return why a file cannot be read, in the same words on every system."""
    if file.is_dir():
        return "it is a folder"
    if glob.has_magic(str(file)):
        return "no file has such a name"
    return "it is not there" if isinstance(error, FileNotFoundError) else str(error.strerror)


def beside(file: Path) -> str:
    """Return `` Did you mean 'x'?`` for the file beside one that is not there, most like it, or an empty text."""
    try:
        there = [one.name for one in file.parent.iterdir() if one.suffix == file.suffix]
    except OSError:
        return ""
    return "" if file.exists() else nearest(file.name, there)


def read_yaml(
    file: Path,
    text: str,
    loader: type[OnceLoader] = OnceLoader,
    faults: list[str] | None = None,
) -> Any:
    """Return what a YAML file holds.

    Args:
        file: its name.
        text: its text.
        loader: how strictly it is read.
        faults: where to note what its loader will not have; raised when left out.

    Raises:
        VgstatsError: it is no YAML, or not as its loader will have it; the message names the place.
    """
    try:
        reader = loader(text)
        reader.file = file
        content = reader.get_single_data()
    except (yaml.YAMLError, RecursionError, ValueError, TypeError) as error:
        raise VgstatsError(_no_yaml(file, error)) from None
    found = [words for _, words in sorted(reader.faults)]
    if found and faults is None:
        raise VgstatsError(*found)
    (found if faults is None else faults).extend(found)
    return content


# What PyYAML says of the commonest slips, and what to say of them.
_SLIPS = {
    "found character '\\t'": "a tab stands there. Take it away, and indent with spaces",
    "mapping values are not allowed": "there is one colon too many, too much space before the key, or on a line "
    "above it no space after a colon. Write lan: alla, and put a value with a colon in quotation marks",
    "could not find expected ':'": "a key is not followed by a colon and a space. Write it as in lan: alla",
    "expected ',' or ']'": "the list that begins there lacks a comma, a quotation mark or its ]",
    "expected ',' or '}'": "what begins there with { lacks a comma, a quotation mark or its }",
    "unexpected end of stream": "the quotation mark there has no other that ends the text",
    "that cannot start any token": "no value begins with the sign there. Put the value in quotation marks",
    "expected <block end>": "the line does not fit those above it: a quotation mark or the space before it is wrong",
    "special characters are not allowed": "there is a sign that no text has. Save the file anew, as text",
}
_BEGIN = (
    "flow sequence",
    "flow mapping",
    "simple key",
    "quoted scalar",
)  # which lie where they begin


def _no_yaml(file: Path, error: Exception) -> str:
    told = " ".join(str(error).split())
    slip = next((words for sign, words in _SLIPS.items() if sign in told), "")
    mark, begun = getattr(error, "problem_mark", None), getattr(error, "context", None) or ""
    if begun.endswith(_BEGIN):
        mark = error.context_mark  # type: ignore[attr-defined]
    place = f"{file}, line {mark.line + 1}" if mark else f"{file}"
    return f"{place}: this is not valid YAML: {slip or f'it cannot be read ({told})'}. Correct the place."
