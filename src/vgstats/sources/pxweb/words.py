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
    understood, and a code whose label says something else, comes back in words that the door refuses.

    Args:
        texts: codes; or, when no `words` are given, labels, codes, or both as in `14 Skåne län`.
        role: region, time, sex or age.
        words: the label of each code.
    """
    understood, otherwise = {
        "region": (_region, "{} {}"),
        "time": (_time, "the time '{} {}'"),
        "sex": (_sex, "{} {}"),
        "age": (_age, "the age '{} {}'"),
    }[role]

    def word(text: str) -> str:
        if words is not None:
            pairs = [(text, words.get(text, text))]
        else:
            code, _, label = text.strip().partition(" ")
            pairs = [(text, text), (code, label.strip() or code)]
        found = next((found for pair in pairs if (found := understood(*pair))), None)
        # One `=` would make a group of it, and the door would let it in.
        code, label = pairs[0]
        said = (
            otherwise.format(code, label)
            if code != label
            else otherwise.replace(" {}", "").format(code)
        )
        return found or said.strip().replace("=", "==")

    return labels.translate(texts, word)


def period(text: str) -> str:
    """Return the period; quoted, so that the door names it, when it is not written as PxWeb does."""
    return _time(text, text) or repr(text)


def _region(code: str, label: str) -> str | None:
    if code == label:
        return labels.area_of_label(code)
    return labels.area_of_code_and_label(code, label)


def _time(code: str, label: str) -> str | None:
    found, said = _period(code), _period(label)
    return found if said in (None, found) else None


def _period(text: str) -> str | None:
    found = labels.pxweb_period(text.strip())
    year = re.fullmatch(r"\d{4}", found, re.ASCII)
    return found if year or found != text.strip() else None


def _sex(code: str, label: str) -> str | None:
    found = {"alla" if is_total(text) else labels.sex(text) for text in (code, label)} & set(SEXES)
    return found.pop() if len(found) == 1 else None


def _age(code: str, label: str) -> str | None:
    if is_total(code) or is_total(label):
        return "total"
    said, found = _years(label), _years(code)
    if said and found and said != found and said.isdigit() and found.isdigit():
        return None
    return said or found


def _years(text: str) -> str | None:
    plain = text.strip().lower().replace("–", "-").removesuffix(" år")
    if re.fullmatch(r"\d{1,3}", plain, re.ASCII):
        return str(int(plain))
    # From 2025 the open class has the code 100+1, and the youngest five years the code -4.
    plain = re.sub(r"^(\d{1,3}\+)1$", r"\1", re.sub(r"^-(?=\d{1,3}$)", "0-", plain))
    return plain if re.fullmatch(r"\d{1,3}(-\d{1,3}|\+)", plain, re.ASCII) else None
