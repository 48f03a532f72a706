"""What an analyst may call measures, areas, periods and sexes."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from vgstats.catalogue import areas
from vgstats.catalogue.measures import catalogue
from vgstats.catalogue.periods import Period
from vgstats.catalogue.units import unit_called
from vgstats.errors import VgstatsError, nearest
from vgstats.observations import SEXES

Names = str | Iterable[str] | None
_SEXES_ELSEWHERE = {
    "women": "kvinnor",
    "men": "män",
    "both": "alla",
    "all": "alla",
    "totalt": "alla",
}
_LEVELS = {"län": "lan", "kommuner": "kommun", "enheter": areas.UNIT}


@dataclass(frozen=True)
class Asked:
    """What was asked for, in ids; what is empty is asked for in full. `named` are the areas named one by one."""

    measures: Sequence[str]
    places: Sequence[str]
    named: Sequence[str]
    periods: Sequence[str] | slice
    sexes: Sequence[str]
    groups: Sequence[str]


def read(measure: Names, area: Names, period: Names | slice, sex: Names, group: Names) -> Asked:
    """Return what is asked for, each name found (see `figures.figures`).

    Raises:
        VgstatsError: there is no such measure, area, period or sex; the message names the nearest.
    """
    by_word = {word: _places(word) for word in _each(area, str)}
    return Asked(
        measures=_each(measure, measure_named),
        places=list(dict.fromkeys(one for found in by_word.values() for one in found)),
        named=[found[0] for found in by_word.values() if len(found) == 1],
        periods=period if isinstance(period, slice) else _each(period, _period),
        sexes=_each(sex, sex_named),
        groups=_each(group, str),
    )


def measure_named(words: str) -> str:
    """Return the id of a measure by its id or its Swedish name.

    Raises:
        VgstatsError: there is none; the message names the nearest.

    >>> measure_named("Ohälsotal")
    'ohalsotal'
    """
    told = " ".join(str(words).split()).casefold()
    names: dict[str, str] = {}
    for one in catalogue().values():
        for called in (one.id, one.name, one.short_name, one.the_name):
            names.setdefault(called.casefold(), one.id)
    if told in names:
        return names[told]
    found = {id_ for called, id_ in names.items() if told and told in called}
    within = sorted(found, key=lambda id_: (catalogue()[id_].own, id_))
    like = f" Names with it: {', '.join(within[:8])}." if within else nearest(told, names)
    raise VgstatsError(
        f"There is no measure {words!r}.{like} vgstats.available() lists what there is."
    )


def sex_named(words: str) -> str:
    """Return a sex that there is.

    Raises:
        VgstatsError: there is no such.
    """
    if words in SEXES:
        return words
    like = _SEXES_ELSEWHERE.get(str(words).casefold())
    meant = f" Did you mean {like!r}?" if like else nearest(str(words), SEXES)
    raise VgstatsError(f"There is no sex {words!r}. Write one of: {', '.join(SEXES)}.{meant}")


def area_named(words: str) -> str:
    """Return the area that words stand for; a unit of a region's own by a name that it had before, too.

    Raises:
        VgstatsError: there is no such area; the message names the nearest.
    """
    try:
        return areas.find(words)
    except VgstatsError:
        if unit := unit_called(str(words)):
            return unit
        raise


def areas_named(given: Names) -> list[str]:
    """Return the ids of areas by their names, codes and ids; `län` are all counties, `kommuner` and
    `enheter` all of those.

    Raises:
        VgstatsError: there is no such area; the message names the nearest.
    """
    return list(dict.fromkeys(area for word in _each(given, str) for area in _places(word)))


def _places(word: str) -> list[str]:
    level = _LEVELS.get(word.casefold())
    if level is None:
        return [area_named(word)]
    found = [area for area in areas.all_areas().index if area.startswith(f"{level}:")]
    if not found:
        raise VgstatsError(f"No {word} are declared in this store (see vgstats cases).")
    return found


def _period(text: str) -> str:
    return Period.parse(text).text


def _each(given: Names, check: Callable[[str], str]) -> list[str]:
    if given is None:
        return []
    several = [given] if isinstance(given, str) or not isinstance(given, Iterable) else list(given)
    for one in several:
        if not isinstance(one, str):
            raise VgstatsError(
                f"{one!r} is not a text. Write codes and periods in quotation marks: '18', '2019', '2019-12'."
            )
    found = list(dict.fromkeys(map(check, several)))
    if not found:
        raise VgstatsError("An empty list names nothing. Leave it out, or write None, for all.")
    return found
