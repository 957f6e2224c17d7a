"""Who else is at a place: seen by those alone who may see it, for seconds, and never in anybody's way."""

import time
from typing import Any

import pytest
import redis
from django.test import Client, override_settings

from activity import bell, broadcast
from activity.broadcast import Message
from activity.models import Event
from notifications.live import presence
from notifications.live.audience import heard
from notifications.live.presence import MOST_SHOWN, Place, Present, arrive, leave, present
from requests_app.choices import Status
from requests_app.models import Request
from teams.models import Person
from tests.factories import make_admin, make_comment, make_person, make_request, make_team
from tests.notifications.own_redis import own_redis
from tests.notifications.telling import make_cast
from tests.processes import PATIENCE

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("redis_server", "patient_redis")]


JSON = {"accept": "application/json"}
new_client = broadcast.client.__wrapped__


@pytest.fixture(autouse=True)
def said(monkeypatch: pytest.MonkeyPatch) -> list[Message]:
    """What open pages are told; Redis counts as present again afterwards."""
    told: list[Message] = []
    monkeypatch.setattr(bell, "announce", told.extend)
    monkeypatch.setattr(bell, "_silent_until", 0.0)
    return told


def place_of(request: Request) -> Place:
    return Place("request", request.number)


def asked(client: Client, person: Person, **given: Any) -> Any:
    client.force_login(person)
    return client.get("/presence/", given)


def comes(client: Client, person: Person, **given: Any) -> Any:
    client.force_login(person)
    return client.post("/presence/", given)


# The room itself ----------------------------------------------------------------------------------------
def test_others_are_seen_and_never_oneself() -> None:
    place, one, other = place_of(make_request()), make_person(name="Ada One"), make_person(name="Ben Two")
    arrive(place, one)
    arrive(place, other)
    assert present(place, one).people == [other]
    assert present(place, other).people == [one]
    assert present(place, make_person()).people == [one, other]


def test_places_do_not_mix() -> None:
    request, person = make_request(), make_person()
    arrive(place_of(request), person)
    for elsewhere in (Place("board", request.number), Place("request", request.number + 1)):
        assert present(elsewhere, make_person()) == Present()


def test_who_leaves_is_gone_and_answers_nothing() -> None:
    place, person = place_of(make_request()), make_person()
    arrive(place, person, answering=5)
    leave(place, person)
    assert present(place, make_person()) == Present()


def test_after_half_a_minute_without_a_word_nobody_is_there(monkeypatch: pytest.MonkeyPatch) -> None:
    place, person, reader = place_of(make_request()), make_person(), make_person()
    now = time.time()
    monkeypatch.setattr("notifications.live.presence.time.time", lambda: now)
    arrive(place, person, answering=5)
    monkeypatch.setattr("notifications.live.presence.time.time", lambda: now + 21)
    assert present(place, reader) == Present([person], {})
    monkeypatch.setattr("notifications.live.presence.time.time", lambda: now + 31)
    assert present(place, reader) == Present()


def test_what_nobody_renews_is_thrown_away_by_redis_itself(redis_server: "redis.Redis") -> None:
    place = place_of(make_request())
    arrive(place, make_person())
    assert 0 < redis_server.ttl(place.key) <= presence.HERE_SECONDS


def test_an_answer_is_seen_until_its_writer_stops() -> None:
    place, person, reader = place_of(make_request()), make_person(), make_person()
    arrive(place, person, answering=5)
    assert present(place, reader).answering == {5: [person]}
    assert present(place, person).answering == {}
    arrive(place, person)
    assert present(place, reader) == Present([person], {})


def test_who_was_deactivated_is_not_shown() -> None:
    place, person = place_of(make_request()), make_person()
    arrive(place, person, answering=5)
    Person.objects.filter(pk=person.pk).update(is_active=False)
    assert present(place, make_person()) == Present()


def test_a_crowd_is_shown_by_its_first_faces() -> None:
    place = place_of(make_request())
    for _ in range(MOST_SHOWN + 3):
        arrive(place, make_person())
    assert len(present(place, make_person()).people) == MOST_SHOWN


def test_open_pages_are_told_of_changes_and_not_of_every_beat(said: list[Message]) -> None:
    request, person = make_request(), make_person()
    place = place_of(request)
    changed = Message("presence.request", "presence", request.number)
    arrive(place, person)
    arrive(place, person)
    assert said == [changed]
    arrive(place, person, answering=5)
    arrive(place, person, answering=5)
    assert said == [changed] * 2
    arrive(place, person)
    leave(place, person)
    leave(place, person)
    assert said == [changed] * 4
    assert not Event.objects.exists()


# Who hears of it ----------------------------------------------------------------------------------------
def test_of_a_restricted_request_only_those_inside_hear_who_is_there() -> None:
    cast, open_to_all, board = make_cast(restricted=True), make_request(), Place("board", 7)
    messages = [place_of(cast.request).changed, place_of(open_to_all).changed, board.changed]
    told = heard(messages, [cast.stranger.pk, cast.watcher.pk])
    assert told == {cast.stranger.pk: messages[1:], cast.watcher.pk: messages}


def test_a_boards_number_is_never_taken_for_a_requests() -> None:
    cast, author = make_cast(restricted=True), make_person()
    draft = make_request(Status.DRAFT, requester=author)
    same_number = [Place("board", cast.request.number).changed, Place("board", draft.number).changed]
    assert heard(same_number, [cast.stranger.pk]) == {cast.stranger.pk: same_number}


# The page's questions -----------------------------------------------------------------------------------
def test_a_page_says_that_its_reader_is_there_and_hears_of_the_others(client: Client) -> None:
    request, one, other = (
        make_request(),
        make_person(name="Ada One"),
        make_person(make_team(), name="Ben Two"),
    )
    assert comes(client, one, request=request.number).json() == {"people": [], "answering": {}}
    told = comes(client, other, request=request.number).json()
    assert [(row["name"].split(",")[0], row["initials"]) for row in told["people"]] == [("Ada One", "AO")]
    told = asked(client, one, request=request.number).json()
    assert [(row["initials"], row["side"]) for row in told["people"]] == [("BT", "it")]


def test_asking_makes_nobody_present(client: Client) -> None:
    request, person = make_request(), make_person()
    assert asked(client, person, request=request.number).status_code == 200
    assert present(place_of(request), make_person()) == Present()


def test_a_board_shows_who_looks_at_it(client: Client) -> None:
    team, one, other = make_team(), make_person(), make_person()
    comes(client, one, board=team.slug)
    assert len(asked(client, other, board=team.slug).json()["people"]) == 1
    assert comes(client, one, board=team.slug, leaving="on").status_code == 204
    assert asked(client, other, board=team.slug).json()["people"] == []


@pytest.mark.parametrize("method", [asked, comes])
def test_who_may_not_see_a_request_neither_sees_who_is_there_nor_is_seen(client: Client, method: Any) -> None:
    cast, author, admin = make_cast(restricted=True), make_person(), make_admin()
    draft = make_request(Status.DRAFT, requester=author)
    comes(client, cast.it_owner, request=cast.request.number)
    hidden = method(client, cast.stranger, request=cast.request.number)
    absent = method(client, cast.stranger, request=10**9)
    assert hidden.status_code == absent.status_code == 404
    assert cast.it_owner.name.encode() not in hidden.content
    assert method(client, admin, request=draft.number).status_code == 404
    assert present(place_of(cast.request), cast.watcher).people == [cast.it_owner]
    assert present(place_of(draft), author) == Present()


def test_only_an_open_question_of_this_request_can_be_answered(client: Client) -> None:
    request, other, person, reader = make_request(), make_request(), make_person(), make_person()
    question = make_comment(request, person, question_to="it")
    plain = make_comment(request, person)
    elsewhere = make_comment(other, person, question_to="it")
    for comment in (plain, elsewhere):
        comes(client, person, request=request.number, answering=comment.pk)
        assert present(place_of(request), reader).answering == {}
    comes(client, person, request=request.number, answering=question.pk)
    told = asked(client, reader, request=request.number).json()
    assert told["answering"] == {str(question.pk): [person.name]}


@pytest.mark.parametrize(
    "given",
    [
        {},
        {"request": "x"},
        {"request": "-1"},
        {"request": "0"},
        {"request": str(10**30)},
        {"board": "a\0b"},
        {"board": "x" * 5000},
        {"request": "1", "board": "crm"},
        {"request": "1", "answering": "x"},
        {"request": "1", "answering": str(10**30)},
    ],
)
def test_nonsense_is_refused(client: Client, given: dict[str, str]) -> None:
    assert comes(client, make_person(), **given).status_code == 400


def test_a_board_that_is_none_is_not_found(client: Client) -> None:
    assert comes(client, make_person(), board="no-such-board").status_code == 404


def test_who_was_signed_out_is_not_led_to_the_sign_in(client: Client) -> None:
    assert client.post("/presence/", {"request": 1}, headers=JSON).status_code == 401


# Redis away ---------------------------------------------------------------------------------------------
def test_while_redis_is_frozen_nobody_is_seen_and_nobody_waits_twice(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    request, one, other = make_request(), make_person(), make_person()
    with own_redis() as server, override_settings(REDIS_URL=f"unix://{server.socket}?db=0"):
        patient = new_client()
        monkeypatch.setattr(broadcast, "WAITS_SECONDS", 0.5)
        hasty = new_client()
        monkeypatch.setattr(broadcast, "client", lambda: patient)
        comes(client, one, request=request.number)
        assert len(present(place_of(request), other).people) == 1
        server.freeze()
        waited: list[int] = []

        def asked_again() -> "redis.Redis":
            waited.append(1)
            return hasty

        monkeypatch.setattr(broadcast, "client", asked_again)
        monkeypatch.setattr(bell, "SILENCE_SECONDS", PATIENCE)
        for _ in range(5):
            arrive(place_of(request), other)
            assert present(place_of(request), other) == Present()
        assert comes(client, other, request=request.number).json() == {"people": [], "answering": {}}
        assert len(waited) == 1
        server.thaw()
        monkeypatch.setattr(broadcast, "client", lambda: patient)
        monkeypatch.setattr(bell, "_silent_until", 0.0)
        assert len(present(place_of(request), other).people) == 1
