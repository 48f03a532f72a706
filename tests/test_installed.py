"""vgstats as others have it: built, installed outside the project, and used without a network.

The environment is a new one. The packages that vgstats needs are those of the environment that runs the tests, its
own installation of vgstats left out, so that this takes seconds.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import sysconfig
import tarfile
import venv
import zipfile
from collections.abc import Mapping
from pathlib import Path

import pytest

import vgstats as vg
from support import ROOT
from vgstats.software import fingerprint

TOP = {"vgstats", f"vgstats-{vg.__version__}.dist-info"}
TOP_OF_SOURCE = {
    ".gitignore", "CHANGELOG.md", "LICENSE", "PKG-INFO", "README.md", "constraints.txt", "notebooks", "params",
    "pyproject.toml", "src",
}  # fmt: skip
LEFT_LYING = [
    ".venv/lib/python/site-packages/vgstats/old.py",
    "dist/vgstats-0.0.1-py3-none-any.whl",
    "notebooks/.ipynb_checkpoints/uppfoljning-checkpoint.ipynb",
    "params/.ipynb_checkpoints/mine-checkpoint.yaml",
    "reports/mine/index.html",
    "src/vgstats/__pycache__/errors.cpython-311.pyc",
]
CACHED = shutil.ignore_patterns("__pycache__", ".*")
NOWHERE = "http://127.0.0.1:9"  # a port that nothing listens to
CLOSED = dict.fromkeys(
    ("http_proxy", "https_proxy", "HTTP_PROXY", "HTTPS_PROXY", "all_proxy"), NOWHERE
)
CLOSED |= {f"VGSTATS_{source}_ADDRESS": NOWHERE for source in ("FK", "SCB", "KOLADA")}
# What Jupyter's packages keep beside site-packages.
JUPYTER = {"JUPYTER_PATH": str(Path(sysconfig.get_path("data"), "share", "jupyter"))}


def run(*arguments: object, cwd: Path, environment: Mapping[str, str] | None = None) -> str:
    """Run a command to its end without a network, and return what it says."""
    inherited = {name: value for name, value in os.environ.items() if not name.startswith("PYTHON")}
    done = subprocess.run(
        [*map(str, arguments)],
        cwd=cwd,
        env={**inherited, **CLOSED, **JUPYTER, **(environment or {})},
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def build(project: Path, *targets: str) -> list[Path]:
    """Build with what pyproject.toml names, without an environment of its own, which would be downloaded."""
    wanted = [word for target in targets for word in ("--target", target)]
    run(sys.executable, "-m", "hatchling", "build", "--directory", "built", *wanted, cwd=project)
    return [
        next((project / "built").glob(name))
        for name in map({"wheel": "*.whl", "sdist": "*.tar.gz"}.get, targets)
    ]


def files_of(wheel: Path) -> dict[str, bytes]:
    """The files of a wheel with their contents."""
    with zipfile.ZipFile(wheel) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


@pytest.fixture(scope="module")
def project(tmp_path_factory) -> Path:
    """A copy of the project, with what lies about where somebody works."""
    copy = tmp_path_factory.mktemp("built") / "project"
    copy.mkdir()
    for file in (one for one in ROOT.iterdir() if one.is_file() and one.name != ".git"):
        shutil.copy(file, copy)
    for folder in ("src", "notebooks", "params", "docs", "tests"):
        shutil.copytree(ROOT / folder, copy / folder, ignore=CACHED)
    for name in LEFT_LYING:
        (copy / name).parent.mkdir(parents=True, exist_ok=True)
        (copy / name).write_text("left lying", encoding="utf-8")
    return copy


@pytest.fixture(scope="module")
def built(project) -> tuple[Path, Path]:
    """The source distribution and the wheel."""
    source, wheel = build(project, "sdist", "wheel")
    return source, wheel


@pytest.fixture(scope="module")
def environment(built, tmp_path_factory) -> Path:
    """A new environment with the wheel; its folder of commands."""
    folder = tmp_path_factory.mktemp("installed") / "environment"
    venv.create(folder, symlinks=os.name != "nt")
    names = {"base": str(folder), "platbase": str(folder)}
    commands, packages = (
        Path(sysconfig.get_path(name, "venv", names)) for name in ("scripts", "purelib")
    )
    python = commands / ("python.exe" if os.name == "nt" else "python")
    pip = [sys.executable, "-m", "pip", "--disable-pip-version-check", "--python", python]
    run(*pip, "install", "--quiet", "--no-deps", "--no-index", built[1], cwd=folder)
    # A folder that a .pth names is looked in, but the .pth files in it (an editable vgstats) are not read.
    theirs = {sysconfig.get_path(name) for name in ("purelib", "platlib")}
    (packages / "of_the_tests.pth").write_text("\n".join(sorted(theirs)), encoding="utf-8")
    return commands


def test_a_wheel_holds_the_package_what_comes_along_and_nothing_else(project, built):
    files = files_of(built[1])
    assert {name.split("/")[0] for name in files} == TOP
    there = {name for name in files if name.startswith("vgstats/")}
    folders = {
        "src/vgstats": "vgstats",
        "notebooks": "vgstats/notebooks",
        "params": "vgstats/params",
    }
    wanted = {
        f"{inside}/{file.relative_to(project / folder).as_posix()}": file
        for folder, inside in folders.items()
        for file in (project / folder).rglob("*")
        if file.is_file() and file.relative_to(project).as_posix() not in LEFT_LYING
    }
    assert there == wanted.keys()
    assert all(files[name] == file.read_bytes() for name, file in wanted.items())
    assert {"vgstats/notebooks/uppfoljning.ipynb", "vgstats/params/eget/mitt-lan.yaml"} <= there


def test_a_source_distribution_holds_what_the_same_wheel_is_built_from(built, tmp_path):
    source, wheel = built
    with tarfile.open(source) as archive:
        archive.extractall(tmp_path, filter="data")
    (unpacked,) = tmp_path.iterdir()
    assert {one.name for one in unpacked.iterdir()} == TOP_OF_SOURCE
    (again,) = build(unpacked, "wheel")
    assert files_of(again) == files_of(wheel)


ASK = """
import vgstats, vgstats.shipped, vgstats.software
for one in vgstats.__file__, vgstats.shipped.notebooks(), vgstats.__version__, vgstats.software.fingerprint():
    print(one)
"""


def test_an_installed_vgstats_makes_and_verifies_a_report_offline_in_a_folder_of_its_own(
    environment, tmp_path
):
    python, command = environment / "python", environment / "vgstats"
    store = {"VGSTATS_STORE": str(tmp_path / "store")}
    file, notebooks, version, software = run(python, "-c", ASK, cwd=tmp_path).splitlines()
    assert Path(file).is_relative_to(environment.parent)
    assert Path(notebooks) == Path(file).parent / "notebooks"
    # The project verifies what it makes, and it what the project makes.
    assert (version, software) == (vg.__version__, fingerprint())

    run(python, "-m", "vgstats", "init", "min mapp", cwd=tmp_path)
    folder, params = tmp_path / "min mapp", "params/timra-kommun-2017-2019.yaml"
    said = run(command, "render", params, "--only", "2262", cwd=folder, environment=store)
    assert "1 of 1 reports" in said
    (report,) = (folder / "reports" / "timra-kommun-2017-2019").glob("timra*.html")
    # Verified in another folder, which has a notebook of this kind that the report was not made with.
    (tmp_path / "notebooks").mkdir()
    other = (ROOT / "notebooks" / "kommun.ipynb").read_text(encoding="utf-8")
    (tmp_path / "notebooks" / "kommun.ipynb").write_text(
        other.replace("## ", "## Mer: "), encoding="utf-8"
    )
    said = run(command, "verify", report, cwd=tmp_path, environment=store)
    assert "as it was made, and its figures have not been revised" in said
