"""Seeded data: consistent, without repeated texts, the same for the same seed, and never among real data."""

import random
from collections import Counter
from io import StringIO
from itertools import chain
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from activity import clock
from activity.models import Event, FanOut
from requests_app.choices import Status
from requests_app.models import Comment, Request, ScoringRound, Supporter, Watcher
from requests_app.scoring.reading import round_of
from requests_app.scoring.rules import rules_now
from requests_app.seeding.lives import SHARES, life_of
from requests_app.seeding.talk import MOST_EACH
from requests_app.seeding.texts import read_phrases
from requests_app.workflow.turn import facts_of, whose_turn
from teams.models import Membership, Person, Role, Side
from tests.factories import make_person, make_request

pytestmark = pytest.mark.django_db


def seed(requests: int = 300, people: int = 40, random_seed: int = 7, comments: int = 0) -> None:
    options = {"requests": requests, "people": people, "random_seed": random_seed, "comments": comments}
    call_command("seed", **options, stdout=StringIO())


def texts() -> list[str]:
    fields = Request.objects.values_list("title", "customer_need", "outcome")
    return [*chain.from_iterable(fields), *Comment.objects.values_list("body", flat=True)]


def test_no_text_occurs_twice_even_in_a_second_run() -> None:
    seed(comments=1_000)
    seed(comments=3_000)
    found = texts()
    assert len(found) > 600 * 3
    assert len(set(found)) == len(found)


@pytest.mark.parametrize("folder", ["nowhere", "shared"])
def test_texts_are_distinct_by_their_numbers(folder: str) -> None:
    phrases = read_phrases(Path(__file__).parents[3] / folder / "data")
    serials = [*range(3000), *range(1_000_000 * 64, 1_000_000 * 64 + 3000), 100_000_000]
    chance = random.Random(1)
    assert len({phrases.text(serial, chance, 0) for serial in serials}) == len(serials)
    assert len({phrases.title(serial) for serial in range(1_000_000, 1_003_000)}) == 3000
    assert max(len(phrases.title(serial)) for serial in range(1_000_000, 1_003_000)) <= 200


def test_every_status_side_and_kind_of_row_is_there() -> None:
    seed()
    statuses = Counter(Request.objects.values_list("status", flat=True))
    assert set(statuses) == set(SHARES) == set(Status)
    assert statuses[Status.DONE] == max(statuses.values())
    assert 0 < Request.objects.filter(restricted=True).count() < 30
    assert Request.objects.exclude(waiting_for="").exists()
    assert Watcher.objects.exists()
    assert Supporter.objects.exists()
    assert set(Person.objects.values_list("side", flat=True)) == set(Side.values)
    assert Membership.objects.filter(role=Role.LEAD).count() >= 6


def test_each_request_has_a_log_that_leads_to_where_it_is() -> None:
    seed()
    for request in Request.objects.all():
        events = Event.objects.filter(object_type="request", object_id=request.pk).order_by("id")
        steps = [event for event in events if "to" in event.data]
        assert [event.occurred_at for event in events] == sorted(event.occurred_at for event in events)
        status = Status.DRAFT.value
        for step in steps:
            assert step.data["from"] == status
            status = step.data["to"]
        assert status == request.status
        assert request.version == len(steps) + 1


def test_nobody_is_told_of_seeded_requests_and_readers_find_positions() -> None:
    seed()
    assert not FanOut.objects.filter(event__object_type="request").exists()
    assert not Event.objects.filter(object_type="request", position=None).exists()


def test_ranks_are_in_one_order_per_status() -> None:
    seed()
    seed()
    ranked = Request.objects.exclude(rank=None).values_list("status", "rank")
    assert len(set(ranked)) == len(ranked) == Request.objects.exclude(status=Status.DRAFT).count()


def test_numbers_go_on_behind_what_was_copied() -> None:
    seed()
    last = Request.objects.latest("pk").pk
    assert make_request().pk == last + 1


@pytest.mark.parametrize("status", sorted(SHARES))
def test_a_life_lies_in_the_past_and_ends_in_its_status(status: Status) -> None:
    now, chance = clock.now(), random.Random(3)
    for _one in range(200):
        life = life_of(status, chance, now)
        times = [step.at for step in life]
        assert times == sorted(times)
        if status == Status.DRAFT:
            assert life == []
        else:
            assert times[-1] <= now
            assert life[-1].status == status


def test_the_same_seed_makes_the_same_choices() -> None:
    now = clock.now()
    lives = [life_of(Status.DONE, random.Random(5), now) for _twice in range(2)]
    assert lives[0] == lives[1]


def test_it_refuses_where_real_people_filed_requests() -> None:
    make_request()
    with pytest.raises(CommandError):
        seed()
    assert Request.objects.count() == 1


def test_it_runs_beside_demo_data() -> None:
    make_request(requester=make_person(is_demo=True))
    seed()
    assert Request.objects.count() == 301


@pytest.mark.parametrize(("requests", "people"), [(0, 40), (10, 19)])
def test_numbers_that_make_no_company_are_refused(requests: int, people: int) -> None:
    with pytest.raises(CommandError):
        seed(requests, people)


def test_statistics_are_fresh_afterwards() -> None:
    seed()
    with connection.cursor() as cursor:
        cursor.execute("SELECT reltuples FROM pg_class WHERE relname = 'requests_app_request'")
        assert cursor.fetchone()[0] == 300


def test_seeded_scores_fit_the_status_and_the_rules() -> None:
    seed(600)
    decided = Request.objects.filter(status__in=[Status.READY, Status.IN_PROGRESS, Status.DONE])
    rules = rules_now()
    for request in decided:
        found = round_of(request)
        assert found.is_revealed
        assert found.decided
        assert not found.open_divergences
        assert request.difference == found.difference(rules.weights) >= rules.gate
        assert request.effort == found.joint["effort"]
    assert not Request.objects.filter(status=Status.SUBMITTED).exclude(difference=None).exists()
    assert Request.objects.filter(difference_provisional=True, status=Status.SHAPING).exists()


def test_seeded_turns_are_those_of_the_rule() -> None:
    seed(600)
    shaping = Request.objects.filter(status=Status.SHAPING)
    assert {request.turn for request in shaping} >= {"marketing", "it"}
    assert [request.number for request in shaping if whose_turn(facts_of(request)) != request.turn] == []


def test_what_one_side_alone_scored_in_a_seed_is_told_without_values() -> None:
    seed(600)
    rounds = ScoringRound.objects.filter(revealed_at=None).values("request")
    events = Event.objects.filter(kind="request.scored", object_id__in=rounds)
    assert events.exists()
    assert all(set(event.data) == {"side", "round", "first"} for event in events)


def test_further_talk_has_texts_of_its_own_and_an_event_for_each() -> None:
    seed(comments=2_000)
    found = texts()
    assert len(set(found)) == len(found)
    assert 1_600 < Comment.objects.count() < 2_400
    assert not Comment.objects.filter(request__status=Status.DRAFT).exists()
    told = Event.objects.filter(kind="request.commented")
    assert {(event.object_id, event.data["comment"], event.occurred_at) for event in told} == set(
        Comment.objects.values_list("request", "pk", "created_at")
    )
    positions = list(
        Event.objects.exclude(position=None).order_by("position").values_list("position", flat=True)
    )
    assert positions == list(range(1, len(positions) + 1))
    assert not FanOut.objects.filter(event__kind="request.commented").exists()


def test_who_further_talks_serves_the_request_or_has_filed_it() -> None:
    seed(comments=1_000)
    for row in Comment.objects.select_related("request"):
        team = Membership.objects.filter(team=row.request.serving_team, person=row.author)
        assert row.author_id == row.request.requester_id or team.exists()
        assert row.request.created_at <= row.created_at <= clock.now()


def test_a_second_run_talks_only_about_what_is_missing() -> None:
    seed(comments=1_500)
    before = Comment.objects.count()
    seed(requests=1, comments=18)
    assert Comment.objects.count() - before <= 20


def test_more_talk_than_texts_is_refused_before_anything_is_written() -> None:
    with pytest.raises(CommandError):
        seed(requests=10, comments=MOST_EACH * 10 + 1)
    assert not Request.objects.exists()
