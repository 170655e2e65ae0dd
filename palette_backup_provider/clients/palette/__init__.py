"""Palette's REST API."""
