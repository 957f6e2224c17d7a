"""Secrets that the portal has to use itself, such as the addresses of chat channels: kept encrypted.

The key follows from SECRET_KEY (and those before it, SECRET_KEY_FALLBACKS), so a copy of the database alone
opens nothing.
"""

import base64
import hashlib

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from django.conf import settings

_PURPOSE = b"tandem.sealed:"


class CannotOpen(Exception):
    """It was sealed with another SECRET_KEY."""


def seal(secret: str) -> str:
    """``secret`` as it is kept."""
    return _keys().encrypt(secret.encode()).decode()


def unseal(kept: str) -> str:
    """What was sealed.

    :raises CannotOpen: where no key opens it.
    """
    try:
        return _keys().decrypt(kept.encode()).decode()
    except InvalidToken:
        raise CannotOpen from None


def _keys() -> MultiFernet:
    return MultiFernet([_key(secret) for secret in (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS)])


def _key(secret: str) -> Fernet:
    return Fernet(base64.urlsafe_b64encode(hashlib.sha256(_PURPOSE + secret.encode()).digest()))
