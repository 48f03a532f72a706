"""What all kinds of reports rest on: parameters, the bundle of released figures, and what they are read with."""
