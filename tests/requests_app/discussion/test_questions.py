"""Questions stay open until the side that is asked answers, and it is its turn meanwhile."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.http import Http404

from activity import clock
from activity.models import Event
from requests_app.discussion import answer, comment, delete_comment, edit_comment
from requests_app.models import Comment, Request
from requests_app.workflow.inputs import Inputs
from requests_app.workflow.perform import perform
from teams.models import Side
from teams.rules import InvalidFields, RuleViolation, StaleVersion
from tests.factories import make_comment, make_person, make_request, make_team
from tests.requests_app.scenes import ROLES, Scene, make_scene

pytestmark = pytest.mark.django_db


def ask(
    scene: Scene, side: str = "marketing", role: str = "it_owner", body: str = "Which topics?"
) -> Comment:
    return comment(scene.request.number, body, by=scene.people[role], question_to=side)


def turn(scene: Scene) -> str:
    return scene.fresh().turn


@pytest.mark.parametrize("role", ROLES)
def test_whoever_sees_a_request_asks_a_side_whose_turn_it_is_then(role: str) -> None:
    scene = make_scene("ready")
    asked = ask(scene, role=role)
    assert (asked.question_to, asked.answered_at, turn(scene)) == ("marketing", None, "marketing")
    event = Event.objects.get()
    assert (event.kind, event.data) == ("request.asked", {"comment": asked.pk, "question_to": "marketing"})


@pytest.mark.parametrize("side", ["other", "both", "nobody", "IT", " it"])
def test_nobody_else_can_be_asked(side: str) -> None:
    scene = make_scene()
    with pytest.raises(InvalidFields) as error:
        ask(scene, side)
    assert [missing.field for missing in error.value.missing] == ["question_to"]
    assert not Comment.objects.exists()


def test_the_turn_begins_with_the_question_and_goes_back_with_the_answer() -> None:
    scene = make_scene("ready")
    before = scene.fresh()
    asked = ask(scene)
    during = scene.fresh()
    assert (during.turn, during.turn_since) == ("marketing", asked.created_at)
    assert during.version == before.version + 1
    made = answer(scene.request.number, asked.pk, "Six of them.", by=scene.marketing_owner)
    after = scene.fresh()
    assert (after.turn, after.turn_since, after.version) == ("it", made.created_at, before.version + 2)


def test_the_oldest_open_question_says_whose_turn_it_is() -> None:
    scene = make_scene("ready")
    first, second = ask(scene, "marketing"), ask(scene, "it", "marketing_owner")
    assert turn(scene) == "marketing"
    answer(scene.request.number, first.pk, "Six.", by=scene.marketing_owner)
    assert turn(scene) == "it"
    third = ask(scene, "marketing")
    assert turn(scene) == "it"
    answer(scene.request.number, second.pk, "On Monday.", by=scene.it_owner)
    assert turn(scene) == "marketing"
    delete_comment(scene.request.number, third.pk, by=scene.it_owner)
    assert turn(scene) == "it"


def test_an_answer_is_progress_and_a_question_is_none() -> None:
    scene = make_scene("ready")
    old = clock.now() - timedelta(days=30)
    Request.objects.update(progress_at=old)
    asked = ask(scene)
    assert scene.fresh().progress_at == old
    made = answer(scene.request.number, asked.pk, "Six.", by=scene.marketing_owner)
    assert scene.fresh().progress_at == made.created_at


def test_a_question_that_moves_no_turn_leaves_the_version_alone() -> None:
    scene = make_scene("ready")
    ask(scene, "it", "marketing_owner")
    assert scene.fresh().version == scene.request.version


def test_an_answer_is_a_comment_that_closes_the_question() -> None:
    scene = make_scene("ready")
    asked = ask(scene)
    made = answer(scene.request.number, asked.pk, "  Six of **them**. ", by=scene.marketing_owner)
    asked.refresh_from_db()
    assert (made.body, made.answer_to, made.author) == ("Six of **them**.", asked, scene.marketing_owner)
    assert (asked.answered_at, asked.answered_by) == (made.created_at, scene.marketing_owner)
    event = Event.objects.latest("id")
    assert (event.kind, event.data) == (
        "request.answered",
        {
            "comment": made.pk,
            "question": asked.pk,
            "question_to": "marketing",
            "asked_by": scene.it_owner.pk,
        },
    )


ANSWERS = {
    "marketing": {"requester", "marketing_owner", "marketing_member", "marketing_lead", "admin"},
    "it": {"it_owner", "it_member", "it_lead", "admin"},
}


@pytest.mark.parametrize("side", ANSWERS)
@pytest.mark.parametrize("role", ROLES)
def test_those_of_the_asked_side_answer(side: str, role: str) -> None:
    scene = make_scene("ready")
    asked = ask(scene, side, "outsider")
    person = scene.people[role]
    waits = Comment.objects.waiting_for(person)
    # Home asks nobody for whom the request is only one of all: an admin answers, but is not chased.
    assert waits.exists() == (role in ANSWERS[side] - {"admin"})
    if role in ANSWERS[side]:
        answer(scene.request.number, asked.pk, "Six.", by=person)
        assert not waits.exists()
    else:
        with pytest.raises(RuleViolation, match="not_yours"):
            answer(scene.request.number, asked.pk, "Six.", by=person)
        assert not Comment.objects.filter(answer_to=asked).exists()


def test_nobody_answers_from_the_other_sides_seat() -> None:
    campaigns, crm = make_team(Side.MARKETING), make_team(Side.IT)
    bridge = make_person(campaigns, crm)
    scene = make_scene("ready", requesting_team=campaigns, serving_team=crm, it_owner=bridge)
    asked = ask(scene, "marketing", "outsider")
    with pytest.raises(RuleViolation, match="not_yours"):
        answer(scene.request.number, asked.pk, "Six.", by=bridge)
    assert not Comment.objects.waiting_for(bridge).exists()


def test_without_a_serving_team_all_of_it_may_answer_and_its_leads_are_asked() -> None:
    lead, member = make_person(lead_of=make_team(Side.IT)), make_person(make_team(Side.IT))
    request = make_request("submitted", serving_team=None)
    asked = comment(request.number, "Who does that?", by=make_person(), question_to="it")
    assert [Comment.objects.waiting_for(person).exists() for person in (lead, member)] == [True, False]
    answer(request.number, asked.pk, "We do.", by=member)


def test_the_same_answer_again_changes_nothing_and_any_other_is_refused() -> None:
    scene = make_scene("ready")
    asked = ask(scene)
    made = answer(scene.request.number, asked.pk, "Six.", by=scene.marketing_owner)
    again = answer(scene.request.number, asked.pk, " Six. ", by=scene.marketing_owner, version=99)
    assert again == made
    for role, words in (("marketing_owner", "Seven."), ("marketing_lead", "Six."), ("admin", "No.")):
        with pytest.raises(RuleViolation, match="already_done"):
            answer(scene.request.number, asked.pk, words, by=scene.people[role])
    assert Event.objects.filter(kind="request.answered").count() == 1


def test_an_answer_to_a_question_that_reads_otherwise_by_now_is_refused() -> None:
    scene = make_scene("ready")
    asked = ask(scene)
    edit_comment(scene.request.number, asked.pk, "Which colours?", by=scene.it_owner)
    with pytest.raises(StaleVersion):
        answer(scene.request.number, asked.pk, "Six topics.", by=scene.marketing_owner, version=1)
    assert turn(scene) == "marketing"
    answer(scene.request.number, asked.pk, "Blue.", by=scene.marketing_owner, version=2)


def test_a_withdrawn_question_is_answered_by_nobody() -> None:
    scene = make_scene("ready")
    asked = ask(scene)
    delete_comment(scene.request.number, asked.pk, by=scene.it_owner)
    assert turn(scene) == "it"
    with pytest.raises(RuleViolation, match="wrong_status"):
        answer(scene.request.number, asked.pk, "Six.", by=scene.marketing_owner)
    assert not Comment.objects.waiting_for(scene.marketing_owner).exists()


def test_a_question_whose_answer_is_deleted_is_open_again() -> None:
    scene = make_scene("ready")
    asked = ask(scene)
    made = answer(scene.request.number, asked.pk, "Six.", by=scene.marketing_owner)
    delete_comment(scene.request.number, made.pk, by=scene.marketing_owner)
    asked.refresh_from_db()
    assert (asked.answered_at, asked.answered_by, turn(scene)) == (None, None, "marketing")
    assert answer(scene.request.number, asked.pk, "Six.", by=scene.marketing_owner).pk != made.pk


def test_a_plain_comment_is_no_question() -> None:
    scene = make_scene()
    said = comment(scene.request.number, "A thought", by=scene.outsider)
    with pytest.raises(Http404):
        answer(scene.request.number, said.pk, "A thought, too", by=scene.admin)


def test_a_question_is_answered_once_in_the_database_too() -> None:
    scene = make_scene()
    asked = make_comment(scene.request, scene.outsider, question_to="it")
    make_comment(scene.request, scene.it_owner, answer_to=asked)
    with pytest.raises(IntegrityError), transaction.atomic():
        make_comment(scene.request, scene.it_lead, answer_to=asked)


def test_questions_about_what_is_over_wait_for_nobody_until_it_is_taken_up_again() -> None:
    scene = make_scene("done")
    asked = ask(scene, "marketing")
    assert (turn(scene), Comment.objects.waiting_for(scene.marketing_owner).exists()) == ("nobody", False)
    scene.do("reopen", "it_owner", reason="It broke.")
    assert turn(scene) == "marketing"
    assert list(Comment.objects.waiting_for(scene.marketing_owner)) == [asked]


def test_of_restricted_requests_those_who_see_them_are_asked() -> None:
    scene = make_scene("ready", restricted=True)
    ask(scene, "marketing")
    assert Comment.objects.waiting_for(scene.marketing_member).exists()
    assert not Comment.objects.waiting_for(make_person(make_team(Side.MARKETING))).exists()


def test_a_merge_takes_the_turn_along_and_brings_it_back() -> None:
    scene, into = make_scene("ready"), make_scene("ready")
    asked = ask(scene)
    member = scene.it_member
    version = into.fresh().version
    perform("merge", scene.request.number, by=member, inputs=Inputs(into=into.request.number))
    assert (turn(scene), turn(into), into.fresh().version) == ("nobody", "marketing", version + 1)
    perform("unmerge", scene.request.number, by=member)
    assert (turn(scene), turn(into), into.fresh().version) == ("marketing", "it", version + 2)
    asked.refresh_from_db()
    assert asked.request == scene.request


def test_a_question_that_was_answered_where_it_was_moved_stays_answered() -> None:
    scene, into = make_scene("ready"), make_scene("ready")
    asked = ask(scene)
    perform("merge", scene.request.number, by=scene.it_member, inputs=Inputs(into=into.request.number))
    made = answer(into.request.number, asked.pk, "Six.", by=into.marketing_owner)
    perform("unmerge", scene.request.number, by=scene.it_member)
    assert (turn(scene), turn(into)) == ("it", "it")
    made.refresh_from_db()
    # What was written after the merge stays where it was written.
    assert made.request == into.request


def test_a_deleted_answer_moves_the_turn_of_its_question_wherever_that_is() -> None:
    scene, into = make_scene("ready"), make_scene("ready")
    question = comment(scene.request.pk, "When?", by=scene.it_owner, question_to="marketing")
    scene.do("merge", "it_owner", into=into.request.pk)
    said = answer(into.request.pk, question.pk, "Soon.", by=into.marketing_owner)
    scene.do("unmerge", "it_owner")
    before = scene.fresh().version
    assert scene.fresh().turn == "it"
    delete_comment(into.request.pk, said.pk, by=into.marketing_owner)
    assert (scene.fresh().turn, scene.fresh().version) == ("marketing", before + 1)
    assert into.fresh().turn == "it"
