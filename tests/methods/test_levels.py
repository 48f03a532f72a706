"""Riket, counties, kommuner and parts of counties never stand side by side as areas of one kind."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from vgstats import methods as m
from vgstats.catalogue.areas import kommuner, lan
from vgstats.methods.levels import demand_one_level

RNG = np.random.default_rng(17)


def one_row_each(areas: list[str]) -> pd.DataFrame:
    n = len(areas)
    return pd.DataFrame(
        {
            "area": areas,
            "change": RNG.normal(-20, 5, n),
            "difference": RNG.normal(-6, 1, n),
            "before": RNG.normal(40, 4, n),
            "events": RNG.integers(40, 80, n),
            "n": RNG.integers(100, 200, n),
            "size": RNG.uniform(1e3, 1e5, n),
            "weight_before": 1.0,
            "weight_after": 1.0,
            "rate_before": RNG.normal(40, 4, n),
            "rate_after": RNG.normal(36, 4, n),
        }
    )


def yearly(areas: list[str]) -> pd.DataFrame:
    rows = [(a, 2000 + y, 40 + RNG.normal()) for a in areas for y in range(8)]
    return pd.DataFrame(rows, columns=["area", "period", "value"])


CALLS = {
    "among_others": lambda f, _: m.among_others(f, "lan:14"),
    "like_starting_level": lambda f, _: m.like_starting_level(f, "lan:14"),
    "far_out": lambda f, _: m.far_out(f, "lan:14"),
    "contributions": lambda f, _: m.contributions(f),
    "proportion_funnel": lambda f, _: m.proportion_funnel(f),
    "rate_funnel": lambda f, _: m.rate_funnel(f),
    "rate_funnel of standardised rates": lambda f, _: m.rate_funnel(f, rate="rate_after"),
    "funnel_of_changes": lambda f, _: m.funnel_of_changes(f, size="size"),
    "event_study": lambda _, f: m.event_study(f, treated="lan:14", base=2004),
    "synthetic_control": lambda _, f: m.synthetic_control(f, treated="lan:14", start=2005),
    "kitagawa": lambda f, _: m.kitagawa(f, f, by="area", rate="rate_after", weight="n"),
    "das_gupta": lambda f, _: m.das_gupta(f, f, by="area", factors=["n", "rate_after"]),
    "standardised_rate": lambda f, _: m.standardised_rate(
        f, events="events", population="n", standard="size", strata="area"
    ),
}


@pytest.mark.parametrize("name", CALLS)
def test_riket_among_the_counties_is_refused_by_every_method(name):
    CALLS[name](one_row_each(lan()), yearly(lan()))  # the counties alone are fine
    mixed = [*lan(), "riket"]
    with pytest.raises(m.NotComputable, match=r"riket \(riket\) och län \(lan:01\)\. Välj rader"):
        CALLS[name](one_row_each(mixed), yearly(mixed))


@pytest.mark.parametrize(
    "areas",
    [
        ["lan:14", "kommun:1480"],
        ["hsn:14-07", "delregion:14-skaraborg"],
        ["lfc:14-skovde", "kommun:1480"],
        ["Västra Götalands län", "Hela landet"],
        ["Skåne", "Mölndal"],
        ["Västra Götaland", "Stockholm", "Göteborg"],
        ["14 Västra Götalands län", "1480 Göteborg"],
        ["14", "12", "00"],
        ["14", "1480"],
        ["Område A", "Område B", "RIKET"],
        ["riket", "riket utom lan:14", "lan:14"],
        ["lan:14", "lan:12", "övriga landet"],
        ["Västra Götaland", "Skåne", "Hela Sverige"],
        ["Västra Götaland", "Skåne", "Totalt"],
        ["Ale", "Mölndal", "Länet"],
        ["01 Stockholms län", "0180 Stockholm"],
        ["03 Uppsala län", "0380 Uppsala"],
        [1, 3, 4, 5, 6, 0],  # codes read as numbers have lost their zeros
        [1.0, 3.0, 4.0, 5.0, 6.0, 1480.0],
        [1, 3, 4, 5, 6, 7, "riket"],
        [180, 114, 115, 117, 120, 14],
    ],
)
def test_levels_are_told_by_type_code_or_name(areas):
    with pytest.raises(m.NotComputable, match="olika nivå står i samma kolumn, 'län'"):
        demand_one_level(areas, "län")


@pytest.mark.parametrize(
    "areas",
    [
        lan(),
        kommuner("lan:14"),
        ["Stockholm", "Göteborg", "Uppsala"],  # kommuner, though two are counties' names too
        ["Stockholm", "Västra Götaland", "Uppsala"],
        ["Område 1", "Område 2"],
        ["Skåne", "Vårdcentral Norr"],
        ["riket"],
        [1, 2, 14, 1480],  # not all are codes
        [0, 1],
        list(range(21)),
        [1, 3, 4, 5, 6, 7],
        [2.5, 3.5],
        ["alla", "kvinnor", "män"],
        ["0180 Stockholm", "0380 Uppsala"],
        [],
    ],
)
def test_areas_of_one_level_and_unknown_names_pass(areas):
    demand_one_level(areas, "area")


@pytest.mark.parametrize("name", CALLS)
def test_a_row_without_a_name_is_no_area(name):
    for missing in (None, " "):
        nameless = [*lan(), missing]
        with pytest.raises(m.NotComputable, match=r"saknar namn|namn saknas"):
            CALLS[name](one_row_each(nameless), yearly(nameless))


def test_an_area_that_is_not_there_is_named():
    with pytest.raises(m.NotComputable, match="'lan:99' inte finns bland områdena"):
        m.far_out(one_row_each(lan()), "lan:99")


@pytest.mark.parametrize("names", [["alla", "kvinnor", "män"], ["Totalt", "Kvinnor", "Män"]])
def test_all_are_no_stratum_beside_women_and_men(names):
    frame = one_row_each(names).rename(columns={"area": "sex"})
    strata = frame.rename(columns={"events": "reference_events", "n": "reference_population"})
    calls = (
        lambda: m.kitagawa(frame, frame, by="sex", rate="rate_after", weight="n"),
        lambda: m.das_gupta(frame, frame, by="sex", factors=["n", "rate_after"]),
        lambda: m.contributions(frame, area="sex"),
        lambda: m.standardised_rate(
            frame, events="events", population="n", standard="size", strata="sex"
        ),
        lambda: m.expected_events(strata, population="size", strata="sex"),
    )
    for call in calls:
        with pytest.raises(
            m.NotComputable, match=f"{names[0]} står bland sina delar i kolumnen 'sex'"
        ):
            call()
