"""Text in the armour of a private key, for tests that need its looks and no key."""

MARK = "PRIVATE KEY-----"


def armoured(body: str, kind: str = "") -> str:
    """`body` as PEM has it; `kind` is such as `RSA `. Put together here, so that no file of tests
    looks as if it held a key."""
    lines = "\n".join(body[at : at + 64] for at in range(0, len(body), 64))
    return f"-----BEGIN {kind}{MARK}\n{lines}\n-----END {kind}{MARK}\n"
