"""Where an error turns from what failed to what to do."""

import re

END = re.compile(r"(?<=[.!?…>])\s+(?=[A-Z`$<])")
"""Between two sentences."""
DOING = (
    "Allow Ask Assume Attach Begin Change Check Choose Correct Declare Delete Detach Empty Enable "
    "Find Give Have Install Leave Look Make Move Open Register Remove Rename Renew Run Save "
    "Select Set Sign Take Unset Upgrade Use Wait"
)
"""The verbs that begin a sentence which says what to do."""
_TO_DO = re.compile(rf"({'|'.join(DOING.split())})\b|(If|Or|To) ")


def parted(text: str) -> tuple[str, str]:
    """`text` before its first sentence that says what to do, and from there on. That part is empty
    where no sentence does, and has no full stop."""
    sentences = END.split(text)
    at = next(
        (n for n, sentence in enumerate(sentences) if n and _TO_DO.match(sentence)), len(sentences)
    )
    return " ".join(sentences[:at]), " ".join(sentences[at:]).rstrip(".")
