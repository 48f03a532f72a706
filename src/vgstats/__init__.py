"""Follow-up of sick leave in Swedish counties.

What an analyst types in a notebook:

    import vgstats as vg

    figures = vg.published()
    vg.select(figures, measure="ohalsotal", area="lan:14", sex="alla")
    vg.change(figures, "ohalsotal", "lan:14", "2005-12", "2008-12").to_frame()
"""

from vgstats import areas, interventions, measures
from vgstats.analysis.change import Change
from vgstats.analysis.changes import change, changes
from vgstats.analysis.comparing.comparison import compare, county_changes
from vgstats.analysis.shares import ShareChange
from vgstats.errors import VgstatsError
from vgstats.observations import one, select
from vgstats.periods import Period
from vgstats.report_kinds.followup import open_report
from vgstats.sources.published import provenance, published
from vgstats.store.store import Store

__all__ = [
    "Change",
    "Period",
    "ShareChange",
    "Store",
    "VgstatsError",
    "areas",
    "change",
    "changes",
    "compare",
    "county_changes",
    "interventions",
    "measures",
    "one",
    "open_report",
    "provenance",
    "published",
    "select",
]
