"""One module for each source; each ends in observations."""
