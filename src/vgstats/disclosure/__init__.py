"""Disclosure control: small numbers are hidden so well that they cannot be worked out.

`protect` decides once, for a whole release. `audit` attacks what a finished page shows. Nothing else here
is needed outside.
"""

from vgstats.disclosure.choose import CannotProtect
from vgstats.disclosure.ledger import Contents, Ledger
from vgstats.disclosure.protected import Protected, audit, protect, write_down
from vgstats.disclosure.rule import HidingRule
from vgstats.disclosure.tables import Hierarchies

__all__ = [
    "CannotProtect",
    "Contents",
    "HidingRule",
    "Hierarchies",
    "Ledger",
    "Protected",
    "audit",
    "protect",
    "write_down",
]
