"""The checklist: who may keep it, what is refused, and what each change leaves behind."""

from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.http import Http404

from activity.models import Event
from requests_app.before_work import checklist
from requests_app.before_work.checklist import MOST_ITEMS, add_item, change_item, move_item, remove_item
from requests_app.choices import Status
from requests_app.models import ChecklistItem
from teams.rules import InvalidFields, RuleViolation, StaleVersion
from tests.factories import make_person, make_request
from tests.requests_app.scenes import Scene, make_scene

pytestmark = pytest.mark.django_db
KEEPERS = (
    *("requester", "marketing_owner", "it_owner", "marketing_member", "marketing_lead"),
    *("it_member", "it_lead", "admin"),
)


@pytest.fixture
def scene() -> Scene:
    return make_scene(Status.READY)


def texts(scene: Scene) -> list[str]:
    rows = ChecklistItem.objects.filter(request=scene.request).order_by("position")
    return list(rows.values_list("text", flat=True))


def fill(scene: Scene, *names: str) -> list[int]:
    return [add_item(scene.request.pk, name, by=scene.it_owner).pk for name in names]


def codes(refusal: "pytest.ExceptionInfo[RuleViolation]") -> list[str]:
    return [missing.code for missing in refusal.value.missing]


@pytest.mark.parametrize("role", KEEPERS)
def test_requester_tandem_leads_and_both_teams_keep_it(scene: Scene, role: str) -> None:
    person = scene.people[role]
    item = add_item(scene.request.pk, "Ask the lawyers", person, by=person)
    assert change_item(scene.request.pk, item.pk, by=person, done=True).done_by == person
    remove_item(scene.request.pk, item.pk, by=person)
    assert texts(scene) == []


@pytest.mark.parametrize("role", ["other_it", "outsider"])
def test_nobody_else_does(scene: Scene, role: str) -> None:
    (item,) = fill(scene, "One")
    number, person = scene.request.pk, scene.people[role]
    for change in (
        lambda: add_item(number, "Mine", by=person),
        lambda: change_item(number, item, by=person, done=True),
        lambda: move_item(number, item, by=person),
        lambda: remove_item(number, item, by=person),
    ):
        with pytest.raises(RuleViolation) as refusal:
            change()
        assert codes(refusal) == ["not_yours"]
    assert Event.objects.count() == 1


def test_who_does_not_see_the_request_hears_nothing_of_it() -> None:
    hidden = make_scene(restricted=True)
    with pytest.raises(Http404):
        add_item(hidden.request.pk, "Mine", by=make_person())


def test_a_draft_has_none() -> None:
    draft = make_request(Status.DRAFT)
    with pytest.raises(RuleViolation) as refusal:
        add_item(draft.pk, "Early", by=draft.requester)  # type: ignore[arg-type]
    assert codes(refusal) == ["wrong_status"]


def test_a_change_moves_version_and_progress_with_one_event(scene: Scene) -> None:
    before = scene.fresh()
    item = add_item(scene.request.pk, "  Ask the\nlawyers ", scene.it_member, by=scene.it_owner)
    after, event = scene.fresh(), scene.event()
    assert (item.text, item.position) == ("Ask the lawyers", 1)
    assert after.version == before.version + 1
    assert (after.progress_at, after.updated_at) > (before.progress_at, before.updated_at)
    assert event.kind == "request.item_added"
    assert event.data | {"version": 0} == {
        "item": item.pk,
        "text": "Ask the lawyers",
        "person": scene.it_member.pk,
        "version": 0,
    }


@pytest.mark.parametrize("text", ["", "   ", "x" * 201, "bell\x07"])
def test_a_text_that_cannot_be_kept_is_refused(scene: Scene, text: str) -> None:
    with pytest.raises(InvalidFields) as refusal:
        add_item(scene.request.pk, text, by=scene.it_owner)
    assert [missing.field for missing in refusal.value.missing] == ["text"]


def test_a_list_without_end_is_refused(scene: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    assert MOST_ITEMS == 50
    monkeypatch.setattr(checklist, "MOST_ITEMS", 2)
    fill(scene, "One", "Two")
    with pytest.raises(InvalidFields) as refusal:
        fill(scene, "Three")
    assert codes(refusal) == ["too_many"]


def test_only_active_people_who_see_the_request_do_something() -> None:
    scene = make_scene(Status.READY, restricted=True)
    gone = make_person(scene.it_team, is_active=False)
    for person in (make_person(), gone):
        with pytest.raises(InvalidFields) as refusal:
            add_item(scene.request.pk, "One", person, by=scene.it_owner)
        assert [missing.field for missing in refusal.value.missing] == ["person"]


def test_a_tick_keeps_who_and_when_and_can_be_taken_back(scene: Scene) -> None:
    (item,) = fill(scene, "One")
    row = change_item(scene.request.pk, item, by=scene.marketing_owner, done=True)
    assert (row.done_by, row.done_at is not None) == (scene.marketing_owner, True)
    assert scene.event().kind == "request.item_done"
    row = change_item(scene.request.pk, item, by=scene.it_owner, done=False)
    assert (row.done_by, row.done_at) == (None, None)
    assert scene.event().kind == "request.item_reopened"


def test_a_second_tick_changes_nothing(scene: Scene) -> None:
    (item,) = fill(scene, "One")
    change_item(scene.request.pk, item, by=scene.marketing_owner, done=True)
    again = change_item(scene.request.pk, item, by=scene.it_owner, done=True)
    assert again.done_by == scene.marketing_owner
    assert Event.objects.count() == 2


def test_text_and_person_change_together_in_one_event(scene: Scene) -> None:
    (item,) = fill(scene, "One")
    change_item(scene.request.pk, item, by=scene.it_owner, text="Two", person=scene.it_lead)
    event = scene.event()
    assert event.kind == "request.item_changed"
    assert event.data["item_changes"] == {
        "text": {"from": "One", "to": "Two"},
        "person": {"from": None, "to": scene.it_lead.pk},
    }
    assert change_item(scene.request.pk, item, by=scene.it_owner, person=None).person is None


@pytest.mark.parametrize(
    ("moved", "after", "order"),
    [(0, 2, "BCA"), (2, None, "CAB"), (1, 2, "ACB"), (2, 0, "ACB"), (0, None, "ABC"), (1, 0, "ABC")],
)
def test_an_item_goes_where_it_is_put(scene: Scene, moved: int, after: int | None, order: str) -> None:
    items = fill(scene, "A", "B", "C")
    events = Event.objects.count()
    behind = None if after is None else items[after]
    move_item(scene.request.pk, items[moved], behind, by=scene.it_owner)
    assert "".join(texts(scene)) == order
    assert Event.objects.count() == events + (order != "ABC")


def test_what_is_not_on_this_list_is_not_found(scene: Scene) -> None:
    (item,), (foreign,) = fill(scene, "One"), fill(make_scene(Status.READY), "Foreign")
    number, owner = scene.request.pk, scene.it_owner
    for change in (
        lambda: change_item(number, foreign, by=owner, done=True),
        lambda: move_item(number, item, foreign, by=owner),
        lambda: move_item(number, item, item, by=owner),
        lambda: remove_item(number, foreign, by=owner),
        lambda: remove_item(number, 2**80, by=owner),
    ):
        with pytest.raises(Http404):
            change()


def test_what_was_removed_is_remembered_by_its_event(scene: Scene) -> None:
    items = fill(scene, "A", "B", "C")
    remove_item(scene.request.pk, items[1], by=scene.it_owner)
    assert scene.event().data["text"] == "B"
    assert texts(scene) == ["A", "C"]
    fill(scene, "D")
    assert texts(scene) == ["A", "C", "D"]


def test_a_form_keeps_what_others_changed_of_the_item_and_is_told_of_the_same(scene: Scene) -> None:
    (item,) = fill(scene, "Ask")
    seen, number = scene.fresh().version, scene.request.pk
    change_item(number, item, by=scene.it_owner, person=scene.it_owner)
    kept = change_item(number, item, by=scene.requester, text="Ask twice", person=None, seen_version=seen)
    assert (kept.text, kept.person) == ("Ask twice", scene.it_owner)
    with pytest.raises(StaleVersion) as stale:
        change_item(number, item, by=scene.it_lead, text="Ask never", person=None, seen_version=seen)
    assert (stale.value.clash, ChecklistItem.objects.get().text) == (("text",), "Ask twice")


def test_a_tick_with_new_words_counts_as_a_change_of_the_words(scene: Scene) -> None:
    (item,) = fill(scene, "Ask")
    seen = scene.fresh().version
    change_item(scene.request.pk, item, by=scene.it_owner, text="Ask twice", done=True)
    with pytest.raises(StaleVersion):
        change_item(scene.request.pk, item, by=scene.requester, text="Ask never", seen_version=seen)


def test_other_changes_of_the_request_break_no_open_item(scene: Scene) -> None:
    one, other = fill(scene, "Ask", "Pay")
    seen = scene.fresh().version
    change_item(scene.request.pk, other, by=scene.it_owner, text="Pay later")
    changed = change_item(scene.request.pk, one, by=scene.requester, text="Ask twice", seen_version=seen)
    assert changed.text == "Ask twice"


def test_a_stale_version_is_refused(scene: Scene) -> None:
    (item,) = fill(scene, "One")
    with pytest.raises(StaleVersion):
        change_item(scene.request.pk, item, by=scene.it_owner, done=True, version=scene.request.version)


@pytest.mark.parametrize(
    "fields", [{"text": ""}, {"done_by": "person"}, {"done_at": "2026-01-01T00:00Z"}, {"position": 1}]
)
def test_the_database_keeps_the_rules_too(scene: Scene, fields: dict[str, Any]) -> None:
    fill(scene, "One")
    if fields.get("done_by"):
        fields = {"done_by": scene.it_owner}
    values = {"request": scene.request, "position": 2, "text": "Two", **fields}
    with pytest.raises(IntegrityError), transaction.atomic():
        create_at_once(values)


def create_at_once(values: dict[str, Any]) -> None:
    """With the order checked now, not only at the end of the transaction."""
    ChecklistItem.objects.create(**values)
    with transaction.get_connection().cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
