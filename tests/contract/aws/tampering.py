"""What names are tampered with that means something to AWS."""

VARIABLES = ["${aws:username}"]
"""Whoever calls, in a policy in the language of S3."""
PIECES = ["aws"]
