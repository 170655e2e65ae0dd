"""Every error we raise on purpose.

ProviderError
├── MissingSetting     a setting that has no default is set nowhere
├── BadSetting         a setting has a value that cannot be used
├── MissingExtra       a cloud's SDK is not installed
├── Blocked            something still needs the object, or is still in it
├── NotOwned           an object of that name exists and does not carry our mark
├── NotImportable      an existing object that state cannot take
├── WrongIdentity      the credentials in use are of another account or tenant than state's
├── WaitTimedOut       a wait ran out of its budget
├── Stopped            the user cancelled the run, so a wait ended early
├── HalfMade           (core/handler.py) an object was made, and its creation did not end
└── ApiError           a remote API answered with an error, or did not answer (status 0)
    ├── ApiKeyRejected    the API key itself was refused, which says nothing about the object
    ├── UnreadableAnswer  the answer cannot be read (status 0)
    └── NotFound          the one answer that means "gone"

Texts are for the person running `pulumi up`: what failed, why, and what to do. As it is made, a
text is cleared of every secret this process knows. It becomes one line, without the control
characters that texts of others may hold. No caller has to remember to do so.
"""

import re
from typing import Self

from palette_backup_provider.core.secrets import cleared, printable

_READS = re.compile(r"(GET|HEAD) |\w+:(get|list|head|bucket_exists|user_info|policy_info)")
"""How calls that change nothing begin."""


def sentence(text: str) -> str:
    """`text` as others wrote it, ended so that more can follow."""
    text = text.rstrip()
    return text if text.endswith((".", "!", "?", "…")) else f"{text}."


ANEW = "Run `pulumi up --refresh`: it creates what is gone anew."
"""What to do if an object that state knows is gone."""


def again(api: object) -> str:
    """What to do where something that `api` answered, or did not, makes no sense."""
    return f"Run it again; if it stays so, look at what is between here and {api}."


_POINTER = "`palette-backup doctor --only {}` finds out more."
_POINTERS = re.compile(" " + re.escape(_POINTER).replace(r"\{\}", r"[\w.-]+"))


def without_pointers(text: str) -> str:
    """`text` without what names a check of doctor: for doctor, whose own line it stands in."""
    return _POINTERS.sub("", text)


class ProviderError(Exception):
    """Base of all deliberate errors.

    Do what the text says.
    """

    def __init__(self, message: str) -> None:
        super().__init__(printable(message))

    def see(self, check: str) -> Self:
        """The same error, which names the check of doctor that finds out more."""
        if not _POINTERS.search(str(self)):
            self.args = (f"{sentence(str(self))} {_POINTER.format(check)}",)
        return self

    def without(self, *values: object) -> Self:
        """The same error, whose text shows none of `values` either."""
        self.args = (cleared(str(self), *values),)
        return self


class MissingSetting(ProviderError):
    """A setting that has no default is set nowhere.

    Set it in stack config or in the environment: docs/settings.md has both names.
    """


class BadSetting(ProviderError):
    """A setting has a value that cannot be used.

    Correct it where it is set: docs/settings.md says what it takes.
    """


class MissingExtra(ProviderError):
    """A cloud's SDK is not installed.

    Run what the text says, in the environment that Pulumi runs the program in.
    """

    def __init__(self, extra: str, module: str) -> None:
        super().__init__(
            f"{module} is not installed. Run: pip install 'palette-backup-provider[{extra}]'"
        )


class Blocked(ProviderError):
    """The object cannot be deleted: something still needs it, or is still in it.

    Take away what the text names, or choose among the ways out of docs/refusals.md.
    """


class NotOwned(ProviderError):
    """An object of that name exists and does not carry our mark.

    Give the new one another name, use the object as it is, or reclaim what a lost state knew.
    """


class NotImportable(ProviderError):
    """An existing object that state cannot take, or an id that names none.

    Correct the id. Or declare a new object, and delete the other once nothing uses it.
    """


class WrongIdentity(ProviderError):
    """The credentials in use belong to another account or tenant than state's.

    Use credentials of that account. Nothing was changed.
    """


class WaitTimedOut(ProviderError):
    """A wait ran out of its budget.

    Run the same command again: it goes on from there. A setting may make the wait longer.
    """

    def __init__(self, message: str, last: BaseException | None = None) -> None:
        super().__init__(message)
        self.last = last
        """The last answer that was waited on."""


class Stopped(ProviderError):
    """The user cancelled the run, so a wait ended early.

    Run `pulumi up` again: it goes on from there.
    """


class ApiError(ProviderError):
    """A remote API answered with an error, or did not answer at all.

    Correct what the answer names. Without an answer, check the network and run it again.
    """

    def __init__(self, message: str, *, status: int, code: str = "") -> None:
        super().__init__(message)
        self.status = status
        """HTTP status; 0 when there was no answer."""
        self.code = code
        """The API's own error code, empty when it gave none."""

    def see_cloud(self, cloud: str, *, unknown: bool, denied: bool) -> Self:
        """The same error of an operator's call. It names the check of doctor about the sign-in if
        nothing answered or the operator is `unknown`, and that about permissions if `denied`."""
        if unknown or (self.status == 0 and not isinstance(self, UnreadableAnswer)):
            return self.see(f"{cloud}.sign-in")
        return self.see(f"{cloud}.permissions") if denied else self

    @property
    def unclear(self) -> bool:
        """Whether the call may have taken effect all the same."""
        return self.status == 0 or self.status >= 500


class ApiKeyRejected(ApiError):
    """The API key itself was refused, which says nothing about the object asked for.

    Correct or renew the key.
    """


class UnreadableAnswer(ApiError):
    """An answer broke off, or is not as documented.

    Run it again. If it stays so, look at what is in between, such as a proxy.
    """

    def __init__(self, api: object, call: str, why: str, answered: str = "the answer") -> None:
        """Of `api`, to `call`. `why` completes "could not be read:", and quotes no answer.

        The answer counts as none: whether the call took effect is open.
        """
        effect = "" if _READS.match(call) else "It is open what was done. "
        reason = f": {why.rstrip('.')}" if why else ""
        super().__init__(
            f"{api} {call}: {answered} could not be read{reason}. {effect}{again(api)}",
            status=0,
        )


class NotFound(ApiError):
    """The object is confirmed absent.

    Check its name, and the account. What state knows and is gone, `pulumi up --refresh` creates.
    """

    def __init__(self, message: str, *, status: int = 404, code: str = "") -> None:
        super().__init__(message, status=status, code=code)
