"""SCB's population with noise is a number to count with, and whoever reads the rate is told."""

from __future__ import annotations

import pandas as pd
import pytest

from vgstats.blocks.words import noise_words
from vgstats.methods.observed import per_inhabitants
from vgstats.observations import COLUMNS, Value


def row(measure: str, period: str, value: float, status: str) -> list[object]:
    return [measure, "lan:14", period, "alla", "", value, 1.0, status, "s", "2026-01-01"]


@pytest.mark.parametrize(("mark", "rate"), [("noisy", "noisy"), ("ok", "derived")])
def test_cases_per_inhabitant_rest_on_a_noisy_population_and_say_so(mark, rate):
    frame = pd.DataFrame(
        [
            row("pagaende_sjukfall", "2026", 50, "ok"),
            row("befolkning", "2025-06", 900, mark),  # not that of 31 December
            row("befolkning", "2025", 1000, mark),
            row("befolkning", "2025-12", 1000, mark),
        ],
        columns=COLUMNS,
    )
    (found,) = per_inhabitants(
        frame, "pagaende_sjukfall", "pagaende_sjukfall_per_1000"
    ).itertuples()
    assert (found.period, found.value, found.status) == ("2026", 50.0, rate)


def test_a_number_that_rests_on_noise_is_told():
    noisy, plain = (
        Value("befolkning", "lan:14", "2025", "alla", "", 1.0, 1.0, status, "scb")
        for status in ("noisy", "ok")
    )
    assert [said.plain() for said in noise_words(plain, noisy)] == [
        "SCB har lagt ett litet slumpmässigt brus på folkmängden."
    ]
    assert noise_words(plain) == []
