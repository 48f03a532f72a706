"""What an analyst asks in a line: figures, and questions whose answers show themselves."""
