"""Log-in tokens (JWT, HS256) and API keys."""

from __future__ import annotations

import hashlib
import secrets
import time
from uuid import UUID

from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import OctKey

from inference.errors import NotAuthenticated

LOGIN_SECONDS = 7 * 24 * 3600
_ISSUER = "penstock"


def make_token(secret: str, user_id: str) -> str:
    """A token that speaks for a user for LOGIN_SECONDS."""
    now = int(time.time())
    claims = {"iss": _ISSUER, "sub": user_id, "iat": now, "exp": now + LOGIN_SECONDS}
    return jwt.encode({"alg": "HS256"}, claims, OctKey.import_key(secret))


def read_token(secret: str, token: str) -> tuple[UUID, int]:
    """The user it speaks for and the second at which it ends. Raises NotAuthenticated."""
    try:
        claims = jwt.decode(token, OctKey.import_key(secret), algorithms=["HS256"]).claims
        jwt.JWTClaimsRegistry(
            iss={"essential": True, "value": _ISSUER}, sub={"essential": True}, exp={"essential": True}
        ).validate(claims)
        return UUID(claims["sub"]), int(claims["exp"])
    except (JoseError, ValueError, KeyError, TypeError):
        raise NotAuthenticated("This log-in has ended or is not valid. Log in again.") from None


def make_key() -> str:
    """A new API key with 256 random bits."""
    return f"sk-{secrets.token_urlsafe(32)}"


def hash_key(key: str) -> bytes:
    """What is kept of a key. Its bits are random, so a slow hash would add nothing."""
    return hashlib.sha256(key.encode()).digest()
