"""Where the notebooks and the examples of parameter files lie that come along with vgstats, and a folder to work in.

They are kept once, in `notebooks/` and `params/` at the top of the project. A wheel has them inside the package.
"""

from __future__ import annotations

from pathlib import Path

from vgstats.errors import VgstatsError
from vgstats.whole_files import write_whole

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
        f"The {name} that come along with vgstats are not in {_PACKAGE}. Install it anew, from a wheel or from "
        "the project's folder."
    )


def lay_out(folder: Path) -> tuple[list[Path], list[Path]]:
    """Make a working folder with `notebooks`, `params` and `reports`, the parameter files that come along in it.

    Notebooks are not copied: those that come along are used anyway, and a copy would stay behind when vgstats changes.

    Returns:
        The files that were written, and those that were there already and are as they were.

    Raises:
        VgstatsError: the folder cannot be written to.
    """
    written, kept = [], []
    try:
        for name in ("notebooks", "params", "reports"):
            (folder / name).mkdir(parents=True, exist_ok=True)
        for ours in sorted(params().rglob("*")):
            file = folder / "params" / ours.relative_to(params())
            if ours.is_dir():
                file.mkdir(exist_ok=True)
            elif file.exists() or file.is_symlink():
                kept.append(file)
            else:
                written.append(write_whole(file, ours.read_bytes()))
    except OSError as error:
        raise VgstatsError(
            f"{error.filename or folder}: cannot be written ({error.strerror}). Name a folder that is yours to write "
            "to, or one that is not there yet."
        ) from None
    return written, kept
