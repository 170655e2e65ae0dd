"""AWS in the tests: what looks at it, its components, and what is asked of it alone."""
