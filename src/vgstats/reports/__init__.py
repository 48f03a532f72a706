"""What a report is, and one module a kind: parameters, what it wants, when that is enough, title, index row."""

from __future__ import annotations

import importlib
import pkgutil
from typing import TYPE_CHECKING, Any

from vgstats.errors import VgstatsError, nearest

if TYPE_CHECKING:
    from vgstats.reports.report import Report

_BASE = "report"


def kinds() -> list[str]:
    """Return the names of the kinds of reports: every module here but the base is one."""
    return [m.name for m in pkgutil.iter_modules(__path__) if not m.ispkg and m.name != _BASE]


def kind(name: str) -> type[Report]:
    """Return a kind of report by its name.

    Raises:
        VgstatsError: there is no such kind, or its module has no class of that name.

    >>> kind("uppfoljning").name
    'uppfoljning'
    """
    if name not in kinds():
        raise VgstatsError(
            f"report: {name!r} will not do.{nearest(str(name), kinds())} Expected {' or '.join(map(repr, kinds()))}."
        )
    module = importlib.import_module(f"{__name__}.{name}")
    for found in vars(module).values():
        if isinstance(found, type) and getattr(found, "name", None) == name:
            return found
    raise VgstatsError(
        f"{module.__file__}: no class has name = {name!r}. Give the report's class that name."
    )


def open_report(name: str, bundle: str = "", **parameters: Any) -> Report:
    """Return a report that a notebook shows.

    Args:
        name: its kind, such as `uppfoljning`.
        bundle: the folder that a batch wrote the figures to; empty to gather them here and now.
        parameters: what the report is about (see the kind's `model`).

    Raises:
        VgstatsError: there is no such kind, the parameters are not valid, there are no figures for them, or
            the bundle was made for others.

    >>> report = open_report("uppfoljning", lan="14", before="2005-12", after="2008-12")
    >>> report.change("ohalsotal").difference
    -6.1
    """
    return kind(name).open(bundle=bundle, **parameters)
