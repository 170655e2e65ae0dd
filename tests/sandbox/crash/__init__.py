"""An engine that can be killed at every call, and what has to hold afterwards."""
