"""What any report may show; arguments say what. No kind of report is named here."""

import lazy_loader

# Imported when asked for, as `__init__.pyi` lists them: a table should not wait for what draws.
__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)


def warm_up() -> None:
    """Read the bundled tables, and draw once; the kernels that are forked afterwards have it all.

    `kernels.zygote` calls this when it has imported the sections, in the process that kernels are forked from.

    Raises:
        VgstatsError: a bundled table is missing or broken.
    """
    import statsmodels.api  # noqa: F401 - what a broken trend loads

    from vgstats.drawing.embedding import image_address
    from vgstats.drawing.maps import boundaries
    from vgstats.drawing.style import canvas, style
    from vgstats.facts.facts import swedish
    from vgstats.reports.base.gathering import read_bundled
    from vgstats.software import fingerprint

    for section in __all__:
        __getattr__(section)
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
