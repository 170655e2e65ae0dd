"""Palette's API, as far as a location needs it."""
