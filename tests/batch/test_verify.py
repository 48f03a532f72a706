"""`vgstats verify`: an altered file is found out, a revised figure is named, and neither is the other."""

from __future__ import annotations

import datetime as dt
import json
import re
from functools import cache
from pathlib import Path

import pandas as pd
import pytest
from rounds import notebooks

from commands import vgstats
from making import render
from support import ROOT, read_page
from vgstats import VgstatsError
from vgstats.batch.execute import report_page
from vgstats.batch.plan import plan
from vgstats.batch.verify import Verification, _impossible_time, verify
from vgstats.catalogue import areas
from vgstats.ingest import take_in
from vgstats.page.reading import read_file
from vgstats.page.reading import read_page as parts_of
from vgstats.sources.recognise import piece_of_file
from vgstats.sources.recognise import read_file as read_figures
from vgstats.store.store import Store

NOTEBOOKS = ROOT / "notebooks"
OLD = Path(__file__).parent / "of_version_0_1_0"


@pytest.fixture(scope="module")
def html(vg_file) -> str:
    return vg_file.read_text(encoding="utf-8")


@pytest.fixture
def remade(html, monkeypatch) -> None:
    """Make the report again, and read it, once for all tests; nothing else of the verification is left out."""
    monkeypatch.setattr("vgstats.batch.verify.report_page", lambda *_: html)
    monkeypatch.setattr("vgstats.batch.verify.read_page", read_once)


read_once = cache(parts_of)


def altered(html: str, old: str, new: str) -> Verification:
    assert old in html
    return verify(html.replace(old, new, 1), NOTEBOOKS)


def number(html: str, value: str) -> str:
    """The first element on the page with this machine value."""
    found = re.search(rf'<data [^>]*value="{re.escape(value)}"[^>]*>[^<]*</data>', html)
    assert found
    return found[0]


def test_a_report_made_again_is_the_same_but_for_the_time(html):
    assert verify(html, NOTEBOOKS) == Verification()


def test_a_figure_altered_by_a_tenth_is_found_and_placed(html, remade):
    old = number(html, "36.8")
    first = altered(html, old, old.replace("36,8", "36,9")).altered[0]
    assert (first.in_file, first.again) == ("36,9", "36,8")
    assert "ohalsotal|lan:14|2008-12" in first.what


def test_a_figure_altered_in_text_and_machine_value_is_found_too(html, remade):
    old = number(html, "36.8")
    verdict = altered(html, old, old.replace("36,8", "36,9").replace("36.8", "36.9"))
    assert [one.in_file for one in verdict.altered] == ["36,9", "not those that the record is of"]


def test_an_alteration_that_also_mends_the_record_is_found(html, remade):
    old = number(html, "36.8")
    other = html.replace(old, old.replace("36,8", "36,9").replace("36.8", "36.9"), 1)
    record = parts_of(html).record["vgstats:facts"]
    verdict = verify(other.replace(record, parts_of(other).facts_digest), NOTEBOOKS)
    assert [one.in_file for one in verdict.altered] == ["36,9"]


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ("sjönk från", "steg från", "text"),
        ('alt="Karta', 'alt="Bild', "image"),
        ("data:image/svg+xml,", "data:image/svg+xml,%20", "image"),
        ("base64,77u/", "base64,", "the page"),
        ('"softwareVersion":"', '"softwareVersion":"9', "record: creator"),
        ('class="front"', 'class="note"', "the page"),
    ],
)
def test_what_is_not_a_number_is_compared_as_well(html, remade, old, new, says):
    assert any(one.what.startswith(says) for one in altered(html, old, new).altered)


def test_a_number_taken_away_is_found(html, remade):
    verdict = altered(html, number(html, "17.4"), "17,4")
    assert ("nothing", "17,4") in {(one.in_file, one.again) for one in verdict.altered}


def test_another_date_than_the_record_has_is_found(html, remade):
    words = read_page(html).footer.time.get_text()
    verdict = altered(html, f">{words}<", ">1 januari 2001<")
    assert verdict.altered[0].what == "when it was made"


@pytest.mark.parametrize(
    "harm",
    [
        '"dateCreated":"<b>Planen misslyckades.</b>"',
        '"dateCreated":"<div>Falskt</div>"',
        "<b>Falskt</b>",
        "<template>x</template>",
    ],
)
def test_words_put_where_no_block_is_are_found(html, remade, harm):
    assert altered(html, "</main>", f"{harm}</main>").altered


@pytest.mark.parametrize("year", ["2019", "2999"])
def test_a_time_that_cannot_be_is_found(html, remade, year):
    stamp, words = parts_of(html).record["dateCreated"], read_page(html).footer.time.get_text()
    other = html.replace(stamp, f"{year}-01-01T12:00:00+01:00")
    verdict = verify(other.replace(f">{words}<", f">1 januari {year}<"), NOTEBOOKS)
    assert "when it was made" in {one.what for one in verdict.altered}


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ('"creator":{', '"creator":"x","other":{'),
        ('"vgstats:packages":{', '"vgstats:packages":[],"other":{'),
        ("base64,77u/", "base64,7"),
    ],
)
def test_a_record_or_table_of_another_shape_is_an_alteration_and_no_crash(html, remade, old, new):
    verdict = altered(html, old, new)
    assert verdict.altered or verdict.reasons


def test_a_report_made_by_another_build_is_not_called_altered_but_not_confirmed(html, remade):
    digest = parts_of(html).record["vgstats:software"]
    verdict = altered(html, digest, digest[::-1])
    assert verdict.altered == [] and not verdict.confirmed
    assert "another build of vgstats" in verdict.reasons[0]


@pytest.mark.usefixtures("made_once")
def test_a_report_of_version_0_1_0_is_of_another_version_and_never_altered():
    """A page of the commit cf3b498, from before its record named all packages."""
    page = OLD / "14-2005-12-2008-12.html"
    verdict = verify(page.read_text(encoding="utf-8"), NOTEBOOKS)
    assert verdict.altered == [] and not verdict.confirmed
    assert "another build of vgstats (0.1.0)" in verdict.reasons[0]
    done = vgstats("verify", page)
    assert done.returncode == 4 and "does not contradict itself" in done.stdout


def test_a_page_is_the_same_whether_what_prints_it_is_installed_or_not(html, remade):
    """What prints a finished page has no part in it: neither its record nor its verification may rest on that."""
    assert set(parts_of(html).record["vgstats:packages"]).isdisjoint({"weasyprint", "pypdfium2"})
    verdict = altered(html, '"vgstats:packages":{', '"vgstats:packages":{"weasyprint":"1",')
    assert [one.what for one in verdict.altered] == ["record: vgstats:packages"]


def test_a_record_altered_to_name_other_packages_hides_no_altered_text_or_number(html, remade):
    python = parts_of(html).record["vgstats:packages"]["python"]
    other = html.replace(f'"python":"{python}"', '"python":"3.0.0"', 1)
    assert other != html
    assert verify(other, NOTEBOOKS).otherwise == []
    text = altered(other, "sjönk från", "steg från")
    assert not text.confirmed and "steg från" in text.otherwise[0].in_file
    old = number(html, "36.8")
    one = altered(other, old, old.replace("36,8", "36,9"))
    assert "36,9" in {found.in_file for found in one.altered}


def test_of_another_build_only_what_contradicts_itself_is_called_altered(html, remade):
    digest = parts_of(html).record["vgstats:software"]
    of_another = html.replace(digest, digest[::-1])
    old = number(html, "36.8")
    one_of_two = altered(of_another, old, old.replace("36,8", "36,9"))
    assert "36,9" in {one.in_file for one in one_of_two.altered}
    both = of_another.replace(old, old.replace("36,8", "36,9").replace("36.8", "36.9"), 1)
    record = parts_of(html).record["vgstats:facts"]
    mended = verify(both.replace(record, parts_of(both).facts_digest), NOTEBOOKS)
    assert mended.altered == [] and not mended.confirmed
    assert [one.in_file for one in mended.otherwise] == ["36,9"]


@pytest.mark.parametrize("minutes", [-10, 10])
@pytest.mark.parametrize("hours", [-11, 0, 14])
def test_a_clock_that_is_some_minutes_off_is_no_alteration(minutes, hours):
    there = dt.datetime.now(dt.timezone(dt.timedelta(hours=hours)))
    record = {
        "dateCreated": (there + dt.timedelta(minutes=minutes)).isoformat(),
        "vgstats:retrieved": {"fk": f"{there.astimezone(dt.UTC):%Y-%m-%dT%H:%M:%SZ}"},
    }
    assert not _impossible_time(record)


@pytest.mark.parametrize(
    ("retrieved", "made", "impossible"),
    [
        ("2024-11-27T23:50:00Z", "2024-11-27T19:00:00-05:00", False),
        ("2024-11-28T00:30:00Z", "2024-11-27T20:00:00-05:00", False),
        ("2024-11-28", "2024-11-27T20:00:00-05:00", False),
        ("2024-11-27T12:00:00Z", "2024-11-27T11:50:00+00:00", False),
        ("2024-11-27", "2024-11-20T12:00:00+01:00", True),
        ("2024-11-27T12:00:00Z", "2024-11-25T12:00:00+01:00", True),
        ("2024-11-27", "2999-11-27T12:00:00+01:00", True),
        ("2024-11-27", "2024-11-27T12:00:00", True),
    ],
)
def test_moments_are_compared_as_moments(retrieved, made, impossible):
    record = {"dateCreated": made, "vgstats:retrieved": {"fk": retrieved}}
    assert _impossible_time(record) is impossible


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ('"lan":["14"]', '"lan":["99"]', "not valid"),
        ('"before":"2005-12"', '"before":"2005-13"', "not valid"),
        ('"report":"uppfoljning"', '"report":"other"', "no record of a report"),
        ('<script type="application/ld+json">{', '<script type="application/ld+json">', "broken"),
    ],
)
def test_a_record_that_cannot_be_used_is_a_users_mistake(html, old, new, message):
    with pytest.raises(VgstatsError, match=message):
        altered(html, old, new)


def test_a_page_without_a_record_and_a_file_that_is_none_are_users_mistakes(index_file, tmp_path):
    with pytest.raises(VgstatsError, match="not an index"):
        verify(index_file.read_text(encoding="utf-8"), NOTEBOOKS)
    with pytest.raises(VgstatsError, match="cannot be read"):
        read_file(tmp_path / "none.html")
    (tmp_path / "image.html").write_bytes(b"\xff\xfe\x00")
    with pytest.raises(VgstatsError, match="not a text file"):
        read_file(tmp_path / "image.html")


def test_an_index_among_reports_is_passed_over_and_a_report_that_cannot_be_verified_named(
    index_file, tmp_path
):
    page = tmp_path / "sida.html"
    page.write_text("<p>x</p>", encoding="utf-8")
    done = vgstats("verify", index_file, page)
    assert done.returncode == 2 and f"{page}: The file holds no record" in done.stderr
    assert f"{index_file}: an index of reports" in done.stdout and "index.html" not in done.stderr
    assert vgstats("verify", index_file).returncode == 2


COLUMNS = "measure,area,period,sex,group,value,resolution,status,source,retrieved"


def figures(file: Path, values: dict[str, float], retrieved: str) -> Path:
    """A file of ohälsotal for all counties and riket, in vgstats' own form."""
    rows = [
        ("ohalsotal", area, period, "alla", "", round(value + n / 10, 1), 0.1, "ok", SOURCE, retrieved)
        for n, area in enumerate(["riket", *areas.lan()])
        for period, value in values.items()
    ]  # fmt: skip
    pd.DataFrame(rows, columns=COLUMNS.split(",")).to_csv(file, index=False)
    return file


SOURCE = "fk-ohalsotal"


def add(store: Store, file: Path) -> None:
    outcome = take_in([piece_of_file(file, read_figures(file))], store)
    assert outcome.added is not None, outcome.rejected


@pytest.fixture
def store(tmp_path) -> Store:
    store = Store(tmp_path / "store")
    add(store, figures(tmp_path / "a.csv", {"2020-12": 20.0, "2023-12": 22.0}, "2024-02-01"))
    return store


@pytest.fixture
def job(store, tmp_path):
    file = tmp_path / "gotland.yaml"
    file.write_text(
        'report: uppfoljning\nlan: ["09"]\nbefore: "2020-12"\nafter: "2023-12"\n', encoding="utf-8"
    )
    return plan(file, store).jobs[0]


@pytest.mark.usefixtures("made_once")
def test_a_revision_is_named_and_is_not_an_alteration(job, store, tmp_path):
    short = notebooks(tmp_path / "notebooks")
    html = render(job, short, tmp_path).read_text(encoding="utf-8")
    add(store, figures(tmp_path / "b.csv", {"2023-12": 23.0}, "2024-09-01"))
    verdict = verify(html, short, store)
    assert verdict.altered == [] and verdict.confirmed
    (own,) = [one for one in verdict.revised if "(ohalsotal|lan:09|2023-12)" in one.what]
    assert (own.in_file, own.again) == ("22,8", "23,8")
    both = verify(html.replace("Gotlands", "Uppsala"), short, store)
    assert both.altered and both.revised == verdict.revised


def test_figures_that_are_gone_leave_the_report_unconfirmed(job, store, tmp_path):
    short = notebooks(tmp_path / "notebooks")
    html = report_page(job, short)
    other = Store(tmp_path / "other")
    add(other, figures(tmp_path / "b.csv", {"2020-12": 20.0, "2023-12": 23.0}, "2024-09-01"))
    verdict = verify(html, short, other)
    assert not verdict.confirmed and "not to be had here" in verdict.reasons[-1]
    assert any("lan:09|2023-12" in one.what for one in verdict.otherwise)
    assert verdict.altered == []


def test_the_record_says_what_the_page_says(vg_page, vg):
    record = json.loads(vg_page.find("script").get_text())
    assert record["@type"] == "Report" and record["name"] == vg_page.h1.get_text()
    assert record["spatialCoverage"]["identifier"] == "14"
    (ohalsotal,) = [m for m in record["variableMeasured"] if m["identifier"] == "ohalsotal"]
    values = {v["propertyID"]: v["value"] for v in ohalsotal["vgstats:values"]}
    assert values["ohalsotal|lan:14|2005-12"] == "42.9"
    assert values["ohalsotal|lan:14|2008-12"] == "36.8"
    shown = {fact["data-fact"]: fact["value"] for fact in vg_page.find_all("data")}
    assert all(shown[key] == value for key, value in values.items())
    named = {d["identifier"] for d in record["isBasedOn"]}
    assert named >= set(vg.named_sources().index)  # and those that the page cites besides
    table = vg_page.find(id="kallor")
    rows = [row.th for row in table.tbody.find_all("tr")]
    items = table.find_parent(class_="folded").find_all("li")
    listed = {one.get_text().partition(":")[0] for one in (*rows, *items)}
    shorts = {short.partition(":")[0] for short in vg.sources.loc[sorted(named), "short"]}
    assert shorts == listed
    assert record["vgstats:figures"] == vg.figures_digest
