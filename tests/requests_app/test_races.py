"""Many people at once, each with a connection of their own: nothing is lost, doubled or locked up.

`TANDEM_TORTURE=1` runs the same assertions in full size. The races of boards are in `test_board_races.py`.
"""

import os
import random
import threading
from collections import Counter
from collections.abc import Callable
from functools import partial
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction

from activity.models import Event
from requests_app.boards import locks, rank
from requests_app.boards.move import move
from requests_app.boards.wip import set_wip_limit
from requests_app.choices import Status
from requests_app.discussion import comment, support, watch
from requests_app.intake.submit import hand_in
from requests_app.models import Comment, Request, Supporter, Watcher, WipLimit
from requests_app.seats import deactivate, remove_member
from requests_app.workflow.inputs import Explainer, Inputs
from requests_app.workflow.perform import perform
from teams.models import Person, Side, Team
from teams.rules import RuleViolation, StaleVersion
from tests.factories import make_admin, make_person, make_request, make_team
from tests.processes import PATIENCE
from tests.requests_app.scenes import in_days, make_scene

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.torture]

FULL = "TANDEM_TORTURE" in os.environ
# Of pairs that must always come to one legal history; each takes some hundredths of a second.
REPETITIONS = 20
MOVES_EACH = 40 if FULL else 3
WAITS = (
    "SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = current_database()"
)


def at_once(*calls: Callable[[], Any]) -> list[Any]:
    """What each call returned or raised, all of them let go at the same moment."""
    barrier, outcomes = threading.Barrier(len(calls)), [None] * len(calls)

    def run(place: int, call: Callable[[], Any]) -> None:
        try:
            connection.ensure_connection()
            barrier.wait(timeout=PATIENCE)
            outcomes[place] = call()
        except Exception as error:
            outcomes[place] = error  # type: ignore[call-overload]
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=pair) for pair in enumerate(calls)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return outcomes


def kinds(outcomes: list[Any]) -> Counter[str]:
    """How often it went which way; a deadlock or time-out of the database fails the test."""
    for outcome in outcomes:
        if isinstance(outcome, DatabaseError):
            raise outcome
    return Counter(
        str(outcome) if isinstance(outcome, RuleViolation) else type(outcome).__name__ for outcome in outcomes
    )


def tally(pair: str, first: Counter[str]) -> None:
    """For the reader of a torture run: who of a pair came first how often."""
    told = ", ".join(f"{who} {times}" for who, times in sorted(first.items()))
    print(f"{pair}, {first.total()} times; first came: {told}")


def ranks_are_unique(status: str) -> bool:
    ranks = list(Request.objects.filter(status=status).values_list("rank", flat=True))
    return len(ranks) == len(set(ranks))


def waiting() -> int:
    """How many connections wait for a lock, beside the databases of tests that run at the same time."""
    with connection.cursor() as cursor:
        # Within a transaction it would tell again and again what it told first.
        cursor.execute("SELECT pg_stat_clear_snapshot()")
        cursor.execute(WAITS)
        return int(cursor.fetchone()[0])


def meanwhile(change: Callable[[], Any], call: Callable[[], Any]) -> list[Any]:
    """What ``call`` came to, which waits for the rows of ``change`` until that commits."""
    outcomes: list[Any] = []

    def run() -> None:
        try:
            outcomes.append(call())
        except Exception as error:
            outcomes.append(error)
        finally:
            connection.close()

    thread = threading.Thread(target=run)
    with transaction.atomic():
        change()
        thread.start()
        while not waiting():
            assert thread.is_alive(), "it did not wait"
    thread.join(timeout=PATIENCE)
    assert not thread.is_alive()
    return outcomes


def cards_of(team: Team, status: str, count: int) -> list[Request]:
    pattern = make_request(status, serving_team=team)
    names = ("requester", "requesting_team", "marketing_owner", "it_owner", "goal")
    seats = {name: getattr(pattern, name) for name in names}
    return [pattern, *(make_request(status, serving_team=team, **seats) for _ in range(count - 1))]


WHY = Inputs(
    reason="Because the numbers say so",
    revisit_on=in_days(30),
    explainer=Explainer("Mail robot", "It sends the mails that you write."),
)
# From one status two steps, each with who takes it; none of them is possible after the other.
DIFFERENT_STEPS = [
    ("ready", ("start", "it_owner"), ("rethink", "marketing_lead")),
    ("in_progress", ("hand_over", "it_owner"), ("park", "marketing_owner")),
    ("submitted", ("decline", "it_member"), ("withdraw", "requester")),
    ("in_review", ("deliver", "marketing_owner"), ("send_back", "marketing_lead")),
]


@pytest.mark.parametrize("with_version", [True, False])
@pytest.mark.parametrize(("status", "one", "other"), DIFFERENT_STEPS)
def test_of_two_different_steps_at_once_one_wins_and_the_other_is_told(
    status: str, one: tuple[str, str], other: tuple[str, str], with_version: bool
) -> None:
    first: Counter[str] = Counter()
    for _round in range(REPETITIONS):
        scene, version = make_scene(status), 1 if with_version else None
        number = scene.request.number
        outcomes = at_once(
            *(
                partial(perform, action, number, by=scene.people[role], inputs=WHY, version=version)
                for action, role in (one, other)
            )
        )
        # Without a version the rules decide, under the lock.
        assert kinds(outcomes) == {"Request": 1, "StaleVersion" if with_version else "wrong_status": 1}
        (event,) = Event.objects.filter(object_id=number)
        assert (event.data["from"], event.data["to"]) == (status, scene.fresh().status)
        assert scene.fresh().version == 2
        first[event.data["action"]] += 1
    tally(f"{one[0]} and {other[0]} at once", first)


def test_the_same_step_by_two_people_is_taken_once() -> None:
    for _round in range(REPETITIONS):
        scene = make_scene("ready")
        number, owner, lead = scene.request.number, scene.it_owner, scene.it_lead
        told = kinds(at_once(*(partial(perform, "start", number, by=who) for who in (owner, lead, owner))))
        # Whoever came first may ask twice; the other one hears that it is done.
        assert told in ({"Request": 2, "already_done": 1}, {"Request": 1, "already_done": 2})
        assert Event.objects.filter(object_id=number).count() == 1
        assert scene.fresh().version == 2


def test_steps_in_opposite_directions_merges_and_rebalancing_never_lock_each_other_up() -> None:
    team = make_team()
    lead = make_person(lead_of=team)
    numbers = [card.number for card in cards_of(team, "ready", 8)]
    pairs = {Status.READY: "shaping", Status.SHAPING: "ready"}

    def to_and_fro(seed: int) -> str:
        chance = random.Random(seed)
        for _ in range(MOVES_EACH):
            one, other = chance.sample(numbers, 2)
            steps: list[Callable[[], Any]] = [
                partial(perform, "merge", one, by=lead, inputs=Inputs(into=other)),
                partial(perform, "unmerge", one, by=lead),
                partial(go_over, one),
                partial(go_over, one),
                partial(comment, one, "A thought", by=lead),
                partial(rebalance, chance.choice(["ready", "shaping"])),
            ]
            try:
                chance.choice(steps)()
            except (RuleViolation, StaleVersion):
                # Somebody else was faster: what the rules say to that is tested elsewhere.
                continue
        return "survived"

    def go_over(number: int) -> None:
        target = pairs.get(Status(Request.objects.get(number=number).status), "ready")
        move(number, by=lead, status=target, inputs=Inputs(reason="To and fro"))

    def rebalance(status: str) -> None:
        with transaction.atomic():
            locks.lock_status(status)
            rank.rebalance(status)

    outcomes = at_once(*(lambda seed=seed: to_and_fro(seed) for seed in range(12)))
    assert kinds(outcomes) == {"str": 12}
    assert all(ranks_are_unique(status) for status in ("ready", "shaping", "declined"))
    steps = Event.objects.exclude(kind="request.commented").count()
    assert sum(Request.objects.values_list("version", flat=True)) == len(numbers) + steps


def test_who_supports_and_watches_during_a_merge_is_lost_by_nobody() -> None:
    first: Counter[str] = Counter()
    for _round in range(REPETITIONS):
        scene, into = make_scene(), make_request()
        number, member, outsider = scene.request.number, scene.it_member, scene.outsider
        outcomes = at_once(
            partial(perform, "merge", number, by=member, inputs=Inputs(into=into.number)),
            partial(support, number, by=outsider),
            partial(watch, number, by=outsider),
        )
        assert kinds(outcomes) == {"Request": 3}
        for model in (Supporter, Watcher):
            # Who came before the merge went along, who came after it stayed.
            (found,) = model._default_manager.filter(request__in=[number, into.number])
            assert found.person == outsider
        first["merge" if scene.request.supporters.exists() else "support"] += 1
    tally("support during a merge", first)


def test_support_given_twice_at_once_counts_once() -> None:
    request, person = make_request(), make_person()
    outcomes = at_once(*(lambda: support(request.number, by=person) for _ in range(6)))
    assert kinds(outcomes) == {"Request": 6}
    assert Supporter.objects.count() == Event.objects.count() == 1


def test_who_is_deactivated_while_being_named_gets_no_seat() -> None:
    scene, colleague = make_scene(), make_person(make_team())
    number, member = scene.request.number, scene.it_member

    outcomes = meanwhile(
        lambda: Person.objects.filter(pk=colleague.pk).update(is_active=False),
        lambda: perform("assign", number, by=member, inputs=Inputs(it_owner=colleague)),
    )
    assert kinds(outcomes) == {"owner_missing": 1}
    assert scene.fresh().it_owner == scene.it_owner


def test_who_is_deactivated_while_handing_in_hands_nothing_in() -> None:
    campaigns, admin = make_team(Side.MARKETING), make_admin()
    author = make_person(campaigns)
    draft = make_request("draft", requester=author, requesting_team=campaigns)
    outcomes = meanwhile(lambda: deactivate(author, by=admin), lambda: hand_in(draft.pk, by=author))
    assert kinds(outcomes) == {"Http404": 1}
    draft.refresh_from_db()
    assert (draft.status, draft.marketing_owner) == ("draft", None)


def test_who_loses_the_side_while_handing_in_gets_no_seat_of_it() -> None:
    campaigns, admin = make_team(Side.MARKETING), make_admin()
    author = make_person(campaigns)
    draft = make_request("draft", requester=author, requesting_team=campaigns)
    outcomes = meanwhile(
        lambda: remove_member(campaigns, author, by=admin), lambda: hand_in(draft.pk, by=author)
    )
    assert kinds(outcomes) == {"Request": 1}
    draft.refresh_from_db()
    assert (draft.status, draft.marketing_owner) == ("submitted", None)


def test_who_waits_for_a_request_that_is_restricted_meanwhile_does_not_get_it() -> None:
    scene = make_scene()
    number, outsider = scene.request.number, scene.outsider
    outcomes = meanwhile(
        lambda: Request.objects.filter(number=number).update(restricted=True),
        lambda: comment(number, "Hello?", by=outsider),
    )
    assert kinds(outcomes) == {"Http404": 1}
    assert not Comment.objects.exists()


def test_a_serving_team_that_changes_meanwhile_is_planned_anew() -> None:
    scene, full = make_scene("ready"), make_team()
    WipLimit.objects.create(team=full, status="in_progress", limit=1)
    make_request("in_progress", serving_team=full)
    number, owner = scene.request.number, scene.it_owner
    outcomes = meanwhile(
        lambda: Request.objects.filter(number=number).update(serving_team=full),
        lambda: perform("start", number, by=owner),
    )
    # The slot that counts is that of the team which serves now.
    assert kinds(outcomes) == {"wip_full": 1}
    assert scene.fresh().status == "ready"


def test_a_limit_that_is_lowered_meanwhile_holds() -> None:
    scene = make_scene("ready")
    make_request("in_progress", serving_team=scene.it_team)
    number, owner, lead = scene.request.number, scene.it_owner, scene.it_lead
    outcomes = meanwhile(
        lambda: set_wip_limit(scene.it_team, "in_progress", 1, by=lead),
        lambda: perform("start", number, by=owner),
    )
    assert kinds(outcomes) == {"wip_full": 1}


def test_an_undo_takes_back_the_step_that_is_the_last_one_by_then() -> None:
    scene = make_scene("ready")
    number, owner = scene.request.number, scene.it_owner
    perform("start", number, by=owner)
    explained = Inputs(explainer=Explainer("Robot", "It helps."))
    outcomes = meanwhile(
        lambda: perform("hand_over", number, by=owner, inputs=explained),
        lambda: perform("undo", number, by=owner),
    )
    assert kinds(outcomes) == {"Request": 1}
    assert (scene.fresh().status, scene.event().data["undone"]) == ("in_progress", "hand_over")
