"""How a count divides before and after: the share of each group, with the count beside it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pandas as pd

from vgstats.blocks.blocks import Block
from vgstats.blocks.figures import Figure
from vgstats.blocks.tables import Cell, Column, Table
from vgstats.blocks.words import WOMEN_AND_MEN, from_to, low_to_high, sex_words, uncapitalised, whom
from vgstats.catalogue import areas
from vgstats.catalogue.case_tables import case_tables
from vgstats.catalogue.measures import TotalOf, catalogue
from vgstats.catalogue.measures import measure as measure_of
from vgstats.catalogue.words import dimensions, group_name, group_order, parse_group
from vgstats.errors import VgstatsError, nearest
from vgstats.explore.absent import HiddenError, NotDividedError
from vgstats.explore.answer import Answer, Numbers
from vgstats.explore.cautions import cautions
from vgstats.explore.figures import Where
from vgstats.explore.names import measure_named
from vgstats.explore.question import Question, both_sources, sources_of
from vgstats.facts.facts import Fact, value_fact
from vgstats.facts.text import Name, Text, join, say
from vgstats.methods.before_after import Change, change_facts, for_whom, place_of
from vgstats.methods.shares import SHARE, ShareChange, share_facts, share_of

SEX = "kön"
_METHOD = "andel och antal bredvid varandra; spannen är källans avrundning"


def shares(
    measure: str,
    area: str,
    before: str,
    after: str,
    *,
    dimension: str = "diagnos",
    sex: str = "alla",
    data: pd.DataFrame | None = None,
    store: Where = None,
) -> Answer:
    """Return how a count divides before and after: the share of each group, with the count beside it.

    The frame has a row a group: `group`, `share_before`, `share_after`, `count_before`, `count_after`,
    `percent_low`, `percent_high` (of the count); in a part of a county `share_county`, the county's share after.

    Args:
        measure: a count, by id or Swedish name, such as `sjukfall_60_dagar` or `pagaende_sjukfall`.
        area: a name, a code or an id.
        before: the earlier period.
        after: the later period.
        dimension: what it divides by: kön, diagnos, grad, sysselsättning and such (`vg.available` has them). Where
            a table of its own has the dimension (`intygsfall` by diagnos), it is taken from there.
        sex: alla, kvinnor or män; not with the dimension kön.
        data: a tidy frame to take the figures from.
        store: where fetched and imported figures lie.

    Raises:
        VgstatsError: as `change`, or the measure is not divided so; the message says by what it is.

    >>> found = shares("sjukfall_60_dagar", "Västra Götaland", "2005-12", "2008-12").to_frame()
    >>> found.loc[found["group"] == "diagnos=F00-F99", ["share_before", "share_after"]].to_numpy().tolist()
    [[38.0, 35.0]]
    """
    measure = table_of(measure_named(measure), dimension)
    asked = Question(
        measure,
        area,
        before,
        after,
        sex=sex,
        also={measure + SHARE} & {*catalogue()},
        data=data,
        store=store,
    )
    return _answer(asked, dimension)


def table_of(measure: str, dimension: str) -> str:
    """Return the measure that divides another by a dimension, itself where none does.

    >>> table_of("intygsfall", "diagnos"), table_of("intygsfall", "kön")
    ('intygsfall_diagnos', 'intygsfall')
    """
    return tables_of(measure).get(dimension, measure)


def heading(dimension: str) -> str:
    """Return what a dimension is called, such as `Sjukfallets längd`."""
    return "Kön" if dimension == SEX else dimensions()[dimension].name


def tables_of(measure: str) -> dict[str, str]:
    """Return the measures that divide another as a whole, by their dimension."""
    whole = TotalOf(measure=measure)
    there = [one for one in case_tables().values() if measure_of(one.measure).total_of == whole]
    return {one.dimension: one.measure for one in there}


@dataclass(frozen=True)
class _Group:
    """One group: its name, its shares and counts before and after, how the count changed, and a row of numbers.

    `beside` is its share in the county after, where the area is a part of one.
    """

    name: str
    shares: tuple[Fact, Fact]
    counts: tuple[Fact, Fact]
    changed: Cell
    row: dict[str, Any]
    beside: Fact | None = None

    @property
    def said(self) -> Text:
        """The group's shares in a sentence."""
        first, last = self.shares
        return say(
            "{name} från {first} till {last} procent", name=self.name, first=first, last=last
        )


def _answer(asked: Question, dimension: str) -> Answer:
    """Return how the count that is asked about divides by a dimension.

    Raises:
        VgstatsError: it is not divided so, or a number is missing.
    """
    if not measure_of(asked.main).additive:
        raise VgstatsError(
            f"{asked.main} is no count, so it has no shares. Ask of a count, such as pagaende_sjukfall."
        )
    whole = asked.demand()
    if not (whole.before.value and whole.after.value):
        raise VgstatsError(
            f"{asked.main} is 0 for {asked.area_name} in {whole.before.period} or {whole.after.period}, and nothing "
            "has no shares. Choose other periods."
        )
    parts = _parts(asked, dimension)
    found = [*_groups(asked, whole, parts)]
    hidden = _hidden(asked, whole, parts)
    # A table of one sex that would give small numbers away is not released at all.
    withheld = bool(parts) and asked.sex != "alla" and measure_of(asked.main).own
    if not found and (hidden or withheld):
        raise HiddenError(
            f"The figures of {asked.main} by {dimension} for {asked.area_name} are hidden, since they are small or "
            "would give small ones away. Choose another dimension, or a larger area."
        )
    if not found:
        there = sorted(_dimensions(asked) - {dimension})
        raise NotDividedError(
            f"dimension {dimension!r}: {asked.main} is not divided so for {asked.area_name} in both periods."
            f"{nearest(dimension, there)} It is divided by: {', '.join(there) or 'nothing'}."
        )
    of, place = measure_of(asked.main).the_name + for_whom(whole.after), place_of(whole.after)
    groups = join([group.said for group in found], "; ")
    said = say("Andel av {of} i {place}: {groups}.", of=of, place=place, groups=groups)
    frame = pd.DataFrame([group.row for group in found])
    result = Numbers(frame, said, _METHOD, sources_of([whole]))
    doubts = cautions(asked, [whole])
    if hidden:
        words = Name("; ".join(hidden))
        doubts.append(
            say("Dolt, eftersom talen är små eller skulle röja små: {words}.", words=words)
        )
    return Answer(
        result, lambda: _figure(asked, whole, dimension, found, all_known=not hidden), doubts=doubts
    )


def _dimensions(asked: Question) -> set[str]:
    """Return what the count is divided by, for the area."""
    rows = asked.observations
    rows = rows[
        rows["measure"].isin([asked.main, asked.main + SHARE]) & (rows["area"] == asked.area)
    ]
    by_sex = {SEX} if rows["sex"].isin(WOMEN_AND_MEN).any() else set()
    groups = {name for group in set(rows["group"]) for name in parse_group(group)}
    return by_sex | groups | {*tables_of(asked.main)}


def _parts(asked: Question, dimension: str) -> list[tuple[str, str]]:
    """Return the sex and group of each part that a dimension divides the count into, in order."""
    if dimension == SEX:
        return [(sex, "") for sex in WOMEN_AND_MEN]
    rows = asked.observations
    of = rows["measure"].isin([asked.main, asked.main + SHARE]) & (rows["area"] == asked.area)
    groups = [g for g in set(rows.loc[of, "group"]) if [*parse_group(g)] == [dimension]]
    return [(asked.sex, group) for group in sorted(groups, key=group_order)]


def _called(sex: str, group: str) -> str:
    return group_name(group) if group else sex_words(sex).capitalize()


def _hidden(asked: Question, whole: Change, parts: list[tuple[str, str]]) -> list[str]:
    """Return what the parts are called of which a number is hidden."""
    when = (whole.before.period, whole.after.period)
    return [
        _called(sex, group)
        for sex, group in parts
        if any(asked.is_hidden(asked.main, period, group, sex=sex) for period in when)
    ]


def _groups(asked: Question, whole: Change, parts: list[tuple[str, str]]) -> Iterator[_Group]:
    after = whole.after.period
    for sex, group in parts:
        name = _called(sex, group)
        if count := asked.change(asked.main, sex, group):
            county = asked.county if asked.county not in (asked.area, areas.RIKET) else ""
            part = asked.value(asked.main, after, group, county, sex) if county else None
            of = asked.value(asked.main, after, "", county, whole.after.sex) if part else None
            yield _counted(name, count, whole, share_of(part, of) if part and of else None)
            continue
        stated = asked.main + SHARE
        if stated in catalogue() and (share := asked.change(stated, sex, group)):
            yield _stated(name, ShareChange(share, whole))


def _counted(name: str, count: Change, whole: Change, beside: Fact | None) -> _Group:
    """Return a group whose count the source gives, with its share worked out, and the county's."""
    first, last = share_of(count.before, whole.before), share_of(count.after, whole.after)
    facts = change_facts(count)
    row = {
        "group": count.after.group or count.after.sex,
        "share_before": first.value,
        "share_after": last.value,
        "count_before": count.before.value,
        "count_after": count.after.value,
        "percent_low": count.percent_band.low,
        "percent_high": count.percent_band.high,
    }
    changed = say("{p:signed} %", p=facts.percent) if count.before.value else None
    if beside:
        row["share_county"] = beside.value
    counts = (value_fact(count.before), value_fact(count.after))
    return _Group(name, (first, last), counts, changed, row, beside)


def _stated(name: str, found: ShareChange) -> _Group:
    """Return a group whose share the source gives, with the count that it stands for."""
    facts = share_facts(found)
    return _Group(
        name,
        (facts.share.before, facts.share.after),
        (facts.count_before, facts.count_after),
        low_to_high(facts.percent_low, facts.percent_high, unit=" %"),
        found.to_frame().iloc[0].to_dict(),
    )


def _figure(
    asked: Question, whole: Change, dimension: str, found: list[_Group], *, all_known: bool
) -> Block:
    # Here, since a question in words should not wait for matplotlib.
    from vgstats.drawing import bars

    label = heading(dimension)
    first, last = whole.before.period, whole.after.period
    drawn = [(label, g.name, *(fact.value for fact in g.shares)) for g in found]
    drawing = bars.shares(
        pd.DataFrame(drawn, columns=["dimension", "group", "before", "after"]), labels=(first, last)
    )
    columns = [
        Column(label, "text", of="name"),
        Column(f"Andel {first}", of=lambda g: g.shares[0], form="{x} %"),
        Column(f"Andel {last}", of=lambda g: g.shares[1], form="{x} %"),
        *(
            [Column(f"Länet {last}", of="beside", form="{x} %")]
            if any(g.beside for g in found)
            else []
        ),
        Column(f"Antal {first}", of=lambda g: g.counts[0]),
        Column(f"Antal {last}", of=lambda g: g.counts[1]),
        Column("Ändring av antalet", of="changed"),
    ]
    what, by = measure_of(asked.main).name, f"efter {uncapitalised(label)}"
    of = f"{what}{whom(whole.after)}" + f", {by}" * (" efter " not in what)
    caption = f"{of}, {place_of(whole.after)}, {from_to(whole)}"
    table = Table.from_frame(found, columns, id=f"andelar-{asked.main}", caption=caption)
    most = max(found, key=lambda g: abs(g.shares[1].value - g.shares[0].value))
    first_text, last_text = (fact.text() for fact in most.shares)
    form = "Störst ändring av andelen: {said}" if all_known else "Andel: {said}"
    title = say(form, said=most.said)
    if all_known and first_text == last_text:
        title = say("Ingen andel är större eller mindre än förut")
    alt = say("Staplar före och efter: {said}.", said=join([g.said for g in found], "; "))
    note = say("{caption}. {sources}", caption=caption, sources=asked.cite(both_sources(whole)))
    return Figure(drawing, title, alt, table, note)
