"""Follow-up of sick leave in Swedish counties.

What an analyst types in a notebook:

    import vgstats as vg

    figures = vg.published()
    vg.select(figures, measure="ohalsotal", area="lan:14", sex="alla")
    vg.change(figures, "ohalsotal", "lan:14", "2005-12", "2008-12").to_frame()
"""

import lazy_loader

from vgstats.catalogue import agreements as agreements
from vgstats.catalogue import areas as areas
from vgstats.catalogue import law_changes as law_changes
from vgstats.catalogue import measures as measures

# The rest is imported when asked for, as `__init__.pyi` lists it: a command should not wait for methods.
__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
