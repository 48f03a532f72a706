"""Ändrat sedan förra rapporten: a report made again says what was revised, and nothing that it should not."""

from __future__ import annotations

import json
import re
import shutil
from pathlib import Path

import pytest
from rounds import notebooks, render
from selectolax.lexbor import LexborHTMLParser
from test_verify import add, figures

from commands import Ended, vgstats
from support import ROOT, read_page, words
from vgstats.batch.plan import plan
from vgstats.batch.replacing import with_replaced
from vgstats.facts.facts import Fact
from vgstats.page.reading import read_page as parts_of
from vgstats.page.released import Controlled
from vgstats.reports import kind
from vgstats.reports.base.replaced import Replaced
from vgstats.reports.base.revision import revision
from vgstats.sections import revised
from vgstats.sections.revisions import revised_sentence
from vgstats.store.store import Store

CELL = (
    "from vgstats.blocks.blocks import together, paragraphs\n"
    "from vgstats.sections import revised\n"
    "from vgstats.sections.revisions import revised_sentence\n"
    "together(paragraphs(revised_sentence(report), kind='lead'), revised(report))"
)
PARAMS = 'report: uppfoljning\nlan: ["09"]\nbefore: "2020-12"\nafter: "2023-12"\n'


class Setting:
    """A batch of one report on figures that come in later, and its command lines."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.store = folder, Store(folder / "store")
        self.file, self.short = folder / "some.yaml", folder / "notebooks"
        self.page_file = folder / "out" / "some" / "gotlands-lan-2020-12-2023-12.html"
        self.number = len(list(folder.glob("*.csv")))

    @classmethod
    def begun(cls, folder: Path) -> Setting:
        """Lay out a new one, with the first figures."""
        setting = cls(folder)
        setting.come("2024-02-01", {"2020-12": 20.0, "2023-12": 22.0})
        setting.file.write_text(PARAMS, encoding="utf-8")
        notebooks(setting.short, "changes(report)", CELL)
        return setting

    def copied(self, folder: Path) -> Setting:
        """Return one of its own that is as far as this one."""
        shutil.copytree(self.folder, folder, dirs_exist_ok=True)
        return Setting(folder)

    def come(self, retrieved: str, values: dict[str, float]) -> None:
        self.number += 1
        add(self.store, figures(self.folder / f"{self.number}.csv", values, retrieved))

    def render(self, *more: object) -> Ended:
        done = render(
            *(self.file, "--store", self.store.folder, "--notebooks", self.short),
            *("--out", self.folder / "out", *more),
        )
        assert done.returncode == 0, done.stderr
        return done

    def verify(self, html: str | None = None) -> Ended:
        file = self.folder / "verified.html"
        file.write_text(html or self.html, encoding="utf-8")
        return vgstats("verify", file, "--store", self.store.folder, "--notebooks", self.short)

    @property
    def html(self) -> str:
        return self.page_file.read_text(encoding="utf-8")

    @property
    def said(self) -> str:
        return words(read_page(self.html).main)

    @property
    def record(self) -> dict:
        return parts_of(self.html).record


@pytest.fixture(scope="module")
def rendered(tmp_path_factory) -> Setting:
    setting = Setting.begun(tmp_path_factory.mktemp("rendered"))
    setting.render()
    return setting


@pytest.fixture(scope="module")
def revised_and_rendered(rendered, tmp_path_factory) -> Setting:
    setting = rendered.copied(tmp_path_factory.mktemp("revised"))
    setting.come("2024-09-01", {"2023-12": 23.0})
    setting.render()
    return setting


@pytest.fixture
def setting(rendered, tmp_path) -> Setting:
    """A report that is made."""
    return rendered.copied(tmp_path)


@pytest.fixture
def again(revised_and_rendered, tmp_path) -> Setting:
    """A report that is made again after a revision."""
    return revised_and_rendered.copied(tmp_path)


def test_a_revision_is_told_on_the_page_with_the_former_numbers_and_the_version_replaced(setting):
    first = setting.record
    assert "ersätter" not in setting.said and "vgstats:replaces" not in first
    setting.come("2024-09-01", {"2023-12": 23.0})
    setting.render()
    said, record = setting.said, setting.record
    assert "Den här rapporten ersätter den som gjordes" in said and "med vgstats 0.1.0" in said
    assert "2 tal har reviderats sedan dess:" in said
    assert "Ohälsotal, Gotlands län, december 2023: från 22,8 till 23,8 dagar." in said
    assert "Ohälsotal, riket, december 2023: från 22,0 till 23,0 dagar." in said
    assert "december 2020: från" not in said
    replaced = record["vgstats:replaces"]
    assert (
        replaced["made"] == first["dateCreated"] and replaced["figures"] == first["vgstats:figures"]
    )
    assert replaced["values"] == {
        "ohalsotal|lan:09|2023-12": "22.8",
        "ohalsotal|riket|2023-12": "22.0",
    }
    shown = {(fact.id, fact.value) for fact in parts_of(setting.html).facts}
    assert ("tidigare|ohalsotal|lan:09|2023-12", "22.8") in shown
    assert setting.verify().returncode == 0


def test_a_report_made_again_without_new_figures_keeps_what_it_said_and_is_up_to_date(again):
    once = again.record["vgstats:replaces"]
    assert "all up to date" in again.render().stdout
    again.render("--force")
    assert again.record["vgstats:replaces"] == once
    assert "från 22,8 till 23,8 dagar" in again.said
    assert "all up to date" in again.render().stdout
    assert again.verify().returncode == 0


def test_the_next_revision_takes_the_place_of_the_last(again):
    again.come("2024-10-01", {"2023-12": 24.0})
    again.render()
    assert "från 23,8 till 24,8 dagar" in again.said and "22,8" not in again.said


def test_a_report_that_is_revised_once_more_is_as_it_was_made_and_names_the_new_figures(again):
    again.come("2024-10-01", {"2023-12": 22.0})
    done = again.verify()
    assert done.returncode == 3 and "ohalsotal|lan:09|2023-12" in done.stdout
    assert "tidigare" not in done.stdout


def test_another_conclusion_is_told_in_the_sentences_of_the_new_report(setting):
    setting.come("2024-09-01", {"2023-12": 18.0})
    setting.render()
    said = setting.said
    assert (
        "Slutsatsen om ohälsotalet har ändrats. Ohälsotalet i Gotlands län sjönk från 20,8 till 18,8 dagar"
        in said
    )
    assert "Bland länen: minskade;" in said
    assert "och slutsatsen om ohälsotalet har ändrats. Se Ändrat sedan förra rapporten." in said
    assert setting.record["vgstats:replaces"]["findings"].keys() == {"ohalsotal|alla"}
    assert setting.verify().returncode == 0


def test_a_page_that_was_altered_since_is_made_again_and_nothing_of_it_is_taken(setting):
    html = setting.html.replace("22.8", "99.9").replace("22,8", "99,9")
    setting.page_file.write_text(html, encoding="utf-8")
    setting.come("2024-09-01", {"2023-12": 23.0})
    setting.render()
    assert "ersätter" not in setting.said and "99" not in json.dumps(
        setting.record["variableMeasured"]
    )


def mended(html: str) -> str:
    """The page with the digest of the numbers that stand there now."""
    read = parts_of(html)
    return html.replace(read.record["vgstats:facts"], read.facts_digest)


def test_a_former_number_that_was_altered_is_found_also_when_the_record_is_mended(again):
    other = mended(again.html.replace("22.8", "12.8").replace("22,8", "12,8"))
    done = again.verify(other)
    assert done.returncode == 1
    assert "a former number (ohalsotal|lan:09|2023-12): 12.8 -> 22.8" in done.stdout
    record = json.dumps(again.record["vgstats:replaces"], separators=(",", ":"), ensure_ascii=False)
    assert record in again.html
    odd = record.replace('"22.8"', '"<b>falskt</b>"')
    assert again.verify(again.html.replace(record, odd)).returncode == 1


def test_former_figures_that_are_not_to_be_had_leave_the_report_unconfirmed(again):
    other = Store(again.folder / "other")
    rows = {"2020-12": 20.0, "2023-12": 23.0}
    add(other, figures(again.folder / "x.csv", {"2020-12": 20.0}, "2024-02-01"))
    add(other, figures(again.folder / "y.csv", rows, "2024-09-01"))
    file = again.folder / "verified.html"
    file.write_text(again.html, encoding="utf-8")
    done = vgstats("verify", file, "--store", other.folder, "--notebooks", again.short)
    assert done.returncode == 4 and "the former numbers are the file's own word" in done.stdout


def report_of(setting, **replaced):
    """The report as it is now, in the place of a version that said something."""
    (job,) = plan(setting.file, setting.store).jobs
    about = {"made": "2024-03-05T12:00:00+01:00", "figures": "0" * 64, **replaced}
    version = Replaced.of(about)
    assert version is not None
    bundle, _ = with_replaced(job, [version]).figures()
    return kind(job.kind)(job.parameters, bundle)


@pytest.mark.parametrize(
    "values",
    [
        {},
        {"ohalsotal|lan:09|2023-12": "22.8"},  # the same
        {"ohalsotal|lan:09|2023-12": "22.85"},  # told in another way
        {"ohalsotal|lan:14|2023-12": "99.9"},  # of another place
        {"ohalsotal|lan:09|2019-12": "99.9"},  # of another time
        {"hittat_pa|lan:09|2023-12": "99.9"},
    ],
)
def test_nothing_is_said_where_no_number_of_the_report_differs(setting, values):
    report = report_of(setting, values=values, findings={"ohalsotal|alla": "1", "x": "0"})
    assert revision(report) is None and revised_sentence(report) is None
    assert revised(report).html() == "" and "vgstats:replaces" not in report.record()


def test_of_many_numbers_the_first_are_listed_and_the_others_counted(setting):
    measured = report_of(setting).record()["variableMeasured"]
    shown = [one for measure in measured for one in measure["vgstats:values"]]
    assert len(shown) > 9
    report = report_of(setting, values={one["propertyID"]: f"9{one['value']}" for one in shown})
    (listed,) = [block for block in revised(report).blocks if hasattr(block, "items")]
    *_, last = map(str, listed.items)
    assert (len(listed.items), last) == (9, f"Ytterligare {len(shown) - 8} tal.")
    assert f"{len(shown)} tal har reviderats" in str(revised_sentence(report))


def test_one_number_is_told_with_what_where_and_when(setting):
    report = report_of(setting, values={"ohalsotal|lan:09|2023-12": "21.8"})
    (listed,) = [block for block in revised(report).blocks if hasattr(block, "items")]
    assert [str(item) for item in listed.items] == [
        "Ohälsotal, Gotlands län, december 2023: från 21,8 till 22,8 dagar."
    ]
    assert str(revised_sentence(report)) == (
        "Rapporten ersätter den från 5 mars 2024: 1 tal har reviderats. Se Ändrat sedan förra rapporten."
    )
    assert 'href="#avsnitt-andrat-sedan-forra-rapporten"' in revised_sentence(report).html()


@pytest.mark.parametrize(
    "odd",
    [
        {"values": {"ohalsotal|lan:09|2023-12": "22,8"}},
        {"values": {"ohalsotal|lan:09|2023-12": "<b>1</b>"}},
        {"values": {'"><script>': "1"}},
        {"findings": {"ohalsotal|alla": "allt blev sämre"}},
        {"version": "0.1.0 <b>"},
        {"made": "i går"},
        {"made": "2024-03-05T12:00:00"},
        {"retrieved": {"fk": "Försäkringskassan"}},
        {"figures": "x"},
        {"said": "en text"},
    ],
)
def test_a_version_holds_numbers_codes_and_moments_and_no_words(odd):
    good = {"made": "2024-03-05T12:00:00+01:00", "figures": "0" * 64, "version": "0.1.0"}
    assert Replaced.of(good) is not None
    assert Replaced.of(good | odd) is None


def test_of_own_counts_it_is_only_said_that_some_were_revised(register_job):
    report = kind("sjukfall")(register_job.parameters, register_job.bundle)
    change = report.change("pagaende_sjukfall_eget_register")
    name = "pagaende_sjukfall_eget_register|lan:20|2025-12"
    former = f"{change.after.value - 1:.0f}"
    about = {"made": "2026-03-05T12:00:00+01:00", "figures": "0" * 64, "values": {name: former}}
    bundle, release = with_replaced(register_job, [Replaced.of(about)]).figures()
    report = kind("sjukfall")(register_job.parameters, bundle)
    found = revision(report)
    assert found.values == () and found.replaced.own and found.replaced.values == {}
    html = revised(report).html()
    assert "Antal ur regionens eget register har ändrats" in html
    assert "<data" not in html and former not in html
    assert former not in json.dumps(report.record()["vgstats:replaces"])
    assert str(revised_sentence(report)).startswith(
        "Rapporten ersätter den från 5 mars 2026: antal ur regionens eget register har ändrats."
    )
    assert report.record()["vgstats:findings"] == {}
    page = f"<main>{Fact(f'tidigare|{name}', 7, 'antal', 0).html()}</main>"
    faults = list(Controlled(bundle.observations, release).faults(LexborHTMLParser(page)))
    assert any("former number of own counts" in fault for fault in faults)


def test_the_register_report_is_made_again_without_any_former_count(tmp_path, register_store):
    shutil.copytree(register_store.folder, tmp_path / "store")
    store = Store(tmp_path / "store")
    file = tmp_path / "register.yaml"
    file.write_text(
        'report: sjukfall\nlan: ["20"]\nbefore: "2024-12"\nafter: "2025-12"\n', encoding="utf-8"
    )
    short = tmp_path / "notebooks"
    short.mkdir()
    whole = json.loads((ROOT / "notebooks" / "sjukfall.ipynb").read_text(encoding="utf-8"))
    cell = {**whole["cells"][-1], "source": CELL, "id": "andrat"}
    whole["cells"].insert(-1, cell)
    (short / "sjukfall.ipynb").write_text(json.dumps(whole), encoding="utf-8")
    options = ("--store", store.folder, "--notebooks", short, "--out", tmp_path / "out")
    assert render(file, *options).returncode == 0
    page = tmp_path / "out" / "register" / "dalarnas-lan-2024-12-2025-12.html"
    before = {(f.id, f.value) for f in parts_of(page.read_text(encoding="utf-8")).facts}
    rows = store.read([("kommun:2080", "pagaende_sjukfall_eget_register", ("2025-12",))])
    rows = rows.nlargest(1, "value")
    rows = rows.assign(value=rows["value"] + 40, retrieved="2026-11-20", origin="x")
    there = store.manifest()
    store.add(rows, there.origins, there.sources, kind="demo")
    done = render(file, *options)
    assert done.returncode == 0, done.stderr
    html = page.read_text(encoding="utf-8")
    after = {(f.id, f.value) for f in parts_of(html).facts}
    assert before != after
    assert "har ändrats" in words(read_page(html).main)
    assert not any(name.startswith("tidigare") for name, _ in after)
    kept = parts_of(html).record["vgstats:replaces"]
    assert kept["own"] is True and "values" not in kept
    assert re.search(r"Vilka sägs inte", html)
