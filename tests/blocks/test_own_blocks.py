"""An analyst's own text, table and figure: numbers become own facts with a source, or the call says what to do."""

from __future__ import annotations

import re

import pandas as pd
import pytest
from matplotlib.figure import Figure

import vgstats as vg
from vgstats.catalogue.numbers_in_words import numbers_in
from vgstats.errors import VgstatsError

SOURCE = "Regionens egen uppföljning"
ALT = "Mötena blev fler, från 18 till 25 om året"
MINE = pd.DataFrame({"År": [2023, 2024], "Möten": [18, 25.5]})


def drawn() -> Figure:
    figure = Figure()
    figure.subplots().plot(MINE["År"], MINE["Möten"])
    return figure


def with_dots() -> Figure:
    figure = Figure()
    figure.subplots().imshow([[1, 2], [3, 4]])
    return figure


def table(frame: object, caption: str = "Möten med chefer", **more: object) -> object:
    return vg.table(frame, caption=caption, **{"source": SOURCE, **more})


def figure(fig: object, alt: str = ALT) -> object:
    return vg.figure(fig, alt=alt, data=MINE, caption="Mötena blev fler", source=SOURCE)


def persons(*counts: int, heading: str = "Personer") -> pd.DataFrame:
    return pd.DataFrame(
        {"Enhet": [f"Enhet {'abc'[n]}" for n in range(len(counts))], heading: counts}
    )


REFUSED = {
    "a number without source": (lambda: vg.text("Vi höll 25 möten."), "25 in 'Vi höll 25 möten.' has no source"),
    "no text": (lambda: vg.text(3.4), r'3\.4 is no text. Write words in quotation marks: vg\.text\('),
    "thousands with a point": (lambda: vg.text("1.200 möten", source=SOURCE), "Write 1 200 for thousands"),
    "a clock": (lambda: vg.text("kl. 12:30", source=SOURCE), "can be read as more than one number"),
    "a fraction's sign": (lambda: vg.text("½ timme", source=SOURCE), "'½' in .* Write it in ordinary digits"),
    "a picture in text": (lambda: vg.text("![x](y.png)"), "Use vg.figure for that"),
    "a table in text": (lambda: vg.text("|a|b|\n|-|-|\n|c|d|"), "Use vg.table for that"),
    "a heading in text": (lambda: vg.text("# Rubrik"), "line 1: a heading may not stand inside a text"),
    "HTML in text": (lambda: vg.text("<b>x</b>"), "HTML has no place"),
    "few persons in text": (lambda: vg.text("Det var 3 personer.", source=SOURCE), "fewer than 5 persons"),
    "few persons": (lambda: table(persons(12, 4)), "the column 'Personer' has 4: fewer than 5 persons"),
    "few persons by caption": (lambda: table(persons(3, heading="Antal"), "Sjukskrivna"), "has 3: fewer than 5"),
    "few persons by unit": (lambda: table(persons(3, heading="Utfall"), units="kvinnor"), "has 3: fewer than 5"),
    "a number as table": (lambda: table(3.4), "float '3.4' is no table. Give a DataFrame"),
    "no rows": (lambda: table(MINE.head(0)), r"0 rows and 2 columns.* choose some"),
    "too many rows": (lambda: table(pd.DataFrame({"a": range(500)})), "500 rows"),
    "no caption": (lambda: table(MINE, ""), "caption='' says nothing"),
    "no source": (lambda: table(MINE, source=" "), "source=' ' says nothing"),
    "a heading with a number": (lambda: table(MINE.set_axis(["År", "Grupp 3"], axis=1)), "Rename it"),
    "an unknown unit": (lambda: table(MINE, units={"Mote": "st"}), r"units names \['Mote'\]"),
    "endless": (lambda: table(pd.DataFrame({"a": ["x"], "b": [float("inf")]})), "no number to show"),
    "the region's own counts": (
        lambda: table(pd.DataFrame({"measure": ["sjukfall_pagaende_egna"], "value": [3]})), "the region counts itself",
    ),
    "no figure": (lambda: figure("a.png"), "str is no figure. Give what the drawing call"),
    "a photograph": (lambda: figure(with_dots()), "holds a picture of dots"),
    "no words for it": (lambda: figure(drawn(), "kurva"), "does not say what the figure shows"),
}  # fmt: skip


@pytest.mark.parametrize("what", REFUSED)
def test_what_will_not_do_is_refused_where_it_is_typed_with_what_to_do(what):
    call, says = REFUSED[what]
    with pytest.raises(VgstatsError) as error:
        call()
    assert re.search(says, str(error.value)), str(error.value)
    assert str(error.value).startswith("vg.") and str(error.value).endswith(".")


def test_numbers_in_words_become_own_facts_and_dates_and_codes_stay_words():
    block = vg.text(
        "I mars 2024 höll vi 1 200 möten (F43), 12,5 % fler, −3 jämfört med 2023.", source=SOURCE
    )
    assert block.to_frame()["value"].tolist() == [1200, 12.5, -3]
    assert all(fact.startswith("eget|egen-text-") for fact in block.to_frame()["fact"])
    assert "Analytikerns egen text" in block.html() and f"<cite>{SOURCE}</cite>" in block.html()


def test_words_without_numbers_need_no_source():
    assert "Källa" not in vg.text("Vi prövade ett **nytt** arbetssätt under 2024.").html()


def test_what_a_number_in_words_is():
    found = {
        "10–12 st": ["10", "12"], "A1B": ["1"], "2024": [], "3 mars 2024": [], "3 x": ["3"], "2024 personer": ["2024"],
        "(-3)": ["-3"], "10-12": ["10", "12"], "F00–F99": [], "100 000 och 25": ["100 000", "25"],
    }  # fmt: skip
    assert {words: [one[0] for one in numbers_in(words)] for words in found} == found


def test_a_frame_of_any_shape_becomes_a_table_of_facts():
    block = table(MINE, units={"Möten": "st"})
    assert block.to_frame()["Möten (st)"].tolist() == [18.0, 25.5]
    assert block.to_frame()["År"].tolist() == ["2023", "2024"]  # years are no numbers
    grouped = pd.DataFrame({"Enhet": ["a", "a", "b"], "Timmar": [1.0, 2.0, 4.25]}).groupby("Enhet")
    assert table(grouped.sum()).to_frame()["Timmar"].tolist() == [3.0, 4.25]
    assert table(grouped["Timmar"].mean()).to_frame()["Timmar"].tolist() == [1.5, 4.25]
    several = grouped.agg({"Timmar": ["min", "max"]})
    assert list(table(several).to_frame()) == ["Enhet", "Timmar min", "Timmar max"]
    odd = pd.DataFrame({"När": [pd.Timestamp(2024, 5, 2)], "Klar": [True], "Kvot": [None]})
    assert ">ja</td>" in table(odd).html() and "2024-05-02" in table(odd).html()
    assert "uppgift saknas" in table(odd).html()


def test_a_figure_of_matplotlib_or_seaborn_stands_with_its_table_and_is_not_shown_twice():
    plt = pytest.importorskip("matplotlib.pyplot")
    seaborn = pytest.importorskip("seaborn")
    for fig in (drawn(), MINE.plot(x="År"), seaborn.relplot(MINE, x="År", y="Möten")):
        block = figure(fig)
        assert block.to_frame()["Möten"].tolist() == [18.0, 25.5]
        assert "data:image/svg+xml" in block.html() and "Analytikerns egen figur" in block.html()
    assert plt.get_fignums() == []


def test_a_share_of_women_is_no_count_of_them():
    frame = persons(3, 4, heading="Andel kvinnor, procent")
    assert table(frame).to_frame()["Andel kvinnor, procent"].tolist() == [3, 4]
