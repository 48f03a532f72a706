"""The command line: each module has the commands of one matter."""

import sys

# jsonschema would load a grammar for a format that no notebook's schema has: a third of a command's start.
sys.modules.setdefault("rfc3987_syntax", None)  # type: ignore[arg-type]

from vgstats.cli import (  # noqa: E402
    cases,
    fetching,
    figures,
    lab,
    new_report,
    next_year,
    reports,
    starting,
    templates,
    verifying,
)
from vgstats.cli.terminal import app, main  # noqa: E402

__all__ = [
    "app",
    "cases",
    "fetching",
    "figures",
    "lab",
    "main",
    "new_report",
    "next_year",
    "reports",
    "starting",
    "templates",
    "verifying",
]
