"""Supporting a request that is there instead of filing the same again: all of it, or nothing."""

import re

import pytest
from django.http import Http404
from django.test import Client
from django.utils import translation

from activity.models import Event
from notifications.fanout import fan_out
from notifications.inbox import deliver_inbox
from notifications.models import InboxEntry
from requests_app.choices import Status
from requests_app.discussion import support, watch
from requests_app.intake.drafts import save_draft
from requests_app.intake.instead import support_instead
from requests_app.models import Comment, Request
from requests_app.timeline import timeline
from teams.models import Person
from teams.rules import InvalidFields, RuleViolation, StaleVersion
from tests.factories import holder, make_person, make_request

pytestmark = pytest.mark.django_db


@pytest.fixture
def there() -> Request:
    return make_request(title="Choose topics")


@pytest.fixture
def mira() -> Person:
    return make_person(language="en")


def drafted(mira: Person, **fields: str) -> Request:
    return save_draft({"title": "Topics", "customer_need": "Readers leave.", **fields}, by=mira)  # type: ignore[typeddict-item]


def test_it_supports_follows_says_and_closes_the_draft(there: Request, mira: Person) -> None:
    draft = drafted(mira)
    support_instead(there.pk, by=mira, body="Readers leave.", draft=draft.pk, draft_version=draft.version)
    assert there.supporters.get().person == mira
    assert there.watchers.get().person == mira
    assert there.comments.get().body == "Readers leave."
    assert not Request.objects.filter(pk=draft.pk).exists()
    event = Event.objects.get()
    assert (event.kind, event.data["supports"]) == ("request.commented", True)


def test_without_a_word_it_only_supports_and_follows(there: Request, mira: Person) -> None:
    support_instead(there.pk, by=mira)
    assert (there.supporters.count(), there.watchers.count(), there.comments.count()) == (1, 1, 0)
    assert Event.objects.get().kind == "request.supported"


def test_a_second_time_changes_nothing(there: Request, mira: Person) -> None:
    support_instead(there.pk, by=mira)
    support_instead(there.pk, by=mira)
    assert Event.objects.count() == 1


def test_who_supports_already_follows_now(there: Request, mira: Person) -> None:
    support(there.pk, by=mira)
    support_instead(there.pk, by=mira)
    assert there.watchers.get().person == mira
    assert Event.objects.latest("id").kind == "request.watched"


def test_who_does_both_already_can_still_close_the_draft(there: Request, mira: Person) -> None:
    support(there.pk, by=mira)
    watch(there.pk, by=mira)
    draft = drafted(mira)
    support_instead(there.pk, by=mira, draft=draft.pk)
    assert not Request.objects.filter(pk=draft.pk).exists()
    assert Event.objects.count() == 2


def test_a_draft_that_has_moved_on_is_not_closed(there: Request, mira: Person) -> None:
    draft = drafted(mira)
    save_draft({"title": "Newer"}, by=mira, number=draft.pk)
    with pytest.raises(StaleVersion):
        support_instead(there.pk, by=mira, body="A word", draft=draft.pk, draft_version=draft.version)
    assert Request.objects.filter(pk=draft.pk).exists()
    assert not Comment.objects.exists()
    assert not there.supporters.exists()


def test_what_was_submitted_meanwhile_is_not_deleted(there: Request, mira: Person) -> None:
    own = make_request(requester=mira)
    with pytest.raises(RuleViolation) as refused:
        support_instead(there.pk, by=mira, draft=own.pk)
    assert refused.value.missing[0].code == "wrong_status"
    assert Request.objects.filter(pk=own.pk).exists()


@pytest.mark.parametrize("number", [0, -1, 999_999, 2**70])
def test_no_such_draft(there: Request, mira: Person, number: int) -> None:
    if number == 0:
        support_instead(there.pk, by=mira, draft=None)
        return
    with pytest.raises(Http404):
        support_instead(there.pk, by=mira, draft=number)


def test_nobody_closes_the_draft_of_somebody_else(there: Request, mira: Person) -> None:
    draft = drafted(make_person())
    other = make_request(requester=make_person())
    for number in (draft.pk, other.pk):
        with pytest.raises(Http404):
            support_instead(there.pk, by=mira, draft=number)
    assert Request.objects.filter(pk=draft.pk).exists()


def test_what_is_hidden_cannot_be_supported(mira: Person) -> None:
    hidden = make_request(restricted=True)
    draft = drafted(mira)
    with pytest.raises(Http404):
        support_instead(hidden.pk, by=mira, draft=draft.pk)
    assert Request.objects.filter(pk=draft.pk).exists()


def test_a_draft_cannot_be_supported(mira: Person) -> None:
    draft = drafted(mira)
    with pytest.raises(RuleViolation):
        support_instead(draft.pk, by=mira)


@pytest.mark.parametrize("body", ["x" * 20_001, "nul\0"])
def test_it_refuses_what_no_comment_may_hold(there: Request, mira: Person, body: str) -> None:
    with pytest.raises(InvalidFields):
        support_instead(there.pk, by=mira, body=body)
    assert not there.supporters.exists()


def test_those_around_the_request_are_told_of_the_comment(there: Request, mira: Person) -> None:
    support_instead(there.pk, by=mira, body="We need it, too.")
    fan_out()
    deliver_inbox()
    assert InboxEntry.objects.filter(person=holder(there.requester)).count() == 1


def test_the_timeline_says_both(there: Request, mira: Person) -> None:
    support_instead(there.pk, by=mira, body="We need it, too.")
    with translation.override("en"):
        assert "instead of asking for the same again" in timeline(there, 5)[0][0].did


# ---- the page


def url(there: Request) -> str:
    return f"/requests/{there.pk}/support-instead/"


def offers_to_take_over(page: str) -> bool:
    """Whether the box is ticked by which what was typed goes along."""
    (box,) = re.findall(r'<input[^>]*name="take_over"[^>]*>', page)
    return "checked" in box


def test_the_page_asks_first_what_to_take_over(client: Client, there: Request, mira: Person) -> None:
    client.force_login(mira)
    draft = drafted(mira)
    typed = {
        "title": "Topics",
        "customer_need": "Readers leave.",
        "number": draft.pk,
        "version": draft.version,
    }
    page = client.post(url(there), typed).content.decode()
    assert "Topics\n\nReaders leave." in page
    assert "Your draft is thrown away." in page
    assert offers_to_take_over(page)
    assert Request.objects.filter(pk=draft.pk).exists()
    assert not there.supporters.exists()


def test_what_was_meant_for_a_few_is_not_offered_to_all(client: Client, there: Request, mira: Person) -> None:
    client.force_login(mira)
    page = client.post(url(there), {"title": "Topics", "restricted": "on"}).content.decode()
    assert not offers_to_take_over(page)


def test_confirmed_it_happens(client: Client, there: Request, mira: Person) -> None:
    client.force_login(mira)
    draft = drafted(mira)
    fields = {"confirmed": "yes", "draft": draft.pk, "draft_version": draft.version, "body": "Readers leave."}
    answer = client.post(url(there), {**fields, "take_over": "on"})
    assert answer["Location"] == f"/requests/{there.pk}/"
    assert there.comments.get().body == "Readers leave."
    assert not Request.objects.filter(status=Status.DRAFT).exists()


def test_without_the_tick_nothing_is_said(client: Client, there: Request, mira: Person) -> None:
    client.force_login(mira)
    client.post(url(there), {"confirmed": "yes", "body": "Readers leave."})
    assert there.supporters.exists()
    assert not there.comments.exists()


@pytest.mark.parametrize(
    ("fields", "status"),
    [
        ({"draft": "x"}, 422),
        ({"draft": "-4"}, 422),
        ({"draft": "99999999999999999999999"}, 422),
        ({"take_over": "on", "body": "nul\0"}, 422),
        ({"draft": "999999"}, 404),
    ],
)
def test_it_refuses_wrong_input(
    client: Client, there: Request, mira: Person, fields: dict[str, str], status: int
) -> None:
    client.force_login(mira)
    assert client.post(url(there), {"confirmed": "yes", **fields}).status_code == status
    assert not there.supporters.exists()


def test_a_newer_draft_is_not_closed_and_what_was_typed_stays(
    client: Client, there: Request, mira: Person
) -> None:
    client.force_login(mira)
    draft = drafted(mira)
    fields = {"confirmed": "yes", "draft": draft.pk, "draft_version": 0, "take_over": "on", "body": "A word"}
    answer = client.post(url(there), fields)
    assert answer.status_code == 409
    assert "A word" in answer.content.decode()
    assert Request.objects.filter(pk=draft.pk).exists()
