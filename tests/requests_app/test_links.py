"""Links between requests: kept once, never in a ring, and only for those who see both ends."""

import itertools
from typing import Any

import pytest
from django.db import IntegrityError
from django.http import Http404

from activity import clock
from activity.models import Event
from requests_app.links import blocks_already, link, move_links, unlink
from requests_app.models import Link, LinkKind, Relation, Request
from teams.models import Person
from teams.rules import InvalidFields, RuleViolation
from tests.factories import make_person, make_request
from tests.requests_app.scenes import make_scene

pytestmark = pytest.mark.django_db


@pytest.fixture
def mira() -> Person:
    return make_person()


def kept() -> list[tuple[str, int, int]]:
    return list(Link.objects.order_by("pk").values_list("kind", "source", "target"))


def blocks(*requests: Request, by: Person) -> None:
    """Each blocks the next."""
    for one, other in itertools.pairwise(requests):
        link(one.pk, "blocks", other.pk, by=by)


def wrong(number: int, relation: str, other: int, by: Person) -> str:
    """The field that is wrong; nothing may stay behind."""
    before = kept(), Event.objects.count()
    with pytest.raises(InvalidFields) as error:
        link(number, relation, other, by=by)
    assert (kept(), Event.objects.count()) == before
    return error.value.missing[0].field


@pytest.mark.parametrize(
    ("relation", "kind", "turned"),
    [
        ("blocks", "blocks", False),
        ("is_blocked_by", "blocks", True),
        ("duplicates", "duplicates", False),
        ("is_duplicated_by", "duplicates", True),
        ("relates_to", "relates_to", False),
    ],
)
def test_each_relation_is_one_row_and_one_event(mira: Person, relation: str, kind: str, turned: bool) -> None:
    one, other = make_request(), make_request()
    made = link(one.pk, relation, other.pk, by=mira)
    ends = (other.pk, one.pk) if turned else (one.pk, other.pk)
    assert kept() == [(kind, *ends)]
    event = Event.objects.get()
    assert (event.kind, event.object_id, event.actor) == ("request.linked", one.pk, mira)
    assert event.data == {"link": made.pk, "relation": relation, "other": other.pk}
    assert set(Request.objects.values_list("version", flat=True)) == {1}


def test_relates_to_is_kept_once_whoever_says_it(mira: Person) -> None:
    low, high = make_request(), make_request()
    made = link(high.pk, "relates_to", low.pk, by=mira)
    assert kept() == [("relates_to", low.pk, high.pk)]
    assert link(low.pk, "relates_to", high.pk, by=mira) == made
    assert Event.objects.count() == 1


def test_the_same_link_twice_changes_nothing(mira: Person) -> None:
    one, other = make_request(), make_request()
    made = link(one.pk, "blocks", other.pk, by=mira)
    assert link(one.pk, "blocks", other.pk, by=mira) == made
    assert link(other.pk, "is_blocked_by", one.pk, by=mira) == made
    assert Event.objects.count() == 1


def test_two_requests_may_be_linked_in_several_ways(mira: Person) -> None:
    one, other = make_request(), make_request()
    for relation in ("blocks", "duplicates", "relates_to"):
        link(one.pk, relation, other.pk, by=mira)
    assert len(kept()) == 3


@pytest.mark.parametrize("relation", ["blocks", "duplicates"])
def test_the_other_way_round_is_refused(mira: Person, relation: str) -> None:
    one, other = make_request(), make_request()
    link(one.pk, relation, other.pk, by=mira)
    assert wrong(other.pk, relation, one.pk, mira) == "other"
    assert (
        wrong(one.pk, f"is_{'blocked' if relation == 'blocks' else 'duplicated'}_by", other.pk, mira)
        == "other"
    )


@pytest.mark.parametrize("length", [3, 4, 9])
def test_a_ring_of_requests_that_block_each_other_is_refused(mira: Person, length: int) -> None:
    ring = [make_request() for _ in range(length)]
    blocks(*ring, by=mira)
    assert wrong(ring[-1].pk, "blocks", ring[0].pk, mira) == "other"
    assert wrong(ring[0].pk, "is_blocked_by", ring[-1].pk, mira) == "other"


def test_two_ways_to_the_same_request_are_no_ring(mira: Person) -> None:
    a, b, c, d = (make_request() for _ in range(4))
    blocks(a, b, d, by=mira)
    blocks(a, c, d, by=mira)
    link(a.pk, "blocks", d.pk, by=mira)
    assert blocks_already(a.pk, d.pk)
    assert not blocks_already(d.pk, a.pk)


def test_other_links_close_no_ring(mira: Person) -> None:
    one, other = make_request(), make_request()
    link(one.pk, "blocks", other.pk, by=mira)
    link(other.pk, "duplicates", one.pk, by=mira)
    assert len(kept()) == 2


def test_a_ring_is_found_through_requests_that_one_does_not_see(mira: Person) -> None:
    one, hidden, other = make_request(), make_request(restricted=True), make_request()
    for source, target in ((one, hidden), (hidden, other)):
        Link.objects.create(
            kind=LinkKind.BLOCKS, source=source, target=target, made_by=mira, created_at=clock.now()
        )
    with pytest.raises(InvalidFields) as error:
        link(other.pk, "blocks", one.pk, by=mira)
    assert f"T-{hidden.pk}" not in str(error.value.missing[0].message)


@pytest.mark.parametrize("relation", ["", "blocked", "BLOCKS", "self"])
def test_a_relation_that_there_is_not(mira: Person, relation: str) -> None:
    assert wrong(make_request().pk, relation, make_request().pk, mira) == "relation"


def test_a_request_is_not_linked_to_itself(mira: Person) -> None:
    one = make_request()
    assert wrong(one.pk, "relates_to", one.pk, mira) == "other"


def test_hidden_absent_and_drafts_are_the_same_as_the_other_one(mira: Person) -> None:
    one, hidden, draft = make_request(), make_request(restricted=True), make_request("draft", requester=mira)
    words = set()
    for number in (hidden.pk, draft.pk, hidden.pk + 999, 2**70):
        with pytest.raises(InvalidFields) as error:
            link(one.pk, "relates_to", number, by=mira)
        words.add(str(error.value.missing[0].message))
    assert len(words) == 1


def test_a_hidden_request_cannot_be_linked_from(mira: Person) -> None:
    with pytest.raises(Http404):
        link(make_request(restricted=True).pk, "blocks", make_request().pk, by=mira)


def test_a_draft_is_not_linked(mira: Person) -> None:
    draft = make_request("draft", requester=mira)
    with pytest.raises(RuleViolation) as error:
        link(draft.pk, "blocks", make_request().pk, by=mira)
    assert error.value.missing[0].code == "wrong_status"


def test_whoever_made_a_link_removes_it_from_either_end(mira: Person) -> None:
    one, other = make_request(), make_request()
    for number, relation in ((one.pk, Relation.BLOCKS), (other.pk, Relation.IS_BLOCKED_BY)):
        made = link(one.pk, "blocks", other.pk, by=mira)
        unlink(number, made.pk, by=mira)
        event = Event.objects.latest("id")
        assert (event.kind, event.object_id, event.data["relation"]) == ("request.unlinked", number, relation)
    assert not kept()


@pytest.mark.parametrize(
    "role", ["requester", "marketing_owner", "it_owner", "it_lead", "marketing_lead", "admin"]
)
@pytest.mark.parametrize("outwards", [True, False])
def test_those_who_take_care_of_either_end_remove_it(mira: Person, role: str, outwards: bool) -> None:
    scene, other = make_scene("shaping"), make_request()
    ends = (scene.request.pk, other.pk) if outwards else (other.pk, scene.request.pk)
    made = link(ends[0], "blocks", ends[1], by=mira)
    unlink(ends[0], made.pk, by=scene.people[role])
    assert not kept()


def test_nobody_else_does(mira: Person) -> None:
    scene, other = make_scene("shaping"), make_request()
    made = link(scene.request.pk, "blocks", other.pk, by=mira)
    with pytest.raises(RuleViolation) as error:
        unlink(scene.request.pk, made.pk, by=scene.it_member)
    assert error.value.missing[0].code == "not_yours"


def test_a_link_is_absent_for_who_does_not_see_both_ends(mira: Person) -> None:
    one, other = make_request(), make_request()
    made = link(one.pk, "blocks", other.pk, by=mira)
    Request.objects.filter(pk=other.pk).update(restricted=True)
    assert not Link.objects.visible_to(mira).exists()
    for number, pk in (
        (one.pk, made.pk),
        (one.pk, made.pk + 1),
        (one.pk, 2**70),
        (make_request().pk, made.pk),
    ):
        with pytest.raises(Http404):
            unlink(number, pk, by=mira)
    assert kept()


def test_links_hang_over_except_those_that_cannot(mira: Person) -> None:
    old, new, third, fourth = (make_request() for _ in range(4))
    to_new = link(old.pk, "relates_to", new.pk, by=mira)
    doubled = link(old.pk, "duplicates", third.pk, by=mira)
    link(new.pk, "duplicates", third.pk, by=mira)
    ring = link(old.pk, "blocks", fourth.pk, by=mira)
    link(fourth.pk, "blocks", new.pk, by=mira)
    goes = link(third.pk, "relates_to", old.pk, by=mira)
    assert move_links(old.pk, new.pk) == [goes.pk]
    assert {one.pk for one in Link.objects.filter(source=old) | Link.objects.filter(target=old)} == {
        to_new.pk,
        doubled.pk,
        ring.pk,
    }
    goes.refresh_from_db()
    assert (goes.source_id, goes.target_id) == (new.pk, third.pk)


@pytest.mark.parametrize(
    "values",
    [
        {"kind": "envies"},
        {"source": "b", "target": "b"},
        {"kind": "relates_to", "source": "b", "target": "a"},
        {"kind": "blocks", "source": "a", "target": "b"},
        {"kind": "blocks", "source": "b", "target": "a"},
    ],
    ids=["kind", "itself", "order", "twice", "turned"],
)
def test_the_database_refuses_what_the_rules_refuse(mira: Person, values: dict[str, Any]) -> None:
    named = {"a": make_request(), "b": make_request()}
    link(named["a"].pk, "blocks", named["b"].pk, by=mira)
    values = {"kind": "duplicates", "source": "a", "target": "b", **values}
    ends = {end: named[values.pop(end)] for end in ("source", "target")}
    with pytest.raises(IntegrityError):
        Link.objects.create(made_by=mira, created_at=clock.now(), **values, **ends)


def test_a_relation_and_its_other_side() -> None:
    for kind in LinkKind:
        there, back = Relation.of(kind, True), Relation.of(kind, False)
        assert {there.kind, back.kind} == {kind}
        assert there.outwards
        assert back.outwards == (kind == LinkKind.RELATES_TO)
