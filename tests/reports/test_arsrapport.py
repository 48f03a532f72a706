"""The year's report: a follow-up and parts of other kinds on the same figures, each as its own report tells it."""

from __future__ import annotations

import pytest

from making import render
from support import ROOT, read_page, words
from vgstats.batch.plan import plan
from vgstats.errors import VgstatsError
from vgstats.reports import kind
from vgstats.sections import by_group, gaps, months, requirement_table, statuses

YEAR = 'report: arsrapport\nlan: ["20"]\nbefore: "2024-12"\nafter: "2025-12"\n'
MAPPING = ["Kartläggning", "Månad för månad", "Diagnos och kön"]


@pytest.fixture(scope="module")
def orebro():
    (job,) = plan(ROOT / "params" / "ar-orebro-2024.yaml").jobs
    return kind("arsrapport")(job.parameters, job.bundle), job


@pytest.fixture(scope="module")
def with_register(register_store, tmp_path_factory):
    file = tmp_path_factory.mktemp("params") / "ar.yaml"
    file.write_text(YEAR, encoding="utf-8")
    (job,) = plan(file, register_store).jobs
    return kind("arsrapport")(job.parameters, job.bundle), job


def headings(file) -> list[str]:
    page = read_page(file.read_text(encoding="utf-8"))
    return [e.get_text(strip=True) for e in page.find_all(["h2", "h3"])]


def test_a_part_shows_the_same_numbers_as_a_report_of_its_own(with_register, register_job):
    year, _ = with_register
    alone = kind("sjukfall")(register_job.parameters, register_job.bundle)
    part = year.part("sjukfall")
    for section in (months, by_group):
        assert part.show(section).to_frame().equals(section(alone).to_frame())
    assert part.show(by_group).html() == by_group(alone).html()


def test_the_requirements_are_those_that_the_county_was_judged_by_last():
    (job,) = plan(ROOT / "params" / "ar-vg-2018.yaml").jobs
    year = kind("arsrapport")(job.parameters, job.bundle)
    krav = year.part("krav")
    alone = kind("krav").open(lan="14", period="2018", requirements="villkor-2017-2018")
    shown = krav.show(requirement_table, rows=krav.judged)
    assert shown.html() == requirement_table(alone, rows=alone.judged).html()
    assert {*alone.named_sources().index} <= {*year.named_sources().index}
    front = words(read_page(krav.finding("Krav", statuses, noted=True, rows=krav.judged).html()))
    assert "alla 10 krav" in front and "landstingens egna redovisningar" in front


def test_its_follow_up_is_that_of_a_report_of_its_own(orebro):
    year, job = orebro
    values = {k: v for k, v in job.parameters.model_dump().items() if v}
    alone = kind("uppfoljning").open(**values)
    for measure in alone.shown:
        assert year.change(measure) == alone.change(measure)
    assert {*alone.named_sources().index} <= {*year.named_sources().index}


def test_page_one_says_what_a_part_finds_in_the_words_of_its_title(with_register, orebro):
    found = with_register[0].part("sjukfall").finding("Kartläggning", months)
    title = with_register[0].part("sjukfall").show(months).caption
    assert '<h2 class="front">Kartläggning</h2>' in found.html()
    assert title.html() in found.html()
    assert orebro[0].part("sjukfall").finding("Kartläggning", months).html() == ""


def test_a_part_that_the_county_has_not_takes_no_room_and_is_listed_once(orebro):
    year, _ = orebro
    part = year.part("sjukfall")
    assert part.report is None
    assert part.show(months).html() == "" == part.show(by_group).html()
    assert gaps(year).html().count("Kartläggning ur regionens eget register") == 1


def test_only_a_part_of_its_kind_is_known(orebro):
    year, _ = orebro
    with pytest.raises(
        VgstatsError, match=r"part: 'kommun' will not do\. Expected 'krav' or 'sjukfall'"
    ):
        year.part("kommun")


def test_the_page_has_the_headings_of_the_parts_that_there_are(orebro, with_register, tmp_path):
    without = headings(render(orebro[1], ROOT / "notebooks", tmp_path))
    beside = headings(render(with_register[1], ROOT / "notebooks", tmp_path))
    assert not {*MAPPING} & {*without}
    assert {*MAPPING} <= {*beside}
