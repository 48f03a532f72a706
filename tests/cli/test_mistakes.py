"""What a person who mistypes is told: every mistake of every file at once, and the other files are still made."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest

from commands import Ended, vgstats
from vgstats.store.store import Store

GOOD = """\
report: uppfoljning
lan: ["09"]
before: "2005-12"
after: "2008-12"
"""
PYTHON = re.compile(r"Traceback|\w+Error\b(?!:)|\b(None|NaN|int|bool|str|True|False)\b|<unicode")
KOMMUN = GOOD.replace("uppfoljning", "kommun").replace("09", "14") + 'kommun: ["1480"]\n'


@pytest.fixture
def lay(tmp_path, monkeypatch):
    """Lay parameter files in a folder, with a store of the test's own."""
    monkeypatch.setenv("VGSTATS_STORE", str(tmp_path / "store"))

    def laid(**texts: str) -> list[Path]:
        files = [tmp_path / f"{name}.yaml" for name in texts]
        for file, text in zip(files, texts.values(), strict=True):
            file.write_text(text, encoding="utf-8")
        return files

    return laid


def told(done: Ended) -> list[str]:
    """The lines of the mistakes; nothing of Python is among them."""
    assert not PYTHON.search(done.stderr), done.stderr
    lines = done.stderr.splitlines()
    return [line.removeprefix("Error: ") for line in lines if line.startswith("Error: ")]


MISTAKES = [
    # a name is answered with its code, one that is misspelt with the nearest
    (GOOD, '"09"', "Örebro, gotland", ["Örebro is lan '18'", "gotland is lan '09'"]),
    (GOOD, '"09"', "Dalrna", ["Did you mean Dalarnas län, which is lan '20'?"]),
    (GOOD, '"09"', '"1"', ["Did you mean Stockholms län, which is lan '01'?"]),
    (GOOD, '"09"', '"1480"', ["It is Göteborg, which is kommun '1480' in lan '14'"]),
    (GOOD, '["09"]', "18", ["such as ['14'], or alla (in a notebook one code, as text). Write lan: ['18']"]),
    (GOOD, "report: ", "report:", ["on a line above it no space after a colon"]),
    (GOOD, '["09"]', "Örebro", ["such as ['14'], or alla (in a notebook one code, as text). Write lan: ['18']"]),
    (GOOD, '["09"]', "Alla", ["Did you mean 'alla'?"]),
    (GOOD, "lan:", "counties:", ["unknown key 'counties'. Did you mean 'lan'?"]),
    (GOOD, 'lan: ["09"]', "counties: [Örebro]", ["Did you mean 'lan'?", "Örebro is lan '18'"]),
    (
        KOMMUN, '"1480"', "Göteborg, Partile, Örebro",
        ["Göteborg is kommun '1480'", "Did you mean Partille, which is kommun '1402'", "Örebro is kommun '1880'"],
    ),
    (KOMMUN, '"1480"', '"0180"', ["no kommun of Västra Götalands län. It is Stockholm, which is kommun '0180'"]),
    (
        KOMMUN, 'lan: ["14"]', "lan: [Örebro]",
        ["lan: Örebro is lan '18'"],
    ),
    # every key of a file, whatever is wrong with the others
    (
        GOOD, GOOD,
        'report: uppfoljning\nlan: [01, Örebro]\nbefor: "2005-12"\nafter: dec 2008\nmeasures: [sjukpeningtal, x]\n'
        'periods: {kostnad_s: ["2004", "2007"], kostnad_sa: ["2004"]}\nintervention: timra\nextra: y\n',
        [
            "line 2: 01 is read as a number, not as text. Write it in quotation marks: '01'",
            "unknown key 'befor'. Did you mean 'before'?", "unknown key 'extra'",
            "measures: unknown measure 'sjukpeningtal'. Did you mean 'sjukpenningtal'?",
            "measures: unknown measure 'x'", "after: 'dec 2008' is not a period",
            "periods: kostnad_s: unknown measure 'kostnad_s'", "periods: kostnad_sa: 1 periods stand there",
            "intervention: 'timra' is unknown", "lan: Örebro is lan '18'",
        ],
    ),
    (GOOD, '"2008-12"', "", ["line 4: there is no value here. Write one, or take the line away"]),
    (
        GOOD, '"2008-12"', '"2001-12"\nintervention: timra-2018-2019',
        ["must lie before", "belongs to Timrå, not to Gotlands län", "ran from 2018-04-01"],
    ),
    (GOOD, '"2005-12"', "”2005-12”", ["The quotation marks there are curved. Write straight ones"]),
    (GOOD, "before:", "disclosure: {treshold: '5', width: x}\nbefore:", ["'threshold'?", "width: 'x' will not do"]),
    (GOOD, "before:", "own: y.md\nwords: x.txt\nbefore:", ["own: 'y.md' will not do", "words: 'x.txt' will not do"]),
    (
        GOOD, "before:", "own: borta.yaml\nwords: dit/borta.md\nbefore:",
        ["borta.yaml: cannot be read (it is not there). Correct the name", "borta.md: cannot be read"],
    ),
    (GOOD, "before:", "exclude: [{lan: [\"14\"]}, {lan: [\"09\"]}]\nbefore:", ["no report has", "every report is"]),
    # what is no YAML, in plain words and with its line
    (GOOD, '["09"]', '\n\t- "09"', ["line 3: this is not valid YAML: a tab stands there"]),
    (GOOD, "before:", "publisher: Region: G\nbefore:", ["line 3: this is not valid YAML: there is one colon too many"]),
    (GOOD, "before: ", "before:", ["line 3: this is not valid YAML: a key is not followed by a colon and a space"]),
    (GOOD, '"09"]', '"09"', ["line 2: this is not valid YAML: the list that begins there lacks"]),
    (GOOD, '"2008-12"', '"2008-12', ["line 4: this is not valid YAML: the quotation mark there has no other"]),
    (GOOD, '"2005-12"', "@2005", ["line 3: this is not valid YAML: no value begins with the sign there"]),
    (GOOD, GOOD, "", ["there are no keys and values such as lan: alla"]),
    (GOOD, GOOD, "# bara en kommentar\n", ["there are no keys and values"]),
]  # fmt: skip


def test_a_file_that_is_not_there_names_the_folder_that_it_is_sought_in(tmp_path):
    done = vgstats("check", "nowhere.yaml", cwd=tmp_path)
    assert f"(it is not there). This is the folder {tmp_path}." in " ".join(done.stderr.split("\n"))


def test_a_kommun_without_any_figures_is_not_told_to_choose_among_them(lay, tmp_path):
    (file,) = lay(empty=KOMMUN.replace('"2005-12"', '"1990-12"').replace('"2008-12"', '"1991-12"'))
    text = (
        file.read_text(encoding="utf-8").replace('["1480"]', '["0114"]').replace('["14"]', '["01"]')
    )
    file.write_text(text, encoding="utf-8")
    done = vgstats("check", file, "--store", tmp_path / "store")
    assert "There are none for any period here" in done.stderr and "Choose" not in done.stderr


@pytest.mark.parametrize(("text", "old", "new", "expected"), MISTAKES)
def test_every_mistake_of_a_file_is_told_at_once_and_no_other(lay, text, old, new, expected):
    (file,) = lay(slip=text.replace(old, new))
    done = vgstats("check", file)
    found = told(done)
    assert done.returncode == 2
    assert len(found) == len(expected), done.stderr
    for line in found:
        assert line.startswith(str(file))
    for words in expected:
        assert any(words in line for line in found), f"{words} is not in:\n{done.stderr}"


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ((GOOD + "publisher: Region Örebro\n").encode("cp1252"), "line 5: the parameter file is not UTF-8 text"),
        (GOOD.encode("utf-16"), "line 1: the parameter file is not UTF-8 text. Save it as UTF-8 (in Notepad"),
        (("\ufeff" + GOOD).encode(), ""),
        (GOOD.replace("\n", "\r\n").encode(), ""),
    ],
)  # fmt: skip
def test_a_file_saved_in_another_encoding_says_how_to_save_it(lay, content, words):
    (file,) = lay(saved="")
    file.write_bytes(content)
    done = vgstats("check", file)
    assert done.returncode == (2 if words else 0) and words in done.stderr


def test_all_mistakes_of_all_files_are_told_and_the_good_one_is_checked(lay, tmp_path):
    files = lay(
        a=GOOD.replace("09", "99"), b=GOOD.replace("before", "befor"), c=GOOD.replace('"2008-12"', "2008"), good=GOOD
    )  # fmt: skip
    done = vgstats("check", *files, tmp_path / "god.yaml", tmp_path)
    assert done.returncode == 1
    assert "good/gotlands-lan" in done.stdout and "Valid: 1 report." in done.stdout
    found = told(done)
    assert [line.split(":")[0].split(",")[0] for line in found] == [
        *map(str, files[:3]), str(tmp_path / "god.yaml"), str(tmp_path)
    ]  # fmt: skip
    assert "(it is not there)" in found[3] and "Did you mean 'good.yaml'?" in found[3]
    assert "(it is a folder)" in found[4]


def test_a_pattern_is_expanded_where_the_terminal_does_not(lay, tmp_path):
    lay(one=GOOD, two=GOOD.replace("09", "20"))
    done = vgstats("check", tmp_path / "*.yaml", tmp_path / "one.yaml")
    assert done.returncode == 0 and "2 reports, all valid" in done.stdout
    done = vgstats("check", tmp_path / "*.yml", tmp_path / "two.yaml")
    assert (
        done.returncode == 1
        and "*.yml: the parameter file cannot be read (no file has such" in done.stderr
    )


def test_two_files_for_one_folder_are_both_left_out(lay, tmp_path):
    one, two = lay(one=GOOD, two=GOOD)
    (tmp_path / "other").mkdir()
    other = shutil.copy(one, tmp_path / "other")
    done = vgstats("check", one, two, other)
    assert done.returncode == 1 and "two/gotlands-lan" in done.stdout
    assert [line.split(":")[0] for line in told(done)] == [str(one), str(other)]


def test_own_files_of_one_batch_do_not_stop_another(lay, tmp_path):
    """A region's own file is refused with the batch that names it, whatever the order."""
    files = lay(bad=GOOD + "own: egna.yaml\n", good=GOOD)
    (tmp_path / "egna.yaml").write_text("measures:\n  - id: x\n  - id: y\n", encoding="utf-8")
    done = vgstats("check", *files)
    assert done.returncode == 1 and "good/gotlands-lan" in done.stdout
    found = told(done)
    assert any("entry 1 (x), key name: the key is missing" in line for line in found)
    assert any("entry 2 (y), key unit: the key is missing" in line for line in found)


def test_a_round_without_figures_suggests_one_fetch_for_all(lay):
    files = lay(round=GOOD.replace('["09"]', "alla").replace("2005-12", "1999-12"))
    (line,) = told(vgstats("check", *files))
    assert line.count("vgstats fetch") == 1
    assert "vgstats fetch ohalsotal --lan alla --from 1999-12 --to 2008-12." in line
    assert "The same goes for lan 03, 04, 05" in line


def test_a_file_for_each_county_without_figures_still_suggests_one_fetch(lay):
    text = GOOD.replace("2005-12", "1999-12")
    files = lay(
        **{f"lan-{code}": text.replace("09", code) for code in ("09", "20", "23")}, good=GOOD
    )
    done = vgstats("check", *files)
    assert done.returncode == 1 and "good/gotlands-lan" in done.stdout
    assert done.stderr.count("vgstats fetch") == 1
    assert told(done)[-1] == (
        "Get what is missing for all of these: vgstats fetch ohalsotal --lan 09,20,23 --from 1999-12 --to 2008-12."
    )


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        (["fetch", "ohalsotal", "--lan", "Örebro,Dalrna,99"], ["Örebro is lan '18'", "Dalarnas län, which", "'99'"]),
        (["demo", "--store", "x", "--lan", "gotland"], ["gotland is lan '09'"]),
        (["fetch", "ohelsotal", "sjukpeningtal"], ["Did you mean 'ohalsotal'?", "Did you mean 'sjukpenningtal'?"]),
        (
            ["fetch", "ohelsotal", "--lan", "Skåne", "--from", "i fjol", "--to", "nu"],
            ["Skåne is lan '12'", "--from: 'i fjol' is not a period", "--to: 'nu' is not a period", "'ohalsotal'?"],
        ),
        (["fetch", "--source", "fkk", "--source", "sbc"], ["Did you mean 'fk'?", "Did you mean 'scb'?"]),
        (["import", "borta.csv", "Makefile", "docs"], ["borta.csv: cannot", "Makefile: the format", "docs: cannot"]),
        (["verify", "borta.html", "docs"], ["borta.html: the report cannot be read (it is", "(it is a folder)"]),
        (["nytt-ar", "borta.yaml", "params"], ["borta.yaml: the parameter file cannot", "(it is a folder)"]),
        (["render", "params/vg-2006-2008.yaml", "--to", "pfd"], ["'--to': 'pfd' is not one of 'html'"]),
        (["render", "params/vg-2006-2008.yaml", "--jobs", "två"], ["'--jobs': this is no whole number"]),
        (["render"], ["Missing argument 'PARAMS...'"]),
        (["store", "--measure", "ohelsotal"], ["Did you mean 'ohalsotal'?"]),
    ],
)  # fmt: skip
def test_every_mistake_of_a_line_is_told_at_once(lay, arguments, expected):
    done = vgstats(*arguments)
    assert done.returncode == 2
    for words in expected:
        assert any(words in line for line in told(done)), done.stderr


def test_the_next_year_of_several_files_is_written_although_one_is_bad(lay, tmp_path):
    files = lay(one=GOOD, bad=GOOD.replace("09", "99"), two=GOOD)
    done = vgstats("nytt-ar", *files)
    assert done.returncode == 1 and "bad.yaml: lan: '99'" in done.stderr
    assert {file.name for file in tmp_path.glob("*2009.yaml")} == {"one-2009.yaml", "two-2009.yaml"}


def test_a_good_file_is_made_beside_bad_ones_and_each_address_can_be_followed(lay, tmp_path):
    good, bad, late = lay(
        good=GOOD.replace("09", "20"), bad=GOOD.replace('"09"', "Örebro"), late=GOOD.replace("2005-12", "1999-12")
    )  # fmt: skip
    out = tmp_path / "ut åt"
    done = vgstats("render", bad, good, late, "--out", out, "--jobs", "1")
    assert done.returncode == 1, done.stderr
    assert (out / "good" / "dalarnas-lan-2005-12-2008-12.html").is_file()
    assert not (out / "bad").exists()
    first, second = told(done)
    assert "Örebro is lan '18'" in first and "vgstats fetch ohalsotal --lan 09" in second
    assert f"Left out: {bad}, {late}. Correct what is said above" in done.stderr
    assert (out / "good" / "index.html").as_uri() in done.stdout.split()
    again = vgstats("render", bad, good, "--out", out)
    assert again.returncode == 1 and "1 report, all up to date" in again.stdout
    assert vgstats("render", bad, "--out", out).returncode == 2
    assert not Store(tmp_path / "store").declared().texts
