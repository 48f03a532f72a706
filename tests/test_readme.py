"""What the README names is there, and versions are pinned (what it shows: test_docs.py)."""

from __future__ import annotations

import re
import tomllib

from support import ROOT

README = (ROOT / "README.md").read_text(encoding="utf-8")


def test_the_commands_it_names_are_there():
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    contributing = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
    targets = re.findall(r"(?:^|`|')make ([\w-]+)", README + contributing, re.MULTILINE)
    assert {"report", "test", "docs"} <= set(targets)
    for target in targets:
        assert re.search(rf"^{target}:", makefile, re.MULTILINE), target
    for file in re.findall(r"\]\(([\w./-]+)\)", README):
        assert (ROOT / file).exists(), file


def test_versions_are_pinned_without_addresses():
    text = (ROOT / "constraints.txt").read_text(encoding="utf-8")
    assert "://" not in text and "@" not in text
    for line in filter(None, text.splitlines()):
        assert re.match(r"^[\w.-]+(\[[\w,-]+\])?==[\w.!+]+( ; .*)?$", line), line


def test_every_package_that_the_project_names_is_pinned():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    groups = [project["dependencies"], *project["optional-dependencies"].values()]
    named = [text for group in groups for text in group]
    names = {re.match(r"[\w.-]+", text)[0].lower() for text in named} - {"vgstats"}
    lines = (ROOT / "constraints.txt").read_text(encoding="utf-8").splitlines()
    assert names <= {line.partition("==")[0] for line in lines}
