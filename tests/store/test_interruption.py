"""Ctrl-C while figures are read is Ctrl-C, and no error of the database."""

from __future__ import annotations

import signal
import subprocess
import sys

import pytest

from vgstats.store.files import interruptible

QUERY = """\
import signal, sys
import duckdb
from vgstats.store.files import interruptible
signal.signal(signal.SIGINT, signal.default_int_handler)
try:
    with duckdb.connect() as connection, interruptible():
        print("asked", flush=True)
        connection.sql("SELECT sum(a.range * b.range) FROM range(10000000) a, range(100000) b").df()
except KeyboardInterrupt:
    print("interrupted")
"""


def test_a_query_can_be_interrupted():
    with subprocess.Popen(
        [sys.executable, "-c", QUERY], stdout=subprocess.PIPE, text=True
    ) as asked:
        assert asked.stdout.readline() == "asked\n"
        with pytest.raises(subprocess.TimeoutExpired):
            asked.wait(0.5)
        asked.send_signal(signal.SIGINT)
        said, _ = asked.communicate(timeout=20)
    assert (asked.returncode, said) == (0, "interrupted\n")


def test_another_error_is_left_as_it_is():
    with pytest.raises(RuntimeError, match="something else"), interruptible():
        raise RuntimeError("something else")
