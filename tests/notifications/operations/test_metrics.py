"""The figures for Prometheus: well-formed, honest without a database, and shown to nobody from elsewhere."""

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from django.db import OperationalError
from django.test import Client
from prometheus_client.parser import text_string_to_metric_families
from pytest_django import Settings

from notifications.models import Channel, Delivery, State
from notifications.operations.heartbeats import beat
from notifications.operations.models import Process
from notifications.views import operations as views
from tests.factories import make_person, make_team
from tests.notifications.chat.channels import make_channel
from tests.notifications.operations.test_state import row

pytestmark = pytest.mark.django_db


def figures(body: bytes) -> Mapping[tuple[str, tuple[str, ...]], float]:
    """Every sample by its name and the values of its labels."""
    return {
        (sample.name, tuple(sample.labels.values())): sample.value
        for family in text_string_to_metric_families(body.decode())
        for sample in family.samples
    }


def read(**headers: Any) -> Any:
    return Client().get("/metrics", **headers)


def test_everything_that_the_page_shows_is_there() -> None:
    person = make_person()
    row(person, 1, ago=300)
    row(person, 2, State.DEAD)
    row(person, 3, State.DONE)
    beat(Process.WORKER, "a:1")
    beat(Process.MAILBOX, "active", "wrong password")
    answer = read()
    assert answer.status_code == 200
    assert answer["Content-Type"].startswith("text/plain")
    found = figures(answer.content)
    assert found["tandem_database_up", ()] == 1
    assert found["tandem_deliveries", ("mail", "waiting")] == 1
    assert found["tandem_deliveries", ("mail", "dead")] == 1
    assert found["tandem_deliveries_ended_hour", ("mail", "done")] == 1
    assert found["tandem_delivery_lag_seconds", ("mail",)] == pytest.approx(300, abs=20)
    assert found["tandem_delivery_lag_seconds", ("chat",)] == 0
    assert found["tandem_processes_alive", ("worker",)] == 1
    assert found["tandem_processes_alive", ("beat",)] == 0
    assert found["tandem_mailbox_up", ()] == 0
    assert found["tandem_schedule_late", ("digests",)] == 1
    assert ("tandem_redis_up", ()) in found


def test_what_the_documentation_names_and_its_alerts_ask_for_is_there() -> None:
    beat(Process.MAILBOX, "active")
    there = {name for name, _labels in figures(read().content)}
    asked = set(re.findall(r"tandem_[a-z_]+", Path("docs/operating.md").read_text()))
    assert len(asked) > 10
    assert asked <= there


def test_no_team_and_no_person_is_named() -> None:
    team = make_team(name="Secret platform")
    make_channel(team)
    make_person(name="Pia Secret", email="pia@secret.example")
    body = read().content.decode()
    assert "ecret" not in body
    assert team.slug not in body


def test_without_a_database_it_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    def away(_schedules: object) -> None:
        raise OperationalError("away")

    monkeypatch.setattr(views, "operations", away)
    assert figures(read().content) == {("tandem_database_up", ()): 0}


@pytest.mark.parametrize("address", ["127.0.0.1", "127.8.8.8", "::1"])
def test_this_machine_may_read_it(address: str) -> None:
    assert read(REMOTE_ADDR=address).status_code == 200


@pytest.mark.parametrize("address", ["10.0.0.5", "8.8.8.8", "", "nonsense", "::ffff:10.0.0.1"])
def test_others_may_not(address: str) -> None:
    assert read(REMOTE_ADDR=address).status_code == 403


def test_a_proxy_on_this_machine_makes_nobody_local(settings: Settings) -> None:
    assert read(headers={"X-Forwarded-For": "8.8.8.8"}).status_code == 403
    assert read(headers={"Forwarded": "for=8.8.8.8"}).status_code == 403
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = 1
    assert read().status_code == 403


def test_the_token_opens_it_from_everywhere_and_a_wrong_one_nowhere(settings: Settings) -> None:
    settings.METRICS_TOKEN = "a long token"
    elsewhere = {"REMOTE_ADDR": "10.0.0.5"}
    assert read(**elsewhere, headers={"Authorization": "Bearer a long token"}).status_code == 200
    for wrong in ("Bearer no", "Bearer ", "Basic a long token", "Bearer é"):
        assert read(**elsewhere, headers={"Authorization": wrong}).status_code == 403
    settings.METRICS_TOKEN = ""
    assert read(**elsewhere, headers={"Authorization": "Bearer "}).status_code == 403


def test_a_signed_in_administrator_from_elsewhere_needs_the_token_too(client: Client) -> None:
    client.force_login(make_person(is_admin=True))
    assert client.get("/metrics", REMOTE_ADDR="10.0.0.5").status_code == 403
    assert Delivery.objects.filter(channel=Channel.MAIL).count() == 0
