"""The choosers of the exploring notebook, and the views that follow them."""

from __future__ import annotations

import html
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import ipywidgets as widgets

from vgstats.catalogue import areas
from vgstats.catalogue.measures import measure as measure_of
from vgstats.catalogue.periods import Period
from vgstats.catalogue.words import group_name, sexes
from vgstats.errors import VgstatsError
from vgstats.explore.absent import HiddenError, NotDividedError
from vgstats.explore.divided import heading
from vgstats.explore.figures import Where, opened
from vgstats.lab.choices import Choice, Possible, measures_there, said_of_nothing, waiting
from vgstats.lab.ticks import Ticks, cannot
from vgstats.lab.views import VIEWS, View
from vgstats.methods.result import NotComputable

_WIDE = widgets.Layout(width="26rem")
_NOT_DIVIDED = "Det finns inga delar att visa för båda tiderna. Välj andra tider."
_HIDDEN = "Talen är dolda, eftersom de är små eller skulle röja små. Välj ett större område eller en annan uppdelning."
_WORDS = {"description_width": "5.5rem"}
_STYLE = """<style>
.vg-code code { display: block; user-select: all; padding: .4rem .6rem; white-space: pre-wrap;
  background: var(--jp-layout-color2, #eee); font-family: var(--jp-code-font-family, monospace); }
.vg-view img { max-width: 100%; height: auto; }
.vg-view figure { margin: 0; }
.vg-view table { margin-left: 0; }
.vg-view caption { text-align: left; }
.vg-view details:not([open]) + .folded { display: none; }
.vg-old { opacity: .35; }
.vg-view .missing, .vg-said p { max-width: 44rem; padding: .5rem .8rem; background: var(--jp-layout-color2, #eee);
  border-left: 4px solid var(--jp-brand-color1, #1976d2); }
</style>"""


class Choosers:
    """Choosers for measure, areas, periods, sex, group and dimension, and views that show what is chosen.

    Each choice narrows the others to what has figures. `series`, `change`, `shares`, `compare`, `ranking`, `map` and
    `kommuner` return a view each, which follows the choosers and shows the line that made it; `report` writes a report
    of them.

    Args:
        measure: the measure to begin with, an id; ohälsotal when left out, where there are figures of it.
        area: the area to begin with, such as `lan:18`.
        store: where fetched and imported figures lie; the user's own when left out.
    """

    def __init__(self, measure: str = "", area: str = "lan:18", *, store: Where = None) -> None:
        self._store, self._given = opened(store), {"store": store} if store else {}
        self._possible: dict[str, Possible] = {}
        self._shown: list[tuple[widgets.Widget, Callable[[], None]]] = []
        self._choice, self._setting = Choice(measure, area), False
        measures = measures_there(self._store)
        self._waiting = waiting(measures, self._store)
        self.measure = _dropdown("Mått", [(measure_of(id_).name_and_unit, id_) for id_ in measures])
        self.area = _dropdown("Område")
        self.others = widgets.SelectMultiple(
            description="Visa också", rows=4, layout=_WIDE, style=_WORDS
        )
        for_whom = widgets.HTML("Fler rader i Förändring. Håll ner Ctrl för flera.")
        for_whom.layout.margin = "0 0 0 6rem"
        self.before, self.after = _dropdown("Från"), _dropdown("Till")
        self.sex, self.group, self.dimension = map(_dropdown, ("Kön", "Grupp", "Dela upp"))
        self._said = widgets.HTML().add_class("vg-said").add_class("jp-RenderedHTMLCommon")
        order = (
            self.measure,
            self.area,
            self.others,
            self.before,
            self.after,
            self.sex,
            self.group,
            self.dimension,
        )
        left, right = (
            widgets.VBox(part)
            for part in (order[:2] + order[3:5], (self.others, for_whom, *order[5:]))
        )
        self._box = widgets.VBox(
            [widgets.HTML(_STYLE), widgets.HBox([left, right], layout=_wrapped()), self._said]
        )
        if measures:
            self._choose(
                replace(self._choice, measure=measure if measure in measures else measures[0])
            )
        else:
            self._said.value = "<p>Det finns inga tal att välja bland.</p>"
        for one in order:
            one.observe(self._changed, "value")

    def _repr_mimebundle_(self, **of: Any) -> Any:
        return self._box._repr_mimebundle_(**of)

    @property
    def choice(self) -> Choice:
        """What is chosen now."""
        return self._choice

    def series(self) -> widgets.Widget:
        """Return the measure year by year in the area, with riket or the county beside."""
        return self._view("series")

    def change(self) -> widgets.Widget:
        """Return the change from the one period to the other, in the other areas too that are chosen."""
        return self._view("change")

    def shares(self) -> widgets.Widget:
        """Return how a count divides in the two periods, with the county beside."""
        return self._view("shares")

    def compare(self) -> widgets.Widget:
        """Return the area beside the others."""
        return self._view("compare")

    def ranking(self) -> widgets.Widget:
        """Return the counties in the order of their changes."""
        return self._view("ranking")

    def map(self) -> widgets.Widget:
        """Return a map of the changes in the county's kommuner, or in the counties where no kommun has figures."""
        return self._view("map")

    def kommuner(self) -> widgets.Widget:
        """Return the kommuner of the county."""
        return self._view("kommuner")

    def report(self, folder: Path | str = ".") -> widgets.Widget:
        """Return choosers of views and a button that writes a report of them: a notebook and a parameter file.

        Args:
            folder: where they are written.
        """
        ticks = Ticks()

        def follow() -> None:
            if self._choice.measure:
                ticks.follow(self._choice, self._of_measure())

        follow()
        self._shown.append((ticks.box, follow))
        return ticks.writer(lambda: self._choice, Path(folder))

    def _of_measure(self) -> Possible:
        measure = self._choice.measure
        return self._possible.setdefault(measure, Possible(measure, self._store))

    def _changed(self, _: object) -> None:
        if self._setting:
            return
        self._choose(
            Choice(
                self.measure.value, self.area.value or "", self.before.value or "", self.after.value or "",
                self.sex.value or "alla", self.group.value or "", tuple(self.others.value), self.dimension.value or "",
            )
        )  # fmt: skip

    def _choose(self, wished: Choice) -> None:
        """Set the choosers to the nearest choice that has figures, and let the views follow."""
        self._choice = wished
        possible = self._of_measure()
        found = possible.mended(wished)
        whose = found.area, found.sex, found.group
        self._setting = True
        try:
            self.measure.value = found.measure
            _offer(self.area, [(areas.full_name(a), a) for a in possible.areas()], found.area)
            _offer(
                self.sex, [(sexes()[s].heading, s) for s in possible.sexes(found.area)], found.sex
            )
            groups = possible.groups(found.area, found.sex)
            _offer(self.group, [(_group(g), g) for g in groups], found.group)
            _offer(self.before, _periods(possible.befores(*whose)), found.before)
            _offer(self.after, _periods(possible.afters(*whose, found.before)), found.after)
            dimensions = possible.dimensions(found.area, found.sex)
            _offer(self.dimension, [(heading(d), d) for d in dimensions], found.dimension)
            others = [(areas.full_name(a), a) for a in possible.with_both(found) if a != found.area]
            self.others.options, self.others.value = others, found.others
        finally:
            self._setting = False
        self._choice = found
        lines = [*self._reasons(wished)] if found.area else [said_of_nothing(found.measure)]
        lines += [possible.hidden(found), self._waiting]
        self._said.value = "".join(f"<p>{html.escape(line)}</p>" for line in lines if line)
        for old, _ in self._shown:
            old.add_class("vg-old")
        for old, show in self._shown:
            show()
            old.remove_class("vg-old")

    def _reasons(self, wished: Choice) -> Iterator[str]:
        """Say what of a wish could not be kept, and why some choosers are closed."""
        found = self._choice
        of = f"{measure_of(found.measure).the_name}, {areas.full_name(found.area)}"
        said = {
            self.area: areas.full_name, self.sex: lambda sex: sexes()[sex].heading.lower(), self.group: _group,
            self.before: _period, self.after: _period,
        }  # fmt: skip
        wishes = (wished.area, wished.sex, wished.group, wished.before, wished.after)
        moved = [
            f"{chooser.description.lower()} {say(chooser.value)} (inte {say(wish)})"
            for (chooser, say), wish in zip(said.items(), wishes, strict=True)
            if chooser.value != wish and (wish or chooser is self.group)
        ]
        if moved:
            yield f"Det valda har inte tal tillsammans, så det här är ändrat: {', '.join(moved)}."
        closed = [chooser.description.lower() for chooser in said if chooser.disabled]
        if closed:
            yield f"Grått ({', '.join(closed)}) har bara ett val: inga andra tal finns att jämföra för {of}."

    def _view(self, name: str) -> widgets.Widget:
        view = next(one for one in VIEWS if one.name == name)
        shown = widgets.HTML().add_class("vg-view").add_class("jp-RenderedHTMLCommon")
        code = widgets.HTML().add_class("vg-code")

        def show() -> None:
            shown.value, code.value = self._made(view)

        show()
        box = widgets.VBox([shown, code])
        self._shown.append((box, show))
        return box

    def _made(self, view: View) -> tuple[str, str]:
        """Return a view as HTML, and the line that made it; or why there is none."""
        choice, possible = self._choice, self._of_measure() if self._choice.measure else None
        if not choice.area or possible is None:
            return "", ""
        if reason := view.lacks(choice, possible):
            return f'<p class="missing">{html.escape(reason)}</p>', ""
        line = view.line(choice, possible)
        try:
            made = line.run(**self._given).html()
        except HiddenError:
            return f'<p class="missing">{_HIDDEN}</p>', ""
        except NotDividedError:
            return f'<p class="missing">{_NOT_DIVIDED}</p>', ""
        except (VgstatsError, NotComputable) as error:
            return cannot("Vyn kan inte visas för det som är valt.", error), ""
        return made, f"<code>{html.escape(line.text)}</code>"


def choosers(measure: str = "", area: str = "lan:18", *, store: Where = None) -> Choosers:
    """Return choosers over all figures there are, with views that follow them (see `Choosers`).

    Args:
        measure: the measure to begin with, an id; ohälsotal when left out.
        area: the area to begin with, such as `lan:18`.
        store: where fetched and imported figures lie; the user's own when left out.

    >>> chosen = choosers()
    >>> chosen.choice.measure, chosen.choice.area, chosen.choice.after
    ('ohalsotal', 'lan:18', '2025-12')
    """
    return Choosers(measure, area, store=store)


def _dropdown(description: str, options: Sequence[tuple[str, str]] = ()) -> widgets.Dropdown:
    return widgets.Dropdown(options=options, description=description, layout=_WIDE, style=_WORDS)


def _wrapped() -> widgets.Layout:
    return widgets.Layout(flex_flow="row wrap")


def _offer(chooser: Any, options: Sequence[tuple[str, str]], chosen: str) -> None:
    """Let a chooser have these options; it is closed where there is nothing to choose."""
    if list(chooser.options) != list(options):
        chooser.options = options
    chooser.value = chosen if options else None
    chooser.disabled = len(options) < 2


def _periods(texts: Sequence[str]) -> list[tuple[str, str]]:
    return [(_period(text), text) for text in texts]


def _period(text: str) -> str:
    return Period.parse(text).swedish()


def _group(group: str) -> str:
    return group_name(group) if group else "Alla"
