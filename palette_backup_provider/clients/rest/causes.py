"""What an error of a library came from: whether anything answered, and why not."""

from collections.abc import Iterator


def chain(error: BaseException) -> Iterator[BaseException]:
    """The error and what it came from, the root last.

    Not by `__context__`: that also leads to the error which our caller is just handling.
    """
    yield error
    sources = (
        error.__cause__,
        getattr(error, "reason", None),  # urllib3's
        getattr(error, "kwargs", {}).get("error"),  # botocore's
        *reversed(error.args),
    )
    for source in sources:
        if isinstance(source, BaseException):
            yield from chain(source)
            return


def reason(error: BaseException) -> str:
    """Why there was no answer, in the words of the system and not of a library."""
    root = list(chain(error))[-1]
    return (isinstance(root, OSError) and root.strerror) or str(root) or type(root).__name__
