"""Numbers and sentences in Swedish: what every result is said with, and every page printed with."""
