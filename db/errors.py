"""What can be wrong with a database, and asyncpg's errors in these words."""

from __future__ import annotations

import logging
from collections.abc import Generator
from contextlib import contextmanager

import asyncpg

from inference.errors import InvalidInput, NotFound, Unavailable

_log = logging.getLogger(__name__)

# PostgreSQL has ended the connection, or takes none while it starts, stops or recovers.
_GONE = (
    OSError,
    asyncpg.PostgresConnectionError,
    asyncpg.AdminShutdownError,
    asyncpg.CrashShutdownError,
    asyncpg.CannotConnectNowError,
)


class DatabaseUnreachable(Unavailable):
    """No PostgreSQL answers at the address."""


class DatabaseUnsuitable(Unavailable):
    """PostgreSQL answers but lacks what Penstock needs; the message says what to install."""


class DatabaseFull(Unavailable):
    """There is no room for more rows."""


class Deleted(NotFound):
    """Somebody has deleted what is being added to."""


class ObjectStoreFull(Unavailable):
    """There is no room for more bytes of files."""


class ObjectStoreUnreachable(Unavailable):
    """The object store does not do what it is asked."""


@contextmanager
def translated(what: str) -> Generator[None]:
    """Raises DatabaseUnreachable when the connection is lost within, DatabaseFull when the disk is full, Deleted when
    what is added to is gone, and InvalidInput for values that fit nowhere: what callers give is checked before it comes
    here; what no check foresaw is still their error, not ours."""
    try:
        yield
    except asyncpg.ForeignKeyViolationError as error:
        _log.info("%s came too late: %s", what, error)
        raise Deleted("What this belongs to has been deleted in the meantime.") from error
    except asyncpg.DiskFullError as error:
        _log.warning("the database has no room left for %s: %s", what, error)
        raise DatabaseFull("The database's disk is full. Make room on it, and try again.") from error
    except asyncpg.DataError as error:
        _log.warning("%s was given a value that does not fit: %s", what, error)
        raise InvalidInput("A value is outside the range that can be kept or compared. Choose another.") from error
    except _GONE as error:
        raise _lost(what, error) from error
    except asyncpg.InterfaceError as error:
        if "closed" not in str(error):
            raise
        raise _lost(what, error) from error
    except asyncpg.InternalClientError as error:
        # While a connection still reads why the server ends it, asyncpg is in state 2, PROTOCOL_ERROR_CONSUME.
        if "another operation (2) is in progress" not in str(error):
            raise
        raise _lost(what, error) from error


def _lost(what: str, error: Exception) -> DatabaseUnreachable:
    _log.warning("the database went away in %s: %s", what, error)
    return DatabaseUnreachable("The database does not answer now. It is asked again by itself; try again in a moment.")
