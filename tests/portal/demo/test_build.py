"""The demo as it stands after it was built: believable, told, and with nothing left to send."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from importlib import import_module

import pytest
from django.core import mail
from django.core.management import CommandError, call_command
from django.db import transaction
from django.utils import timezone
from pytest_django.plugin import DjangoDbBlocker

from activity.models import Event, FanOut, Origin
from knowhow.bridges.silo import silo_map, summed
from knowhow.exchanges.models import Exchange, ExchangeProposal, SignUp
from knowhow.exchanges.reminding import say_what_is_due as say_what_is_due_of_exchanges
from knowhow.models import PersonSkill, RoleProfile, Skill
from knowhow.solutions import reads
from knowhow.solutions.experts import ENOUGH, candidates
from knowhow.solutions.fields import missing_sections
from notifications.digest.send import send_due_digests
from notifications.models import Delivery, Digest, InboxEntry
from notifications.tasks import SCHEDULES
from portal.demo.build import build
from portal.demo.company import PASSWORD
from requests_app.boards.wip import wip_of
from requests_app.bridging.growing import bridges_and_potentials
from requests_app.bridging.ties import ties_since
from requests_app.choices import OPEN, OutcomeVerdict, Status
from requests_app.models import (
    OPEN_QUESTION,
    AgreedScore,
    Board,
    ChecklistItem,
    Comment,
    Outcome,
    Request,
)
from requests_app.touchpoint_map import Gap, gaps, touchpoint_map
from requests_app.understanding import coverages
from teams.models import BriefQuestion, Person, Team, Touchpoint
from teams.understanding import is_stale

NOW = timezone.now()
# The schedules by which the portal says something to people.
SPEAKING = {
    *("digests", "reminders", "escalations", "exchanges", "stale briefs", "too few experts"),
    "match mentors",
}


@pytest.fixture(scope="module")
def demo(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[datetime]:
    """The demo, built once for all tests of this file and taken back afterwards."""
    with django_db_blocker.unblock(), transaction.atomic():
        _have_touchpoints()
        build(NOW)
        yield NOW
        transaction.set_rollback(True)


def _have_touchpoints() -> None:
    """The start set, which tests that empty all tables take away."""
    start_set = import_module("teams.migrations.0002_start_touchpoints").START_SET
    for slug, german, english, phase in start_set:
        Touchpoint.objects.get_or_create(
            slug=slug, defaults={"name_de": german, "name_en": english, "phase": phase}
        )


@pytest.mark.usefixtures("demo")
class TestDemo:
    def test_its_people_say_what_they_can(self) -> None:
        assert Skill.objects.filter(state=Skill.State.LISTED).count() == 60
        assert PersonSkill.objects.values("person").distinct().count() >= 20
        assert RoleProfile.objects.get().text_de != RoleProfile.objects.get().text_en

    def test_three_could_become_a_bridge_and_each_has_a_next_step(self) -> None:
        bridges, potentials = bridges_and_potentials(Person.objects.filter(is_admin=True)[0])
        assert len(bridges) >= 1
        assert len(potentials) == 3
        assert all(one.step for one in potentials)

    def test_one_team_stands_alone(self, demo: datetime) -> None:
        teams = Team.objects.values_list("pk", flat=True)
        found = silo_map(teams, summed(ties_since(demo, 2)), demo)
        assert list(Team.objects.filter(pk__in=found.lonely).values_list("slug", flat=True)) == ["service"]

    def test_it_is_a_mid_sized_company(self) -> None:
        assert Team.objects.count() == 8
        assert 25 <= Person.objects.count() <= 30
        assert set(Team.objects.values_list("side", flat=True)) == {"marketing", "it", "other"}

    def test_it_has_160_requests_in_every_status(self) -> None:
        assert Request.objects.count() == 160
        assert set(Request.objects.values_list("status", flat=True)) == set(Status.values)

    def test_its_history_takes_twelve_weeks_and_ends_before_now(self) -> None:
        moments = Event.objects.filter(object_type="request").values_list("occurred_at", flat=True)
        assert min(moments) > NOW - timedelta(days=100)
        assert min(moments) < NOW - timedelta(days=70)
        assert max(moments) <= NOW
        assert not Event.objects.exclude(origin=Origin.DEMO).exists()

    def test_people_show_each_other_what_they_can(self) -> None:
        assert Exchange.objects.count() == 15
        assert Exchange.objects.filter(ends_at__lt=NOW).count() == 8
        assert Exchange.objects.filter(kind="shadowing").count() == 2
        assert SignUp.objects.filter(standing="waiting").count() == 1
        assert set(SignUp.objects.values_list("answer", flat=True)) >= {"yes", "partly"}
        assert ExchangeProposal.objects.filter(closed_at=None).count() == 3
        assert ExchangeProposal.objects.exclude(hosts_asked_at=None).get().kind == "shadowing"
        assert say_what_is_due_of_exchanges(NOW) == 0

    def test_people_talk_decide_with_reasons_and_stand_still(self) -> None:
        assert Comment.objects.count() > 15
        decided = Event.objects.filter(kind__in=["request.parked", "request.declined"])
        assert all(event.data["reason"] for event in decided)
        old = NOW - timedelta(days=7)
        assert Request.objects.filter(status__in=OPEN, progress_at__lt=old).count() > 5
        assert Request.objects.filter(restricted=True).count() >= 4

    def test_both_sides_have_talked_about_where_they_differ(self) -> None:
        assert AgreedScore.objects.filter(agreed_by=None, round__decided_at=None).count() >= 3
        assert AgreedScore.objects.filter(round__decided_at__isnull=False).count() >= 5
        accepted = Event.objects.filter(kind="request.accepted")
        assert not [event for event in accepted if event.data.get("override")]
        assert Request.objects.filter(status=Status.SHAPING, difference=None).exists()

    def test_questions_are_open_and_answered_and_outcomes_recorded(self) -> None:
        assert Comment.objects.filter(OPEN_QUESTION).count() >= 5
        assert Comment.objects.exclude(answer_to=None).count() >= 4
        assert {outcome.verdict for outcome in Outcome.objects.all()} == set(OutcomeVerdict.values)
        assert Event.objects.filter(kind="request.stalled").exists()

    def test_some_requests_are_prepared_in_part_by_people_of_both_sides(self) -> None:
        items = ChecklistItem.objects.all()
        assert {item.person.side for item in items if item.person} >= {"marketing", "it"}
        assert items.filter(person=None).exists()
        assert 8 <= items.exclude(done_at=None).count() < items.count()
        assert not items.filter(done_at__gt=NOW).exists()
        agreed = Request.objects.exclude(agreed_on=None)
        assert agreed.filter(one_off_cost__gt=0).count() >= 7
        signed = Request.objects.filter(personal_data="yes").values_list("status", "personal_data_signed_by")
        assert {status: bool(by) for status, by in signed} == {"shaping": False, "in_progress": True}

    def test_twelve_solutions_are_explained_and_two_of_them_stand_on_one_person(self) -> None:
        solutions = reads.catalogue()
        assert solutions.count() == 12
        assert not [solution for solution in solutions if missing_sections(solution)]
        thin = [solution for solution in solutions if solution.masters < ENOUGH]
        assert [solution.slug for solution in thin] == [
            "freigabeweg-fur-beitrage",
            "verleih-und-kurse-buchen",
        ]
        assert all(len(candidates(solution)) == 2 for solution in thin)
        assert set(solutions.values_list("status", flat=True)) == {"pilot", "live", "leaving"}

    def test_what_solutions_mean_is_understood_by_some_and_asked_about(self) -> None:
        briefs = [solution.understanding for solution in reads.catalogue()]
        percents = [found.percent or 0 for found in coverages(briefs).values()]
        assert max(percents) >= 50
        assert min(percents) == 0
        assert BriefQuestion.objects.filter(brief__in=briefs, answered_at=None).count() == 1
        assert BriefQuestion.objects.filter(brief__in=briefs).count() == 3
        assert not [brief for brief in briefs if is_stale(brief, NOW)]

    def test_the_touchpoint_map_has_a_gap_and_a_crowd(self) -> None:
        outsider = Person.objects.get(email="outsider@demo.example")
        assert {place.gap for place in gaps(touchpoint_map(outsider))} == set(Gap.values)

    def test_the_board_that_is_shown_first_has_two_free_slots(self) -> None:
        wip = wip_of(Team.objects.get(slug="crm-platform").pk, Status.IN_PROGRESS)
        assert wip.limit is not None
        assert wip.limit - wip.count >= 2

    def test_one_board_goes_across_teams_and_the_first_says_what_running_operations_take(self) -> None:
        assert [board.slug for board in Board.objects.filter(team=None)] == ["_wiederkaufe-alle-teams"]
        assert Board.objects.get(slug="crm-platform").operations_share == 35

    def test_the_well_known_accounts_sign_in(self) -> None:
        for name in ("admin", "marketing", "marketing.lead", "it", "it.lead", "bridge", "outsider"):
            assert Person.objects.get(email=f"{name}@demo.example").check_password(PASSWORD)

    def test_inboxes_hold_the_last_two_weeks(self) -> None:
        created = InboxEntry.objects.values_list("created_at", flat=True)
        assert len(created) > 50
        assert min(created) >= NOW - timedelta(days=14)
        assert InboxEntry.objects.filter(read_at=None).exists()

    def test_everybody_has_three_finished_digests_and_no_other_mail(self) -> None:
        people = Person.objects.count()
        assert Digest.objects.values("week").distinct().count() == 3
        assert Digest.objects.count() == 3 * people
        assert not Delivery.objects.filter(channel="mail").exists()

    def test_nothing_is_due(self) -> None:
        assert not FanOut.objects.filter(done_at=None).exists()
        assert not Event.objects.filter(position=None).exists()
        before = len(mail.outbox)
        assert send_due_digests(NOW).sent == 0
        assert len(mail.outbox) == before
        said = {one.name: one.run(NOW) for one in SCHEDULES if one.name in SPEAKING}
        assert said == dict.fromkeys(SPEAKING, 0)
        assert not Delivery.objects.exclude(state__in=["done", "skipped"]).exists()


@pytest.mark.django_db
def test_it_is_never_made_outside_the_demo() -> None:
    with pytest.raises(CommandError, match="make demo"):
        call_command("demo_data")
