"""What an analyst asks in a line: figures, and questions to them."""
