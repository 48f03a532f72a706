"""Parameter files: YAML in which every value is a text, every key is known and stands once."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from vgstats.batch import matrix
from vgstats.errors import VgstatsError
from vgstats.reports.kinds import KINDS, Parameters
from vgstats.reports.parameters import checked, unknown_key, will_not_do

_TEXT_TAG = "tag:yaml.org,2002:str"
_OWN_KEYS = ["report", "lan"]
_BESIDE = "own"


@dataclass(frozen=True)
class BatchFile:
    """A parameter file: a report kind, and the reports to make of it.

    Each of `sets` has a county code in `lan`, one in `kommun` where kommuner are wanted, and otherwise the
    keys of the report kind's parameters. `own` is a file beside it with the region's own measures and texts, if any.
    """

    file: Path
    report: str
    sets: tuple[dict[str, Any], ...]
    own: Path | None = None

    @property
    def name(self) -> str:
        """The name of the reports' folder."""
        return self.file.stem

    def parameters(self) -> list[Parameters]:
        """Return the checked parameters of every report, in the order of the file.

        Raises:
            VgstatsError: a value will not do, or two reports would be the same file.
        """
        found = [self._checked(values) for values in self.sets]
        names = [parameters.file_name for parameters in found]
        twice = next((name for name in names if names.count(name) > 1), None)
        if twice:
            raise VgstatsError(
                f"{self.file}: the report {twice} would be made twice. Leave one out with exclude, or put it in "
                "a file of its own."
            )
        return found

    def _checked(self, values: dict[str, Any]) -> Parameters:
        try:
            return checked(KINDS[self.report].parameters, values)
        except VgstatsError as error:
            raise VgstatsError(f"{self.file}: {error}") from None


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
            f"{file}: expected keys and values: {', '.join(_known_keys(''))}. Write them as in params/."
        )
    return _checked(file, content)


def _known_keys(report: object) -> list[str]:
    """Return the keys of a report kind's parameter files, or of all kinds' when it is not known."""
    kinds = [KINDS[report]] if isinstance(report, str) and report in KINDS else KINDS.values()
    fields = [name for kind in kinds for name in kind.parameters.model_fields]
    return list(dict.fromkeys([*_OWN_KEYS, *fields, *matrix.KEYS, _BESIDE]))


def _checked(file: Path, content: dict[str, Any]) -> BatchFile:
    known = _known_keys(content.get("report"))
    for key in content:
        if key not in known:
            raise VgstatsError(f"{file}: {unknown_key(key, known)}")
    for key in _OWN_KEYS:
        if key not in content:
            raise VgstatsError(f"{file}: the key {key!r} is missing. Add it.")
    report = content["report"]
    if not isinstance(report, str) or report not in KINDS:
        raise VgstatsError(
            f"{file}: report: {report!r} will not do. Expected {' or '.join(map(repr, KINDS))}."
        )
    for key in ("lan", "kommun"):
        if content.get(key, "alla") != "alla" and not isinstance(content[key], list):
            raise VgstatsError(f"{file}: {will_not_do(key, content[key])}")
    if not re.fullmatch(r"\w[\w.-]*", file.stem):
        raise VgstatsError(
            f"{file}: the reports' folder gets the file's name, and {file.stem!r} will not do. Rename "
            "the file to letters, digits, - and _, such as vg-2006-2008.yaml."
        )
    values = {key: value for key, value in content.items() if key not in ("report", _BESIDE)}
    own = content.get(_BESIDE)
    if own is not None and (not isinstance(own, str) or not own):
        raise VgstatsError(f"{file}: {will_not_do(_BESIDE, own)}")
    beside = file.parent / own if own else None
    try:
        return BatchFile(file, report, tuple(matrix.expanded(values)), beside)
    except VgstatsError as error:
        raise VgstatsError(f"{file}: {error}") from None
