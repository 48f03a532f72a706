"""From a wish for figures to requests, and from requests to answers that hold something.

Planning asks nobody and can be shown before anything is fetched. Answers are handed on as bytes:
what their rows mean is read elsewhere. Forms of the addresses: Försäkringskassan's statistics API,
Kolada's API version 3 and SCB's PxWeb API version 2, with names from `data/datasets.yaml`.
"""

from vgstats.sources.fetch.answered import Unanswered, numbers, unanswered
from vgstats.sources.fetch.asking import Fetched, fetch
from vgstats.sources.fetch.metadata import discover_fk, discover_scb
from vgstats.sources.fetch.planning import SERVICES, Plan, Wish, addresses, offers, plan
from vgstats.sources.fetch.questions import Request

__all__ = [
    "SERVICES",
    "Fetched",
    "Plan",
    "Request",
    "Unanswered",
    "Wish",
    "addresses",
    "discover_fk",
    "discover_scb",
    "fetch",
    "numbers",
    "offers",
    "plan",
    "unanswered",
]
