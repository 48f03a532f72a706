"""What is known of the version of a report that a later one replaces: numbers, codes and moments, never its words."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable
from typing import Annotated, Any, Self

from pydantic import AfterValidator, Field, ValidationError

from vgstats.catalogue.measures import catalogue
from vgstats.entries import Entry
from vgstats.row_checks import is_moment


def _fits(form: str) -> AfterValidator:
    def checked(text: str) -> str:
        if not re.fullmatch(form, text, re.ASCII):
            raise ValueError(f"{text[:40]!r} will not do")
        return text

    return AfterValidator(checked)


def _made(text: str) -> str:
    if dt.datetime.fromisoformat(text).tzinfo is None:
        raise ValueError("it does not say in which time zone")
    return text


def _moment(text: str) -> str:
    if not is_moment(text):
        raise ValueError(f"{text[:40]!r} is no moment")
    return text


_Number = Annotated[str, _fits(r"-?\d{1,15}(\.\d{1,4})?")]
_Id = Annotated[str, _fits(r"[^\s<>&\"]{1,200}")]
_Code = Annotated[str, _fits(r"-?[01]( -?[01] [01])?")]
_VERSION = r"\d+\.\d+\.\d+"
_ABOUT = ("dateCreated", "vgstats:retrieved", "vgstats:figures", "vgstats:findings")


class Replaced(Entry):
    """A version of a report that a later one replaces.

    `made` says when, `version` with which vgstats, `retrieved` and `figures` of what (see `Bundle`). `values` are
    its published numbers by their ids, as machine values, and `findings` the codes of what it found (see
    `revision.findings`). `own` says that numbers of a region's own were revised, which are never told.
    """

    made: Annotated[str, AfterValidator(_made)]
    version: Annotated[str, _fits(rf"({_VERSION})?")] = ""
    retrieved: dict[_Id, Annotated[str, AfterValidator(_moment)]] = Field(default={})
    figures: Annotated[str, _fits("[0-9a-f]{64}")]
    values: dict[_Id, _Number] = Field(default={})
    findings: dict[_Id, _Code] = Field(default={})
    own: bool = False

    @classmethod
    def of(cls, record: dict[str, Any]) -> Self | None:
        """Return what a record keeps of it, None where that is not what vgstats writes."""
        try:
            return cls(**record)
        except (ValidationError, TypeError):
            return None

    @classmethod
    def page(cls, record: dict[str, Any], facts: Iterable[tuple[str, str]]) -> Self | None:
        """Return a page as what a later one would replace, None where its record is not what vgstats writes.

        Args:
            record: what the page says of itself.
            facts: the id and the machine value of the numbers that it shows.
        """
        creator = record.get("creator")
        version = str(creator.get("softwareVersion", "")) if isinstance(creator, dict) else ""
        made, retrieved, figures, found = (record.get(key) for key in _ABOUT)
        known = catalogue()
        return cls.of(
            {
                "made": made,
                "version": version if re.fullmatch(_VERSION, version, re.ASCII) else "",
                "retrieved": retrieved or {},
                "figures": figures,
                "values": {name: n for name, n in facts if name.partition("|")[0] in known},
                "findings": found or {},
            }
        )
