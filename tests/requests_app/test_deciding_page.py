"""/settings/deciding/: what administrators set, and what it would change before it is saved."""

import re
from typing import Any

import pytest
from django.test import Client

from teams.models import Company, Person
from tests.factories import make_admin, make_person, make_scores, scores
from tests.requests_app.scenes import in_days, make_scene

pytestmark = pytest.mark.django_db
PATH = "/settings/deciding/"


@pytest.fixture(autouse=True)
def company() -> Company:
    return Company.objects.create(pk=1, name="Nordwind")


def browser(person: Person) -> Client:
    client = Client()
    client.force_login(person)
    return client


@pytest.fixture
def admin() -> Client:
    return browser(make_admin(language="en"))


def typed(**others: Any) -> dict[str, Any]:
    return {
        "weight_value": 50,
        "weight_urgency": 25,
        "weight_ease": 25,
        "gate": 60,
        "stalled_after_days": "2.5",
        "first_response_hours": 8,
        "version": 1,
        "action": "save",
        **others,
    }


def test_it_shows_what_holds(admin: Client) -> None:
    text = admin.get(PATH).content.decode()
    for name, value in (("weight_value", 60), ("gate", 40), ("stalled_after_days", 7)):
        assert re.search(rf'name="{name}" value="{value}"', text), name


def test_it_saves(admin: Client, company: Company) -> None:
    assert admin.post(PATH, typed()).status_code == 302
    company.refresh_from_db()
    assert (company.weight_value, company.gate, company.stalled_after_hours) == (50, 60, 60)
    assert company.first_response_hours == 8


def test_the_preview_says_what_would_change_and_saves_nothing(admin: Client, company: Company) -> None:
    scene = make_scene("shaping")
    make_scores(scene.request, scores(3), scores(3))
    scene.do("park", "it_owner", reason="Later", revisit_on=in_days(30))
    make_scores(make_scene("shaping").request, scores(3), scores(3))
    text = re.sub(r"\s+", " ", admin.post(PATH, typed(action="preview")).content.decode())
    assert "1 of 1 decided requests would fall below the gate." in text
    assert "1 of 1 requests that are still to be decided gets another impact." in text
    assert 'name="gate" value="60"' in text
    company.refresh_from_db()
    assert (company.gate, company.version) == (40, 1)


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"weight_ease": 30}, "make 100 %; now they make 105 %"),
        ({"gate": 101}, "100"),
        ({"gate": ""}, "required"),
        ({"stalled_after_days": "0"}, "above 0"),
        ({"stalled_after_days": "0.01"}, "above 0"),
        ({"first_response_hours": 0}, "1"),
        ({"weight_value": "x"}, "whole number"),
    ],
)
@pytest.mark.parametrize("action", ["save", "preview"])
def test_what_cannot_be_kept_is_said(admin: Client, action: str, wrong: dict[str, Any], words: str) -> None:
    answer = admin.post(PATH, typed(action=action, **wrong))
    assert answer.status_code == 422
    assert words in answer.content.decode()
    assert Company.objects.get().version == 1


def test_a_colleagues_change_meanwhile_is_shown(admin: Client) -> None:
    admin.post(PATH, typed(gate=70))
    answer = admin.post(PATH, typed(gate=30))
    text = answer.content.decode()
    assert answer.status_code == 422
    assert '<p class="words" id="id_gate_theirs">70</p>' in text
    assert 'name="gate" value="30"' in text
    assert Company.objects.get().gate == 70


def test_it_is_for_admins() -> None:
    client = browser(make_person())
    assert client.get(PATH).status_code == client.post(PATH, typed()).status_code == 403
    assert Company.objects.get().gate == 40


def test_before_the_first_start_it_leads_there(admin: Client, company: Company) -> None:
    company.delete()
    assert admin.get(PATH)["Location"] == "/settings/first-start/"


def test_the_settings_lead_to_it(admin: Client) -> None:
    assert f'href="{PATH}"' in admin.get("/settings/").content.decode()
