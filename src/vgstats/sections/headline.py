"""The first sentence: what sjukpenningtal and ohälsotal did, together, so that neither hides the other."""

from __future__ import annotations

from vgstats.facts.text import Text, say
from vgstats.methods.before_after import Change, change_facts
from vgstats.reports.followup import Followup
from vgstats.reports.uppfoljning import HEADLINE
from vgstats.sections.words import capitalised, compared_in, from_to

_WORDS = {-1: "sjönk", 0: "var oförändrat inom avrundningen", 1: "steg"}


def headline(report: Followup) -> list[Text]:
    """Return one sentence on the two headline measures, none where the report does not have both."""
    found = [change for measure in HEADLINE if (change := report.change(measure))]
    if len(found) < len(HEADLINE):
        return []
    cash, all_days = found
    area, when = report.area_name, from_to(cash)
    one, other = compared_in(cash), compared_in(all_days)
    way = way_of(cash)
    if way != way_of(all_days):
        return [
            say(
                "{one} i {area} {moved} {when}, medan {other} {other_moved}.",
                one=capitalised(one),
                area=area,
                moved=_moved(cash),
                when=when,
                other=other,
                other_moved=_moved(all_days),
            )
        ]
    if not way:
        return [
            say(
                "Varken {one} eller {other} i {area} ändrades mer än avrundningen {when}.",
                one=one,
                other=other,
                area=area,
                when=when,
            )
        ]
    return [
        say(
            "Både {one} och {other} i {area} {moved} {when}: {one} med {p:abs} procent och {other} med "
            "{q:abs} procent.",
            one=one,
            other=other,
            area=area,
            moved=_WORDS[way],
            when=when,
            p=change_facts(cash).percent,
            q=change_facts(all_days).percent,
        )
    ]


def way_of(change: Change) -> int:
    """Return -1 for a fall and 1 for a rise beyond what rounding leaves open, else 0."""
    return 0 if change.within_rounding else -1 if change.difference < 0 else 1


def _moved(change: Change) -> Text:
    way = way_of(change)
    if not way:
        return say(_WORDS[0])
    return say("{moved} med {p:abs} procent", moved=_WORDS[way], p=change_facts(change).percent)
