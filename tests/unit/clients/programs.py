"""Every program that a cloud's library runs to sign in, each as one call that runs it."""

from tests.clouds import merged
from tests.unit.clients.program import Program

PROGRAMS: dict[str, Program] = merged(__package__, "programs", "PROGRAMS")
