"""The year's report: a follow-up and parts of other kinds on the same figures, each as its own report tells it."""

from __future__ import annotations

import pytest

from making import render
from support import ROOT, plain, read_page, words
from vgstats.batch.plan import plan
from vgstats.errors import VgstatsError
from vgstats.reports import kind
from vgstats.sections import (
    by_group,
    case_actions,
    case_numbers,
    case_table,
    funnel_of_units,
    gaps,
    months,
    moved_since,
    project_costs,
    project_series,
    project_table,
    requirement_table,
    statuses,
)

YEAR = 'report: arsrapport\nlan: ["20"]\nbefore: "2024-12"\nafter: "2025-12"\n'
CASES = 'snapshots: ["2024-10-01", "2025-10-01"]\n'
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


def test_what_a_part_cites_and_leaves_out_is_told_by_the_whole(orebro):
    year = kind("arsrapport")(orebro[1].parameters, orebro[1].bundle)
    krav = year.part("krav")
    krav.show(statuses, rows=krav.judged)
    assert "orebro-gapanalys-2024" in year.cited
    krav.show(moved_since, rows=krav.judged)
    assert any("bedömning" in words for words in year.left_out)


def test_requirements_that_were_judged_after_the_year_are_none_of_it():
    values = {"lan": "14", "before": "2015-12", "after": "2017-12"}
    assert kind("arsrapport").model(**values).judged == ("", "2017")


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


@pytest.fixture(scope="module")
def with_cases(mapped_store, tmp_path_factory):
    file = tmp_path_factory.mktemp("params") / "ar.yaml"
    file.write_text(YEAR.replace("20", "14", 1) + CASES, encoding="utf-8")
    (job,) = plan(file, mapped_store).jobs
    return kind("arsrapport")(job.parameters, job.bundle), job


def test_the_cases_of_a_day_are_those_of_a_mapping_of_their_own_and_decided_with_the_rest(
    with_cases, mapped_jobs
):
    year, job = with_cases
    own = mapped_jobs["sjukfallskartlaggning"]
    job.bundle.open_measures()
    part, alone = year.part("sjukfallskartlaggning"), kind(own.kind)(own.parameters, own.bundle)
    for section in (case_numbers, case_actions, funnel_of_units):
        assert part.show(section).html() == section(alone).html()
    shown = part.show(case_table, measure="intygsfall_diagnos")
    assert shown.html() == case_table(alone, "intygsfall_diagnos").html()
    front = words(read_page(part.finding("Sjukfall", case_numbers, funnel_of_units).html()))
    assert "1 736 sjukfall pågick" in plain(front) and "inte jämföras med Försäkrings" in front
    assert "Ingen av 6 enheter" in plain(front) and "kolumnen" not in front
    asked = {*kind("arsrapport").request(job.parameters).wanted}
    assert {*kind(own.kind).request(own.parameters).wanted} <= asked


def test_days_that_there_are_no_cases_of_are_listed_as_missing_and_those_of_other_years_refused(
    mapped_store, tmp_path
):
    file = tmp_path / "ar.yaml"
    given = YEAR.replace("20", "14", 1)
    file.write_text(given + 'snapshots: ["2025-03-01"]\n', encoding="utf-8")
    (job,) = plan(file, mapped_store).jobs
    year = kind("arsrapport")(job.parameters, job.bundle)
    assert year.part("sjukfallskartlaggning").show(case_numbers).html() == ""
    assert "Sjukfall ur läkarintyg, 1 mars 2025" in words(read_page(gaps(year).html()))
    for days, said in (("2024-10-01", "no day of 2025"), ("2026-10-01, 2025-10-01", "before")):
        file.write_text(given + f"snapshots: [{days}]\n", encoding="utf-8")
        with pytest.raises(VgstatsError, match=said):
            plan(file, mapped_store)


def test_its_follow_up_is_that_of_a_report_of_its_own(orebro):
    year, job = orebro
    values = {k: v for k, v in job.parameters.model_dump().items() if v and k != "requirements"}
    alone = kind("uppfoljning").open(**values)
    for measure in alone.shown:
        assert year.change(measure) == alone.change(measure)
    of_series = {
        rule.source for rule in alone.rules_in_series()
    }  # which the year's report does not draw
    touching = {rule.source for rule, _ in alone.law_changes_touching()}
    named = {*year.named_sources().index}
    assert {*alone.named_sources().index} - (of_series - touching) <= named


def test_page_one_says_what_a_part_finds_in_the_words_of_its_title(with_register, orebro):
    found = with_register[0].part("sjukfall").finding("Kartläggning", months)
    title = with_register[0].part("sjukfall").show(months).caption
    assert '<h2 class="front">Kartläggning</h2>' in found.html()
    assert title.html() in found.html()
    said = words(read_page(found.html()))
    assert "i regionens eget register: kan inte jämföras med Försäkringskassans tal." in said
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
        VgstatsError,
        match=r"part: 'kommun' will not do\. Expected 'krav' or 'insats' or 'sjukfall' or 'sjukfallskartlaggning'",
    ):
        year.part("kommun")


def test_the_page_has_the_headings_of_the_parts_that_there_are(orebro, with_register, tmp_path):
    without = headings(render(orebro[1], ROOT / "notebooks", tmp_path))
    beside = headings(render(with_register[1], ROOT / "notebooks", tmp_path))
    assert not {*MAPPING} & {*without}
    assert {*MAPPING} <= {*beside}


@pytest.fixture(scope="module")
def vasternorrland(page_of):
    (job,) = plan(ROOT / "params" / "ar-vasternorrland-2019.yaml").jobs
    return kind("arsrapport")(job.parameters, job.bundle), page_of("ar-vasternorrland-2019")


def test_the_project_that_is_followed_is_told_as_in_its_own_report(vasternorrland):
    part = vasternorrland[0].part("insats")
    (job,) = plan(ROOT / "params" / "insats-timra.yaml").jobs
    alone = kind("insats")(job.parameters, job.bundle)
    for section in (project_series, project_costs):
        assert part.show(section).html() == section(alone).html()


def test_each_part_stands_once_with_its_own_subject_and_time(vasternorrland):
    page = read_page(vasternorrland[1].read_text(encoding="utf-8"))
    there, said = [h.get_text(strip=True) for h in page.find_all(["h2", "h3"])], words(page)
    assert not {"Mål och utfall", "Mål och pengar", "Insatser"} & {*there}
    assert there.count("Mål och underlag") == there.count("Vad gjordes") == 1
    assert "Det är den senaste bedömningen: för 2019 finns ingen" in said
    assert "898\u00a0625" in said or "898 625" in said
    # On page one and once in its part.
    assert said.count("undersökte inte hur arbetet faktiskt bedrevs") == 2
    assert said.count("Med nya former för samarbete förebygga") == 0
    ids = [one["id"] for one in page.find_all(id=True)]
    assert len(ids) == len({*ids})
    names = [one.get_text(strip=True) for one in page.find_all("caption")]
    assert len(names) == len({*names}), "two regions that a reader of the screen cannot tell apart"


def test_the_year_says_nothing_twice_and_names_no_source_of_what_it_does_not_show(vasternorrland):
    said = words(read_page(vasternorrland[1].read_text(encoding="utf-8")))
    assert said.count("Länet avviker nedåt") == said.count("långt från de andra från början") == 1
    assert "om det hade hänt ändå går inte att säga" in said
    assert not [
        one for one in ("coronaviruset", "februari 2022", "Månaden för länets") if one in said
    ]


def test_the_register_has_the_projects_of_the_county_and_time(vasternorrland, orebro):
    shown = project_table(vasternorrland[0]).html()
    assert "Timråprojektet" in shown and "Landstingets egna anställda" in shown
    assert "Jämtland" not in shown
    assert project_table(orebro[0]).html() == ""


def test_what_the_state_paid_is_not_called_missing_beside_its_sum(tmp_path):
    (job,) = plan(ROOT / "params" / "ar-vg-2018.yaml").jobs
    page = read_page(render(job, ROOT / "notebooks", tmp_path).read_text(encoding="utf-8"))
    said = words(page)
    assert "kronor i statsbidrag 2018" in said
    assert "insatser och statsbidrag" not in said


def test_a_county_with_its_follow_up_alone_has_no_empty_headings(tmp_path):
    file = tmp_path / "ar.yaml"
    file.write_text(YEAR.replace('"20"', '"09"').replace("2024", "2019").replace("2025", "2024"))
    (job,) = plan(file).jobs
    there = headings(render(job, ROOT / "notebooks", tmp_path))
    assert not {"Krav", "Insatsen", "Projekt i länet", "Kartläggning"} & {*there}


def test_the_judgements_of_a_region_itself_are_found(tmp_path):
    file = tmp_path / "ar.yaml"
    own = (ROOT / "params" / "ovning" / "texter" / "krav.yaml").read_text(encoding="utf-8")
    (tmp_path / "krav.yaml").write_text(own, encoding="utf-8")
    text = YEAR.replace('"20"', '"13"').replace("2024", "2019").replace("2025", "2024")
    file.write_text(text + "own: krav.yaml\n", encoding="utf-8")
    (job,) = plan(file).jobs
    krav = kind("arsrapport")(job.parameters, job.bundle).part("krav")
    assert krav.parameters.requirements == "krav-pahittade"
    assert len(krav.judged) == 6


def test_a_list_without_judgements_is_said_to_lack_them_and_an_unknown_one_is_refused(tmp_path):
    file = tmp_path / "ar.yaml"
    text = YEAR.replace('"20"', '"09"').replace("2024", "2019").replace("2025", "2024")
    file.write_text(text + "requirements: kunskapsstod-sjukskrivning-2023\n", encoding="utf-8")
    (job,) = plan(file).jobs
    year = kind("arsrapport")(job.parameters, job.bundle)
    year.part("krav").head()
    year.part("krav").show(statuses)
    assert "till och med 2024 enligt Kunskapsstödet" in words(read_page(gaps(year).html()))
    file.write_text(text + "requirements: kunskapsstod\n", encoding="utf-8")
    with pytest.raises(VgstatsError, match="'kunskapsstod' is no list of requirements"):
        plan(file)
