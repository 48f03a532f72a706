from .before_after import Change
from .beside import Value, VgstatsError, one, select
from .comparing.among_others import AmongOthers, among_others
from .comparing.comparison import Comparison, compare, county_changes, rest_of_country
from .comparing.event_study import event_study
from .comparing.event_study_result import EventStudy
from .comparing.guards import (
    LikeStart,
    breaks,
    demand_same_coding,
    demand_same_definition,
    far_out,
    like_starting_level,
)
from .comparing.rolling import december, demand_independent
from .comparing.segmented import segmented_regression
from .comparing.segmented_result import Segmented
from .comparing.synthetic_control import SyntheticControl, synthetic_control
from .comparing.two_groups import difference_in_differences
from .comparing.two_groups_result import DifferenceInDifferences
from .counting.days import DaysPerPerson, HalfWidth, days_per_person, half_width_of_days
from .counting.funnel import Funnel, proportion_funnel, rate_funnel
from .counting.funnel_of_changes import FunnelOfChanges, funnel_of_changes
from .counting.indirect import IndirectRatio, expected_events, indirectly_standardised_ratio
from .counting.intervals import (
    Proportion,
    ProportionDifference,
    proportion,
    proportion_difference,
    proportions,
)
from .counting.per_inhabitants import per_inhabitants
from .counting.rates import Rate, rate, rates
from .counting.standardisation import StandardisedRate, standardised_rate, standardised_rates
from .counting.two_rates import TwoRates, rate_difference, rate_ratio
from .over_areas import change, changes
from .prices import PriceChange, fixed_prices, per_person, price_index
from .result import Band, Interval, NotComputable, Result
from .shares import ShareChange
from .splitting.components import Components, components
from .splitting.contributions import Contributions, contributions
from .splitting.das_gupta import FactorSplit, das_gupta
from .splitting.implied_share import ImpliedShare, implied_share, kitagawa_by_sex
from .splitting.kitagawa import Kitagawa, kitagawa
from .splitting.several import das_gupta_several

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
