"""Disclosure control: small numbers are hidden so well that they cannot be worked out.

`protect` decides once, for a whole release. `audit` attacks what a finished page shows. Nothing else here
is needed outside.
"""

from vgstats.disclosure.hierarchies import Hierarchies, area_wholes, calendar_wholes
from vgstats.disclosure.ledger import Contents, Ledger
from vgstats.disclosure.proposal import CannotProtect
from vgstats.disclosure.protected import Protected, audit, protect, write_down
from vgstats.disclosure.rule import Rule

__all__ = [
    "CannotProtect",
    "Contents",
    "Hierarchies",
    "Ledger",
    "Protected",
    "Rule",
    "area_wholes",
    "audit",
    "calendar_wholes",
    "protect",
    "write_down",
]
