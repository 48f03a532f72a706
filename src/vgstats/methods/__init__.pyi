from .before_after import Change
from .change_funnel import FunnelOfChanges, funnel_of_changes
from .comparison import Comparison, compare, county_changes
from .composition import Kitagawa, kitagawa
from .days import DaysPerPerson, HalfWidth, days_per_person, half_width_of_days
from .factors import FactorSplit, das_gupta, das_gupta_several
from .funnel import Funnel, proportion_funnel, rate_funnel
from .funnel_of_expected import AmongExpected, FunnelOfExpected, expected_funnel
from .guards import breaks, december, demand_independent, demand_same_coding, demand_same_definition
from .implied import ImpliedShare, implied_share, kitagawa_by_sex
from .like_start import LikeStart, far_out, like_starting_level
from .money import PriceChange, fixed_prices, per_person, price_index
from .observed import change, changes, per_inhabitants, rest_of_country
from .one_count import Proportion, Rate, proportion, proportions, rate, rates
from .other_areas import AmongOthers, among_others
from .part_areas import Contributions, contributions
from .result import Band, Interval, NotComputable, Result, Value, VgstatsError, one, select
from .segmented import Segmented, segmented_regression
from .shares import ShareChange
from .standardisation import (
    StandardisedRate,
    expected_events,
    standardised_rate,
    standardised_rates,
)
from .sums import Components, components
from .survival import MedianDays, StillOngoing, median_days, still_ongoing
from .synthetic import SyntheticControl, synthetic_control
from .two_counts import (
    IndirectRatio,
    ProportionDifference,
    TwoRates,
    indirectly_standardised_ratio,
    proportion_difference,
    rate_difference,
    rate_ratio,
)
from .two_groups import DifferenceInDifferences, difference_in_differences
from .unit_changes import funnel_of_unit_changes
from .units_effect import EffectInUnits, effect_by_year, effect_in_units
from .wholes import of_members
from .year_by_year import EventStudy, event_study

__all__ = [
    "AmongExpected",
    "AmongOthers",
    "Band",
    "Change",
    "Comparison",
    "Components",
    "Contributions",
    "DaysPerPerson",
    "DifferenceInDifferences",
    "EffectInUnits",
    "EventStudy",
    "FactorSplit",
    "Funnel",
    "FunnelOfChanges",
    "FunnelOfExpected",
    "HalfWidth",
    "ImpliedShare",
    "IndirectRatio",
    "Interval",
    "Kitagawa",
    "LikeStart",
    "MedianDays",
    "NotComputable",
    "PriceChange",
    "Proportion",
    "ProportionDifference",
    "Rate",
    "Result",
    "Segmented",
    "ShareChange",
    "StandardisedRate",
    "StillOngoing",
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
    "effect_by_year",
    "effect_in_units",
    "event_study",
    "expected_events",
    "expected_funnel",
    "far_out",
    "fixed_prices",
    "funnel_of_changes",
    "funnel_of_unit_changes",
    "half_width_of_days",
    "implied_share",
    "indirectly_standardised_ratio",
    "kitagawa",
    "kitagawa_by_sex",
    "like_starting_level",
    "median_days",
    "of_members",
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
    "still_ongoing",
    "synthetic_control",
]
