"""Every error we raise on purpose.

ProviderError
├── MissingSetting    a setting that has no default is set nowhere
├── BadSetting        a setting has a value that cannot be used
├── MissingExtra      a cloud's SDK is not installed
├── InTheWay          something still needs or fills the object that should go
├── NotOurs           an object of that name exists and does not carry our mark
├── WrongIdentity     the credentials in use are of another account or tenant than state's
├── GaveUp            a wait ran out of its budget
└── ApiError          a remote API answered with an error, or did not answer (status 0)
    ├── KeyRefused    the API key itself was refused, which says nothing about the object
    └── NotFound      the one answer that means "gone"

Texts are for the person running `pulumi up`: what failed, why, and what to do. A text is cleared
of every secret this process knows as it is made, so no caller has to remember to.
"""

from palette_backup_provider.core.secrets import cleared


def sentence(text: str) -> str:
    """`text` as others wrote it, ended so that more can follow."""
    text = text.rstrip()
    return text if text.endswith((".", "!", "?", "…")) else f"{text}."


class ProviderError(Exception):
    """Base of all deliberate errors."""

    def __init__(self, message: str) -> None:
        super().__init__(cleared(message))


class MissingSetting(ProviderError):
    """A setting that has no default is set nowhere."""


class BadSetting(ProviderError):
    """A setting has a value that cannot be used."""


class MissingExtra(ProviderError):
    """A cloud's SDK is not installed."""

    def __init__(self, extra: str, module: str) -> None:
        super().__init__(
            f"{module} is not installed. Run: pip install 'palette-backup-provider[{extra}]'"
        )


class InTheWay(ProviderError):
    """Something still needs or fills the object that should go."""


class NotOurs(ProviderError):
    """An object of that name exists and does not carry our mark."""


class WrongIdentity(ProviderError):
    """The credentials in use are of another account or tenant than the one in state."""


class GaveUp(ProviderError):
    """A wait ran out of its budget."""


class ApiError(ProviderError):
    """A remote API answered with an error, or did not answer at all."""

    def __init__(self, message: str, *, status: int, code: str = "") -> None:
        super().__init__(message)
        self.status = status
        """HTTP status; 0 when there was no answer."""
        self.code = code
        """The API's own error code, empty when it gave none."""

    @property
    def unclear(self) -> bool:
        """Whether the call may have taken effect all the same."""
        return self.status == 0 or self.status >= 500


class KeyRefused(ApiError):
    """The API key itself was refused, which says nothing about the object asked for."""


class NotFound(ApiError):
    """The object is confirmed absent."""

    def __init__(self, message: str, *, status: int = 404, code: str = "") -> None:
        super().__init__(message, status=status, code=code)
