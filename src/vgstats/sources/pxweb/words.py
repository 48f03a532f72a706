"""What PxWeb's codes and labels of regions, sexes, ages and times are in the tidy table's words."""

from __future__ import annotations

import re
from collections.abc import Mapping

import pandas as pd

from vgstats.observations import SEXES
from vgstats.sources import labels
from vgstats.sources.pxweb.tables import is_total


def translated(texts: pd.Series, role: str, words: Mapping[str, str] | None = None) -> pd.Series:
    """Return the tidy table's words for a column of codes or labels.

    Ages become `total`, single years such as `16`, or bands such as `16-19` and `100+`. What is not
    understood comes back in words that the door refuses.

    Args:
        texts: codes, or labels when no `words` are given.
        role: region, time, sex or age.
        words: the label of each code.
    """
    label = words or {}

    def sex(code: str) -> str:
        found = {_sex(text) for text in (code, label.get(code, code))} & set(SEXES)
        return found.pop() if len(found) == 1 else f"{code} {label.get(code, '')}".strip()

    def age(code: str) -> str:
        return _age(label.get(code, code), code)

    area = labels.area_of_label if words is None else labels.area_of_code
    word = {"region": area, "time": period, "sex": sex, "age": age}[role]
    return labels.translate(texts, word)


def period(text: str) -> str:
    """Return the period; quoted, so that the door names it, when it is not written as PxWeb does."""
    found = labels.pxweb_period(text.strip())
    year = re.fullmatch(r"\d{4}", found, re.ASCII)
    return found if year or found != text.strip() else repr(text)


def _sex(text: str) -> str:
    return "alla" if is_total(text) else labels.sex(text)


def _age(label: str, code: str) -> str:
    if is_total(code) or is_total(label):
        return "total"
    for text in (label, code):
        plain = text.strip().lower().replace("–", "-").removesuffix(" år")
        if re.fullmatch(r"\d{1,3}", plain, re.ASCII):
            return str(int(plain))
        if re.fullmatch(r"\d{1,3}(-\d{1,3}|\+)", plain, re.ASCII):
            return plain
    # One `=` would make a group of it, and the door would let it in.
    return f"the age {label!r}".replace("=", "==")
