"""Every printed number is a fact, and is written here; texts with facts in them."""
