"""What a page is built from: tables, figures, paragraphs, key figures, a row of an index."""
