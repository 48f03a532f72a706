"""Entries of files: the models that they fit, what is wrong with one, and YAML in which nothing is lost unseen."""

from __future__ import annotations

import html
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml
from pydantic import BaseModel, ConfigDict, ValidationError

from vgstats.errors import VgstatsError


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


def first_fault(error: ValidationError) -> Fault:
    """Return what is wrong first: an unknown key before all else, since a misspelt one makes another missing."""
    first = min(error.errors(), key=lambda fault: fault["type"] != "extra_forbidden")
    words = first["msg"].removeprefix("Value error, ")
    return Fault(first["type"], first["loc"], first["input"], words, first.get("ctx"))


class OnceLoader(yaml.SafeLoader):
    """YAML in which every key is one word and stands once, where the last would count unseen."""

    file: Path

    def fault_at(self, node: yaml.Node, words: str) -> VgstatsError:
        """Return what to say of a place in the file."""
        return VgstatsError(f"{self.file}, line {node.start_mark.line + 1}: {words}")

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Any, Any]:
        """Return the keys and values of a part of the file.

        Raises:
            VgstatsError: a key is no word, or stands twice.
        """
        seen: set[str] = set()
        for key, _ in node.value:
            if not isinstance(key, yaml.ScalarNode):
                raise self.fault_at(key, "a key must be one word.")
            if key.value in seen:
                raise self.fault_at(key, f"the key {key.value!r} stands twice. Keep one of them.")
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
    except UnicodeDecodeError:
        raise VgstatsError(f"{file}: the {what} is not UTF-8 text. Save it as UTF-8.") from None
    except OSError as error:
        raise VgstatsError(
            f"{file}: the {what} cannot be read ({error.strerror}). {remedy}"
        ) from None


def read_yaml(file: Path, text: str, loader: type[OnceLoader] = OnceLoader) -> Any:
    """Return what a YAML file holds.

    Raises:
        VgstatsError: it is no YAML, or not as its loader will have it; the message names the place.
    """
    try:
        reader = loader(text)
        reader.file = file
        return reader.get_single_data()
    except (yaml.YAMLError, RecursionError, ValueError, TypeError) as error:
        problem = " ".join(str(error).split())
        raise VgstatsError(
            f"{file}: this is not valid YAML: {problem}. Correct the place."
        ) from None
