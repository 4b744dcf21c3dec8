"""Every error that a caller may see. A class is named after what happened; its status is set here and nowhere else."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from inference.models.common import Fault


class PenstockError(Exception):
    """Base of all. `message` says what happened and the way out; `field` names the input at fault."""

    status = 500

    def __init__(self, message: str, *, field: str | None = None, faults: list[Fault] | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.field = field
        self.faults = faults

    @property
    def name(self) -> str:
        """What callers know the error by."""
        return type(self).__name__


class InvalidInput(PenstockError):
    """A value that was given cannot be used."""

    status = 422


class NotAuthenticated(PenstockError):
    """No key or token was given, or it is not, or no longer, good."""

    status = 401


class NotAllowed(PenstockError):
    """The caller is known and may not do this."""

    status = 403


class NotFound(PenstockError):
    """There is no such thing, or it belongs to somebody else: the two are not told apart."""

    status = 404


class Conflict(PenstockError):
    """It collides with what is already there."""

    status = 409


class TooLarge(PenstockError):
    """More bytes, pages or tokens than are taken."""

    status = 413


class UnreadableDocument(PenstockError):
    """The file is broken, locked, empty, or not of a kind that can be read."""

    status = 422


class TooManyRequests(PenstockError):
    """Come again after `retry_after` seconds."""

    status = 429

    def __init__(self, message: str, *, retry_after: int = 1) -> None:
        super().__init__(message)
        self.retry_after = retry_after


class NotAvailableHere(PenstockError):
    """This installation has no such ability."""

    status = 501


class Unavailable(PenstockError):
    """A part that is needed does not answer now; it comes back by itself or the message says what to do."""

    status = 503


class UpstreamFailed(PenstockError):
    """A model's engine or provider answered with an error."""

    status = 502


class UpstreamTimeout(PenstockError):
    """A model's engine or provider was silent for too long."""

    status = 504


class MissingReference(PenstockError):
    """A toolchain refers to a value that is not there when it runs."""

    status = 422


class NodeTimeout(PenstockError):
    """A node took longer than its limit."""

    status = 504


class TooDeep(PenstockError):
    """Toolchains run toolchains more levels deep than is allowed: most likely they run themselves."""

    status = 422


class LimitReached(PenstockError):
    """A node or a run came to one of its limits: steps, time, memory, tokens, bytes."""

    status = 422


class ForbiddenAddress(PenstockError):
    """A web address that may not be asked: it leads into one's own network."""

    status = 403


class CodeFailed(PenstockError):
    """The text of a code node ended in an error of its own."""

    status = 422


class RunWaits(PenstockError):
    """A run pauses where its caller can only be given its end."""

    status = 409


class RunFailed(PenstockError):
    """A run ended with an error: it keeps that error's name and status."""

    def __init__(self, name: str, message: str) -> None:
        super().__init__(message)
        self._name = name
        self.status = next((kind.status for kind in _kinds(PenstockError) if kind.__name__ == name), 500)

    @property
    def name(self) -> str:
        return self._name


def _kinds(of: type[PenstockError]) -> list[type[PenstockError]]:
    return [kind for each in of.__subclasses__() for kind in (each, *_kinds(each))]
