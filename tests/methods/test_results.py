"""Every result is alike to use: numbers, a frame, and a sentence that claims no cause."""

from __future__ import annotations

import doctest
import inspect
import io
import re
from typing import Any

import numpy as np
import pandas as pd
import pytest

from support import ROOT
from vgstats import methods as m
from vgstats import published

CAUSAL = re.compile(
    r"effekt|beror på|berodde|ledde till|tack vare|orsak|på grund av|lyckades|gav resultat|bidrog till",
    re.IGNORECASE,
)
RNG = np.random.default_rng(5)


def changes(n: int = 21) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "area": [f"Område {i}" for i in range(n)],
            "change": RNG.normal(-5, 2, n).round(1),
            "size": RNG.uniform(3e3, 3e5, n).round(),
            "before": RNG.normal(40, 4, n).round(1),
        }
    )


def panel(areas: int = 12, years: int = 14) -> pd.DataFrame:
    rows = [
        (f"Område {a}", 2000 + y, round(40 - 0.4 * y + RNG.normal(0, 0.6) + a, 1))
        for a in range(areas)
        for y in range(years)
    ]
    return pd.DataFrame(rows, columns=["area", "period", "value"])


def halves(columns: list[str], first: list[list], last: list[list]) -> tuple[pd.DataFrame, ...]:
    return tuple(pd.DataFrame(rows, columns=columns) for rows in (first, last))


def examples() -> dict[str, Any]:
    figures, table, series = published(), changes(), panel()
    ends = halves(["group", "weight", "rate"], [["a", 5, 10.0], ["b", 3, 20]],
                  [["a", 4, 9.0], ["b", 4, 18]])  # fmt: skip
    by_sex = halves(["sex", "value"], [["alla", 42.9], ["kvinnor", 51.7], ["män", 34.3]],
                    [["alla", 36.8], ["kvinnor", 44.0], ["män", 29.6]])  # fmt: skip
    parts = halves(["part", "value"], [["sjp", 10.0], ["sa", 25.5]], [["sjp", 8.6], ["sa", 23.9]])
    kommuner = pd.DataFrame(
        {"area": list("abc"), "weight_before": [5, 3, 2], "weight_after": [5, 3, 3],
         "rate_before": [40.0, 42, 50], "rate_after": [38.0, 41, 44]}
    )  # fmt: skip
    two = series[series["area"].isin(["Område 0", "Område 1"])]
    units = pd.DataFrame(
        {
            "group": ["x"] * 9 + ["y"] * 9,
            "before": RNG.normal(20, 2, 18),
            "after": RNG.normal(19, 2, 18),
        }
    )
    strata = pd.DataFrame({"events": [40, 60, 90], "population": [1e3, 2e3, 1e3],
                           "standard": [3, 4, 3]})  # fmt: skip
    counts = pd.DataFrame(
        {"area": list("abcd"), "events": [40, 60, 90, 20], "n": [100, 120, 200, 80]}
    )
    lasting = pd.DataFrame({"days": [9, 31, 60], "ended": [40, 30, 0], "ongoing": [0, 9, 30]})
    cost = m.change(figures, "kostnad_sa", "lan:14", "2004", "2007")
    share = m.change(
        figures, "sjukfall_60_dagar_andel", "lan:14", "2005", "2008", group="diagnos=F00-F99"
    )
    cases = m.change(figures, "sjukfall_60_dagar", "lan:14", "2005-12", "2008-12")
    return {
        "compare": m.compare(figures, "pagaende_sjukfall", "lan:14", "2005", "2008"),
        "like_starting_level": m.like_starting_level(
            table, "Område 3", change="change", size="size"
        ),
        "far_out": m.far_out(
            pd.DataFrame(
                {
                    "area": list("abcdefgh"),
                    "before": [40, 31, 32, 30, 29, 33, 31, 30],
                    "difference": [-3.0, -1, -1.5, -0.5, 0, -2, -1, 0.5],
                }
            ),
            "a",
        ),
        "ShareChange": m.ShareChange(share, cases),
        "change": m.change(figures, "ohalsotal", "lan:14", "2005-12", "2008-12"),
        "fixed_prices": m.fixed_prices(cost, 100, 105, "Kostnaden"),
        "among_others": m.among_others(table, "Område 3", size="size"),
        "event_study": m.event_study(series, treated="Område 0", base=2008, unit="dagar"),
        "synthetic_control": m.synthetic_control(series, treated="Område 0", start=2009),
        "segmented_regression": m.segmented_regression(
            two, start=2009, rolling12=True, group="area", treated="Område 0", comparison="Område 1"
        ),
        "difference_in_differences": m.difference_in_differences(units, treated="x", balanced=True),
        "kitagawa": m.kitagawa(*ends),
        "kitagawa_by_sex": m.kitagawa_by_sex(*by_sex, unit="dagar"),
        "implied_share": m.implied_share(42.9, 51.7, 34.3, 0.1),
        "das_gupta": m.das_gupta(*(e.head(1) for e in ends), factors=["weight", "rate"]),
        "components": m.components(*parts, ["sjp", "sa"], rounding=0.1),
        "contributions": m.contributions(kommuner),
        "proportion": m.proportion(81, 263),
        "proportion_difference": m.proportion_difference(56, 70, 48, 80),
        "rate": m.rate(65, 100),
        "rate_ratio": m.rate_ratio(41, 28_010, 15, 19_017),
        "rate_difference": m.rate_difference(41, 28_010, 15, 19_017),
        "indirectly_standardised_ratio": m.indirectly_standardised_ratio(65, 50),
        "days_per_person": m.days_per_person(
            pd.DataFrame({"days": [20, 365], "persons": [200, 90]}), 1000
        ),
        "half_width_of_days": m.half_width_of_days(43, 3000, mean_square_ratio=342),
        "standardised_rate": m.standardised_rate(
            strata, events="events", population="population", standard="standard"
        ),
        "proportion_funnel": m.proportion_funnel(counts, area="area", events="events", of="n"),
        "rate_funnel": m.rate_funnel(counts, area="area", events="events", of="n"),
        "funnel_of_changes": m.funnel_of_changes(table, size="size"),
        "expected_funnel": m.expected_funnel(
            table.assign(events=table["size"] // 900, expected=table["size"] / 1000)
        ),
        "median_days": m.median_days(lasting),
        "still_ongoing": m.still_ongoing(lasting, 30),
        "effect_in_units": m.effect_in_units(
            units.assign(unit=range(18), began=units["group"] == "x"), chosen_high=True
        ),
        "funnel_of_unit_changes": m.funnel_of_unit_changes(
            table.assign(
                a=table["size"] // 40, b=table["size"] // 44 + 3 * table["before"], n=table["size"]
            ),
            unit="area",
            cases=("a", "b"),
            persons=("n", "n"),
        ),
    }


EXAMPLES = examples()


@pytest.mark.parametrize("name", EXAMPLES)
def test_a_result_has_all_that_a_reader_needs(name):
    result = EXAMPLES[name]
    assert np.isfinite(result.estimate)
    assert result.n >= 1
    assert len(result.method) > 10
    assert isinstance(result.unit, str) and isinstance(result.source, str)
    if result.interval is not None:
        assert result.interval.low <= result.estimate <= result.interval.high
    assert not result.to_frame().empty


@pytest.mark.parametrize("name", EXAMPLES)
def test_a_sentence_is_plain_swedish_and_claims_no_cause(name):
    said = EXAMPLES[name].sentence().plain()
    assert said[0].isupper() or said[0].isdigit()
    assert said.endswith(".")
    assert not CAUSAL.search(said), said
    assert not re.search(r"\bnan\b|\binf\b|None", said), said
    assert not re.search(r"\d\.\d", said), "decimal comma"
    assert not re.search(r"\bp ?[=<]", said), "no p value without its interval"


def test_every_method_that_gives_a_result_has_an_example():
    tables = {
        "changes",
        "county_changes",
        "proportions",
        "rates",
        "standardised_rates",
        "december",
        "breaks",
        "das_gupta_several",
        "per_inhabitants",
        "of_members",
        "effect_by_year",
    }
    others = {"rest_of_country", "per_person", "price_index", "expected_events", "select", "one"}
    guards = {name for name in m.__all__ if name.startswith("demand_")}
    functions = {n for n in m.__all__ if inspect.isfunction(getattr(m, n))}
    assert functions | {"ShareChange"} == set(EXAMPLES) | tables | others | guards


def test_the_lines_of_the_methods_page_run():
    page = (ROOT / "docs" / "methods.md").read_text(encoding="utf-8")
    (example,) = re.findall(r"```python\n(.*?)```", page, re.DOTALL)
    exec(example, {})  # noqa: S102 - our own page
    for name in m.__all__:
        if name[0].islower():
            assert f"`{name}`" in page, f"{name} is not in docs/methods.md"


FUNCTIONS = sorted(name for name in m.__all__ if inspect.isfunction(getattr(m, name)))


@pytest.mark.parametrize("name", FUNCTIONS)
def test_a_method_says_what_it_takes_and_shows_how_it_is_called(name):
    function = getattr(m, name)
    page = inspect.getdoc(function) or ""
    assert "Args:" in page
    described = page.split("Args:")[1].split("Raises:")[0]
    for parameter in inspect.signature(function).parameters:
        assert re.search(rf"^    {parameter}: ", described, re.MULTILINE), parameter
    (example,) = doctest.DocTestFinder(recurse=False).find(function, name)
    assert example.examples, "no example"
    said = io.StringIO()
    failed = doctest.DocTestRunner(verbose=False).run(example, out=said.write).failed
    assert not failed, said.getvalue()


@pytest.mark.parametrize("name", EXAMPLES)
def test_the_class_of_every_result_is_among_the_methods(name):
    assert type(EXAMPLES[name]).__name__ in m.__all__
