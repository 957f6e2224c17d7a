"""What is sent after the session ended: kept for its author alone, performed by nobody but them."""

from collections.abc import Callable
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from django.test import Client

from activity.models import Event
from requests_app.choices import Status
from requests_app.models import Request
from teams import company
from teams.models import Person, Side
from tests.factories import (
    make_admin,
    make_goal,
    make_person,
    make_request,
    make_solution,
    make_team,
    make_touchpoint,
)

pytestmark = pytest.mark.django_db
WORDS = "Typed for half an hour"
PAGE = "http://testserver/requests/"
HTMX = {"HX-Request": "true", "HX-Current-URL": PAGE}


@pytest.fixture
def admin() -> Person:
    company.start(company.FirstStart("Nordlicht", "Europe/Berlin", "Platform", "Campaigns"), by=None)
    return make_admin(language="en")


# What stands there, and where each form that holds text is sent to; the field is the one typed into.
FORMS: dict[str, tuple[Callable[[], object], str, str]] = {
    "comment": (lambda: make_request().pk, "/requests/{}/comments/", "body"),
    "decline": (lambda: make_request().pk, "/requests/{}/actions/decline/", "reason"),
    "park": (lambda: make_request().pk, "/requests/{}/actions/park/", "reason"),
    "accept": (lambda: make_request(Status.SHAPING).pk, "/requests/{}/actions/accept/", "reason"),
    "block": (lambda: make_request(Status.READY).pk, "/requests/{}/actions/block/", "reason"),
    "merge": (lambda: make_request().pk, "/requests/{}/actions/merge/", "reason"),
    "hand over": (
        lambda: make_request(Status.IN_PROGRESS).pk,
        "/requests/{}/actions/hand_over/",
        "explainer_text",
    ),
    "edit": (lambda: make_request().pk, "/requests/{}/edit/", "title"),
    "new request": (lambda: "", "/requests/new/", "title"),
    "team": (lambda: make_team().slug, "/teams/{}/edit/", "brief"),
    "new team": (lambda: "", "/teams/new/", "brief"),
    "member": (lambda: make_team().slug, "/teams/{}/members/", "email"),
    "goal": (lambda: make_goal(make_team()).pk, "/goals/{}/edit/", "brief"),
    "new goal": (lambda: "", "/goals/new/", "brief"),
    "solution": (lambda: make_solution().slug, "/solutions/{}/edit/", "purpose"),
    "new solution": (lambda: "", "/solutions/new/", "limits"),
    "expert": (lambda: make_solution().slug, "/solutions/{}/experts/", "person"),
    "affected team": (lambda: make_solution().slug, "/solutions/{}/affected/", "team"),
    "profile": (lambda: "", "/people/me/", "name"),
    "token": (lambda: "", "/people/me/tokens/", "name"),
    "company": (lambda: "", "/settings/company/", "name"),
    "new touchpoint": (lambda: "", "/settings/touchpoints/", "name_en"),
    "touchpoint": (lambda: make_touchpoint().pk, "/settings/touchpoints/{}/", "name_en"),
    "invitation": (lambda: "", "/settings/invitations/", "name"),
}


@pytest.fixture(params=FORMS)
def form(request: pytest.FixtureRequest, admin: Person) -> tuple[str, str]:
    make, address, field = FORMS[request.param]
    return address.format(make()), field


def sent(client: Client, address: str, field: str, author: Person, **headers: str) -> Any:
    return client.post(address, {field: WORDS, "author": str(author.pk)}, headers=headers)


def back_from(sign_in: str) -> str:
    """Where the sign-in leads on to."""
    parts = urlsplit(sign_in)
    assert parts.path == "/accounts/login/"
    return parse_qs(parts.query)["next"][0]


def test_every_form_that_holds_text_says_whose_it_is(
    client: Client, admin: Person, form: tuple[str, str]
) -> None:
    client.force_login(admin)
    page = client.get(form[0], follow=True).content.decode()
    forms = [one.partition("</form>")[0] for one in page.split("<form")]
    (drawn,) = [one for one in forms if f'name="{form[1]}"' in one]
    assert f'name="author" value="{admin.pk}"' in drawn


def test_it_comes_back_filled_in_and_nothing_was_done(
    client: Client, admin: Person, form: tuple[str, str]
) -> None:
    before = Event.objects.count()
    answer = sent(client, *form, author=admin)
    assert answer.status_code == 302
    client.force_login(admin)
    page = client.get(back_from(answer["Location"]), follow=True)
    assert page.status_code == 200
    assert WORDS in page.content.decode()
    assert Event.objects.count() == before
    assert WORDS not in client.get(form[0], follow=True).content.decode()


def test_nobody_else_gets_it(client: Client, admin: Person, form: tuple[str, str]) -> None:
    sent(client, *form, author=admin)
    client.force_login(make_admin())
    assert WORDS not in client.get(form[0], follow=True).content.decode()
    client.force_login(admin)
    assert WORDS not in client.get(form[0], follow=True).content.decode()


def test_the_sign_in_says_that_it_is_kept(client: Client, admin: Person) -> None:
    data, english = {"name": WORDS, "author": str(admin.pk)}, {"Accept-Language": "en"}
    answer = client.post("/people/me/", data, headers=english, follow=True)
    assert "what you typed is kept" in answer.content.decode()


def test_htmx_is_led_to_the_whole_page_of_the_sign_in(client: Client, admin: Person) -> None:
    request = make_request()
    comments = f"/requests/{request.pk}/comments/"
    answer = sent(client, comments, "body", admin, **HTMX)
    assert (answer.status_code, answer.content) == (204, b"")
    assert back_from(answer["HX-Redirect"]) == comments
    client.force_login(admin)
    page = client.get(comments, follow=True)
    assert page.redirect_chain == [(f"/requests/{request.pk}/#comment-form", 302)]
    assert WORDS in page.content.decode()


def test_what_htmx_fetches_leads_back_to_the_page_that_asked(client: Client) -> None:
    request = make_request()
    answer = client.get(f"/requests/{request.pk}/actions/park/", headers=HTMX)
    assert (answer.status_code, answer.content) == (204, b"")
    assert back_from(answer["HX-Redirect"]) == PAGE


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("post", "/requests/new/help/"),
        ("post", "/requests/new/preview/"),
        ("post", "/requests/{}/comments/preview/"),
        ("get", "/requests/{}/forecast/"),
    ],
)
def test_what_the_page_asks_by_itself_tears_nobody_away(client: Client, method: str, path: str) -> None:
    """The words would be lost: they are kept where their form is sent to, and this is another address."""
    answer = getattr(client, method)(
        path.format(make_request().pk), {"body": WORDS, "author": "1"}, headers=HTMX
    )
    assert (answer.status_code, answer.content) == (204, b"")
    assert "HX-Redirect" not in answer.headers
    assert "unsent" not in client.session


def test_a_button_leads_back_to_the_page_that_it_stands_on(client: Client) -> None:
    """Its own address answers no GET."""
    support = f"/requests/{make_request().pk}/support/"
    # As browsers send it, where a script says for whom the page was drawn.
    data = {"drawn_for": "1"}
    assert back_from(client.post(support, data, headers={"Referer": PAGE})["Location"]) == PAGE
    assert back_from(client.post(support, data, headers=HTMX)["HX-Redirect"]) == PAGE
    assert "unsent" not in client.session


@pytest.mark.parametrize(
    "page", ["", "https://elsewhere.example/", "javascript:alert(1)", "//elsewhere.example", "people"]
)
def test_nobody_is_led_to_another_site(client: Client, page: str) -> None:
    support = f"/requests/{make_request().pk}/support/"
    assert back_from(client.post(support, headers={"Referer": page})["Location"]) == "/"
    htmx = {"HX-Request": "true", "HX-Current-URL": page}
    assert back_from(client.post(support, headers=htmx)["HX-Redirect"]) == "/"


def test_an_address_that_is_asked_for_is_where_the_sign_in_leads_on(client: Client) -> None:
    assert back_from(client.get("/requests/?status=open")["Location"]) == "/requests/?status=open"


def test_a_script_is_told_in_words_that_nobody_is_signed_in(client: Client) -> None:
    team = make_team(Side.IT)
    answer = client.post(
        f"/boards/{team.slug}/move/", headers={"Accept": "application/json", "Accept-Language": "en"}
    )
    assert answer.status_code == 401
    assert answer.json()["message"].startswith("You have been signed out.")


@pytest.mark.parametrize("author", [None, "", "0", "x"])
def test_what_names_no_author_comes_back_to_nobody(client: Client, admin: Person, author: str | None) -> None:
    data = {"name": WORDS} | ({} if author is None else {"author": author})
    client.post("/people/me/", data)
    client.force_login(admin)
    assert WORDS not in client.get("/people/me/").content.decode()


def test_passwords_are_never_kept(client: Client, admin: Person) -> None:
    client.post("/accounts/password/change/", {"oldpassword": WORDS, "password1": WORDS})
    assert "unsent" not in client.session


def test_what_no_form_can_hold_is_not_kept(client: Client, admin: Person) -> None:
    client.post("/people/me/", {"name": "x" * 200_000, "author": str(admin.pk)})
    assert "unsent" not in client.session


def test_every_text_at_its_limit_is_kept(client: Client, admin: Person) -> None:
    longest = {"customer_need": "ü" * 10_000, "outcome": "ü" * 10_000, "author": str(admin.pk)}
    client.post("/requests/new/", longest)
    client.post(f"/requests/{make_request().pk}/comments/", {"body": "ü" * 20_000, "author": str(admin.pk)})
    assert "unsent" in client.session


def test_it_is_not_kept_without_the_secret_that_guards_forms(admin: Person) -> None:
    client = Client(enforce_csrf_checks=True)
    assert sent(client, "/people/me/", "name", admin).status_code == 403
    assert "unsent" not in client.session


def test_a_step_goes_on_to_triage_where_it_came_from_there(client: Client, admin: Person) -> None:
    request = make_request()
    address = f"/requests/{request.pk}/actions/decline/"
    client.post(address, {"reason": WORDS, "back": "triage", "author": str(admin.pk)})
    client.force_login(admin)
    assert 'name="back" value="triage"' in client.get(address).content.decode()


def test_a_step_that_somebody_else_has_taken_meanwhile_still_shows_the_text(
    client: Client, admin: Person
) -> None:
    request = make_request(Status.DECLINED)
    address = f"/requests/{request.pk}/actions/decline/"
    sent(client, address, "reason", admin)
    client.force_login(admin)
    page = client.get(address).content.decode()
    assert WORDS in page
    assert "disabled" in page
    assert Request.objects.get(pk=request.pk).status == Status.DECLINED


def test_a_restricted_request_stays_hidden(client: Client, admin: Person) -> None:
    request = make_request(restricted=True)
    stranger = make_person(make_team(Side.OTHER))
    sent(client, f"/requests/{request.pk}/comments/", "body", stranger)
    client.force_login(stranger)
    assert client.get(f"/requests/{request.pk}/comments/").status_code == 404
