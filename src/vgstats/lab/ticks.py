"""Which views a report is to show: a tick each, closed with its reason where the report cannot show the view."""

from __future__ import annotations

import html
from collections.abc import Callable
from pathlib import Path

import ipywidgets as widgets

from vgstats.errors import VgstatsError
from vgstats.lab.choices import Choice, Possible
from vgstats.lab.views import IN_REPORTS, View, kind_of, no_kind


class Ticks:
    """A tick for each view, in `box`, with the reasons of those that are closed."""

    def __init__(self) -> None:
        self._of = {
            v.name: widgets.Checkbox(value=True, description=v.heading, indent=False)
            for v in IN_REPORTS
        }
        self._why = widgets.HTML().add_class("vg-said").add_class("jp-RenderedHTMLCommon")
        row = widgets.HBox([*self._of.values()], layout=widgets.Layout(flex_flow="row wrap"))
        self._open = dict.fromkeys(self._of, True)  # what is ticked where it can be
        self.box = widgets.VBox([row, self._why])

    @property
    def chosen(self) -> list[View]:
        """The views that are ticked, in order."""
        return [view for view in IN_REPORTS if self._of[view.name].value]

    def follow(self, choice: Choice, possible: Possible) -> None:
        """Close the ticks of the views that a report of a choice cannot show, and open the others again."""
        kind = kind_of(choice)
        why = {v.name: v.not_in_report(kind, choice, possible) for v in IN_REPORTS} if kind else {}
        for view in IN_REPORTS:
            tick, closed = self._of[view.name], not kind or bool(why[view.name])
            if not tick.disabled:
                self._open[view.name] = tick.value
            tick.disabled, tick.value = closed, self._open[view.name] and not closed
        lines = [
            f"Inte {v.heading} i rapporten: {why[v.name]}" for v in IN_REPORTS if why.get(v.name)
        ]
        self._why.value = "".join(
            f"<p>{html.escape(line)}</p>" for line in (lines if kind else [no_kind(choice)])
        )

    def writer(self, chosen: Callable[[], Choice], folder: Path) -> widgets.Widget:
        """Return the ticks, and a button that writes a report of what is chosen then."""
        button = widgets.Button(
            description="Gör en rapport av det här", button_style="primary",
            layout=widgets.Layout(width="auto", margin="0 0 .5rem 0", align_self="flex-start"),
        )  # fmt: skip
        said = widgets.HTML().add_class("vg-said").add_class("jp-RenderedHTMLCommon")

        def write(_: object) -> None:
            said.value = "<p>Lägger upp rapporten …</p>"
            # Here, since the first view should not wait for what reads and writes notebooks.
            from vgstats.lab.reports import write_report

            try:
                said.value = write_report(chosen(), self.chosen, folder)
            except (VgstatsError, OSError) as error:
                said.value = cannot("Rapporten kunde inte läggas upp.", error)

        button.on_click(write)
        return widgets.VBox([self.box, button, said])


def cannot(words: str, error: Exception) -> str:
    """Return in Swedish that something could not be done, never with a traceback."""
    return (
        f'<p class="missing">{words}</p><details><summary>Programmets besked</summary>{html.escape(str(error))}'
        "</details>"
    )
