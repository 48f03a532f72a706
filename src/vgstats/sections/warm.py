"""What every report reads and loads, done once in the process that kernels are forked from."""

from __future__ import annotations

from vgstats.drawing.embedding import image_address
from vgstats.drawing.maps import boundaries
from vgstats.drawing.style import canvas, style
from vgstats.facts.facts import swedish
from vgstats.reports.base.gathering import read_bundled
from vgstats.software import fingerprint


def warm_up() -> None:
    """Read the bundled tables, and draw once; the kernels that are forked afterwards have it all.

    `kernels.zygote` calls this for a module that it has imported under this name.

    Raises:
        VgstatsError: a bundled table is missing or broken.
    """
    read_bundled()
    fingerprint()
    boundaries("lan")
    boundaries("kommun")
    swedish(1234.5, 1)
    with style():
        drawing, axes = canvas(1)
        axes.plot([0, 1], [1, 2])
        axes.set_ylabel("å", weight="bold")
        image_address(drawing)
