from . import demo
from .blocks.own_blocks import figure, table, text
from .catalogue import agreements, areas, law_changes, measures
from .catalogue.periods import Period
from .errors import VgstatsError
from .explore.answer import Answer
from .explore.divided import shares
from .explore.figures import available, figures
from .explore.places import kommuner, map, ranking
from .explore.questions import change, changes, compare
from .explore.years import series, years_before
from .lab.choosers import choosers
from .methods.before_after import Change
from .methods.comparison import county_changes
from .methods.shares import ShareChange
from .observations import one, select
from .reports import open_report
from .software import __version__
from .store.published import provenance, published
from .store.store import Store

__all__ = [
    "Answer",
    "Change",
    "Period",
    "ShareChange",
    "Store",
    "VgstatsError",
    "__version__",
    "agreements",
    "areas",
    "available",
    "change",
    "changes",
    "choosers",
    "compare",
    "county_changes",
    "demo",
    "figure",
    "figures",
    "kommuner",
    "law_changes",
    "map",
    "measures",
    "one",
    "open_report",
    "provenance",
    "published",
    "ranking",
    "select",
    "series",
    "shares",
    "table",
    "text",
    "years_before",
]
