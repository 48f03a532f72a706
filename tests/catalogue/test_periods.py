"""Periods are read strictly and know what they cover."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vgstats import Period, VgstatsError
from vgstats.catalogue.periods import window_start


@pytest.mark.parametrize(
    ("text", "start", "end", "swedish"),
    [
        ("2008", "2008-01-01", "2008-12-31", "2008"),
        ("2008-Q4", "2008-10-01", "2008-12-31", "kvartal 4 2008"),
        ("2008-02", "2008-02-01", "2008-02-29", "februari 2008"),
        ("2008-10-01", "2008-10-01", "2008-10-01", "1 oktober 2008"),
    ],
)
def test_each_form_covers_its_days(text, start, end, swedish):
    period = Period.parse(text)
    assert (period.start.isoformat(), period.end.isoformat()) == (start, end)
    assert (str(period), period.swedish()) == (text, swedish)


@pytest.mark.parametrize(
    "text",
    ["", "08", "2008-13", "2008-02-30", "2008-Q5", "2008 12", "dec 2008", "٢٠٠٨", 2008, "0000"],
)
def test_anything_else_is_refused_with_the_forms_that_are_known(text):
    with pytest.raises(VgstatsError, match="is not a period"):
        Period.parse(text)


@given(st.dates(min_value=dt.date(1000, 1, 1)))
def test_a_day_lies_in_its_month_quarter_and_year(day):
    quarter = (day.month + 2) // 3
    for text in (f"{day:%Y-%m}".zfill(7), f"{day.year}-Q{quarter}", f"{day.year}"):
        period = Period.parse(text)
        assert period.start <= day <= period.end


def test_a_rolling_december_value_covers_the_calendar_year():
    december = Period.parse("2005-12")
    assert window_start(december, rolling12=True) == dt.date(2005, 1, 1)
    assert window_start(december, rolling12=False) == dt.date(2005, 12, 1)
    assert window_start(Period.parse("2017-09"), rolling12=True) == dt.date(2016, 10, 1)
