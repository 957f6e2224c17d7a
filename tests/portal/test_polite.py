"""No library speaks to our people as to friends."""

import gettext
import re
from pathlib import Path

import pytest
import rest_framework
from allauth.account import forms
from django.utils import translation
from rest_framework import serializers

from portal.polite import TEXTS

FAMILIAR = re.compile(r"\b(?:du|dein\w*|dir|dich|gib|stelle)\b", re.IGNORECASE)


@pytest.mark.parametrize("text", TEXTS)
def test_it_is_said_politely(text: str) -> None:
    with translation.override("de"):
        said = translation.gettext(text)
    assert said != text
    assert not FAMILIAR.search(said)


def test_all_that_the_rest_framework_says_is_polite_or_said_in_our_words() -> None:
    path = Path(rest_framework.__file__).parent / "locale/de/LC_MESSAGES/django.mo"
    with path.open("rb") as file:
        said: dict[str, str] = gettext.GNUTranslations(file)._catalog  # type: ignore[attr-defined]
    familiar = {text for text, german in said.items() if isinstance(text, str) and FAMILIAR.search(german)}
    assert len(familiar) > 5
    assert familiar <= set(TEXTS)


def test_the_api_and_the_password_s_form_use_our_words() -> None:
    with translation.override("de"):
        field = serializers.IntegerField(max_value=5)
        with pytest.raises(serializers.ValidationError, match="Bitte geben Sie höchstens 5 an"):
            field.run_validation(6)
        form = forms.SetPasswordForm(data={"password1": "one sentence", "password2": "another sentence"})
        form.is_valid()
        assert "Bitte geben Sie zweimal dasselbe Passwort ein." in form.errors["password2"]
