"""The folders that kernels and those who talk to them meet in: files instead of ports, one folder each."""

from __future__ import annotations

import contextlib
import os
import shutil
import tempfile
import threading
from collections.abc import Iterator
from pathlib import Path

from traitlets.config import Config

_SHORT = "/tmp"  # noqa: S108 - mkdtemp makes a folder of its own in it
_PATIENCE = 1  # seconds
_making = threading.Lock()
_LONGEST_FOLDER = 90  # characters; a socket's path has at most 104, with the null at its end


@contextlib.contextmanager
def connection_folder() -> Iterator[Path | None]:
    """Give a folder of its own for the files of one connection; None where they cannot be used."""
    if os.name != "posix":
        yield None
        return
    with _making:
        folder = tempfile.mkdtemp(prefix=_prefix())
        if len(folder) > _LONGEST_FOLDER:
            os.rmdir(folder)  # noqa: PTH106
            folder = tempfile.mkdtemp(prefix=_prefix(), dir=_SHORT)
    try:
        yield Path(folder)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def remove_connection_folders() -> None:
    """Remove those of this process, for good: a thread that wants another waits until the process ends."""
    _making.acquire(timeout=_PATIENCE)
    for place in {tempfile.gettempdir(), _SHORT}:
        for folder in Path(place).glob(f"{_prefix()}*"):
            shutil.rmtree(folder, ignore_errors=True)


def connection(folder: Path | None, config: Config | None) -> Config:
    """Return a configuration that talks to the kernel through files in `folder`."""
    ours = Config()
    if folder is not None:
        ours.KernelManager.transport = "ipc"
        ours.KernelManager.ip = str(folder / "k")
        ours.KernelManager.connection_file = str(folder / "kernel.json")
    ours.merge(config or {})
    return ours


def _prefix() -> str:
    return f"vg{os.getpid():x}-"  # short, as the paths of sockets must be
