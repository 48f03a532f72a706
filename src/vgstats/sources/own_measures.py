"""Measures that a region declares in a YAML file of its own; `docs/egen-tabell.md` describes it."""

from __future__ import annotations

import hashlib
import re
from pathlib import Path
from typing import Annotated, Any, Literal

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from vgstats.catalogue.measures import Measure, bundled_measures
from vgstats.errors import VgstatsError, nearest
from vgstats.sources.reading import read_text_file

DESCRIBED = "docs/egen-tabell.md"
_IS_ONE = re.compile(r"^(measures\s*:|-\s+\{?\s*id\s*:)", re.MULTILINE)
_DECIMALS = {"count": 0, "rate": 1, "money": 1, "days": 1}
_Text = Annotated[str, Field(min_length=1)]
_Limit = Annotated[float, Field(allow_inf_nan=False)]


class _Entry(BaseModel):
    """One measure as a person declares it; what is left out follows from its kind."""

    model_config = ConfigDict(extra="forbid", strict=True, str_strip_whitespace=True)

    id: Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]{1,59}$")]
    name: _Text
    unit: _Text
    kind: Literal["count", "rate", "money", "days"]
    time: Literal["stock", "flow", "rolling12"]
    definition: _Text
    decimals: Annotated[int, Field(ge=0, le=6)] | None = None
    additive: bool | None = None
    between_sexes: bool | None = None
    minimum: _Limit | None = 0
    maximum: _Limit | None = None

    @model_validator(mode="after")
    def _fits_its_kind(self) -> _Entry:
        if self.kind == "count" and (self.decimals or self.additive is False or self.between_sexes):
            raise ValueError(
                "a count is a whole number and kvinnor + män = alla: leave decimals, additive and "
                "between_sexes out, or call its kind rate, money or days"
            )
        if self.kind == "rate" and self.additive:
            raise ValueError("kvinnor + män is never alla in a rate: leave additive out")
        if self.additive and self.between_sexes:
            raise ValueError("additive and between_sexes contradict each other: leave one out")
        low, high = self.minimum, self.maximum
        if low is not None and high is not None and low >= high:
            raise ValueError(
                f"minimum {low:g} is not below maximum {high:g}: nothing would be possible"
            )
        return self

    def measure(self) -> Measure:
        """Return the measure as the catalogue has it."""
        usual = {"decimals": _DECIMALS[self.kind], "additive": self.kind == "count"}
        usual["between_sexes"] = self.kind == "rate"
        said = {name: getattr(self, name) for name in usual if getattr(self, name) is not None}
        fields = self.model_dump(exclude={"kind", "time", *usual}) | usual | said
        return Measure(
            **fields,
            kind=self.time,
            own=True,
            quantity=self.kind,
            source="",
            available="regionens egna siffror (vgstats import FIL --publisher REGIONEN)",
        )


class Declaration(BaseModel):
    """A measure that a region has declared, and the file that says so."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    measure: Measure
    address: str
    sha256: str


class _OnceLoader(yaml.SafeLoader):
    """YAML in which no key stands twice, where the last would count unseen."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Any, Any]:
        keys = [key.value for key, _ in node.value]
        for key, _ in node.value:
            if keys.count(key.value) > 1:
                raise yaml.constructor.ConstructorError(
                    None, None, f"the key {key.value!r} stands twice", key.start_mark
                )
        return super().construct_mapping(node, deep)


def is_declaration(file: Path) -> bool:
    """Return whether a file declares measures: YAML with `measures:`, or a list of entries with an id."""
    try:
        with file.open("rb") as stream:
            return bool(_IS_ONE.search(stream.read(4096).decode("utf-8-sig", "replace")))
    except OSError:
        return False


def read_declarations(file: Path) -> list[Declaration]:
    """Return the measures that a file declares.

    Raises:
        VgstatsError: it is no YAML, an entry does not fit, an id or a name stands twice, or one is that of a
            measure of vgstats. The message names file, entry and key.
    """
    try:
        # A loader of our own, which is a safe one.
        content = yaml.load(read_text_file(file), Loader=_OnceLoader)  # noqa: S506
    except (yaml.YAMLError, RecursionError) as error:
        problem = " ".join(str(error).split())
        raise VgstatsError(
            f"{file}: this is not valid YAML: {problem}. Correct the place."
        ) from None
    unknown = [key for key in content if key != "measures"] if isinstance(content, dict) else []
    entries = content.get("measures") if isinstance(content, dict) else content
    if unknown or not isinstance(entries, list) or not entries:
        fault = f"the key {unknown[0]!r} is unknown" if unknown else "there is no list of measures"
        raise VgstatsError(
            f"{file}: {fault}. Write measures: and below it an entry for each, as {DESCRIBED} describes."
        )
    digest = hashlib.sha256(file.read_bytes()).hexdigest()
    found = [
        Declaration(measure=_measure(file, at, entry), address=file.name, sha256=digest)
        for at, entry in enumerate(entries, 1)
    ]
    _refuse_taken(file, [declaration.measure for declaration in found])
    return found


def _measure(file: Path, at: int, entry: Any) -> Measure:
    if not isinstance(entry, dict):
        raise VgstatsError(
            f"{file}, entry {at}: {entry!r} is no entry with keys. {DESCRIBED} describes the keys."
        )
    named = f" ({entry['id']})" if "id" in entry else ""
    try:
        return _Entry.model_validate(entry).measure()
    except ValidationError as error:
        first = min(error.errors(), key=lambda e: e["type"] != "extra_forbidden")
    key = str(first["loc"][0]) if first["loc"] else ""
    fields = list(_Entry.model_fields)
    if first["type"] == "extra_forbidden":
        said = f"the key is unknown.{nearest(key, fields)} Known keys: {', '.join(fields)}"
    elif first["type"] == "missing":
        said = "the key is missing"
    elif first["type"] == "string_pattern_mismatch":
        said = f"{first['input']!r} will not do: write small letters a-z, digits and _, a letter first, 2 to 60 of them"
    elif key:
        said = f"{first['input']!r} will not do: {first['msg'].lower()}"
    else:
        said = first["msg"].removeprefix("Value error, ")
    where = f", key {key}" if key else ""
    raise VgstatsError(f"{file}, entry {at}{named}{where}: {said}. {DESCRIBED} describes the keys.")


def _refuse_taken(file: Path, measures: list[Measure]) -> None:
    """Refuse a measure that could be taken for another: by its id or, as tables may have it, by its name."""
    taken = {
        word: f"a measure of vgstats, {m.id} ({m.name})"
        for m in bundled_measures().values()
        for word in (m.id, m.name.lower())
    }
    for at, measure in enumerate(measures, 1):
        for key, word in (("id", measure.id), ("name", measure.name.lower())):
            if word in taken:
                raise VgstatsError(
                    f"{file}, entry {at} ({measure.id}), key {key}: {getattr(measure, key)!r} is taken by "
                    f"{taken[word]}. Choose another {key}."
                )
        ours = f"another entry of the file, {measure.id}"
        taken |= dict.fromkeys((measure.id, measure.name.lower()), ours)
