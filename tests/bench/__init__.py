"""`make bench`: times and counts calls, and sets them beside what we want to hold.

It judges and never fails for a number: other work on the machine would make it fail at random. What
has to hold on any machine is asserted in `tests/sandbox`.
"""
