"""The table of changes says once what rounding leaves open, where it is the same everywhere and both ways."""

from __future__ import annotations

from vgstats.methods.before_after import Change
from vgstats.observations import Value
from vgstats.sections.change_tables import ChangeRow, change_table


def table_of(before: float, after: float, resolution: float) -> str:
    ends = (
        Value("ohalsotal", "lan:18", f"{year}-12", "alla", "", value, resolution, "ok", "x")
        for year, value in ((2019, before), (2025, after))
    )
    rows = [ChangeRow("Ohälsotal", Change(*ends))]
    return change_table(rows, id="t", caption="Ändringar", note="").html()


def test_what_rounding_leaves_open_both_ways_is_said_under_the_table():
    assert "Avrundningen kan ändra förändringen med högst" in table_of(25.1, 24.9, 0.1)


def test_what_it_leaves_open_more_one_way_than_the_other_stands_in_the_row():
    """No days are fewer than none, so a number rounded to nothing stands for a little more and no less."""
    said = table_of(0.0, 3.0, 0.4)
    assert "Avrundningen kan ändra" not in said and "Möjlig förändring" in said


def test_numbers_that_are_not_rounded_leave_nothing_open():
    assert "Avrundningen" not in table_of(1677.4, 1909.2, 0.0)
