"""The front door of the methods gives functions and classes, never a module by one of their names."""

from __future__ import annotations

from pathlib import Path
from types import ModuleType

from vgstats import methods as m

FOLDER = Path(m.__file__).parent


def test_no_module_has_the_name_of_what_the_front_door_gives():
    modules = {file.stem for file in FOLDER.glob("*.py")} - {"__init__"}
    assert not modules & set(m.__all__)


def test_the_front_door_gives_no_module():
    assert m.__all__
    for name in m.__all__:
        assert not isinstance(getattr(m, name), ModuleType), name


def test_the_methods_lie_in_one_folder():
    assert not [path for path in FOLDER.iterdir() if path.is_dir() and path.name != "__pycache__"]
