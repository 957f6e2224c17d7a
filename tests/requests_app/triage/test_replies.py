"""Saved replies: kept by IT's leads in both languages, filled in for one request."""

from typing import cast

import pytest
from django.db import IntegrityError, transaction
from django.http import Http404
from django.test import Client

from activity import clock
from activity.models import Event
from requests_app.models import SavedReply
from requests_app.triage.replies import ReplyFields, fill, filled, keep_reply, remove_reply
from teams.models import Person, Side, Team
from teams.rules import InvalidFields, RuleViolation, StaleVersion
from tests.factories import make_admin, make_person, make_request, make_team

pytestmark = pytest.mark.django_db
PAGE = "/settings/saved-replies/"
THANKS: ReplyFields = {
    "name": "Thanks",
    "text_de": "Hallo {name}, wir sehen uns {key} an.",
    "text_en": "Hello {name}, we look at {key}.",
}


@pytest.fixture
def team() -> Team:
    return make_team(Side.IT)


@pytest.fixture
def lead(team: Team) -> Person:
    return make_person(lead_of=team, language="en")


def test_a_lead_of_it_writes_and_changes_one(lead: Person) -> None:
    made = keep_reply(None, THANKS, by=lead)
    changed = keep_reply(made.pk, {**THANKS, "name": "Many thanks"}, by=lead, version=1)
    keep_reply(made.pk, {**THANKS, "name": "Many thanks"}, by=lead)
    assert (changed.name, changed.version, changed.changed_by) == ("Many thanks", 2, lead)
    kinds = list(Event.objects.order_by("id").values_list("kind", flat=True))
    assert kinds == ["saved_reply.created", "saved_reply.edited"]


def test_only_leads_of_it_and_admins_keep_them(lead: Person, team: Team) -> None:
    made = keep_reply(None, THANKS, by=make_admin())
    for somebody in (make_person(team), make_person(lead_of=make_team(Side.MARKETING))):
        with pytest.raises(RuleViolation, match="not_yours"):
            keep_reply(made.pk, {**THANKS, "name": "Mine"}, by=somebody)
        with pytest.raises(RuleViolation, match="not_yours"):
            remove_reply(made.pk, by=somebody)
    remove_reply(made.pk, by=lead)
    remove_reply(made.pk, by=lead)
    assert not SavedReply.objects.exists()
    assert Event.objects.filter(kind="saved_reply.removed").count() == 1


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"name": ""}, "name"),
        ({"name": "x" * 81}, "name"),
        ({"text_de": "  "}, "text_de"),
        ({"text_en": "x" * 2001}, "text_en"),
        ({"text_en": "a\0"}, "text_en"),
        ({"text_de": "Hallo {vorname}"}, "text_de"),
        ({"text_en": "Hello {}"}, "text_en"),
    ],
)
def test_what_cannot_be_kept_is_named(lead: Person, wrong: dict[str, str], field: str) -> None:
    with pytest.raises(InvalidFields) as refused:
        keep_reply(None, cast(ReplyFields, {**THANKS, **wrong}), by=lead)
    assert [one.field for one in refused.value.missing] == [field]


def test_a_name_is_there_once(lead: Person) -> None:
    keep_reply(None, THANKS, by=lead)
    with pytest.raises(RuleViolation, match="already_done"):
        keep_reply(None, {**THANKS, "name": "THANKS"}, by=lead)
    assert SavedReply.objects.count() == 1


def test_an_older_version_and_an_unknown_one_are_refused(lead: Person) -> None:
    made = keep_reply(None, THANKS, by=lead)
    with pytest.raises(StaleVersion):
        keep_reply(made.pk, {**THANKS, "name": "B"}, by=lead, version=7)
    for pk in (made.pk + 1, 10**30):
        with pytest.raises(Http404):
            keep_reply(pk, THANKS, by=lead)


def test_the_database_knows_it_as_well(lead: Person) -> None:
    for empty in ("name", "text_de", "text_en"):
        with pytest.raises(IntegrityError), transaction.atomic():
            SavedReply.objects.create(**{**THANKS, empty: ""}, changed_at=clock.now())


def test_the_language_of_the_requester_comes_first_and_gaps_are_filled(lead: Person, team: Team) -> None:
    keep_reply(None, THANKS, by=lead)
    for language, text in (("de", "Hallo Pia Lang, wir sehen uns"), ("en", "Hello Pia Lang, we look at")):
        pia = make_person(make_team(Side.MARKETING), name="Pia Lang", language=language)
        request = make_request(serving_team=team, requester=pia)
        first, (one,) = filled(request)[0]
        assert first == language
        assert one.text == f"{text} {request.key}{' an.' if language == 'de' else '.'}"


def test_names_that_look_like_gaps_are_filled_once(team: Team) -> None:
    tricky = make_person(make_team(Side.MARKETING), name="{key}")
    request = make_request(serving_team=team, requester=tricky)
    assert fill("{name} {other}", request) == "{key} {other}"


# Pages ----------------------------------------------------------------------------------------------------


def test_the_page_invites_and_lists(client: Client, lead: Person) -> None:
    client.force_login(lead)
    assert "No saved reply yet" in client.get(PAGE).content.decode()
    answer = client.post(f"{PAGE}new/", {**THANKS, "version": 0})
    assert answer["Location"] == PAGE
    assert "Thanks" in client.get(PAGE).content.decode()
    made = SavedReply.objects.get()
    stale = client.post(f"{PAGE}{made.pk}/", {**THANKS, "name": "Other", "version": 9})
    assert stale.status_code == 422
    assert client.get(f"{PAGE}{made.pk + 1}/").status_code == 404
    client.post(f"{PAGE}{made.pk}/remove/")
    assert not SavedReply.objects.exists()


def test_others_are_kept_out(client: Client, team: Team) -> None:
    client.force_login(make_person(team))
    for address in (PAGE, f"{PAGE}new/", f"{PAGE}1/"):
        assert client.get(address).status_code == 403
    assert client.post(f"{PAGE}1/remove/").status_code == 403


def test_the_chooser_holds_the_filled_texts(client: Client, lead: Person, team: Team) -> None:
    keep_reply(None, THANKS, by=lead)
    client.force_login(lead)
    request = make_request(serving_team=team)
    address = f"/requests/{request.number}/replies/"
    part = client.get(address, {"into": "id_reason"}, headers={"HX-Request": "true"}).content.decode()
    assert 'data-replies="id_reason"' in part
    assert f"we look at {request.key}." in part
    assert "<html" not in part
    assert f"we look at {request.key}." in client.get(address).content.decode()


def test_it_is_offered_where_it_answers(client: Client, lead: Person, team: Team) -> None:
    request = make_request(serving_team=team)
    addresses = (
        f"/requests/{request.number}/",
        f"/requests/{request.number}/actions/decline/",
        f"/triage/{request.number}/ask/",
    )
    for address in addresses:
        client.force_login(lead)
        assert f"/requests/{request.number}/replies/?into=" in client.get(address).content.decode()
        client.force_login(make_person(make_team(Side.MARKETING)))
        assert "/replies/?into=" not in client.get(address).content.decode()


def test_replies_for_a_hidden_request_are_not_there(client: Client) -> None:
    hidden = make_request(restricted=True)
    client.force_login(make_person(make_team(Side.IT)))
    assert client.get(f"/requests/{hidden.number}/replies/").status_code == 404
