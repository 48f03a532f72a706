"""Facts, sentences, tables, figures and maps. All Swedish that a reader meets lives here."""
