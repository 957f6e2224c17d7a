"""Merging duplicates and taking it back within a day."""

from datetime import timedelta

import pytest

from activity import clock
from activity.models import Event
from requests_app.attachments.keeping import MOST_FILES, attach, detach
from requests_app.discussion import watch
from requests_app.intake.edit import edit
from requests_app.links import link, unlink
from requests_app.models import Attachment, Comment, Link, Request, Supporter, Watcher
from requests_app.workflow.inputs import Inputs
from requests_app.workflow.merge import audience, bring_back
from requests_app.workflow.perform import perform
from teams.rules import InvalidFields
from tests.factories import make_comment, make_person, make_request
from tests.requests_app.attachments.samples import upload
from tests.requests_app.scenes import Scene, in_days, make_scene

pytestmark = pytest.mark.django_db


def wrong_into(scene: Scene, number: int | None, role: str = "it_member") -> str:
    events = Event.objects.count()
    with pytest.raises(InvalidFields) as error:
        scene.do("merge", role, into=number)
    assert Event.objects.count() == events
    (missing,) = error.value.missing
    return missing.field


def test_the_duplicate_is_declined_and_points_to_the_other() -> None:
    scene, into = make_scene("submitted"), make_request("ready")
    scene.do("merge", "it_member", into=into.number, reason="The same wish.")
    request = scene.fresh()
    assert (request.status, request.duplicate_of) == ("declined", into)
    assert scene.event().data["into"] == into.number
    assert scene.event().data["reason"] == "The same wish."


def test_comments_supporters_and_watchers_move_over_once() -> None:
    scene, into, now = make_scene("submitted"), make_request("ready"), clock.now()
    remark = make_comment(scene.request, scene.requester)
    both, only = scene.outsider, scene.marketing_member
    for model in (Supporter, Watcher):
        model.objects.create(request=scene.request, person=both, since=now)
        model.objects.create(request=scene.request, person=only, since=now - timedelta(days=3))
        model.objects.create(request=into, person=both, since=now - timedelta(days=9))
    scene.do("merge", "it_member", into=into.number)
    remark.refresh_from_db()
    assert (remark.request, remark.moved_from) == (into, scene.request)
    for model in (Supporter, Watcher):
        assert set(model.objects.filter(request=into).values_list("person", "since")) == {
            (both.pk, now - timedelta(days=9)),
            (only.pk, now - timedelta(days=3)),
        }
        assert not model.objects.filter(request=scene.request).exists()


def test_unmerging_brings_everything_back_but_what_came_later() -> None:
    scene, into, now = make_scene("shaping"), make_request("ready"), clock.now()
    before = scene.fresh()
    remark = make_comment(scene.request, scene.requester)
    for person, request in (
        (scene.outsider, scene.request),
        (scene.outsider, into),
        (scene.requester, scene.request),
    ):
        Supporter.objects.create(request=request, person=person, since=now)
    scene.do("merge", "it_owner", into=into.number)
    later = make_comment(into, scene.it_member)
    with clock.moved_to(now + timedelta(hours=23)):
        scene.do("unmerge", "marketing_owner")
    after = scene.fresh()
    assert (after.status, after.rank, after.duplicate_of) == ("shaping", before.rank, None)
    assert (after.turn, after.turn_since, after.status_since) == (
        before.turn,
        before.turn_since,
        before.status_since,
    )
    remark.refresh_from_db()
    assert (remark.request, remark.moved_from) == (scene.request, None)
    assert Comment.objects.get(pk=later.pk).request == into
    assert set(scene.request.supporters.values_list("person", flat=True)) == {
        scene.outsider.pk,
        scene.requester.pk,
    }
    assert list(into.supporters.values_list("person", flat=True)) == [scene.outsider.pk]


def files_and_links(scene: Scene) -> tuple[Attachment, Link, Link]:
    """A file, a request that it blocks, and one that it relates to."""
    number, person = scene.request.pk, scene.outsider
    (file,) = attach(number, [upload("plan.txt", b"words")], by=person)
    blocked = link(number, "blocks", make_request().pk, by=person)
    return file, blocked, link(number, "relates_to", make_request().pk, by=person)


def ends(one: Link) -> tuple[int, int]:
    one.refresh_from_db()
    return one.source_id, one.target_id


def test_files_and_links_move_over_and_come_back() -> None:
    scene, into = make_scene("ready"), make_request("ready")
    number = scene.request.pk
    file, blocked, related = files_and_links(scene)
    before = ends(blocked), ends(related)
    scene.do("merge", "it_owner", into=into.pk)
    file.refresh_from_db()
    assert (file.request, file.moved_from) == (into, scene.request)
    assert ends(blocked) == (into.pk, before[0][1])
    assert set(ends(related)) == {into.pk, before[1][1]}
    scene.do("unmerge", "it_owner")
    file.refresh_from_db()
    assert (file.request_id, file.moved_from) == (number, None)
    assert (ends(blocked), ends(related)) == before


def test_an_undone_merge_brings_files_and_links_back_too() -> None:
    scene, into = make_scene("ready"), make_request("ready")
    file, blocked, _related = files_and_links(scene)
    scene.do("merge", "it_owner", into=into.pk)
    scene.do("undo", "it_owner")
    file.refresh_from_db()
    assert (file.request_id, ends(blocked)[0]) == (scene.request.pk, scene.request.pk)


def test_links_of_a_chain_of_merges_come_back_from_its_end() -> None:
    scene, second, third = make_scene("ready"), make_scene("ready"), make_request("ready")
    _file, blocked, _related = files_and_links(scene)
    scene.do("merge", "it_owner", into=second.request.pk)
    second.do("merge", "it_owner", into=third.pk)
    assert ends(blocked)[0] == third.pk
    scene.do("unmerge", "it_owner")
    assert ends(blocked)[0] == scene.request.pk


def test_what_was_added_or_taken_away_after_the_merge_stays_so() -> None:
    scene, into = make_scene("ready"), make_request("ready")
    file, blocked, related = files_and_links(scene)
    scene.do("merge", "it_owner", into=into.pk)
    detach(into.pk, file.pk, by=scene.outsider)
    unlink(into.pk, related.pk, by=scene.outsider)
    (later,) = attach(into.pk, [upload("later.txt", b"words")], by=scene.outsider)
    scene.do("unmerge", "it_owner")
    later.refresh_from_db()
    assert later.request == into
    assert list(scene.request.links_from.all()) == [blocked]
    assert not scene.request.attachments.exists()


def test_a_link_that_would_close_a_ring_by_now_stays_with_the_other() -> None:
    scene, into = make_scene("ready"), make_request("ready")
    _file, blocked, _related = files_and_links(scene)
    target = ends(blocked)[1]
    scene.do("merge", "it_owner", into=into.pk)
    link(target, "blocks", scene.request.pk, by=scene.outsider)
    scene.do("unmerge", "it_owner")
    assert ends(blocked) == (into.pk, target)


def test_merging_may_bring_more_files_than_one_may_send() -> None:
    scene, into = make_scene("ready"), make_request("ready")
    for number in (scene.request.pk, into.pk):
        attach(number, [upload(f"{n}.txt", b"x") for n in range(MOST_FILES)], by=scene.outsider)
    scene.do("merge", "it_owner", into=into.pk)
    assert into.attachments.count() == 2 * MOST_FILES
    with pytest.raises(InvalidFields):
        attach(into.pk, [upload("more.txt", b"x")], by=scene.outsider)


def test_an_event_of_before_there_were_files_is_taken_back_as_well() -> None:
    scene, into = make_scene("ready"), make_request("ready")
    scene.do("merge", "it_owner", into=into.pk)
    data = {name: value for name, value in scene.event().data.items() if name not in ("attachments", "links")}
    request = scene.fresh()
    assert bring_back(request, data, scene.event().pk) == {"into": into.pk}
    assert request.duplicate_of is None


def test_after_a_day_a_merge_stays() -> None:
    scene, into, now = make_scene("ready"), make_request(), clock.now()
    with clock.moved_to(now):
        scene.do("merge", "it_owner", into=into.number)
    with clock.moved_to(now + timedelta(days=1, seconds=1)):
        assert scene.codes("unmerge", "it_owner") == ["wrong_status"]


def test_only_a_merge_is_unmerged() -> None:
    scene = make_scene("ready")
    scene.do("decline", "it_owner", reason="No.")
    assert scene.codes("unmerge", "it_owner") == ["wrong_status"]


def test_a_chain_of_merges_comes_apart_again() -> None:
    scene, second, third = make_scene("ready"), make_scene("ready"), make_request("ready")
    remark = make_comment(scene.request, scene.requester)
    scene.do("merge", "it_owner", into=second.request.number)
    second.do("merge", "it_owner", into=third.number)
    remark.refresh_from_db()
    assert (remark.request, remark.moved_from) == (third, scene.request)
    scene.do("unmerge", "it_owner")
    remark.refresh_from_db()
    assert (remark.request, remark.moved_from) == (scene.request, None)


def test_what_was_taken_back_from_a_chain_stays_where_it_belongs() -> None:
    scene, second, third = make_scene("ready"), make_scene("ready"), make_request("ready")
    remarks = [make_comment(one.request, one.requester) for one in (scene, second)]
    scene.do("merge", "it_owner", into=second.request.number)
    second.do("merge", "it_owner", into=third.number)
    scene.do("unmerge", "it_owner")
    second.do("unmerge", "it_owner")
    for one, remark in zip((scene, second), remarks, strict=True):
        remark.refresh_from_db()
        assert (remark.request, remark.moved_from) == (one.request, None)


def test_what_went_on_with_a_request_that_was_reconsidered_comes_back_all_the_same() -> None:
    scene, second, third = make_scene("ready"), make_scene("ready"), make_request("ready")
    question = make_comment(scene.request, scene.it_owner, question_to="marketing")
    scene.do("merge", "it_owner", into=second.request.number)
    second.do("merge", "it_owner", into=third.number)
    second.do("reconsider", "it_owner", reason="It is something else.")
    scene.do("unmerge", "it_owner")
    question.refresh_from_db()
    third.refresh_from_db()
    assert (question.request, scene.fresh().turn, third.turn) == (scene.request, "marketing", "it")


def test_who_lost_sight_by_a_restriction_does_not_regain_it_by_an_unmerging() -> None:
    scene, into, now = make_scene("submitted"), make_request(), clock.now()
    Watcher.objects.create(request=scene.request, person=scene.outsider, since=now)
    scene.do("merge", "it_member", into=into.number)
    edit(scene.request.pk, {"restricted": True}, by=scene.requester)
    scene.do("unmerge", "it_member")
    assert not Request.objects.visible_to(scene.outsider).filter(pk=scene.request.pk).exists()
    # What the merge had brought goes there, too.
    assert not Watcher.objects.exists()


def test_who_followed_of_their_own_accord_does_so_after_an_unmerging_too() -> None:
    scene = make_scene(restricted=True)
    one = scene.fresh()
    seats = {name: getattr(one, name) for name in ("requester", "marketing_owner", "it_owner")}
    teams = {name: getattr(one, name) for name in ("requesting_team", "serving_team")}
    twin = make_request(restricted=True, **seats, **teams)
    watch(one.number, by=scene.it_member)
    scene.do("merge", "it_lead", into=twin.number)
    scene.do("unmerge", "it_lead")
    assert not Watcher.objects.get(request=one, person=scene.it_member).is_named


def test_a_measuring_date_that_was_named_meanwhile_outlives_the_unmerging() -> None:
    scene, into = make_scene("submitted"), make_request()
    scene.do("merge", "it_member", into=into.number)
    edit(scene.request.pk, {"metric": "sales", "measured_on": in_days(90)}, by=scene.requester)
    scene.do("unmerge", "it_member")
    assert (scene.fresh().metric, scene.fresh().measured_on) == ("sales", in_days(90))


@pytest.mark.parametrize("status", ["draft", "declined", "withdrawn"])
def test_what_was_turned_down_takes_no_duplicates(status: str) -> None:
    assert wrong_into(make_scene(), make_request(status).number) == "into"


@pytest.mark.parametrize("status", ["submitted", "in_progress", "parked", "done"])
def test_what_is_open_parked_or_done_does(status: str) -> None:
    scene, into = make_scene(), make_request(status)
    scene.do("merge", "it_member", into=into.number)
    assert scene.fresh().duplicate_of == into


def test_the_other_request_is_needed_and_a_different_one() -> None:
    scene = make_scene()
    assert wrong_into(scene, None) == "into"
    assert wrong_into(scene, scene.request.number) == "into"


def test_a_hidden_request_is_absent_as_the_other_one() -> None:
    scene, hidden = make_scene(), make_request(restricted=True)
    assert wrong_into(scene, hidden.number) == wrong_into(scene, hidden.number + 99) == "into"
    assert wrong_into(scene, 2**70) == "into"


def test_open_and_restricted_requests_are_never_merged() -> None:
    scene = make_scene()
    hidden = make_request(restricted=True, serving_team=scene.it_team)
    assert wrong_into(scene, hidden.number) == "into"


def test_restricted_requests_are_merged_only_within_the_same_audience() -> None:
    scene = make_scene(restricted=True)
    one = scene.fresh()
    seats = {
        name: getattr(one, name)
        for name in ("requester", "requesting_team", "serving_team", "marketing_owner", "it_owner")
    }
    twin = make_request(restricted=True, **seats)
    assert audience(one) == audience(twin)
    Watcher.objects.create(request=twin, person=make_person(), since=clock.now())
    assert wrong_into(scene, twin.number) == "into"
    Watcher.objects.all().delete()
    scene.do("merge", "it_member", into=twin.number)
    assert scene.fresh().duplicate_of == twin


def test_reconsidering_a_duplicate_makes_it_a_request_of_its_own() -> None:
    scene, into = make_scene(), make_request()
    scene.do("merge", "it_member", into=into.number)
    scene.do("reconsider", "requester", reason="It is something else.")
    assert scene.fresh().duplicate_of is None


def test_a_repeat_of_the_merge_by_the_same_person_changes_nothing() -> None:
    scene, into = make_scene(), make_request()
    scene.do("merge", "it_member", into=into.number)
    events = Event.objects.count()
    perform("merge", scene.request.number, by=scene.it_member, inputs=Inputs(into=into.number), version=1)
    assert Event.objects.count() == events
    assert scene.codes("merge", "it_lead", into=into.number) == ["already_done"]
