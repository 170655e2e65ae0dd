"""A place on Google Cloud that may be new is no mistake in preview."""

from tests.sandbox.refusals import told
from tests.sandbox.stack import Stack


def test_a_place_that_may_be_new_is_judged_by_the_cloud(stack: Stack) -> None:
    stack.program('gcp.Bucket("n", gcp.BucketArgs(location="europe-west99"))')
    stack.preview()
    told(stack.up(ok=False), "The specified location constraint is not valid")
