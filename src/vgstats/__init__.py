"""Follow-up of sick leave in Swedish counties.

What an analyst types in a notebook:

    import vgstats as vg

    figures = vg.published()
    vg.select(figures, measure="ohalsotal", area="lan:14", sex="alla")
    vg.change(figures, "ohalsotal", "lan:14", "2005-12", "2008-12").to_frame()
"""

from vgstats.catalogue import agreements, areas, law_changes, measures
from vgstats.catalogue.periods import Period
from vgstats.errors import VgstatsError
from vgstats.methods.before_after import Change
from vgstats.methods.comparison import compare, county_changes
from vgstats.methods.observed import change, changes
from vgstats.methods.shares import ShareChange
from vgstats.observations import one, select
from vgstats.reports import open_report
from vgstats.store.published import provenance, published
from vgstats.store.store import Store

__all__ = [
    "Change",
    "Period",
    "ShareChange",
    "Store",
    "VgstatsError",
    "agreements",
    "areas",
    "change",
    "changes",
    "compare",
    "county_changes",
    "law_changes",
    "measures",
    "one",
    "open_report",
    "provenance",
    "published",
    "select",
]
