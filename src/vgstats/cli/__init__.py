"""The command line: `vgstats fetch`, `import`, `store`, `demo`, `check` and `render`."""

from vgstats.cli import fetching, figures, reports
from vgstats.cli.terminal import app

__all__ = ["app", "fetching", "figures", "reports"]
