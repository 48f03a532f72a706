"""Parameter files: YAML in which every value is a text, every key is known and stands once.

A file names a kind of report and, under the kind's axes, what to make reports of: lists, or `alla`. `matrix` is a
list of sets of parameters, each made for all of that; `include` lists further reports, and `exclude` what to
leave out: every report that has all the values of one of its entries.
"""

from __future__ import annotations

import contextlib
import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from vgstats.entries import OnceLoader, read_yaml, text_in
from vgstats.errors import Mistakes, VgstatsError, most_like
from vgstats.reports import kind, kinds
from vgstats.reports.base.common import LATEST, Parameters
from vgstats.reports.base.faults import (
    checked,
    listed,
    meant_key,
    missing_key,
    unknown_key,
    will_not_do,
)
from vgstats.store.store import Store

BESIDE = "own"  # the file or files beside this one with a region's own measures and texts
WORDS = "words"  # the one with its own words, whose name is a parameter of the reports too
KEYS = (
    "report", "matrix", "include", "exclude", BESIDE,
)  # of a file, besides the parameters of its kind  # fmt: skip
_SURE = 0.75  # how like a key must be to one that is known to be read as that
_TEXT_TAG = "tag:yaml.org,2002:str"
_READ_AS = {"int": "a number", "float": "a number", "bool": "yes or no", "timestamp": "a date"}


@dataclass(frozen=True)
class ParameterFile:
    """What a parameter file asks for: a kind of report, and the checked parameters of each report, in order.

    `notes` say what its words for a time that depends on the figures became.
    """

    kind: str
    parameters: Sequence[Parameters]
    notes: Sequence[str] = ()


def _axes() -> set[str]:
    """Return what any kind of report is spread over."""
    return {axis for name in kinds() for axis in kind(name).model.axes}


class _TextLoader(OnceLoader):
    """YAML in which every value must be text, so that no code silently becomes a number."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Any, Any]:
        """Return the keys and values; a number in the place of a list of codes is told as that alone."""
        for key, value in node.value:
            number = isinstance(value, yaml.ScalarNode) and value.tag.endswith((":int", ":float"))
            if number and node.start_mark.column == 0 and key.value in _axes():
                value.tag = _TEXT_TAG
        return super().construct_mapping(node, deep)

    def construct_scalar(self, node: yaml.ScalarNode | yaml.MappingNode) -> Any:
        if node.tag == _TEXT_TAG:
            return super().construct_scalar(node)
        read_as = _READ_AS.get(node.tag.rsplit(":", 1)[-1], "something else")
        self.fault_at(
            node,
            "there is no value here. Write one, or take the line away."
            if (nothing := node.tag.endswith(":null"))
            else f"{node.value} is read as {read_as}, not as text. Write it in quotation marks: '{node.value}'.",
        )
        return None if nothing else node.value


for _tag in ("int", "float", "bool", "null", "timestamp", "binary"):
    _TextLoader.add_constructor(f"tag:yaml.org,2002:{_tag}", _TextLoader.construct_scalar)


def read_parameter_file(file: Path, store: Store | None = None) -> ParameterFile:
    """Return what a parameter file asks for.

    Args:
        file: the parameter file.
        store: where the newest figures are sought, if the file asks for those; the user's own when left out.

    Raises:
        VgstatsError: it is missing, is not YAML, has an unknown, missing or repeated key, or a value that will
            not do, or two reports would be the same file; the messages name file, line or key, and what to do.
    """
    mistakes, where = Mistakes(), f"{file}: "
    content = _content(file, mistakes)
    empty = {f"{where}{missing_key(key)}" for key, value in content.items() if value is None}
    content = {key: value for key, value in content.items() if value is not None}
    if not re.fullmatch(r"\w[\w.-]*", file.stem):
        mistakes += [
            f"{where}the reports' folder gets the file's name, and {file.stem!r} will not do. Rename "
            "the file to letters, digits, - and _, such as vg-2006-2008.yaml."
        ]
    with mistakes.noted(where):
        _check_keys(content)
    found = ParameterFile("", [])
    with mistakes.noted(where):
        found = _reports(_as_meant(content), store or Store())
    Mistakes(one for one in mistakes if one not in empty).tell()
    return found


def _reports(content: dict[str, Any], store: Store) -> ParameterFile:
    """Return what keys and values ask for, where every value is right; that a key is missing is told before."""
    report = _kind_meant(content)
    if not report:
        return ParameterFile("", [])
    model, mistakes = kind(report).model, Mistakes()
    if isinstance(words := content.get(WORDS), str):
        content[WORDS] = _of_this_system(words).name
    sets, notes, found = list[dict[str, Any]](), list[str](), list[Parameters]()
    with mistakes.noted():
        if placed := all(axis in content for axis in model.axes):
            sets = expanded(content, model)
            sets, notes = kind(report).with_latest(sets, store)
    apart = not placed or bool(mistakes)  # what is wrong besides with each value
    for values in _placed_anywhere(content, model) if apart else sets:
        with mistakes.noted():
            found.append(checked(model, values, apart=apart))
    made = Counter(parameters.file_name for parameters in found if not apart)
    mistakes += [
        f"the report {name} would be made twice. Leave one out with exclude, or put it in a file of its own."
        for name, times in made.items()
        if times > 1
    ]
    mistakes.tell()
    return ParameterFile(report, found, notes)


def _placed_anywhere(content: Mapping[str, Any], model: type[Parameters]) -> list[dict[str, Any]]:
    """Return the parameters of the reports of a file whose places or newest time will not do, as far as can be told."""
    found = {key: value for key, value in content.items() if key not in ("include", "exclude")}
    for axis in model.axes:
        with contextlib.suppress(VgstatsError):
            listed(axis, found.get(axis))
            continue
        found[axis] = "alla"
    with contextlib.suppress(VgstatsError):
        return [one for one in expanded(found, model) if LATEST not in one.values()]
    return []


def _content(file: Path, faults: list[str] | None = None) -> dict[str, Any]:
    text = text_in(file, "parameter file", "Name a YAML file, such as those in params/.")
    content = read_yaml(file, text, _TextLoader, faults)
    if not isinstance(content, dict):
        raise VgstatsError(
            f"{file}: there are no keys and values such as lan: alla. Write them as in the files of params/. "
            f"Known keys: {', '.join(_known_keys(kinds()))}."
        )
    return content


def read_maker(file: Path) -> tuple[str, list[str]]:
    """Return the kind of report that a parameter file asks for, and its own notebooks; one that is empty is the kind's.

    The kind is the one that the file may mean, and empty where it does not tell.

    Raises:
        VgstatsError: it cannot be read.
    """
    content = _as_meant(_content(file, []))
    report = _kind_meant(content)
    named: list[str] = []
    if report:
        with contextlib.suppress(VgstatsError):
            sets = expanded(content, kind(report).model)
            named = [str(one.get("notebook", "")) for one in sets]
    return report, list(dict.fromkeys(named))


def files_beside(file: Path) -> dict[str, list[Path]]:
    """Return the files beside a parameter file that it names for a region's own, by the keys that name them.

    Under `own` may stand one or a list of them.

    Raises:
        VgstatsError: the parameter file cannot be read, or a name is none.
    """
    content, mistakes = _content(file, []), Mistakes()
    found: dict[str, list[Path]] = {}
    for key in (BESIDE, WORDS):
        if (named := content.get(key)) is None:
            continue
        names = named if key == BESIDE and isinstance(named, list) and named else [named]
        for name in names:
            if not (
                isinstance(name, str) and name and (key == BESIDE) != name.lower().endswith(".md")
            ):
                mistakes.append(f"{file}: {will_not_do(key, name)}")
            elif names.count(name) > 1:
                mistakes.append(f"{file}: {key}: {name!r} stands twice. Keep one of them.")
            else:
                found.setdefault(key, []).append(file.parent / _of_this_system(name))
    mistakes.tell()
    return found


def _of_this_system(name: str) -> Path:
    return Path(name.replace("\\", "/"))  # as Windows writes it


def _check_keys(content: Mapping[str, Any]) -> None:
    """Refuse a file that has not all the keys that it must have, or has others, or a kind that there is not."""
    mistakes, report = Mistakes(), _kind_meant(content)
    if "report" in content:
        with mistakes.noted():
            kind(content["report"])
    known = _known_keys([report] if report else kinds())
    mistakes += [unknown_key(key, known) for key in content if key not in known]
    axes = kind(report).model.axes if report else ()
    there = _as_meant(content)
    mistakes += [missing_key(key) for key in ("report", *axes) if key not in there]
    mistakes.tell()


def _kind_meant(content: Mapping[str, Any]) -> str:
    """Return the kind of a file's reports, or the one that it may mean; empty where it does not tell."""
    report = _as_meant(content, ["report"]).get("report", "")
    return str(report) if report in kinds() else most_like(str(report), kinds())


def _as_meant(content: Mapping[str, Any], known: list[str] | None = None) -> dict[str, Any]:
    """Return keys and values without unknown keys, and a misspelt one under the name that is meant."""
    if known is None:
        report = _kind_meant(content)
        known = _known_keys([report] if report else kinds())
    found = {key: value for key, value in content.items() if key in known}
    for key, value in content.items():
        if key not in known and (meant := meant_key(key, known, cutoff=_SURE)):
            found.setdefault(meant, value)
    return found


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
    mistakes = Mistakes()
    sets: list[dict[str, Any]] = []
    with mistakes.noted():
        sets += [
            {**chosen, **shared, **entry}
            for entry in _entries(content, "matrix", model) or [{}]
            for chosen in model.spread(content)
        ]
    with mistakes.noted():
        for entry in _entries(content, "include", model):
            sites = model.spread({**content, **_with_lists(entry, model)})
            sets += [{**shared, **entry, **chosen} for chosen in sites]
    with mistakes.noted():
        sets = _left(sets, _entries(content, "exclude", model), model, sure=not mistakes)
    mistakes.tell()
    return sets


def _left(
    sets: list[dict[str, Any]],
    entries: Sequence[dict[str, Any]],
    model: type[Parameters],
    *,
    sure: bool,
) -> list[dict[str, Any]]:
    """Return the reports that entries of `exclude` leave; what they fit can be told where the reports are all known."""
    mistakes = Mistakes()
    for entry in entries:
        with mistakes.noted():
            codes = {
                key: listed(key, value) if key in model.axes else [value]
                for key, value in _with_lists(entry, model).items()
            }
            kept = [values for values in sets if not _fits(values, codes)]
            if sure and len(kept) == len(sets):
                raise VgstatsError(
                    f"exclude: no report has {entry}. Correct the entry or remove it."
                )
            sets = kept
    if sure and not sets:
        mistakes.append("exclude: every report is left out. Remove an entry.")
    mistakes.tell()
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
