"""One module for each kind of report: its parameters and the data it asks for."""
