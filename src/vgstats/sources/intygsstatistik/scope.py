"""Whose figures an export has, and of what: its level and its filters, above the table or on `urval`."""

from __future__ import annotations

import re
from dataclasses import dataclass

from vgstats.catalogue.areas import RIKET
from vgstats.catalogue.groups import parse_group
from vgstats.sources import labels
from vgstats.sources.intygsstatistik.columns import Column
from vgstats.sources.intygsstatistik.headings import group
from vgstats.sources.intygsstatistik.layout import Grid

NATIONAL = "intygsstatistik"
OWN = "intygsstatistik-egen"  # no source of vgstats: who imports them says whose they are
_LEVEL = re.compile(r"(nationell |verksamhets|regions?|landstings)statistik\b.*", re.I)
# A title by itself, or with its value after a colon.
_FILTER = re.compile(
    r"((?:vald[at]?|valt|sammanställning av) \w+|enhet(?:er)?|urval|filter)\s*(?::\s*(.*))?", re.I
)
_FILTERS = "urval"
_UNITS = "enhet"
_DIMENSIONS = {
    "diagnos": "diagnos",
    "sjukskrivningslängd": "langd",
    "åldersgrupp": "alder",
    "sjukskrivningsgrad": "grad",
}


@dataclass(frozen=True)
class Scope:
    """What an export says that it is of: `level`, empty in CSV, and the values of each filter by its title."""

    grid: Grid
    level: str
    filters: dict[str, list[str]]

    @property
    def units(self) -> list[str]:
        """The care units that the figures are of."""
        return [v for title, of in self.filters.items() if _UNITS in title.lower() for v in of]

    @property
    def is_national(self) -> bool:
        """Whether the file says that the figures are for the whole country."""
        return self.level.lower() == "nationell statistik" and not self.units

    def area_and_source(self, area: str) -> tuple[str, str]:
        """Return the area of a table by month, and the source: figures that are not national are own counts.

        Args:
            area: what the user says, empty when nothing.

        Raises:
            VgstatsError: the file does not say its area and nobody did, or the two contradict each other.
        """
        if self.is_national:
            if area not in ("", RIKET):
                raise self.grid.fault(
                    f"it says {self.level}, and --area says {area}. Leave it out."
                )
            return RIKET, NATIONAL
        whose = ", ".join([self.level, *self.units[:3]]).strip(", ")
        if not area and self.grid.above and not whose:
            raise self.grid.fault(
                f"the file does not say that its figures are national; above the table stands: "
                f"{'; '.join(self.grid.above)}. Name their area with --area: riket for national statistics."
            )
        if not area:
            raise self.grid.fault(
                f"the figures are of {whose}: not of the country. Name their area with --area, such as "
                "lan:14, and who keeps them with --publisher: vgstats then hides small numbers."
                if whose
                else "the file does not say whose figures it has, nor which filters were chosen. Export the "
                "table as XLSX, which does, or name the area with --area: riket for national statistics."
            )
        if whose and area == RIKET:
            raise self.grid.fault(
                f"the figures are of {whose}, and --area says riket. Name theirs."
            )
        return area, NATIONAL if area == RIKET else OWN

    def refuse_counties_of_a_unit(self, area: str) -> None:
        """Refuse a table by county that is not of the country, or for which another area is named.

        Raises:
            VgstatsError: it is.
        """
        if self.units or (self.level and not self.is_national):
            whose = ", ".join([self.level, *self.units[:3]]).strip(", ")
            raise self.grid.fault(f"counties, of {whose}. Export the table of national statistics.")
        if area not in ("", RIKET):
            raise self.grid.fault(
                f"the table names its areas, and --area says {area}. Leave it out."
            )

    def group(self, columns: list[Column]) -> str:
        """Return the group that the filters leave, empty where nothing is filtered.

        Raises:
            VgstatsError: a filter is no group, or the columns come by what is filtered.
        """
        found = []
        for title, values in self.filters.items():
            if _UNITS in title.lower():
                continue
            said = (
                f"the table is filtered ({title}: {', '.join(values[:3])}{'…' * (len(values) > 3)})"
            )
            dimension = next((d for word, d in _DIMENSIONS.items() if word in title.lower()), "")
            words = sorted({group(value) for value in values})
            is_one = len(words) == 1 or dimension == "diagnos"
            if not dimension or not is_one or not all(w.startswith(f"{dimension}=") for w in words):
                raise self.grid.fault(
                    f"{said}, and that is no group that vgstats has. Export it without, or for one group."
                )
            if any(dimension in parse_group(c.group) for c in columns if "=" in c.group):
                raise self.grid.fault(
                    f"{said} by what its columns come by, so that they are of a part each. Export it without."
                )
            values_of = [word.removeprefix(f"{dimension}=") for word in words]
            found.append(f"{dimension}={'+'.join(values_of)}")
        return labels.joined_groups(*found)


def scope_of(grid: Grid, others: dict[str, list[str]]) -> Scope:
    """Return the scope of a table.

    Args:
        grid: the table.
        others: the texts of each other sheet, row by row, by its name.

    Raises:
        VgstatsError: the filters stand on a sheet that is not there, or one of them is not known.
    """
    level = next((text for text in grid.above if _LEVEL.fullmatch(text)), "")
    filters: dict[str, list[str]] = {}
    for name, texts in {"": grid.above, **others}.items():
        current: list[str] | None = None
        for text in texts:
            if found := _FILTER.fullmatch(text):
                current = filters.setdefault(found[1], [])
                current += [found[2]] if found[2] else []
            elif text.lower().startswith("se "):
                current = None
            elif current is not None:
                current.append(text)
            elif name == _FILTERS:
                raise grid.fault(
                    f"the sheet {name} says {text!r}, which is no filter that vgstats knows. Export the table "
                    "without it."
                )
    if not filters and any(_FILTERS in text.lower() for text in grid.above):
        raise grid.fault(f"the sheet {_FILTERS} with its filters is missing. Export it again.")
    return Scope(grid, level, filters)
