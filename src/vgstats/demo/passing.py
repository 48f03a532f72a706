"""A store of made-up figures that is there as long as the notebook that asked for it."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

from vgstats.catalogue import areas
from vgstats.demo.national import Size, write_demo
from vgstats.errors import VgstatsError
from vgstats.store.store import Store

_FOLDERS: list[TemporaryDirectory[str]] = []  # each is deleted when the session ends


@cache
def store(lan: str, first: str = "2015-12", last: str = "2025-12") -> Store:
    """Return a store of made-up figures of a county and its kommuner, for each December and by age.

    It takes some seconds the first time, and is gone when the session ends; `vgstats demo` makes one that stays.

    Args:
        lan: the county, by name, code or id.
        first: the first month.
        last: the last month.

    Raises:
        VgstatsError: there is no such county, or the months are not in order.

    >>> made_up = store("Gotland", "2025-12")
    >>> set(made_up.read([("kommun:0980", "forsakrade", ())])["source"])
    {'demo'}
    """
    county = areas.find(lan)
    if county not in areas.lan():
        raise VgstatsError(
            f"{areas.name(county)} is no county. Give one by name or code: 'Dalarna'."
        )
    folder = TemporaryDirectory(prefix="vgstats-demo-", ignore_cleanup_errors=True)
    _FOLDERS.append(folder)
    made = Store(Path(folder.name) / "store")
    size = Size((county,), first=first, last=last, december_only=True, ages=True, register=False)
    for _ in write_demo(made, size):
        pass
    return made
