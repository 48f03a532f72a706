"""Counts, shares, rates and days with their limits, and which areas lie outside them."""
