"""The register of projects: a reader with the page alone learns what the source says, and what it does not."""

from __future__ import annotations

import datetime as dt

import pytest

from commands import vgstats
from making import render
from support import ROOT, read_page
from vgstats.batch.plan import plan
from vgstats.catalogue.agreements import bundled_calls
from vgstats.errors import VgstatsError
from vgstats.reports import kind
from vgstats.sections import project_overlaps, project_timeline
from vgstats.store.store import Store


@pytest.fixture(scope="module")
def register(tmp_path_factory):
    store = Store(
        tmp_path_factory.mktemp("store")
    )  # of its own: the register shows all projects in it
    (job,) = plan(ROOT / "params" / "utlysningar.yaml", store).jobs
    return kind("utlysning")(job.parameters, job.bundle), job


@pytest.fixture(scope="module")
def words(register, tmp_path_factory) -> str:
    page = render(register[1], ROOT / "notebooks", tmp_path_factory.mktemp("page"))
    return " ".join(read_page(page.read_text(encoding="utf-8")).get_text(" ").split())


@pytest.mark.parametrize(
    "answer",
    [
        "våren 2017 ( 5 ansökningar)",  # How many applied the first time?
        "hösten 2017 ( 6 ansökningar)",  # And the second?
        "7 projekt fick pengar",  # How many were granted?
        "ungefär 10 miljoner kronor att använda",  # How much could be used?
        "Vad projekten beviljades, tillsammans eller vart och ett, står inte i källan",  # What did each get?
        "Sveriges Kommuner och Landsting (SKL), ur överenskommelsen med Socialdepartementet",  # Whose money?
        "projektdag skulle hållas i Stockholm den 20 mars",  # When did they meet?
        "Även privata vårdgivare bjöds in",  # Who could apply?
        "Personer med psykisk ohälsa",  # For whom is Sophiahemmet's?
        "företagshälsovården Länshälsan",  # Who takes part in Västernorrland?
        "Källan publicerades den 21 februari 2018",
        "inte i vilken omgång vart och ett av projekten fick pengar",  # In which round was each granted?
        "Timråprojektet hör inte till någon utlysning",  # Which of the eight was in no call?
        "Minst 3 av projekten riktar sig till den egna personalen; för 2 är det okänt",
    ],
)
def test_the_page_answers_what_the_source_does(words, answer):
    assert answer in words.replace("\N{NO-BREAK SPACE}", " ")


def test_every_project_of_the_call_is_there_and_what_is_not_known_is_not_made_up(register):
    report, _ = register
    of_call = [p for p in report.projects if p.project.call == "skl-2017"]
    assert {p.area for p in of_call} == {
        f"lan:{n}" for n in ("23", "22", "06", "21", "24", "10", "01")
    }
    assert len(of_call) == bundled_calls()["skl-2017"].granted
    assert all(p.start is p.end is None and not p.project.costs for p in of_call)
    assert "tid är okänd" in project_timeline(report).alt.plain()


def test_a_project_in_a_kommun_overlaps_with_that_of_its_county_without_its_time_being_guessed(
    register,
):
    said = project_overlaps(register[0]).texts()
    assert len(said) == 1
    assert {"Timrå", "Västernorrland"} <= {w.strip("().,") for w in said[0].plain().split()}
    assert "Om de pågick samtidigt är okänt." in said[0].plain()


def test_the_table_says_of_how_many_the_time_and_the_money_are_known_and_no_table_is_empty(words):
    assert words.count("känd för 1 av 8") == 1 and "Vad 7 av 8 projekt kostade" in words
    assert "För 6 av 8 projekt är det känt vilka de är till för" in words
    assert "Källor till siffrorna" not in words
    assert "SKL om utlysningarna : Utlysningar med fokus på samverkan" in words


@pytest.mark.parametrize(
    ("other", "said"),
    [
        (("2018-01-01", "2019-03-31"), "De pågick samtidigt"),
        (("2020-01-01", "2020-12-31"), "De pågick inte samtidigt."),
        (("2016-01-01", None), "Om de pågick samtidigt är okänt."),
    ],
)
def test_two_projects_in_one_place_were_there_at_once_only_where_their_times_meet(other, said):
    report = kind("utlysning").open()
    (timra,) = [one for one in report.texts.agreements if one.id == "timra-2018-2019"]
    start, end = (dt.date.fromisoformat(day) if day else None for day in other)
    second = timra.model_copy(update={"id": "x", "short_name": "X", "start": start, "end": end})
    report.texts = report.texts.model_copy(update={"agreements": (timra, second)})
    (told,) = project_overlaps(report).texts()
    assert said in told.plain()


def test_measures_are_refused_since_no_periods_are_compared():
    with pytest.raises(VgstatsError, match="compares no periods"):
        kind("utlysning").open(measures=["ohalsotal"])


def test_a_call_that_is_not_known_is_refused_with_the_nearest_and_those_known():
    with pytest.raises(VgstatsError, match=r"Known: skl-2017\. Did you mean 'skl-2017'\?"):
        kind("utlysning").open(calls=["skl-2018"])


@pytest.fixture(scope="module")
def own(tmp_path_factory) -> str:
    """The words of the practice example's page, made as a region makes it."""
    folder = tmp_path_factory.mktemp("own")
    practice, store = ROOT / "params" / "ovning", folder / "store"
    file, who = practice / "texter" / "egna-projekt.yaml", ("--publisher", "En påhittad region")
    for asked in (
        ("import", file, *who, "--store", store),
        ("render", practice / "egna-projekt.yaml", "--store", store, "--out", folder / "out"),
    ):
        done = vgstats(*asked)
        assert done.returncode == 0, done.stdout + done.stderr
        assert "None" not in done.stdout
    (page,) = folder.rglob("projekt-riket-*.html")
    return " ".join(read_page(page.read_text(encoding="utf-8")).get_text(" ").split())


@pytest.mark.parametrize(
    "told",
    [
        "2 projekt i 1 län är kända här",
        "Tidig kontakt (regionens egen uppgift)",
        "En påhittad utlysning om tidiga insatser (regionens egen uppgift)",
        "januari 2022 till juni 2023",
    ],
)
def test_a_regions_own_projects_and_call_are_in_the_register_and_marked_as_its_own(own, told):
    assert told in own.replace("\N{NO-BREAK SPACE}", " ")


def test_projects_of_other_calls_are_not_in_the_register_of_one_call(own):
    assert "Timråprojektet" not in own
