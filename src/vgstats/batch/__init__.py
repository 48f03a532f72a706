"""From parameter files to finished pages: plan, execute, collect, index. Knows no measure."""
