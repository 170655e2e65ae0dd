"""Stores that speak S3, got from their registries, as servers of tests."""
