"""Labels: kept in one shape, put on and taken off by editing, offered to those who see them."""

import json
import re

import pytest
from django.db import IntegrityError
from django.test import Client
from django.utils.translation import override
from pytest_django import DjangoAssertNumQueries

from activity.models import Event
from requests_app.choices import Status
from requests_app.intake.drafts import save_draft
from requests_app.intake.edit import edit
from requests_app.intake.submit import create
from requests_app.labels import (
    MOST_LABELS,
    clean_labels,
    named,
    names_of,
    offered_to,
    put_labels,
    seen_by,
)
from requests_app.models import LABEL_LINE, Label, Request
from requests_app.timeline import timeline
from teams.models import Person
from teams.rules import InvalidFields, RuleViolation
from tests.api_client import machine, send
from tests.factories import holder, make_person, make_request

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ([], []),
        (["  spring   sale ", ""], ["spring sale"]),
        (["Spring", "spring", "SPRING"], ["Spring"]),
        (["winter", "Äpfel", "app"], ["app", "winter", "Äpfel"]),
        (["a\tb"], ["a b"]),
    ],
)
def test_they_are_kept_once_and_in_order(given: list[str], kept: list[str]) -> None:
    assert clean_labels(given) == kept


@pytest.mark.parametrize(
    ("given", "code"),
    [
        (["a,b"], "invalid"),
        (["x" * (LABEL_LINE + 1)], "too_long"),
        (["nul\0"], "control_character"),
        ([str(n) for n in range(MOST_LABELS + 1)], "too_many"),
    ],
)
def test_what_is_no_label_is_refused_at_its_field(given: list[str], code: str) -> None:
    with pytest.raises(InvalidFields) as refused:
        clean_labels(given)
    assert [(one.field, one.code) for one in refused.value.missing] == [("labels", code)]


@pytest.mark.parametrize("name", ["", " ", "a,b", " a", "a ", ",", "a\nb", "a\tb"])
def test_the_database_refuses_another_shape_too(name: str) -> None:
    with pytest.raises(IntegrityError, match="label_is_a_word"):
        Label.objects.create(name=name)


@pytest.mark.parametrize("name", ["a", "ab", "spring & summer", "Größe 38", "x" * LABEL_LINE])
def test_the_database_takes_words(name: str) -> None:
    assert named([name])[name].name == name
    assert named([name])[name] == Label.objects.get()


def test_an_edit_puts_them_on_and_takes_them_off_with_an_event_each() -> None:
    request = make_request()
    requester = holder(request.requester)
    edit(request.pk, {"labels": ["spring", "app"]}, by=requester)
    assert names_of(request) == ["app", "spring"]
    edit(request.pk, {"labels": ["app"]}, by=requester)
    edit(request.pk, {"labels": ["app"]}, by=requester)
    assert names_of(request) == ["app"]
    changes = [event.data["changes"]["labels"] for event in Event.objects.order_by("id")]
    assert changes == [
        {"from": [], "to": ["app", "spring"]},
        {"from": ["app", "spring"], "to": ["app"]},
    ]


def test_the_timeline_tells_it_in_words() -> None:
    request = make_request()
    edit(request.pk, {"labels": ["spring", "app"]}, by=holder(request.requester))
    with override("en"):
        ((change,),) = [entry.changes for entry in timeline(request, 10)[0]]
        assert (str(change.label), change.before, change.after) == ("labels", "–", "app, spring")


def test_from_ready_on_they_need_a_reason_as_every_field_does() -> None:
    request = make_request(Status.READY)
    with pytest.raises(RuleViolation) as refused:
        edit(request.pk, {"labels": ["app"]}, by=holder(request.requester))
    assert [one.code for one in refused.value.missing] == ["reason_missing"]
    assert not Label.objects.exists()


def test_a_request_is_filed_with_them() -> None:
    filed = make_request()
    fields = {"title": "A thought", "labels": ["spring"]}
    draft = create(fields, by=holder(filed.requester), submit=False)  # type: ignore[arg-type]
    assert names_of(draft) == ["spring"]


def test_many_requests_get_theirs_at_once(django_assert_num_queries: DjangoAssertNumQueries) -> None:
    requests = [make_request() for _ in range(5)]
    with django_assert_num_queries(3):
        put_labels([(request, ["spring", "app", "spring"]) for request in requests])
    assert [names_of(request) for request in requests] == [["app", "spring"]] * 5


def test_only_labels_of_what_one_sees_are_offered() -> None:
    reader = make_person()
    make_request().labels.add(named(["spring"])["spring"])
    make_request(restricted=True).labels.add(named(["merger"])["merger"])
    make_request(Status.DRAFT).labels.add(named(["thought"])["thought"])
    named(["nobody's"])
    assert offered_to(reader) == ["spring"]


@pytest.fixture
def request_() -> Request:
    return make_request()


@pytest.fixture
def mira(request_: Request) -> Person:
    requester = holder(request_.requester)
    requester.language = "en"
    requester.save()
    return requester


def test_the_edit_form_shows_them_offers_others_and_saves(
    client: Client, request_: Request, mira: Person
) -> None:
    edit(request_.pk, {"labels": ["app", "spring"]}, by=mira)
    client.force_login(mira)
    url = f"/requests/{request_.pk}/edit/"
    page = client.get(url)
    html = page.content.decode()
    assert 'value="app, spring"' in html
    offered = re.search(r'data-words="([^"]*)"', html)
    assert offered
    assert json.loads(offered[1].replace("&quot;", '"')) == ["app", "spring"]
    form = page.context["form"]
    data = {name: form[name].value() for name in form.fields if form[name].value() not in (None, False)}
    assert client.post(url, data | {"labels": "app; store ,, App"}).status_code == 302
    assert names_of(request_) == ["app", "store"]


def test_the_form_says_what_is_wrong_with_them(client: Client, request_: Request, mira: Person) -> None:
    client.force_login(mira)
    url = f"/requests/{request_.pk}/edit/"
    form = client.get(url).context["form"]
    data = {name: form[name].value() for name in form.fields if form[name].value() not in (None, False)}
    answer = client.post(url, data | {"labels": "x" * 61})
    assert answer.status_code == 422
    assert "Shorten this text to at most 60 characters; it has 61." in answer.content.decode()


def test_filing_the_same_form_again_takes_no_label_away(client: Client, mira: Person) -> None:
    client.force_login(mira)
    page = client.get("/requests/new/").context["form"]
    typed = {
        "customer_need": "Topics",
        "title": "Choose",
        "outcome": "They choose.",
        "type": "automation",
        "requesting_team": str(mira.teams.get().pk),
        "submission_id": str(page["submission_id"].value()),
    }
    client.post("/requests/new/", typed)
    filed = Request.objects.latest("number")
    edit(filed.pk, {"labels": ["spring"]}, by=mira)
    again = client.post("/requests/new/", typed | {"title": "Choose better"}).content.decode()
    assert 'value="spring"' in again


def test_the_api_sets_changes_and_empties_them(request_: Request, mira: Person) -> None:
    client, path = machine(mira), f"requests/{request_.pk}/"
    assert send(client, "patch", path, {"labels": ["spring", "app"]}).json()["labels"] == ["app", "spring"]
    assert send(client, "patch", path, {"title": "Other"}).json()["labels"] == ["app", "spring"]
    assert send(client, "patch", path, {"labels": []}).json()["labels"] == []
    made = send(client, "post", "requests/", {"title": "x", "labels": ["spring"], "submit": False}).json()
    assert made["labels"] == ["spring"]


@pytest.mark.parametrize(
    "labels", ["spring", {"a": 1}, None, [1], [""], ["a,b"], [["a"]], ["x" * 61], ["a"] * 21, [None]]
)
def test_the_api_takes_nothing_else(request_: Request, mira: Person, labels: object) -> None:
    answer = send(machine(mira), "patch", f"requests/{request_.pk}/", {"labels": labels})
    assert answer.status_code == 400, answer.content
    assert answer.json()["errors"][0]["field"].split(".")[0] == "labels"
    assert not Label.objects.exists()


def test_labels_of_others_drafts_are_shown_to_nobody_else(client: Client, mira: Person) -> None:
    """Not even to an administrator, in the tables of /admin/."""
    save_draft({"title": "A thought", "labels": ["takeover"]}, by=mira)
    put_labels([(make_request(), ["spring"])])
    admin = make_person(is_admin=True)
    assert [label.name for label in seen_by(admin)] == ["spring"]
    assert {label.name for label in seen_by(mira)} == {"spring", "takeover"}
    client.force_login(admin)
    html = client.get("/admin/requests_app/label/").content.decode()
    assert "spring" in html
    assert "takeover" not in html
    hidden = Label.objects.get(name="takeover")
    assert client.get(f"/admin/requests_app/label/{hidden.pk}/change/").status_code == 302
