"""What may be wrong in a certificate, and what then becomes of the row (in Swedish: `docs/sjukfall-ur-intyg.md`)."""

from __future__ import annotations

from dataclasses import dataclass

AHEAD_DAYS = 366  # how far ahead a certificate may end
_LATEST = "kept: all the person's rows get what the latest says"
# A word in place of a key would make one person of all who have none.
NOBODY = (
    "r.person IS NULL OR (length(r.person::VARCHAR) < 9 AND lower(trim(r.person::VARCHAR)) "
    "IN ('', '-', '.', '?', 'null', 'none', 'na', 'n/a', 'nan', '#n/a', 'okänd', 'okänt', 'saknas', 'unknown'))"
)
AGE = "year(w_from.word) - w_birth_year.word BETWEEN 13 AND 100"


@dataclass(frozen=True)
class Rule:
    """What becomes of rows with a fault.

    `fault` is what it is called in the figures (`fel=...`), `then` what is done. `where` finds it in a row by itself,
    as SQL on what its columns' texts mean (`w_<key>`). `out` says that the row is left out, `limit` that too
    many refuse the file.
    """

    fault: str
    then: str
    where: str = ""
    out: bool = False
    limit: bool = False


RULES = (
    Rule(
        "nyckel saknas",
        "left out",
        NOBODY,
        out=True,
        limit=True,
    ),
    Rule(
        "datum saknas",
        "left out: missing, unreadable or before 1990",
        "w_from.word IS NULL OR w_to.word IS NULL",
        out=True,
        limit=True,
    ),
    Rule("slut före början", "left out", "w_to.word < w_from.word", out=True, limit=True),
    Rule(
        "framtida datum",
        "left out: begins after today, or ends over a year ahead",
        "w_from.word > {today} OR w_to.word > {ahead}",
        out=True,
        limit=True,
    ),
    Rule(
        "okänd grad",
        "left out: not 25, 50, 75 or 100",
        "w_degree.word IS NULL",
        out=True,
        limit=True,
    ),
    Rule(
        "kön saknas",
        "left out: missing, or an unknown word",
        "w_sex.word IS NULL",
        out=True,
        limit=True,
    ),
    Rule("dubblett", "left out but for the first", out=True, limit=True),
    Rule("två kön", _LATEST, limit=True),
    Rule("två födelseår", _LATEST, limit=True),
    Rule(
        "födelseår saknas",
        "kept without age: missing, unreadable, or an age below 13 or above 100",
        f"w_from.word IS NOT NULL AND NOT coalesce({AGE}, false)",
        limit=True,
    ),
    Rule(
        "okänd diagnos",
        "kept without diagnosis: no code of ICD-10-SE",
        "w_diagnosis.word IS NULL AND NOT w_diagnosis.blank",
        limit=True,
    ),
    Rule("diagnos saknas", "kept without diagnosis", "w_diagnosis.blank"),
    Rule("okänd kommun", "kept without kommun", "w_kommun.word IS NULL AND NOT w_kommun.blank"),
    Rule(
        "okänd enhet",
        "kept, for the county only: no unit of the mapping",
        "w_{owner}.word IS NULL AND NOT w_{owner}.blank",
        limit=True,
    ),
    Rule("enhet saknas", "kept, for the county only", "w_{owner}.blank"),
    Rule(
        "tidigare namn på enheten", "kept, under the name that the unit has now", "w_{owner}.former"
    ),
    Rule(
        "annat datumformat", "kept: written otherwise than most dates", "w_from.other OR w_to.other"
    ),
    Rule("okänt ord", "kept as unknown: a word that the mapping lacks", "{odd}"),
)
