"""Questions on the years, in a line each: a series, and the distance to the other counties year by year."""

from __future__ import annotations

import pandas as pd

from vgstats.catalogue import areas
from vgstats.catalogue.measures import measure as measure_of
from vgstats.errors import VgstatsError
from vgstats.explore.answer import Answer, Numbers
from vgstats.explore.cautions import cautions
from vgstats.explore.figures import Where, drawn_at
from vgstats.explore.question import Question, sources_of
from vgstats.facts.facts import value_fact
from vgstats.facts.text import say
from vgstats.methods.before_after import Change, whose
from vgstats.sections import over_time


def series(
    measure: str,
    area: str,
    before: str = "",
    after: str = "",
    *,
    sex: str = "alla",
    group: str = "",
    data: pd.DataFrame | None = None,
    store: Where = None,
) -> Answer:
    """Return a measure year by year in an area, with riket's (for a kommun its county's) beside.

    The frame has a row for each year and area: `area`, `area_name`, `period`, `date`, `value`, `unit`.

    Args:
        measure: an id or a Swedish name of the catalogue.
        area: a name, a code or an id.
        before: a period to mark, with its value; the first when left out.
        after: another; the last when left out.
        sex: alla, kvinnor or män.
        group: the group, such as diagnos=F00-F99; empty for the total.
        data: a tidy frame to take the figures from.
        store: where fetched and imported figures lie.

    Raises:
        VgstatsError: as `change`, or there are fewer than three years.

    >>> found = series("ohalsotal", "Västra Götaland").to_frame()
    >>> float(found.loc[(found["area"] == "lan:14") & (found["period"] == "2008-12"), "value"].iloc[0])
    36.8
    """
    asked = Question(measure, area, sex=sex, group=group, data=data, store=store)
    lines = asked.demand_years()
    own = lines[asked.area]
    asked.between(before or own[0].period, after or own[-1].period)
    values = [value for of in lines.values() for value in of]
    frame = pd.DataFrame(
        {
            "area": [v.area for v in values],
            "area_name": [areas.name(v.area) for v in values],
            "period": [v.period for v in values],
            "date": pd.to_datetime([drawn_at(v.measure, v.period) for v in values]),
            "value": [value_fact(v).value for v in values],
            "unit": [value_fact(v).unit for v in values],
        }
    )
    first_to_last = Change(own[0], own[-1])
    result = Numbers(
        frame, first_to_last.sentence(), "publicerade tal år för år", sources_of(values)
    )
    doubts = cautions(asked, [first_to_last])
    return Answer(result, lambda: over_time.line_of(asked, asked.main, asked.where), doubts=doubts)


def years_before(
    measure: str,
    area: str,
    before: str,
    after: str,
    *,
    data: pd.DataFrame | None = None,
    store: Where = None,
) -> Answer:
    """Return how the distance of a county to the other counties changed, and what it did in the years before.

    The answer is an `EventStudy`: `.estimate` (how the distance changed from `before` to `after`), `.interval`,
    `.usual`, `.stands_out`; its frame has a row a year.

    Args:
        measure: an id or a Swedish name of the catalogue.
        area: a county, by name, code or id.
        before: the year that the distance is counted from, such as 2019 or 2019-12.
        after: the last year.
        data: a tidy frame to take the figures from.
        store: where fetched and imported figures lie.

    Raises:
        VgstatsError: as `change`.
        NotComputable: there are too few years or counties; the reason says which.

    >>> years_before("ohalsotal", "Örebro", "2019-12", "2024-12").to_frame()["side"].unique().tolist()
    ['före', 'bas', 'efter']
    """
    # Here, since a series should not wait for the models of broken trends.
    from vgstats.sections import over_years

    asked = Question(measure, area, before, after, beside=areas.lan(), data=data, store=store)
    if asked.area not in areas.lan():
        raise VgstatsError(
            f"{asked.area_name} is no county. Only counties are set beside the others year by year."
        )
    if (unit := measure_of(asked.main).unit) != "dagar":
        raise VgstatsError(
            f"{asked.main} is counted in {unit}; the distance to the others year by year is told in days. Ask of "
            "ohalsotal, sjukpenningtal or the like."
        )
    found, _ = over_years.year_by_year(asked)
    own = asked.demand()
    return Answer(
        found,
        lambda: over_years.event_figure(asked, found),
        said=say("{What}: {said}", What=whose(own.after), said=found.sentence()),
        doubts=cautions(asked, [own]),
    )
