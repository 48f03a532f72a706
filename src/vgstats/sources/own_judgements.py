"""Whether a region's own judgements fit their list and each other: known requirements, each answered once.

What nobody has answered is no fault: a report says that there is no answer.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable

from vgstats.catalogue import areas
from vgstats.catalogue.requirements import Judgement, Requirements, bundled_requirements
from vgstats.catalogue.texts import OwnText
from vgstats.errors import Mistakes, nearest
from vgstats.sources.own_assembly import Place, either
from vgstats.sources.own_file import at


def check_judgements(
    placed: Collection[tuple[Place, OwnText]], others: Collection[OwnText] = ()
) -> None:
    """Refuse judgements of what is not required, and two of the same.

    Args:
        placed: a file's texts, each with where it stands (file, list and entry).
        others: the texts of the store's other files.

    Raises:
        VgstatsError: there are such; the messages name file and entry or cell, and what is accepted.
    """
    mistakes = Mistakes()
    found = [(place, one) for place, one in placed if isinstance(one, Judgement)]
    own = _lists(one for _, one in placed)
    lists = {one.id: one for one in (*bundled_requirements().values(), *_lists(others), *own)}
    there = {_key(one): "another file of yours" for one in others if isinstance(one, Judgement)}
    for place, one in found:
        numbers = [required.number for required in lists[one.requirements].requirements]
        other = f"{one.requirement}0"
        if "requirement" in place.loose and one.requirement in numbers and other in numbers:
            mistakes.append(f"{at(place, ['requirement'])}: {either(one.requirement, other)}")
        elif one.requirement not in numbers:
            mistakes.append(
                f"{at(place, ['requirement'])}: {one.requirement!r} is none of {one.requirements!r}."
                f"{nearest(one.requirement, numbers)} Expected one of: {', '.join(numbers)}."
            )
        elif _key(one) in there:
            mistakes.append(
                f"{at(place, ['requirement'])}: {_called(one)} is answered in {there[_key(one)]} already. Expected one "
                "entry for each area, requirement and period. Take one of them out."
            )
        there.setdefault(_key(one), place.partition(", ")[2] or place)
    mistakes.tell()


def _lists(texts: Iterable[OwnText]) -> list[Requirements]:
    return [one for one in texts if isinstance(one, Requirements)]


def _key(one: Judgement) -> tuple[str, str, str, str]:
    return one.requirements, one.period, one.area, one.requirement


def _called(one: Judgement) -> str:
    return f"requirement {one.requirement!r} of {areas.with_code(one.area)} in {one.period}"
