"""Accounts, log-in and API keys."""

from __future__ import annotations

import asyncio
import time
from collections import OrderedDict
from datetime import UTC, datetime
from functools import cache

from pwdlib import PasswordHash

from inference.errors import Conflict, InvalidInput, NotAllowed, NotAuthenticated, TooManyRequests
from inference.functions.context import Context
from inference.functions.identifiers import new_id, no_such, parse_id
from inference.functions.registry import covers, function
from inference.functions.registry import scopes as known_scopes
from inference.functions.tokens import LOGIN_SECONDS, hash_key, make_key, make_token
from inference.models.accounts import (
    ApiKeyList,
    ApiKeyReference,
    CreateApiKeyRequest,
    CreateApiKeyResult,
    Credentials,
    LoginRequest,
    LoginResult,
    User,
)
from inference.models.common import Empty

_hasher = PasswordHash.recommended()


@cache
def _nobody() -> str:
    """Verified when there is no such user, so that the answer takes as long as for one that is."""
    return _hasher.hash("nobody has this password")


_ATTEMPTS = 10
_WINDOW_SECONDS = 300
_REMEMBERED = 10_000


class Attempts:
    """Failed log-ins of late, by name: bounded in number, forgotten after the window."""

    def __init__(self) -> None:
        self._failures: OrderedDict[str, list[float]] = OrderedDict()

    def check(self, name: str) -> None:
        """Raises TooManyRequests while a name has failed too often."""
        recent = self._recent(name)
        if len(recent) >= _ATTEMPTS:
            wait = int(recent[0] + _WINDOW_SECONDS - time.monotonic()) + 1
            raise TooManyRequests(f"Too many failed log-ins. Try again in {wait} seconds.", retry_after=wait)

    def failed(self, name: str) -> None:
        self._failures[name] = [*self._recent(name), time.monotonic()]
        self._failures.move_to_end(name)
        while len(self._failures) > _REMEMBERED:
            self._failures.popitem(last=False)

    def _recent(self, name: str) -> list[float]:
        return [at for at in self._failures.get(name, []) if at > time.monotonic() - _WINDOW_SECONDS]


_attempts = Attempts()


@function(scope=None)
async def add_user(ctx: Context, request: Credentials) -> User:
    """Makes an account. The first becomes the administrator; later ones need an administrator or open registration."""
    digest = await asyncio.to_thread(_hasher.hash, request.password)
    async with ctx.storage.transaction() as work:
        await work.accounts.lock()
        first = not await work.accounts.any_exist()
        by_admin = ctx.caller is not None and ctx.caller.is_admin and ctx.caller.scopes is None
        if not (first or by_admin or ctx.settings.open_registration):
            raise NotAllowed(
                "Only an administrator can add accounts here. Ask one, or set PENSTOCK_OPEN_REGISTRATION=1."
            )
        user = await work.accounts.create(new_id(), request.username, digest, is_admin=first)
    if user is None:
        raise Conflict(f"The name {request.username!r} is taken. Choose another.", field="username")
    return user


@function(scope=None)
async def login(ctx: Context, request: LoginRequest) -> LoginResult:
    """Gives a token for the Authorization header, good for seven days."""
    name = request.username.lower()
    _attempts.check(name)
    found = await ctx.storage.accounts.credentials(request.username)
    account, digest = found or (None, await asyncio.to_thread(_nobody))
    if not await asyncio.to_thread(_hasher.verify, request.password, digest) or account is None:
        _attempts.failed(name)
        raise NotAuthenticated("The name or the password is wrong.")
    return LoginResult(
        access_token=make_token(ctx.settings.signing_secret, account.user_id),
        token_type="bearer",  # noqa: S106 - the kind of the token, not a secret
        expires_in=LOGIN_SECONDS,
        user=User(user_id=account.user_id, username=account.username, is_admin=account.is_admin),
    )


@function(scope="accounts:read", read_only=True)
async def fetch_user(ctx: Context, request: Empty) -> User:
    """The account that calls."""
    return User(user_id=ctx.user.user_id, username=ctx.user.username, is_admin=ctx.user.is_admin)


@function(scope="keys:write")
async def create_api_key(ctx: Context, request: CreateApiKeyRequest) -> CreateApiKeyResult:
    """Makes an API key, shown this once. A key cannot make one that may do more than itself."""
    own = ctx.user.scopes
    scopes = request.scopes
    if unknown := sorted(set(scopes or ()) - known_scopes()):
        raise InvalidInput(f"There is no scope {unknown[0]!r}. GET /api/help tells each function's.", field="scopes")
    if own is not None:
        if scopes is not None and not all(covers(own, scope) for scope in scopes):
            raise NotAllowed("A key cannot make a key that may do more than itself: leave out the other scopes.")
        scopes = sorted(own) if scopes is None else scopes
    if request.expires_at and request.expires_at < datetime.now(UTC):
        raise InvalidInput("This time has passed: choose one to come.", field="expires_at")
    key, uid = make_key(), new_id()
    preview = f"{key[:6]}…{key[-4:]}"
    await ctx.storage.api_keys.create(
        uid, ctx.user.key, request.title, hash_key(key), preview, scopes, request.expires_at
    )
    return CreateApiKeyResult(id=str(uid), api_key=key)


@function(scope="keys:read", read_only=True)
async def fetch_api_keys(ctx: Context, request: Empty) -> ApiKeyList:
    """The caller's keys, newest first, without the keys themselves."""
    return ApiKeyList(api_keys=await ctx.storage.api_keys.list(ctx.user.key))


@function(scope="keys:write")
async def delete_api_key(ctx: Context, request: ApiKeyReference) -> Empty:
    """Ends a key at once."""
    if not await ctx.storage.api_keys.delete(ctx.user.key, parse_id(request.api_key_id, "API key", "api_key_id")):
        raise no_such("API key", request.api_key_id, "api_key_id")
    return Empty()
