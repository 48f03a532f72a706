"""What an analyst asks: figures, what there is, and questions in a line each, whose answers show themselves."""
