"""What can be wrong with a database before anything is stored in it."""

from __future__ import annotations

from inference.errors import Unavailable


class DatabaseUnreachable(Unavailable):
    """No PostgreSQL answers at the address."""


class DatabaseUnsuitable(Unavailable):
    """PostgreSQL answers but lacks what Penstock needs; the message says what to install."""
