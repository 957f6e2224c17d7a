"""The timeline on a request's page, filtered, and as a page of its own (`views/detail.py`)."""

import re
from datetime import datetime, timedelta
from html.parser import HTMLParser

import pytest
from django.test import Client

from activity import clock
from requests_app.discussion import comment
from requests_app.intake.edit import edit
from requests_app.models import Request
from teams.models import Person
from tests.factories import make_person, make_request, make_team
from tests.requests_app.timeline.telling import record

pytestmark = pytest.mark.django_db
HTMX = {"HX-Request": "true"}


@pytest.fixture
def mira(client: Client) -> Person:
    person = make_person(make_team(), name="Mira Brandt", language="en")
    client.force_login(person, backend="allauth.account.auth_backends.AuthenticationBackend")
    return person


@pytest.fixture
def row(mira: Person) -> Request:
    return make_request(requester=mira, title="Old", customer_need="They wait for a mail.", deadline=None)


def page(client: Client, row: Request, address: str = "", **headers: str) -> str:
    answer = client.get(f"/requests/{row.number}/{address}", headers=headers)
    assert answer.status_code == 200
    return answer.content.decode()


def section(drawn: str) -> str:
    found = re.search(r'<section class="card" id="timeline".*?</section>', drawn, re.DOTALL)
    assert found
    return found[0]


class Heard(HTMLParser):
    """The text of a page as a screen reader has it: with what only the ear is told."""

    def __init__(self, drawn: str) -> None:
        super().__init__()
        self.text = ""
        self.feed(drawn)

    def handle_data(self, data: str) -> None:
        self.text += data


def heard(drawn: str) -> str:
    return " ".join(Heard(drawn).text.split())


def test_several_edits_of_one_person_read_as_one_group(client: Client, row: Request, mira: Person) -> None:
    with clock.moved_to(clock.now().replace(hour=10, minute=0) - timedelta(days=1)):
        edit(row.number, {"title": "New"}, by=mira)
    with clock.moved_to(clock.now().replace(hour=10, minute=20) - timedelta(days=1)):
        edit(row.number, {"title": "Newer"}, by=mira)
    told = section(page(client, row))
    assert told.count("<h4>Mira Brandt</h4>") == 1
    assert told.count('<h3 class="told-day">') == 1
    assert told.index("from “New” to “Newer”") < told.index("from “Old” to “New”")


def test_a_single_step_is_one_sentence(client: Client, row: Request, mira: Person) -> None:
    record("request.submitted", row, mira)
    told = section(page(client, row))
    assert "<h4>" not in told
    assert "<b>Mira Brandt</b> submitted the request" in told


def test_the_reason_stands_behind_the_change(client: Client, row: Request, mira: Person) -> None:
    fields = {"deadline": datetime(2027, 4, 15).date(), "deadline_reason": "The fair opens."}
    edit(row.number, fields, by=mira)  # type: ignore[arg-type]
    assert "set the deadline to 15 Apr 2027" in heard(section(page(client, row)))
    assert "because: The fair opens." in heard(section(page(client, row)))


def test_a_long_text_s_difference_is_told_to_ear_and_eye(client: Client, row: Request, mira: Person) -> None:
    edit(row.number, {"customer_need": "They wait for a letter."}, by=mira)
    told = section(page(client, row))
    assert "They wait for a[removed: mail.] [added: letter.]" in heard(told)
    assert re.search(r"<del>.*mail\..*</del><ins>.*letter\..*</ins>", told)


def test_nothing_of_a_text_is_ever_markup(client: Client, row: Request, mira: Person) -> None:
    evil = "<script>alert(1)</script> </del><img src=x onerror=alert(1)>"
    edit(row.number, {"customer_need": evil, "title": "<b>bold</b>"}, by=mira)
    told = section(page(client, row))
    assert "<script>" not in told
    assert "<img" not in told
    assert "<b>bold" not in told
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in told


def test_it_can_be_filtered_without_javascript(client: Client, row: Request, mira: Person) -> None:
    comment(row.number, "Which mail?", by=mira)
    edit(row.number, {"title": "New"}, by=mira)
    shown = page(client, row, "timeline/?told=talk")
    assert shown.lstrip().startswith("<!doctype html>")
    assert "wrote a comment" in section(shown)
    assert "“New”" not in section(shown)
    assert re.search(r'<a id="told-talk"[^>]*aria-current="true"', shown)
    assert f'href="/requests/{row.number}/#comment-' in shown
    assert f'href="/requests/{row.number}/"' in shown
    changes = section(page(client, row, "timeline/?told=changes"))
    assert "“New”" in changes
    assert "wrote a comment" not in changes


def test_every_filter_is_a_link_that_htmx_puts_in_place(client: Client, row: Request) -> None:
    links = re.findall(
        r'<a id="told-(\w+)" href="([^"]*)" hx-get="([^"]*)" hx-target="#timeline"', page(client, row)
    )
    assert [name for name, _href, _get in links] == ["all", "decisions", "changes", "talk", "steps"]
    for _name, href, get in links:
        assert href == get
        part = client.get(get, headers=HTMX).content.decode()
        assert part.strip().startswith('<section class="card" id="timeline"')
        assert part.strip().endswith("</section>")


def test_an_empty_filter_says_so(client: Client, row: Request) -> None:
    assert "Nothing of this kind has happened yet." in page(client, row, "timeline/?told=decisions")
    assert "Nothing has happened yet." in page(client, row, "timeline/")


@pytest.mark.parametrize("told", ["", "all", "nonsense", "%00", "x" * 3000, "talk&told=nonsense"])
def test_an_unknown_filter_shows_everything(client: Client, row: Request, mira: Person, told: str) -> None:
    record("request.submitted", row, mira)
    assert "submitted the request" in page(client, row, f"timeline/?told={told}")


def test_older_events_of_a_filter_are_a_link_away(client: Client, row: Request, mira: Person) -> None:
    for _ in range(31):
        record("request.edited", row, mira)
    filtered = page(client, row, "timeline/?told=changes")
    assert filtered.count("changed the request") == 30
    assert "?told=changes&amp;all=1" in filtered
    assert page(client, row, "timeline/?told=changes&all=1").count("changed the request") == 31
    assert f'href="/requests/{row.number}/?all=1#timeline"' in page(client, row)
    everything = page(client, row, "?all=1")
    assert section(everything).count("changed the request") == 31
    assert "Show everything" not in section(everything)


def test_hidden_absent_and_draft_are_the_same_404(client: Client, mira: Person) -> None:
    hidden = make_request(restricted=True)
    draft = make_request("draft", requester=mira)
    for number in (hidden.number, draft.number, 999_999):
        assert client.get(f"/requests/{number}/timeline/").status_code == 404
