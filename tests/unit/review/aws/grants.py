"""How access to backups is granted on AWS."""

from tests.unit.review.policies.granted import EVERYTHING, on

__all__ = ["EVERYTHING", "STORAGE", "TYPE", "on"]

TYPE = "aws:Policy"
STORAGE = "aws:Bucket"
