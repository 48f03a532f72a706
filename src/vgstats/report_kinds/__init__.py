"""For each kind of report its parameters and the data it asks for, and what its sections read."""
