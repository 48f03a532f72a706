"""Whether a region's own judgements fit their list and each other: known requirements, each answered once."""

from __future__ import annotations

from collections.abc import Collection, Iterable

from vgstats.catalogue import areas
from vgstats.catalogue.requirements import Judgement, Requirements, bundled_requirements
from vgstats.catalogue.texts import OwnText
from vgstats.errors import VgstatsError, nearest


def check_judgements(
    placed: Collection[tuple[str, OwnText]], others: Collection[OwnText] = ()
) -> None:
    """Refuse judgements of what is not required, two of the same, and a county left out where others are answered for.

    Args:
        placed: a file's texts, each with where it stands (file, list and entry).
        others: the texts of the store's other files.

    Raises:
        VgstatsError: one of these is found; the message names file and entry, and what is accepted.
    """
    found = [(place, one) for place, one in placed if isinstance(one, Judgement)]
    own = _lists(one for _, one in placed)
    lists = {one.id: one for one in (*bundled_requirements().values(), *_lists(others), *own)}
    there = {_key(one): "another file of yours" for one in others if isinstance(one, Judgement)}
    for place, one in found:
        numbers = [required.number for required in lists[one.requirements].requirements]
        if one.requirement not in numbers:
            raise VgstatsError(
                f"{place}, key requirement: {one.requirement!r} is none of {one.requirements!r}."
                f"{nearest(one.requirement, numbers)} Expected one of: {', '.join(numbers)}."
            )
        if _key(one) in there:
            raise VgstatsError(
                f"{place}: {_called(one)} is answered in {there[_key(one)]} already. Expected one entry for each area, "
                "requirement and period. Take one of them out."
            )
        there[_key(one)] = place.partition(", ")[2] or place
    _demand_all(found)


def _lists(texts: Iterable[OwnText]) -> list[Requirements]:
    return [one for one in texts if isinstance(one, Requirements)]


def _key(one: Judgement) -> tuple[str, str, str, str]:
    return one.requirements, one.period, one.area, one.requirement


def _called(one: Judgement) -> str:
    return f"requirement {one.requirement!r} of {areas.with_code(one.area)} in {one.period}"


def _demand_all(found: list[tuple[str, Judgement]]) -> None:
    """Refuse a file that answers a requirement for some of its counties alone: no answer is written as one."""
    asked: dict[tuple[str, str], dict[str, set[str]]] = {}
    for _, one in found:
        if one.area.startswith("lan:"):
            counties = asked.setdefault((one.requirements, one.period), {})
            counties.setdefault(one.area, set()).add(one.requirement)
    for (list_id, period), counties in asked.items():
        every = set().union(*counties.values())
        for area, answered in counties.items():
            if lacking := sorted(every - answered):
                file = found[0][0].partition(", ")[0]
                raise VgstatsError(
                    f"{file}, judgements: {areas.with_code(area)} has no entry for {', '.join(lacking)} "
                    f"of {list_id!r} in {period}, and other counties of the file have. Expected an entry for each "
                    "county; one without status where there is no answer."
                )
