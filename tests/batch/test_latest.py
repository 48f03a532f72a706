"""`after: senaste` is the newest period with figures, in a file and in a notebook alike, and never a word on a page."""

from __future__ import annotations

import json

import pytest
from rounds import notebooks, render

from commands import vgstats
from support import read_page
from vgstats import VgstatsError, open_report
from vgstats.batch.plan import plan
from vgstats.demo import Size, write_demo
from vgstats.store.store import Store

LATEST = "report: {kind}\n{codes}\nbefore: {before!r}\nafter: senaste\n"


def file_of(folder, codes, before="2019-12", kind="uppfoljning", more=""):
    file = folder / "some.yaml"
    text = LATEST.format(kind=kind, codes=codes, before=before)
    file.write_text(text + more, encoding="utf-8")
    return file


def grown(folder, *sizes) -> Store:
    """A store with what several of made-up figures hold, which came one after the other."""
    store = Store(folder / "grown")
    for number, one in enumerate(sizes):
        other = Store(folder / f"{one.last}-{number}")
        for _ in write_demo(other, one):
            pass
        rows, there = other.connection().sql("SELECT * FROM observations").df(), other.manifest()
        store.add(rows, there.origins, there.sources, kind="demo")
    return store


def size(*lan: str, last: str, **more: object) -> Size:
    codes = tuple(f"lan:{code}" for code in lan)
    given = {"measures": ("sjukpenningtal", "ohalsotal"), **more}  # the first of a report
    return Size(lan=codes, first="2019-12", last=last, december_only=True, **given)


def test_bundled_figures_give_the_newest_december(tmp_path):
    batch = plan(file_of(tmp_path, "lan: alla"))
    assert {job.parameters.after for job in batch.jobs} == {"2025-12"}
    assert batch.jobs[0].file_name.endswith("2019-12-2025-12.html")
    (note,) = batch.notes
    assert "2025-12" in note and "all 21" in note and "sjukpenningtal, ohalsotal" in note


@pytest.mark.parametrize(
    ("kind", "codes", "before", "after"),
    [
        ("uppfoljning", 'lan: ["14"]', "2005-12", "2025-12"),
        ("uppfoljning", 'lan: ["14"]', "2005", "2025"),
        ("uppfoljning", "lan: alla", "2005", "2025"),
        ("kommun", 'lan: ["14"]\nkommun: ["1480", "1402"]', "2005-12", "2016-12"),
    ],
)
def test_it_is_a_period_as_before_is_one(tmp_path, kind, codes, before, after):
    batch = plan(file_of(tmp_path, codes, before, kind))
    assert {job.parameters.after for job in batch.jobs} == {after}


def test_a_register_gives_its_newest_month_of_the_same_time_of_the_year(tmp_path, register_store):
    file = file_of(tmp_path, 'lan: ["20"]', "2024-12", "sjukfall")
    assert plan(file, register_store).jobs[0].parameters.after == "2025-12"
    june = file_of(tmp_path, 'lan: ["20"]', "2025-06", "sjukfall")
    with pytest.raises(VgstatsError, match=r"later year than before '2025-06'.*vgstats import"):
        plan(june, register_store)


def test_counties_of_one_file_get_the_newest_that_all_of_them_have(tmp_path):
    store = grown(tmp_path, size("09", "20", last="2023-12"), size("09", last="2024-12"))
    batch = plan(file_of(tmp_path, 'lan: ["09", "20"]'), store)
    assert [job.parameters.after for job in batch.jobs] == ["2023-12", "2023-12"]
    assert "Newer, but not for all: sjukpenningtal 2024-12 (1 of 2)" in batch.notes[0]
    alone = plan(file_of(tmp_path, 'lan: ["09"]'), store)
    assert alone.jobs[0].parameters.after == "2024-12"
    assert "Gotlands län" in alone.notes[0] and "Newer" not in alone.notes[0]


def test_a_period_that_only_one_of_the_first_measures_has_is_named_and_not_taken(tmp_path):
    last = size("09", last="2024-12", measures=("ohalsotal",))
    store = grown(tmp_path, size("09", last="2023-12"), last)
    batch = plan(file_of(tmp_path, 'lan: ["09"]'), store)
    assert batch.jobs[0].parameters.after == "2023-12"
    assert "Newer, but not for all: ohalsotal 2024-12 (1 of 1)" in batch.notes[0]


def test_areas_without_figures_hold_nobody_back_and_the_lines_that_leave_them_out_work(tmp_path):
    codes = 'lan: ["14"]\nkommun: ["1480", "1402", "1421"]'
    with pytest.raises(VgstatsError, match="Orust") as refused:
        plan(file_of(tmp_path, codes, "2005-12", "kommun"))
    lines = str(refused.value).partition("exclude:")[2]
    assert "2016-12" in lines
    file = file_of(tmp_path, codes, "2005-12", "kommun", more=f"exclude:{lines}\n")
    assert len(plan(file).jobs) == 2


def test_each_line_of_a_matrix_has_a_newest_of_its_own(tmp_path):
    file = tmp_path / "some.yaml"
    file.write_text(
        "report: uppfoljning\nlan: ['14']\nmatrix:\n  - {before: '2005-12', after: '2008-12'}\n"
        "  - {before: '2019-12', after: senaste}\n  - {before: '2005', after: senaste}\n",
        encoding="utf-8",
    )
    batch = plan(file)
    assert [job.parameters.after for job in batch.jobs] == ["2008-12", "2025-12", "2025"]
    assert len(batch.notes) == 2


@pytest.mark.parametrize(
    ("before", "codes", "says"),
    [
        ("2025-12", "lan: alla", r"Stockholms län and 20 more.*vgstats fetch sjukpenningtal ohal.*--from 2025-12"),
        ("senaste", "lan: alla", r"before: 'senaste' can stand for after only.*Write the period"),
        ("2025-10-01", "lan: alla", r"finds no figures of.*newest there are: .*2025-12"),
        ("20", "lan: alla", r"before: '20' is not a period"),
    ],
)  # fmt: skip
def test_what_cannot_be_resolved_says_what_is_missing_and_what_to_do(tmp_path, before, codes, says):
    with pytest.raises(VgstatsError, match=rf"some\.yaml: .*{says}"):
        plan(file_of(tmp_path, codes, before))


def test_the_word_is_told_with_its_period_when_another_key_is_wrong(tmp_path):
    file = file_of(tmp_path, 'lan: ["14"]', "2019-12", more="intervention: timra-2018-2019\n")
    with pytest.raises(VgstatsError, match="belongs to Timrå") as refused:
        plan(file)
    assert "9998" not in str(refused.value)


def test_a_notebook_takes_the_same_word():
    report = open_report("uppfoljning", lan="14", before="2019-12", after="senaste")
    assert report.parameters.after == "2025-12"
    assert "after: 2025-12" in report.parameters.lines("uppfoljning")
    kommun = open_report("kommun", lan="", kommun="1480", before="2005-12", after="senaste")
    assert kommun.parameters.after == "2016-12"
    with pytest.raises(VgstatsError, match="before: 'senaste'"):
        open_report("uppfoljning", lan="14", before="senaste", after="2025-12")


def test_new_figures_give_a_later_report_beside_the_old(tmp_path):
    store = grown(tmp_path, size("09", last="2023-12"))
    file = file_of(tmp_path, 'lan: ["09"]')
    options = ("--store", store.folder, "--out", tmp_path / "out")
    options += ("--notebooks", notebooks(tmp_path / "notebooks"))
    first = render(file, *options)
    assert first.returncode == 0 and "after: senaste is 2023-12" in first.stdout
    assert "all up to date" in render(file, *options).stdout
    grown(tmp_path, size("09", last="2024-12"))
    dry = render(file, *options, "--dry-run")
    assert "after: senaste is 2024-12" in dry.stdout
    assert "gotlands-lan-2019-12-2024-12.html: to make, it was never made" in dry.stdout
    later = render(file, *options)
    folder = tmp_path / "out" / "some"
    assert (
        "gotlands-lan-2019-12-2023-12.html" in later.stderr
        and "--clean removes them" in later.stderr
    )
    assert (folder / "gotlands-lan-2019-12-2023-12.html").is_file()
    page = (folder / "gotlands-lan-2019-12-2024-12.html").read_text(encoding="utf-8")
    assert "senaste" not in read_page(page).find("pre").get_text()
    assert (
        json.loads(read_page(page).find("script").get_text())["vgstats:job"]["after"] == "2024-12"
    )
    assert "2019-12-2024-12" in (folder / "index.html").read_text(encoding="utf-8")
    assert "senaste" not in (folder / "manifest.jsonl").read_text(encoding="utf-8")
    checked = vgstats("check", file, "--store", store.folder)
    assert "after: senaste is 2024-12" in checked.stdout
    render(file, *options, "--clean")
    assert not (folder / "gotlands-lan-2019-12-2023-12.html").exists()


def test_the_lines_that_a_report_prints_make_the_same_report(tmp_path):
    file = file_of(tmp_path, 'lan: ["14"]')
    (job,) = plan(file).jobs
    again = tmp_path / "rapport.yaml"
    again.write_text(job.parameters.lines(job.kind), encoding="utf-8")
    (same,) = plan(again).jobs
    assert same.parameters == job.parameters and same.bundle.digest() == job.bundle.digest()
