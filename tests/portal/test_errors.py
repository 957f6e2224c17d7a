"""Pages that say what went wrong: they lead on, and no address answers with nothing."""

from datetime import UTC, datetime

import pytest
from django.test import Client
from django.utils import formats, translation

from tests.factories import make_person, make_request

pytestmark = pytest.mark.django_db


@pytest.fixture
def visitor() -> Client:
    client = Client()
    client.force_login(make_person(language="en"))
    return client


def test_an_address_that_only_takes_forms_says_so(visitor: Client) -> None:
    answer = visitor.get(f"/requests/{make_request().pk}/support/")
    assert (answer.status_code, answer["Allow"]) == (405, "POST")
    page = answer.content.decode()
    assert "There is nothing to read here" in page
    assert 'href="/"' in page


def test_it_says_so_in_the_readers_language(client: Client) -> None:
    client.force_login(make_person(language="de"))
    page = client.get(f"/requests/{make_request().pk}/support/").content.decode()
    assert "Hier gibt es nichts zu lesen" in page


@pytest.mark.parametrize("headers", [{"HX-Request": "true"}, {"Accept": "application/json"}])
def test_scripts_get_the_bare_status(visitor: Client, headers: dict[str, str]) -> None:
    answer = visitor.get(f"/requests/{make_request().pk}/support/", headers=headers)
    assert (answer.status_code, answer.content) == (405, b"")


TOO_MUCH = ({"body": "x" * 2_700_000}, {f"field{n}": "1" for n in range(1_100)})


@pytest.mark.parametrize("sent", TOO_MUCH, ids=["text", "fields"])
def test_what_is_too_much_at_once_says_so_on_a_page_that_leads_on(
    visitor: Client, sent: dict[str, str]
) -> None:
    answer = visitor.post(f"/requests/{make_request().pk}/comments/", sent)
    assert answer.status_code == 413
    page = answer.content.decode()
    assert "This is too much at once" in page
    assert 'href="/"' in page


def test_what_is_not_understood_says_so_before_anybody_is_known(client: Client) -> None:
    answer = client.get("/", headers={"Host": "evil.example", "Accept-Language": "de"})
    assert answer.status_code == 400
    page = answer.content.decode()
    assert "Das wurde nicht verstanden" in page
    assert "evil.example" not in page


def test_machines_get_a_problem_of_what_is_too_much(visitor: Client) -> None:
    answer = visitor.post("/api/v1/requests/", TOO_MUCH[0])
    assert answer["Content-Type"] == "application/problem+json"
    assert answer.status_code in (413, 415)


def test_machines_get_a_problem(visitor: Client) -> None:
    answer = visitor.delete("/api/v1/me/")
    assert (answer.status_code, answer["Content-Type"]) == (405, "application/problem+json")


@pytest.mark.parametrize(
    ("referer", "back"),
    [
        ("http://testserver/people/me/", "http://testserver/people/me/"),
        ("https://elsewhere.example/", "/"),
        ("javascript:alert(1)", "/"),
        ("", "/"),
    ],
)
def test_a_form_that_is_too_old_leads_back_to_its_page(referer: str, back: str) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(make_person(language="en"))
    answer = client.post("/people/me/tokens/", {"name": "x"}, headers={"Referer": referer})
    assert answer.status_code == 403
    assert f'<a class="btn btn-primary" href="{back}">Load this page again</a>' in answer.content.decode()


def test_days_in_english_are_never_in_the_american_order() -> None:
    moment = datetime(2026, 11, 3, 14, 5, tzinfo=UTC)
    named = (
        "DATE_FORMAT",
        "SHORT_DATE_FORMAT",
        "DATETIME_FORMAT",
        "SHORT_DATETIME_FORMAT",
        "MONTH_DAY_FORMAT",
    )
    with translation.override("en"):
        written = [formats.date_format(moment, name) for name in named]
    assert written == [
        "3 November 2026",
        "3 Nov 2026",
        "3 November 2026, 2:05 p.m.",
        "3 Nov 2026, 2:05 p.m.",
        "3 November",
    ]
