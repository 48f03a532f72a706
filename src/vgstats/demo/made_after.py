"""What made-up certificates are made after.

`tests/demo/test_certificates.py` compares what is generated with the published figures:

* women's share, and diagnoses of ongoing cases by sex: Försäkringskassan, ongoing cases 2024 (psychiatric), and April
  2024 (musculoskeletal); half of the psychiatric ones are F43 (Försäkringskassan: about half of those that start).
* lengths: of ongoing cases past their first fourteen days 79 % have lasted 60 days, of those 49 % a year
  (Försäkringskassan, 2017). A Lomax distribution, longer for psychiatric ones, comes within a few points.
* partial cases, employment and certifying care: cases of 60 days in Västra Götaland, 2008.
* relapses, seasons, ages, employers, measures and how often they are recorded: assumed.
"""

from __future__ import annotations

import numpy as np

# Shares of ongoing cases, of women and of men.
WOMEN = 0.652
ONGOING = ((0.264, 0.264, 0.154, 0.318), (0.2065, 0.2065, 0.202, 0.385))
SCALES = (22.0, 34.0, 16.0, 8.0)  # days, of each group's Lomax distribution
SHAPE, SHORTEST, LONGEST = 0.8, 4, 1095
CODES = (
    {"F43.9": 0.45, "F43.8": 0.35, "F43.2": 0.2},
    {"F32.9": 0.35, "F41.9": 0.25, "F33.1": 0.15, "F41.2": 0.1, "F31.9": 0.08, "F10.2": 0.07},
    {"M54.5": 0.3, "M79.1": 0.2, "M75.1": 0.2, "M16.9": 0.1, "M17.9": 0.1, "M51.1": 0.1},
    {"S82.6": 0.2, "S62.6": 0.1, "C50.9": 0.12, "G43.9": 0.13, "J06.9": 0.2, "K40.9": 0.1, "R53.9": 0.15},
)  # fmt: skip
CARE = {"Allmänmedicin": 0.39, "Sjukhusklinik": 0.44, "Företagshälsovård": 0.07, "Privatläkare": 0.07,
        "Annan vårdgivare": 0.03}  # fmt: skip
OCCUPATIONS = {"Anställd": 0.74, "Arbetssökande": 0.21, "Studerande": 0.02, "Försörjningsstöd": 0.02,
               "": 0.01}  # fmt: skip
EMPLOYERS = {"Privat": 0.52, "Kommun": 0.29, "Region": 0.11, "Stat": 0.08}
DEGREES = (100, 75, 50, 25)
FIRST_DEGREE = (0.84, 0.02, 0.11, 0.03)
STEP = 0.07  # down a step, with each certificate after the first month: 100 to 75 or 50, then 50, then 25
RELAPSE, APART = (
    0.25,
    150.0,
)  # how likely another case is, and mean days to it beyond the first week
CERTIFICATE = (11, 17, 25, 32, 42, 55, 65, 75, 85)  # mean days of a case's certificates, in order
A_CASE = 2.97  # certificates
KVA = {"DV077": 0.16, "GC001": 0.07, "KART": 0.05}  # plan, coordination, talk (a code of its own)
EMPLOYER, AGENCY, COMPLETION = 0.08, 0.07, 0.05
MARKS = (*KVA, "employer_met", "agency_met", "completed")
PER_LISTED = 0.028  # ongoing cases of those listed of 16-69 years


def lasting(scale: float, beyond: float = 0) -> float:
    """Return the mean days, from some day on, of a case whose length has a scale (see `SCALES`).

    Divided by that from day 0 it is the share of ongoing cases that have lasted so long.
    """
    top, low = 1 + (LONGEST - SHORTEST) / scale, 1 + max(0, beyond - SHORTEST) / scale
    whole = scale / (1 - SHAPE) * (top ** (1 - SHAPE) - low ** (1 - SHAPE))
    return float(whole + max(0, SHORTEST - beyond))


def starting() -> np.ndarray:
    """Return the shares of cases that start, by sex and group, that give the shares of `ONGOING`."""
    share = np.array(ONGOING) / [lasting(scale) for scale in SCALES]
    return np.asarray(share / share.sum(axis=1, keepdims=True))


def mean_days() -> float:
    """Return the mean days of a case."""
    by_sex = starting() @ [lasting(scale) for scale in SCALES]
    women = WOMEN / by_sex[0] / (WOMEN / by_sex[0] + (1 - WOMEN) / by_sex[1])
    return float(women * by_sex[0] + (1 - women) * by_sex[1])


def starting_sexes() -> np.ndarray:
    """Return how many cases women and men start, beside each other."""
    by_sex = starting() @ [lasting(scale) for scale in SCALES]
    return np.asarray([WOMEN, 1 - WOMEN] / by_sex)


def code_weights() -> np.ndarray:
    """Return the weights of all codes, by group."""
    weights = np.zeros((len(CODES), sum(map(len, CODES))))
    at = 0
    for group, of in enumerate(CODES):
        weights[group, at : at + len(of)] = list(of.values())
        at += len(of)
    return weights
