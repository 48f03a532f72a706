"""Two sources for the same number: one is chosen by rule, the other is told of."""

from __future__ import annotations

import pandas as pd

from vgstats.observations import COLUMNS, newest
from vgstats.store.published import resolve

RANKS = {"authority": 1, "carrier": 3, "table": 5}


def row(period: str, value: float | None, source: str, **more: object) -> dict[str, object]:
    return {
        "measure": "ohalsotal",
        "area": "lan:14",
        "period": period,
        "sex": "alla",
        "group": "",
        "value": value,
        "resolution": 0.1,
        "status": "ok" if value is not None else "missing",
        "source": source,
        "retrieved": "2026-01-01",
    } | more


def resolved(*rows: dict[str, object], compared: tuple[str, ...] = ()):
    frame = pd.DataFrame(rows, columns=COLUMNS)
    return resolve(frame, RANKS, {("ohalsotal", "lan:14"): compared} if compared else {})


def sources_by_period(found) -> dict[str, str]:
    return dict(zip(found.observations["period"], found.observations["source"], strict=True))


def test_the_source_with_precedence_counts():
    found = resolved(row("2008-12", 36.8, "table"), row("2008-12", 36.9, "authority"))
    assert found.observations["value"].tolist() == [36.9]


def test_a_difference_beyond_rounding_is_listed_with_both_numbers():
    found = resolved(row("2008-12", 36.8, "table"), row("2008-12", 37.0, "authority"))
    difference = found.differences.iloc[0]
    assert (difference["source"], difference["value"]) == ("authority", 37.0)
    assert (difference["other_source"], difference["other_value"]) == ("table", 36.8)


def test_a_difference_that_rounding_explains_is_not_listed():
    rounded = row("2008-12", 37.0, "table", resolution=1.0)
    assert resolved(rounded, row("2008-12", 36.6, "authority")).differences.empty


def test_both_periods_of_a_comparison_come_from_one_source_that_has_both():
    rows = [row("2005-12", 42.9, "table"), row("2008-12", 36.8, "table")]
    rows += [row("2008-12", 36.9, "authority")]
    found = resolved(*rows, compared=("2005-12", "2005", "2008-12", "2008"))
    assert sources_by_period(found) == {"2005-12": "table", "2008-12": "table"}
    assert found.mixed.empty and len(found.differences) == 1


def test_without_such_a_source_the_series_is_mixed_and_marked():
    found = resolved(
        row("2005-12", 42.9, "table"), row("2008-12", 36.9, "authority"),
        compared=("2005-12", "2008-12"),
    )  # fmt: skip
    assert sources_by_period(found) == {"2005-12": "table", "2008-12": "authority"}
    assert set(found.mixed["source"]) == {"table", "authority"}


def test_a_number_that_the_first_source_hides_is_not_taken_from_another():
    hidden = row("2008-12", None, "authority", status="suppressed")
    found = resolved(hidden, row("2008-12", 36.8, "carrier"))
    assert found.observations["status"].tolist() == ["suppressed"]
    assert newest(found.observations) == {}


def test_a_number_that_the_first_source_lacks_is_taken_from_the_next():
    lacking = row("2008-12", None, "authority")
    found = resolved(lacking, row("2008-12", 36.8, "carrier"))
    assert sources_by_period(found) == {"2008-12": "carrier"}


def test_the_newest_vintage_of_a_source_counts():
    revised = row("2008-12", 36.9, "authority", retrieved="2026-02-01T10:00:00Z")
    found = resolved(row("2008-12", 36.8, "authority"), revised)
    assert found.observations["value"].tolist() == [36.9]


def test_the_order_of_the_rows_does_not_matter():
    rows = [row("2005-12", 42.9, "table"), row("2005-12", 43.0, "carrier")]
    rows += [row("2008-12", 36.9, "authority"), row("2008-12", 36.8, "table")]
    forward, backward = resolved(*rows), resolved(*reversed(rows))
    assert sources_by_period(forward) == sources_by_period(backward)
    assert len(forward.differences) == len(backward.differences) == 2


def test_a_year_and_its_december_are_one_number_in_a_measure_over_twelve_months():
    found = resolved(row("2024-12", 25.5, "authority"), row("2024", 24.8, "carrier"))
    assert sources_by_period(found) == {"2024-12": "authority"}
    assert found.differences["other_value"].tolist() == [24.8] and found.mixed.empty


def test_a_month_end_count_is_not_the_mean_of_its_year():
    count = {"measure": "pagaende_sjukfall", "resolution": 1.0}
    frame = pd.DataFrame(
        [row("2024-12", 100, "authority", **count), row("2024", 110, "carrier", **count)],
        columns=COLUMNS,
    )
    assert len(resolve(frame, RANKS).observations) == 2


def test_a_source_that_gives_both_a_year_and_its_december_keeps_both():
    found = resolved(
        row("2024-12", 25.5, "authority"), row("2024", 25.5, "authority"), row("2024", 25, "table")
    )
    assert set(sources_by_period(found)) == {"2024-12", "2024"}
