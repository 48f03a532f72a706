"""The rule of disclosure control: what counts as small, and how little a reader may learn."""

from __future__ import annotations

from dataclasses import dataclass

from vgstats.errors import VgstatsError, nearest

MODES = ("suppress", "off")
FLOOR = 3  # the lowest threshold in use in Sweden in this field (Inera's Intygsstatistik)


@dataclass(frozen=True)
class HidingRule:
    """Which counts are small and how well they are hidden.

    `threshold`: a count of 1 up to `threshold` - 1 persons is small. `width`: what a reader can work
    out about a hidden count leaves at least this difference between its lowest and highest possible
    value. `zeros_shown`: a 0 is shown, so a reader knows that a hidden number is at least 1; otherwise 0 is
    small too. `mode` is `suppress`, or `off`, which nothing chooses by default.

    Raises:
        VgstatsError: the threshold is under 3, the width under 1, or the mode unknown.
    """

    threshold: int = 5
    width: int = 5
    zeros_shown: bool = True
    mode: str = "suppress"

    def __post_init__(self) -> None:
        _at_least("threshold", self.threshold, FLOOR)
        _at_least("width", self.width, 1)
        if self.mode not in MODES:
            raise VgstatsError(
                f"Disclosure rule: unknown mode {self.mode!r}. Write one of {', '.join(MODES)}."
                + nearest(str(self.mode), MODES)
            )
        if not isinstance(self.zeros_shown, bool):
            raise VgstatsError(
                f"Disclosure rule: zeros_shown is {self.zeros_shown!r}. Write true or false."
            )

    @property
    def on(self) -> bool:
        """Whether small numbers are hidden."""
        return self.mode != "off"

    @property
    def hidden_from(self) -> int:
        """The lowest value that a hidden number can have, as every reader knows it."""
        return 1 if self.zeros_shown else 0


def _at_least(name: str, value: object, floor: int) -> None:
    if isinstance(value, bool) or not isinstance(value, int) or value < floor:
        raise VgstatsError(
            f"Disclosure rule: {name} is {value!r}. Write a whole number that is at least {floor}."
        )
