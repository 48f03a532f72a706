"""From parameter files to finished pages: plan, execute, index. Knows no measure."""
