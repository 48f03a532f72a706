"""Whether what a region's own texts name is there, and whether what they are called is free."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping

from vgstats.catalogue.agreements import (
    Agreement,
    Call,
    bundled_agreements,
    bundled_calls,
    named_in,
)
from vgstats.catalogue.measures import catalogue
from vgstats.catalogue.requirements import Requirements, bundled_requirements
from vgstats.catalogue.texts import OwnText, Source
from vgstats.entries import Named
from vgstats.errors import Mistakes, VgstatsError, nearest
from vgstats.sources.own_file import TEXTS_DESCRIBED, OwnFile, at, described_at
from vgstats.sources.own_judgements import check_judgements

_KINDS: dict[str, tuple[type[Named], Callable[[], Mapping[str, Named]]]] = {
    "agreement": (Agreement, bundled_agreements),
    "requirements": (Requirements, bundled_requirements),
    "call": (Call, bundled_calls),
}
_REMEDY = {
    "measure": "Correct it, or declare it under measures",
    "source": "Correct it, or describe it under sources",
    "agreement": "Correct it, or write the agreement under agreements",
    "requirements": "Correct it, or write the list under requirements",
    "call": "Correct it, or write the call under calls",
}


def check_names(
    own: OwnFile,
    others: Collection[OwnText],
    sources: Collection[str],
    of_vgstats: Collection[str],
    declared: Collection[str] = (),
) -> None:
    """Refuse texts that name what there is not, or have a name that is taken.

    Args:
        own: the file, its measures declared to the catalogue or not.
        others: the texts of the store's other files.
        sources: the sources of figures.
        of_vgstats: those among them that come with vgstats, whose names are taken.
        declared: measures that the region has, in the catalogue or not yet.

    Raises:
        VgstatsError: a measure, a source or an agreement is not known, an id or a source stands twice, or it is that
            of another. The message names file, entry and key.
    """
    elsewhere = [one for one in others if one not in own.texts]
    bundled = {kind: {*of()} for kind, (_, of) in _KINDS.items()}
    taken = {"source": {*of_vgstats}, "id": set().union(*bundled.values())}
    for one in elsewhere:
        taken[_key(one)] |= _called(one)
    mistakes = Mistakes()
    for place, text in zip(own.places, own.texts, strict=True):
        key = _key(text)
        mistakes += [
            f"{at(place, [key])}: {name!r} is taken, by vgstats, by another entry or by another file of yours. "
            f"Choose another {key}, or take the entry out of the other file."
            for name in _called(text) & taken[key]
        ]
        taken[key] |= _called(text)
    mistakes.tell()
    known = {
        "measure": {*catalogue(), *declared, *(one.id for one in own.measures)},
        "source": taken["source"] | {*sources},
        **{
            kind: bundled[kind]
            | {one.id for one in (*own.texts, *elsewhere) if isinstance(one, model)}
            for kind, (model, _) in _KINDS.items()
        },
    }
    for place, text in zip(own.places, own.texts, strict=True):
        for path, kind, name in named_in(text):
            if name not in known[kind]:
                mistakes.append(
                    f"{at(place, path)}: {name!r} is not a known {kind}.{nearest(name, known[kind])} "
                    f"{_REMEDY[kind]}. {described_at(place, TEXTS_DESCRIBED)}"
                )
    mistakes.tell()
    check_judgements(list(zip(own.places, own.texts, strict=True)), elsewhere)
    for _, kind, name in (one for text in elsewhere for one in named_in(text)):
        if kind != "source" and name not in known[kind]:
            raise VgstatsError(
                f"{own.file}: the {kind} {name!r} does not stand in it any more, and a text in another file of yours "
                "names it. Keep it, or change the other file first."
            )


def _called(text: OwnText) -> set[str]:
    """Return the name that a text is known by, if it is."""
    if isinstance(text, Named):
        return {text.id}
    return {text.source} if isinstance(text, Source) else set()


def _key(text: OwnText) -> str:
    return "source" if isinstance(text, Source) else "id"
