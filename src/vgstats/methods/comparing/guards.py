"""What must not be compared, and what a comparison must say of itself."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import pandas as pd

from vgstats.catalogue.law_changes import LawChange, law_changes_between
from vgstats.catalogue.measures import measure as measure_of
from vgstats.catalogue.periods import Period, demand_order
from vgstats.facts.facts import Fact
from vgstats.facts.kinds import definite, the_one
from vgstats.facts.text import Text, join, say
from vgstats.methods.comparing.among_others import FEWEST_OTHERS, AmongOthers, among_others
from vgstats.methods.levels import demand_one_level
from vgstats.methods.result import Band, NotComputable, number_of, numeric_columns
from vgstats.observations import SYNTHETIC

CHOSEN_FOR_HIGH = (
    "Området valdes för att det låg högt. Ett område som väljs så brukar närma sig de andra även när "
    "ingenting görs, därför att en del av det höga talet är tillfälligt."
)


_SIZES_UNKNOWN = (
    "Gränser för vanlig variation skrivs inte ut, eftersom små områden svänger mer än stora och "
    "områdenas storlek inte är med."
)


def breaks(measure: str, before: str, after: str) -> pd.DataFrame:
    """Return the changes of rules and definitions between two periods that touch a measure.

    Columns: date, kind (regel, definition or handelse), name, text, source; oldest first. A rolling
    measure's earlier value covers twelve months, so a change in those counts too.

    Args:
        measure: the id of a measure in the catalogue.
        before: the earlier period.
        after: the later period.

    Raises:
        VgstatsError: there is no such measure, or `before` does not lie before `after`.

    >>> breaks("ohalsotal", "2005-12", "2008-12")["name"].is_unique
    True
    """
    rules = _rules(measure, before, after)
    columns = ["date", "kind", "name", "text", "source"]
    return pd.DataFrame(
        [[getattr(rule, column) for column in columns] for rule in rules], columns=columns
    )


def definition_breaks(measure: str, before: str, after: str) -> list[LawChange]:
    """Return the changes of definition between two periods, over which nothing may be tested."""
    return [rule for rule in _rules(measure, before, after) if rule.kind == "definition"]


def _rules(measure: str, before: str, after: str) -> list[LawChange]:
    demand_order(before, after)
    return law_changes_between(measure_of(measure), Period.parse(before), Period.parse(after))


def demand_same_definition(measure: str, before: str, after: str) -> None:
    """Refuse a test when the measure's definition changed between the two periods.

    Args:
        measure: the id of a measure in the catalogue.
        before: the earlier period.
        after: the later period.

    Raises:
        NotComputable: it did; the reason names the change.
        VgstatsError: as `breaks`.

    >>> demand_same_definition("pagaende_sjukfall", "2011", "2012")
    """
    broken = definition_breaks(measure, before, after)
    if broken:
        raise NotComputable(
            f"måttet inte är detsamma före och efter: {broken[0].name[0].lower()}"
            f"{broken[0].name[1:]} ({broken[0].date.year})"
        )


def demand_same_coding(before: Iterable[str], after: Iterable[str]) -> None:
    """Refuse to compare shares when the groups they are shares of are not the same.

    Args:
        before: the groups at the earlier time.
        after: the groups at the later time.

    Raises:
        NotComputable: a group stands on one side only; the reason names such groups.

    >>> demand_same_coding(["F00-F99", "övriga"], ["övriga", "F00-F99"])
    """
    first, last = ({str(group) for group in groups} for groups in (before, after))
    if first != last:
        only = sorted(first ^ last)
        raise NotComputable(
            f"grupperna inte är desamma före och efter (bara på ena sidan: {', '.join(only)})"
        )


_PER_INHABITANT = {"scb", "folkhalsodata", "sweco"}


def populations(sources: Iterable[str]) -> int:
    """Return how many kinds of population rates from these sources are counted per.

    SCB counts per registered inhabitant, everybody else as Försäkringskassan per insured person.
    """
    return len({source.split("-")[0] in _PER_INHABITANT for source in sources})


def demand_same_population(sources: Iterable[str]) -> None:
    """Refuse to compare rates that are counted per different populations.

    Raises:
        NotComputable: some are per SCB's inhabitants and some per Försäkringskassan's insured.
    """
    if populations(sources) > 1:
        raise NotComputable(
            "talen räknas per olika befolkningar: SCB:s invånare och Försäkringskassans försäkrade"
        )


@dataclass(frozen=True)
class LikeStart:
    """An area beside those that started from about the same level.

    `among` compares the area with these; `levels` are the levels they started from.
    """

    among: AmongOthers
    start: float
    levels: Band
    areas: list[str]
    why: Text

    @property
    def estimate(self) -> float:
        """The area's change minus what is usual among its likes."""
        return self.among.estimate

    @property
    def interval(self) -> Band | None:
        """The interval of `among`."""
        return self.among.interval

    @property
    def method(self) -> str:
        """Comparison with areas of like starting level."""
        return f"områden med lika utgångsläge (Linden 2013), {self.among.method}"

    @property
    def n(self) -> int:
        """The areas compared, this one counted."""
        return self.among.n

    @property
    def unit(self) -> str:
        """The unit of the changes."""
        return self.among.unit

    @property
    def source(self) -> str:
        """The source of the changes."""
        return self.among.source

    def to_frame(self) -> pd.DataFrame:
        """Return one row: as `AmongOthers.to_frame`, the starting level and those of its likes."""
        return self.among.to_frame().assign(
            start=self.start, start_low=self.levels.low, start_high=self.levels.high
        )

    def short(self) -> Text:
        """Return in one sentence how the area did beside its likes."""
        found = self.among
        return say(
            "{one} låg långt från de andra från början; de {n} {kind} som låg närmast det ändrades i "
            "genomsnitt med {mean:signed} {unit}, {one2} med {own:signed}.",
            one=the_one(found.kind).capitalize(),
            one2=the_one(found.kind),
            n=found.fact("områden med lika utgångsläge", len(self.areas), "antal", 0),
            kind=found.kind,
            mean=found.fact("medelförändring vid lika utgångsläge", found.mean_of_others),
            own=found.fact("egen förändring", found.change),
            unit=found.unit,
        )

    def sentence(self) -> Text:
        """Return why an area far from the others must be compared with its likes, and how."""
        found = self.among
        return join(
            [
                self.why,
                say(
                    "De {n} {kind} som låg närmast från början, mellan {low} och {high} mot {start}, "
                    "ändrades i genomsnitt med {mean:signed} {unit}; {one} ändrades med {own:signed}.",
                    kind="områden" if found.kind == "kommuner" else found.kind,
                    one="området" if found.kind == "kommuner" else the_one(found.kind),
                    n=found.fact("områden med lika utgångsläge", len(self.areas), "antal", 0),
                    low=found.fact("lägsta utgångsläge", self.levels.low, decimals=1),
                    high=found.fact("högsta utgångsläge", self.levels.high, decimals=1),
                    start=found.fact("eget utgångsläge", self.start, decimals=1),
                    mean=found.fact("medelförändring vid lika utgångsläge", found.mean_of_others),
                    own=found.fact("egen förändring", found.change),
                    unit=found.unit,
                ),
                found.usual_words(),
            ]
        )


def like_starting_level(
    frame: pd.DataFrame,
    area: str,
    *,
    key: str = "area",
    before: str = "before",
    change: str = "difference",
    nearest: int = 10,
    size: str | None = None,
    unit: str = "dagar",
    kind: str = "kommuner",
    why: Text | None = None,
    **printed: Any,
) -> LikeStart:
    """Return an area beside the `nearest` others by starting level, and those tied with the last of them.

    Regression to the mean: Linden, BMC Medical Research Methodology 13:119 (2013).

    Args:
        frame: one row an area, with its level before and its change.
        area: the area that was picked for its level.
        key: the column with the areas.
        before: the column with the levels before.
        change: the column with the changes, in the unit of the levels or in procent.
        nearest: how many others to compare with, those nearest in level; 5 at the least.
        size: the column with the areas' sizes. Without it no limits are given: for a small area they
            would be too narrow.
        unit: the unit of the changes.
        kind: what the areas are, in the plural.
        why: a whole Swedish sentence on why it is compared so; that it was picked for being high when left out.
        printed: `decimals`, `source` and `about`, as of `among_others`.

    Raises:
        NotComputable: as `among_others`.

    >>> areas = pd.DataFrame({"area": list("abcdefg"), "before": [50.0, 44, 45, 46, 47, 48, 40],
    ...                       "difference": [-9.0, -3, -5, -4, -6, -2, -4]})
    >>> like_starting_level(areas, "a", nearest=5).areas
    ['b', 'c', 'd', 'e', 'f']
    """
    nearest = int(number_of(nearest, "antalet andra områden (nearest)"))
    if nearest < FEWEST_OTHERS:
        raise NotComputable(f"minst {FEWEST_OTHERS} andra områden behövs, och nearest är {nearest}")
    rows = numeric_columns(frame, [before, change, *([size] if size else [])], key=[key])
    demand_one_level(rows[key], key)
    own = rows[rows[key].astype(str) == str(area)]
    if own.empty:
        raise NotComputable(f"{area!r} inte finns bland områdena")
    start = float(own[before].iloc[0])
    others = rows.drop(own.index)
    away = (others[before] - start).abs()
    # All that are tied with the last one are taken: the order of the rows must not choose.
    likes = others.loc[away <= away.nsmallest(nearest).max() + 1e-9]
    lands = rows[before] + rows[change]
    levels_and_changes = unit != "procent" and min(rows[before].min(), lands.min()) >= 0
    among = among_others(
        pd.concat([own, likes]),
        area,
        lowest=-start if levels_and_changes else None,
        key=key,
        change=change,
        size=size,
        unit=unit,
        kind=kind,
        **printed,
    )
    if size is None:
        among = among.without_interval(say(_SIZES_UNKNOWN))
    levels = Band(float(likes[before].min()), float(likes[before].max()))
    return LikeStart(among, start, levels, likes[key].tolist(), why or say(CHOSEN_FOR_HIGH))


FAR_OUT = 1.0  # standard deviations of the others' levels
CLEAR = -0.3  # a correlation of level and change that is worth telling
_LIKES = 6


def far_out(
    frame: pd.DataFrame,
    area: str,
    *,
    key: str = "area",
    before: str = "before",
    change: str = "difference",
    unit: str = "dagar",
    kind: str = "län",
    about: str = "",
    source: str = "",
    decimals: int = 1,
) -> LikeStart | None:
    """Return an area that began far from the others beside those that began near it, else None.

    Far is more than one standard deviation of the others' levels from their mean. Such an area drifts
    towards the others by itself (regression to the mean), whether anybody picked it or not. The correlation
    of level and change among all the areas is told where it is -0.3 or stronger.

    Args:
        frame: one row an area, with its level before and its change in the same unit.
        area: the area asked about.
        key: the column with the areas.
        before: the column with the levels before.
        change: the column with the changes.
        unit: the unit of both.
        kind: what the areas are, in the plural.
        about: what tells these numbers from others on the page.
        source: the source of the figures.
        decimals: how exactly the changes are printed.

    Raises:
        NotComputable: as `among_others`.

    >>> areas = pd.DataFrame({"area": list("abcdefgh"), "before": [40.0, 31, 32, 30, 29, 33, 31, 30],
    ...                       "difference": [-3.0, -1, -1.5, -0.5, 0, -2, -1, 0.5]})
    >>> far_out(areas, "a").start, far_out(areas, "b")
    (40.0, None)
    """
    rows = numeric_columns(frame, [before, change], key=[key])
    demand_one_level(rows[key], key)
    own = rows[key].astype(str) == str(area)
    if not own.any():
        raise NotComputable(f"{area!r} inte finns bland områdena")
    others = rows.loc[~own, before]
    start = float(rows.loc[own, before].iloc[0])
    if len(others) < _LIKES or abs(start - others.mean()) <= FAR_OUT * others.std():
        return None
    together = float(rows[before].corr(rows[change]))
    about = f"utgångsläge|{about or area}"

    def number(what: str, value: float, unit: str, places: int) -> Fact:
        return Fact(f"{what}|{about}", value, unit, places, "model", made_up=source in SYNTHETIC)

    why = say(
        "{one} låg {where} från början, {start} {unit} mot i medeltal {mean} i de andra {all}. Ett "
        "område långt från de andra brukar närma sig dem även när ingenting görs.{together}",
        one=the_one(kind).capitalize(),
        where="högt" if start > others.mean() else "lågt",
        start=number("utgångsläge", start, unit, 1),
        mean=number("de andras medelläge", float(others.mean()), unit, 1),
        unit=unit,
        all=definite(kind),
        together=say(
            " Så var det här: ju högre utgångsläge, desto större minskning eller mindre ökning "
            "(korrelation {r:signed}).",
            r=number("korrelation", together, "", 2),
        )
        if together <= CLEAR
        else "",
    )
    return like_starting_level(
        rows, area, key=key, before=before, change=change, nearest=_LIKES, unit=unit, kind=kind, why=why,
        about=about, source=source, decimals=decimals,
    )  # fmt: skip
