"""A kind of report is one module, one notebook and one parameter file: laid beside the others, it is one of them."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

from support import ROOT, read_page, words

FILES = Path(__file__).parent / "a_new_kind"
# Rendered and verified in one process, so that both have one zygote.
BOTH = """
import pathlib, sys
from typer.testing import CliRunner
from vgstats.cli import app
def run(*arguments):
    done = CliRunner().invoke(app, list(map(str, arguments)))
    print(done.output)
    if done.exit_code:
        sys.exit(f"{arguments[0]} ended with {done.exit_code}: {done.exception!r}")
run("render", sys.argv[1], "--out", sys.argv[2])
run("verify", *pathlib.Path(sys.argv[2], "projekt").glob("*2019-12.html"))
"""


def test_three_files_make_a_new_kind_of_report_that_is_rendered_and_verified(tmp_path):
    package = shutil.copytree(ROOT / "src", tmp_path / "src")  # compiled as it is
    notebooks = tmp_path / "notebooks"
    notebooks.mkdir()
    shutil.copy(FILES / "projekt.py", package / "vgstats" / "reports")
    shutil.copy(FILES / "projekt.ipynb", notebooks)

    done = subprocess.run(
        [sys.executable, "-c", BOTH, FILES / "projekt.yaml", tmp_path],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(package)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    (file,) = (tmp_path / "projekt").glob("*2019-12.html")
    text = words(read_page(file.read_text(encoding="utf-8")))
    assert 'beside: "21"' in text.replace("'", '"')
    assert "Timr" in text and read_page(file.read_text(encoding="utf-8")).find(id="forandring")
    assert "as it was made" in done.stdout
    assert "projekt" in words(read_page((file.parent / "index.html").read_text("utf-8"))).lower()
