"""Kolada's answers become rows, and anything else is named instead of guessed at."""

from __future__ import annotations

import json
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from examples import in_one_folder
from vgstats import VgstatsError
from vgstats.row_checks import faults
from vgstats.sources.kolada import read_json
from vgstats.sources.reading import ROW_COLUMNS, NotThisFormat, Reading


def inner(gender: str, value: object, **more: object) -> dict[str, object]:
    return {"gender": gender, "count": 1, "status": "", "value": value, "isdeleted": False} | more


def entry(*values: dict[str, object], **more: object) -> dict[str, object]:
    shared = {"kpi": "N00957", "municipality": "0014", "period": 2008}
    return shared | more | {"values": list(values)}


ALL_SEXES = (inner("T", 36.8), inner("K", 44.0), inner("M", 29.6))


def answer(*values: object, **more: object) -> dict[str, object]:
    return {"values": list(values), "count": len(values), "next_url": None} | more


def read(folder: Path, content: object) -> Reading:
    file = folder / "kolada.json"
    if isinstance(content, bytes):
        file.write_bytes(content)
    else:
        text = content if isinstance(content, str) else json.dumps(content)
        file.write_text(text, encoding="utf-8")
    return read_json(file)


def rejected(reading: Reading) -> list[tuple[str, str]]:
    found = faults(reading.rows.assign(retrieved="2026-01-01"))
    return list(zip(found["column"], found["value"], strict=True))


def values(reading: Reading) -> dict[tuple[str, ...], float]:
    keys = reading.rows[["area", "period", "sex", "group"]].astype(str)
    return dict(zip(map(tuple, keys.to_numpy()), reading.rows["value"], strict=True))


def test_the_documented_answer_is_read(tmp_path):
    reading = read(tmp_path, answer(entry(*ALL_SEXES)))
    assert reading.recognised == "Kolada, JSON: N00957 (ohalsotal)"
    assert values(reading) == {
        ("lan:14", "2008", "alla", ""): 36.8,
        ("lan:14", "2008", "kvinnor", ""): 44.0,
        ("lan:14", "2008", "män", ""): 29.6,
    }
    assert list(reading.rows) == [*ROW_COLUMNS, "source"]
    assert reading.rows["row"].tolist() == [1, 2, 3]
    assert set(reading.rows["source"]) == {"kolada-ohalsotal"} and reading.source == ""
    assert not rejected(reading)


@pytest.mark.parametrize(("year", "mark"), [(2025, "noisy"), (2024, "ok")])
def test_a_population_that_scb_has_put_noise_on_is_noisy_here_too(tmp_path, year, mark):
    sexes = inner("T", 203), inner("K", 101), inner("M", 100 if mark == "noisy" else 102)
    reading = read(tmp_path, answer(entry(*sexes, kpi="N01713", period=year)))
    assert set(reading.rows["status"]) == {mark} and not rejected(reading)


@pytest.mark.parametrize(
    ("municipality", "area"), [("0000", "riket"), ("0014", "lan:14"), ("1480", "kommun:1480")]
)
def test_ids_become_areas(tmp_path, municipality, area):
    reading = read(tmp_path, answer(entry(*ALL_SEXES, municipality=municipality)))
    assert set(reading.rows["area"]) == {area} and not rejected(reading)


@pytest.mark.parametrize("municipality", ["G35819", "14", "0098", "9999"])
def test_an_id_that_is_no_area_is_left_for_the_door(tmp_path, municipality):
    reading = read(tmp_path, answer(entry(ALL_SEXES[0], municipality=municipality)))
    assert [column for column, _ in rejected(reading)] == ["area"]


def test_version_2_and_text_years_are_read(tmp_path):
    old = {"values": [entry(*ALL_SEXES, period="2008")], "count": 1}
    assert set(read(tmp_path, old).rows["period"]) == {"2008"}


def test_several_kpis_keep_their_sources_groups_and_rounding(tmp_path):
    reading = read(
        tmp_path,
        answer(
            entry(inner("T", 31.32959689), inner("K", 31.0)),
            entry(inner("T", 1012345.0), kpi="N01713"),
            entry(inner("T", 812), kpi="N01700", municipality="1480"),
        ),
    )
    rows = reading.rows
    assert rows["resolution"].tolist() == [1e-6, 1e-6, 1.0, 1.0]
    assert rows["group"].tolist() == ["", "", "alder=16-64", ""]
    assert rows["source"].tolist()[1:3] == ["kolada-ohalsotal", "kolada-invanare"]


def test_null_is_missing_and_deleted_is_left_out_and_said(tmp_path):
    reading = read(
        tmp_path,
        answer(entry(inner("T", None), inner("K", 44.0, isdeleted=True), inner("M", 29.6))),
    )
    assert reading.rows["status"].tolist() == ["missing", "ok"]
    assert reading.rows["row"].tolist() == [1, 3]
    assert reading.notes == ("1 deleted values are left out.",)
    assert not rejected(reading)


@pytest.mark.parametrize("value", ["24,8", "24.8", "missing", "", True, [1], 10**400])
def test_a_value_that_is_no_number_is_left_for_the_door(tmp_path, value):
    reading = read(tmp_path, answer(entry(inner("T", value))))
    assert {column for column, _ in rejected(reading)} <= {"status", "value"}
    assert rejected(reading)


def test_a_marked_value_is_left_for_the_door(tmp_path):
    reading = read(tmp_path, answer(entry(inner("T", 36.8, status="Private"))))
    assert rejected(reading) == [("status", "36.8 with the status 'Private'")]


def test_an_unknown_sex_or_year_is_left_for_the_door(tmp_path):
    reading = read(tmp_path, answer(entry(inner("F", 36.8), period="2008-12")))
    assert rejected(reading) == [("period", "'2008-12'"), ("sex", "F")]


def test_one_key_twice_is_left_for_the_door(tmp_path):
    reading = read(tmp_path, answer(entry(inner("T", 36.8), inner("T", 36.9))))
    assert rejected(reading) == [("value", "36.8"), ("value", "36.9")]


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("<!DOCTYPE html><html></html>", r"web page \(HTML\), not JSON"),
        (json.dumps(answer(entry(*ALL_SEXES)))[:-30], "not JSON, or it is cut off"),
        ("", "not JSON"),
        ('{"values": [], "count": 0}', "holds no values"),
        ('{"values": [], "values": []}', "a name stands twice"),
        ('{"values": NaN}', "NaN is not a number of JSON"),
        ("[" * 100_000, "not JSON"),
        (r'"\ud800"', "not JSON"),
        (json.dumps(answer(entry(*ALL_SEXES))).encode("utf-16"), "not in utf-8"),
        (answer(entry(*ALL_SEXES, kpi="N00958")), r"'N00958' is unknown\. Known: N00957.*N01703"),
        (answer(entry(*ALL_SEXES), next_url="https://x/?page=2"), "only one page.*vgstats fetch"),
        (answer(entry(*ALL_SEXES), previous_page="https://x"), "only one page"),
    ],
)
def test_a_bad_file_is_refused_with_what_to_do(tmp_path, content, message):
    with pytest.raises(VgstatsError, match=message):
        read(tmp_path, content)


@pytest.mark.parametrize(
    "content",
    [
        [],
        {},
        3,
        {"values": [1], "count": 1},
        {"values": [{"kpi": "N00957"}], "count": 1},
        {"values": [entry({"gender": "T"})]},
        {"values": [entry() | {"values": 3}]},
    ],
)
def test_other_json_is_not_this_format(tmp_path, content):
    with pytest.raises(NotThisFormat):
        read(tmp_path, content)


WHOLE = json.dumps(answer(entry(*ALL_SEXES), entry(inner("T", None), municipality="1480"))).encode()
CHANGE = st.tuples(
    st.sampled_from(["delete", "insert", "replace", "truncate"]),
    st.integers(0, len(WHOLE)),
    st.binary(min_size=1, max_size=4) | st.sampled_from([b"0", b"9", b"e", b"-", b'"', b",", b"."]),
)


def changed(content: bytes, how: str, place: int, piece: bytes) -> bytes:
    if how == "truncate":
        return content[:place]
    after = place + (0 if how == "insert" else len(piece))
    return content[:place] + (b"" if how == "delete" else piece) + content[after:]


@given(st.lists(CHANGE, min_size=1, max_size=3))
@in_one_folder
def test_a_damaged_file_is_refused_or_read_and_nothing_else(tmp_path, changes):
    content = WHOLE
    for change in changes:
        content = changed(content, *change)
    try:
        reading = read(tmp_path, content)
    except (VgstatsError, NotThisFormat):
        return
    assert list(reading.rows)[: len(ROW_COLUMNS)] == ROW_COLUMNS
    assert isinstance(faults(reading.rows.assign(retrieved="2026-01-01")), pd.DataFrame)
