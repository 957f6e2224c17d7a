"""Numbers are read as the person writes them."""

from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError
from django.utils import translation
from django.utils.formats import localize_input

from requests_app.forms import initial_of
from teams.form_fields import NumberField
from tests.factories import make_request

READ = [
    ("de", "1.250", "1250"),
    ("de", "1.250,5", "1250.5"),
    ("de", "1.250.000", "1250000"),
    ("de", "-1.250,25", "-1250.25"),
    ("de", "1,8", "1.8"),
    ("de", "1.8", "1.8"),
    ("de", "1 250", "1250"),
    ("de", "1\u202f250,5", "1250.5"),
    ("de", " 12 ", "12"),
    ("en", "1,250", "1250"),
    ("en", "1,250.5", "1250.5"),
    ("en", "1.250", "1.250"),
    ("en", "1’250’000", "1250000"),
]


@pytest.mark.parametrize(("language", "typed", "meant"), READ)
def test_a_number_is_read_in_the_readers_spelling(language: str, typed: str, meant: str) -> None:
    with translation.override(language):
        assert NumberField().clean(typed) == Decimal(meant)


@pytest.mark.parametrize(
    ("language", "typed"), [("en", "1,8"), ("de", "1.25,5"), ("de", "12 34"), ("de", "viel"), ("de", "NaN")]
)
def test_what_could_mean_two_things_is_refused(language: str, typed: str) -> None:
    with translation.override(language), pytest.raises(ValidationError):
        NumberField().clean(typed)


def test_nothing_typed_is_nothing() -> None:
    assert NumberField(required=False).clean(" ") is None


@pytest.mark.django_db
@pytest.mark.parametrize(("kept", "shown"), [("0.9000", "0,9"), ("1200.0000", "1200"), ("0.0000", "0")])
def test_a_form_shows_a_number_without_the_zeros_of_the_database(kept: str, shown: str) -> None:
    request = make_request(baseline=Decimal(kept))
    request.refresh_from_db()
    with translation.override("de"):
        assert localize_input(initial_of(request)["baseline"]) == shown
