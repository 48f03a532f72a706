"""The command line: `vgstats fetch`, `import`, `store`, `demo`, `check` and `render`."""

from vgstats.cli import figures, reports
from vgstats.cli.terminal import app

__all__ = ["app", "figures", "reports"]
