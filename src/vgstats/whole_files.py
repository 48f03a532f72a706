"""Files that are there whole or not at all, and that others may read and write as a person's umask says."""

from __future__ import annotations

import os
import secrets
import time
from pathlib import Path

_TRIES = 5  # where a file cannot be replaced while another program reads it (Windows)
_PAUSE = 0.2  # seconds between them


def write_whole(file: Path, content: str | bytes) -> Path:
    """Write a file so that no reader ever sees half of it, and return it; a crash leaves the old one.

    The folder is made when it is not there. Mode and group are those that any new file in the folder gets.

    Raises:
        OSError: it cannot be written, or another program holds it.
    """
    file.parent.mkdir(parents=True, exist_ok=True)
    new = file.with_name(f".{file.name}-{secrets.token_hex(4)}")
    try:
        with new.open("xb") as stream:
            stream.write(content.encode() if isinstance(content, str) else content)
            stream.flush()
            os.fsync(stream.fileno())
        _replace(new, file)
    except BaseException:
        new.unlink(missing_ok=True)
        raise
    return file


def _replace(new: Path, file: Path) -> None:
    for _ in range(_TRIES - 1):
        try:
            new.replace(file)
        except PermissionError:
            time.sleep(_PAUSE)
        else:
            return
    new.replace(file)
