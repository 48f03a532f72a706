"""Which parts make up which wholes, in every dimension of a release."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from vgstats.errors import VgstatsError
from vgstats.observations import KEY

Parts = Mapping[str, tuple[str, ...]]


@dataclass(frozen=True)
class Hierarchies:
    """The wholes that are published, each with the base labels that it is the sum of.

    One mapping for each column of the key. A part may belong to several wholes (a kommun to its HSN, its
    delregion and its county).
    """

    measure: Parts = field(default_factory=dict)
    area: Parts = field(default_factory=dict)
    period: Parts = field(default_factory=dict)
    sex: Parts = field(default_factory=lambda: {"alla": ("kvinnor", "män")})
    group: Parts = field(default_factory=dict)

    def parts(self, column: str) -> Parts:
        """Return the mapping of one column of the key."""
        found: Parts = getattr(self, column)
        return found

    def leaves(self, column: str, label: str) -> tuple[str, ...]:
        """Return the base labels that a label is the sum of: its parts, or itself."""
        return self.parts(column).get(label, (label,))

    def leaves_of(self, key: Sequence[str]) -> list[tuple[str, ...]]:
        """Return the base labels whose cells a number is the sum of, by column of the key."""
        return [self.leaves(column, label) for column, label in zip(KEY, key, strict=True)]

    def check(self) -> None:
        """Refuse wholes that are not sums of base labels.

        Raises:
            VgstatsError: a whole has no parts, has one twice, or is itself a part of something.
        """
        for column in KEY:
            mapping = self.parts(column)
            for whole, parts in mapping.items():
                if not parts or len(set(parts)) != len(parts):
                    raise VgstatsError(
                        f"The {column} {whole!r} has no parts or names one twice: {parts!r}. Name each base "
                        f"{column} that it is the sum of, once."
                    )
                if inner := sorted(set(parts) & set(mapping)):
                    raise VgstatsError(
                        f"The {column} {whole!r} is said to be made of {inner[0]!r}, which has parts of its own. "
                        "Name the base labels instead."
                    )
