"""Every method of analysis in one place, for a notebook: `from vgstats import methods as m`.

Each takes a tidy frame with columns of any name and returns a small frozen result with `estimate`,
`interval`, `method`, `n`, `unit`, `source`, `to_frame()` and `sentence()` (Swedish). What cannot be
computed raises `NotComputable`, which says why. Formulas and literature: docs/methods.md. The classes
are what the functions return, and what a notebook needs beside them: `Value`, `select`, `one`.

    m.among_others(changes, "lan:14", change="percent", size="before").sentence()
"""

from vgstats.analysis.change import Change
from vgstats.analysis.changes import change, changes
from vgstats.analysis.comparing.among_others import AmongOthers, among_others
from vgstats.analysis.comparing.comparison import (
    Comparison,
    compare,
    county_changes,
    rest_of_country,
)
from vgstats.analysis.comparing.event_study import event_study
from vgstats.analysis.comparing.event_study_result import EventStudy
from vgstats.analysis.comparing.guards import (
    LikeStart,
    breaks,
    demand_same_coding,
    demand_same_definition,
    far_out,
    like_starting_level,
)
from vgstats.analysis.comparing.rolling import december, demand_independent
from vgstats.analysis.comparing.segmented import segmented_regression
from vgstats.analysis.comparing.segmented_result import Segmented
from vgstats.analysis.comparing.synthetic_control import SyntheticControl, synthetic_control
from vgstats.analysis.comparing.two_groups import difference_in_differences
from vgstats.analysis.comparing.two_groups_result import DifferenceInDifferences
from vgstats.analysis.prices import PriceChange, fixed_prices, per_person, price_index
from vgstats.analysis.rates.days import (
    DaysPerPerson,
    HalfWidth,
    days_per_person,
    half_width_of_days,
)
from vgstats.analysis.rates.funnel import Funnel, proportion_funnel, rate_funnel
from vgstats.analysis.rates.funnel_of_changes import FunnelOfChanges, funnel_of_changes
from vgstats.analysis.rates.indirect import (
    IndirectRatio,
    expected_events,
    indirectly_standardised_ratio,
)
from vgstats.analysis.rates.intervals import (
    Proportion,
    ProportionDifference,
    proportion,
    proportion_difference,
    proportions,
)
from vgstats.analysis.rates.per_inhabitants import per_inhabitants
from vgstats.analysis.rates.rates import Rate, rate, rates
from vgstats.analysis.rates.standardisation import (
    StandardisedRate,
    standardised_rate,
    standardised_rates,
)
from vgstats.analysis.rates.two_rates import TwoRates, rate_difference, rate_ratio
from vgstats.analysis.result import Band, Interval, NotComputable, Result
from vgstats.analysis.shares import ShareChange
from vgstats.analysis.splitting.components import Components, components
from vgstats.analysis.splitting.contributions import Contributions, contributions
from vgstats.analysis.splitting.das_gupta import FactorSplit, das_gupta
from vgstats.analysis.splitting.implied_share import ImpliedShare, implied_share, kitagawa_by_sex
from vgstats.analysis.splitting.kitagawa import Kitagawa, kitagawa
from vgstats.analysis.splitting.several import das_gupta_several
from vgstats.errors import VgstatsError
from vgstats.observations import Value, one, select

__all__ = [
    "AmongOthers",
    "Band",
    "Change",
    "Comparison",
    "Components",
    "Contributions",
    "DaysPerPerson",
    "DifferenceInDifferences",
    "EventStudy",
    "FactorSplit",
    "Funnel",
    "FunnelOfChanges",
    "HalfWidth",
    "ImpliedShare",
    "IndirectRatio",
    "Interval",
    "Kitagawa",
    "LikeStart",
    "NotComputable",
    "PriceChange",
    "Proportion",
    "ProportionDifference",
    "Rate",
    "Result",
    "Segmented",
    "ShareChange",
    "StandardisedRate",
    "SyntheticControl",
    "TwoRates",
    "Value",
    "VgstatsError",
    "among_others",
    "breaks",
    "change",
    "changes",
    "compare",
    "components",
    "contributions",
    "county_changes",
    "das_gupta",
    "das_gupta_several",
    "days_per_person",
    "december",
    "demand_independent",
    "demand_same_coding",
    "demand_same_definition",
    "difference_in_differences",
    "event_study",
    "expected_events",
    "far_out",
    "fixed_prices",
    "funnel_of_changes",
    "half_width_of_days",
    "implied_share",
    "indirectly_standardised_ratio",
    "kitagawa",
    "kitagawa_by_sex",
    "like_starting_level",
    "one",
    "per_inhabitants",
    "per_person",
    "price_index",
    "proportion",
    "proportion_difference",
    "proportion_funnel",
    "proportions",
    "rate",
    "rate_difference",
    "rate_funnel",
    "rate_ratio",
    "rates",
    "rest_of_country",
    "segmented_regression",
    "select",
    "standardised_rate",
    "standardised_rates",
    "synthetic_control",
]
