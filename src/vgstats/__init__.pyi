from .blocks.own_blocks import figure, table, text
from .catalogue import agreements, areas, law_changes, measures
from .catalogue.periods import Period
from .errors import VgstatsError
from .explore.figures import available, figures
from .methods.before_after import Change
from .methods.comparison import compare, county_changes
from .methods.observed import change, changes
from .methods.shares import ShareChange
from .observations import one, select
from .reports import open_report
from .store.published import provenance, published
from .store.store import Store

__all__ = [
    "Change",
    "Period",
    "ShareChange",
    "Store",
    "VgstatsError",
    "agreements",
    "areas",
    "available",
    "change",
    "changes",
    "compare",
    "county_changes",
    "figure",
    "figures",
    "law_changes",
    "measures",
    "one",
    "open_report",
    "provenance",
    "published",
    "select",
    "table",
    "text",
]
