"""From parameter files to finished pages: plan, execute, convert, index. Knows no measure."""
