"""Check numbers in prose."""
