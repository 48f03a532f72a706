from .beside_others import comparison, counties
from .brief import in_brief
from .by_part import ages, branches, chapters, lengths, started
from .change_tables import beside, changes
from .composition import benefits, by_sex
from .contributions_of_kommuner import by_size
from .diagnoses import psychiatric
from .doubts import remarks
from .grants import money
from .in_own_words import own_words
from .indicator_table import indicators
from .maps_of_places import map_of
from .missing import gaps
from .organisation import structures
from .over_time import series
from .page_one import findings, goals_and_money, lead_figure, not_known, would_it
from .parts_of_county import parts
from .places import kommuner
from .plan import actions, goals
from .provenance import definitions, hidden, remake, sources
from .register import by_group, kommuner_by_group, months
from .revisions import revised
from .share_figures import instances, shares
from .spending import costs
from .verdict import answer, rules
from .ways import more_ways

__all__ = [
    "actions",
    "ages",
    "answer",
    "benefits",
    "beside",
    "branches",
    "by_group",
    "by_sex",
    "by_size",
    "changes",
    "chapters",
    "comparison",
    "costs",
    "counties",
    "definitions",
    "findings",
    "gaps",
    "goals",
    "goals_and_money",
    "hidden",
    "in_brief",
    "indicators",
    "instances",
    "kommuner",
    "kommuner_by_group",
    "lead_figure",
    "lengths",
    "map_of",
    "money",
    "months",
    "more_ways",
    "not_known",
    "own_words",
    "parts",
    "psychiatric",
    "remake",
    "remarks",
    "revised",
    "rules",
    "series",
    "shares",
    "sources",
    "started",
    "structures",
    "would_it",
]

def warm_up() -> None: ...
