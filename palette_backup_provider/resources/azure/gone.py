"""An absence that is told of a part, and what it says of the whole."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from palette_backup_provider.core.errors import ApiError, NotFound, sentence


@contextmanager
def of_a_part(whole: Callable[[], Any]) -> Iterator[None]:
    """For calls about a part of what `whole` looks up, which raises NotFound if it is gone.

    Where only the part is not found the whole must not be taken as deleted: Azure's servers do not
    all know at once what was made a moment ago.
    """
    try:
        yield
    except NotFound as error:
        whole()
        more = "Azure may not know it everywhere yet: wait a minute and run again."
        text = f"{sentence(str(error))} {more}"
        raise ApiError(text, status=error.status, code=error.code) from None
