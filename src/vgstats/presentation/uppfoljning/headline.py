"""The first sentence: what sjukpenningtal and ohälsotal did, together, so that neither hides the other."""

from __future__ import annotations

from vgstats.analysis.change import Change, change_facts
from vgstats.presentation.uppfoljning.words import compared_in, from_to
from vgstats.report_kinds.followup import Followup
from vgstats.report_kinds.uppfoljning import HEADLINE
from vgstats.wording.facts import Fact
from vgstats.wording.text import Text, say

_WORDS = {-1: "sjönk", 0: "var oförändrat inom avrundningen", 1: "steg"}


def headline(report: Followup) -> list[Text]:
    """Return one sentence on the two headline measures, none where the report does not have both."""
    found = [change for measure in HEADLINE if (change := report.change(measure))]
    if len(found) < len(HEADLINE):
        return []
    cash, all_days = found
    if way_of(cash) == way_of(all_days) == 0:
        said = "Varken {cash} eller {all} i {area} ändrades mer än avrundningen {when}."
    elif way_of(cash) == way_of(all_days):
        said = (
            "Både {cash} och {all} i {area} {moved} {when}: {cash} med {c:abs} procent och {all} med "
            "{a:abs} procent."
        )
    else:
        said = "{Cash} i {area} {c_moved} {when}, medan {all} {a_moved}."
    parts: dict[str, Fact | Text | str] = {
        "cash": compared_in(cash),
        "Cash": compared_in(cash).capitalize(),
        "all": compared_in(all_days),
        "area": report.area_name,
        "when": from_to(cash),
        "moved": _WORDS[way_of(cash)],
        "c": change_facts(cash).percent,
        "a": change_facts(all_days).percent,
        "c_moved": _moved(cash),
        "a_moved": _moved(all_days),
    }
    return [say(said, **{name: part for name, part in parts.items() if f"{{{name}" in said})]


def way_of(change: Change) -> int:
    """Return -1 for a fall and 1 for a rise beyond what rounding leaves open, else 0."""
    return 0 if change.within_rounding else -1 if change.difference < 0 else 1


def _moved(change: Change) -> Text:
    way = way_of(change)
    if not way:
        return say(_WORDS[0])
    return say("{moved} med {p:abs} procent", moved=_WORDS[way], p=change_facts(change).percent)
