"""Comments, "me too" and watching."""

from collections.abc import Callable

import pytest
from django.http import Http404

from activity.models import Event
from requests_app.discussion import comment, support, unwatch, watch, withdraw_support
from requests_app.intake.instead import support_instead
from requests_app.models import COMMENT_TEXT, Comment, Request, Supporter, Watcher
from requests_app.seats import remove_member
from teams.models import Person
from teams.rules import InvalidFields, RuleViolation
from tests.factories import make_person, make_request
from tests.requests_app.scenes import make_scene

pytestmark = pytest.mark.django_db

Verb = Callable[[int, Person], object]
VERBS: dict[str, Verb] = {
    "comment": lambda number, by: comment(number, "A thought", by=by),
    "support": lambda number, by: support(number, by=by),
    "withdraw_support": lambda number, by: withdraw_support(number, by=by),
    "watch": lambda number, by: watch(number, by=by),
    "unwatch": lambda number, by: unwatch(number, by=by),
}


def kinds() -> list[str]:
    return list(Event.objects.order_by("id").values_list("kind", flat=True))


@pytest.mark.parametrize("verb", VERBS)
def test_nobody_talks_about_what_they_do_not_see(verb: str) -> None:
    hidden, foreign_draft, person = make_request(restricted=True), make_request("draft"), make_person()
    for number in (hidden.number, foreign_draft.number, 10**12, 2**80, -1):
        with pytest.raises(Http404):
            VERBS[verb](number, person)
    assert kinds() == []


@pytest.mark.parametrize("verb", VERBS)
def test_there_is_no_talk_about_a_draft_not_even_by_its_author(verb: str) -> None:
    draft = make_request("draft")
    assert draft.requester
    with pytest.raises(RuleViolation, match="wrong_status"):
        VERBS[verb](draft.number, draft.requester)


@pytest.mark.parametrize("verb", VERBS)
def test_a_deactivated_person_is_heard_no_more(verb: str) -> None:
    request, person = make_request(), make_person()
    Person.objects.filter(pk=person.pk).update(is_active=False)
    with pytest.raises(Http404):
        VERBS[verb](request.number, person)


@pytest.mark.parametrize("verb", VERBS)
def test_talk_leaves_the_request_itself_alone(verb: str) -> None:
    request, person = make_request(), make_person()
    before = Request.objects.values().get(pk=request.pk)
    VERBS[verb](request.number, person)
    assert Request.objects.values().get(pk=request.pk) == before


@pytest.mark.parametrize("status", ["submitted", "done", "declined"])
def test_anybody_who_sees_a_request_comments_on_it(status: str) -> None:
    request, person = make_request(status), make_person()
    made = comment(request.number, "  Does it also work **offline**?\r\nThanks  ", by=person)
    assert Comment.objects.get() == made
    assert (made.body, made.author, made.request) == (
        "Does it also work **offline**?\nThanks",
        person,
        request,
    )
    event = Event.objects.get()
    assert (event.kind, event.actor, event.object_id) == ("request.commented", person, request.number)
    assert event.data == {"comment": made.pk}


@pytest.mark.parametrize("body", ["", " \n\t ", "a\x00b", "a\ud800b", "a\x1bb", "x" * (COMMENT_TEXT + 1)])
def test_a_text_that_cannot_be_kept_is_told_at_its_field(body: str) -> None:
    request = make_request()
    with pytest.raises(InvalidFields) as error:
        comment(request.number, body, by=make_person())
    assert [missing.field for missing in error.value.missing] == ["body"]
    assert kinds() == []


def test_the_longest_comment_is_kept() -> None:
    assert len(comment(make_request().number, "x" * COMMENT_TEXT, by=make_person()).body) == COMMENT_TEXT


def test_me_too_counts_once_and_can_be_taken_back() -> None:
    request, person = make_request(), make_person()
    for _twice in range(2):
        support(request.number, by=person)
    assert Supporter.objects.get().person == person
    for _twice in range(2):
        withdraw_support(request.number, by=person)
    assert not Supporter.objects.exists()
    assert kinds() == ["request.supported", "request.support_withdrawn"]


def test_watching_begins_and_ends_once() -> None:
    request, person = make_request(), make_person()
    for _twice in range(2):
        watch(request.number, by=person)
    assert Watcher.objects.get().person == person
    for _twice in range(2):
        unwatch(request.number, by=person)
    assert not Watcher.objects.exists()
    assert kinds() == ["request.watched", "request.unwatched"]


NAMERS = {"requester", "marketing_owner", "it_owner", "marketing_lead", "it_lead", "admin"}


@pytest.mark.parametrize("role", [*sorted(NAMERS), "marketing_member", "it_member"])
def test_others_are_named_by_requester_tandem_and_leads(role: str) -> None:
    scene, guest = make_scene(restricted=True), make_person()
    assert not Request.objects.visible_to(guest).exists()
    if role not in NAMERS:
        with pytest.raises(RuleViolation, match="not_yours"):
            watch(scene.request.number, guest, by=scene.people[role])
        assert not Request.objects.visible_to(guest).exists()
        return
    watch(scene.request.number, guest, by=scene.people[role])
    assert Event.objects.get().data == {"person": guest.pk}
    assert Request.objects.visible_to(guest).exists()
    unwatch(scene.request.number, guest, by=scene.people[role])
    assert not Request.objects.visible_to(guest).exists()


def test_a_named_watcher_names_nobody_further_but_may_go() -> None:
    scene, guest, friend = make_scene(restricted=True), make_person(), make_person()
    watch(scene.request.number, guest, by=scene.requester)
    with pytest.raises(RuleViolation, match="not_yours"):
        watch(scene.request.number, friend, by=guest)
    with pytest.raises(RuleViolation, match="not_yours"):
        unwatch(scene.request.number, scene.requester, by=guest)
    unwatch(scene.request.number, by=guest)
    assert not Request.objects.visible_to(guest).exists()


@pytest.mark.parametrize("follow", [watch, support_instead])
def test_who_follows_of_their_own_accord_loses_sight_with_their_team(follow: Callable[..., object]) -> None:
    scene = make_scene(restricted=True)
    follow(scene.request.number, by=scene.it_member)
    assert Request.objects.visible_to(scene.it_member).exists()
    remove_member(scene.it_team, scene.it_member, by=scene.admin)
    gone = Person.objects.get(pk=scene.it_member.pk)
    assert not Request.objects.visible_to(gone).exists()


def test_whom_a_lead_names_beside_sees_a_restricted_request_whatever_their_team() -> None:
    scene = make_scene(restricted=True)
    watch(scene.request.number, by=scene.it_member)
    for _twice in range(2):
        watch(scene.request.number, scene.it_member, by=scene.it_lead)
    assert kinds() == ["request.watched", "request.watched"]
    remove_member(scene.it_team, scene.it_member, by=scene.admin)
    assert Request.objects.visible_to(Person.objects.get(pk=scene.it_member.pk)).exists()


def test_naming_who_follows_an_open_request_changes_nothing() -> None:
    scene = make_scene()
    watch(scene.request.number, by=scene.it_member)
    watch(scene.request.number, scene.it_member, by=scene.it_lead)
    assert kinds() == ["request.watched"]


def test_a_deactivated_person_is_not_named() -> None:
    scene, guest = make_scene(), make_person()
    Person.objects.filter(pk=guest.pk).update(is_active=False)
    with pytest.raises(InvalidFields) as error:
        watch(scene.request.number, guest, by=scene.requester)
    assert error.value.missing[0].field == "person"
    assert kinds() == []


def test_a_merged_request_is_still_talked_about_where_it_is() -> None:
    scene, into = make_scene(), make_request()
    scene.do("merge", "it_member", into=into.number)
    made = comment(scene.request.number, "Was it really the same?", by=scene.outsider)
    assert made.request == scene.request
