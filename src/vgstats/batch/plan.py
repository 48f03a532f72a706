"""From a parameter file to a list of jobs, every one checked before any kernel starts."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import yaml
from pydantic import BaseModel, ConfigDict, ValidationError

from vgstats import areas
from vgstats.bundle import Bundle
from vgstats.errors import VgstatsError, nearest
from vgstats.report_kinds.needs import gathered
from vgstats.report_kinds.uppfoljning import Parameters
from vgstats.store.store import Store

_TEXT_TAG = "tag:yaml.org,2002:str"


class BatchFile(BaseModel):
    """A parameter file: the report kind, which counties, and what each report is about.

    `lan` is a list of county codes or the word `alla`. The other keys are those of the report
    kind's parameters.
    """

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)

    report: Literal["uppfoljning"]
    lan: list[str] | Literal["alla"]
    before: str
    after: str
    periods: dict[str, list[str]] = {}
    intervention: str = ""


@dataclass(frozen=True)
class Job:
    """One report to make: its kind, its parameters, its figures and where it goes."""

    batch: str
    kind: str
    parameters: Parameters
    bundle: Bundle

    @property
    def file_name(self) -> str:
        """The name of the report's file."""
        return f"{self.parameters.file_name}.html"


@dataclass(frozen=True)
class Batch:
    """The jobs of one parameter file; `name` is also the folder of its reports."""

    name: str
    file: Path
    jobs: list[Job]


class _TextLoader(yaml.SafeLoader):
    """YAML in which every value must be text, so that no code silently becomes a number."""

    file: Path

    def construct_scalar(self, node: yaml.ScalarNode | yaml.MappingNode) -> Any:
        if node.tag != _TEXT_TAG:
            kind = node.tag.rsplit(":", 1)[-1]
            raise VgstatsError(
                f"{self.file}, line {node.start_mark.line + 1}: {node.value or 'an empty value'} is "
                f"read as {kind}, not as text. Write it in quotation marks: '{node.value}'."
            )
        return super().construct_scalar(node)

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Any, Any]:
        seen: set[str] = set()
        for key, _ in node.value:
            if not isinstance(key, yaml.ScalarNode):
                raise VgstatsError(
                    f"{self.file}, line {key.start_mark.line + 1}: a key must be one word."
                )
            if key.value in seen:
                raise VgstatsError(
                    f"{self.file}, line {key.start_mark.line + 1}: the key {key.value!r} stands "
                    "twice. Keep one of them."
                )
            seen.add(key.value)
        return super().construct_mapping(node, deep)


for _tag in ("int", "float", "bool", "null", "timestamp", "binary"):
    _TextLoader.add_constructor(f"tag:yaml.org,2002:{_tag}", _TextLoader.construct_scalar)


def read_batch_file(file: Path) -> BatchFile:
    """Return the contents of a parameter file.

    Raises:
        VgstatsError: it is missing, is not YAML, has an unknown, missing or repeated key, or a
            value of the wrong kind; the message names file, line or key, and what to do.
    """
    try:
        text = file.read_text(encoding="utf-8")
    except UnicodeDecodeError:
        raise VgstatsError(f"{file}: the file is not UTF-8 text. Save it as UTF-8.") from None
    except OSError as error:
        raise VgstatsError(
            f"{file}: the parameter file cannot be read ({error.strerror}). Name a YAML file, such as "
            "those in params/."
        ) from None
    try:
        loader = _TextLoader(text)
        loader.file = file
        content = loader.get_single_data()
    except (yaml.YAMLError, RecursionError) as error:
        problem = " ".join(str(error).split())
        raise VgstatsError(
            f"{file}: this is not valid YAML: {problem}. Correct the place named."
        ) from None
    if not isinstance(content, dict):
        raise VgstatsError(
            f"{file}: expected keys and values: {', '.join(BatchFile.model_fields)}."
        )
    try:
        return BatchFile.model_validate(content)
    except ValidationError as error:
        raise VgstatsError(f"{file}: {_first_error(error)}") from None


def _first_error(error: ValidationError) -> str:
    unknown_first = sorted(error.errors(), key=lambda e: e["type"] != "extra_forbidden")
    first = unknown_first[0]
    key = str(first["loc"][0]) if first["loc"] else ""
    known = list(BatchFile.model_fields)
    if first["type"] == "extra_forbidden":
        return (
            f"unknown key {key!r}.{nearest(key, known)} Known keys: {', '.join(known)}. Correct the "
            "key or remove it."
        )
    if first["type"] == "missing":
        return f"the key {key!r} is missing. Add it."
    if first["type"] == "value_error":
        message = first["msg"].removeprefix("Value error, ")
        return message if not key or message.startswith(key) else f"{key}: {message}"
    expected = {
        "report": "'uppfoljning'",
        "lan": "a list of county codes such as ['14'], or alla",
        "periods": "measures, each with a list of two periods",
    }.get(key, "one text in quotation marks")
    return f"{key}: {first['input']!r} will not do. Expected {expected}."


def plan(file: Path, store: Store | None = None) -> Batch:
    """Return the jobs of a parameter file, in county order, each checked and with its figures.

    Args:
        file: the parameter file.
        store: where fetched and imported figures lie; the user's own when left out.

    Raises:
        VgstatsError: the file or one of its jobs is not valid, or there is nothing to compare.
    """
    content = read_batch_file(file)
    if not re.fullmatch(r"\w[\w.-]*", file.stem):
        raise VgstatsError(
            f"{file}: the reports' folder gets the file's name, and {file.stem!r} will not do. Rename "
            "the file to letters, digits, - and _, such as vg-2006-2008.yaml."
        )
    codes = [area.removeprefix("lan:") for area in areas.lan()]
    if content.lan != "alla":
        codes = content.lan
        if not codes:
            raise VgstatsError(f"{file}: lan: the list is empty. Name a county, or write alla.")
        twice = {code for code in codes if codes.count(code) > 1}
        if twice:
            raise VgstatsError(f"{file}: lan: {min(twice)!r} stands twice. Keep one of them.")
    jobs, refused = [], []
    for code in codes:
        try:
            jobs.append(_job(file, content, code, store))
        except VgstatsError as error:
            refused.append((code, error))
    if refused:
        _, first = refused[0]
        others = [code for code, _ in refused[1:]]
        raise VgstatsError(
            f"{first} The same goes for lan {', '.join(others)}." if others else str(first)
        )
    return Batch(file.stem, file, jobs)


def _job(file: Path, content: BatchFile, code: str, store: Store | None) -> Job:
    values = content.model_dump(exclude={"report", "lan"})
    try:
        parameters = Parameters(lan=code, **values)
    except ValidationError as error:
        raise VgstatsError(f"{file}: {_first_error(error)}") from None
    try:
        bundle = gathered(parameters, store)
    except VgstatsError as error:
        raise VgstatsError(f"{file}: {error}") from None
    return Job(file.stem, content.report, parameters, bundle)
