"""Questions about what is explained: anybody asks, the owning teams answer, the asker settles."""

import pytest
from django.db import IntegrityError, transaction
from django.http import Http404

from activity import clock
from activity.models import Event
from teams.models import BriefQuestion, Goal, Team
from teams.rules import InvalidFields, RuleViolation
from teams.understanding import answer, ask, settle
from tests.factories import make_admin, make_goal, make_person, make_team


@pytest.fixture
def team() -> Team:
    return make_team()


@pytest.fixture
def goal(team: Team) -> Goal:
    return make_goal(team)


def code(refusal: pytest.ExceptionInfo[RuleViolation]) -> str:
    return refusal.value.missing[0].code


@pytest.mark.django_db
def test_a_question_is_answered_and_settled(goal: Goal, team: Team) -> None:
    asker, member = make_person(), make_person(team)
    asked = ask(goal.understanding, " Why three\r\npercent? ", by=asker)
    assert (asked.text, asked.is_open) == ("Why three\npercent?", True)
    answered = answer(asked, "It pays from there on.", by=member)
    assert (answered.answered_by, answered.is_open) == (member, False)
    assert settle(answered, by=asker).settled_at is not None
    kinds = list(Event.objects.order_by("id").values_list("kind", flat=True))
    assert kinds == ["brief.asked", "brief.answered", "brief.settled"]


@pytest.mark.django_db
def test_an_empty_or_endless_question_is_refused_at_its_field(goal: Goal) -> None:
    for text in ("", "  \n", "x" * 2001, "bell \x07"):
        with pytest.raises(InvalidFields) as refusal:
            ask(goal.understanding, text, by=make_person())
        assert refusal.value.missing[0].field == "text"


@pytest.mark.django_db
def test_only_the_owning_teams_and_admins_answer(goal: Goal) -> None:
    asked = ask(goal.understanding, "Why?", by=make_person())
    for stranger in (make_person(make_team()), make_person(lead_of=make_team())):
        with pytest.raises(RuleViolation) as refusal:
            answer(asked, "Because.", by=stranger)
        assert code(refusal) == "not_yours"
    assert answer(asked, "Because.", by=make_admin()).answer == "Because."


@pytest.mark.django_db
def test_nobody_answers_their_own_question(goal: Goal, team: Team) -> None:
    member = make_person(team)
    asked = ask(goal.understanding, "Why?", by=member)
    with pytest.raises(RuleViolation) as refusal:
        answer(asked, "Because.", by=member)
    assert code(refusal) == "own_question"


@pytest.mark.django_db
def test_an_answer_can_be_bettered_until_it_is_settled(goal: Goal, team: Team) -> None:
    asker, first, second = make_person(), make_person(team), make_person(team)
    asked = ask(goal.understanding, "Why?", by=asker)
    answer(asked, "Because.", by=first)
    answer(asked, "Because.", by=first)
    assert answer(asked, "Because it pays.", by=second).answered_by == second
    assert Event.objects.filter(kind="brief.answered").count() == 2
    settle(asked, by=asker)
    with pytest.raises(RuleViolation) as refusal:
        answer(asked, "Late.", by=first)
    assert code(refusal) == "already_done"


@pytest.mark.django_db
def test_only_the_asker_settles_and_only_an_answer(goal: Goal, team: Team) -> None:
    asker = make_person()
    asked = ask(goal.understanding, "Why?", by=asker)
    with pytest.raises(RuleViolation) as refusal:
        settle(asked, by=asker)
    assert code(refusal) == "wrong_status"
    answer(asked, "Because.", by=make_person(team))
    with pytest.raises(RuleViolation) as refusal:
        settle(asked, by=make_admin())
    assert code(refusal) == "not_yours"
    settle(asked, by=asker)
    with pytest.raises(RuleViolation) as refusal:
        settle(asked, by=asker)
    assert code(refusal) == "already_done"


@pytest.mark.django_db
def test_there_is_no_answer_without_a_question(team: Team) -> None:
    with pytest.raises(Http404):
        answer(BriefQuestion(pk=0), "Because.", by=make_person(team))


@pytest.mark.django_db
def test_the_database_refuses_half_an_answer(goal: Goal) -> None:
    asked = ask(goal.understanding, "Why?", by=make_person())
    for half in ({"answer": "x"}, {"answered_at": clock.now()}, {"settled_at": clock.now()}):
        with pytest.raises(IntegrityError), transaction.atomic():
            BriefQuestion.objects.filter(pk=asked.pk).update(**half)
