"""Each figure draws what its frame says: places, heights, the county picked out, gaps as gaps."""

from __future__ import annotations

import math

import matplotlib.colors as colors
import pandas as pd
import pytest
from matplotlib.figure import Figure
from matplotlib.patches import PathPatch

from vgstats.catalogue import areas
from vgstats.drawing import bars, charts, embedding, maps, style
from vgstats.drawing.embedding import image_address


def hexes(artists) -> list[str]:
    return [colors.to_hex(a.get_facecolor()).upper() for a in artists]


def test_the_ranking_picks_out_the_county_and_riket():
    frame = pd.DataFrame(
        {
            "name": ["Ale", "Borås", "Riket"],
            "value": [-9.0, -5.0, -2.0],
            "whole": [False, False, True],
        }
    )
    axes = charts.ranking(frame, highlight="Borås", unit="procent").axes[0]
    bars = [bar for container in axes.containers for bar in container]
    assert sorted(bar.get_width() for bar in bars) == [-9, -5, -2]
    colour = {bar.get_width(): hex_ for bar, hex_ in zip(bars, hexes(bars), strict=True)}
    assert colour == {-9: style.LIGHT, -5: style.OWN, -2: style.BESIDE}
    assert {t.get_text() for t in axes.texts} == {"−9,0", "−5,0", "−2,0"}


def test_the_label_of_the_longest_bar_stands_clear_of_the_names():
    names = ["Gotland", "Västra Götaland", "Uppsala"]
    for values in ([-38.6, -20.5, 2.1], [-38.6, -20.5, -2.1], [38.6, 20.5, 2.1]):
        frame = pd.DataFrame({"name": names, "value": values, "whole": False})
        drawing = charts.ranking(frame, highlight="Gotland", unit="procent")
        drawing.draw_without_rendering()
        (axes,) = drawing.axes
        room = axes.get_window_extent()
        for said in (text.get_window_extent() for text in axes.texts):
            assert room.x0 <= said.x0 and said.x1 <= room.x1, values


def test_before_and_after_stand_where_they_were():
    frame = pd.DataFrame(
        {
            "name": ["Länet", "Ale"],
            "before": [42.9, 41.0],
            "after": [36.8, 30.5],
            "whole": [True, False],
        }
    )
    axes = charts.before_after(frame, unit="dagar", labels=("2005", "2008")).axes[0]
    before, after = (c.get_offsets()[:, 0].tolist() for c in axes.collections)
    assert (before, after) == ([42.9, 41.0], [36.8, 30.5])
    assert [t.get_fontweight() for t in axes.get_yticklabels()] == ["bold", "normal"]


def test_a_changed_definition_cuts_the_lines_and_the_agreement_is_shaded():
    values = two_lines([40.4, 42.9, 43.5, 43.2], [39.0, 41.0, 42.0, 41.6], 2001)
    axes = charts.lead(
        values,
        unit="dagar",
        span=(2002, 2004),
        span_label="Planen",
        before=2002,
        after=2004,
        breaks=(2001.0,),
    ).axes[0]
    shaded = axes.patches[0].get_extents().transformed(axes.transData.inverted())
    assert (round(shaded.x0, 6), round(shaded.x1, 6)) == (2002.0, 2004.0)
    drawn = {tuple(line.get_xdata()) for line in axes.lines}
    assert {(2001,), (2002, 2003, 2004)} <= drawn  # cut between 2001 and 2002


def two_lines(own: list[float], riket: list[float], first: int = 2011) -> pd.DataFrame:
    rows = [
        (name, first + n, v, True)
        for name, line in (("Länet", own), ("Riket", riket))
        for n, v in enumerate(line)
    ]
    return pd.DataFrame(rows, columns=["series", "when", "value", "joined"])


def test_the_first_page_says_the_values_compared_and_names_the_lines_beside_them():
    frame = two_lines([6.0, 6.8, 8.7, 8.5, 8.6, 9.1, 10.1], [6.8, 7.7, 10.8, 9.7, 9.4, 9.2, 10.1])
    drawing = charts.lead(frame, unit="dagar", before=2013, after=2017)
    axes = drawing.axes[0]
    said = {text.get_text(): text for text in axes.texts}
    assert set(said) == {"8,7", "10,8", "Länet\n10,1", "Riket\n10,1"}
    assert {said[words].get_color() for words in ("8,7", "Länet\n10,1")} == {style.OWN}
    assert {said[words].get_color() for words in ("10,8", "Riket\n10,1")} == {style.BESIDE}
    assert (
        said["10,8"].xy[1] == 10.8 and said["8,7"].xy[1] <= 8.7
    )  # above all lines, below all lines
    own, beside = (
        next(x for x in axes.lines if x.get_color() == c and len(x.get_xdata()) == 7)
        for c in (style.OWN, style.BESIDE)
    )
    assert own.get_linewidth() > 2 * beside.get_linewidth()
    assert not charts.begins_at_zero(drawing)


def test_an_axis_that_all_but_begins_at_zero_misleads_none():
    far, near = (
        two_lines([3000.0, 3840.0], [2900.0, 3500.0]),
        two_lines([1200.0, 3840.0], [1210.0, 3500.0]),
    )
    begins = [
        charts.begins_at_zero(charts.lead(of, unit="antal", before=2011, after=2012))
        for of in (far, near)
    ]
    assert begins == [False, True]


def test_the_first_page_names_the_lines_where_there_is_room_and_shades_only_what_it_shows():
    frame = two_lines(
        [40.4, 42.9, 36.8, 30.5, 29.0, 29.0, 29.0], [39.0, 41.3, 35.2, 28.0, 27.0, 27.0, 27.0], 2004
    )
    axes = charts.lead(
        frame, unit="dagar", span=(2000, 2006), span_label="Planen", before=2005, after=2006
    ).axes[0]
    said = {text.get_text(): text.xy[0] for text in axes.texts}
    assert said["42,9"] == 2005 and said["36,8"] == 2006 and said["Länet"] == said["Riket"] == 2010
    shaded = axes.patches[0].get_extents().transformed(axes.transData.inverted())
    assert shaded.x0 == pytest.approx(axes.get_xlim()[0]) and shaded.x1 == pytest.approx(2006)


def test_the_first_page_draws_riket_as_dots_where_it_is_known_now_and_then():
    frame = two_lines([40.4, 42.9, 36.8], [39.0, 41.3, 35.2]).assign(
        joined=lambda f: f["series"] == "Länet"
    )
    axes = charts.lead(frame, unit="dagar", before=2011, after=2013).axes[0]
    joined = [x for x in axes.lines if x.get_linestyle() == "-" and len(x.get_xdata()) > 0]
    assert [x.get_color() for x in joined] == [style.OWN]


def test_shares_and_costs_are_as_long_as_their_values():
    shares = pd.DataFrame(
        {
            "dimension": ["Kön", "Kön"],
            "group": ["Kvinnor", "Män"],
            "before": [63, 37],
            "after": [61, 39],
        }
    )
    axes = bars.shares(shares, labels=("2005", "2008")).axes[0]
    assert [[bar.get_width() for bar in c] for c in axes.containers] == [[63, 37], [61, 39]]
    costs = pd.DataFrame(
        [("A", 6.0, 4.5, "2004", "2007")],
        columns=["name", "before", "after", "before_label", "after_label"],
    )
    axes = bars.costs(costs, unit="miljarder kronor").axes[0]
    assert [bar.get_width() for c in axes.containers for bar in c] == [6.0, 4.5]


def test_the_grant_is_stacked_and_the_own_money_beside_it():
    grant = pd.DataFrame(
        {"earned": [2006], "paid": [2007], "guaranteed": [42.0], "variable": [70.0]}
    )
    own = pd.DataFrame({"year": [2006], "value": [100.0]})
    axes = bars.grants(grant, own, unit="miljoner kronor").axes[0]
    guaranteed, variable, mine = (c[0] for c in axes.containers)
    assert (guaranteed.get_y(), guaranteed.get_height()) == (0, 42)
    assert (variable.get_y(), variable.get_height()) == (42, 70)
    assert mine.get_height() == 100
    assert axes.get_xticklabels()[0].get_text() == "intjänat\n2006,\nbetalt\n2007"


def areas_of(figure) -> list[PathPatch]:
    return [patch for patch in figure.axes[0].patches if isinstance(patch, PathPatch)]


def test_areas_without_figures_are_hatched_on_the_map():
    values = pd.DataFrame(
        {"area": ["kommun:1480", "kommun:1415", "kommun:1401"], "value": [34.8, math.nan, 31.0]}
    )
    figure = maps.choropleth(values, unit="dagar")
    hatched = [bool(patch.get_hatch()) for patch in areas_of(figure)]
    assert hatched == [False, True, False]
    assert "uppgift saknas" in [t.get_text() for t in figure.axes[1].texts]


@pytest.mark.parametrize("falls", [True, False])
def test_the_largest_change_is_the_darkest_and_the_county_is_outlined(falls):
    sign = -1 if falls else 1
    values = pd.DataFrame(
        {"area": ["lan:01", "lan:03", "lan:04"], "value": [sign * 10.0, sign * 22.0, sign * 40.0]}
    )
    patches = areas_of(maps.choropleth(values, unit="procent", highlight="lan:03"))
    lightness = [sum(patch.get_facecolor()[:3]) for patch in patches]
    assert lightness[0] > lightness[1] > lightness[2]
    outlined = [colors.to_hex(p.get_edgecolor()).upper() == style.EDGE for p in patches]
    assert outlined == [False, True, False]


def test_drawing_leaves_no_trace_in_the_session():
    import matplotlib as mpl

    before = dict(mpl.rcParams)
    charts.ranking(
        pd.DataFrame({"name": ["a"], "value": [1.0], "whole": [False]}), highlight="a", unit="u"
    )
    assert dict(mpl.rcParams) == before


def test_a_persons_settings_change_no_drawing():
    import matplotlib as mpl

    frame = pd.DataFrame({"name": ["a", "b"], "value": [1.0, -2.5], "whole": [False, True]})
    places = pd.DataFrame({"area": areas.lan(), "value": [float(n) for n in range(21)]})

    def drawn() -> list[str]:
        pages = [
            charts.ranking(frame, highlight="a", unit="u"),
            maps.choropleth(places, unit="u"),
        ]
        return [image_address(page) for page in pages] + [embedding._png_address(pages[0])]

    before = drawn()
    settings = {
        "font.size": 30,
        "font.family": "serif",
        "axes.grid": True,
        "axes.unicode_minus": False,
        "figure.facecolor": "red",
        "savefig.facecolor": "yellow",
        "savefig.bbox": "tight",
        "savefig.dpi": 30,
        "lines.linewidth": 9,
        "patch.linewidth": 5,
        "svg.fonttype": "none",
        "path.simplify": False,
    }
    with mpl.rc_context(settings):
        assert drawn() == before


@pytest.mark.parametrize(
    ("top", "labels"),
    [
        (30.0, ["0", "10", "20", "30"]),
        (7.5, ["0,0", "2,5", "5,0", "7,5"]),
        (0.75, ["0,00", "0,25", "0,50", "0,75"]),
    ],
)
def test_the_numbers_along_an_axis_are_never_rounded_to_others(top, labels):
    figure = Figure()
    axes = figure.subplots()
    axes.set_yticks([top * share / 3 for share in range(4)])
    style.measured(axes.yaxis, "dagar")
    figure.canvas.draw()
    assert [label.get_text() for label in axes.get_yticklabels()] == labels
