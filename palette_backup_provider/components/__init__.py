"""Whole backup locations: bucket, identity, credential and location, composed; one file a cloud."""
