"""What PostgreSQL says goes wrong, in words that callers can do something with."""

from __future__ import annotations

import asyncpg
import pytest

from db.errors import DatabaseFull, DatabaseUnreachable, Deleted, translated
from inference.errors import InvalidInput, PenstockError


@pytest.mark.parametrize(
    ("error", "expected"),
    [
        (asyncpg.DiskFullError("could not extend file"), DatabaseFull),
        (asyncpg.AdminShutdownError("terminating connection"), DatabaseUnreachable),
        (asyncpg.InterfaceError("connection is closed"), DatabaseUnreachable),
        (asyncpg.ForeignKeyViolationError("is not present in table"), Deleted),
        (asyncpg.NumericValueOutOfRangeError("out of range"), InvalidInput),
    ],
)
def test_every_error_that_is_not_ours_has_a_name(error: Exception, expected: type[PenstockError]) -> None:
    with pytest.raises(expected) as raised, translated("a statement"):
        raise error
    assert raised.value.__cause__ is error
    assert str(error) not in raised.value.message


def test_what_is_ours_stays_what_it_is() -> None:
    with pytest.raises(asyncpg.PostgresSyntaxError), translated("a statement"):
        raise asyncpg.PostgresSyntaxError("syntax error")
