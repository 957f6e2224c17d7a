"""Files go out as downloads that run nothing, to those who see the request at this moment."""

from typing import Any

import pytest
from django.core.files.storage import default_storage
from django.test import Client

from requests_app.attachments.keeping import attach
from requests_app.intake.edit import edit
from requests_app.models import Attachment, Request
from teams.models import Person
from tests.factories import holder, make_person, make_request
from tests.requests_app.attachments.samples import PDF, picture, upload

pytestmark = pytest.mark.django_db


@pytest.fixture
def request_() -> Request:
    return make_request()


@pytest.fixture
def mira(request_: Request) -> Person:
    return holder(request_.requester)


def browser(person: Person, **options: Any) -> Client:
    client = Client(**options)
    client.force_login(person)
    return client


def made(request: Request, person: Person, name: str, content: bytes) -> Attachment:
    return attach(request.pk, [upload(name, content)], by=person)[0]


def address(one: Attachment, what: str = "") -> str:
    return f"/requests/{one.request_id}/attachments/{one.pk}/{what}"


def content(answer: Any) -> bytes:
    return b"".join(answer.streaming_content)


def test_a_file_is_a_download_that_nothing_runs(request_: Request, mira: Person) -> None:
    file = made(request_, mira, 'Größe "x".pdf', PDF)
    answer = browser(mira).get(address(file))
    assert (answer.status_code, content(answer)) == (200, PDF)
    assert answer.headers["Content-Type"] == "application/pdf"
    assert answer.headers["Content-Disposition"].startswith("attachment; filename*=utf-8''Gr%C3%B6%C3%9Fe")
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Content-Security-Policy"] == "sandbox"
    assert answer.headers["Cache-Control"] == "private, no-store"
    assert answer.headers["Content-Length"] == str(len(PDF))


def test_it_is_not_compressed_a_second_time(request_: Request, mira: Person) -> None:
    file = made(request_, mira, "notes.txt", b"many words " * 9999)
    answer = browser(mira).get(address(file), headers={"accept-encoding": "gzip"})
    assert answer.headers["Content-Encoding"] == "identity"
    assert len(content(answer)) == file.size


def test_its_preview_is_another_image_with_the_same_armour(request_: Request, mira: Person) -> None:
    sent = picture("PNG", (900, 900))
    file = made(request_, mira, "photo.png", sent)
    answer = browser(mira).get(address(file, "preview/"))
    small = content(answer)
    assert (answer.headers["Content-Type"], small[8:12]) == ("image/webp", b"WEBP")
    assert small != sent
    assert answer.headers["Content-Security-Policy"] == "sandbox"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"


def test_what_is_no_image_has_no_preview(request_: Request, mira: Person) -> None:
    assert browser(mira).get(address(made(request_, mira, "plan.pdf", PDF), "preview/")).status_code == 404


def test_restricting_closes_downloads_at_once(request_: Request, mira: Person) -> None:
    file, stranger = made(request_, mira, "photo.png", picture()), browser(make_person())
    assert stranger.get(address(file)).status_code == 200
    edit(request_.pk, {"restricted": True}, by=mira)
    for what in ("", "preview/"):
        assert stranger.get(address(file, what)).status_code == 404
        assert browser(mira).get(address(file, what)).status_code == 200


def test_a_file_is_found_only_below_its_own_request(request_: Request, mira: Person) -> None:
    file, other = made(request_, mira, "plan.pdf", PDF), make_request()
    client = browser(mira)
    for number, pk in (
        (other.pk, file.pk),
        (request_.pk, file.pk + 1),
        (request_.pk, 2**65),
        (2**65, file.pk),
    ):
        assert client.get(f"/requests/{number}/attachments/{pk}/").status_code == 404


def test_who_is_signed_out_gets_nothing(request_: Request, mira: Person) -> None:
    file = made(request_, mira, "plan.pdf", PDF)
    assert Client().get(address(file)).status_code == 302


def test_a_file_that_the_storage_has_lost_is_absent_and_logged(
    request_: Request, mira: Person, caplog: pytest.LogCaptureFixture
) -> None:
    file = made(request_, mira, "plan.pdf", PDF)
    default_storage.delete(str(file.file))
    assert browser(mira).get(address(file)).status_code == 404
    assert "has lost" in caplog.text
