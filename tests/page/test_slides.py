"""A report's figures as pictures for slides: what the page says of each, and no more."""

from __future__ import annotations

import io
import re

import numpy as np
import pytest
from PIL import Image

from vgstats.page import slides
from vgstats.page.parts import Parts
from vgstats.page.slides import pictures_of

pytestmark = pytest.mark.usefixtures("pdf_tools")


@pytest.fixture(scope="module")
def drawn(pdf_tools, register_file, register_job):
    """The pictures of a report on made-up own counts, and the slides that they were made of."""
    given = []

    def noted(page: str) -> bytes:
        given.append(page)
        return pdf_of(page)

    bundle, pdf_of = register_job.bundle, slides.pdf_of
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(slides, "pdf_of", noted)
        page = register_file.read_text(encoding="utf-8")
        return pictures_of(page, bundle.observations, bundle.sources), given[0], Parts.of(page)


def test_each_figure_is_a_picture_for_a_slide_that_says_what_it_shows(drawn):
    pictures, _, parts = drawn
    assert list(pictures) == [
        "01-pahittade-siffror-manader.png",
        "02-pahittade-siffror-kommuner.png",
    ]
    for data, figure in zip(pictures.values(), parts.figures, strict=True):
        picture = Image.open(io.BytesIO(data))
        assert picture.size == (1920, 1080)
        assert picture.text["Description"] == figure.alt
        assert picture.text["Title"] == f"{parts.title}: {figure.finding}"


def test_a_slide_has_the_finding_the_label_the_source_and_that_its_numbers_are_made_up(drawn):
    _, html, parts = drawn
    for slide, figure in zip(html.split("<section>")[1:], parts.figures, strict=True):
        assert f">{figure.finding}</h1>" in slide
        assert all(f"<p>{note}</p>" in slide for note in figure.notes) and figure.notes
        assert "<p>Källa: Påhittade egna räkningar.</p>" in slide
        assert "<p class=said>Påhittade siffror.</p>" in slide


def test_no_word_of_a_slide_is_one_that_the_page_does_not_say(drawn):
    _, html, parts = drawn
    said = re.findall(r"<(?:h1|p)[^>]*>([^<]*)<", html)
    assert len(said) == 10  # finding, what it shows, warning, source and report, of two figures
    assert [
        words for words in said if words not in parts.words and not words.startswith("Källa: ")
    ] == []
    alts = re.findall(r'alt="([^"]*)"', html)
    assert alts == [figure.alt for figure in parts.figures]


def test_the_stamp_of_made_up_numbers_goes_across_the_drawing(drawn):
    """Cut off after its first letter before: see-through groups are, by what draws the PDF and the pictures."""
    (first, *_), _, _ = drawn[0].values(), *drawn[1:]
    dots = np.asarray(Image.open(io.BytesIO(first)).convert("RGB")).astype(int)
    red, green, blue = dots[..., 0], dots[..., 1], dots[..., 2]
    pale = (red > 220) & (green < 205) & (green > 170) & (abs(green - blue) < 15)
    columns = np.flatnonzero(pale.sum(axis=0) > 2)
    assert columns.max() - columns.min() > 500


def test_a_page_without_figures_gives_no_pictures(index_file, register_job):
    html = re.sub(r"(?s)<figure>.*?</figure>", "", index_file.read_text(encoding="utf-8"))
    assert pictures_of(html, register_job.bundle.observations, register_job.bundle.sources) == {}
