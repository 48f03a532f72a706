"""From a region's own certificates to counts: the only room that meets rows about persons, and none leave it."""
