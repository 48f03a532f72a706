"""The checks at the door: what a source gave becomes observations, or a list of what is wrong."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from vgstats.catalogue.areas import dated_areas
from vgstats.catalogue.periods import Period
from vgstats.observations import COLUMNS, as_categories, is_period
from vgstats.row_checks import THOUSANDS, faults, has_twins
from vgstats.sources.labels import UPPER_BOUND, two_areas
from vgstats.sources.reading import REJECTED_COLUMNS, Reading, constant


@dataclass(frozen=True)
class Checked:
    """The rows of one file or answer, parted into good and bad.

    `accepted` has `observations.COLUMNS`; `rejected` has file, sheet, row, column, value and rule,
    the names as they stand in the file.
    """

    accepted: pd.DataFrame
    rejected: pd.DataFrame


def check(reading: Reading, file: str, retrieved: str) -> Checked:
    """Check every row of a reading (see `row_checks.faults`).

    Exact copies of a row count once. A row that breaks a rule is rejected, and with it all rows that
    the rule concerns: kvinnor, män and alla where they do not add up.

    Args:
        reading: what an adapter found.
        file: the file or address, for the list of rejected rows.
        retrieved: when the figures were fetched or the file was written, for rows that do not say it.
    """
    rows = with_former_codes(reading.rows)
    if reading.source:
        rows = rows.assign(source=constant(reading.source, rows.index))
    if "retrieved" not in rows:
        rows = rows.assign(retrieved=constant(retrieved, rows.index))
    table = as_categories(rows[COLUMNS])
    if has_twins(table):
        repeated = table.duplicated().to_numpy()
        table, rows = (frame[~repeated].reset_index(drop=True) for frame in (table, rows))
    found = faults(table)
    rejected = _in_the_files_words(found, rows, reading)
    keep = np.ones(len(table), dtype=bool)
    keep[found["place"].unique().astype(int)] = False
    listed = pd.concat([reading.rejected, rejected], ignore_index=True)
    listed.insert(0, "file", file)
    accepted = table if keep.all() else table[keep].reset_index(drop=True)
    return Checked(accepted, listed)


def with_former_codes(rows: pd.DataFrame) -> pd.DataFrame:
    """Return the rows with former codes replaced where the code was in use in the period.

    A former code in a later period is left, and so refused at the door.
    """
    former = dated_areas()
    former = former[former["area"] != "kommun:" + former["code"]]
    former = former[("kommun:" + former["code"]).isin(rows["area"].unique())]
    if former.empty:
        return rows
    areas = rows["area"].astype(object)
    for code, area, last in former[["code", "area", "valid_to"]].itertuples(index=False):
        for place in np.flatnonzero((areas == f"kommun:{code}").to_numpy()):
            period = str(rows["period"].iloc[place])
            if is_period(period) and Period.parse(period).start.isoformat() <= last:
                areas.iloc[place] = area
    return rows.assign(area=areas.astype("category"))


def _in_the_files_words(found: pd.DataFrame, rows: pd.DataFrame, reading: Reading) -> pd.DataFrame:
    """Return the faults as a person finds them in the file; an unreadable number is one fault."""
    unreadable = found.index[
        (found["column"] == "status") & (found["rule"] == "is not a known status")
    ]
    table = found.assign(
        sheet=rows["sheet"].astype(str).iloc[found["place"]].to_numpy(),
        row=rows["row"].iloc[found["place"]].to_numpy(),
    )
    table.loc[unreadable, "column"] = "value"
    of_thousands = (
        table["value"].loc[unreadable].astype(str).str.fullmatch(r"[+-]?\d{1,3}([.,]\d{3})+")
    )
    table.loc[unreadable, "rule"] = np.where(
        of_thousands, THOUSANDS, "is neither a number nor a mark that this format has"
    )
    unknown = (table["column"] == "area") & (table["rule"] == "is not a known area")
    heading = reading.headings.get("area", "")
    why = table.loc[unknown, "value"].map(lambda text: _why_no_area(text, heading))
    table.loc[why.index[why != ""], "rule"] = why[why != ""]
    bound = table["value"].astype(str).str.extract(UPPER_BOUND, expand=False)
    of_bound = (table["column"] == "group") & bound.notna()
    table.loc[of_bound, "value"] = bound[of_bound]
    table.loc[of_bound, "rule"] = (
        "is the upper bound of an age class without its lower, which is not guessed. Fetch the total (ALL)"
    )
    of_number = (table["column"] == "value").to_numpy()
    table["column"] = table["column"].map(lambda name: reading.headings.get(name, name))
    if "heading" in rows:
        table.loc[of_number, "column"] = rows["heading"].iloc[found["place"][of_number]].to_numpy()
    return table[REJECTED_COLUMNS].drop_duplicates(ignore_index=True)


def _why_no_area(text: str, heading: str) -> str:
    """Return why a text is no area, where more can be said than that it is not known."""
    if " / " in text:
        return "are a county and a kommun that do not say one area. Write the codes of both"
    if two := two_areas(text):
        return two
    if heading.lower() in ("län", "lan_kod"):
        return "is no county. Write 14 or 14 Västra Götalands län"
    of_kommuner = "(in a column of kommuner)" in text
    return "is no kommun. Write 1480 or 1480 Göteborg" if of_kommuner else ""
