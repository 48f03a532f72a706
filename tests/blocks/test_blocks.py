"""Blocks are accessible by construction, and hostile text stays text."""

from __future__ import annotations

from functools import partial

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from matplotlib.figure import Figure as Drawing

from support import read_page
from vgstats.blocks.blocks import Paragraphs
from vgstats.blocks.figures import Figure
from vgstats.blocks.tables import HIDDEN, Column, Table
from vgstats.errors import VgstatsError
from vgstats.facts.facts import Fact
from vgstats.facts.text import MISSING, as_text, say, swedish_list

FACT = Fact("id", 6.1, "dagar", 1)
TABLE = Table(
    "t", "Rubrik", [Column("Namn", "text"), Column("Tal")], [["Ale", FACT], ["Åmål", None]]
)


def test_a_table_has_caption_scopes_and_a_named_region_that_can_take_focus():
    page = read_page(TABLE.html())
    assert page.caption.get_text() == "Rubrik"
    assert {th["scope"] for th in page.thead.find_all("th")} == {"col"}
    assert {th["scope"] for th in page.tbody.find_all("th")} == {"row"}
    region = page.find("div", role="region")
    assert region["tabindex"] == "0"
    assert page.find(id=region["aria-labelledby"]).get_text() == "Rubrik"


def test_a_number_that_there_is_none_of_is_said_to_be_missing():
    assert "uppgift saknas" in TABLE.html()


@pytest.mark.parametrize("alt", ["", "för kort", "En rubrik som är lång nog att godtas"])
def test_a_figure_without_a_conclusion_in_words_is_refused(alt):
    with pytest.raises(ValueError, match="does not state the conclusion"):
        Figure(Drawing(), "En rubrik som är lång nog att godtas", as_text(alt), TABLE)


def test_a_figure_is_an_embedded_image_with_its_table_beside_it():
    alt = as_text("Ohälsotalet sjönk i alla kommuner som har värden")
    page = read_page(Figure(Drawing(figsize=(2, 1)), "Rubrik", alt, TABLE).html())
    assert page.img["src"].startswith("data:image/svg+xml,")
    assert page.img["alt"] == alt.plain()
    assert page.figure.select_one("details + .folded table") is not None


HOSTILE = st.text(alphabet=st.sampled_from("<>&\"'{}/abå="), min_size=1)


@given(HOSTILE)
def test_no_text_can_become_markup(words):
    html = Paragraphs([say("{a} och {b}", a=words, b=FACT)]).html()
    page = read_page(html)
    assert {tag.name for tag in page.find_all(True)} == {"p", "data"}
    assert page.p.get_text() == f"{words} och 6,1"


@given(HOSTILE)
def test_no_text_can_leave_a_table_or_an_alternative_text(words):
    page = read_page(Table("t", words, [Column(words, "text")], [[words]], words).html())
    assert {tag.name for tag in page.find_all(True)} <= {
        "div",
        "table",
        "caption",
        "span",
        "thead",
        "tr",
        "th",
        "tbody",
        "p",
        "a",
    }
    alt = as_text(words + " och mycket mer text så att den räcker till")
    figure = read_page(Figure(Drawing(figsize=(1, 1)), "Rubrik", alt, TABLE).html())
    assert figure.img["alt"] == alt.plain()


def test_a_sentence_must_fill_its_gaps_and_use_its_parts():
    with pytest.raises(ValueError, match="differ"):
        say("från {a} till {b}", a=FACT)
    with pytest.raises(ValueError, match="differ"):
        say("från {a}", a=FACT, b=FACT)


def test_lists_read_as_swedish():
    assert swedish_list(["Ale"]) == "Ale"
    assert swedish_list(["Ale", "Borås"]) == "Ale och Borås"
    assert swedish_list(["Ale", "Borås", "Åmål"]) == "Ale, Borås och Åmål"


TWO = [Column("Kommun", "text", of="name"), Column("Dagar", of="days")]


@pytest.mark.parametrize("nothing", [None, float("nan"), pd.NA, pd.NaT])
def test_what_a_frame_lacks_is_a_number_that_there_is_none_of(nothing):
    frame = pd.DataFrame({"name": ["Ale", "Mora"], "days": [Fact("x", 1.5, "dagar", 1), nothing]})
    table = Table.from_frame(frame, TWO, id="t", caption="c")
    assert table.rows[1] == ["Mora", None] and MISSING in table.html()
    assert table.to_frame()["Dagar"].isna().tolist() == [False, True]


@pytest.mark.parametrize(
    ("frame", "says"),
    [
        (
            pd.DataFrame({"name": ["Ale"], "days": [1.5]}),
            "'Dagar' has 1\\.5, which a table cannot show",
        ),
        (pd.DataFrame({"name": ["Ale"]}), "'Dagar' is of 'days', which the frame does not have"),
    ],
)
def test_a_frame_that_is_no_table_is_refused_in_words(frame, says):
    with pytest.raises(VgstatsError, match=says):
        Table.from_frame(frame, TWO, id="t", caption="c")


def test_a_share_and_its_count_are_two_columns_named_by_what_they_are_of():
    share, count = Fact("s", 71.4, "procent", 0), Fact("n", 72.0, "sjukfall", 0)
    rows = [["F", say("{s} % ({n})", s=share, n=count)], ["M", HIDDEN]]
    frame = Table("t", "Tal", [Column("Diagnos", "text"), Column("Ni")], rows).to_frame()
    assert list(frame) == ["Diagnos", "Ni, procent", "Ni, sjukfall"]
    assert frame.iloc[0, 1:].tolist() == [71.0, 72.0] and frame.iloc[1, 1:].isna().all()


def test_a_table_gives_back_the_numbers_that_it_prints():
    fact = partial(Fact, unit="dagar", decimals=1)
    rows = [
        (
            "Ale",
            fact("a", 1.25),
            say("{l:signed} till {h:signed} %", l=fact("b", -0.5), h=fact("c", 2.04)),
        ),
        ("Bollebygd", HIDDEN, say("uppgift saknas")),
        ("Lerum", None, None),
    ]
    columns = [Column("Kommun", "text"), Column("Dagar"), Column("Spann")]
    frame = Table("t", "Tal", columns, [list(row) for row in rows]).to_frame()
    assert list(frame) == ["Kommun", "Dagar", "Spann, lägst", "Spann, högst"]
    assert frame["Kommun"].tolist() == ["Ale", "Bollebygd", "Lerum"]
    assert {str(kind) for kind in frame.dtypes[1:]} == {"float64"}
    assert frame.iloc[0, 1:].tolist() == [1.3, -0.5, 2.0]  # as printed, no more exact
    assert frame.iloc[1:, 1:].isna().all(axis=None)
