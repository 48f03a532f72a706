"""Judgements in a region's own file that do not fit are refused, each with where it stands and what is accepted."""

from __future__ import annotations

import pytest

from vgstats import VgstatsError
from vgstats.catalogue.requirements import Judgement
from vgstats.sources.own_assembly import Place
from vgstats.sources.own_file import read_own_file
from vgstats.sources.own_judgements import check_judgements
from vgstats.sources.own_names import check_names


def judgement(area: str, requirement: str, at: int) -> tuple[Place, Judgement]:
    one = Judgement(
        requirements="villkor-2017-2018",
        requirement=requirement,
        area=area,
        period="2019",
        source="x",
        status="",
    )
    return Place.of(f"egen.yaml, judgements, entry {at}"), one


@pytest.mark.parametrize(
    ("rows", "said"),
    [
        ([("lan:14", "1.7")], r"entry 1, key requirement: '1\.7' is none of .*one of: 1\.1, 1\.2"),
        ([("lan:14", "1.1"), ("lan:14", "1.1")], "entry 2, .* in judgements, entry 1 already"),
    ],
    ids=["unknown", "twice"],
)  # fmt: skip
def test_one_message_says_where_and_what_is_accepted(rows, said):
    placed = [judgement(*row, at) for at, row in enumerate(rows, 1)]
    with pytest.raises(VgstatsError, match=said):
        check_judgements(placed)


def test_all_that_do_not_fit_are_told_at_once():
    placed = [judgement("lan:14", number, at) for at, number in enumerate(("1.7", "1.8"), 1)]
    with pytest.raises(VgstatsError) as error:
        check_judgements(placed)
    assert len(error.value.args) == 2


def test_a_county_that_has_not_answered_all_is_no_fault():
    rows = [("lan:14", "1.1"), ("lan:14", "1.2"), ("lan:09", "1.1")]
    check_judgements([judgement(*row, at) for at, row in enumerate(rows, 1)])


def test_an_agreement_is_no_list_of_requirements(tmp_path):
    file = tmp_path / "egen.yaml"
    file.write_text(
        "judgements: [{requirements: timra-2018-2019, requirement: '1.1', area: '22', period: '2019', source: x}]\n"
        "sources: [{source: xx, short: X, title: X, publisher: X}]\n",
        encoding="utf-8",
    )
    with pytest.raises(VgstatsError, match="'timra-2018-2019' is not a known requirements"):
        check_names(read_own_file(file), [], ["x"], [])
