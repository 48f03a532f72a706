"""Parameter files: YAML in which every value is a text, every key is known and stands once.

A file names a kind of report and, under the kind's axes, what to make reports of: lists, or `alla`. `matrix` is a
list of sets of parameters, each made for all of that; `include` lists further reports, and `exclude` what to
leave out: every report that has all the values of one of its entries.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from vgstats.entries import OnceLoader, read_yaml, text_in
from vgstats.errors import VgstatsError
from vgstats.reports import kind, kinds
from vgstats.reports.base.faults import checked, listed, missing_key, unknown_key, will_not_do
from vgstats.reports.base.parameters import LATEST, Parameters
from vgstats.store.store import Store

BESIDE = "own"  # the file beside this one with a region's own measures and texts
WORDS = "words"  # the one with its own words, whose name is a parameter of the reports too
KEYS = (
    "report", "matrix", "include", "exclude", BESIDE,
)  # of a file, besides the parameters of its kind  # fmt: skip
_TEXT_TAG = "tag:yaml.org,2002:str"


@dataclass(frozen=True)
class ParameterFile:
    """What a parameter file asks for: a kind of report, and the checked parameters of each report, in order.

    `notes` say what its words for a time that depends on the figures became.
    """

    kind: str
    parameters: Sequence[Parameters]
    notes: Sequence[str] = ()


class _TextLoader(OnceLoader):
    """YAML in which every value must be text, so that no code silently becomes a number."""

    def construct_scalar(self, node: yaml.ScalarNode | yaml.MappingNode) -> Any:
        if node.tag != _TEXT_TAG:
            kind = node.tag.rsplit(":", 1)[-1]
            words = f"{node.value or 'an empty value'} is read as {kind}, not as text."
            raise self.fault_at(node, f"{words} Write it in quotation marks: '{node.value}'.")
        return super().construct_scalar(node)


for _tag in ("int", "float", "bool", "null", "timestamp", "binary"):
    _TextLoader.add_constructor(f"tag:yaml.org,2002:{_tag}", _TextLoader.construct_scalar)


def read_parameter_file(file: Path, store: Store | None = None) -> ParameterFile:
    """Return what a parameter file asks for.

    Args:
        file: the parameter file.
        store: where the newest figures are sought, if the file asks for those; the user's own when left out.

    Raises:
        VgstatsError: it is missing, is not YAML, has an unknown, missing or repeated key, or a value that will
            not do, or two reports would be the same file; the message names file, line or key, and what to do.
    """
    content = _content(file)
    try:
        report = _report(content)
        if not re.fullmatch(r"\w[\w.-]*", file.stem):
            raise VgstatsError(
                f"the reports' folder gets the file's name, and {file.stem!r} will not do. Rename "
                "the file to letters, digits, - and _, such as vg-2006-2008.yaml."
            )
        model = kind(report).model
        if isinstance(words := content.get(WORDS), str):
            content[WORDS] = _of_this_system(words).name
        sets, notes = kind(report).with_latest(expanded(content, model), store or Store())
        found = [checked(model, values) for values in sets]
        names = [parameters.file_name for parameters in found]
        twice = next((name for name in names if names.count(name) > 1), None)
        if twice:
            raise VgstatsError(
                f"the report {twice} would be made twice. Leave one out with exclude, or put it in "
                "a file of its own."
            )
    except VgstatsError as error:
        raise VgstatsError(f"{file}: {error}") from None
    return ParameterFile(report, found, notes)


def _content(file: Path) -> dict[str, Any]:
    text = text_in(file, "parameter file", "Name a YAML file, such as those in params/.")
    content = read_yaml(file, text, _TextLoader)
    if not isinstance(content, dict):
        raise VgstatsError(
            f"{file}: expected keys and values: {', '.join(_known_keys(kinds()))}. Write them as in params/."
        )
    return content


def read_maker(file: Path) -> tuple[str, list[str]]:
    """Return the kind of report that a parameter file asks for, and its own notebooks; one that is empty is the kind's.

    Raises:
        VgstatsError: it cannot be read, or a key is unknown or missing.
    """
    try:
        content = _content(file)
        report = _report(content)
        named = (str(one.get("notebook", "")) for one in expanded(content, kind(report).model))
        return report, list(dict.fromkeys(named))
    except VgstatsError as error:
        raise VgstatsError(f"{file}: {error}") from None


def files_beside(file: Path) -> dict[str, Path]:
    """Return the files beside a parameter file that it names for a region's own, by the keys that name them.

    Raises:
        VgstatsError: the parameter file cannot be read, or a name is none.
    """
    content = _content(file)
    for key in (BESIDE, WORDS):
        named = content.get(key)
        right = (
            isinstance(named, str) and named and (key == BESIDE) != named.lower().endswith(".md")
        )
        if named is not None and not right:
            raise VgstatsError(f"{file}: {will_not_do(key, named)}")
    return {
        key: file.parent / _of_this_system(content[key])
        for key in (BESIDE, WORDS)
        if key in content
    }


def _of_this_system(name: str) -> Path:
    return Path(name.replace("\\", "/"))  # as Windows writes it


def _report(content: Mapping[str, Any]) -> str:
    """Return the kind of a file's reports, where the file has all the keys that it must have and no other."""
    report = content.get("report", "")
    known = _known_keys([report] if report in kinds() else kinds())
    for key in content:
        if key not in known:
            raise VgstatsError(unknown_key(key, known))
    axes = kind(str(report)).model.axes if "report" in content else ()
    for key in ("report", *axes):
        if key not in content:
            raise VgstatsError(missing_key(key))
    return str(report)


def _known_keys(of_kinds: list[str]) -> list[str]:
    first, *last = KEYS
    fields = [name for one in of_kinds for name in kind(one).model.model_fields]
    return list(dict.fromkeys([first, *fields, *last]))


def expanded(content: Mapping[str, Any], model: type[Parameters]) -> list[dict[str, Any]]:
    """Return the parameters of every report, each with one code on each axis.

    Args:
        content: a parameter file's keys and values.
        model: the parameters of its kind.

    Raises:
        VgstatsError: a list is empty or no list, a code stands twice, or an entry of `exclude` leaves
            nothing out.
    """
    shared = {key: value for key, value in content.items() if key not in (*KEYS, *model.axes)}
    sets = [
        {**chosen, **shared, **entry}
        for entry in _entries(content, "matrix", model) or [{}]
        for chosen in model.spread(content)
    ]
    for entry in _entries(content, "include", model):
        sites = model.spread({**content, **_with_lists(entry, model)})
        sets += [{**shared, **entry, **chosen} for chosen in sites]
    for entry in _entries(content, "exclude", model):
        codes = {
            key: listed(key, value) if key in model.axes else [value]
            for key, value in _with_lists(entry, model).items()
        }
        kept = [values for values in sets if not _fits(values, codes)]
        if len(kept) == len(sets):
            raise VgstatsError(f"exclude: no report has {entry}. Correct the entry or remove it.")
        sets = kept
    if not sets:
        raise VgstatsError("exclude: every report is left out. Remove an entry.")
    return sets


def _entries(content: Mapping[str, Any], key: str, model: type[Parameters]) -> list[dict[str, Any]]:
    found = content.get(key, [])
    if not isinstance(found, list) or not all(isinstance(entry, dict) for entry in found):
        needed = [name for name, field in model.model_fields.items() if field.is_required()]
        example = ", ".join(f"{name}: ..." for name in needed if name not in model.axes)
        raise VgstatsError(
            f"{key}: {found!r} will not do. Expected a list of keys and values, such as - {{{example}}}."
        )
    return found


def _with_lists(entry: dict[str, Any], model: type[Parameters]) -> dict[str, Any]:
    """Return an entry with a list of one for a code that stands alone."""
    alone = {k for k, code in entry.items() if k in model.axes and isinstance(code, str)}
    return {k: [value] if k in alone and value != "alla" else value for k, value in entry.items()}


def _fits(values: Mapping[str, Any], codes: Mapping[str, list[Any] | None]) -> bool:
    """Return whether a report has one of the codes of each key, where None stands for all of them.

    What is left out is found before it is known what the newest time is, so that fits every time.
    """
    return all(found is None or values.get(key) in (*found, LATEST) for key, found in codes.items())
