"""The services that figures are fetched from, and where each of them is."""

from __future__ import annotations

import os
from collections.abc import Mapping

from vgstats.errors import VgstatsError, nearest
from vgstats.sources.datasets import Datasets

SERVICES = ("fk", "scb", "kolada")  # in the order that a measure is looked for


def addresses(datasets: Datasets, overrides: Mapping[str, str]) -> dict[str, str]:
    """Return the base address of each service.

    Args:
        datasets: where the addresses usually are.
        overrides: addresses by service that go before the variables VGSTATS_FK_ADDRESS,
            VGSTATS_SCB_ADDRESS and VGSTATS_KOLADA_ADDRESS, which go before the file.

    Raises:
        VgstatsError: there is no such service.
    """
    for service in overrides:
        check_service(service)
    return {
        name: overrides.get(name)
        or os.environ.get(f"VGSTATS_{name.upper()}_ADDRESS")
        or getattr(datasets, name).address
        for name in SERVICES
    }


def check_service(service: str) -> None:
    """Refuse the name of a service that there is not."""
    if service not in SERVICES:
        raise VgstatsError(
            f"Unknown source to fetch from {service!r}. Write one of {', '.join(SERVICES)}."
            + nearest(service, SERVICES)
        )
