"""Where the notebooks and the examples of parameter files lie that come along with vgstats.

They are kept once, in `notebooks/` and `params/` at the top of the project. A wheel has them inside the package.
"""

from __future__ import annotations

from pathlib import Path

from vgstats.errors import VgstatsError

FOLDERS = ("notebooks", "params")
_PACKAGE = Path(__file__).parent


def notebooks() -> Path:
    """Return the folder with the notebooks that come along; what lies there is to be read or copied, not changed.

    Raises:
        VgstatsError: this installation has none.

    >>> (notebooks() / "uppfoljning.ipynb").is_file()
    True
    """
    return _folder("notebooks")


def params() -> Path:
    """Return the folder with the examples of parameter files that come along, and what lies beside them.

    Raises:
        VgstatsError: this installation has none.

    >>> (params() / "vg-2006-2008.yaml").is_file()
    True
    """
    return _folder("params")


def _folder(name: str) -> Path:
    """Return a folder of a wheel, or of the project that this package is the source of."""
    installed, project = _PACKAGE / name, _PACKAGE.parent.parent
    if installed.is_dir():
        return installed
    if _PACKAGE.parent.name == "src" and (project / name).is_dir():
        return project / name
    raise VgstatsError(
        f"The {name} that come along with vgstats are not in {_PACKAGE}. Install it anew, from a wheel or from the "
        "project's folder."
    )
