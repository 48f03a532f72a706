"""The command line: `vgstats fetch`, `import`, `store`, `demo`, `check`, `new`, `render`, `nytt-ar`, `verify`, `release`."""

import sys

# jsonschema would load a grammar for a format that no notebook's schema has: a third of a command's start.
sys.modules.setdefault("rfc3987_syntax", None)  # type: ignore[arg-type]

from vgstats.cli import fetching, figures, lab, new_report, next_year, reports, verifying  # noqa: E402
from vgstats.cli.terminal import app, main  # noqa: E402

__all__ = ["app", "fetching", "figures", "lab", "main", "new_report", "next_year", "reports", "verifying"]
