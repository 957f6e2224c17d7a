"""Changing one's comment for a quarter of an hour, and deleting one with a trace."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.http import Http404

from activity import clock
from activity.models import Event
from requests_app.discussion import answer, comment, delete_comment, edit_comment
from requests_app.discussion.comments import EDIT_WITHIN
from requests_app.models import COMMENT_TEXT, Comment, CommentVersion, Request
from teams.models import Person
from teams.rules import InvalidFields, RuleViolation, StaleVersion
from tests.factories import make_person, make_request
from tests.requests_app.scenes import Scene, make_scene

pytestmark = pytest.mark.django_db


def said(scene: Scene, role: str = "outsider", body: str = "A thought", **more: Any) -> Comment:
    return comment(scene.request.number, body, by=scene.people[role], **more)


def kinds() -> list[str]:
    return list(Event.objects.order_by("id").values_list("kind", flat=True))


def test_a_change_keeps_what_stood_there_before() -> None:
    scene = make_scene()
    first = said(scene, body="Frist thought")
    made = edit_comment(scene.request.number, first.pk, " First thought ", by=scene.outsider)
    assert (made.body, made.version, made.edited_at is not None) == ("First thought", 2, True)
    edit_comment(scene.request.number, first.pk, "Second thought", by=scene.outsider)
    kept = CommentVersion.objects.order_by("version").values_list("version", "body", "since")
    assert [row[:2] for row in kept] == [(1, "Frist thought"), (2, "First thought")]
    assert [row[2] for row in kept] == [first.created_at, made.edited_at]
    assert Event.objects.latest("id").data == {"comment": first.pk, "comment_version": 3}


def test_the_same_text_again_changes_nothing_even_from_an_old_page() -> None:
    scene = make_scene()
    first = said(scene)
    edit_comment(scene.request.number, first.pk, "Better", by=scene.outsider, version=1)
    again = edit_comment(scene.request.number, first.pk, "Better", by=scene.outsider, version=1)
    assert (again.version, CommentVersion.objects.count()) == (2, 1)
    assert kinds() == ["request.commented", "request.comment_edited"]


def test_a_change_of_what_changed_meanwhile_is_refused() -> None:
    scene = make_scene()
    first = said(scene)
    edit_comment(scene.request.number, first.pk, "Better", by=scene.outsider)
    with pytest.raises(StaleVersion) as error:
        edit_comment(scene.request.number, first.pk, "Other", by=scene.outsider, version=1)
    assert error.value.current_version == 2
    assert Comment.objects.get().body == "Better"


def test_a_comment_is_changed_for_fifteen_minutes() -> None:
    scene = make_scene()
    first = said(scene)
    with clock.moved_to(first.created_at + EDIT_WITHIN):
        edit_comment(scene.request.number, first.pk, "Just in time", by=scene.outsider)
    late = clock.moved_to(first.created_at + EDIT_WITHIN + timedelta(seconds=1))
    with late, pytest.raises(RuleViolation, match="wrong_status"):
        edit_comment(scene.request.number, first.pk, "Too late", by=scene.outsider)
    assert Comment.objects.get().body == "Just in time"


@pytest.mark.parametrize("role", ["requester", "it_lead", "admin", "it_owner"])
def test_nobody_but_its_author_changes_a_comment(role: str) -> None:
    scene = make_scene()
    first = said(scene)
    with pytest.raises(RuleViolation, match="not_yours"):
        edit_comment(scene.request.number, first.pk, "Not what I said", by=scene.people[role])
    assert not CommentVersion.objects.exists()


@pytest.mark.parametrize("body", ["", " \n", "a\x00b", "x" * (COMMENT_TEXT + 1)])
def test_a_change_to_what_cannot_be_kept_is_told_at_its_field(body: str) -> None:
    scene = make_scene()
    first = said(scene)
    with pytest.raises(InvalidFields) as error:
        edit_comment(scene.request.number, first.pk, body, by=scene.outsider)
    assert [missing.field for missing in error.value.missing] == ["body"]
    assert Comment.objects.get().body == "A thought"


def test_an_answered_question_stays_as_it_was_asked() -> None:
    scene = make_scene("ready")
    asked = said(scene, body="Which topics?", question_to="marketing")
    answer(scene.request.number, asked.pk, "Six of them.", by=scene.marketing_owner)
    with pytest.raises(RuleViolation, match="already_done"):
        edit_comment(scene.request.number, asked.pk, "Which colours?", by=scene.outsider)


@pytest.mark.parametrize("role", ["outsider", "marketing_lead", "it_lead", "admin"])
def test_author_leads_and_admins_delete_and_leave_a_trace_without_words(role: str) -> None:
    scene = make_scene()
    first = said(scene, body="Secretword")
    edit_comment(scene.request.number, first.pk, "Secretword again", by=scene.outsider)
    gone = delete_comment(scene.request.number, first.pk, by=scene.people[role])
    assert (gone.body, gone.deleted_at is not None) == ("", True)
    assert Comment.objects.count() == 1
    assert not CommentVersion.objects.exists()
    assert not any("Secretword" in str(data) for data in Event.objects.values_list("data", flat=True))
    assert Event.objects.latest("id").actor == scene.people[role]


@pytest.mark.parametrize("role", ["requester", "it_owner", "marketing_owner", "it_member", "other_it"])
def test_others_delete_nothing(role: str) -> None:
    scene = make_scene()
    first = said(scene)
    with pytest.raises(RuleViolation, match="not_yours"):
        delete_comment(scene.request.number, first.pk, by=scene.people[role])
    assert Comment.objects.get().body == "A thought"


def test_deleting_again_changes_nothing_and_a_deleted_one_is_not_changed() -> None:
    scene = make_scene()
    first = said(scene)
    for _twice in range(2):
        delete_comment(scene.request.number, first.pk, by=scene.outsider)
    assert kinds() == ["request.commented", "request.comment_deleted"]
    with pytest.raises(RuleViolation, match="wrong_status"):
        edit_comment(scene.request.number, first.pk, "Back again", by=scene.outsider)


def test_deleting_what_changed_meanwhile_is_refused() -> None:
    scene = make_scene()
    first = said(scene)
    edit_comment(scene.request.number, first.pk, "Better", by=scene.outsider)
    with pytest.raises(StaleVersion):
        delete_comment(scene.request.number, first.pk, by=scene.it_lead, version=1)


def test_comments_of_other_or_hidden_requests_are_not_there() -> None:
    scene, other, hidden = make_scene(), make_request(), make_scene(restricted=True)
    first, theirs = said(scene), said(hidden, "requester")
    for number, pk in (
        (other.number, first.pk),
        (hidden.request.number, theirs.pk),
        (scene.request.number, theirs.pk),
        (scene.request.number, 2**80),
        (scene.request.number, 0),
    ):
        with pytest.raises(Http404):
            edit_comment(number, pk, "Mine?", by=scene.outsider)
        with pytest.raises(Http404):
            delete_comment(number, pk, by=scene.outsider)


def test_plain_talk_leaves_the_request_itself_alone() -> None:
    scene = make_scene()
    before = Request.objects.values().get()
    first = said(scene)
    edit_comment(scene.request.number, first.pk, "Better", by=scene.outsider)
    delete_comment(scene.request.number, first.pk, by=scene.outsider)
    assert Request.objects.values().get() == before


def test_the_database_keeps_what_the_rules_say() -> None:
    scene = make_scene()
    first = said(scene)
    wrong: list[dict[str, Any]] = [{"body": ""}, {"question_to": "other"}, {"answered_at": clock.now()}]
    for fields in wrong:
        with pytest.raises(IntegrityError), transaction.atomic():
            Comment.objects.filter(pk=first.pk).update(**fields)
    versions: list[dict[str, Any]] = [{"version": 1, "body": ""}, {"version": 1, "body": "x" * 20_001}]
    for fields in versions:
        with pytest.raises(IntegrityError), transaction.atomic():
            CommentVersion.objects.create(comment=first, since=clock.now(), **fields)


def test_a_deactivated_author_changes_nothing_any_more() -> None:
    request, person = make_request(), make_person()
    first = comment(request.number, "A thought", by=person)
    Person.objects.filter(pk=person.pk).update(is_active=False)
    with pytest.raises(Http404):
        edit_comment(request.number, first.pk, "Later", by=person)
