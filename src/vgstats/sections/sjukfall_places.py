"""Var hände det? The county's kommuner, hidden ones last."""

from __future__ import annotations

import pandas as pd

from vgstats.blocks.blocks import Block, Blocks, missing
from vgstats.blocks.figures import Figure
from vgstats.blocks.tables import Cell, Column, Table
from vgstats.catalogue import areas
from vgstats.drawing import charts
from vgstats.facts.facts import count_fact
from vgstats.facts.text import HIDDEN_MARK, Text, say
from vgstats.methods.before_after import Change, change_facts
from vgstats.reports.sjukfall import Sjukfall
from vgstats.sections.sjukfall_words import change_cells, month_words


def kommuner(report: Sjukfall) -> Block:
    """Return how each kommun changed, the largest fall first and the hidden ones last in code order."""
    order = _order(report)
    if order.empty:
        return missing("Registret har inga antal för länets kommuner.")
    then, now = (month_words(month) for month in report.months)
    caption = f"Pågående sjukfall per kommun, förändring från {then} till {now}"
    drawn = [
        (areas.name(row.area), row.value, _label(report, row.area), False)
        for row in order.itertuples()
    ]
    frame = pd.DataFrame(drawn, columns=["name", "value", "label", "whole"])
    figure = charts.ranking(frame, highlight="", unit="förändring, procent")
    rows: list[list[Cell]] = [
        [areas.name(area), *change_cells(report, area)] for area in order["area"]
    ]
    table = Table(
        "kommuner",
        caption,
        [
            Column("Kommun", "text"),
            Column(then.capitalize()),
            Column(now.capitalize()),
            Column("Förändring"),
            Column("Procent"),
        ],
        rows,
    )
    return Blocks([Figure(figure, caption, _alt(report, order), table)])


def _label(report: Sjukfall, area: str) -> str:
    change = report.change(area)
    if change is None or not change.before.value:
        return HIDDEN_MARK if change is None else "-"
    return change_facts(change).percent.text("signed")


def _order(report: Sjukfall) -> pd.DataFrame:
    """Return the kommuner in the order of their change in per cent, hidden ones last."""
    changes = {kommun: report.change(kommun) for kommun in report.kommuner}
    shown = {area: _percent(change) for area, change in changes.items() if _has_percent(change)}
    rows = [
        (area, shown.get(area), "shown" if area in shown else "hidden") for area in report.kommuner
    ]
    frame = pd.DataFrame(rows, columns=["area", "value", "status"]).astype({"value": float})
    return frame.sort_values(["value", "area"], ignore_index=True)


def _has_percent(change: Change | None) -> bool:
    return change is not None and bool(change.before.value)


def _percent(change: Change | None) -> float:
    assert change is not None  # noqa: S101 - see _has_percent
    return change_facts(change).percent.value


def _alt(report: Sjukfall, order: pd.DataFrame) -> Text:
    known = order[order["status"] == "shown"]
    hidden = len(order) - len(known)
    if known.empty:
        return say(
            "En rad för varje kommun. Alla förändringar är dolda, så figuren har inga staplar."
        )
    first, last = (report.change(known["area"].iloc[i]) for i in (0, -1))
    assert first is not None and last is not None  # noqa: S101 - they are shown
    return say(
        "En rad för varje kommun. Förändringarna går från {low:signed} procent i {lowest} till "
        "{high:signed} procent i {highest}.{hidden}",
        low=change_facts(first).percent,
        lowest=areas.name(known["area"].iloc[0]),
        high=change_facts(last).percent,
        highest=areas.name(known["area"].iloc[-1]),
        hidden=say(
            " {n} av dem har en dold förändring och ingen stapel.",
            n=count_fact("kommuner med dold förändring", hidden),
        )
        if hidden
        else "",
    )
