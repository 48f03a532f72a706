"""The command line in any terminal: other encodings, and faults that are nobody's verdict."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

MAIN = "from vgstats.cli import main, terminal\n{}\nmain()"


def run(prepared: str, encoding: str, *arguments: str) -> subprocess.CompletedProcess[bytes]:
    return subprocess.run(
        [sys.executable, "-c", MAIN.format(prepared), *arguments],
        env={**os.environ, "PYTHONIOENCODING": encoding},
        capture_output=True,
    )


SAYS = """
@terminal.app.command("speak")
def speak():
    terminal.say("-6,1 \\u2212 \\u202f1\\u00a0200 \\u2192 åäö \\u8a9e")
    terminal.show(["Län"], [["Örebro \\u2212"]])
    raise terminal.stop("\\u22126,1")
"""


@pytest.mark.parametrize(
    "encoding",
    [
        "cp1252",
        "utf-8",
        *(pytest.param(one, marks=pytest.mark.long) for one in ("ascii", "cp850")),
    ],
)
def test_what_is_said_survives_the_encoding_of_the_stream(encoding):
    done = run(SAYS, encoding, "speak")
    assert done.returncode == 2, done.stderr
    out, errors = done.stdout.decode(encoding), done.stderr.decode(encoding)
    assert "Traceback" not in errors and "6,1" in errors
    assert ("\N{MINUS SIGN}6,1" if encoding == "utf-8" else "-6,1") in errors
    assert "1" in out and ("\\u8a9e" in out) == (encoding != "utf-8")


def test_a_fault_has_an_exit_code_that_is_no_verdict():
    done = run("terminal.app.command('break')(lambda: 1 / 0)", "utf-8", "break")
    assert done.returncode == 70
    assert b"ZeroDivisionError" in done.stderr and b"a fault in vgstats" in done.stderr
