"""The tables of cases built of certificates that a round may publish, and what their numbers are."""

from __future__ import annotations

from functools import cache
from itertools import product
from typing import Literal

from vgstats.catalogue.data_files import data_folder, read_models
from vgstats.entries import Entry, Named
from vgstats.errors import VgstatsError, nearest

_NUMBERS = [
    "noll",
    "en",
    "två",
    "tre",
    "fyra",
    "fem",
    "sex",
    "sju",
    "åtta",
    "nio",
    "tio",
    "elva",
    "tolv",
]


class CaseTable(Entry):
    """A table: its measure, what it is crossed by, where it is made, and the number that its total is.

    `column` is what it rests on in the certificates. `groups` is empty where a region's own words are its rows. `of`
    is empty where its total is all ongoing cases, else the group of another table that it divides. `by_sex` is where
    women and men are shown apart too.
    """

    measure: str
    dimension: str
    column: str
    where: tuple[Literal["lan", "enhet"], ...]
    by_sex: tuple[Literal["lan", "enhet"], ...]
    groups: tuple[str, ...] = ()
    of: str = ""


class Fault(Named):
    """What may be wrong in a row of certificates, as the figures call it, and in Swedish what became of the row."""

    then: str


class Definition(Named):
    """What a number is, in Swedish, and the source of that; `{gap}` is how long a case may be without a certificate."""

    name: str
    text: str
    source: str = ""


@cache
def case_tables() -> dict[str, CaseTable]:
    """Return the declared tables by their measure.

    >>> case_tables()["intygsfall_grad"].groups
    ('hel', 'partiell')
    """
    entries = read_models(data_folder() / "kartlaggning.yaml", CaseTable, "tables")
    return {one.measure: one for one in entries}


def is_by_sex(measure: str, area: str) -> bool:
    """Return whether a measure's groups are shown for women and men apart in an area; all but some tables are.

    >>> is_by_sex("intygsfall_plan", "lan:14"), is_by_sex("intygsfall_plan", "enhet:14-alby")
    (True, False)
    """
    table = case_tables().get(measure)
    return table is None or area.partition(":")[0] in table.by_sex


def case_table(measure: str) -> CaseTable:
    """Return a declared table.

    Raises:
        VgstatsError: it is not declared: every table more costs numbers that have to be hidden in the others.
    """
    tables = case_tables()
    if measure not in tables:
        raise VgstatsError(
            f"There is no table {measure!r} of cases.{nearest(measure, tables)} Declared are {', '.join(tables)}; "
            "another would cost numbers that have to be hidden in these."
        )
    return tables[measure]


@cache
def faults() -> dict[str, str]:
    """Return what became of the rows with each fault, in Swedish: those left out first.

    >>> faults()["dubblett"]
    'Utelämnade, utom den första'
    """
    entries = read_models(data_folder() / "kartlaggning.yaml", Fault, "faults")
    return {one.id: one.then for one in entries}


def choices(gap_days: int, unit_by: str) -> str:
    """Return in words what a round chose, as its source says it: what is one case, and whose it is.

    >>> choices(5, "listad")
    'Intyg med högst fem dagar emellan är samma sjukfall. Sjukfallet räknas till den enhet där personen är listad.'
    """
    between = f"högst {_days(gap_days)}" if gap_days else "ingen dag"
    whose = "där personen är listad" if unit_by == "listad" else "som skrev det senaste intyget"
    return (
        f"Intyg med {between} emellan är samma sjukfall. Sjukfallet räknas till den enhet {whose}."
    )


def chosen(said: str) -> tuple[int, str] | None:
    """Return the choices that a source says in words, None where it says something else.

    >>> chosen(choices(3, "listad"))
    (3, 'listad')
    """
    every = product(range(len(_NUMBERS)), ("listad", "senaste_intyg"))
    return next((one for one in every if choices(*one) == said), None)


def _days(n: int) -> str:
    number = _NUMBERS[n] if n < len(_NUMBERS) else str(n)
    return f"{number} dag{'ar' if n != 1 else ''}"


@cache
def _definitions() -> dict[str, Definition]:
    entries = read_models(data_folder() / "kartlaggning.yaml", Definition, "definitions")
    return {one.id: one for one in entries}


def definitions(gap_days: int = 5, unit_by: str = "listad") -> list[Definition]:
    """Return what the numbers are, as a report says it, for the choices of a round.

    Args:
        gap_days: the days without a certificate that a case may have.
        unit_by: `listad` or `senaste_intyg`.

    >>> definitions(gap_days=5)[0].text[:60]
    'Läkarintyg för samma person hör till samma sjukfall när det '
    """
    other = {"listad", "senaste_intyg"} - {unit_by}
    told = [one for one in _definitions().values() if one.id not in other]
    gap = _days(gap_days)
    return [one.model_copy(update={"text": one.text.format(gap=gap)}) for one in told]
