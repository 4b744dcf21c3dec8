"""Secrets of people, kept so that the database alone gives none away."""

from __future__ import annotations

import os
from functools import lru_cache
from hashlib import sha256

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from inference.errors import NotAvailableHere

_NONCE_BYTES = 12


class Vault:
    """Seals with AES-256-GCM (NIST SP 800-38D) under the key of this installation. What is sealed is bound to whose it
    is: put into another's row it cannot be opened."""

    def __init__(self, key: str) -> None:
        self._cipher = AESGCM(sha256(key.encode()).digest())

    def seal(self, secret: bytes, whose: bytes) -> bytes:
        nonce = os.urandom(_NONCE_BYTES)
        return nonce + self._cipher.encrypt(nonce, secret, whose)

    def open(self, sealed: bytes, whose: bytes) -> bytes:
        """Raises NotAvailableHere for what was sealed under another key."""
        try:
            return self._cipher.decrypt(sealed[:_NONCE_BYTES], sealed[_NONCE_BYTES:], whose)
        except (InvalidTag, ValueError):
            raise NotAvailableHere(
                "This secret was sealed under another key than this installation's. Set PENSTOCK_ENCRYPTION_KEY to the "
                "one of before, or give the secret again."
            ) from None


@lru_cache(maxsize=4)
def vault(key: str) -> Vault:
    """The vault of a key."""
    return Vault(key)
