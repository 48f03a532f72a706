"""Om uppgifterna: Det som saknas, each thing once."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from vgstats.blocks.blocks import Block, Bullets, Folded, together
from vgstats.blocks.words import capitalised, uncapitalised
from vgstats.catalogue import areas
from vgstats.catalogue.measures import LONG_CASES, SHARES
from vgstats.catalogue.measures import measure as measure_of
from vgstats.facts.text import Part, Text, as_text, join, say, swedish_list
from vgstats.reports.report import Report
from vgstats.sections.words import NOT_COMPUTABLE, chosen_measures


def gaps(report: Report, measures: Sequence[str] | None = None) -> Block:
    """Return one folded list of what the report lacks, each thing once, with where it may be sought.

    Args:
        report: the report.
        measures: those to look for; those that every report of the kind tells when left out.
    """
    looked_for = chosen_measures(measures, (*report.shown, *report.costs))
    found = [m for m in looked_for if report.has(m)]
    by_group = [m for m in looked_for if m not in found and _is_by_group(report, m)]
    hidden = [m for m in looked_for if m not in found and report.hides(m)]
    wanting: dict[str, list[str]] = {}
    for id_ in looked_for:
        if id_ not in (*found, *by_group, *hidden):
            wanting.setdefault(_where(report, id_), []).append(_name(report, id_))
    riket = [m for m in found if _lacks_riket(report, m)]
    sexes = [m for m in found if _lacks_sexes(report, m)]
    items = [
        *(say("{what} ({where}).", what=_names(of), where=where) for where, of in wanting.items()),
        *_told("Dolt av sekretesskäl: {what}.", [_name(report, m) for m in hidden]),
        *_of_riket(report, riket, sexes),
        *_told(
            "Kvinnor och män för sig: {what}.", [_name(report, m) for m in sexes if m not in riket]
        ),
        *_listed(
            one.what
            for one in report.left_out.values()
            if not one.measures or {*one.measures} & {*found}
        ),
    ]
    return Folded([Bullets(items)], "Visa vad som saknas") if items else together()


_SAID_BY_THE_HEADING = (" finns inte bland uppgifterna.", " saknas.")
_BY_PART = re.compile(r"(.+) efter (\w+)\.")


def _listed(left_out: Iterable[Text]) -> list[Text]:
    """Return what was left out as lines under a heading that says it is missing: alike ones are one."""
    because: dict[str, tuple[list[Text], Part]] = {}
    parted: dict[str, list[str]] = {}
    lines: list[Text] = []
    for what in left_out:
        bare = _bare(what)
        if what.template == NOT_COMPUTABLE:
            why = what.parts["why"]
            whats, _ = because.setdefault(str(say("{why}", why=why)), ([], why))
            one = what.parts["what"]
            one = uncapitalised(one) if whats and isinstance(one, str) else one
            whats.append(say("{what}", what=one))
        elif of := _BY_PART.fullmatch(bare.plain()):
            parted.setdefault(uncapitalised(of[1]), []).append(of[2])
        else:
            lines.append(bare)
    for whats, why in because.values():
        lines.append(say("{whats} ({why}).", whats=join(whats, ", "), why=why))
    by_part = [f"{what} efter {swedish_list([*dict.fromkeys(of)])}" for what, of in parted.items()]
    return [*lines, *([say("{what}.", what=capitalised("; ".join(by_part)))] if by_part else [])]


def _bare(what: Text) -> Text:
    """Return a sentence without the end of it that the heading says."""
    words = what.parts.get("words") if what.template == "{words}" else None
    whole = words if isinstance(words, str) else what.template
    for end in _SAID_BY_THE_HEADING:
        if whole.endswith(end):
            whole = f"{whole.removesuffix(end)}."
    return as_text(whole) if isinstance(words, str) else Text(whole, what.parts)


def _told(form: str, names: list[str]) -> list[Text]:
    return [say(form, what=uncapitalised(_names(names)))] if names else []


def _of_riket(report: Report, riket: list[str], sexes: list[str]) -> list[Text]:
    """Return what is missing of the country, at all or at the times compared, and besides it of women and men."""
    elsewhen = [m for m in riket if report.series(m, areas.RIKET)]
    lines = []
    for at, of in (
        ("", [m for m in riket if m not in elsewhen]),
        (" vid de tidpunkter som jämförs", elsewhen),
    ):
        alone = [_name(report, m) for m in of if m not in sexes]
        both = [_name(report, m) for m in of if m in sexes]
        lines += _told(f"För riket{at}: {{what}}.", alone)
        lines += _told(f"För riket{at}, och för kvinnor och män för sig: {{what}}.", both)
    return lines


def _names(names: list[str]) -> str:
    return capitalised(swedish_list([*dict.fromkeys(map(_inside, names))]))


def _inside(name: str) -> str:
    """Return a name as it is written inside a sentence."""
    return name if name.startswith("Försäkringskassan") else uncapitalised(name)


def _is_a_cost_of_none(report: Report, id_: str) -> bool:
    return id_ in report.costs and not any(map(report.has, report.costs))


def _name(report: Report, id_: str) -> str:
    """Return what a measure is called in the list; the costs are one where there are none."""
    alone = _is_a_cost_of_none(report, id_)
    return "Försäkringskassans kostnader" if alone else measure_of(id_).short_name


def _where(report: Report, id_: str) -> str:
    """Return where a measure may be sought, from what the catalogue says of it."""
    available = report.where_to_get(id_)
    if _is_a_cost_of_none(report, id_):
        available = report.where_to_get("sa_belopp")  # of the costs the one that is open
    if not available:
        return "var det kan sökas är okänt"
    place = available.partition(",")[0].partition(" har ")[0]
    if place.startswith("in"):  # `inte funnen i ...`, `ingår inte i ...`
        return "fråga Försäkringskassan"
    return f"kan sökas i {place}"


def _lacks_riket(report: Report, id_: str) -> bool:
    asked = (id_, areas.RIKET) in report.asked and not measure_of(id_).money
    return asked and not report.has(id_, areas.RIKET)


def _lacks_sexes(report: Report, id_: str) -> bool:
    """Return whether a measure of persons is there without women and men, not even as shares."""
    as_share = id_ == LONG_CASES and report.change(SHARES, "kvinnor")
    whole = report.change(id_) and measure_of(id_).of_persons and not measure_of(id_).money
    return bool(whole and not as_share and not report.change(id_, "kvinnor"))


def _is_by_group(report: Report, id_: str) -> bool:
    """Return whether the report has a measure of its area by group, as shares that are no change of a whole."""
    rows, times = report.observations, report.parameters.periods_in_use(id_)
    own = rows[(rows["measure"] == id_) & (rows["area"] == report.area)]
    return bool((own["period"].isin(times) & own["group"].ne("") & own["value"].notna()).any())


def lacked(report: Report, id_: str) -> bool:
    """Return whether a measure is missing, or the country's numbers of it, or women's and men's."""
    return not report.has(id_) or _lacks_sexes(report, id_) or _lacks_riket(report, id_)
