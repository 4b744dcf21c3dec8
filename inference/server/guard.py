"""What holds for every door: no pages of other sites, and before the first account nothing but making it."""

from __future__ import annotations

from urllib.parse import urlsplit

from starlette.requests import HTTPConnection

from inference.server.problems import ForeignOrigin, SetupNeeded
from inference.server.state import state_of


def check_origin(connection: HTTPConnection) -> None:
    """Raises ForeignOrigin for what a browser sends on behalf of another site's page."""
    origin = connection.headers.get("origin")
    if origin and urlsplit(origin).netloc != connection.headers.get("host"):
        raise ForeignOrigin("This request comes from a page of another site. Cross-origin requests are not taken.")


async def check_setup(connection: HTTPConnection) -> None:
    """Raises SetupNeeded while nobody has an account."""
    if await state_of(connection).needs_first_account():
        raise SetupNeeded("Nobody has an account here yet. Open the UI, or call add_user, to make the first one.")
