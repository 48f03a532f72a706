"""What a report says of hidden small numbers: the rule in plain words, the mark, and a missing control."""

from __future__ import annotations

from vgstats.blocks.blocks import OWN_FIGURES, Block, Paragraphs
from vgstats.disclosure import HidingRule
from vgstats.facts.facts import count_fact
from vgstats.facts.text import HIDDEN_MARK, UNCONTROLLED, Name, Text, say
from vgstats.reports.report import Report


def hidden(report: Report) -> Block:
    """Return how small numbers are hidden, and by whom."""
    own = report.shown_and_hidden()
    if any(own):
        return how_hidden(report.parameters.disclosure.rule(), *own)
    publishers = sorted(set(report.named_sources()["publisher"]))
    return Paragraphs([hidden_by_others(" och ".join(publishers))])


def how_hidden(rule: HidingRule, shown: int, hidden: int) -> Block:
    """Return how small numbers are hidden in a report that shows a region's own counts.

    Args:
        rule: what was applied.
        shown: how many of the report's numbers are shown.
        hidden: how many are not.
    """
    if not rule.on:
        return Paragraphs(
            [
                say(
                    "{warning}. Rapporten visar alla antal som de är, också dem som är så små att de kan röja "
                    "enskilda personer.",
                    warning=UNCONTROLLED,
                )
            ],
            kind=OWN_FIGURES,
        )
    return Paragraphs(_rule_words(rule, shown, hidden), kind=OWN_FIGURES)


def hidden_by_others(publisher: str) -> Text:
    """Return who has hidden small numbers, where vgstats has not."""
    return say(
        "Antalen kommer från {publisher}, som har lämnat dem med beskedet att små tal redan är dolda. Vad som är "
        "dolt har den bestämt; här döljs inget mer. Dolda tal har märket {mark}.",
        publisher=Name(publisher),
        mark=HIDDEN_MARK,
    )


def _rule_words(rule: HidingRule, shown: int, hidden: int) -> list[Text]:
    zero = (
        "En nolla visas, för den säger bara att ingen fanns."
        if rule.zeros_shown
        else "Också nollor döljs."
    )
    return [
        say(
            "Antalen kommer ur regionens eget register, där ingen har dolt små tal. Ett litet antal kan avslöja "
            "vem det gäller. Därför döljs antal från {low} till {high}. {zero}",
            low=count_fact("lägsta antal som döljs", rule.hidden_from),
            high=count_fact("högsta antal som döljs", rule.threshold - 1),
            zero=zero,
        ),
        say(
            "Ett dolt tal ska inte heller kunna räknas ut ur de andra, till exempel som summan minus resten. Därför "
            "döljs också andra tal än de små. Den som lägger ihop allt som visas, här "
            "och i tidigare rapporter ur samma register, kan inte komma ett dolt tal närmare än att det "
            "ligger i ett spann där det högsta är minst {width} mer än det lägsta. Det som doldes i en "
            "tidigare rapport är dolt här också, vad det än är nu och minst så väl som det lovades då.",
            width=count_fact("minsta spann för ett dolt tal", rule.width),
        ),
        say(
            "Alla dolda tal har samma märke ({mark}), vare sig de är små själva eller döljs för andras skull. Procent, "
            "förändringar och rangordningar som bygger på ett dolt tal visas inte. I den här rapporten visas {shown} "
            "antal, och {hidden} är dolda.",
            mark=HIDDEN_MARK,
            shown=count_fact("visade antal", shown),
            hidden=count_fact("dolda antal", hidden),
        ),
    ]
