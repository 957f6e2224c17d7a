"""What a rule would have said: counted from the log, saved nowhere."""

from datetime import UTC, datetime, timedelta

import pytest
from django.db import transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from activity import clock, log
from requests_app.choices import Status
from requests_app.escalating.dry_run import Window, stalls, try_rule
from requests_app.escalating.rules import Rule, rules
from requests_app.escalating.speaking import ask_about_briefs
from requests_app.models import Escalation, EscalationRule, Request
from requests_app.reminding import say_what_is_due
from teams.models import Brief, Company
from tests.factories import make_admin, make_comment, make_person, make_request, make_team

NOON = datetime(2026, 10, 7, 12, tzinfo=UTC)
DAY = timedelta(days=1)
WINDOW = Window(NOON - 30 * DAY, NOON)


@pytest.mark.parametrize(
    ("steps", "after", "count"),
    [
        ([(40, True)], 14, 1),
        ([(50, True)], 14, 0),
        ([(10, True)], 14, 0),
        ([(14, True)], 14, 1),
        ([(40, True), (30, True)], 14, 1),
        ([(40, True), (25, True), (5, True)], 14, 2),
        ([(40, True), (25, False)], 14, 1),
        ([(40, False)], 14, 0),
        ([(29, True), (20, True), (10, True)], 7, 3),
        ([], 14, 0),
    ],
)
def test_each_stretch_without_progress_that_ends_in_the_window_counts_once(
    steps: list[tuple[int, bool]], after: int, count: int
) -> None:
    moments = [(NOON - days * DAY, could) for days, could in steps]
    assert stalls(moments, timedelta(days=after), WINDOW) == count


Step = tuple[int, str, dict[str, str]]


def lived(*steps: Step) -> Request:
    request = make_request(Status.IN_PROGRESS, updated_at=NOON)
    for days, kind, data in steps:
        with clock.moved_to(NOON - days * DAY), transaction.atomic():
            log.record(kind, request, by=None, data=data)
    return request


@pytest.mark.django_db
def test_stalls_are_read_from_the_log_and_blocked_outside_is_none() -> None:
    started: tuple[Step, ...] = (40, "request.submitted", {}), (35, "request.started", {"to": "in_progress"})
    lived(*started)
    lived(*started, (34, "request.blocked", {"waiting_for": "outside"}))
    lived(*started, (20, "request.delivered", {"to": "done"}))
    rule = Rule(True, 14)
    with clock.moved_to(NOON):
        assert try_rule("stalled long", rule, NOON).notices == 2
        assert try_rule("stalled long", Rule(True, 36), NOON).notices == 0
    assert not Escalation.objects.exists()


@pytest.mark.django_db
def test_questions_that_had_waited_so_long_count_answered_since_or_not() -> None:
    request, asker = make_request(Status.SHAPING), make_person()
    for days, answered in ((10, None), (10, 8), (10, 5), (40, None), (2, None)):
        made = make_comment(request, asker, "Which?", question_to="it", created_at=NOON - days * DAY)
        if answered is not None:
            type(made).objects.filter(pk=made.pk).update(answered_at=NOON - answered * DAY)
    assert try_rule("question", Rule(True, 3), NOON).notices == 2


@pytest.mark.django_db
def test_every_cause_can_be_tried() -> None:
    for name, rule in rules().items():
        trial = try_rule(name, rule, NOON)
        assert (trial.notices, trial.now) == (0, name == "deadline")


@pytest.mark.django_db
def test_what_was_never_said_because_a_rule_was_off_counts_as_what_it_would_say_at_once() -> None:
    make_request(Status.PARKED, revisit_on=(NOON - 2 * DAY).date())
    team = make_team(brief="We keep the data.")
    Brief.objects.exclude(team=team).update(reviewed_at=NOON)
    Brief.objects.filter(team=team).update(reviewed_at=NOON - 40 * DAY)
    with clock.moved_to(NOON):
        for name in ("revisit", "stale brief"):
            assert try_rule(name, Rule(False, None), NOON).notices == 1, name
        assert (say_what_is_due(NOON), ask_about_briefs(NOON)) == (1, 1)
        for name in ("revisit", "stale brief"):
            assert try_rule(name, Rule(True, None), NOON).notices == 1, name


@pytest.mark.django_db
def test_the_page_tries_a_rule_without_saving_and_saves_it(client: Client) -> None:
    Company.objects.create(pk=1, name="Nordlicht")
    admin = make_admin(language="en")
    client.force_login(admin)
    address = reverse("requests:escalations")
    make_comment(make_request(), make_person(), "?", question_to="it", created_at=timezone.now() - 5 * DAY)
    sent = {"cause": "question", "is_on": "on", "after": "2"}
    html = client.post(address, {**sent, "action": "try"}).content.decode()
    assert "Over the last 30 days it would have sent 1 notice." in html
    assert not EscalationRule.objects.exists()
    assert client.post(address, {**sent, "action": "save"}).status_code == 302
    assert EscalationRule.objects.get().after == 2


@pytest.mark.django_db
@pytest.mark.parametrize(
    "sent",
    [{"cause": "weather"}, {"cause": "question", "after": "0"}, {"cause": "question", "after": "many"}, {}],
)
@pytest.mark.parametrize("action", ["try", "save"])
def test_what_is_no_rule_is_refused_in_words(client: Client, sent: dict[str, str], action: str) -> None:
    Company.objects.create(pk=1, name="Nordlicht")
    client.force_login(make_admin())
    answered = client.post(reverse("requests:escalations"), {**sent, "is_on": "on", "action": action})
    assert answered.status_code == 422
    assert not EscalationRule.objects.exists()


@pytest.mark.django_db
def test_only_admins_see_it(client: Client) -> None:
    client.force_login(make_person())
    assert client.get(reverse("requests:escalations")).status_code == 403
