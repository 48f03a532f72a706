"""What a report is, and one module a kind: parameters, what it wants, when that is enough, title, index row."""
