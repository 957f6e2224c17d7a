"""Secrets are kept so that a copy of the database opens nothing."""

import pytest
from pytest_django import Settings

from notifications.sealed import CannotOpen, seal, unseal

URL = "https://hooks.example.org/services/T0/B0/very-secret"


def test_what_was_sealed_is_opened_and_not_readable_before() -> None:
    kept = seal(URL)
    assert "very-secret" not in kept
    assert unseal(kept) == URL
    assert seal(URL) != kept


def test_the_key_before_still_opens_and_a_foreign_one_does_not(settings: Settings) -> None:
    kept, before = seal(URL), settings.SECRET_KEY
    settings.SECRET_KEY = "another key of this installation"
    with pytest.raises(CannotOpen):
        unseal(kept)
    settings.SECRET_KEY_FALLBACKS = [before]
    assert unseal(kept) == URL


@pytest.mark.parametrize("kept", ["", "nonsense", "gAAAAA=="])
def test_what_is_no_seal_is_not_opened(kept: str) -> None:
    with pytest.raises(CannotOpen):
        unseal(kept)
