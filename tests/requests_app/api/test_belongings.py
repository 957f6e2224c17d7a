"""Files and links by the API."""

from typing import Any

import pytest
from django.test import Client

from activity.models import Event, Origin
from requests_app.attachments.keeping import attach
from requests_app.links import link
from requests_app.models import Attachment, Link, Request
from teams.models import Person
from tests.api_client import API, PROBLEM, send
from tests.factories import make_person, make_request
from tests.requests_app.attachments.samples import EXE, PDF, SVG, upload

pytestmark = pytest.mark.django_db


def post_files(client: Client, number: int, *files: Any, **fields: Any) -> Any:
    return client.post(f"{API}requests/{number}/attachments/", {"file": list(files), **fields})


def errors(answer: Any) -> list[tuple[str, str]]:
    assert (answer.status_code, answer.headers["Content-Type"]) == (400, PROBLEM)
    return [(error["field"], error["code"]) for error in answer.json()["errors"]]


def test_files_are_sent_listed_fetched_and_removed(marketing: Client, mira: Person) -> None:
    number = make_request().pk
    answer = post_files(marketing, number, upload("plan.pdf", PDF), upload("photo.png"))
    assert answer.status_code == 201
    plan, photo = answer.json()
    assert plan["name"] == "plan.pdf"
    assert (plan["content_type"], plan["size"]) == ("application/pdf", len(PDF))
    assert plan["uploader"] == {"id": mira.pk, "name": mira.name, "side": "marketing"}
    path = f"requests/{number}/attachments/"
    assert send(marketing, "get", path).json()["results"] == [plan, photo]
    one = f"{path}{plan['id']}/"
    assert plan["content"].endswith(f"/api/v1/{one}")
    content = send(marketing, "get", one)
    assert b"".join(content.streaming_content) == PDF
    assert content.headers["Content-Disposition"] == 'attachment; filename="plan.pdf"'
    assert content.headers["Content-Security-Policy"] == "sandbox"
    assert send(marketing, "delete", one).status_code == 204
    assert send(marketing, "get", path).json()["results"] == [photo]
    assert set(
        Event.objects.filter(object_type="request", object_id=number).values_list("origin", flat=True)
    ) == {Origin.API}


def test_whatever_type_a_caller_accepts_it_gets_the_file(marketing: Client, mira: Person) -> None:
    request = make_request()
    (made,) = attach(request.pk, [upload("plan.pdf", PDF)], by=mira)
    path = f"requests/{request.pk}/attachments/{made.pk}/"
    for accept in ("application/pdf", "*/*", "application/json"):
        assert send(marketing, "get", path, accept=accept).status_code == 200
    missing = send(
        marketing, "get", f"requests/{request.pk}/attachments/{made.pk + 1}/", accept="application/pdf"
    )
    assert (missing.status_code, missing.headers["Content-Type"]) == (404, PROBLEM)


@pytest.mark.parametrize(
    ("files", "code"),
    [
        ([], "required"),
        ([("drawing.svg", SVG)], "type_not_taken"),
        ([("photo.png", EXE)], "content_differs"),
        ([("empty.txt", b"")], "empty"),
        ([(f"{n}.txt", b"x") for n in range(11)], "too_many"),
        ([("film.mp4", b"x" * (26 * 1024 * 1024))], "too_large"),
    ],
)
def test_a_wrong_upload_is_a_problem(marketing: Client, files: list[tuple[str, bytes]], code: str) -> None:
    answer = post_files(marketing, make_request().pk, *(upload(*file) for file in files))
    assert errors(answer) == [("file", code)]
    assert not Attachment.objects.exists()


def test_other_fields_are_refused(marketing: Client) -> None:
    number = make_request().pk
    assert errors(post_files(marketing, number, upload(), colour="red")) == [("colour", "unknown_field")]
    answer = marketing.post(f"{API}requests/{number}/attachments/", {"picture": upload()})
    assert errors(answer) == [("picture", "unknown_field")]


def test_a_broken_form_and_another_media_type_are_problems(marketing: Client) -> None:
    path = f"{API}requests/{make_request().pk}/attachments/"
    broken = marketing.generic("POST", path, b"--b\r\nnonsense", "multipart/form-data; boundary=")
    assert (broken.status_code, broken.headers["Content-Type"]) == (400, PROBLEM)
    other = marketing.generic("POST", path, b"%PDF", "application/pdf")
    assert (other.status_code, other.json()["type"]) == (415, "urn:tandem:problem:media-type")


def test_files_of_hidden_requests_are_absent(marketing: Client) -> None:
    hidden = make_request(restricted=True)
    assert hidden.requester
    (made,) = attach(hidden.pk, [upload()], by=hidden.requester)
    path = f"requests/{hidden.pk}/attachments/"
    assert send(marketing, "get", path).status_code == 404
    assert post_files(marketing, hidden.pk, upload()).status_code == 404
    for method in ("get", "delete"):
        assert send(marketing, method, f"{path}{made.pk}/").status_code == 404


def test_removing_what_others_sent_is_not_yours(marketing: Client) -> None:
    request = make_request()
    (made,) = attach(request.pk, [upload()], by=make_person())
    answer = send(marketing, "delete", f"requests/{request.pk}/attachments/{made.pk}/")
    assert (answer.status_code, answer.json()["missing"][0]["code"]) == (409, "not_yours")


def test_links_are_made_seen_from_both_ends_and_removed(marketing: Client) -> None:
    one, other = make_request(), make_request(title="The other")
    path, back = f"requests/{one.pk}/links/", f"requests/{other.pk}/links/"
    answer = send(marketing, "post", path, {"relation": "is_blocked_by", "other": other.pk})
    made = answer.json()
    assert answer.status_code == 201
    assert (made["relation"], made["number"], made["key"], made["title"], made["status"]) == (
        "is_blocked_by",
        other.pk,
        other.key,
        "The other",
        "submitted",
    )
    assert send(marketing, "get", path).json()["results"] == [made]
    (seen,) = send(marketing, "get", back).json()["results"]
    assert (seen["id"], seen["relation"], seen["number"]) == (made["id"], "blocks", one.pk)
    assert send(marketing, "post", path, {"relation": "is_blocked_by", "other": other.pk}).json() == made
    assert send(marketing, "delete", f"{back}{made['id']}/").status_code == 204
    assert not Link.objects.exists()


@pytest.mark.parametrize(
    ("header", "kept"),
    [
        ('filename="../../../etc/plan.txt"', "plan.txt"),
        ("filename*=UTF-8''two%0D%0Alines.txt", "twolines.txt"),
    ],
)
def test_a_hostile_name_comes_in_as_a_plain_line(marketing: Client, header: str, kept: str) -> None:
    body = (
        f'--b\r\nContent-Disposition: form-data; name="file"; {header}\r\n'
        "Content-Type: text/plain\r\n\r\nwords\r\n--b--\r\n"
    )
    path = f"{API}requests/{make_request().pk}/attachments/"
    answer = marketing.generic("POST", path, body.encode(), "multipart/form-data; boundary=b")
    assert (answer.status_code, [one["name"] for one in answer.json()]) == (201, [kept])


def test_a_link_to_itself_in_a_ring_or_to_a_hidden_request_is_a_problem(marketing: Client) -> None:
    one, other, hidden = make_request(), make_request(), make_request(restricted=True)
    link(one.pk, "blocks", other.pk, by=make_person())
    path = f"requests/{other.pk}/links/"
    told = {}
    for number in (other.pk, one.pk, hidden.pk, hidden.pk + 99):
        answer = send(marketing, "post", path, {"relation": "blocks", "other": number})
        assert errors(answer)[0][0] == "other"
        told[number] = answer.json()["errors"]
    assert told[hidden.pk] == told[hidden.pk + 99]
    assert Link.objects.count() == 1


@pytest.mark.parametrize(
    ("body", "field", "code"),
    [
        ({}, "relation", "required"),
        ({"relation": "blocks"}, "other", "required"),
        ({"relation": "envies", "other": 1}, "relation", "invalid_choice"),
        ({"relation": "blocks", "other": "1"}, "other", "invalid"),
        ({"relation": "blocks", "other": 0}, "other", "min_value"),
        ({"relation": "blocks", "other": 10**30}, "other", "max_value"),
        ({"relation": "blocks", "other": 999_999}, "other", "invalid"),
        ({"relation": "blocks", "other": 1, "kind": "x"}, "kind", "unknown_field"),
    ],
)
def test_a_wrong_link_is_a_problem(marketing: Client, body: dict[str, Any], field: str, code: str) -> None:
    answer = send(marketing, "post", f"requests/{make_request().pk}/links/", body)
    assert (field, code) in errors(answer)


def test_a_link_to_a_hidden_request_does_not_show(marketing: Client) -> None:
    one, other = make_request(), make_request()
    made = link(one.pk, "blocks", other.pk, by=make_person())
    Request.objects.filter(pk=other.pk).update(restricted=True)
    assert send(marketing, "get", f"requests/{one.pk}/links/").json()["results"] == []
    assert send(marketing, "delete", f"requests/{one.pk}/links/{made.pk}/").status_code == 404


def test_merge_is_a_short_name_for_the_step(it: Client, ivo: Person) -> None:
    old, new = make_request(serving_team=ivo.teams.get()), make_request()
    path = f"requests/{old.pk}/merge/"
    for body in ({"into": old.pk}, {"into": 999_999}, {}):
        assert send(it, "post", path, body).status_code == 400
    assert send(it, "post", path, {"into": new.pk}, if_match='"9-0123456789abcdef"').status_code == 412
    answer = send(it, "post", path, {"into": new.pk, "reason": "The same wish."})
    assert answer.status_code == 200
    assert (answer.json()["status"], answer.json()["duplicate_of"]) == ("declined", new.pk)
    assert Event.objects.get(kind="request.merged").data["reason"] == "The same wish."
    back = send(it, "post", f"requests/{old.pk}/transitions/", {"action": "unmerge"})
    assert (back.json()["status"], back.json()["duplicate_of"]) == ("submitted", None)
