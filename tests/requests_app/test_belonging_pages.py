"""Files and links on the page of a request, with and without JavaScript."""

import re
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from activity import clock
from requests_app.attachments.keeping import MOST_FILES, attach
from requests_app.intake.edit import edit
from requests_app.links import link
from requests_app.models import Attachment, Link, Request
from requests_app.workflow.inputs import Inputs
from requests_app.workflow.perform import perform
from teams.models import Person
from tests.factories import holder, make_admin, make_comment, make_person, make_request
from tests.requests_app.attachments.samples import EXE, PDF, SVG, picture, upload

pytestmark = pytest.mark.django_db


@pytest.fixture
def tom() -> Person:
    return make_person(name="Tom Reiter", language="en")


def browser(person: Person, **options: Any) -> Client:
    client = Client(**options)
    client.force_login(person)
    return client


def page(person: Person, request: Request, query: str = "") -> str:
    return browser(person).get(f"/requests/{request.pk}/{query}").content.decode()


def send(person: Person, request: Request, *files: Any, htmx: bool = False) -> Any:
    headers = {"hx-request": "true"} if htmx else {}
    return browser(person).post(
        f"/requests/{request.pk}/attachments/", {"file": list(files)}, headers=headers
    )


# ---- files


def test_without_javascript_a_form_sends_several_files(tom: Person) -> None:
    request = make_request()
    answer = send(tom, request, upload("plan.pdf", PDF), upload("photo.png"))
    assert answer.headers["Location"] == f"/requests/{request.pk}/#attachments"
    html = page(tom, request)
    assert 'enctype="multipart/form-data"' in html
    for name in ("plan.pdf", "photo.png"):
        assert f">{name}</a>" in html
    assert html.count('class="thumb" src=') == 1
    assert "put files to the request: plan.pdf, photo.png" in html


def test_the_script_gets_the_section_anew(tom: Person) -> None:
    answer = send(tom, make_request(), upload("photo.png"), htmx=True)
    html = answer.content.decode()
    assert answer.status_code == 200
    assert html.lstrip().startswith("<section")
    assert "photo.png" in html


@pytest.mark.parametrize("htmx", [True, False])
@pytest.mark.parametrize(
    ("language", "words"), [("en", "which can carry scripts"), ("de", "die Skripte enthalten kann")]
)
def test_a_refusal_is_shown_where_the_files_are(htmx: bool, language: str, words: str) -> None:
    person, request = make_person(language=language), make_request()
    answer = send(person, request, upload("drawing.svg", SVG), htmx=htmx)
    html = answer.content.decode()
    assert answer.status_code == 422
    assert words in re.sub(r"\s+", " ", html)
    assert ("<html" in html) != htmx
    assert not Attachment.objects.exists()


def test_eleven_files_are_refused_in_words(tom: Person) -> None:
    answer = send(tom, make_request(), *(upload(f"{n}.txt", b"x") for n in range(11)))
    assert answer.status_code == 422
    assert "A request holds at most 10 files. It has 0, and you sent 11 files." in answer.content.decode()


def test_26_mb_are_refused_in_words_and_never_kept(tom: Person) -> None:
    answer = send(tom, make_request(), upload("film.mp4", b"x" * (26 * 1024 * 1024)))
    assert answer.status_code == 422
    assert "“film.mp4” has 26.0 MB; a file may have at most 25.0 MB." in answer.content.decode().replace(
        "\xa0", " "
    )


@pytest.mark.parametrize(
    ("header", "kept"),
    [
        ('filename="../../../etc/plan.txt"', "plan.txt"),
        ('filename="a\u202etxt.exe.txt"', "atxt.exe.txt"),
        ("filename*=UTF-8''two%0D%0Alines.txt", "twolines.txt"),
    ],
)
def test_a_hostile_name_comes_in_as_a_plain_line(tom: Person, header: str, kept: str) -> None:
    request = make_request()
    body = (
        f'--b\r\nContent-Disposition: form-data; name="file"; {header}\r\n'
        "Content-Type: text/plain\r\n\r\nwords\r\n--b--\r\n"
    )
    browser(tom).generic(
        "POST", f"/requests/{request.pk}/attachments/", body.encode(), "multipart/form-data; boundary=b"
    )
    assert Attachment.objects.get().name == kept


def test_a_name_never_becomes_markup(tom: Person) -> None:
    request = make_request()
    attach(request.pk, [upload('"><img src=x onerror=alert(1)>.txt', b"x")], by=tom)
    html = page(tom, request)
    assert "<img src=x" not in html
    assert "&lt;img src=x" in html


def test_no_file_at_all_is_told(tom: Person) -> None:
    assert "Choose a file." in send(tom, make_request()).content.decode()


def test_a_full_request_offers_no_place(tom: Person) -> None:
    request = make_request()
    attach(request.pk, [upload(f"{n}.txt", b"x") for n in range(MOST_FILES)], by=tom)
    html = page(tom, request)
    assert 'type="file"' not in html
    assert "All 10 places for files are taken." in html


def test_who_sent_a_file_sees_the_button_that_removes_it(tom: Person) -> None:
    request = make_request()
    (made,) = attach(request.pk, [upload("plan.txt", b"x")], by=tom)
    button = f"/requests/{request.pk}/attachments/{made.pk}/remove/"
    assert button in page(tom, request)
    assert button in page(holder(request.requester), request)
    other = make_person()
    assert button not in page(other, request)
    assert browser(other).post(button).status_code == 409
    assert browser(tom).post(button).status_code == 302
    html = page(tom, request)
    assert button not in html
    assert "took the file plan.txt away" in html


def test_the_list_alone_can_be_fetched(tom: Person) -> None:
    request = make_request()
    address = f"/requests/{request.pk}/attachments/"
    assert browser(tom).get(address).headers["Location"] == f"/requests/{request.pk}/#attachments"
    assert "<section" in browser(tom).get(address, headers={"hx-request": "true"}).content.decode()


def test_without_the_csrf_token_nothing_is_kept(tom: Person) -> None:
    client = browser(tom, enforce_csrf_checks=True)
    answer = client.post(f"/requests/{make_request().pk}/attachments/", {"file": upload()})
    assert answer.status_code == 403
    assert not Attachment.objects.exists()


def test_a_wrong_file_beside_a_right_one_says_which(tom: Person) -> None:
    answer = send(tom, make_request(), upload("good.png"), upload("tool.pdf", EXE), htmx=True)
    html = answer.content.decode()
    assert "tool.pdf" in html
    assert "good.png" not in html


# ---- links


def test_a_link_shows_on_both_pages(tom: Person) -> None:
    one, other = make_request(title="Consent form"), make_request(title="Newsletter")
    answer = browser(tom).post(f"/requests/{one.pk}/links/", {"relation": "blocks", "other": f"t-{other.pk}"})
    assert answer.headers["Location"] == f"/requests/{one.pk}/#links"
    here, there = page(tom, one), page(tom, other)
    assert re.search(rf"<dt>blocks</dt>\s*<dd><div><a href=\"/requests/{other.pk}/\">.*Newsletter", here)
    assert re.search(
        rf"<dt>is blocked by</dt>\s*<dd><div><a href=\"/requests/{one.pk}/\">.*Consent form", there
    )
    assert f"noted that this blocks T-{other.pk}" in here


def test_a_linked_request_that_becomes_hidden_disappears_with_its_number(tom: Person) -> None:
    one, other = make_request(), make_request(title="Verschlusssache")
    link(one.pk, "relates_to", other.pk, by=tom)
    make_comment(one, tom, f"Compare {other.key}")
    assert f"/requests/{other.pk}/" in page(tom, one)
    edit(other.pk, {"restricted": True}, by=holder(other.requester))
    html = page(tom, one)
    assert "Verschlusssache" not in html
    assert f"/requests/{other.pk}/" not in html
    # What somebody wrote stays as it was written; nothing of ours adds to it.
    assert html.count(other.key) == 1
    assert "linked the request" not in html
    assert "noted that this relates to" not in html


@pytest.mark.parametrize("htmx", [True, False])
@pytest.mark.parametrize(
    ("sent", "words"),
    [
        ({"relation": "blocks", "other": ""}, "Fill in this field."),
        ({"relation": "blocks", "other": "twelve"}, "Enter the number of a request, such as T-12."),
        ({"relation": "blocks", "other": "999999"}, "There is no such request."),
        ({"relation": "envies", "other": "T-1"}, "envies is not one of the available choices."),
        ({}, "Fill in this field."),
    ],
)
def test_a_wrong_link_is_told_at_its_field(tom: Person, htmx: bool, sent: dict[str, str], words: str) -> None:
    request = make_request()
    headers = {"hx-request": "true"} if htmx else {}
    answer = browser(tom).post(f"/requests/{request.pk}/links/", sent, headers=headers)
    html = answer.content.decode()
    assert answer.status_code == 422
    assert words in html
    assert "add-link" in html
    assert "open>" in html


def test_a_link_to_a_hidden_request_is_told_as_one_to_none(tom: Person) -> None:
    one, hidden = make_request(), make_request(restricted=True, title="Verschlusssache")
    sent = {"relation": "blocks", "other": hidden.key}
    html = browser(tom).post(f"/requests/{one.pk}/links/", sent).content.decode()
    assert "There is no such request." in html
    assert f'value="{hidden.key}"' in html
    assert "Verschlusssache" not in html
    assert not Link.objects.exists()


@pytest.mark.parametrize(
    ("language", "words"), [("en", "block each other in a ring"), ("de", "im Kreis blockieren")]
)
def test_a_ring_of_links_is_told_and_what_was_typed_stays(language: str, words: str) -> None:
    person = make_person(language=language)
    one, two, three = make_request(), make_request(), make_request()
    link(one.pk, "blocks", two.pk, by=person)
    link(two.pk, "blocks", three.pk, by=person)
    sent = {"relation": "blocks", "other": one.key}
    answer = browser(person).post(f"/requests/{three.pk}/links/", sent)
    html = answer.content.decode()
    assert answer.status_code == 422
    assert words in html
    assert f'value="{one.key}"' in html


def test_a_link_is_removed_by_its_button(tom: Person) -> None:
    one, other = make_request(), make_request()
    made = link(one.pk, "blocks", other.pk, by=tom)
    button = f"/requests/{other.pk}/links/{made.pk}/remove/"
    assert button in page(tom, other)
    stranger = make_person()
    assert button not in page(stranger, other)
    assert browser(stranger).post(button).status_code == 409
    assert browser(tom).post(button, headers={"hx-request": "true"}).status_code == 200
    assert not Link.objects.exists()


def test_keys_in_need_and_outcome_become_links(tom: Person) -> None:
    other = make_request(title="The other")
    hidden = make_request(restricted=True, title="Verschlusssache")
    request = make_request(customer_need=f"As in {other.key} & {hidden.key}", outcome=f"Like {other.key}")
    html = page(tom, request)
    assert html.count(f'<a href="/requests/{other.pk}/" title="The other">{other.key}</a>') == 2
    assert f"&amp; {hidden.key}" in html
    assert "Verschlusssache" not in html


# ---- merged requests


def merged() -> tuple[Request, Request]:
    old, new = make_request(title="The old one"), make_request(title="The new one")
    attach(old.pk, [upload("old.txt", b"x")], by=make_person())
    perform("merge", old.pk, by=make_admin(), inputs=Inputs(into=new.pk))
    return old, new


def test_the_old_number_leads_to_the_new_one(tom: Person) -> None:
    old, new = merged()
    answer = browser(tom).get(f"/requests/{old.pk}/")
    assert answer.headers["Location"] == f"/requests/{new.pk}/?merged={old.pk}"
    html = page(tom, new, f"?merged={old.pk}")
    assert f"{old.key} was merged into this request." in html
    assert f'href="/requests/{old.pk}/?own=1"' in html
    assert "old.txt" in html


def test_the_old_page_itself_can_be_seen_and_the_merge_undone_there(tom: Person) -> None:
    old, _new = merged()
    admin = make_admin(language="en")
    html = page(admin, old, "?own=1")
    assert "This request was merged" in html
    assert "Undo the merge" in html
    assert browser(admin).post(f"/requests/{old.pk}/actions/unmerge/").status_code == 302
    html = page(tom, old)
    assert "old.txt" in html
    with clock.moved_to(clock.now() + timedelta(days=2)):
        assert "The old one" in page(tom, old)


def test_who_may_not_see_the_new_one_stays_with_the_old_one(tom: Person) -> None:
    old, new = merged()
    Request.objects.filter(pk=new.pk).update(restricted=True)
    html = page(tom, old)
    assert "This request was merged with another one." in html
    assert new.key not in html


@pytest.mark.parametrize("query", ["?merged=1", "?merged=abc", "?merged=", "?merged=99999999999999999999"])
def test_an_invented_number_is_not_told(tom: Person, query: str) -> None:
    assert "was merged into this request" not in page(tom, make_request(), query)


def test_a_chain_leads_to_its_end(tom: Person) -> None:
    old, new = merged()
    last = make_request()
    perform("merge", new.pk, by=make_admin(), inputs=Inputs(into=last.pk))
    answer = browser(tom).get(f"/requests/{old.pk}/", follow=True)
    assert answer.status_code == 200
    assert [address for address, _status in answer.redirect_chain][-1].startswith(f"/requests/{last.pk}/")


def test_previews_are_shown_lazily(tom: Person) -> None:
    request = make_request()
    (made,) = attach(request.pk, [upload("big.png", picture("PNG", (1200, 900)))], by=tom)
    html = page(tom, request)
    assert f'src="/requests/{request.pk}/attachments/{made.pk}/preview/" alt=""' in html
    assert 'loading="lazy"' in html
