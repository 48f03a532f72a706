"""Pure functions on tidy frames: changes, shares, comparisons. Nothing here draws or loads."""
