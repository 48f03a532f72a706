"""The command line: `vgstats fetch`, `import`, `store`, `demo`, `check`, `render` and `verify`."""

from vgstats.cli import fetching, figures, reports, verifying
from vgstats.cli.terminal import app

__all__ = ["app", "fetching", "figures", "reports", "verifying"]
