"""What the sign-in says in German is polite."""

import re

import pytest
from django.utils import translation

from teams.accounts import AccountAdapter

# What our pages can come to say; the others belong to parts of allauth that are switched off.
SAID = (
    "account_inactive",
    "email_password_mismatch",
    "enter_current_password",
    "incorrect_password",
    "invalid_password_reset",
    "rate_limited",
    "too_many_login_attempts",
)


@pytest.mark.parametrize("name", SAID)
def test_nobody_is_addressed_as_a_friend(name: str) -> None:
    with translation.override("de"):
        words = str(AccountAdapter.error_messages[name])
    assert not re.search(r"\b([Dd]u|[Dd]ein\w*|gib|wähle|versuche|habe)\b", words)
