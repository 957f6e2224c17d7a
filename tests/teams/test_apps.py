"""Where something is missing, each way in says what to do, in both languages."""

from collections.abc import Iterator
from typing import Any

import pytest
from django import forms
from django.urls import get_resolver
from django.utils import translation
from rest_framework import serializers

IN_BOTH = {"en": "Fill in this field.", "de": "Füllen Sie dieses Feld aus."}
OURS = ("teams.", "knowhow.", "requests_app.", "notifications.", "portal.", "allauth.account.")


def below(kind: type[Any]) -> Iterator[type[Any]]:
    """All classes made from ``kind`` that the portal's addresses use."""
    assert get_resolver().url_patterns
    for made in kind.__subclasses__():
        yield made
        yield from below(made)


def ours(kind: type[Any]) -> list[type[Any]]:
    return [one for one in below(kind) if one.__module__.startswith(OURS)]


def test_every_form_of_the_portal_says_what_to_do() -> None:
    # These say more than that something has to stand there.
    own_words = {
        "Name at least one team that owns the goal.",
        "Choose a whole number from 1 to 5.",
        "Choose a group.",
    }
    with translation.override("en"):
        fields = [field for form in ours(forms.BaseForm) for field in form.base_fields.values()]
        found = {str(field.error_messages["required"]) for field in fields}
    assert found - own_words == {IN_BOTH["en"]}


@pytest.mark.parametrize("language", IN_BOTH)
def test_every_kind_of_form_field_has_these_words(language: str) -> None:
    with translation.override(language):
        assert str(forms.CharField().error_messages["required"]) == IN_BOTH[language]
        assert str(forms.MultipleChoiceField().error_messages["required"]) == IN_BOTH[language]


@pytest.mark.parametrize("language", IN_BOTH)
def test_every_field_of_the_api_has_these_words(language: str) -> None:
    with translation.override(language):
        for made in ours(serializers.BaseSerializer):
            for name, field in getattr(made, "_declared_fields", {}).items():
                says = {
                    key: str(field.error_messages.get(key, IN_BOTH[language]))
                    for key in ("required", "null", "blank")
                }
                assert set(says.values()) == {IN_BOTH[language]}, (made, name)


@pytest.mark.parametrize(
    ("field", "value", "said"),
    [
        (serializers.CharField(), "", "Füllen Sie dieses Feld aus."),
        (serializers.CharField(), None, "Füllen Sie dieses Feld aus."),
        (serializers.ListField(allow_empty=False), [], "Geben Sie mindestens eines an."),
    ],
)
def test_what_is_empty_is_told_as_what_is_missing(field: Any, value: object, said: str) -> None:
    with translation.override("de"), pytest.raises(serializers.ValidationError) as refused:
        field.run_validation(value)
    assert [str(one) for one in refused.value.detail] == [said]
