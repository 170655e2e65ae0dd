"""Writes the comments on the recorded previews anew."""

from tests.unit.review.golden import RECORDED, comment, kept

for file in RECORDED:
    kept(file).write_text(comment(file))
