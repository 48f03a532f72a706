"""How far an area meets the requirements of a list, one judgement each, or none where there is no answer."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from vgstats.catalogue.requirements import (
    EVERY_COUNTY,
    UNANSWERED,
    Judgement,
    Requirement,
    Requirements,
)


@dataclass(frozen=True)
class Judged:
    """A requirement with the judgement of an area, None without one."""

    of: Requirements
    requirement: Requirement
    judgement: Judgement | None = None

    @property
    def status(self) -> str:
        """The status, one of `requirements.STATUSES`, empty where there is no answer: that is not a no."""
        return self.judgement.status if self.judgement else ""

    @property
    def called(self) -> str:
        """What the status is called in the list, `inget svar` without one."""
        return self.of.called.get(self.status, self.status) or UNANSWERED


def judged(
    of: Requirements, judgements: Iterable[Judgement], area: str, period: str
) -> list[Judged]:
    """Return each requirement of a list with an area's judgement for a period.

    A judgement of the area goes before one that its source makes of all counties alike.

    Args:
        of: the list.
        judgements: the judgements there are, of any list, area and period.
        area: an area id, such as `lan:14`.
        period: the period as it stands in the judgements.

    >>> from vgstats.catalogue.requirements import bundled_judgements, bundled_requirements
    >>> conditions = bundled_requirements()["villkor-2017-2018"]
    >>> found = judged(conditions, bundled_judgements(), "lan:14", "2018")
    >>> len(found), found[0].called
    (10, 'bedömt uppfyllt')
    """
    places = [EVERY_COUNTY] * area.startswith("lan:") + [area]
    known = {
        (one.area, one.requirement): one
        for one in judgements
        if one.requirements == of.id and one.period == period
    }
    found = {number: one for place in places for (at, number), one in known.items() if at == place}
    return [Judged(of, one, found.get(one.number)) for one in of.requirements]


def judged_periods(of: Requirements, judgements: Iterable[Judgement], area: str) -> list[str]:
    """Return the periods for which an area is judged by a list, by itself or with all counties, sorted.

    >>> from vgstats.catalogue.requirements import bundled_judgements, bundled_requirements
    >>> conditions = bundled_requirements()["villkor-2017-2018"]
    >>> judged_periods(conditions, bundled_judgements(), "lan:14")
    ['2018']
    """
    rows = list(judgements)
    periods = sorted({one.period for one in rows if one.requirements == of.id})
    return [at for at in periods if any(one.judgement for one in judged(of, rows, area, at))]
