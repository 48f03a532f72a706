"""Wishes for figures, and datasets files with names changed, as tests of fetching need them."""

from __future__ import annotations

from vgstats.catalogue.periods import Period
from vgstats.sources.datasets import Datasets, datasets
from vgstats.sources.fetch.planning import Wish

KNOWN = datasets()
VG = ("riket", "lan:14", "kommun:1480")


def wish(*measures: str, areas=VG, first="2023", last="2024", december=True, sources=()) -> Wish:
    return Wish(measures, areas, Period.parse(first), Period.parse(last), december, sources)


def changed(**parameters: str) -> Datasets:
    """The datasets with other names of parameters, or another kommun_form, for the ohälsotal."""
    first, *rest = KNOWN.fk.datasets
    form = parameters.pop("kommun_form", first.kommun_form)
    new = first.model_copy(
        update={"parameters": {**first.parameters, **parameters}, "kommun_form": form}
    )
    return KNOWN.model_copy(update={"fk": KNOWN.fk.model_copy(update={"datasets": [new, *rest]})})
