"""Follow-up of sick leave in Swedish counties.

What an analyst types in a notebook:

>>> import vgstats as vg
>>> vg.change("ohalsotal", "Västra Götaland", "2005-12", "2008-12").difference
-6.1
>>> figures = vg.figures("ohalsotal", ["riket", "Västra Götaland"], slice("2005", "2008"))
>>> figures["area_name"].unique().tolist()
['Riket', 'Västra Götalands län']
"""

import lazy_loader

from vgstats.catalogue import agreements as agreements
from vgstats.catalogue import areas as areas
from vgstats.catalogue import law_changes as law_changes
from vgstats.catalogue import measures as measures

# The rest is imported when asked for, as `__init__.pyi` lists it: a command should not wait for methods.
__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
