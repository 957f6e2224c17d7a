"""What one person wrote is never performed as another: refused, in words, and it stays where it was typed."""

import json
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client

from activity.models import Event
from requests_app.choices import Status
from requests_app.models import Request
from teams import company
from teams.models import Person, Side
from tests.factories import make_admin, make_person, make_request, make_team
from tests.teams.test_unsent import FORMS, WORDS

pytestmark = pytest.mark.django_db
HTMX = {"HX-Request": "true", "HX-Current-URL": "http://testserver/requests/"}
JSON = {"Accept": "application/json"}


@pytest.fixture(autouse=True)
def started() -> None:
    company.start(company.FirstStart("Nordlicht", "Europe/Berlin", "Platform", "Campaigns"), by=None)


@pytest.fixture
def anna() -> Person:
    return make_admin(name="Anna Albers", language="en")


@pytest.fixture
def ben(client: Client) -> Person:
    """Who is signed in by now, and might do all of it as well."""
    person = make_admin(name="Ben Brandt", language="en")
    client.force_login(person)
    return person


def state() -> tuple[int, list[Any]]:
    return Event.objects.count(), list(
        Request.objects.order_by("pk").values("pk", "version", "title", "status")
    )


@pytest.mark.parametrize("form", FORMS)
def test_no_form_is_performed_as_somebody_else(client: Client, anna: Person, ben: Person, form: str) -> None:
    make, address, field = FORMS[form]
    path = address.format(make())
    before = state()
    answer = client.post(path, {field: WORDS, "author": str(anna.pk)})
    page = answer.content.decode()
    assert answer.status_code == 409
    assert "You were signed in as Anna Albers when you wrote this; now you are Ben Brandt." in page
    assert "back button" in page
    assert state() == before


def test_a_button_of_somebody_elses_page_is_not_pressed_either(
    client: Client, anna: Person, ben: Person
) -> None:
    request, before = make_request(), state()
    support = f"/requests/{request.pk}/support/"
    assert client.post(support, {"drawn_for": str(anna.pk)}).status_code == 409
    assert state() == before
    assert client.post(support, {"drawn_for": str(ben.pk)}).status_code == 302


def test_it_says_so_in_german(client: Client, anna: Person) -> None:
    client.force_login(make_admin(name="Ben Brandt", language="de"))
    page = client.post("/people/me/", {"name": WORDS, "author": str(anna.pk)}).content.decode()
    assert "Sie waren als Anna Albers angemeldet, als Sie das geschrieben haben" in page
    assert "jetzt sind Sie Ben Brandt" in page


def test_ones_own_form_goes_through(client: Client, ben: Person) -> None:
    request = make_request()
    data = {"body": WORDS, "author": str(ben.pk)}
    answer = client.post(f"/requests/{request.pk}/comments/", data, headers={"X-Author": str(ben.pk)})
    assert answer.status_code == 302
    assert request.comments.get().author == ben


def test_a_request_is_not_filed_as_somebody_else(client: Client, anna: Person, ben: Person) -> None:
    typed = {"title": WORDS, "submission_id": str(uuid4()), "author": str(anna.pk)}
    for action in ("draft", "submit", "preview", "similar"):
        assert client.post("/requests/new/", {**typed, "action": action}).status_code == 409
    assert not Request.objects.exists()


def test_a_draft_does_not_save_itself_as_somebody_elses(client: Client, anna: Person, ben: Person) -> None:
    typed = {"title": WORDS, "submission_id": str(uuid4()), "author": str(anna.pk)}
    answer = client.post("/requests/new/save/", typed, headers=JSON)
    assert answer.status_code == 409
    assert answer.json()["message"].startswith("You were signed in as Anna Albers")
    assert answer.json()["said"] == "Not saved: somebody else is signed in by now."
    assert not Request.objects.exists()


def test_a_dialog_keeps_what_was_typed_and_a_toast_says_why(
    client: Client, anna: Person, ben: Person
) -> None:
    address = f"/requests/{make_request().pk}/actions/park/"
    answer = client.post(address, {"reason": WORDS, "author": str(anna.pk)}, headers=HTMX)
    toast = json.loads(answer["HX-Trigger"])["tandem:toast"]["text"]
    assert (answer.status_code, answer["HX-Reswap"]) == (409, "none")
    assert toast.startswith("You were signed in as Anna Albers")
    assert '<p role="alert">You were signed in as Anna Albers' in answer.content.decode()


def test_a_button_without_a_field_is_refused_by_what_its_page_says(
    client: Client, anna: Person, ben: Person
) -> None:
    request = make_request()
    support = f"/requests/{request.pk}/support/"
    answer = client.post(support, {"wanted": "yes"}, headers={**HTMX, "X-Author": str(anna.pk)})
    assert answer.status_code == 409
    assert not request.supporters.exists()
    assert (
        client.post(support, {"wanted": "yes"}, headers={**HTMX, "X-Author": str(ben.pk)}).status_code == 200
    )
    assert request.supporters.exists()


def test_no_card_is_moved_as_somebody_else(client: Client, anna: Person, ben: Person) -> None:
    team = make_team(Side.IT)
    request = make_request(Status.READY, serving_team=team)
    drop = {
        "number": request.pk,
        "version": request.version,
        "status": "parked",
        "reason": WORDS,
        "answered": 1,
    }
    headers = {**JSON, "X-Author": str(anna.pk)}
    answer = client.post(f"/boards/{team.slug}/move/", drop, headers=headers)
    told = answer.json()
    assert (answer.status_code, told["unsent"]) == (409, True)
    assert told["message"].startswith("You were signed in as Anna Albers")
    request.refresh_from_db()
    assert request.status == Status.READY


def test_a_file_is_not_added_as_somebody_else(client: Client, anna: Person, ben: Person) -> None:
    request = make_request()
    headers = {**HTMX, "X-Author": str(anna.pk)}
    answer = client.post(f"/requests/{request.pk}/attachments/", {"file": ""}, headers=headers)
    assert answer.status_code == 409
    assert not request.attachments.exists()


def test_a_dialog_does_not_open_on_a_page_of_somebody_else(client: Client, anna: Person, ben: Person) -> None:
    """It would be drawn for Ben, on a page that still says Anna."""
    address = f"/requests/{make_request().pk}/actions/park/"
    assert client.get(address, headers={**HTMX, "X-Author": str(anna.pk)}).status_code == 409
    assert client.get(address, headers={**HTMX, "X-Author": str(ben.pk)}).status_code == 200


def test_what_the_page_asks_by_itself_says_nothing(client: Client, anna: Person, ben: Person) -> None:
    headers = {**HTMX, "X-Author": str(anna.pk)}
    answer = client.post("/requests/new/help/", {"title": WORDS, "author": str(anna.pk)}, headers=headers)
    assert (answer.status_code, answer.content) == (204, b"")


def test_a_page_can_ask_whether_it_is_still_that_of_who_is_signed_in(
    client: Client, anna: Person, ben: Person
) -> None:
    mine = client.get("/accounts/still-mine/", headers={**JSON, "X-Author": str(ben.pk)})
    hers = client.get("/accounts/still-mine/", headers={**JSON, "X-Author": str(anna.pk)})
    assert (mine.status_code, hers.status_code) == (204, 409)
    assert client.get("/accounts/still-mine/").status_code == 204
    assert Client().get("/accounts/still-mine/", headers=JSON).status_code == 401


def test_pages_say_for_whom_they_were_drawn(client: Client, ben: Person) -> None:
    says = f'data-author="{ben.pk}" data-still-mine="/accounts/still-mine/"'
    assert says in client.get("/").content.decode()


@pytest.mark.parametrize("author", ["0", "x", "1x", "²", "-1", "9" * 40, "<b>Anna</b>", "1\x00"])
def test_what_names_nobody_is_refused_without_a_name(client: Client, ben: Person, author: str) -> None:
    answer = client.post("/people/me/", {"name": WORDS, "author": author})
    assert answer.status_code == 409
    assert "as somebody else when you wrote this; now you are Ben Brandt." in answer.content.decode()
    assert "<b>Anna" not in answer.content.decode()


def test_names_cannot_put_anything_into_the_page(client: Client, ben: Person) -> None:
    tag = make_person(name="<script>alert(1)</script>")
    for headers in ({}, HTMX):
        answer = client.post("/people/me/", {"name": "x", "author": str(tag.pk)}, headers=headers)
        assert "<script>alert" not in answer.content.decode()


def test_without_javascript_the_secret_of_the_form_is_old_and_the_answer_is_the_same(anna: Person) -> None:
    """Signing in changes the secret; only our scripts bring the new one into an old form."""
    client = Client(enforce_csrf_checks=True)
    client.force_login(make_admin(name="Ben Brandt", language="en"))
    answer = client.post("/people/me/", {"name": WORDS, "author": str(anna.pk)})
    assert answer.status_code == 409
    assert "You were signed in as Anna Albers" in answer.content.decode()
    own = client.post("/people/me/", {"name": WORDS})
    assert (own.status_code, "Please send that once more" in own.content.decode()) == (403, True)


@pytest.mark.parametrize("way", ["/accounts/logout/", "/language/"])
def test_signing_out_and_the_language_work_from_any_page(client: Client, ben: Person, way: str) -> None:
    """Their forms name nobody: a way out must always be open."""
    tags = [one.partition(">")[0] for one in client.get("/").content.decode().split("<form")]
    forms = [tag for tag in tags if f'action="{way}"' in tag]
    assert forms
    assert all("data-anyone" in one for one in forms)
    assert client.post(way, {"language": "de"}).status_code == 302
