"""Exchanges by the API: reading, planning, seats, afterwards, wishes."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from activity import clock
from knowhow.exchanges.models import Exchange, ExchangeProposal
from teams.models import Person
from tests.api_client import send
from tests.factories import make_person
from tests.knowhow.exchanges.making import in_days, make_exchange, make_proposal, seat, wait

pytestmark = pytest.mark.django_db


def asked(**fields: Any) -> dict[str, Any]:
    """A body that plans an exchange."""
    starts = in_days(7).replace(microsecond=0)
    whole = {"title": "Read SQL", "ability": "You read a query.", "place": "Room Elbe"}
    hours = {"starts_at": starts.isoformat(), "ends_at": (starts + timedelta(hours=1)).isoformat()}
    return {**whole, **hours, **fields}


def errors(response: Any, status: int = 400) -> list[tuple[str, str]]:
    assert response.status_code == status, response.content
    body = response.json()
    return [(one["field"], one["code"]) for one in body.get("errors", body.get("missing", []))]


def titles(client: Client, query: str = "") -> list[str]:
    response = send(client, "get", f"exchanges/{query}")
    assert response.status_code == 200
    return [row["title"] for row in response.json()["results"]]


def test_lists_say_what_comes_what_was_and_what_is_mine(marketing: Client, mira: Person) -> None:
    make_exchange(title="Later", days=9)
    seat(make_exchange(title="Soon", days=2), mira)
    make_exchange(title="Over", days=-2)
    make_exchange(title="Off", days=1, cancelled_at=clock.now())
    assert titles(marketing) == ["Later", "Soon", "Off", "Over"]
    assert titles(marketing, "?when=coming") == ["Soon", "Later"]
    assert titles(marketing, "?when=past") == ["Over"]
    assert titles(marketing, "?when=mine") == ["Soon"]
    assert titles(marketing, "?q=lat") == ["Later"]
    assert titles(marketing, "?q=%00") == ["Later", "Soon", "Off", "Over"]
    assert errors(send(marketing, "get", "exchanges/?when=never")) == [("when", "invalid")]


def test_one_exchange_says_its_seats_and_how_i_stand(marketing: Client, mira: Person) -> None:
    exchange = make_exchange(seats=1)
    seat(exchange)
    wait(exchange, mira)
    response = send(marketing, "get", f"exchanges/{exchange.pk}/")
    body = response.json()
    assert (body["taken"], body["waiting"], body["standing"]) == (1, 1, "waiting")
    assert body["host"] == {"id": exchange.host_id, "name": exchange.host.name, "side": exchange.host.side}
    fresh = send(marketing, "get", f"exchanges/{exchange.pk}/", if_none_match=response.headers["ETag"])
    assert fresh.status_code == 304


def test_a_series_is_planned_and_says_where_the_host_is_busy(marketing: Client, mira: Person) -> None:
    make_exchange(mira, title="Elsewhere", starts_at=in_days(21))
    body = asked(every_weeks=2, times=3, time_zone="Europe/Berlin", seats=7)
    response = send(marketing, "post", "exchanges/", body)
    assert response.status_code == 201
    made = response.json()
    assert len(made["sessions"]) == 3
    assert [one["code"] for one in made["warnings"]] == ["host_busy"]
    assert "Elsewhere" in made["warnings"][0]["message"]
    assert (made["host"]["id"], made["seats"], made["series"]) == (
        mira.pk,
        7,
        Exchange.objects.latest("pk").series_id,
    )


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"title": ""}, "title"),
        ({"ability": ""}, "ability"),
        ({"place": ""}, "place"),
        ({"link": "x"}, "link"),
        ({"seats": 0}, "seats"),
        ({"seats": "7"}, "seats"),
        ({"starts_at": "2020-01-01T09:00:00Z"}, "starts_at"),
        ({"starts_at": "soon"}, "starts_at"),
        ({"starts_at": "0001-01-01T00:00:00+14:00"}, "starts_at"),
        ({"starts_at": "0001-01-01"}, "starts_at"),
        ({"starts_at": "9999-12-31T23:59:59Z", "times": 9}, "starts_at"),
        ({"every_weeks": 8, "times": 26}, "starts_at"),
        ({"ends_at": "2020-01-01T09:00:00Z"}, "ends_at"),
        ({"time_zone": "Mars/Olympus"}, "time_zone"),
        ({"times": 27}, "times"),
        ({"host": 424242}, "host"),
        ({"kind": "party"}, "kind"),
        ({"status": "done"}, "status"),
        ({"title": "x" * 10_000}, "title"),
    ],
)
def test_what_is_wrong_is_named(marketing: Client, wrong: dict[str, Any], field: str) -> None:
    found = errors(send(marketing, "post", "exchanges/", asked(**wrong)))
    assert [name for name, _code in found] == [field]
    assert not Exchange.objects.exists()


def test_only_the_host_changes_moves_and_cancels(marketing: Client, it: Client, mira: Person) -> None:
    exchange = make_exchange(mira)
    path = f"exchanges/{exchange.pk}/"
    hours = {name: asked()[name] for name in ("starts_at", "ends_at")}
    calls: list[tuple[str, str, dict[str, Any]]] = [
        ("patch", path, {"title": "Better"}),
        ("post", f"{path}move/", {**hours, "starts_at": in_days(6.99).isoformat()}),
        ("post", f"{path}cancel/", {"reason": "Ill"}),
    ]
    for method, address, body in calls:
        assert errors(send(it, method, address, body), 409) == [("", "not_yours")]
        assert send(marketing, method, address, body).status_code == 200
    found = send(marketing, "get", path).json()
    assert (found["title"], found["cancelled"], found["cancel_reason"]) == ("Better", True, "Ill")


def test_a_stale_version_is_refused(marketing: Client, mira: Person) -> None:
    exchange = make_exchange(mira)
    path = f"exchanges/{exchange.pk}/"
    etag = send(marketing, "get", path).headers["ETag"]
    assert send(marketing, "patch", path, {"title": "One"}, if_match=etag).status_code == 200
    for method, address, body in (
        ("patch", path, {"title": "Two"}),
        ("post", f"{path}cancel/", {"reason": "Ill"}),
    ):
        assert send(marketing, method, address, body, if_match=etag).status_code == 412


def test_the_last_seat_and_the_waiting_list(marketing: Client, it: Client) -> None:
    exchange = make_exchange(seats=1)
    path = f"exchanges/{exchange.pk}/sign-up/"
    assert send(marketing, "put", path, {}).json()["standing"] == "seat"
    assert send(it, "put", path, {}).json()["standing"] == "waiting"
    assert send(marketing, "delete", path).json()["standing"] is None
    assert send(it, "get", f"exchanges/{exchange.pk}/").json()["standing"] == "seat"
    own = make_exchange(Person.objects.get(name="Mira Marketing"))
    assert errors(send(marketing, "put", f"exchanges/{own.pk}/sign-up/", {}), 409) == [("", "own_exchange")]


def test_attendance_feedback_and_materials(marketing: Client, it: Client, mira: Person, ivo: Person) -> None:
    exchange = make_exchange(mira, days=-1)
    seat(exchange, ivo)
    path = f"exchanges/{exchange.pk}/"
    assert send(it, "put", f"{path}feedback/", {"answer": "yes"}).status_code == 200
    assert errors(send(it, "put", f"{path}feedback/", {"answer": "well"})) == [("answer", "invalid_choice")]
    assert send(marketing, "put", f"{path}attendance/", {"present": [ivo.pk]}).status_code == 200
    assert errors(send(marketing, "put", f"{path}attendance/", {"present": [mira.pk]})) == [
        ("present", "invalid")
    ]
    added = send(marketing, "post", f"{path}materials/", {"title": "Slides", "link": "https://example.org/s"})
    assert added.status_code == 201
    (row,) = send(it, "get", f"{path}materials/").json()["results"]
    assert row["link"] == "https://example.org/s"
    assert send(marketing, "delete", f"{path}materials/{row['id']}/").status_code == 204


def test_wishes(marketing: Client, it: Client) -> None:
    made = send(marketing, "post", "exchange-proposals/", {"title": "Read SQL", "ability": "I read it."})
    assert (made.status_code, made.json()["wishes"], made.json()["needed"]) == (201, 1, 5)
    path = f"exchange-proposals/{made.json()['id']}/"
    assert send(it, "put", f"{path}wish/", {}).json()["wishes"] == 2
    assert send(it, "delete", f"{path}wish/").json()["wished"] is False
    (listed,) = send(it, "get", "exchange-proposals/").json()["results"]
    assert listed["title"] == "Read SQL"
    assert errors(send(it, "delete", path), 409) == [("", "not_yours")]
    assert send(marketing, "delete", path).status_code == 204
    assert send(it, "get", "exchange-proposals/").json()["results"] == []


def test_a_wish_is_taken_up(marketing: Client) -> None:
    proposal = make_proposal(make_person())
    assert send(marketing, "post", "exchanges/", asked(proposal=proposal.pk)).status_code == 201
    assert ExchangeProposal.objects.get().exchange is not None
    assert send(marketing, "post", "exchanges/", asked(proposal=424242)).status_code == 404


@pytest.mark.parametrize("pk", [424242, 2**63, 2**70])
def test_what_is_not_there_is_not_found(marketing: Client, pk: int) -> None:
    for method, path in (
        ("get", ""),
        ("patch", ""),
        ("put", "sign-up/"),
        ("delete", "sign-up/"),
        ("get", "materials/"),
    ):
        assert (
            send(marketing, method, f"exchanges/{pk}/{path}", {} if method != "get" else None).status_code
            == 404
        )
    assert send(marketing, "put", f"exchange-proposals/{pk}/wish/", {}).status_code == 404
