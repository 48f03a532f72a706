"""Nothing enters the tidy table that does not belong there."""

from __future__ import annotations

import pandas as pd
import pytest

from vgstats import VgstatsError, one, published, select
from vgstats.catalogue.words import parse_group
from vgstats.observations import COLUMNS
from vgstats.row_checks import validate

GOOD = {
    "measure": "pagaende_sjukfall",
    "area": "lan:14",
    "period": "2008",
    "sex": "alla",
    "group": "",
    "value": "100",
    "resolution": "1",
    "status": "ok",
    "source": "somewhere",
    "retrieved": "2026-01-01",
}


def table(*changes: dict[str, str]) -> pd.DataFrame:
    frame = pd.DataFrame([GOOD | change for change in changes], columns=COLUMNS)
    frame.index = frame.index + 2
    return frame


def test_a_good_row_is_accepted_with_numbers_as_numbers():
    frame = validate(table({}), "file.csv")
    assert frame["value"].tolist() == [100.0]


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"measure": "ohelsotal"}, r"column measure: 'ohelsotal' is not a known measure"),
        ({"area": "14"}, r"column area: '14' is not a known area"),
        ({"period": "2008-13"}, r"column period: '2008-13' is not a period"),
        ({"sex": "K"}, r"column sex: 'K' is not a known sex"),
        ({"group": "grad=hel;diagnos=F00-F99"}, r"column group: .* not sorted dimension=value"),
        ({"group": "hel"}, r"column group: 'hel' is not sorted dimension=value"),
        ({"value": "1,5"}, r"column value: '1,5' is not a number"),
        ({"value": "abc"}, r"column value: 'abc' is not a number"),
        ({"value": "-1"}, r"outside the range"),
        ({"value": "inf"}, r"outside the range"),
        ({"measure": "ohalsotal", "value": "366"}, r"outside the range"),
        ({"value": ""}, r"and the status contradict"),
        ({"status": "suppressed"}, r"and the status contradict"),
        ({"status": "fine"}, r"column status: 'fine' is not a known status"),
        ({"resolution": "0"}, r"column resolution: '0' is not above zero"),
        ({"source": ""}, r"column source: '' is empty"),
        ({"retrieved": "today"}, r"column retrieved: 'today' is not a date that has been"),
    ],
)
def test_a_bad_cell_is_refused_with_file_row_column_and_rule(change, message):
    with pytest.raises(VgstatsError, match=rf"file\.csv, row 3.*{message}"):
        validate(table({"period": "2007"}, change), "file.csv")


def test_a_key_that_stands_twice_is_refused():
    with pytest.raises(VgstatsError, match=r"file\.csv, row \d.*more than once"):
        validate(table({}, {"value": "7"}), "file.csv")


def test_a_revised_value_is_a_new_row_and_the_newest_counts():
    frame = validate(table({}, {"value": "7", "retrieved": "2026-02-01"}), "file.csv")
    assert one(frame, "pagaende_sjukfall", "lan:14", "2008").value == 7


def test_women_and_men_must_add_to_all_for_a_count():
    sexes = [{"sex": "kvinnor", "value": "60"}, {"sex": "män", "value": "41"}]
    validate(table({"value": "101"}, *sexes), "file.csv")
    with pytest.raises(VgstatsError, match=r"kvinnor 60 \+ män 41 is not alla 110"):
        validate(table({"value": "110"}, *sexes), "file.csv")


def test_a_suppressed_number_is_no_number():
    frame = validate(table({"status": "suppressed", "value": ""}), "file.csv")
    assert one(frame, "pagaende_sjukfall", "lan:14", "2008") is None


def test_select_narrows_by_any_key():
    figures = published()
    rows = select(figures, measure="ohalsotal", area=["lan:14", "riket"], sex="alla")
    assert set(rows["area"]) == {"lan:14", "riket"}
    assert set(rows["measure"]) == {"ohalsotal"}
    assert len(select(figures)) == len(figures)


def test_a_group_is_read_as_dimensions():
    assert parse_group("diagnos=F00-F99;grad=hel") == {"diagnos": "F00-F99", "grad": "hel"}
    assert parse_group("") == {}


def test_a_source_that_gives_one_number_twice_and_differently_is_refused():
    same = table({}, {}, {"value": "90", "retrieved": "2025-01-01"}).astype({"value": float})
    assert one(same, "pagaende_sjukfall", "lan:14", "2008").value == 100
    torn = table({}, {"value": "9999"}).astype({"value": float})
    with pytest.raises(VgstatsError, match=r"lan:14 2008 alla has two values .* 100.0 and 9999.0"):
        one(torn, "pagaende_sjukfall", "lan:14", "2008")
