"""Style, charts and maps: each takes a tidy frame and returns a figure, without words."""
