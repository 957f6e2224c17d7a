"""/admin/ shows rows to administrators and lets nobody change one."""

import re

import pytest
from django.test import Client
from django.urls import reverse

from activity.admin import site
from knowhow.models import Solution
from requests_app.choices import Status
from teams import company, invitations, tokens
from teams.models import Person
from teams.teams import edit_team
from tests.factories import make_admin, make_comment, make_person, make_request, make_solution, make_team

LISTS = [f"admin:{model._meta.app_label}_{model._meta.model_name}_changelist" for model in site._registry]


@pytest.fixture
def admin(db: None, client: Client) -> Person:
    admin = make_admin()
    company.start(company.FirstStart("N", "Europe/Berlin", "A", "B"), by=None)
    client.force_login(admin)
    return admin


@pytest.mark.parametrize("name", LISTS)
def test_every_list_opens_searches_and_keeps_the_content_policy(
    name: str, client: Client, admin: Person
) -> None:
    make_comment(make_request(), admin)
    for query in ("", "?q=12"):
        response = client.get(reverse(name) + query)
        assert response.status_code == 200
        page = response.content.decode()
        assert not re.search(r"<style|\sstyle=|\son\w+=|<script(?![^>]*\bsrc=)[^>]*>", page)
    assert "/add/" not in page


@pytest.mark.parametrize("name", LISTS)
def test_nobody_else_gets_in(name: str, client: Client, db: None) -> None:
    assert client.get(reverse(name))["Location"].startswith("/accounts/login/")
    client.force_login(make_person(lead_of=make_team()))
    assert client.get(reverse(name), follow=True).status_code == 403


def test_nothing_is_added_changed_or_deleted(client: Client, admin: Person) -> None:
    solution = make_solution()
    page = reverse("admin:knowhow_solution_change", args=[solution.pk])
    assert client.get(page).status_code == 200
    assert client.post(page, {"title": "Changed"}).status_code == 403
    assert client.post(reverse("admin:knowhow_solution_add"), {"title": "New"}).status_code == 403
    delete = reverse("admin:knowhow_solution_delete", args=[solution.pk])
    assert client.post(delete, {"post": "yes"}).status_code == 403
    assert Solution.objects.get().title == solution.title


def test_no_hash_is_shown(client: Client, admin: Person) -> None:
    person = make_person()
    person.set_password("correct horse battery")
    person.save()
    token = tokens.create_token(person, "script", "read", by=person).token
    invited = invitations.invite("a@example.org", by=admin).invitation
    for row, secret in ((person, person.password), (token, token.token_hash), (invited, invited.token_hash)):
        url = reverse(f"admin:teams_{row._meta.model_name}_change", args=[row.pk])
        response = client.get(url)
        assert response.status_code == 200
        assert secret not in response.content.decode()


def test_other_peoples_drafts_stay_hidden(client: Client, admin: Person) -> None:
    draft = make_request(Status.DRAFT, title="Canary in a draft")
    restricted = make_request(restricted=True, title="Canary that admins may see")
    page = client.get(reverse("admin:requests_app_request_changelist")).content.decode()
    assert "Canary in a draft" not in page
    assert "Canary that admins may see" in page
    change = "admin:requests_app_request_change"
    assert client.get(reverse(change, args=[draft.pk])).status_code == 302
    assert client.get(reverse(change, args=[restricted.pk])).status_code == 200


def test_events_are_there_to_read(client: Client, admin: Person) -> None:
    edit_team(make_team(), brief="New", by=admin)
    assert "team.edited" in client.get(reverse("admin:activity_event_changelist")).content.decode()


def test_passwords_and_signing_out_are_ours(client: Client, admin: Person) -> None:
    assert client.get("/admin/").status_code == 200
    assert client.get("/admin/password_change/")["Location"] == "/accounts/password/change/"
    assert client.get("/admin/logout/")["Location"] == "/accounts/logout/"
    assert "/admin/auth/" not in client.get("/admin/").content.decode()
