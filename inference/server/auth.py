"""Who is calling: an API key or a log-in token in the Authorization header."""

from __future__ import annotations

import time
from collections import OrderedDict
from dataclasses import dataclass
from uuid import UUID

from db import Account, Listener, Storage
from inference.errors import NotAuthenticated
from inference.functions import Caller, hash_key, read_token
from inference.single_flight import SingleFlight

# A key that was deleted elsewhere is told of by the database; this bounds what a lost message could cost.
_KEEP_SECONDS = 30.0
_MOST = 10_000


@dataclass(slots=True)
class _Known:
    caller: Caller
    until: float


class Authenticator:
    """Finds the caller behind a header and remembers for a while."""

    def __init__(self, storage: Storage, listener: Listener, secret: str) -> None:
        self._storage, self._secret = storage, secret
        self._known: OrderedDict[str, _Known] = OrderedDict()
        self._by_hash: dict[str, str] = {}
        self._flights = SingleFlight[str, _Known]()
        self._forgotten = 0
        self._subscription = listener.subscribe("api_key_deleted", self._forget)
        self._subscription.__enter__()

    def close(self) -> None:
        self._subscription.__exit__(None, None, None)

    async def caller(self, authorization: str | None) -> Caller | None:
        """None without a header. Raises NotAuthenticated when it is no good."""
        if not authorization:
            return None
        scheme, _, token = authorization.partition(" ")
        token = token.strip()
        if scheme.lower() != "bearer" or not token:
            raise NotAuthenticated("The Authorization header must be `Bearer` and a key or token.")
        known = self._known.get(token)
        if known is None or known.until < time.time():
            known = await self._flights.do(token, lambda: self._look_up(token))
        return known.caller

    async def _look_up(self, token: str) -> _Known:
        forgotten = self._forgotten
        if token.startswith("sk-"):
            digest = hash_key(token)
            holder = await self._storage.api_keys.holder(digest)
            if holder is None:
                raise NotAuthenticated("This API key is not known, was deleted, or has expired.")
            await self._storage.api_keys.touch([digest])
            until = time.time() + _KEEP_SECONDS
            if holder.expires_at:
                until = min(until, holder.expires_at.timestamp())
            known = _Known(_caller(holder.account, holder.scopes, holder.key), until)
        else:
            uid, ends = read_token(self._secret, token)
            account = await self._storage.accounts.by_uid(uid)
            if account is None:
                raise NotAuthenticated("The account of this log-in is gone. Log in again.")
            known = _Known(_caller(account, None), min(time.time() + _KEEP_SECONDS, ends))
        if forgotten != self._forgotten:
            return known  # a key was deleted meanwhile, perhaps this one: it is looked up again the next time
        self._known[token] = known
        if token.startswith("sk-"):
            self._by_hash[hash_key(token).hex()] = token
        if len(self._known) > _MOST:
            self._known.popitem(last=False)
            self._by_hash = {digest: key for digest, key in self._by_hash.items() if key in self._known}
        return known

    def _forget(self, key_hash: str) -> None:
        self._forgotten += 1
        if not key_hash:
            self._known.clear()
            self._by_hash.clear()
        elif token := self._by_hash.pop(key_hash, None):
            self._known.pop(token, None)


def _caller(account: Account, scopes: frozenset[str] | None, key: UUID | None = None) -> Caller:
    return Caller(account.id, account.user_id, account.username, account.is_admin, scopes, key)
