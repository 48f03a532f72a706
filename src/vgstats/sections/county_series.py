"""The counties' series that the comparisons over many years read."""

from __future__ import annotations

import pandas as pd

from vgstats.catalogue import areas
from vgstats.catalogue.calibration import rates_of
from vgstats.catalogue.measures import measure as measure_of
from vgstats.catalogue.periods import Period
from vgstats.methods.result import Labels, NotComputable
from vgstats.reports.followup import Followup
from vgstats.reports.uppfoljning import FEWEST_COUNTIES, SERIES


def decembers(report: Followup) -> pd.DataFrame:
    """Return the counties' December values after the last change of definition: year, area, value.

    The years are those up to the report's last that most counties have, the counties those that have
    all of these years.

    Raises:
        NotComputable: there are no such years, or the county lacks one of them.
    """
    _, _, after = span_of(report)
    breaks = [rule.date.year for rule in report.series_rules("definition")]
    rows = [
        (int(value.period[:4]), areas.name(lan), value.value)
        for lan in areas.lan()
        for value in report.series(SERIES, lan)
        if value.period.endswith("-12") and max(breaks, default=0) <= int(value.period[:4]) <= after
    ]
    wide = pd.DataFrame(rows, columns=["year", "area", "value"]).pivot(
        index="year", columns="area", values="value"
    )
    wide = wide[wide.notna().sum(axis=1) >= FEWEST_COUNTIES].dropna(axis=1)
    if wide.empty or report.area_name not in wide:
        raise NotComputable("ohälsotal år för år saknas för de flesta län")
    return wide.melt(ignore_index=False).reset_index()


def span_of(report: Followup) -> tuple[int, int, int]:
    """Return the last year before, the first year of the agreement or after, and the last year."""
    before, after = (
        Period.parse(p).end.year for p in (report.parameters.before, report.parameters.after)
    )
    followed = report.intervention
    return before, followed.start.year if followed else before + 1, after


def demand_trusted(report: Followup) -> None:
    """Refuse to judge a county whose size differs too much from the others'."""
    if not rates_of(report.area, span_of(report)[0]).trusted:
        raise NotComputable(
            "länets storlek skiljer sig så mycket från de andras att det inte går att säga vad som är "
            "vanligt"
        )


def labels_of(report: Followup, what: str) -> Labels:
    """Return unit, source and name of a result on the counties' series."""
    values = report.series(SERIES)
    return {
        "unit": measure_of(SERIES).unit,
        "source": values[-1].source if values else "",
        "about": f"{what}|{SERIES}|{report.area}",
    }
