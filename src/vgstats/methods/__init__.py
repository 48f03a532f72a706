"""Every method of analysis in one place, for a notebook: `from vgstats import methods as m`.

Each takes a tidy frame with columns of any name and returns a small frozen result with `estimate`,
`interval`, `method`, `n`, `unit`, `source`, `to_frame()` and `sentence()` (Swedish). What cannot be
computed raises `NotComputable`, which says why. Formulas and literature: docs/methods.md. The classes
are what the functions return, and what a notebook needs beside them: `Value`, `select`, `one`.

    m.among_others(changes, "lan:14", change="percent", size="before").sentence()
"""

import lazy_loader

# Imported when asked for, as `__init__.pyi` lists them: a report that needs one method should not wait for all.
__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
