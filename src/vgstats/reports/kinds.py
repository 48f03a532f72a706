"""The report kinds there are: for each a notebook of its name, parameters, and what it reads."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from vgstats.reports.bundle import Bundle, gather, opened_for
from vgstats.disclosure.release import Release
from vgstats.reports import kommun, needs, sjukfall, uppfoljning
from vgstats.store.store import Store
from vgstats.store.wanted import DataRequest

Parameters = uppfoljning.Parameters | sjukfall.Parameters | kommun.Parameters


@dataclass(frozen=True)
class Kind:
    """A report kind: the model of its parameters, what it reads, and what makes that enough."""

    name: str
    parameters: type[Parameters]
    data_request: Callable[..., DataRequest]
    check: Callable[[Parameters, Bundle, Store | None], None]


def _check_uppfoljning(parameters: Parameters, bundle: Bundle, store: Store | None) -> None:
    assert isinstance(parameters, uppfoljning.Parameters)  # noqa: S101 - for the type checker
    needs.check_figures(
        parameters, bundle.observations, lambda: needs.all_periods(parameters, store)
    )


def _check_sjukfall(parameters: Parameters, bundle: Bundle, _: Store | None) -> None:
    assert isinstance(parameters, sjukfall.Parameters)  # noqa: S101 - for the type checker
    sjukfall.check_figures(parameters, bundle.observations)


def _check_kommun(parameters: Parameters, bundle: Bundle, _: Store | None) -> None:
    assert isinstance(parameters, kommun.Parameters)  # noqa: S101 - for the type checker
    kommun.check_figures(parameters, bundle.observations)


KINDS = {
    kind.name: kind
    for kind in (
        Kind(uppfoljning.NAME, uppfoljning.Parameters, needs.data_request, _check_uppfoljning),
        Kind(sjukfall.NAME, sjukfall.Parameters, sjukfall.data_request, _check_sjukfall),
        Kind(kommun.NAME, kommun.Parameters, kommun.data_request, _check_kommun),
    )
}


def gathered(
    kind: str,
    parameters: Parameters,
    store: Store | None = None,
    known_by: Mapping[str, str] | None = None,
    release: Release | None = None,
) -> Bundle:
    """Return the released figures that a report reads (see `bundle.gather`).

    Raises:
        VgstatsError: they are not enough for a report.
    """
    request = KINDS[kind].data_request(parameters)
    release = release or opened_for(request, store, parameters.disclosure.rule())
    bundle = gather(request, store, known_by, release)
    KINDS[kind].check(parameters, bundle, store)
    return bundle


def given_or_gathered(kind: str, parameters: Parameters, folder: str) -> Bundle:
    """Return the figures that a batch wrote to a folder for a notebook, or those gathered now when it is empty.

    Raises:
        VgstatsError: the folder's were made for other parameters, or those there are are not enough.
    """
    if folder:
        return Bundle.read(folder, parameters.model_dump(mode="json"))
    return gathered(kind, parameters)
