"""Rounds of reports on cases in one store: the county's, then the units', then the next year's, by one ledger."""

from __future__ import annotations

import datetime as dt
import shutil
from dataclasses import replace

import pytest

from vgstats.batch.plan import plan
from vgstats.cases.intake import count
from vgstats.cases.keeping import keep
from vgstats.cases.mapping import read_mapping
from vgstats.catalogue.measures import bundled_measures
from vgstats.demo.certificates import Certificates
from vgstats.demo.certificates_file import write_certificates
from vgstats.disclosure.release import record
from vgstats.reports import kind
from vgstats.reports.base.parameters import at_day
from vgstats.sections import how_long, how_many, to_talk_about
from vgstats.store.store import Store

SIZE = Certificates("lan:09", rows=2_500, units=6, seed=6)  # two cases in its least unit
LAST = dt.date(2025, 10, 31)
KINDS = (("sjukfallskartlaggning", ""), ("enhetsblad", "enhet: alla\n"))
RECKONED = {id_: one.told_with for id_, one in bundled_measures().items() if one.told_with}
FILE = 'report: {}\nlan: ["09"]\nsnapshot: "{}-10-01"\nearlier: "{}-10-01"\n'


@pytest.fixture(scope="module")
def rounds(tmp_path_factory):
    """The jobs of each round in turn, each released before the next is planned; the first are those of 2024."""
    folder = tmp_path_factory.mktemp("rounds")
    written = write_certificates(folder / "intyg.parquet", SIZE)
    mapping = read_mapping(written.mapping)
    store = Store(folder / "store")
    found = []
    for year in (2024, 2025):
        days = [dt.date(year - 1, 10, 1), dt.date(year, 10, 1)]
        of_year = mapping.model_copy(update={"snapshots": days})
        counted = count([written.certificates], of_year, folder, LAST)
        assert all(
            one.added is not None
            for one in keep(counted, [written.certificates], written.mapping, store)
        )
        for name, more in KINDS[: 2 if year == 2024 else 1]:
            file = folder / f"{name}-{year}.yaml"
            file.write_text(FILE.format(name, year, year - 1) + more, encoding="utf-8")
            jobs = [replace(job, why="") for job in plan(file, store).jobs]
            record(jobs[0].figures()[1], store)  # the same for all of them
            found.append(jobs)
    return found, store


def hidden(jobs):
    rows = [job.figures()[0].observations for job in jobs]
    keys = ["measure", "area", "period", "sex", "group", "status"]
    every = {tuple(map(str, key)) for of in rows for key in of[keys].itertuples(index=False)}
    small = {key[:-1] for key in every if key[-1] == "suppressed"}
    return small, {key[:-1] for key in every} - small


def test_what_one_round_hides_no_later_one_shows(rounds):
    decided = [hidden(jobs) for jobs in rounds[0]]
    assert decided[0][0] and decided[1][0]
    for earlier, (small, _) in enumerate(decided):
        for _, shown in decided[earlier + 1 :]:
            assert not small & shown


def test_a_unit_with_two_cases_gets_a_sheet_that_says_that_they_are_too_few(rounds):
    (_, jobs, _), store = rounds
    many = {job.name: cases(job, store) for job in jobs}
    job = min(jobs, key=lambda one: many[one.name])
    assert many[job.name] == 2
    bundle, _ = job.figures()
    bundle.open_measures()
    report = kind("enhetsblad")(job.parameters, bundle)
    assert "dold av sekretesskäl" in how_many(report).html()
    assert how_long(report).html() == ""
    assert "Antalet sjukfall hos er är dolt" in to_talk_about(report).html()


def test_what_is_reckoned_of_cases_is_told_where_their_count_is(rounds):
    there = hidden_with = 0
    for jobs in rounds[0]:
        small, shown = hidden(jobs)
        for measure, area, period, sex, group in shown | small:
            if measure not in RECKONED:
                continue
            then = at_day(RECKONED[measure], period) if len(period) == 10 else period
            secret = (RECKONED[measure], area, then, sex, "") in small
            told = (measure, area, period, sex, group) in shown
            assert not (told and secret)
            there, hidden_with = there + told, hidden_with + secret
    assert there and hidden_with


def test_when_a_unit_has_merged_into_another_the_days_before_tell_nothing_of_it(rounds, tmp_path):
    store = Store(shutil.copytree(rounds[1].folder, tmp_path / "store"))
    folder = rounds[1].folder.parent
    mapping = read_mapping(folder / "intyg-koppling.yaml")
    _, gone, into, *_ = mapping.units
    names = [*into.formerly, gone.id, gone.name, *gone.formerly]
    merged = into.model_copy(update={"formerly": names})
    units = [merged if unit == into else unit for unit in mapping.units if unit != gone]
    days = [dt.date(year, 10, 1) for year in (2024, 2025)]
    of_now = mapping.model_copy(update={"snapshots": days, "units": units})
    counted = count([folder / "intyg.parquet"], of_now, folder, LAST)
    keep(counted, [folder / "intyg.parquet"], folder / "intyg-koppling.yaml", store)
    file = tmp_path / "sheets.yaml"
    file.write_text(FILE.format("enhetsblad", 2025, 2024) + "enhet: alla\n", encoding="utf-8")
    (job,) = (job for job in plan(file, store).jobs if job.parameters.area == into.area)
    rows = job.figures()[0].observations
    own = rows[(rows["area"] == into.area) & rows["measure"].isin(RECKONED)]
    assert len(own) and not (own["status"] != "suppressed").any()


def cases(job, store):
    """How many a unit really has on the day, as its own store has it and nobody else."""
    wanted = [(job.parameters.area, "intygsfall", (job.parameters.snapshot,))]
    return store.read(wanted)["value"].sum()
