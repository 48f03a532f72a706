"""What a reader must know of the numbers of an answer: another way of counting in between, preliminary figures."""

from __future__ import annotations

from collections.abc import Iterable

from vgstats.blocks.words import rule_month
from vgstats.catalogue import areas
from vgstats.catalogue.law_changes import law_changes_between
from vgstats.catalogue.measures import measure as measure_of
from vgstats.catalogue.periods import Period
from vgstats.explore.question import Question
from vgstats.facts.text import Text, say
from vgstats.methods.before_after import Change
from vgstats.sections.doubts import revisable


def cautions(asked: Question, found: Iterable[Change]) -> list[Text]:
    """Return a sentence for each change of definition between the periods compared, and one each on
    units, whose numbers chance moves, and on preliminary figures."""
    changes = list(found)
    pairs = dict.fromkeys((c.after.measure, c.before.period, c.after.period) for c in changes)
    broken = {
        (measure, rule.id): rule
        for measure, first, last in pairs
        for rule in law_changes_between(
            measure_of(measure), Period.parse(first), Period.parse(last)
        )
        if rule.kind == "definition"
    }
    said = [
        say(
            "Beräkningssättet för {what} ändrades i {when}. {text}",
            what=measure_of(measure).the_name,
            when=rule_month(rule),
            text=rule.text,
        )
        for (measure, _), rule in broken.items()
    ]
    values = [value for change in changes for value in (change.before, change.after)]
    if any(value.area.startswith(areas.UNIT) for value in values):
        said.append(
            say("En enhets tal rör sig mycket av slumpen; enhetsbladet säger vad som är mer än så.")
        )
    return [*said, *revisable(value for value in values if asked.is_preliminary(value))]
