"""Palette in the tests: what looks at it, and what is asked of it alone."""
