"""What must not be compared, and what a comparison must say of itself."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import pandas as pd

from vgstats.analysis.comparing.among_others import FEWEST_OTHERS, AmongOthers, among_others
from vgstats.analysis.result import Band, NotComputable, numeric_columns
from vgstats.interventions import Rule, rules_between
from vgstats.measures import measure as measure_of
from vgstats.periods import Period
from vgstats.wording.text import Text, join, say

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
    """
    rules = rules_between(measure_of(measure), Period.parse(before), Period.parse(after))
    columns = ["date", "kind", "name", "text", "source"]
    return pd.DataFrame(
        [[getattr(rule, column) for column in columns] for rule in rules], columns=columns
    )


def definition_breaks(measure: str, before: str, after: str) -> list[Rule]:
    """Return the changes of definition between two periods, over which nothing may be tested."""
    rules = rules_between(measure_of(measure), Period.parse(before), Period.parse(after))
    return [rule for rule in rules if rule.kind == "definition"]


def demand_same_definition(measure: str, before: str, after: str) -> None:
    """Refuse a test when the measure's definition changed between the two periods.

    Raises:
        NotComputable: it did; the reason names the change.
    """
    broken = definition_breaks(measure, before, after)
    if broken:
        raise NotComputable(
            f"måttet inte är detsamma före och efter: {broken[0].name[0].lower()}"
            f"{broken[0].name[1:]} ({broken[0].date.year})"
        )


def demand_same_coding(before: Iterable[str], after: Iterable[str]) -> None:
    """Refuse to compare shares when the groups they are shares of are not the same.

    Raises:
        NotComputable: a group stands on one side only; the reason names such groups.
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

    def sentence(self) -> Text:
        """Return why an area picked for its high level must be compared with its likes, and how."""
        found = self.among
        return join(
            [
                say(CHOSEN_FOR_HIGH),
                say(
                    "De {n} områden som låg närmast från början, mellan {low} och {high} mot {start}, "
                    "ändrades i genomsnitt med {mean:signed} {unit}; området ändrades med {own:signed}.",
                    n=found.fact("områden med lika utgångsläge", len(self.areas), "antal", 0),
                    low=found.fact("lägsta utgångsläge", self.levels.low),
                    high=found.fact("högsta utgångsläge", self.levels.high),
                    start=found.fact("eget utgångsläge", self.start),
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
) -> LikeStart:
    """Return an area beside the `nearest` others by starting level.

    Regression to the mean: Linden, BMC Medical Research Methodology 13:119 (2013).

    Args:
        frame: one row an area, with its level before and its change.
        area: the area that was picked for its level.
        key: the column with the areas.
        before: the column with the levels before.
        change: the column with the changes.
        nearest: how many others to compare with, those nearest in level; 5 at the least.
        size: the column with the areas' sizes. Without it no limits are given: for a small area they
            would be too narrow.
        unit: the unit of the changes.
        kind: what the areas are, in the plural.

    Raises:
        NotComputable: as `among_others`.
    """
    if nearest < FEWEST_OTHERS:
        raise NotComputable(f"minst {FEWEST_OTHERS} andra områden behövs, och nearest är {nearest}")
    rows = numeric_columns(frame, [before, change, *([size] if size else [])], key=[key])
    own = rows[rows[key].astype(str) == str(area)]
    if own.empty:
        raise NotComputable(f"{area!r} inte finns bland områdena")
    start = float(own[before].iloc[0])
    others = rows.drop(own.index)
    likes = others.loc[(others[before] - start).abs().sort_values(kind="stable").index[:nearest]]
    among = among_others(
        pd.concat([own, likes]), area, key=key, change=change, size=size, unit=unit, kind=kind
    )
    if size is None:
        among = among.without_interval(say(_SIZES_UNKNOWN))
    levels = Band(float(likes[before].min()), float(likes[before].max()))
    return LikeStart(among, start, levels, likes[key].tolist())
