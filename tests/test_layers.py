"""Imports go one way: nothing knows what is built on top of it."""

from __future__ import annotations

import ast
import inspect
import pkgutil
from graphlib import TopologicalSorter
from pathlib import Path

import vgstats
from vgstats import reports, sections

PACKAGE = Path(vgstats.__file__).parent
LAYERS = [
    {"errors", "whole_files"},
    {"entries", "shipped", "kernels"},
    {"software"},
    {"catalogue"},
    {"observations"},
    {"row_checks", "facts"},
    {"sources", "store", "methods"},
    {"disclosure"},
    {"ingest"},
    {"cases"},
    {"demo"},
    {"drawing"},
    {"blocks"},
    {"reports"},
    {"sections"},
    {"explore"},
    {"page"},
    {"batch"},
    {"lab"},
    {"cli"},
    {"__main__"},
]
RANK = {name: rank for rank, names in enumerate(LAYERS) for name in names}
ANALYST = {"__init__.py"}  # the front door: it may name anything


def top(module: str) -> str:
    return module.split(".")[1] if "." in module else "__init__"


def imports(file: Path) -> set[str]:
    found: set[str] = set()
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom) and node.module and node.module.startswith("vgstats"):
            if node.module == "vgstats":
                found |= {alias.name for alias in node.names}
            else:
                found.add(top(node.module))
        elif isinstance(node, ast.Import):
            found |= {top(alias.name) for alias in node.names if alias.name.startswith("vgstats.")}
    return found


def test_nothing_imports_upstream():
    for file in PACKAGE.rglob("*.py"):
        name = file.relative_to(PACKAGE).parts[0].removesuffix(".py")
        if str(file.relative_to(PACKAGE)) in ANALYST:
            continue
        assert name in RANK, f"{name} has no place in the layers"
        for imported in imports(file):
            assert RANK[imported] <= RANK[name], f"{file.name} imports {imported}"


def modules_of(file: Path) -> set[str]:
    """The modules that a file imports, wherever in it, as dotted names."""
    found: set[str] = set()
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom) and node.module:
            found |= {node.module, *(f"{node.module}.{alias.name}" for alias in node.names)}
        elif isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
    return found


def test_no_module_imports_one_that_imports_it():
    """Not even late, in a function: what needs that is one module, or has a third below it."""
    files = {
        ".".join(file.relative_to(PACKAGE.parent).with_suffix("").parts): file
        for file in PACKAGE.rglob("*.py")
        if file.name != "__init__.py"
    }
    imported = {name: modules_of(file) & files.keys() for name, file in files.items()}
    order = list(TopologicalSorter(imported).static_order())
    assert order.index("vgstats.errors") < order.index("vgstats.cli.rendering")


def test_methods_draw_nothing_and_sections_load_nothing():
    for file in (PACKAGE / "methods").rglob("*.py"):
        text = file.read_text(encoding="utf-8")
        assert "matplotlib" not in text and "read_csv" not in text
        assert "sources" not in imports(file)
    drawn = [
        f for name in ("drawing", "blocks", "sections") for f in (PACKAGE / name).rglob("*.py")
    ]
    for file in drawn:
        text = file.read_text(encoding="utf-8")
        assert "vgstats.sources" not in text and "read_csv" not in text


def test_sections_and_blocks_know_no_kind_of_report():
    kinds = {f"vgstats.reports.{name}" for name in reports.kinds()}
    assert kinds
    for room in ("sections", "blocks"):
        for file in (PACKAGE / room).rglob("*.py"):
            assert not modules_of(file) & kinds, file.name


def test_a_report_is_planned_without_drawing():
    """A batch whose reports are all up to date must stay light."""
    for file in (PACKAGE / "reports").rglob("*.py"):
        assert not imports(file) & {"drawing", "sections"}, file.name
        assert not any(name.startswith("matplotlib") for name in modules_of(file)), file.name


def test_no_section_has_the_name_of_a_module():
    """`from vgstats.sections import money` must never give a module instead of the section."""
    modules = {module.name for module in pkgutil.iter_modules(sections.__path__)}
    assert not modules & section_names()


def test_sections_take_few_arguments():
    for name in section_names():
        parameters = inspect.signature(getattr(sections, name)).parameters
        assert len(parameters) <= 5, name


def section_names() -> set[str]:
    """The functions that `vgstats.sections` offers to a notebook."""
    functions = inspect.getmembers(sections, inspect.isfunction)
    return {name for name, found in functions if found.__module__.startswith(sections.__name__)}


def test_pages_and_batches_know_no_measure():
    files = [file for folder in ("page", "batch") for file in (PACKAGE / folder).glob("*.py")]
    assert "vgstats.catalogue.measures" in modules_of(PACKAGE / "reports" / "report.py")
    for file in files:
        assert "vgstats.catalogue.measures" not in modules_of(file), file.name
