"""What there is: areas, periods, measures, law changes, agreements, and the reader of the bundled data."""
