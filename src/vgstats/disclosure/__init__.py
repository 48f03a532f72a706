"""Disclosure control: small numbers are hidden so well that they cannot be worked out.

`protect` decides once, for a whole release. `audit` attacks what a finished page shows. Nothing else here
is needed outside.
"""

from vgstats.disclosure.attack import Bounds, attack, unsafe
from vgstats.disclosure.derived import Derived, counts_behind, hidden_derived, ranked
from vgstats.disclosure.hierarchies import Hierarchies, area_wholes, calendar_wholes
from vgstats.disclosure.ledger import Ledger
from vgstats.disclosure.proposal import CannotProtect
from vgstats.disclosure.protected import Protected, audit, protect, write_down
from vgstats.disclosure.rule import Rule
from vgstats.disclosure.tables import all_numbers

__all__ = [
    "Bounds",
    "CannotProtect",
    "Derived",
    "Hierarchies",
    "Ledger",
    "Protected",
    "Rule",
    "all_numbers",
    "area_wholes",
    "attack",
    "audit",
    "calendar_wholes",
    "counts_behind",
    "hidden_derived",
    "protect",
    "ranked",
    "unsafe",
    "write_down",
]
