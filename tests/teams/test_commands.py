"""`create_admin` and `create_token`, as an operator calls them."""

import pytest
from django.core.management import CommandError, call_command
from django.test import Client

from activity.models import Event, Origin
from teams import tokens
from teams.models import Person
from tests.factories import make_person

PASSWORD = "correct horse battery"


@pytest.mark.django_db
def test_create_admin_prints_a_link_that_works_once(
    capsys: pytest.CaptureFixture[str], client: Client
) -> None:
    call_command("create_admin", "Boss@Example.org")
    link = capsys.readouterr().out.strip()
    assert link.startswith("http://127.0.0.1:8000/invitations/")
    path = link.removeprefix("http://127.0.0.1:8000")
    answers = {"name": "Ada", "password": PASSWORD, "repeated": PASSWORD}
    assert client.post(path, answers)["Location"] == "/settings/first-start/"
    assert Person.objects.get(email="boss@example.org").is_admin
    assert Client().get(path).status_code == 404
    assert Event.objects.earliest("id").origin == Origin.COMMAND


@pytest.mark.django_db
def test_a_second_link_ends_the_first(capsys: pytest.CaptureFixture[str]) -> None:
    links = []
    for _n in range(2):
        call_command("create_admin", "boss@example.org")
        links.append(capsys.readouterr().out.strip().removeprefix("http://127.0.0.1:8000"))
    assert [Client().get(path).status_code for path in links] == [404, 200]


@pytest.mark.django_db
@pytest.mark.parametrize("email", ["nonsense", ""])
def test_create_admin_says_what_is_wrong(email: str) -> None:
    with pytest.raises(CommandError):
        call_command("create_admin", email)
    known = make_person()
    with pytest.raises(CommandError):
        call_command("create_admin", known.email)


@pytest.mark.django_db
def test_create_token_prints_a_working_token(capsys: pytest.CaptureFixture[str]) -> None:
    person = make_person()
    call_command("create_token", person.email.upper(), name="import", scope="write")
    token = tokens.authenticate(capsys.readouterr().out.strip())
    assert token is not None
    assert (token.person, token.scope, token.name) == (person, "write", "import")


@pytest.mark.django_db
def test_create_token_says_what_is_wrong() -> None:
    for email in ("nobody@example.org", make_person(is_active=False).email):
        with pytest.raises(CommandError):
            call_command("create_token", email, name="x", scope="read")
