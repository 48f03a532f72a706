"""What every report reads and loads, done once in the process that kernels are forked from."""

from __future__ import annotations

from vgstats import areas
from vgstats.calibration import interval_rates
from vgstats.interventions import all_interventions, all_remarks, all_rules
from vgstats.measures import catalogue
from vgstats.presentation.embedding import image_address
from vgstats.presentation.maps import boundaries
from vgstats.presentation.style import canvas, style
from vgstats.software import fingerprint
from vgstats.sources.datasets import datasets
from vgstats.sources.published import provenance
from vgstats.wording.numbers import swedish


def warm_up() -> None:
    """Read the bundled tables, and draw once; the kernels that are forked afterwards have it all.

    `kernels.zygote` calls this for a module that it has imported under this name.
    """
    for read in (catalogue, interval_rates, all_interventions, all_remarks, all_rules, datasets):
        read()
    provenance()
    fingerprint()
    areas.lan()
    boundaries("lan")
    boundaries("kommun")
    swedish(1234.5, 1)
    with style():
        drawing, axes = canvas(1)
        axes.plot([0, 1], [1, 2])
        axes.set_ylabel("å", weight="bold")
        image_address(drawing)
