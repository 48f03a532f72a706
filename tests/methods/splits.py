"""Frames and checks that the tests of splits of a change share."""

from __future__ import annotations

import re

import pandas as pd
from hypothesis import strategies as st

from vgstats.facts.facts import rounded

NO_SUM = "Delarna är avrundade var för sig"
rates = st.floats(0, 100, allow_nan=False).map(lambda x: round(x, 3))
weights = st.integers(1, 10_000)


def groups(weight, rate, names=None):
    names = names or [f"g{i}" for i in range(len(weight))]
    return pd.DataFrame({"group": names, "weight": weight, "rate": rate})


def one_row(**factors):
    return pd.DataFrame([factors])


@st.composite
def two_times(draw):
    count = draw(st.integers(2, 6))
    return [
        groups(
            draw(st.lists(weights, min_size=count, max_size=count)),
            draw(st.lists(rates, min_size=count, max_size=count)),
        )
        for _ in range(2)
    ]


def no_nan(text):
    return not re.search(r"\bnan\b", text, re.IGNORECASE)


def assert_adds_up(text, result, parts):
    assert no_nan(text.plain())
    same = sum(rounded(part, result.decimals) for part in parts) == rounded(
        result.estimate, result.decimals
    )
    assert same == (NO_SUM not in text.plain().split("Sammansättningens del är")[0])


GOOD = groups([1, 1], [10, 20])
