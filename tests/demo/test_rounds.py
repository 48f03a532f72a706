"""Rounds of reports on cases in one store: the county's, then the units', then the next year's, by one ledger."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import pytest

from making import render
from support import ROOT, read_page, words
from vgstats.batch.plan import plan
from vgstats.cases.intake import count, keep
from vgstats.cases.mapping import read_mapping
from vgstats.demo.certificates import Certificates
from vgstats.demo.certificates_file import write_certificates
from vgstats.disclosure.release import record
from vgstats.page.pdf import pdf_of, sheets
from vgstats.store.store import Store

SIZE = Certificates("lan:09", rows=3_500, units=6)
LAST = dt.date(2025, 10, 31)
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
        for kind, more in (("sjukfallskartlaggning", ""), ("enhetsblad", "enhet: alla\n")):
            file = folder / f"{kind}-{year}.yaml"
            file.write_text(FILE.format(kind, year, year - 1) + more, encoding="utf-8")
            jobs = [replace(job, why="") for job in plan(file, store).jobs]
            record(jobs[0].figures()[1], store)  # the same for all of them
            found.append(jobs)
    return found


def hidden(jobs):
    rows = [job.figures()[0].observations for job in jobs]
    keys = ["measure", "area", "period", "sex", "group", "status"]
    every = {tuple(map(str, key)) for of in rows for key in of[keys].itertuples(index=False)}
    small = {key[:-1] for key in every if key[-1] == "suppressed"}
    return small, {key[:-1] for key in every} - small


def test_what_one_round_hides_no_later_one_shows(rounds):
    assert all(rounds)
    decided = [hidden(jobs) for jobs in rounds]
    assert decided[0][0] and decided[1][0]
    for earlier, (small, _) in enumerate(decided):
        for _, shown in decided[earlier + 1 :]:
            assert not small & shown


def test_a_unit_with_hardly_any_cases_gets_a_sheet_that_says_so(rounds, tmp_path):
    """A unit whose cases are too few for a number of its own."""
    job = min(rounds[-1], key=cases)
    assert cases(job) < 20
    page = render(job, ROOT / "notebooks", tmp_path).read_text(encoding="utf-8")
    front = words(read_page(page).select_one(".front"))
    assert "För få för att visa." in front and "Ni har för få sjukfall" in front
    assert sheets(pdf_of(page)) == 1


def cases(job):
    rows = job.figures()[0].observations
    own = (rows["area"] == job.parameters.area) & (rows["measure"] == "intygsfall")
    own &= (rows["sex"] != "alla") & (rows["period"] == job.parameters.snapshot)
    return rows.loc[own, "value"].sum()
