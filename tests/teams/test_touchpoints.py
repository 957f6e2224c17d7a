"""Touchpoints, kept by administrators."""

import pytest

from activity.models import Event
from teams.models import Touchpoint
from teams.rules import InvalidFields, RuleViolation
from teams.touchpoints import create_touchpoint, edit_touchpoint
from tests.factories import make_admin, make_person, make_touchpoint


@pytest.mark.django_db
def test_the_start_set_is_there() -> None:
    slugs = list(Touchpoint.objects.values_list("slug", flat=True))
    assert slugs == [
        "website",
        "app",
        "email",
        "social",
        "search_ads",
        "store",
        "service",
        "print",
        "events",
        "partner",
    ]


@pytest.mark.django_db
def test_an_admin_adds_one_at_the_end() -> None:
    made = create_touchpoint("Messe", "Trade fair", "discover", by=make_admin())
    assert made.slug == "trade_fair"
    assert Touchpoint.objects.last() == made
    assert Event.objects.get().kind == "touchpoint.created"


@pytest.mark.django_db
def test_nobody_else_does_and_no_slug_is_used_twice() -> None:
    with pytest.raises(RuleViolation):
        create_touchpoint("Messe", "Trade fair", "discover", by=make_person())
    with pytest.raises(RuleViolation) as refusal:
        create_touchpoint("Netz", "Website", "discover", by=make_admin())
    assert refusal.value.missing[0].code == "already_done"


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("german", "english", "phase"),
    [("", "Fair", "buy"), ("Messe", "", "buy"), ("Messe", "Fair", "dream"), ("X", "!", "buy")],
)
def test_what_a_touchpoint_needs(german: str, english: str, phase: str) -> None:
    with pytest.raises(InvalidFields):
        create_touchpoint(german, english, phase, by=make_admin())


@pytest.mark.django_db
def test_renaming_and_archiving_write_what_changed() -> None:
    admin, touchpoint = make_admin(), make_touchpoint()
    edited = edit_touchpoint(touchpoint, {"name_en": "Fair", "is_archived": True}, by=admin)
    assert (edited.name_en, edited.is_archived) == ("Fair", True)
    assert set(Event.objects.get().data["changes"]) == {"name_en", "is_archived"}
    edit_touchpoint(touchpoint, {"name_en": "Fair"}, by=admin)
    assert Event.objects.count() == 1
    with pytest.raises(RuleViolation):
        edit_touchpoint(touchpoint, {"name_en": "Mine"}, by=make_person())
