"""The private Atom feed of one's digests."""

from datetime import timedelta
from xml.etree.ElementTree import Element, fromstring

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from activity import clock
from activity.models import Event
from notifications.digest.feed import ENTRIES, atom, close_feed, open_feed
from notifications.digest.lead_words import say
from notifications.models import DigestFeed
from requests_app.choices import Status
from requests_app.models import Request
from teams.models import Person
from tests.factories import add_member, make_person, make_request, make_team
from tests.notifications.digests import MONDAY, W46, happened_at, make_company, send_at, weeks

pytestmark = pytest.mark.django_db

ATOM = "{http://www.w3.org/2005/Atom}"


@pytest.fixture
def person() -> Person:
    make_company()
    return make_person(language="en")


def parked(title: str, at: timedelta = timedelta(days=-1)) -> Request:
    request = make_request(Status.PARKED, title=title)
    happened_at(MONDAY + at, "request.parked", request, None, reason="<b>Later</b>")
    return request


def parsed(person: Person) -> Element:
    return fromstring(atom(person))  # noqa: S314 - our own feed


def address(secret: str) -> str:
    return reverse("notifications:digest_feed_file", args=[secret])


def test_it_holds_ones_own_digests_the_newest_first(person: Person) -> None:
    parked("Chatbot")
    send_at(MONDAY)
    send_at(MONDAY + weeks(1))
    feed = parsed(person)
    entries = feed.findall(f"{ATOM}entry")
    titles = [entry.findtext(f"{ATOM}title") for entry in entries]
    assert titles == ["Your week 47: nothing waits for you", "Your week 46: “Chatbot” is decided"]
    assert len({entry.findtext(f"{ATOM}id") for entry in entries}) == 2
    links = [link.get("href") for entry in entries for link in entry.findall(f"{ATOM}link")]
    assert links == [f"http://127.0.0.1:8000/digests/2026-W{n}/" for n in (47, 46)]
    said = entries[1].findtext(f"{ATOM}summary") or ""
    assert "Chatbot" in said
    assert "&lt;b&gt;Later" in said
    assert 'href="http://127.0.0.1:8000/requests/' in said


def test_it_is_shown_through_what_its_owner_may_see_now(person: Person) -> None:
    request = parked("Chatbot")
    send_at(MONDAY)
    assert "Chatbot" in atom(person)
    Request.objects.filter(pk=request.pk).update(restricted=True)
    assert "Chatbot" not in atom(person)


def test_a_leads_sentence_stands_in_it_as_in_the_mail(person: Person) -> None:
    team = make_team()
    add_member(team, person)
    lead = make_person(lead_of=team, name="Lena")
    with clock.moved_to(MONDAY - timedelta(hours=1)):
        say(team, W46, "Come to the open hour.", by=lead)
    send_at(MONDAY)
    assert "“Come to the open hour.” (Lena)" in atom(person)


def test_signs_that_xml_has_no_place_for_do_not_end_the_feed(person: Person) -> None:
    parked("Chat\uffffbot")
    send_at(MONDAY)
    assert "Chatbot" in (parsed(person).findtext(f"{ATOM}entry/{ATOM}summary") or "")


def test_many_weeks_take_the_queries_of_one(
    person: Person, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    for n in range(4):
        parked(f"Wish {n}", weeks(n) - timedelta(days=1))
        send_at(MONDAY + weeks(n))
    with django_assert_max_num_queries(16):
        feed = parsed(person)
    assert len(feed.findall(f"{ATOM}entry")) == 4 <= ENTRIES


def test_whoever_knows_the_address_fetches_it_and_nobody_else(person: Person) -> None:
    send_at(MONDAY)
    secret = open_feed(by=person).secret
    answer = Client().get(address(secret))
    assert answer.status_code == 200
    assert answer.headers["Content-Type"] == "application/atom+xml; charset=utf-8"
    assert answer.headers["Cache-Control"] == "private, no-cache"
    again = Client(headers={"If-None-Match": answer.headers["ETag"]}).get(address(secret))
    assert again.status_code == 304
    for wrong in ("wrong", secret[:-1], secret.lower() + "x", "%00"):
        assert Client().get(address(wrong)).status_code == 404
    assert Client().post(address(secret)).status_code == 405


def test_only_its_hash_is_kept_and_a_new_address_ends_the_old_one(person: Person) -> None:
    old, new = open_feed(by=person).secret, open_feed(by=person).secret
    assert DigestFeed.objects.get().token_hash not in (old, new)
    assert (Client().get(address(old)).status_code, Client().get(address(new)).status_code) == (404, 200)
    assert new not in str(list(Event.objects.values_list("data", flat=True)))


def test_a_closed_feed_and_one_of_somebody_who_left_lead_nowhere(person: Person) -> None:
    secret = open_feed(by=person).secret
    Person.objects.filter(pk=person.pk).update(is_active=False)
    assert Client().get(address(secret)).status_code == 404
    Person.objects.filter(pk=person.pk).update(is_active=True)
    close_feed(by=person)
    assert Client().get(address(secret)).status_code == 404
    events = Event.objects.count()
    close_feed(by=person)
    assert Event.objects.count() == events


def test_the_address_of_a_calendar_opens_no_digests(person: Person) -> None:
    from knowhow.exchanges import feeds

    assert Client().get(address(feeds.open_feed(by=person).secret)).status_code == 404


def test_the_page_shows_the_address_once_and_closes_it(person: Person, client: Client) -> None:
    client.force_login(person)
    page = reverse("notifications:digest_feed")
    made = client.post(page)
    assert ".atom" in made.content.decode()
    assert made.headers["Cache-Control"].startswith("max-age=0, no-cache, no-store")
    later = client.get(page).content.decode()
    assert ".atom" not in later
    assert "You have a feed since" in later
    client.post(reverse("notifications:digest_feed_close"))
    assert not DigestFeed.objects.exists()
