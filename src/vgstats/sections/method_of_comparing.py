"""Hur vet vi det? How the comparison between counties is made, and how often it errs."""

from __future__ import annotations

from vgstats.blocks.blocks import Block, Paragraphs
from vgstats.catalogue.calibration import NOMINAL, rates_of, year_of_sizes
from vgstats.facts.facts import Fact
from vgstats.facts.text import say
from vgstats.reports.report import Report


def how_compared(report: Report) -> Block:
    """Return how the usual variation is worked out and what simulations say of it."""
    compared = report.comparison()
    if compared is None:
        return Paragraphs([say("Ingen jämförelse mellan länen är gjord i den här rapporten.")])
    year = int(compared.county.before.period[:4])
    rates = rates_of(report.area, year)
    low, high = (
        Fact(f"falska utslag, {what}|{report.area}", rate, "procent", 0, "model")
        for what, rate in (("minst", rates.lowest), ("mest", rates.highest))
    )
    aim = Fact(f"falska utslag, avsett|{report.area}", NOMINAL, "procent", 0, "model")
    often = (
        say("ungefär {low} gånger av hundra", low=low)
        if low.text() == high.text()
        else say(
            "mellan {low} och {high} gånger av hundra, beroende på hur slumpen fördelar sig mellan stora "
            "och små län",
            low=low,
            high=high,
        )
    )
    printed = (
        "Därför skrivs gränserna ut."
        if rates.trusted
        else "Det är för långt från det avsedda, och därför skrivs inga gränser ut för länet."
    )
    return Paragraphs(
        [
            say(
                "Vanlig variation mellan län räknas ur hur de andra länen ändrades, länet självt "
                "borträknat (prediktionsintervall med t-fördelning). Är det oklart om små län svänger "
                "mer än stora används de vidaste gränserna. Som mått på länets storlek används antalet "
                "pågående sjukfall {year}.{widened}",
                year=str(year_of_sizes(year)),
                widened=say(
                    " Gränserna är vidgade {times} gånger, för att de annars skulle peka ut länet för ofta.",
                    times=Fact(f"vidgning|{report.area}", rates.widen, "gånger", 2, "model"),
                )
                if rates.widen > 1
                else "",
            ),
            say(
                "I simuleringar där ingenting alls skiljer länen åt pekas {area} ändå ut {often}; avsett är "
                "{aim}. {printed}",
                area=report.area_name,
                often=often,
                aim=aim,
                printed=printed,
            ),
            say(
                "Jämförelsen är trubbig: bara skillnader som är stora bredvid länens vanliga svängningar "
                "syns. Att länet ligger innanför betyder inte att ingenting har hänt, bara att det inte "
                "går att se."
            ),
        ]
    )
