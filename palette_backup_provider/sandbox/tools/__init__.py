"""Programs that the sandbox and the tests need: found, installed or built."""
