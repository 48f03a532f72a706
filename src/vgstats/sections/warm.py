"""What every report reads and loads, done once in the process that kernels are forked from."""

from __future__ import annotations

from vgstats.catalogue import areas
from vgstats.catalogue.calibration import interval_rates
from vgstats.catalogue.interventions import all_interventions, all_remarks, all_rules
from vgstats.catalogue.measures import catalogue
from vgstats.drawing.embedding import image_address
from vgstats.drawing.maps import boundaries
from vgstats.drawing.style import canvas, style
from vgstats.facts.numbers import swedish
from vgstats.software import fingerprint
from vgstats.sources.datasets import datasets
from vgstats.store.published import provenance


def warm_up() -> None:
    """Read the bundled tables, and draw once; the kernels that are forked afterwards have it all.

    `kernels.zygote` calls this for a module that it has imported under this name.

    Raises:
        VgstatsError: a bundled table is missing or broken.
    """
    for read in (
        areas.lan,
        catalogue,
        interval_rates,
        all_interventions,
        all_remarks,
        all_rules,
        datasets,
        provenance,
    ):
        read()
    fingerprint()
    boundaries("lan")
    boundaries("kommun")
    swedish(1234.5, 1)
    with style():
        drawing, axes = canvas(1)
        axes.plot([0, 1], [1, 2])
        axes.set_ylabel("å", weight="bold")
        image_address(drawing)
