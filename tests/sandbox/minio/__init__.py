"""MinIO in the tests: what looks at it, its component, and what is asked of it alone."""
