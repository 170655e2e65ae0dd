"""What bodies of requests and answers are."""

from typing import Any

Body = dict[str, Any]
"""A JSON object."""
