"""The OpenAPI document and its page."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.core.management import call_command
from django.test import Client

from portal.api.docs import document
from requests_app.api.answers import CardOut, RequestOut
from requests_app.api.output import request_body
from tests.api_client import API, machine, send
from tests.factories import make_person, make_request

pytestmark = pytest.mark.django_db


def operations() -> Iterator[tuple[str, str, dict[str, Any]]]:
    for path, methods in document("en")["paths"].items():
        for method, operation in methods.items():
            yield path, method, operation


def test_the_document_is_valid_and_without_warnings(tmp_path: Any) -> None:
    file = tmp_path / "schema.yml"
    call_command("spectacular", validate=True, fail_on_warn=True, file=str(file))
    assert file.stat().st_size > 0


def test_anybody_may_read_the_document() -> None:
    response = Client().get(f"{API}schema/")
    assert response.status_code == 200
    assert response.json()["openapi"].startswith("3.")
    asked = Client(headers={"accept": "application/vnd.oai.openapi+json"}).get(f"{API}schema/")
    assert asked.json() == response.json()
    assert Client(headers={"accept": "text/html"}).get(f"{API}schema/").status_code == 406


def test_every_operation_names_its_problems_and_how_to_sign_in() -> None:
    assert len(list(operations())) == 146
    for _path, method, operation in operations():
        expected = {"400", "401", "404", "405", "406"} | ({"403", "409", "412"} if method != "get" else set())
        assert expected <= set(operation["responses"])
        problem = operation["responses"]["400"]["content"]["application/problem+json"]["schema"]
        assert problem == {"$ref": "#/components/schemas/Problem"}
        assert {"token": []} in operation["security"]
        assert operation["description"]


def test_the_filters_of_the_list_are_described() -> None:
    names = {p["name"] for p in document("en")["paths"]["/api/v1/requests/"]["get"]["parameters"]}
    assert names == {
        *("status", "type", "team", "goal", "owner", "requester", "side", "turn", "q", "label", "blocked"),
        "touchpoint",
        *("updated_since", "deadline_before", "ordering", "limit", "cursor"),
    }


def test_a_request_is_written_as_it_is_described() -> None:
    person = make_person()
    body = request_body(make_request(requester=person).number, person)
    assert set(body) == set(RequestOut().fields)
    assert set(CardOut().fields) < set(body)


def test_the_page_is_for_those_who_are_signed_in_and_has_nothing_inline() -> None:
    assert Client().get(f"{API}docs/").status_code == 302
    client = Client()
    client.force_login(make_person())
    response = client.get(f"{API}docs/")
    html = response.content.decode()
    assert response.status_code == 200
    assert "script-src" not in response.headers["Content-Security-Policy"]
    assert "'unsafe" not in response.headers["Content-Security-Policy"]
    assert "<style" not in html
    assert " style=" not in html
    assert all("src=" in tag for tag in html.split("<script")[1:])
    assert "://" not in html.replace("http://www.w3.org", "")


def test_the_page_speaks_the_persons_language_as_other_pages_do() -> None:
    client = Client(headers={"accept-language": "en"})
    client.force_login(make_person(language="de"))
    assert '<html lang="de"' in client.get(f"{API}docs/").content.decode()
    assert client.post(f"{API}docs/")["Content-Type"].startswith("text/html")


def test_the_document_shows_nobodys_data() -> None:
    person = make_person(name="Unmistakable Name")
    assert send(machine(person), "get", "schema/").status_code == 200
    assert "Unmistakable" not in Client().get(f"{API}schema/").content.decode()
