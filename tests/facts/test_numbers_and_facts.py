"""One formatter writes every number, the Swedish way, rounded once."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vgstats import change, published
from vgstats.facts.facts import rounded, swedish
from vgstats.methods.before_after import change_facts


@pytest.mark.parametrize(
    ("value", "decimals", "text"),
    [
        (30200, 0, "30\u202f200"),
        (1234567.5, 1, "1\u202f234\u202f567,5"),
        (-6.1, 1, "\N{MINUS SIGN}6,1"),
        (42.9 - 36.8, 1, "6,1"),
        (2.675, 2, "2,68"),
        (0.5, 0, "1"),
        (-0.04, 1, "0,0"),
        (11476, -2, "11\u202f500"),
    ],
)
def test_swedish_numbers(value, decimals, text):
    assert swedish(value, decimals) == text


def test_signed_numbers_show_plus_and_a_true_minus():
    assert swedish(7, 0, signed=True) == "+7"
    assert swedish(-7, 0, signed=True) == "\N{MINUS SIGN}7"
    assert swedish(0, 0, signed=True) == "0"


@given(st.floats(-1e9, 1e9), st.integers(-2, 4))
def test_a_printed_number_reads_back_as_the_rounded_one(value, decimals):
    text = swedish(value, decimals)
    back = text.replace("\u202f", "").replace(",", ".").replace("\N{MINUS SIGN}", "-")
    assert Decimal(back) == rounded(value, decimals)
    assert abs(Decimal(back) - Decimal(repr(round(value, 9)))) <= Decimal(5).scaleb(-decimals - 1)


def facts(measure, before, after, sex="alla", area="lan:14"):
    return change_facts(change(published(), measure, area, before, after, sex))


def test_a_fact_is_written_as_a_data_element_that_knows_no_more_than_it_prints():
    found = facts("ohalsotal", "2005-12", "2008-12")
    assert found.percent.html() == (
        '<data value="-14" data-fact="procent|ohalsotal|lan:14|2008-12|från 2005-12" data-unit="procent">'
        "\N{MINUS SIGN}14</data>"
    )


def test_large_sums_are_printed_in_billions_as_in_the_source():
    found = facts("kostnad_sa", "2004", "2007")
    assert (found.before.text(), found.after.text(), found.after.unit) == (
        "9,6",
        "10,3",
        "miljarder kronor",
    )
    found = facts("kostnad_rehabiliteringstjanster", "2004", "2007")
    assert (found.before.text(), found.after.unit) == ("142", "miljoner kronor")


def test_per_cent_has_a_decimal_only_where_rounding_leaves_it():
    assert facts("ohalsotal", "2005-12", "2008-12").percent.text("abs") == "14"
    assert facts("pagaende_sjukfall", "2005", "2008").percent.text("abs") == "35,6"


def test_an_unknown_format_is_a_mistake():
    with pytest.raises(ValueError, match="unknown format"):
        facts("ohalsotal", "2005-12", "2008-12").percent.text("percent")
