"""A server on this machine that plays Försäkringskassan, Kolada and SCB, with their traps.

    with Server(fk=fk_rows_from_shared_csv(shared)) as server:
        server.script(Status(429, {"Retry-After": "1"}), Status(500))
        ...  # the first two requests meet these, the third is answered
        server.requests  # what was asked

Forms: Försäkringskassan's statistics API, Kolada's API version 3, SCB's PxWeb API version 2.
"""

from servers.fk import FkTable, fk_rows_from_shared_csv
from servers.misbehaviour import (
    Announced,
    CutHalfway,
    Hangup,
    Html,
    Large,
    Normal,
    Raw,
    Redirect,
    Slow,
    Status,
)
from servers.scb import ScbTable
from servers.server import Server

__all__ = [
    "Announced",
    "CutHalfway",
    "FkTable",
    "Hangup",
    "Html",
    "Large",
    "Normal",
    "Raw",
    "Redirect",
    "ScbTable",
    "Server",
    "Slow",
    "Status",
    "fk_rows_from_shared_csv",
]
