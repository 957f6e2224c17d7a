"""Several people talk about one request at once: always one legal history."""

from collections import Counter
from functools import partial

import pytest
from django.http import Http404

from activity.models import Event
from requests_app.discussion import answer, comment, delete_comment, edit_comment
from requests_app.models import Comment, CommentVersion, Request
from requests_app.workflow.inputs import Inputs
from requests_app.workflow.perform import perform
from requests_app.workflow.turn import facts_of, whose_turn
from tests.requests_app.scenes import Scene, make_scene
from tests.requests_app.test_races import at_once, kinds, meanwhile, tally

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.torture]

# Each takes a few hundredths of a second, so the small suite repeats as often as the large one.
ROUNDS = 20


def asked(side: str = "marketing") -> tuple[Scene, Comment]:
    scene = make_scene("ready")
    made = comment(scene.request.number, "Which topics?", by=scene.it_owner, question_to=side)
    # The scene makes people when they are first named; here they must be there before the race.
    assert scene.marketing_owner
    assert scene.marketing_lead
    return scene, made


def events() -> list[str]:
    return list(Event.objects.order_by("id").values_list("kind", flat=True))


def turns_hold() -> None:
    """Every request's turn is what the rule says of what is there now."""
    for request in Request.objects.all():
        assert request.turn == whose_turn(facts_of(request)), request


@pytest.mark.parametrize("round_", range(ROUNDS))
def test_of_two_answers_one_is_kept_and_the_other_told(round_: int) -> None:
    scene, question = asked()
    number, owner, lead = scene.request.number, scene.marketing_owner, scene.marketing_lead
    outcomes = at_once(
        lambda: answer(number, question.pk, "Six.", by=owner),
        lambda: answer(number, question.pk, "Seven.", by=lead),
        lambda: answer(number, question.pk, "Six.", by=owner),
    )
    assert kinds(outcomes) in ({"Comment": 2, "already_done": 1}, {"Comment": 1, "already_done": 2})
    assert Comment.objects.filter(answer_to=question).count() == 1
    assert events() == ["request.asked", "request.answered"]
    turns_hold()


def test_an_answer_belongs_to_the_question_that_was_read() -> None:
    first: Counter[str] = Counter()
    for _round in range(ROUNDS):
        scene, question = asked()
        number, owner, asker = scene.request.number, scene.marketing_owner, scene.it_owner
        outcomes = at_once(
            partial(answer, number, question.pk, "Six.", by=owner, version=1),
            partial(edit_comment, number, question.pk, "Which colours?", by=asker),
        )
        question.refresh_from_db()
        if question.answered_at:
            assert (kinds(outcomes), question.body) == ({"Comment": 1, "already_done": 1}, "Which topics?")
            assert not CommentVersion.objects.filter(comment=question).exists()
            first["answered"] += 1
        else:
            assert (kinds(outcomes), question.body) == ({"Comment": 1, "StaleVersion": 1}, "Which colours?")
            assert not Comment.objects.filter(answer_to=question).exists()
            first["edited"] += 1
        turns_hold()
    tally("answer while the question is edited", first)


@pytest.mark.parametrize("round_", range(ROUNDS))
def test_a_question_is_answered_or_withdrawn(round_: int) -> None:
    scene, question = asked()
    number, owner, asker = scene.request.number, scene.marketing_owner, scene.it_owner
    outcomes = at_once(
        lambda: answer(number, question.pk, "Six.", by=owner),
        lambda: delete_comment(number, question.pk, by=asker),
    )
    told = kinds(outcomes)
    # A question that was answered first may be deleted all the same; its answer stays.
    assert told in ({"Comment": 2}, {"Comment": 1, "wrong_status": 1})
    assert Comment.objects.filter(answer_to=question).count() == told["Comment"] - 1
    assert Comment.objects.get(pk=question.pk).body == ""
    turns_hold()


@pytest.mark.parametrize("round_", range(ROUNDS))
def test_two_changes_of_one_comment_lose_neither_text(round_: int) -> None:
    scene, question = asked()
    number, asker = scene.request.number, scene.it_owner
    outcomes = at_once(
        lambda: edit_comment(number, question.pk, "Which colours?", by=asker, version=1),
        lambda: edit_comment(number, question.pk, "Which shapes?", by=asker, version=1),
    )
    assert kinds(outcomes) == {"Comment": 1, "StaleVersion": 1}
    assert list(CommentVersion.objects.values_list("version", "body")) == [(1, "Which topics?")]


def test_questions_and_answers_during_a_merge_find_their_way() -> None:
    first: Counter[str] = Counter()
    for _round in range(ROUNDS):
        scene, question = asked()
        into = make_scene("ready")
        number, owner, member = scene.request.number, scene.marketing_owner, scene.it_member
        outcomes = at_once(
            partial(perform, "merge", number, by=member, inputs=Inputs(into=into.request.number)),
            partial(comment, number, "Me too!", by=member),
            partial(comment, number, "And when?", by=owner, question_to="it"),
            partial(answer, number, question.pk, "Six.", by=owner),
        )
        told, homes = kinds(outcomes), [number, into.request.number]
        # Who answers after the merge finds the question in the other request only.
        assert told in ({"Request": 1, "Comment": 3}, {"Request": 1, "Comment": 2, "Http404": 1})
        assert Comment.objects.filter(request__in=homes).count() == 1 + told["Comment"]
        first["merge" if Comment.objects.filter(request=number, body="Me too!").exists() else "comment"] += 1
        turns_hold()
        perform("unmerge", number, by=member)
        assert Comment.objects.filter(request=number).count() == 1 + told["Comment"]
        turns_hold()
    tally("merge while someone comments", first)


def test_who_talks_just_after_a_merge_talks_in_the_request_that_was_read() -> None:
    for _round in range(ROUNDS):
        scene, question = asked()
        into, member = make_scene("ready").request.number, scene.it_member
        number, owner, admin = scene.request.number, scene.marketing_owner, scene.admin
        told = meanwhile(
            partial(perform, "merge", number, by=admin, inputs=Inputs(into=into)),
            partial(comment, number, "Me too!", by=member),
        )
        assert kinds(told) == {"Comment": 1}
        assert told[0].request_id == number
        # The question has gone over; it is answered there.
        with pytest.raises(Http404):
            answer(number, question.pk, "Six.", by=owner)
        assert answer(into, question.pk, "Six.", by=admin).request_id == into
        turns_hold()


@pytest.mark.parametrize("round_", range(ROUNDS))
def test_a_merge_is_taken_back_while_people_talk_in_both(round_: int) -> None:
    scene, _question = asked()
    into = make_scene("ready")
    number, other, member, asker = (
        scene.request.number,
        into.request.number,
        scene.it_member,
        into.marketing_owner,
    )
    perform("merge", number, by=member, inputs=Inputs(into=other))
    outcomes = at_once(
        lambda: perform("unmerge", number, by=member),
        lambda: comment(other, "When?", by=asker, question_to="it"),
        lambda: comment(number, "Was it the same?", by=member, question_to="it"),
    )
    assert kinds(outcomes) == {"Request": 1, "Comment": 2}
    turns_hold()
