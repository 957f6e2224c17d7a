"""The pages of a round: opening it, going through it on each device, its minutes."""

import json
import re
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from requests_app.boards.board import get_board
from requests_app.choices import AgendaOutcome, WaitingFor
from requests_app.models import Request, Round
from requests_app.rounds.meeting import meeting_of
from requests_app.rounds.running import close_round, defer, join_round, open_round
from requests_app.workflow.inputs import Inputs
from requests_app.workflow.perform import perform
from teams.models import Person
from tests.factories import holder, make_goal, make_person
from tests.requests_app.rounds.meetings import Table, make_acceptable, make_divergent, make_minor, make_table

pytestmark = pytest.mark.django_db
START = "/round/"


def signed_in(person: Person) -> Client:
    Person.objects.filter(pk=person.pk).update(language="en")
    client = Client()
    client.force_login(person)
    return client


def read(client: Client, address: str, status: int = 200) -> str:
    answer = client.get(address)
    assert answer.status_code == status
    return answer.content.decode()


def url(name: str, round: Round) -> str:
    return reverse(f"requests:round_{name}", args=[round.pk])


def current(round: Round) -> int | None:
    item = meeting_of(Round.objects.get(pk=round.pk)).current
    return item.request_id if item else None


HTMX = {"HX-Request": "true"}


@pytest.fixture
def table() -> Table:
    return make_table()


# ---- opening
def test_where_nothing_waits_it_says_so_and_how_it_fills() -> None:
    page = read(signed_in(make_person()), START)
    assert "Nothing waits for both sides" in page
    assert "fills by itself" in page
    assert "disabled>Open the round" in page


def test_the_agenda_is_shown_before_it_begins_with_its_reasons() -> None:
    apart, minor = make_divergent(title="Apart"), make_minor(title="Minor")
    page = read(signed_in(make_person()), START)
    assert page.index(apart.key) < page.index(minor.key)
    assert "Talk about a divergence" in page
    assert "Below the gate" in page


def test_nobody_is_shown_or_told_what_they_may_not_see() -> None:
    hidden = make_divergent(restricted=True, title="Verschlusssache")
    page = read(signed_in(make_person()), START)
    assert hidden.key not in page
    assert "Nothing waits for both sides" in page


def test_it_can_be_about_a_board_or_a_goal() -> None:
    goal = make_goal(title="Loyalty")
    own, other = make_divergent(goal=goal), make_divergent()
    client = signed_in(make_person())
    page = read(client, f"{START}?about=goal:{goal.pk}")
    assert own.key in page
    assert other.key not in page
    team = other.serving_team
    assert team is not None
    assert own.key not in read(client, f"{START}?about=board:{get_board(team.slug).slug}")


def test_opening_leads_to_the_round() -> None:
    apart = make_divergent()
    client = signed_in(make_person())
    answer: Any = client.post(START, {"about": "", "minutes": "30"}, follow=True)
    assert answer.redirect_chain == [(Round.objects.get().get_absolute_url(), 302)]
    assert apart.title in answer.content.decode()


def test_about_the_same_there_is_the_way_to_the_open_one(table: Table) -> None:
    answer = signed_in(make_person()).post(START, {"minutes": "30"})
    assert answer.status_code == 409
    page = answer.content.decode()
    assert "open already" in page
    assert f'href="{table.round.get_absolute_url()}"' in page


@pytest.mark.parametrize(
    "given",
    [
        {"minutes": "0"},
        {"minutes": "x"},
        {"minutes": "9" * 30},
        {"about": "goal:0"},
        {"about": "board:no"},
        {"divergence": "-1"},
        {"stalled": ""},
    ],
)
def test_nonsense_is_refused_in_words(given: dict[str, str]) -> None:
    make_divergent()
    client = signed_in(make_person())
    assert client.get(START, given).status_code == 400
    assert client.post(START, {"minutes": "30", **given}).status_code == 422
    assert not Round.objects.exists()


# ---- going through it
def test_who_does_not_take_part_sees_nothing_of_it_but_the_way_in(table: Table) -> None:
    client = signed_in(make_person())
    page = read(client, table.round.get_absolute_url())
    assert "Take part" in page
    for request in (table.first, table.second):
        assert request.key not in page
        assert request.title not in page
    client.post(url("join", table.round))
    assert table.first.title in read(client, table.round.get_absolute_url())


def test_the_item_stands_there_with_need_outcome_and_decisions(table: Table) -> None:
    page = read(signed_in(table.marketing), table.round.get_absolute_url())
    for words in (table.first.customer_need, table.first.outcome, "1 of 2", "Ready to be accepted"):
        assert words in page
    assert f'data-decision id="decision-1" href="/requests/{table.first.pk}/actions/accept/"' in page
    assert page.count("handle marketing") == 6


def test_who_may_not_decide_is_told_why(table: Table) -> None:
    stranger = make_person()
    join_round(table.round.pk, by=stranger)
    page = read(signed_in(stranger), table.round.get_absolute_url())
    assert "data-decision" not in page
    assert "This step is up to" in page


def test_a_divergence_is_agreed_on_in_place() -> None:
    apart = make_divergent()
    opened = open_round(by=holder(apart.it_owner))
    page = read(signed_in(holder(apart.it_owner)), opened.get_absolute_url())
    assert f'hx-post="/requests/{apart.pk}/scores/agreed/reach/"' in page
    assert 'hx-target="#request"' not in page or 'id="request"' in page


def test_a_step_that_is_taken_in_a_round_is_answered_there(table: Table) -> None:
    client = signed_in(table.marketing)
    here = {**HTMX, "HX-Current-URL": f"http://testserver{table.round.get_absolute_url()}"}
    answer = client.post(f"/requests/{table.first.pk}/actions/accept/", headers=here)
    assert answer.status_code == 200
    assert answer.content == b""
    assert answer["HX-Reswap"] == "none"
    assert set(json.loads(answer["HX-Trigger"])) == {"tandem:done", "tandem:toast"}
    assert "This does not wait any more" in read(client, url("now", table.round))


def test_a_decision_in_the_round_can_be_taken_back_there(table: Table) -> None:
    client, undo = signed_in(table.it), f"/requests/{table.first.pk}/actions/undo/"
    assert undo not in read(client, url("now", table.round))
    perform("accept", table.first.pk, by=table.it)
    assert undo in read(client, url("now", table.round))
    assert undo not in read(signed_in(table.marketing), url("now", table.round))
    here = {**HTMX, "HX-Current-URL": f"http://testserver{table.round.get_absolute_url()}"}
    assert client.post(undo, headers=here).status_code == 200
    assert Request.objects.get(pk=table.first.pk).status == "shaping"


def test_what_is_blocked_says_so_in_the_round(table: Table) -> None:
    why = Inputs(reason="The cash desks come first.", waiting_for=WaitingFor.OUTSIDE)
    perform("block", table.first.pk, by=table.it, inputs=why)
    assert re.search(r'class="pill bad">.*Blocked', read(signed_in(table.it), url("now", table.round)))


def test_elsewhere_a_step_is_answered_as_ever(table: Table) -> None:
    there = {**HTMX, "HX-Current-URL": f"http://testserver{table.first.get_absolute_url()}"}
    client = signed_in(table.marketing)
    answer = client.post(f"/requests/{table.first.pk}/actions/accept/", headers=there)
    assert answer["HX-Retarget"] == "#request"
    assert answer.content != b""


def test_next_shows_the_next_one_in_the_same_place(table: Table) -> None:
    client = signed_in(table.it)
    answer = client.post(url("step", table.round), {"seen": table.item(1)}, headers=HTMX)
    assert answer["HX-Retarget"] == "#request"
    assert table.second.title in answer.content.decode()
    assert "HX-Trigger" not in answer
    client.post(url("step", table.round), {"seen": table.item(2), "back": "yes"}, headers=HTMX)
    assert current(table.round) == table.first.pk


def test_who_presses_late_sees_where_the_others_are(table: Table) -> None:
    signed_in(table.it).post(url("step", table.round), {"seen": table.item(1)})
    client = signed_in(table.marketing)
    answer = client.post(url("step", table.round), {"seen": table.item(1)}, headers=HTMX)
    assert "Somebody was faster" in answer["HX-Trigger"]
    assert table.second.title in answer.content.decode()
    plain: Any = client.post(url("step", table.round), {"seen": table.item(1)}, follow=True)
    assert "Somebody was faster" in plain.content.decode()


@pytest.mark.parametrize("seen", ["", "x", "-1", "9" * 40, "٣"])
def test_a_step_from_nowhere_goes_nowhere(table: Table, seen: str) -> None:
    answer = signed_in(table.it).post(url("step", table.round), {"seen": seen})
    assert answer.status_code == 302
    assert current(table.round) == table.first.pk


def test_putting_off_asks_for_a_reason(table: Table) -> None:
    client = signed_in(table.it)
    assert "Why is it put off" in read(client, f"{url('defer', table.round)}?seen={table.item(1)}")
    answer = client.post(url("defer", table.round), {"seen": table.item(1), "reason": " "}, headers=HTMX)
    assert answer.status_code == 422
    assert "Say why it is put off" in answer.content.decode()
    answer = client.post(
        url("defer", table.round), {"seen": table.item(1), "reason": "Numbers first."}, headers=HTMX
    )
    assert answer["HX-Retarget"] == "#request"
    assert f'data-item="{table.item(2)}"' in answer.content.decode()
    assert table.round.items.get(position=1).outcome == AgendaOutcome.DEFERRED


def test_putting_off_what_the_others_left_keeps_what_was_typed(table: Table) -> None:
    defer(table.round.pk, "Theirs.", by=table.marketing, seen=table.item(1))
    answer = signed_in(table.it).post(
        url("defer", table.round), {"seen": table.item(1), "reason": "Mine, long."}, headers=HTMX
    )
    assert answer.status_code == 409
    assert "Mine, long." in answer.content.decode()
    assert table.round.items.get(position=1).reason == "Theirs."


def test_the_end_says_so(table: Table) -> None:
    defer(table.round.pk, "Later", by=table.it, seen=table.item(1))
    defer(table.round.pk, "Later", by=table.it, seen=table.item(2))
    assert "That was everything." in read(signed_in(table.it), table.round.get_absolute_url())


def test_devices_that_follow_are_led_to_the_minutes(table: Table) -> None:
    close_round(table.round.pk, by=table.it)
    answer = signed_in(table.marketing).get(url("now", table.round), headers=HTMX)
    assert answer["HX-Redirect"] == table.round.get_absolute_url()


def test_the_page_takes_few_queries(
    table: Table, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    client = signed_in(table.it)
    read(client, table.round.get_absolute_url())
    with django_assert_max_num_queries(12):
        read(client, table.round.get_absolute_url())


# ---- minutes
def test_closing_leads_to_the_minutes(table: Table) -> None:
    perform("accept", table.first.pk, by=table.marketing)
    client = signed_in(table.it)
    answer: Any = client.post(url("close", table.round), follow=True)
    page = answer.content.decode()
    assert "1 decision" in page
    assert f"{table.marketing.name} accepted the request" in page
    assert "These minutes go to everybody who was there" in page


def test_minutes_as_a_file(table: Table) -> None:
    client = signed_in(table.it)
    assert client.get(url("file", table.round)).status_code == 404
    close_round(table.round.pk, by=table.it)
    answer = client.get(url("file", table.round))
    assert answer["Content-Type"] == "text/markdown; charset=utf-8"
    assert "attachment" in answer["Content-Disposition"]
    assert f"## {table.first.key} Choose topics" in answer.content.decode()


def test_minutes_name_only_what_the_reader_may_see() -> None:
    secret = make_acceptable(restricted=True, title="Verschlusssache")
    insider = holder(secret.it_owner)
    opened = open_round(by=insider)
    close_round(opened.pk, by=insider)
    assert "Verschlusssache" in read(signed_in(insider), opened.get_absolute_url())
    stranger = signed_in(make_person())
    for address in (opened.get_absolute_url(), url("file", opened)):
        assert "Verschlusssache" not in read(stranger, address)


def test_correcting_them(table: Table) -> None:
    close_round(table.round.pk, by=table.it)
    client, field = signed_in(table.it), f"note_{table.item(1)}"
    assert field in read(client, url("correct", table.round))
    version = Round.objects.get(pk=table.round.pk).version
    answer: Any = client.post(
        url("correct", table.round), {"version": version, field: "We asked sales."}, follow=True
    )
    assert "We asked sales." in answer.content.decode()


def test_two_who_correct_the_same_see_both_texts(table: Table) -> None:
    close_round(table.round.pk, by=table.it)
    field, version = f"note_{table.item(1)}", Round.objects.get(pk=table.round.pk).version
    signed_in(table.it).post(url("correct", table.round), {"version": version, field: "First."})
    answer = signed_in(table.marketing).post(
        url("correct", table.round), {"version": version, field: "Second."}
    )
    assert answer.status_code == 422
    page = answer.content.decode()
    assert "First." in page
    assert "Second." in page


def test_who_was_not_there_corrects_nothing(table: Table) -> None:
    close_round(table.round.pk, by=table.it)
    assert signed_in(make_person()).get(url("correct", table.round)).status_code == 302


def test_a_request_that_was_hidden_meanwhile_is_not_in_the_correction(table: Table) -> None:
    close_round(table.round.pk, by=table.it)
    Request.objects.filter(pk=table.second.pk).update(restricted=True)
    assert table.second.key not in read(signed_in(table.it), url("correct", table.round))
