"""Role profiles: kept by leads, changed without losing anybody's words."""

from typing import cast

import pytest
from django.http import Http404

from knowhow.bridges.role_profiles import Texts, change_role, keep_role
from teams.models import PLAIN_TEXT, Person
from teams.rules import InvalidFields, RuleViolation, StaleVersion
from tests.factories import make_admin, make_person, make_team

pytestmark = pytest.mark.django_db
TEXTS = Texts(title_de="Brücke", title_en="Bridge", text_de="Wir suchen.", text_en="We look for.")


@pytest.fixture
def lead() -> Person:
    return make_person(lead_of=make_team())


def test_leads_and_admins_keep_them_members_do_not(lead: Person) -> None:
    assert keep_role(TEXTS, by=lead).version == 1
    keep_role(TEXTS, by=make_admin())
    with pytest.raises(RuleViolation):
        keep_role(TEXTS, by=make_person())
    with pytest.raises(RuleViolation):
        change_role(keep_role(TEXTS, by=lead).pk, TEXTS, by=make_person())


@pytest.mark.parametrize("name", ["title_de", "title_en", "text_de", "text_en"])
@pytest.mark.parametrize("value", ["", "  ", "x" * (PLAIN_TEXT + 1), "a\x00"])
def test_every_text_is_needed_and_has_an_end(lead: Person, name: str, value: str) -> None:
    with pytest.raises(InvalidFields) as told:
        keep_role(cast(Texts, {**TEXTS, name: value}), by=lead)
    assert {missing.field for missing in told.value.missing} == {name}


def test_two_who_change_different_texts_both_win(lead: Person) -> None:
    role = keep_role(TEXTS, by=lead)
    change_role(role.pk, {**TEXTS, "text_de": "Wir suchen dich."}, by=lead, version=1)
    role = change_role(role.pk, {**TEXTS, "text_en": "We look for you."}, by=lead, version=1)
    assert (role.text_de, role.text_en) == ("Wir suchen dich.", "We look for you.")


def test_two_who_change_the_same_text_are_told(lead: Person) -> None:
    role = keep_role(TEXTS, by=lead)
    change_role(role.pk, {**TEXTS, "text_de": "Eins."}, by=lead, version=1)
    with pytest.raises(StaleVersion) as told:
        change_role(role.pk, {**TEXTS, "text_de": "Zwei."}, by=lead, version=1)
    assert told.value.clash == ("text_de",)


def test_there_must_be_one_to_change(lead: Person) -> None:
    with pytest.raises(Http404):
        change_role(0, TEXTS, by=lead)
