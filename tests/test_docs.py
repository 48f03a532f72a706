"""The documentation is built without a warning, leads nowhere that is not there, and what it shows works."""

from __future__ import annotations

import ast
import os
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from urllib.parse import unquote

import nbformat
import pytest
import yaml
from pypdfium2 import PdfDocument
from selectolax.lexbor import LexborHTMLParser
from typer.main import get_command

from browser import chromium, chromium_path
from commands import vgstats
from support import ROOT
from vgstats.batch.parameter_file import KEYS, read_parameter_file
from vgstats.batch.plan import plan
from vgstats.cli import app
from vgstats.kernels.run import run_notebook
from vgstats.reports import kind, kinds
from vgstats.store.store import Store

DOCS = ROOT / "docs"
_FILES = [ROOT / "README.md", *sorted(DOCS.glob("*.md"))]
PAGES = {path.relative_to(ROOT).as_posix(): path for path in _FILES}
WORDS_OF_README = 500
OF_OWN_FILE = {"koordinering-pahittad", "krav-exempel"}  # what parameter files name out of it


def blocks(page: str, *languages: str) -> list[str]:
    """The blocks of code of a page in some languages, in order."""
    text = PAGES[page].read_text(encoding="utf-8")
    named = "|".join(map(re.escape, languages))
    return re.findall(rf"^```(?:{named})\n(.*?)^```$", text, re.DOTALL | re.MULTILINE)


# Of a page that is a notebook, each cell; of another, each block.
PYTHON = ("python", "{code-cell} ipython3")
WITH_PYTHON = [page for page in PAGES if blocks(page, *PYTHON)]


def build(folder: Path, *more: str) -> None:
    """Build the pages as `make docs` does, with every warning an error."""
    trees = ["-E", "-d", folder / "doctrees"]
    strictly = ["-q", "-W", "--keep-going", *more]
    command = [sys.executable, "-m", "sphinx", *strictly, *trees, DOCS, folder / "html"]
    ended = subprocess.run(command, capture_output=True, text=True, check=False)
    assert ended.returncode == 0, ended.stderr


@pytest.fixture(scope="session")
def built(once) -> Path:
    """The pages, but for what the cells of the two that are notebooks show."""
    return once("docs", lambda folder: build(folder, "-D", "nb_execution_mode=off")) / "html"


def test_every_page_is_built_and_every_link_inside_leads_to_something(built: Path):
    trees = {p: LexborHTMLParser(p.read_text(encoding="utf-8")) for p in built.rglob("*.html")}
    assert {f"{path.stem}.html" for path in DOCS.glob("*.md")} <= {page.name for page in trees}
    ids = {p: {n.attributes["id"] for n in tree.css("[id]")} for p, tree in trees.items()}
    for page, tree in trees.items():
        for node in tree.css("a[href], img[src], link[href], script[src]"):
            address = node.attributes.get("href") or node.attributes.get("src") or ""
            name, _, place = unquote(address).partition("#")
            if re.match(r"[a-z]+:", name):
                continue
            target = (page.parent / name.partition("?")[0]).resolve() if name else page
            assert target.exists(), f"{page.name}: {address}"
            assert not place or target.suffix != ".html" or place in ids[target], (
                f"{page.name}: {address}"
            )


def test_no_page_loads_anything_from_elsewhere(built: Path):
    for page in built.rglob("*.html"):
        tree = LexborHTMLParser(page.read_text(encoding="utf-8"))
        loaded = tree.css("script[src], img[src], iframe[src], link[rel~=stylesheet][href]")
        for node in loaded:
            address = node.attributes.get("src") or node.attributes.get("href") or ""
            assert not re.match(r"(https?:)?//", address), f"{page.name}: {address}"
    for style in built.rglob("*.css"):
        assert not re.search(r"url\([\"']?(https?:)?//", style.read_text(encoding="utf-8")), style


@pytest.mark.browser
def test_the_page_for_committees_prints_on_one_sheet(built: Path):
    if chromium_path() is None:
        reason = "no Chromium on this machine; install it or set VGSTATS_CHROMIUM to its path"
        (pytest.fail if os.environ.get("CI") == "true" else pytest.skip)(reason)
    with chromium() as browser:
        page = browser.new_page()
        page.goto((built / "las-en-rapport.html").as_uri())
        assert page.locator("img.sheet").evaluate("img => img.naturalWidth") > 0
        printed = PdfDocument(page.pdf(format="A4", prefer_css_page_size=True))
    assert len(printed) == 1
    # Nothing runs off the sheet: its margin is white.
    sheet = printed[0].render(scale=1).to_pil().convert("L")
    margin = sheet.crop((sheet.width - 30, 0, sheet.width, sheet.height))
    assert margin.getextrema() == (255, 255)


def test_swedish_and_english_pages_say_so(built: Path):
    for page, language in (("las-en-rapport", "sv"), ("api/vgstats", "en"), ("methods", "en")):
        tree = LexborHTMLParser((built / f"{page}.html").read_text(encoding="utf-8"))
        assert tree.css_first("html").attributes["lang"] == language


# What a page's Python needs besides the figures that come along: the commands that the page tells of, on these files.
_COORDINATION = ROOT / "params" / "ovning" / "texter"
OWN_FIGURES = "\n".join(
    ["mått;område;period;kön;värde"]
    + [f"rehab_kostnad;14;{year};alla;{value}" for year, value in ((2015, "1,0"), (2018, "1,5"))]
)


@pytest.fixture
def store_of(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[str], None]:
    """A function that lays out a store with what a page imports before its Python."""
    monkeypatch.setenv("VGSTATS_STORE", str(tmp_path / "store"))

    def lay_out(page: str) -> None:
        if page == "docs/egen-tabell.md":
            (tmp_path / "matt.yaml").write_text(blocks(page, "yaml")[0], encoding="utf-8")
            (tmp_path / "mina.csv").write_text(OWN_FIGURES, encoding="utf-8")
            own = ["--publisher", "Region X"]
            assert vgstats("import", tmp_path / "matt.yaml").returncode == 0
            assert vgstats("import", tmp_path / "mina.csv", *own).returncode == 0
        if page == "docs/egna-overenskommelser.md":
            assert vgstats("import", _COORDINATION / "koordinering.yaml").returncode == 0

    return lay_out


# What the kernels have imported before they are forked; a new one for each page would take four times as long.
SHOWN = ["vgstats.sections", "vgstats.methods", "vgstats.explore.questions", "seaborn"]


@pytest.mark.parametrize("page", WITH_PYTHON)
def test_its_python_runs_in_a_kernel_and_shows_what_it_says(page: str, store_of, tmp_path: Path):
    store_of(page)
    (tmp_path / "docs").mkdir()
    (tmp_path / "params").symlink_to(ROOT / "params")
    notebook = nbformat.v4.new_notebook()
    notebook.cells = [nbformat.v4.new_code_cell(code) for code in blocks(page, *PYTHON)]
    shows_what_it_says(run_notebook(notebook, None, {}, folder=tmp_path / "docs", modules=SHOWN))


@pytest.mark.long  # the cells of the one run above, those of the other in test_recipes.py
def test_a_page_that_is_a_notebook_is_run_by_sphinx_and_shows_what_it_says(tmp_path: Path):
    build(tmp_path)
    for page in ("analytiker", "recept"):
        shows_what_it_says(nbformat.read(tmp_path / "jupyter_execute" / f"{page}.ipynb", 4))


def shows_what_it_says(notebook: nbformat.NotebookNode) -> None:
    """A last line that is a value shows a table, a picture, words or a plain value, and the number in its comment."""
    for cell in (cell for cell in notebook.cells if cell.cell_type == "code"):
        last = ast.parse(cell.source).body[-1]
        shown = [o for o in cell.outputs if o.output_type in ("execute_result", "display_data")]
        if isinstance(last, ast.Expr):
            assert shown, cell.source
        for output in shown:
            if not {"text/html", "image/svg+xml", "image/png", "text/markdown"} & set(output.data):
                ast.literal_eval(output.data["text/plain"])  # no address or inside of an object
        for said in re.findall(r"  # ([-−]?\d[\d.,\s]*)$", cell.source.splitlines()[-1]):
            assert said.strip() in shown[-1].data["text/plain"], cell.source


def commands(page: str) -> list[str]:
    """What a page has a person type: the lines of its shells, those that go on put together."""
    lines = "".join(blocks(page, "sh", "powershell")).replace("\\\n", " ").splitlines()
    quoted = re.findall(r"`(vgstats [a-z][^`]*)`", " ".join(PAGES[page].read_text("utf-8").split()))
    return [line.strip().rpartition(".venv/bin/")[2] for line in [*lines, *quoted]]


@pytest.mark.parametrize("page", PAGES)
def test_every_command_and_option_it_names_is_there(page: str):
    known = get_command(app).commands
    for line in commands(page):
        if not line.startswith("vgstats ") or line.split()[1].startswith("-"):
            continue
        _, name, *rest = line.partition("  #")[0].split()
        assert name in known, line
        options = {option for p in known[name].params for option in (*p.opts, *p.secondary_opts)}
        used = {word.partition("=")[0] for word in rest if word.startswith("--")}
        assert used <= options, f"{line}: {used - options}"


def test_the_requirements_it_shows_make_a_report(tmp_path: Path):
    own, parameters = blocks("docs/egna-krav.md", "yaml")[-2:]
    (tmp_path / "krav.yaml").write_text(own, encoding="utf-8")
    (tmp_path / "mitt.yaml").write_text(parameters, encoding="utf-8")
    (job,) = plan(tmp_path / "mitt.yaml", Store(tmp_path / "store")).jobs
    judged = job.bundle.texts.judgements
    assert [one.status for one in judged] == ["uppfyllt", "delvis uppfyllt"]


@pytest.mark.parametrize("page", PAGES)
def test_every_parameter_file_it_shows_is_one(page: str, tmp_path: Path):
    for number, text in enumerate(blocks(page, "yaml")):
        if not re.search(r"^report:", text, re.MULTILINE):
            continue
        content = yaml.safe_load(text)
        content.pop("own", None)
        if {str(content.get(key, "")) for key in ("intervention", "requirements")} & {
            "koordinering-pahittad",
            "krav-exempel",
        }:
            continue  # of the made-up file beside it, which has tests of its own
        file = tmp_path / f"shown-{number}.yaml"
        file.write_text(yaml.safe_dump(content, allow_unicode=True), encoding="utf-8")
        assert read_parameter_file(file).parameters


def test_every_message_it_quotes_is_one_that_vgstats_says():
    said = [" ".join(text.split()) for path in (ROOT / "src").rglob("*.py") for text in texts(path)]
    quoted = blocks("docs/fel.md", "text")
    assert len(quoted) > 15
    for message in (" ".join(text.split()) for text in quoted):
        assert any(message in text for text in said), message


def texts(path: Path) -> list[str]:
    """The texts of a module, with … for each part that is put in."""
    found = []
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.JoinedStr):
            parts = (v.value if isinstance(v, ast.Constant) else "…" for v in node.values)
            found.append("".join(map(str, parts)))
        elif isinstance(node, ast.Constant) and isinstance(node.value, str):
            found.append(node.value)
    return found


def test_every_key_of_a_parameter_file_is_described(built: Path):
    page = (built / "parametrar.html").read_text(encoding="utf-8")
    rows = {row.css_first("td").text().strip() for row in LexborHTMLParser(page).css("tbody tr")}
    assert rows == {*KEYS, *(key for name in kinds() for key in kind(name).model.model_fields)}


def test_the_readme_is_short():
    assert len(PAGES["README.md"].read_text(encoding="utf-8").split()) <= WORDS_OF_README
