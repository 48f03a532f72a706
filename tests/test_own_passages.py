"""A region's own words in a Markdown file: what is taken in, what is refused and where, and which reports read it."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from PIL import Image

from commands import vgstats
from support import ROOT
from vgstats import VgstatsError, open_report
from vgstats.batch.notebooks import headings_of
from vgstats.batch.plan import plan, read_batches
from vgstats.catalogue.texts import ASSESSMENT, Passage
from vgstats.ingest import bring_in
from vgstats.sections import own_words
from vgstats.sources.own_passages import MOST_WORDS, read_own_passages
from vgstats.store.store import Store

KNOWN = ["Vad hände?", "Insatser", "Vad gjordes och vad kostade det?"]
ALT = "En trappa med fyra steg, från samtal till arbete"
PARAMS = """\
report: uppfoljning
lan: ["14", "13"]
before: "2019-12"
after: "2024-12"
words: texter/egna.md
"""


def written(folder: Path, text: str | bytes, name: str = "egna.md") -> Path:
    folder.mkdir(exist_ok=True, parents=True)
    file = folder / name
    file.write_bytes(text if isinstance(text, bytes) else text.encode())
    return file


def refusal(folder: Path, text: str | bytes, known: list[str] | None = KNOWN) -> str:
    with pytest.raises(VgstatsError) as error:
        read_own_passages(written(folder, text), known)
    return str(error.value)


def read(folder: Path, text: str | bytes) -> list[Passage]:
    return [
        one
        for one in read_own_passages(written(folder, text), KNOWN).texts
        if isinstance(one, Passage)
    ]


def shown(folder: Path, text: str) -> str:
    from vgstats.blocks.own_text import OwnText

    return OwnText(read(folder, text)[0]).html()


TABLE = "Tabell: Kurser\n\n| Kurs | Antal |\n|---|--:|\n| A | 1 |\n"
HOSTILE = [
    ("# Insatser\n\nHej <script>alert(1)</script>", 3, "HTML has no place"),
    ("# Insatser\n\n<div onclick='x()'>\n\ntext", 3, "HTML has no place"),
    ("# Insatser\n\ntext\n\n<!-- en anteckning -->", 5, "comments neither"),
    ("# Insatser\n\nText <!-- 43 kvinnor --> mer", 3, "comments neither"),
    ("# Insatser\n\n[klicka](javascript:alert(1))", 3, "begins with https://"),
    ("# Insatser\n\n[klicka](JaVaScRiPt&colon;alert(1))", 3, "begins with https://"),
    ("# Insatser\n\n[klicka](data:text/html;base64,PHNjcmlwdD4=)", 3, "begins with https://"),
    ("# Insatser\n\n[klicka](http://example.org)", 3, "begins with https://"),
    ("# Insatser\n\n[klicka](//example.org)", 3, "begins with https://"),
    ("# Insatser\n\n[klicka](https://namn:losen@example.org/)", 3, "begins with https://"),
    ("# Insatser\n\n<mailto:x@example.org>", 3, "begins with https://"),
    ("# Insatser\n\n[](https://example.org)", 3, "has no words"),
    ('# Insatser\n\n[x](https://example.org "43 kvinnor")', 3, "has a title"),
    ("# Insatser\n\n[x][a]\n\n[a]: https://example.org", 5, "an address stands by itself"),
    (f"# Insatser\n\n![{ALT}](https://example.org/a.png)", 3, "lies elsewhere"),
    (f"# Insatser\n\n![{ALT}](../hemlig.png)", 3, "lies elsewhere"),
    (f"# Insatser\n\n![{ALT}](..%2fhemlig.png)", 3, "lies elsewhere"),
    (f"# Insatser\n\n![{ALT}](/etc/hemlig.png)", 3, "lies elsewhere"),
    (f"# Insatser\n\n![{ALT}](C:\\hemlig.png)", 3, "lies elsewhere"),
    (f"# Insatser\n\n![{ALT}](data:image/png;base64,iVBORw0KGgo=)", 3, "lies elsewhere"),
    (f"# Insatser\n\n![{ALT}](hemlig.txt)", 3, "of another kind"),
    (f"# Insatser\n\n![{ALT}](finns-inte.png)", 3, "cannot be read"),
    ("# Insatser\n\n![En trappa](bild.png)", 3, "is told in 9 signs"),
    (f"# Insatser\n\nSe ![{ALT}](bild.png) här", 3, "among words"),
    ("# Insatser\n\ntext\n\n---\n\nmer", 5, "a line across the page"),
    ("# Insatser\n\n```\nkod\n```", 3, "code has no place"),
    ("# Insatser\n\ntext\n\n    kod", 5, "four blanks"),
    ("# Insatser\n\n> # Vad hände?\n> text", 3, "a heading may not stand inside"),
    ("# Insatser\n\n7. sju\n8. åtta", 3, "Let it begin at 1"),
    ("# Insatser\n\n| Kurs | Antal |\n|---|--:|\n| A | 1 |\n", 3, "the table has no name"),
    ("# Insatser\n\n" + TABLE.replace("| A |", "|  |"), 5, "an empty first cell"),
    ("# Insatser\n\n" + TABLE.replace("| Antal |", "| |"), 5, "an empty heading"),
    ("# Insatser\n\n" + TABLE.replace("| A | 1 |\n", ""), 5, "no row below"),
    ("# Insatser\n\n" + TABLE + "| B | 2 |\n" * 40, 5, "41 rows and 2 columns"),
    ("# Insatser\n\n" + "Tabell: x\n\n" + "| a " * 9 + "|\n" + "|---" * 9 + "|\n" + "| 1 " * 9 + "|", 5, "9 columns"),
    ("# Insatser\n\n- en\n\n  | a | b |\n  |---|---|\n  | 1 | 2 |", 5, "stands in a list"),
    ("# Insatser\n\nKom \u202ein", 3, "a sign that nobody sees"),
    ("# Insatser\n\nKom &#8238;in", 3, "a sign that nobody sees"),
    ("# Insatser\n\n[x](https://exa mple.org)", 3, "is no link as it is written"),
    ("# Insatser\n\nKom\u200b in", 3, "a sign that nobody sees"),
    ("# Insatser\n\n" + "ord " * 900, 2, "at most 3000"),
    ("# Insatser\n", 1, "nothing stands below it"),
    ("# \n\ntext", 1, "the heading is empty"),
    ("text\n\n# Insatser\n\ntext", 1, "stands below no heading"),
    ("# Insatser\n\na\n\n## insatser\n\nb", 5, "it stands on line 1 too"),
    ("# Insater\n\na", 1, "Did you mean 'Insatser'?"),
    ("# Västra Götaland län\n\n## Insatser\n\na", 1, "Did you mean 'Västra Götalands län'?"),
    ("# Riket\n\n## Insatser\n\na", 1, "no report is about it"),
    ("# Skåne län\n\ntext", 1, "below an area and no section"),
    ("# Skåne län", 1, "no heading names a section"),
    ("", 1, "there is no text"),
    (f"# {ASSESSMENT}\n\n" + "ord " * 61, 1, f"61 words are too many: at most {MOST_WORDS}"),
    (f"# {ASSESSMENT}\n\n- en\n- två", 3, "running text only"),
    (f"# {ASSESSMENT}\n\n{TABLE}", 5, "running text only"),
    ("---\nlabl: x\n---\n# Insatser\n\na", 1, "Did you mean 'label'?"),
    ("---\nlabel: [x]\n---\n# Insatser\n\na", 1, "key label: ['x'] will not do"),
    ("---\nskriven_for: då\n---\n# Insatser\n\na", 1, "'då' will not do. Write two years or months"),
    ("---\nskriven_for: 2025–2019\n---\n# Insatser\n\na", 1, "will not do"),
    ("---\nskriven_for: {Insater: 2019–2025}\n---\n# Insatser\n\na", 1, "Did you mean 'Insatser'?"),
    ("---\n- x\n---\n# Insatser\n\na", 1, "the head holds no keys"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("text", "line", "said"), HOSTILE, ids=[f"{n}" for n in range(len(HOSTILE))]
)
def test_what_has_no_place_is_refused_by_file_and_line(tmp_path, text, line, said):
    told = refusal(tmp_path / "a", text)
    assert said in told and f"egna.md, line {line}" in told, told


def test_a_broken_head_and_another_encoding_are_told(tmp_path):
    assert "this is not valid YAML" in refusal(tmp_path, "---\nlabel: [\n---\n# Insatser\n\na")
    assert "Save the file again as UTF-8" in refusal(tmp_path, "# Insatser\n\nå".encode("cp1252"))
    assert "Save the file again as UTF-8" in refusal(tmp_path, "# Insatser\n\nå".encode("utf-16"))
    assert "larger than 300 kB" in refusal(tmp_path, "# Insatser\n\n" + "ord " * 90_000)


def test_a_windows_file_with_a_mark_in_front_and_other_line_ends_reads_as_any(tmp_path):
    text = "---\nlabel: Vår text\n---\n\n# Insatser\n\nAllt å ä ö, 10\xa0000.\n\n## Vad hände?\n\nMer.\n"
    plain = read(tmp_path, text)
    assert read(tmp_path, b"\xef\xbb\xbf" + text.replace("\n", "\r\n").encode()) == plain
    assert [(one.section, one.text, one.label) for one in plain] == [
        ("Insatser", "Allt å ä ö, 10\xa0000.", "Vår text"),
        ("Vad hände?", "Mer.", "Vår text"),
    ]


def test_headings_of_any_level_and_case_and_underlined_ones_name_a_section(tmp_path):
    found = read(tmp_path, "#### INSATSER\n\na\n\n##   vad   hände?   ##\n\nb")
    assert [one.section for one in found] == ["Insatser", "Vad hände?"]
    assert read(tmp_path, "Insatser\n========\n\na")[0].section == "Insatser"


def test_what_may_stand_is_written_out_and_nothing_else(tmp_path):
    html = shown(
        tmp_path,
        "# Insatser\n\nVi **gjorde** *mycket*, 5 < 7 & `kod`.\\\nSe [planen](https://example.org/a?b=1&c=\"2).\n\n"
        f"> Citat\n\n- ett\n- två\n\n1. först\n2. sedan\n\n{TABLE}",
    )  # fmt: skip
    for piece in (
        "Vi <strong>gjorde</strong> <em>mycket</em>, 5 &lt; 7 &amp; <code>kod</code>.<br>",
        '<a href="https://example.org/a?b=1&amp;c=%222" rel="noreferrer noopener">planen</a>',
        "<blockquote><p>Citat</p></blockquote>",
        "<ul><li>ett</li><li>två</li></ul>",
        "<ol><li>först</li><li>sedan</li></ol>",
        '<caption id="egen-text-insatser-tabell-a"><span>Kurser</span></caption>',
        '<th scope="col" class="number">Antal</th>',
        '<tr><th scope="row">A</th><td class="number">1</td></tr>',
        'Regionens egen text<span class="unseen">: Insatser</span>',
        "Tal i texten är skribentens egna.",
    ):
        assert piece in html, (piece, html)
    assert "Tabell:" not in html and "Tal i texten" not in shown(
        tmp_path, "# Insatser\n\nSedan 2019."
    )


def test_a_picture_is_carried_without_what_its_file_tells_besides(tmp_path):
    exif = Image.Exif()
    exif[0x010E] = "where it was taken"
    folder = tmp_path / "bilder"
    folder.mkdir()
    Image.new("RGB", (40, 30), "red").save(folder / "bild.jpg", exif=exif)
    Image.new("RGB", (40, 30), "red").save(folder / "bild.png")
    (folder / "bild.svg").write_text(SVG.format(""), encoding="utf-8")
    for name, start in (
        ("bild.jpg", "data:image/jpeg;base64,"),
        ("bild.png", "data:image/png;base64,"),
        ("bild.svg", "data:image/svg+xml,%3Csvg"),
    ):
        text = f"# Insatser\n\n![{ALT}](bilder/{name})"
        (picture,) = read(tmp_path, text)[0].pictures.values()
        assert picture.startswith(start) and "where" not in picture
        assert f'<img alt="{ALT}" src="{start}' in shown(tmp_path, text)


SVG = (
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9"><rect width="9" height="9"/>{}</svg>'
)
RUNNING = [
    "<script>alert(1)</script>",
    '<rect onload="alert(1)"/>',
    '<a href="https://example.org"><rect/></a>',
    '<image href="https://example.org/a.png"/>',
    '<use href="https://example.org/a.svg#b"/>',
    '<rect style="fill:url(https://example.org/a)"/>',
    "<style>@import 'https://example.org/a.css';</style>",
    "<foreignObject><p>x</p></foreignObject>",
    '<animate attributeName="x"/>',
]


@pytest.mark.parametrize("inside", RUNNING)
def test_a_drawing_that_runs_or_fetches_is_refused(tmp_path, inside):
    (tmp_path / "bild.svg").write_text(SVG.format(inside), encoding="utf-8")
    assert "holds more than shapes" in refusal(tmp_path, f"# Insatser\n\n![{ALT}](bild.svg)")


def test_other_drawings_and_pictures_that_are_none_are_refused(tmp_path):
    entity = '<!DOCTYPE svg [<!ENTITY a "aaaa">]>' + SVG.format("")
    for text in (entity, "<svg>", "<html/>", "inget"):
        (tmp_path / "bild.svg").write_text(text, encoding="utf-8")
        assert "holds more than shapes" in refusal(tmp_path, f"# Insatser\n\n![{ALT}](bild.svg)")
    (tmp_path / "bild.png").write_bytes(b"GIF89a")
    assert "is no PNG" in refusal(tmp_path, f"# Insatser\n\n![{ALT}](bild.png)")
    (tmp_path / "bild.png").write_bytes(b"\x89PNG" + b"0" * 500_000)
    assert "at most 400 have room" in refusal(tmp_path, f"# Insatser\n\n![{ALT}](bild.png)")
    Image.new("1", (5000, 9)).save(tmp_path / "bild.png")
    assert "5000 x 9 dots" in refusal(tmp_path, f"# Insatser\n\n![{ALT}](bild.png)")
    (tmp_path / "utanfor.png").write_bytes(b"")
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "bild.png").symlink_to(tmp_path / "utanfor.png")
    assert "lies elsewhere" in refusal(tmp_path / "in", f"# Insatser\n\n![{ALT}](bild.png)")


FILE = (
    "---\nskriven_for: 2015–2018\n---\n# Insatser\n\nFör alla.\n\n# Vad hände?\n\nOckså för alla.\n\n"
    "# Skåne län\n\n## Insatser\n\nFör Halland.\n"
).replace("Skåne län", "13 Hallands län")  # fmt: skip


def params(folder: Path, text: str = FILE, lines: str = PARAMS) -> Path:
    written(folder / "texter", text)
    return written(folder, lines, "some.yaml")


def reports(folder: Path, **changes: str) -> dict[str, object]:
    from vgstats.reports.uppfoljning import Uppfoljning

    jobs = plan(params(folder, **changes), Store(folder / "store")).jobs
    return {job.parameters.lan: Uppfoljning(job.parameters, job.bundle) for job in jobs}


def test_one_file_serves_a_batch_and_a_county_may_have_words_of_its_own(tmp_path):
    told = reports(tmp_path)
    texts = {lan: own_words(report).html() for lan, report in told.items()}
    assert "För alla." in texts["14"] and "Också för alla." in texts["14"]
    assert "För Halland." in texts["13"] and "För alla." not in texts["13"]
    assert "Texten skrevs för 2015–2018." in texts["13"]
    assert "För Halland." in own_words(told["13"], "Insatser").html()
    with pytest.raises(VgstatsError, match="Did you mean 'Insatser'"):
        own_words(told["13"], "Insater")


def test_a_text_for_the_reports_own_periods_says_nothing_of_them(tmp_path):
    for periods in ("2019–2024", "2019-12–2024-12", "2024"):
        told = reports(tmp_path, text=FILE.replace("2015–2018", f"'{periods}'"))
        assert "Texten skrevs" not in own_words(told["13"]).html(), periods
    one = "{Insatser: 2015–2018}"
    html = own_words(reports(tmp_path, text=FILE.replace("2015–2018", one))["13"]).html()
    assert html.count("Texten skrevs för 2015–2018.") == 1


def test_a_notebook_takes_a_file_or_the_name_of_one_in_the_store(tmp_path, monkeypatch):
    monkeypatch.setenv("VGSTATS_STORE", str(tmp_path / "store"))
    values = {"lan": "13", "before": "2019-12", "after": "2024-12"}
    file = written(tmp_path / "texter", FILE)
    report = open_report("uppfoljning", **values, words=str(file))
    assert "För Halland." in own_words(report).html() and report.job()["words"] == "egna.md"
    assert not (tmp_path / "store").exists()
    with pytest.raises(VgstatsError, match=r"words: there is no file 'egna\.md' here"):
        open_report("uppfoljning", **values, words="egna.md")
    with pytest.raises(VgstatsError, match="cannot be read"):
        open_report("uppfoljning", **values, words="texter/finns-inte.md")
    assert vgstats("import", file, "--store", tmp_path / "store").returncode == 0
    assert "För Halland." in own_words(open_report("uppfoljning", **values, words="egna.md")).html()
    listed = " ".join(vgstats("store", "--store", tmp_path / "store").stdout.split())
    assert "your own words on Hallands län under 'Insatser'; egna.md" in listed


def test_check_tells_a_heading_that_no_section_has_and_keeps_nothing(tmp_path):
    for old, new, said in (
        ("# Vad hände?", "# Vad hände", "Did you mean 'Vad hände?'"),
        ("För Halland.", "<b>x</b>", "HTML has no place"),
    ):
        file = params(tmp_path, FILE.replace(old, new))
        for command in ("check", "render"):
            done = vgstats(
                command, file, "--store", tmp_path / "store", "--notebooks", ROOT / "notebooks"
            )
            told = " ".join(done.stderr.split())
            assert done.returncode == 2 and said in told and "egna.md, line" in told, told
            assert "heading 'Vad hände'" in told or "heading 'Insatser'" in told
        assert not (tmp_path / "store").exists()


def test_the_lines_that_a_report_prints_find_its_words_in_the_store(tmp_path):
    store = Store(tmp_path / "store")
    lines = PARAMS.replace("texter/egna.md", "egna.md")
    with pytest.raises(
        VgstatsError, match=r"there is no file 'egna\.md' here, and the store has no text"
    ):
        plan(written(tmp_path / "b", lines, "some.yaml"), store)
    bring_in([written(tmp_path / "a", FILE)], store)
    assert (
        plan(written(tmp_path / "b", lines, "some.yaml"), store).jobs[0].figures()[0].texts.passages
    )
    with pytest.raises(VgstatsError, match=r"c/egna\.md: cannot be read"):
        plan(written(tmp_path / "b", lines.replace("egna.md", "c/egna.md"), "some.yaml"), store)


@pytest.mark.parametrize("line", ["words: egna.txt", "words: [a.md]", "words: ''", "own: egna.md"])
def test_a_name_that_will_not_do_is_told_by_its_key(tmp_path, line):
    file = params(tmp_path, lines=PARAMS.replace("words: texter/egna.md", line))
    with pytest.raises(VgstatsError, match=line.partition(":")[0]):
        read_batches([file], Store(tmp_path / "store"))


def test_the_text_of_the_2009_follow_up_is_short_our_own_and_where_the_notebook_has_room():
    file = ROOT / "params" / "vg-2006-2008.md"
    own = read_own_passages(file, headings_of("uppfoljning", ROOT / "notebooks"))
    texts = [one for one in own.texts if isinstance(one, Passage)]
    assert {one.label for one in texts} == {"Ur uppföljningen 2009, återgiven"}
    assert sum(len(one.text.split()) for one in texts) <= 500
    whole = " ".join(one.text for one in texts).lower()
    for subject in ("fem parter", "fyra parter", "två parter", "ledningsgrupp", "forum", "processledar", "nätverk",
                    "utbildning", "råd delade ut pengar", "samordningsförbund", "vinster", "kartla"):  # fmt: skip
        assert subject in whole, subject


def test_the_worked_example_of_the_guide_is_the_one_in_the_practice_folder():
    guide = (ROOT / "docs" / "egna-overenskommelser.md").read_text(encoding="utf-8")
    file = ROOT / "params" / "ovning" / "texter" / "koordinering.md"
    assert f"```markdown\n{file.read_text(encoding='utf-8')}```" in guide
    own = read_own_passages(file, headings_of("uppfoljning", ROOT / "notebooks"))
    assert [one.section for one in own.texts] == [ASSESSMENT, "Insatser"]
    assert all(f"`{key}`" in guide for key in ("words", "label", "skriven_for"))


def test_no_run_of_seven_words_is_copied_from_the_follow_up(shared):
    def words(text: str) -> list[str]:
        return re.findall(r"[\wåäöÅÄÖ]+", text.lower())

    seed = " ".join(words((shared / "seeds" / "1-vg-uppfoljning-2006-2008.txt").read_text("utf-8")))
    own = words((ROOT / "params" / "vg-2006-2008.md").read_text("utf-8"))
    runs = [" ".join(own[at : at + 7]) for at in range(len(own) - 6)]
    assert [run for run in runs if run in seed] == []


def test_a_file_that_took_the_words_out_of_itself_leaves_the_reports(tmp_path):
    store = Store(tmp_path / "store")
    bring_in([written(tmp_path, FILE)], store)
    bring_in([written(tmp_path, "# Vad hände?\n\nBara detta.")], store)
    now = [one.section for one in store.declared().now() if isinstance(one, Passage)]
    assert now == ["Vad hände?"]
