"""Waiting for what happens, instead of for some time: no test passes or fails by how fast the machine is."""

from __future__ import annotations

import time
from collections.abc import Callable

PATIENCE = 600  # seconds until a test that would wait for ever gives up


def until(condition: Callable[[], bool]) -> None:
    """Wait until something has happened, however long it takes."""
    give_up = time.monotonic() + PATIENCE
    while not condition():
        assert time.monotonic() < give_up, "it has never happened"
        time.sleep(0.02)
