"""The answer to a question: it shows itself, gives its numbers, says its sentence, and draws."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any

import pandas as pd

from vgstats.blocks.blocks import Block, paragraphs, together
from vgstats.facts.text import Text, as_text, join, say
from vgstats.methods.result import Band, Shown

if TYPE_CHECKING:
    from matplotlib.axes import Axes


@dataclass(frozen=True)
class Numbers(Shown):
    """What a question on several numbers found: their frame, a sentence on them, how and from where."""

    frame: pd.DataFrame = field(repr=False)
    said: Text
    method: str
    source: str
    interval: None = None  # several numbers have none together; those of each stand in the frame

    def to_frame(self) -> pd.DataFrame:
        """Return the numbers, a row each."""
        return self.frame.copy()

    def sentence(self) -> Text:
        """Return what the numbers say, in plain Swedish."""
        return self.said


class Answer(Block):
    """What was asked, answered: in JupyterLab it shows the report's own table, figure or sentence.

    It has every attribute of the method's `result` too: `.percent`, `.difference_band`, `.rank` and so on.

    >>> import vgstats as vg
    >>> found = vg.change("ohalsotal", "Västra Götaland", "2005-12", "2008-12")
    >>> found.difference, len(found.to_frame())
    (-6.1, 1)
    """

    def __init__(
        self,
        result: Any,
        show: Callable[[], Block],
        draw: Callable[[], object] | None = None,
        *,
        said: Text | None = None,
        doubts: Sequence[Text] = (),
        source: str = "",
    ) -> None:
        self.result, self._said, self._doubts, self._source = result, said, doubts, source
        self._show, self._draw = show, draw or show

    @cached_property
    def block(self) -> Block:
        """The report's own table, figure or sentence, made when first asked for."""
        shown = self._show()
        return together(shown, paragraphs(self._doubts)) if self._doubts else shown

    @property
    def method(self) -> str:
        """What was worked out, and how."""
        return str(self.result.method)

    @property
    def interval(self) -> Band | None:
        """An interval, or what rounding leaves open (`method` says which), or None where nothing is."""
        found: Band | None = self.result.interval
        return found

    @property
    def source(self) -> str:
        """The key of the source (see `vg.provenance`); several with a comma between."""
        return self._source or str(self.result.source)

    def to_frame(self) -> pd.DataFrame:
        """Return the numbers, in the units of their measures."""
        found: pd.DataFrame = self.result.to_frame()
        return found

    def sentence(self) -> Text:
        """Return the answer in plain Swedish."""
        said = self._said or as_text(self.result.sentence())
        if self._doubts and not said.plain().endswith("."):
            said = say("{said}.", said=said)
        return join([said, *self._doubts])

    def plot(self, ax: Axes | None = None) -> Axes:
        """Draw the answer and return the matplotlib Axes.

        Args:
            ax: where to draw; a new figure of pyplot's when left out.

        >>> import vgstats as vg
        >>> import matplotlib.pyplot as plt
        >>> fig, ax = plt.subplots()
        >>> vg.change("ohalsotal", "Västra Götaland", "2005-12", "2008-12").plot(ax=ax) is ax
        True
        """
        # Here, since an answer in words should not wait for matplotlib.
        from vgstats.drawing.style import drawn_into

        with drawn_into(ax) as drawn:
            self._draw()
        return drawn[0]

    def _repr_mimebundle_(self, **_: object) -> dict[str, Any]:
        return {"text/html": self.html(), "text/plain": repr(self)}

    def html(self) -> str:
        """Return the report's own table, figure or sentence as HTML."""
        return self.block.html()

    def texts(self) -> list[Text]:
        """Return what the block says."""
        return self.block.texts()

    def synthetic(self) -> bool:
        """Return whether a made-up number is shown."""
        return self.block.synthetic()

    def __getattr__(self, name: str) -> Any:
        if name.startswith("_") or name in ("result", "block"):
            raise AttributeError(name)
        return getattr(self.result, name)

    def __dir__(self) -> list[str]:
        shown = {*super().__dir__(), *dir(self.result)}
        return sorted(name for name in shown if not name.startswith("_"))

    def __repr__(self) -> str:
        return f"{self.sentence().plain()}\n\n{self.to_frame().to_string(index=False)}"
