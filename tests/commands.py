"""The commands, run in this process as from a shell: faster, and the kernels of several runs have one zygote."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from unittest.mock import patch

from typer.testing import CliRunner

from support import ROOT
from vgstats.cli import app


@dataclass(frozen=True)
class Ended:
    """How a run ended, and what it said."""

    returncode: int
    stdout: str
    stderr: str


def vgstats(
    *arguments: object, cwd: Path = ROOT, environment: Mapping[str, str] | None = None
) -> Ended:
    """Run a command of vgstats to its end; what it does not catch is raised here."""
    variables = {"COLUMNS": "200", **(environment or {})}
    with contextlib.chdir(cwd), patch.dict(os.environ, variables):
        result = CliRunner().invoke(app, [*map(str, arguments)])
    if result.exception is not None and not isinstance(result.exception, SystemExit):
        raise result.exception
    return Ended(result.exit_code, result.stdout, result.stderr)
