"""An area beside those that started from about the same level: regression to the mean."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pandas as pd

from vgstats.catalogue.words import area_words
from vgstats.facts.facts import Fact
from vgstats.facts.text import Text, join, say
from vgstats.methods.arguments import number_of
from vgstats.methods.levels import place_of_area, rows_of_areas
from vgstats.methods.other_areas import FEWEST_OTHERS, AmongOthers, among_others
from vgstats.methods.result import Band, Labels, NotComputable, Result
from vgstats.observations import SYNTHETIC

CHOSEN_FOR_HIGH = (
    "{place} valdes för att nivån var hög där. Ett område som väljs så brukar närma sig de andra även när "
    "ingenting görs, därför att en del av det höga talet är tillfälligt."
)
_LIKE_WITH_LIKE = (
    "Områden som låg ungefär lika från början jämförs, eftersom de som ligger långt från de andra brukar närma sig "
    "dem även när ingenting görs."
)
_SIZES_UNKNOWN = (
    "Gränser för vanlig variation skrivs inte ut, eftersom små områden svänger mer än stora och "
    "områdenas storlek inte är med."
)
FAR_OUT = 1.0  # standard deviations of the others' levels
CLEAR = -0.3  # a correlation of level and change that is worth telling
LIKES = 6  # counties of like level to set one beside


@dataclass(frozen=True, kw_only=True)
class LikeStart(Result):
    """An area beside those that started from about the same level.

    `among` compares the area with these, and has the same estimate and interval; `levels` are the
    levels they started from.
    """

    among: AmongOthers
    start: float
    levels: Band
    areas: list[str]
    why: Text

    def to_frame(self) -> pd.DataFrame:
        """Return one row: as `AmongOthers.to_frame`, the starting level and those of its likes."""
        return self.among.to_frame().assign(
            start=self.start, start_low=self.levels.low, start_high=self.levels.high
        )

    def short(self, what: str = "") -> Text:
        """Return in one sentence how the area did beside its likes; `what` is ` i` and what they are compared in."""
        return self.among.say(
            "{one} låg{what} långt från de andra från början; de {n} {kind} som låg närmast det ändrades i "
            "genomsnitt med {mean:signed} {unit}, {the_area} med {own:signed}.",
            one=self.among.the_area.capitalize(),
            what=what,
            **self._likes(),
        )

    def beside(self, what: str) -> Text:
        """Return in a few words how the likes and the area did in `what`, for a list of several measures."""
        return self.among.say(
            "{what} {mean:signed} {unit} (de {n} närmaste), {the_area} {own:signed}",
            what=what,
            **self._likes(),
        )

    def _likes(self) -> dict[str, Fact]:
        found = self.among
        return {
            "n": found.count("områden med lika utgångsläge", len(self.areas)),
            "mean": found.fact("medelförändring vid lika utgångsläge", found.mean_of_others),
            "own": found.fact("egen förändring", found.change),
        }

    def sentence(self) -> Text:
        """Return why an area far from the others must be compared with its likes, and how."""
        found, many = self.among, self.among.kind == "kommuner"
        likes = found.say(
            "De {n} {kind} som låg närmast från början, mellan {low} och {high} mot {start}, "
            "ändrades i genomsnitt med {mean:signed} {unit}; {one} ändrades med {own:signed}.",
            kind="områden" if many else found.kind,
            one="området" if many else found.the_area,
            **found.both_ends("{}a utgångsläge", self.levels, decimals=1),
            start=found.fact("eget utgångsläge", self.start, decimals=1),
            **self._likes(),
        )
        return join([self.why, likes, found.usual_words()])


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
        why: a whole Swedish sentence on why it is compared so; why like is compared with like when left out.
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
        raise NotComputable(
            "minst {needed} andra områden behövs, och nearest är {nearest}",
            needed=FEWEST_OTHERS,
            nearest=nearest,
        )
    rows = rows_of_areas(frame, [before, change, *([size] if size else [])], key)
    own = rows[place_of_area(rows, area, key)]
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
    return LikeStart(
        estimate=among.estimate,
        interval=among.interval,
        method=f"områden med lika utgångsläge (Linden 2013), {among.method}",
        n=among.n,
        **Labels(unit=among.unit, source=among.source, decimals=among.decimals, about=among.about),
        among=among,
        start=start,
        levels=levels,
        areas=likes[key].tolist(),
        why=why or say(_LIKE_WITH_LIKE),
    )


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
    rows = rows_of_areas(frame, [before, change], key)
    own = place_of_area(rows, area, key)
    others = rows.loc[~own, before]
    start = float(rows.loc[own, before].iloc[0])
    if len(others) < LIKES or abs(start - others.mean()) <= FAR_OUT * others.std():
        return None
    together = float(rows[before].corr(rows[change]))
    about = f"utgångsläge|{about or area}"

    def number(what: str, value: float, unit: str, places: int) -> Fact:
        return Fact(f"{what}|{about}", value, unit, places, "model", made_up=source in SYNTHETIC)

    drifts = say(
        " Så var det här: ju högre utgångsläge, desto större minskning eller mindre ökning "
        "(korrelation {r:signed}).",
        r=number("korrelation", together, "", 2),
    )
    why = say(
        "{one} låg {where} från början, {start} {unit} mot i medeltal {mean} i de andra {all}. Ett "
        "område långt från de andra brukar närma sig dem även när ingenting görs.{together}",
        one=area_words(kind).the_one.capitalize(),
        where="högt" if start > others.mean() else "lågt",
        start=number("utgångsläge", start, unit, 1),
        mean=number("de andras medelläge", float(others.mean()), unit, 1),
        unit=unit,
        all=area_words(kind).all,
        together=drifts if together <= CLEAR else "",
    )
    return like_starting_level(
        rows, area, key=key, before=before, change=change, nearest=LIKES, unit=unit, kind=kind, why=why,
        about=about, source=source, decimals=decimals,
    )  # fmt: skip
