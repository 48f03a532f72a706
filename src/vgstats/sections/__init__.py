"""What any report may show; arguments say what. No kind of report is named here."""

import lazy_loader

# Imported when asked for, as `__init__.pyi` lists them: a question that shows one section should not wait for all.
__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)


def warm_up() -> None:
    """Import all sections, read the bundled tables, and draw once; the kernels that are forked afterwards have it all.

    `kernels.zygote` calls this when it has imported this module, in the process that kernels are forked from.

    Raises:
        VgstatsError: a bundled table is missing or broken.
    """
    from vgstats.drawing.embedding import image_address
    from vgstats.drawing.maps import boundaries
    from vgstats.drawing.style import canvas, style
    from vgstats.facts.facts import swedish
    from vgstats.reports.base.gathering import read_bundled
    from vgstats.software import fingerprint

    for name in __all__:
        __getattr__(name)
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
