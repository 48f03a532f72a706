"""`vgstats nytt-ar`: this year's parameter file becomes next year's, and the old one stays as it is."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
import yaml

from commands import Ended, vgstats
from support import ROOT
from vgstats.batch.next_year import with_written_for
from vgstats.batch.plan import plan

PARAMS = ROOT / "params"


@pytest.fixture
def place(tmp_path) -> Path:
    """The parameter files that come along, in a folder of their own."""
    for file in [*PARAMS.glob("*.yaml"), *PARAMS.glob("*.md")]:
        shutil.copy(file, tmp_path)
    return tmp_path


def next_year(file: Path, *more: object) -> Ended:
    return vgstats("nytt-ar", file, *more)


def moved(place: Path, name: str, new: str, *more: object) -> dict:
    """What the new file says; the old one is as it was."""
    before = (place / name).read_text(encoding="utf-8")
    done = next_year(place / name, *more)
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith(f"{place / new}: written"), done.stdout
    assert (place / name).read_text(encoding="utf-8") == before
    return yaml.safe_load((place / new).read_text(encoding="utf-8"))


def test_a_followed_agreement_keeps_the_year_to_compare_with(place):
    said = moved(place, "vg-2006-2008.yaml", "vg-2006-2009.yaml")
    assert (said["before"], said["after"]) == ("2005-12", "2009-12")
    assert said["periods"]["kostnad_sjukpenning"] == ["2004", "2008"]
    assert said["intervention"] == "atgardsplan-vg-2006-2008"


def test_without_an_agreement_both_times_move_unless_it_is_asked_for(place):
    said = moved(place, "kommuner-vg-2005-2008.yaml", "kommuner-vg-2006-2009.yaml")
    assert (said["before"], said["after"]) == ("2006-12", "2009-12")
    kept = moved(place, "lan-2019-2025.yaml", "lan-2019-2026.yaml", "--keep-before")
    assert (kept["before"], kept["after"]) == ("2019-12", "2026-12")
    both = moved(place, "lan-2015-2018.yaml", "lan-2016-2019.yaml", "--move-before")
    assert (both["before"], both["after"]) == ("2016-12", "2019-12")


def test_what_moved_and_what_stays_is_told(place):
    done = next_year(place / "vg-2006-2008.yaml")
    assert "  after: 2008-12 -> 2009-12\n" in done.stdout
    assert "  periods.kostnad_sa.1: 2007 -> 2008\n" in done.stdout
    assert "stays, since an agreement is followed up (--move-before moves it)" in done.stdout
    assert done.stdout.rstrip().endswith(f"vgstats check {place / 'vg-2006-2009.yaml'}")


def test_all_but_the_times_is_kept_as_it_was_written(place):
    next_year(place / "vg-2006-2008.yaml")
    old = (place / "vg-2006-2008.yaml").read_text(encoding="utf-8").splitlines()
    note, *new = (place / "vg-2006-2009.yaml").read_text(encoding="utf-8").splitlines()
    assert note.startswith("# Gjord av vgstats nytt-ar ur vg-2006-2008.yaml.")
    assert len(old) == len(new)
    differ = [(a, b) for a, b in zip(old, new, strict=True) if a != b]
    assert ('after: "2008-12"', 'after: "2009-12"') in differ
    assert ("words: vg-2006-2008.md", "words: vg-2006-2009.md") in differ and len(differ) == 6
    assert "# Kostnaderna i källan avser andra år än de övriga måtten." in new
    next_year(place / "vg-2006-2009.yaml")
    again = (place / "vg-2006-2010.yaml").read_text(encoding="utf-8").splitlines()
    assert "vg-2006-2009.yaml" in again[0] and "nytt-ar" not in "".join(again[1:])


def test_the_new_file_is_one_that_makes_reports(place):
    file = place / "egen.yaml"
    file.write_text(
        'report: uppfoljning\nlan: ["14"]\nbefore: "2011-12"\nafter: "2024-12"\n', encoding="utf-8"
    )
    moved(place, "egen.yaml", "egen-2025.yaml", "--keep-before")
    (job,) = plan(place / "egen-2025.yaml").jobs
    assert job.file_name == "vastra-gotalands-lan-2011-12-2025-12.html"


def test_lists_of_times_move_too_and_so_does_what_is_left_out(place):
    file = place / "omgang-2024.yaml"
    file.write_text(
        "report: uppfoljning\nlan: alla\nmatrix:  # två omgångar\n"
        "  - {before: '2014-12', after: '2019-12'}\n  - {before: \"2019-12\", after: '2024-12'}\n"
        "include:\n  - {lan: ['14'], before: '2011-12', after: '2024-12'}\n"
        "exclude:\n  - {lan: ['09'], after: '2019-12'}\n",
        encoding="utf-8",
    )
    said = moved(place, "omgang-2024.yaml", "omgang-2025.yaml")
    assert said["matrix"] == [
        {"before": "2015-12", "after": "2020-12"},
        {"before": "2020-12", "after": "2025-12"},
    ]
    assert said["include"] == [{"lan": ["14"], "before": "2012-12", "after": "2025-12"}]
    assert said["exclude"] == [{"lan": ["09"], "after": "2020-12"}]


def test_a_file_that_is_there_is_never_overwritten(place):
    next_year(place / "vg-2006-2008.yaml")
    there = place / "vg-2006-2009.yaml"
    there.write_text("mine", encoding="utf-8")
    done = next_year(place / "vg-2006-2008.yaml")
    assert done.returncode != 0 and "is there already, and is not overwritten" in done.stderr
    assert there.read_text(encoding="utf-8") == "mine"


@pytest.mark.parametrize(
    ("more", "says"), [((), "nothing to move"), (("--move-before",), "written, out of")]
)
def test_where_the_newest_is_taken_only_the_other_time_can_move(place, more, says):
    file = place / "senaste.yaml"
    file.write_text(
        'report: uppfoljning\nlan: ["14"]\nbefore: "2015-12"\nafter: senaste\n'
        "intervention: overenskommelser-2016-2018\n",
        encoding="utf-8",
    )
    done = next_year(file, *more)
    assert done.returncode == 0 and says in done.stdout, done.stderr
    new = place / "senaste-2016.yaml"
    assert new.exists() == bool(more)
    if more:
        said = yaml.safe_load(new.read_text(encoding="utf-8"))
        assert (said["before"], said["after"]) == ("2016-12", "senaste")


def test_a_file_that_would_not_be_valid_is_not_written(place):
    file = place / "timra-2018-2019.yaml"
    file.write_text(
        file.read_text(encoding="utf-8").replace('"2017-12"', '"2019-06"'), encoding="utf-8"
    )
    done = next_year(file, "--move-before")
    assert done.returncode != 0
    assert "would not be valid, and is not written" in done.stderr
    assert "does not lie between" in done.stderr
    assert not (place / "timra-2019-2020.yaml").exists()


OLD_WORDS = "# Vad hände?\n\nVi har arbetat med rehabilitering.\n"


def test_own_words_are_copied_and_say_for_when_they_were_written(place):
    (place / "vg-ord.md").write_text(OLD_WORDS, encoding="utf-8")
    file = place / "vg-2006-2008.yaml"
    text = file.read_text(encoding="utf-8")
    named = "words: vg-2006-2008.md"
    assert text.count(named) == 1
    text = text.replace(named, 'words: "vg-ord.md"  # våra egna')
    file.write_text(text, encoding="utf-8")
    said = moved(place, "vg-2006-2008.yaml", "vg-2006-2009.yaml")
    assert said["words"] == "vg-ord-2009.md"
    assert (place / "vg-ord.md").read_text(encoding="utf-8") == OLD_WORDS
    new = (place / "vg-ord-2009.md").read_text(encoding="utf-8")
    assert new == f'---\nskriven_for: "2005–2008"\n---\n\n{OLD_WORDS}'
    done = next_year(place / "vg-2006-2009.yaml")
    assert "whose skriven_for is as it was" in done.stdout
    assert (place / "vg-ord-2010.md").read_text(encoding="utf-8") == new


@pytest.mark.parametrize(
    ("text", "marked"),
    [
        (OLD_WORDS, f'---\nskriven_for: "2019–2025"\n---\n\n{OLD_WORDS}'),
        (
            f"---\nlabel: Region X\n---\n{OLD_WORDS}",
            f'---\nlabel: Region X\nskriven_for: "2019–2025"\n---\n{OLD_WORDS}',
        ),
        (f"---\nskriven_for: 2018–2024\n---\n{OLD_WORDS}", None),
        (f"---\n---\n{OLD_WORDS}", f'---\nskriven_for: "2019–2025"\n---\n{OLD_WORDS}'),
    ],
)
def test_a_text_is_marked_once_whatever_its_head_says(text, marked):
    assert with_written_for(text, "2019–2025") == (marked or text, marked is not None)
