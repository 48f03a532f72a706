"""The views of the exploring notebook: a question in a line that can be copied, and the same in a report."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

import vgstats
from vgstats.blocks.words import short_name
from vgstats.catalogue import areas
from vgstats.catalogue.measures import measure as measure_of
from vgstats.explore.absent import fetched_for
from vgstats.lab.choices import Choice, Possible


@dataclass(frozen=True)
class Line:
    """A call of the public interface: as text to copy, and what it answers."""

    function: str
    arguments: Sequence[str | Sequence[str]]
    named: dict[str, Any] = field(default_factory=dict)

    @property
    def text(self) -> str:
        """The call as it is typed in a notebook that has `import vgstats as vg`.

        >>> Line("change", ["ohalsotal", "Örebro", "2019-12", "2025-12"]).text
        'vg.change("ohalsotal", "Örebro", "2019-12", "2025-12")'
        """
        given = [_typed(one) for one in self.arguments]
        given += [f"{name}={_typed(value)}" for name, value in self.named.items()]
        return f"vg.{self.function}({', '.join(given)})"

    def run(self, **more: Any) -> Any:
        """Return the answer; `more` are arguments that the text has not, such as the store of a test."""
        return getattr(vgstats, self.function)(*self.arguments, **self.named, **more)


@dataclass(frozen=True)
class View:
    """A view: its heading, the line that makes it, the sections that show it in a report, by kind.

    `lacks` says in Swedish why it cannot show a choice, empty where it can; `report_lacks` the same of a report,
    where that has other needs.
    """

    name: str
    heading: str
    line: Callable[[Choice, Possible], Line]
    in_report: dict[str, str]
    lacks: Callable[[Choice, Possible], str] = lambda _choice, _possible: ""
    report_lacks: Callable[[Choice, Possible], str] | None = None

    def not_in_report(self, kind: str, choice: Choice, possible: Possible) -> str:
        """Return in Swedish why a report of a kind cannot show a choice, empty where it can."""
        if kind not in self.in_report:
            return "En rapport om en kommun har inte vyn."
        return (self.report_lacks or self.lacks)(choice, possible)

    def section(self, kind: str, choice: Choice) -> str:
        """Return the cell that shows the same in a report of a kind that can."""
        return self.in_report[kind].format(measure=choice.measure)


_NO_KIND = "En rapport handlar om ett län eller en kommun. Välj ett sådant område."
_NO_KIND_OF_UNIT = (
    "En rapport härifrån handlar om ett län eller en kommun. En enhets blad läggs upp i en terminal: vgstats new "
    "enhetsblad {name}"
)


def kind_of(choice: Choice) -> str:
    """Return the kind of report that is about an area, empty where none is."""
    level = choice.area.partition(":")[0]
    return {"lan": "uppfoljning", "kommun": "kommun"}.get(level, "")


def no_kind(choice: Choice) -> str:
    """Return in Swedish why no report from here is about an area."""
    if choice.area.startswith(areas.UNIT):
        return _NO_KIND_OF_UNIT.format(name=areas.slug(choice.area))
    return _NO_KIND


def _typed(value: str | Sequence[str]) -> str:
    if isinstance(value, str):
        return '"' + value.replace("\\", "\\\\").replace('"', '\\"') + '"'
    return f"[{', '.join(map(_typed, value))}]"


def spoken(area: str) -> str:
    """Return the shortest name that an analyst can type for an area.

    >>> spoken("lan:18"), spoken("kommun:1880"), spoken("lan:01")
    ('Örebro', 'Örebro kommun', 'Stockholm')
    """
    name = areas.name(area)
    if area == areas.RIKET:
        return area
    forms = (short_name(area), name, areas.full_name(area))
    return next((form for form in forms if _means(form, area)), area)


def _means(form: str, area: str) -> bool:
    try:
        return areas.find(form) == area
    except vgstats.VgstatsError:
        return False


def _whose(choice: Choice) -> dict[str, str]:
    named = {"sex": choice.sex} if choice.sex != "alla" else {}
    return named | ({"group": choice.group} if choice.group else {})


def _series(choice: Choice, _: Possible) -> Line:
    place = [choice.measure, spoken(choice.area), choice.before, choice.after]
    return Line("series", place, _whose(choice))


def _change(choice: Choice, _: Possible) -> Line:
    periods = [choice.before, choice.after]
    if not choice.others:
        return Line("change", [choice.measure, spoken(choice.area), *periods], _whose(choice))
    places = [spoken(area) for area in (choice.area, *choice.others)]
    return Line("changes", [choice.measure, places, *periods], _whose(choice))


def _shares(choice: Choice, _: Possible) -> Line:
    place = [choice.measure, spoken(choice.area), choice.before, choice.after]
    sex = {"sex": choice.sex} if choice.sex != "alla" else {}
    return Line("shares", place, {"dimension": choice.dimension, **sex})


def _compare(choice: Choice, _: Possible) -> Line:
    place = [choice.measure, spoken(choice.area), choice.before, choice.after]
    return Line("compare", place, _whose(choice))


def _ranking(choice: Choice, _: Possible) -> Line:
    picked = {"highlight": spoken(choice.county)} if choice.county else {}
    periods = [choice.measure, choice.before, choice.after]
    return Line("ranking", periods, {**picked, **_whose(choice)})


def _map(choice: Choice, possible: Possible) -> Line:
    """Show the kommuner of the county where some have figures, else the counties."""
    inside = {} if _no_kommuner(choice, possible) else {"within": spoken(choice.county)}
    periods = [choice.measure, choice.before, choice.after]
    return Line("map", periods, {**inside, **_whose(choice)})


def _kommuner(choice: Choice, _: Possible) -> Line:
    place = [choice.measure, spoken(choice.county), choice.before, choice.after]
    picked = {"highlight": spoken(choice.area)} if choice.area != choice.county else {}
    return Line("kommuner", place, {**picked, **_whose(choice)})


def _in_both(section: str) -> dict[str, str]:
    return dict.fromkeys(("uppfoljning", "kommun"), section)


_FEWEST = 3  # years of a series


def _no_years(choice: Choice, possible: Possible) -> str:
    rows = possible.rows
    rows = rows[(rows["area"] == choice.area) & (rows["sex"] == choice.sex)]
    there = sorted(rows.loc[rows["group"] == choice.group, "period"])
    years = (
        [p for p in there if p.endswith("-12") and len(p) == len("2008-12")]
        or [p for p in there if len(p) == len("2008")]
        or [p for p in there if p[4:] == there[-1][4:]]
    )
    if len(years) < _FEWEST:
        return f"En serie behöver tal för minst tre år. För {areas.name(choice.area)} finns {len(years)}."
    return ""


def _no_parts(choice: Choice, _: Possible) -> str:
    if choice.dimension:
        return ""
    return f"Det finns inga delar av {measure_of(choice.measure).the_name} att visa för {areas.name(choice.area)}."


def _no_others(choice: Choice, possible: Possible) -> str:
    if choice.area == areas.RIKET:
        return "Riket jämförs inte med sig självt. Välj ett län eller en kommun."
    there = possible.with_both(choice)
    if choice.area.startswith(areas.UNIT):
        beside = "En enhet ställs bredvid sitt län, som saknar tal för de här tiderna."
        return "" if choice.county in there else beside
    if areas.RIKET not in there:
        return (
            f"Det finns inga tal för riket för de här tiderna att jämföra med. {_instead(choice)}"
        )
    return _too_few(choice, there) if choice.area in areas.lan() else ""


def _no_counties(choice: Choice, possible: Possible) -> str:
    return _too_few(choice, possible.with_both(choice))


def _no_map(choice: Choice, possible: Possible) -> str:
    return _no_kommuner(choice, possible) and _no_counties(choice, possible)


def _no_map_in_report(choice: Choice, possible: Possible) -> str:
    reason = _no_kommuner(choice, possible)
    return reason and f"Där visar kartan länets kommuner, inte länen. {reason}"


def _too_few(choice: Choice, there: Sequence[str]) -> str:
    known = sum(area in there for area in areas.lan())
    if known > len(areas.lan()) // 2:
        return ""
    return (
        f"Länen kan inte ställas bredvid varandra: {known} av {len(areas.lan())} har tal för de här tiderna. "
        f"{_instead(choice)}"
    )


def _instead(choice: Choice) -> str:
    own = "Regionen räknar dem själv; de ställs bredvid länets egna enheter i Förändring."
    return own if measure_of(choice.measure).own else "Välj andra tider."


def _no_kommuner(choice: Choice, possible: Possible) -> str:
    if not choice.county:
        return "Välj ett län, så visas dess kommuner."
    there = possible.with_both(choice)
    lacking = [choice.county] if choice.county not in there else areas.kommuner(choice.county)
    if choice.county in there and set(lacking) & set(there):
        return ""
    code = choice.county.removeprefix("lan:")
    what = "länet" if lacking == [choice.county] else "länets kommuner"
    if any(area.startswith(areas.UNIT) for area in there):
        return (
            f"{measure_of(choice.measure).name} finns för enheter, inte för kommuner. Välj enheter i Visa också, så "
            "står de bredvid varandra i Förändring."
        )
    of = " ".join(fetched_for([choice.measure]))
    fetch = f" De kan hämtas i en terminal: vgstats fetch {of} --lan {code}" if of else ""
    return (
        f"Det finns inga tal för {what} ({measure_of(choice.measure).the_name}, {areas.name(choice.county)}) för de "
        f"här tiderna.{fetch}"
    )


_SERIES = 'series(report, measure="{measure}")'
_CHANGES = 'changes(report, measures=["{measure}"])'
_BESIDE = 'beside(report, measure="{measure}")'
_COUNTIES = 'counties(report, measure="{measure}")'
_MAP = 'map_of(report, measure="{measure}")'
_KOMMUNER = 'kommuner(report, measure="{measure}")'

VIEWS = (
    View("series", "Serie", _series, _in_both(_SERIES), _no_years),
    View("change", "Förändring", _change, _in_both(_CHANGES)),
    View("shares", "Fördelning", _shares, {}, _no_parts),
    View("compare", "Jämförelse", _compare, _in_both(_BESIDE), _no_others),
    View("ranking", "Länen i ordning", _ranking, {"uppfoljning": _COUNTIES}, _no_counties),
    View("map", "Karta", _map, _in_both(_MAP), _no_map, _no_map_in_report),
    View("kommuner", "Kommuner", _kommuner, _in_both(_KOMMUNER), _no_kommuner),
)
IN_REPORTS = tuple(view for view in VIEWS if view.in_report)
