"""What the headings and titles of an export say: sexes, groups and periods."""

from __future__ import annotations

import re
from collections.abc import Callable

from vgstats.sources import labels

COUNT = ("intyg_sjukfall", 1.0)
RATE = ("intyg_sjukfall_per_1000", 0.01)
TOTAL = "Antal sjukfall totalt"
SEXES = {"Totalt": "alla", "Kvinnor": "kvinnor", "Män": "män"}
PLAIN = {TOTAL: "alla", "Antal sjukfall för kvinnor": "kvinnor", "Antal sjukfall för män": "män"}
BLOCKS = {"Antal sjukfall": COUNT, "Antal sjukfall per 1000 invånare": RATE, "Antal invånare": None}
_LENGTHS = {
    "under 15 dagar": "0-14",
    "1-2 år": "365-730",
    "2- år": "731+",
    "över 2 år": "731+",
}
_GROUPS: tuple[tuple[str, Callable[[re.Match[str]], str]], ...] = (
    (r"(25|50|75|100) ?%", lambda found: f"grad={found[1]}"),
    (r"under (\d\d) år", lambda found: f"alder=0-{int(found[1]) - 1}"),
    (r"över (\d\d) år", lambda found: f"alder={int(found[1]) + 1}+"),
    (r"(\d\d-\d\d) år", lambda found: f"alder={found[1]}"),
    (r"(\d{1,3}-\d{1,3}) dagar", lambda found: f"langd={found[1]}"),
)
_CHAPTERS = frozenset(
    [
        "A00-B99",
        "C00-D48",
        "D50-D89",
        "E00-E90",
        "F00-F99",
        "G00-G99",
        "H00-H59",
        "H60-H95",
        "I00-I99",
        "J00-J99",
        "K00-K93",
        "L00-L99",
        "M00-M99",
        "N00-N99",
        "O00-O99",
        "P00-P96",
        "Q00-Q99",
        "R00-R99",
        "S00-T98",
        "U00-U99",
        "V01-Y98",
        "Z00-Z99",
    ]
)
_MONTH = re.compile(
    r"\b(jan(?:uari)?|feb(?:ruari)?|mars?|apr(?:il)?|maj|juni?|juli?|aug(?:usti)?|sep(?:tember)?"
    r"|okt(?:ober)?|nov(?:ember)?|dec(?:ember)?)\b",
    re.I | re.ASCII,
)
_YEAR = re.compile(r"\b(?:19|20)\d\d\b", re.ASCII)


def group(heading: str) -> str:
    """Return the group of a heading; the heading itself where it is unknown."""
    text = " ".join(heading.split()).lower().replace("–", "-")
    if text in _LENGTHS:
        return f"langd={_LENGTHS[text]}"
    for form, word in _GROUPS:
        if found := re.fullmatch(form, text, re.ASCII):
            return word(found)
    several = re.match(r"[A-Z]\d\d-[A-Z]\d\d(, [A-Z]\d\d-[A-Z]\d\d)+(?= )", heading, re.ASCII)
    if several:
        return f"diagnos={several[0].replace(', ', '+')}"
    return labels.diagnosis(heading) or heading


def is_of_all_diagnoses(above: list[str], headings: list[str]) -> bool:
    """Return whether a total is of all diagnoses: not in a table within one diagnosis chapter."""
    if any(re.match(r"Antal sjukfall för ", text) for text in above):
        return False
    codes = [
        found[0] for text in headings if (found := re.match(r"[A-Z]\d\d(-[A-Z]\d\d)?,?", text))
    ]
    return all(code in _CHAPTERS or code.endswith(",") for code in codes)


def group_of_title(above: list[str]) -> str:
    """Return the group of a whole table without groups: `langd=91+` for cases over 90 days."""
    for text in above:
        if found := re.search(r"(?:längre|mer) än (\d+) dagar", text, re.ASCII | re.I):
            return f"langd={int(found[1]) + 1}+"
    return ""


def month(label: str) -> str:
    """Return `2019-01` for `jan 2019`; any other text in quotes, so that the door names it."""
    found = re.fullmatch(r"[a-zåäö]{3,9}\.? \d{4}", label, re.ASCII | re.I)
    return labels.month_name(label) if found else repr(label)


def period_of_title(text: str) -> str:
    """Return the period that a text names, `?` where it is neither a month nor a year, or nothing."""
    years, months = _YEAR.findall(text), _MONTH.findall(text)
    if not years:
        return ""
    year = str(years[0])
    numbered = [labels.month(year, name) for name in months]
    one_year = set(years) == {year} and not re.search(r"\d{4}-\d", text, re.ASCII)
    if one_year and (numbered == [f"{year}-01", f"{year}-12"] or (not months and len(years) == 1)):
        return year
    whole = one_year and len(set(numbered)) == 1 and len(months) == len(years)
    return numbered[0] if whole else "?"
