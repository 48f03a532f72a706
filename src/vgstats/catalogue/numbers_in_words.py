"""What digits in running text stand for: a date, a code of something, or a number; and what counts persons.

It is here, and not among what can be printed, since the gate takes the numbers in that for words of vgstats' own.
"""

from __future__ import annotations

import re

OWN = "eget"  # the first part of the ids of an analyst's own numbers
SMALL = 5  # fewer persons than so many are few, where no other rule is known

_MONTH = (
    "(?:januari|februari|mars|april|maj|juni|juli|augusti|september|oktober|november|december"
    "|jan|feb|mar|apr|jun|jul|aug|sep|okt|nov|dec)"
)
_COUNTED = (
    r"(?! (?:dagar|procent|procentenheter|personer|sjukfall|fall|kvinnor|män|kronor|miljoner)\b)"
)
DATE = re.compile(
    rf"(?:\b\d{{1,2}} )?\b{_MONTH} (?:19|20)\d\d\b"
    rf"|\b\d{{1,2}} {_MONTH}\b"
    r"|\b(?:19|20)\d\d(?:-Q[1-4]|-\d\d(?:-\d\d)?)?\b(?!,\d)(?: ?[–/] ?(?:(?:19|20)\d\d|\d\d)\b)?"
    + _COUNTED,
    re.IGNORECASE,
)
CODE = re.compile(
    r"\b[A-Z]\d\d(?:\.\d)?(?:[–-][A-Z]\d\d)?\b"  # a diagnosis
    r"|\bv?\d+\.\d+\.\d+\b"  # a version
    r"|--lan \d\d(?:\d\d)?\b|\b(?:threshold|width): '\d+'"  # in lines to copy
    r"|\b(?:lan|kommun):(?: -)* '?\d\d(?:\d\d)?'?(?![\d.,])"
    r"|\bsjukpenningtal(?:et)? [12]\.0\b"  # how Försäkringskassan names the two measures
    r"|\b(?:tabell|figur|bilaga|avsnitt|kapitel|sidan|s\.|kap\.) \d+(?:[.:]\d+)*\b"
    r"|\b(?:IFAU|SOU|Ds|prop\.|SFS|dnr) (?:19|20)\d\d(?:/\d\d)?:\d+\b",
    re.IGNORECASE,
)
COUNTED_NOUN = re.compile(
    r"(?:kvinn|person|patient|individ|anställd|sjukskriv|sjukfall|flick|pojk|barn)"
    r"|(?:fall|fallen|män|männen)$"
)
_SIGNED = re.compile(
    r"(?P<sign>(?<![\w\d)\]%])[-\u2212])?(?P<whole>\d{1,3}(?:[ \u00a0\u202f]\d{3})+(?!\d)|\d+)(?:[.,](?P<part>\d+))?"
)


def numbers_in(words: str) -> list[re.Match[str]]:
    """Return the numbers in words that are no date and no code, each with `sign`, `whole` and `part`.

    >>> [found[0] for found in numbers_in("Av 1 200 sjukfall i december 2024 var 3,5 procent F43")]
    ['1 200', '3,5']
    """
    masked = CODE.sub(_masked, words)
    return list(_SIGNED.finditer(DATE.sub(_masked, masked)))


def _masked(found: re.Match[str]) -> str:
    return "\ue000" * len(found[0])


def counts_persons(words: str) -> bool:
    """Return whether words tell that persons or cases are counted.

    >>> counts_persons("Antal kvinnor"), counts_persons("Andel kvinnor"), counts_persons("Möten")
    (True, False, False)
    """
    tokens = re.findall(r"[^\W\d_]+|%", words.lower())
    return any(map(COUNTED_NOUN.match, tokens)) and not any(
        token.startswith(("procent", "andel", "kron", "dag", "medel")) or token in ("%", "per")
        for token in tokens
    )
