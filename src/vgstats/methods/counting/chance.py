"""Words for what chance alone may do: an interval, its level, and the counts it rests on."""

from __future__ import annotations

from vgstats.facts.facts import Fact
from vgstats.facts.text import Text, say
from vgstats.methods.result import Interval, Result, spaced


def chance(
    result: Result, interval: Interval, subject: str, unit: str = "", scale: float = 1
) -> Text:
    """Return the sentence that gives the interval of a result, ends times `scale`."""
    low, high = (
        result.fact(f"{subject} {end}", scale * value, unit or result.unit)
        for end, value in (("lägst", interval.low), ("högst", interval.high))
    )
    return say(
        "Räknat med ren slump ligger {subject} mellan {low} och {high}{unit} "
        "({level} procents konfidensintervall).",
        subject=subject,
        low=low,
        high=high,
        unit=spaced(unit),
        level=level_fact(result, interval.level),
    )


def level_fact(result: Result, level: float) -> Fact:
    """Return a level as a number of per cent: 95 or 99,8."""
    percent = round(100 * level, 6)
    return counted(result, f"nivå {percent:g}", percent, "procent")


def counted(result: Result, what: str, value: float, unit: str = "antal") -> Fact:
    """Return a number that is printed without decimals if it is whole, else with one."""
    return result.fact(what, value, unit, 0 if float(value).is_integer() else 1)


def begin(name: str) -> str:
    """Return a name as the first words of a sentence."""
    return name[:1].upper() + name[1:]
