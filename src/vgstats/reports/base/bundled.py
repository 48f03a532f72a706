"""The tables of the package that every report reads."""

from __future__ import annotations

from vgstats.catalogue import areas
from vgstats.catalogue.calibration import interval_rates
from vgstats.catalogue.agreements import all_agreements, all_remarks
from vgstats.catalogue.law_changes import all_law_changes
from vgstats.catalogue.measures import catalogue
from vgstats.sources.datasets import datasets
from vgstats.store.published import provenance


def read_bundled() -> None:
    """Read them all, so that nothing has to be read when a report asks for them.

    Raises:
        VgstatsError: one is missing or broken.
    """
    for read in (
        areas.lan,
        catalogue,
        interval_rates,
        all_agreements,
        all_remarks,
        all_law_changes,
        datasets,
        provenance,
    ):
        read()
