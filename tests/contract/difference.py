"""What differs between the components of clouds."""


class Words:
    """The arguments, or outputs, by which a cloud has an idea; none where it has not."""

    def __init__(self, *names: str, why: str = "") -> None:
        self.names, self.why = names, why
