"""What its owner does in the inbox: read, put away, put off, answer, narrow down, and take that back."""

import re
from datetime import timedelta
from typing import Any

import pytest
from django.db import transaction
from django.http import Http404
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from activity import clock, log
from notifications.inbox import KEPT, clear_old, unread_count, wake_due
from notifications.inboxes.acting import archive, read, snooze, take_back, take_out, unread
from notifications.inboxes.page import VIEWS, page
from notifications.models import Chosen, InboxEntry
from requests_app.choices import Status
from requests_app.models import Comment, Request
from teams.models import Person
from teams.rules import InvalidFields
from teams.zones import zone_of
from tests.factories import make_comment, make_person, make_request
from tests.knowhow.exchanges.making import make_exchange
from tests.notifications.telling import Cast, happened, make_cast, tell_all

pytestmark = pytest.mark.django_db


def told(cast: Cast, times: int = 1, kind: str = "request.commented", **data: Any) -> None:
    for _ in range(times):
        happened(kind, cast.request, cast.it_owner, **data)
    tell_all()


def newest(person: Person) -> int:
    return InboxEntry.objects.filter(person=person).latest("created_at", "pk").pk


def shown(person: Person, view: str = "") -> list[int]:
    return [group.place.pk for group in page(person, view=view).groups]


def signed_in(client: Client, person: Person) -> Client:
    Person.objects.filter(pk=person.pk).update(language="en")
    client.force_login(person)
    return client


def act(client: Client, **sent: Any) -> Any:
    return client.post(reverse("notifications:inbox_act"), sent)


def test_one_group_for_each_thing_with_all_that_happened_to_it() -> None:
    cast = make_cast()
    told(cast, 9)
    (group,) = page(cast.watcher).groups
    assert (group.count, group.unread, len(group.lines), group.more, group.earlier) == (9, 9, 6, 3, 8)
    assert group.thing is not None
    assert group.thing.name == f"{cast.request.key} {cast.request.title}"


def test_archiving_puts_all_about_a_thing_away_and_what_happens_later_comes_anew() -> None:
    cast = make_cast()
    told(cast, 3)
    assert archive(cast.watcher, [newest(cast.watcher)]).count == 3
    assert (shown(cast.watcher), shown(cast.watcher, "archive")) == ([], [cast.request.number])
    assert unread_count(cast.watcher) == 0
    told(cast)
    assert page(cast.watcher).groups[0].count == 1
    assert unread_count(cast.watcher) == 1


def test_what_came_in_since_the_page_was_drawn_stays() -> None:
    cast = make_cast()
    told(cast)
    seen = newest(cast.watcher)
    told(cast)
    assert archive(cast.watcher, [seen]).count == 1
    assert unread_count(cast.watcher) == 1


def test_what_is_put_off_is_gone_and_comes_back_unread_at_its_moment() -> None:
    cast = make_cast()
    told(cast, 2)
    now = timezone.now()
    read(cast.watcher, [newest(cast.watcher)])
    snooze(cast.watcher, [newest(cast.watcher)], "hours", zone_of(cast.watcher))
    assert (shown(cast.watcher), shown(cast.watcher, "later")) == ([], [cast.request.number])
    assert unread_count(cast.watcher) == 0
    with clock.moved_to(now + timedelta(hours=4)):
        assert unread_count(cast.watcher) == 2
        assert shown(cast.watcher) == [cast.request.number]
        wake_due(clock.now())
    assert not InboxEntry.objects.exclude(snoozed_until=None).exists()


@pytest.mark.parametrize(("until", "hour"), [("tomorrow", 8), ("monday", 8)])
def test_until_the_morning_is_eight_where_the_person_is(until: str, hour: int) -> None:
    cast = make_cast()
    Person.objects.filter(pk=cast.watcher.pk).update(time_zone="Asia/Tokyo")
    cast.watcher.refresh_from_db()
    told(cast)
    zone = zone_of(cast.watcher)
    snooze(cast.watcher, [newest(cast.watcher)], until, zone)
    moment = InboxEntry.objects.get(person=cast.watcher).snoozed_until
    assert moment is not None
    assert moment.astimezone(zone).hour == hour
    assert moment > timezone.now()


def test_an_unknown_moment_is_refused() -> None:
    cast = make_cast()
    told(cast)
    with pytest.raises(InvalidFields):
        snooze(cast.watcher, [newest(cast.watcher)], "never", zone_of(cast.watcher))


@pytest.mark.parametrize("what", [archive, read])
def test_everything_can_be_taken_back_as_it_was(what: Any) -> None:
    cast = make_cast()
    told(cast, 3)
    first = InboxEntry.objects.filter(person=cast.watcher).earliest("pk")
    InboxEntry.objects.filter(pk=first.pk).update(read_at=timezone.now())
    done = what(cast.watcher, [newest(cast.watcher)])
    assert unread_count(cast.watcher) == 0
    assert take_back(cast.watcher, done.to_json()) == 3
    assert unread_count(cast.watcher) == 2
    assert shown(cast.watcher) == [cast.request.number]


def test_nobody_takes_back_what_is_not_theirs() -> None:
    cast = make_cast()
    told(cast)
    done = archive(cast.watcher, [newest(cast.watcher)])
    assert take_back(cast.requester, done.to_json()) == 0
    assert shown(cast.watcher) == []


def test_bringing_back_and_letting_be_unread_again() -> None:
    cast = make_cast()
    told(cast, 2)
    archive(cast.watcher, [newest(cast.watcher)])
    take_out(cast.watcher, [newest(cast.watcher)])
    assert shown(cast.watcher) == [cast.request.number]
    assert unread_count(cast.watcher) == 0
    unread(cast.watcher, [newest(cast.watcher)])
    assert unread_count(cast.watcher) == 1


@pytest.mark.parametrize("what", [archive, read, unread, take_out])
def test_what_is_not_theirs_or_hidden_is_not_found_and_nothing_happens(what: Any) -> None:
    cast = make_cast()
    told(cast, kind="request.parked")
    for pks in ([newest(cast.requester)], [newest(cast.watcher), newest(cast.requester)], [2**63], []):
        with pytest.raises(Http404):
            what(cast.watcher, pks)
    Request.objects.update(restricted=True)
    with pytest.raises(Http404):
        what(cast.supporter, [newest(cast.supporter)])
    assert not InboxEntry.objects.exclude(archived_at=None).exists()


def test_views_narrow_it_down() -> None:
    cast = make_cast(Status.READY, turn="it")
    other = make_request(requester=cast.watcher)
    happened("request.commented", cast.request, cast.requester, mentions=[cast.watcher.pk])
    happened("request.declined", other, cast.it_owner)
    with transaction.atomic():
        log.record("exchange.moved", make_exchange(), by=None, data={"told": [cast.watcher.pk]})
    happened("request.commented", cast.request, cast.requester)
    tell_all()
    assert shown(cast.watcher, "mentions") == [cast.request.number]
    assert shown(cast.watcher, "decisions") == [other.number]
    assert [group.place.kind for group in page(cast.watcher, view="know-how").groups] == ["exchange"]
    assert shown(cast.it_owner, "turn") == [cast.request.number]
    assert shown(cast.watcher, "turn") == []
    assert len(shown(cast.watcher, "unread")) == len(shown(cast.watcher)) == 3
    with pytest.raises(Http404):
        page(cast.watcher, view="everything")


def test_after_three_months_an_entry_is_forgotten() -> None:
    cast = make_cast()
    told(cast)
    InboxEntry.objects.filter(person=cast.watcher).update(
        created_at=timezone.now() - KEPT - timedelta(hours=1)
    )
    before = InboxEntry.objects.count()
    clear_old(timezone.now())
    assert InboxEntry.objects.count() == before - 1
    assert unread_count(cast.watcher) == 0


def test_the_buttons_act_on_one_thing_or_on_what_is_ticked_and_the_last_is_taken_back(client: Client) -> None:
    cast, other = make_cast(), make_request()
    other.watchers.create(person=cast.watcher, since=timezone.now())
    told(cast, 2)
    happened("request.commented", other, cast.it_owner)
    tell_all()
    signed_in(client, cast.watcher)
    act(client, do=f"archive:{newest(cast.watcher)}")
    assert shown(cast.watcher) == [cast.request.number]
    heads = [group.newest for group in page(cast.watcher).groups]
    answered = act(client, do="archive", numbers=heads, show="unread")
    assert answered["Location"] == "/inbox/?show=unread"
    assert shown(cast.watcher) == []
    html = client.get("/inbox/").content.decode()
    assert "2 entries are archived." in html
    client.post(reverse("notifications:inbox_undo"))
    assert shown(cast.watcher) == [cast.request.number]
    client.post(reverse("notifications:inbox_undo"))
    assert shown(cast.watcher) == [cast.request.number]


@pytest.mark.parametrize(
    "sent", [{"do": "burn:1"}, {"do": "archive:²"}, {"do": "archive:-1"}, {"do": "snooze:1", "until": "x"}]
)
def test_what_there_is_not_is_not_found(client: Client, sent: dict[str, str]) -> None:
    cast = make_cast()
    told(cast)
    assert act(signed_in(client, cast.watcher), **sent).status_code == 404


def test_ticking_nothing_says_so(client: Client) -> None:
    cast = make_cast()
    told(cast)
    signed_in(client, cast.watcher)
    assert act(client, do="archive").status_code == 302
    assert "Choose at least one entry." in client.get("/inbox/").content.decode()


def asked(cast: Cast, to: str) -> Comment:
    question = make_comment(cast.request, cast.watcher, "Which topics?", question_to=to)
    happened("request.asked", cast.request, cast.watcher, comment=question.pk, question_to=to)
    tell_all()
    return question


def test_an_open_question_is_answered_in_place(client: Client) -> None:
    cast = make_cast()
    question = asked(cast, "it")
    entry = newest(cast.it_owner)
    signed_in(client, cast.it_owner)
    assert "Send the answer" in client.get("/inbox/").content.decode()
    act(client, do=f"answer:{entry}", **{f"body_{entry}": "Sports and gardens."})
    question.refresh_from_db()
    assert question.answered_by == cast.it_owner
    assert unread_count(cast.it_owner) == 0


def test_a_question_that_has_waited_for_long_is_quoted_and_answered_in_place(client: Client) -> None:
    cast = make_cast()
    question = make_comment(cast.request, cast.watcher, "Which topics?", question_to="it")
    data = {"cause": "question", "comment": question.pk, "question_to": "it", "days": 3}
    happened("request.escalated", cast.request, None, **data)
    tell_all()
    entry = newest(cast.it_owner)
    shown_page = signed_in(client, cast.it_owner).get("/inbox/").content.decode()
    assert "Which topics?" in shown_page
    assert "Send the answer" in shown_page
    act(client, do=f"answer:{entry}", **{f"body_{entry}": "Sports."})
    question.refresh_from_db()
    assert question.answered_by == cast.it_owner


def test_other_escalations_ask_for_no_words(client: Client) -> None:
    cast = make_cast()
    happened("request.escalated", cast.request, None, cause="stalled long", days=14)
    tell_all()
    assert "Send the answer" not in signed_in(client, cast.it_lead).get("/inbox/").content.decode()


def test_who_is_not_asked_comments_instead(client: Client) -> None:
    cast = make_cast()
    question = asked(cast, "it")
    entry = newest(cast.requester)
    act(signed_in(client, cast.requester), do=f"answer:{entry}", **{f"body_{entry}": "I wonder, too."})
    question.refresh_from_db()
    assert question.answered_at is None
    assert cast.request.comments.latest("pk").body == "I wonder, too."


def test_an_answer_that_cannot_be_said_keeps_what_was_typed(client: Client) -> None:
    cast = make_cast()
    asked(cast, "it")
    entry = newest(cast.it_owner)
    answered = act(signed_in(client, cast.it_owner), do=f"answer:{entry}", **{f"body_{entry}": "x" * 20_001})
    assert answered.status_code == 422
    assert "x" * 100 in answered.content.decode()


def test_an_answer_that_was_sent_after_the_session_had_ended_is_kept(client: Client) -> None:
    cast = make_cast()
    asked(cast, "it")
    entry = newest(cast.it_owner)
    typed = {f"body_{entry}": "Typed for half an hour", "do": f"answer:{entry}", "show": "unread"}
    sent = client.post("/inbox/act/?show=unread", {**typed, "author": str(cast.it_owner.pk)})
    assert "next=/inbox/act/%3Fshow%3Dunread" in sent["Location"]
    signed_in(client, cast.it_owner)
    page = client.get("/inbox/act/?show=unread", follow=True)
    assert page.redirect_chain == [("/inbox/?show=unread", 302)]
    assert 'class="answer" open' in page.content.decode()
    assert ">Typed for half an hour</textarea>" in page.content.decode()
    assert f'name="author" value="{cast.it_owner.pk}"' in page.content.decode()
    assert cast.request.comments.count() == 1
    assert "Typed for half" not in client.get("/inbox/").content.decode()


def test_each_view_has_its_page(client: Client) -> None:
    cast = make_cast()
    told(cast)
    signed_in(client, cast.watcher)
    for view in VIEWS:
        assert client.get("/inbox/", {"show": view}).status_code == 200
    assert client.get("/inbox/", {"show": "nothing"}).status_code == 404


def test_every_entry_says_why_and_leads_to_less_of_it(client: Client) -> None:
    cast = make_cast()
    told(cast)
    signed_in(client, cast.watcher)
    assert "You watch this request." in client.get("/inbox/").content.decode()
    stop = reverse("notifications:stop_here", args=[newest(cast.watcher)])
    assert f"Nothing more about {cast.request.key}" in client.get(stop).content.decode()
    assert not cast.request.mutes.exists()
    client.post(stop, {"less": "mentions"})
    assert cast.request.mutes.get().keeps_mentions
    client.post(stop, {"less": "mute"})
    assert not cast.request.mutes.get().keeps_mentions
    assert client.post(stop, {"less": "all"}).status_code == 404


def test_what_waits_for_the_reader_leads_to_its_step_like_on_the_first_page(client: Client) -> None:
    cast = make_cast(Status.IN_REVIEW)
    told(cast)
    path = reverse("requests:act", args=[cast.request.number, "deliver"])
    for person, is_asked in ((cast.marketing_owner, True), (cast.watcher, False)):
        assert (f'href="{path}"' in signed_in(client, person).get("/inbox/").content.decode()) is is_asked


def test_every_entry_ends_by_one_click_in_the_inbox_itself(client: Client) -> None:
    cast = make_cast()
    told(cast)
    with transaction.atomic():
        data = {"told": [cast.watcher.pk]}
        log.record("exchange.planned", make_exchange(host=cast.watcher), by=cast.it_owner, data=data)
    tell_all()
    page_text = signed_in(client, cast.watcher).get("/inbox/").content.decode()
    buttons = re.findall(r'name="less" formaction="([^"]+)" value="(\w+)"', page_text)
    assert sorted(value for _path, value in buttons) == ["mail", "mute"]
    for path, value in buttons:
        assert client.post(path, {"less": value}).headers["Location"] == reverse("notifications:inbox")
    assert cast.request.mutes.get().person == cast.watcher
    assert Chosen.objects.get(person=cast.watcher, kind="know_how").mail == "digest"


def test_less_of_a_kind_is_chosen_at_once(client: Client) -> None:
    from notifications.choosing.kinds import Choice
    from notifications.choosing.resolve import choices_of

    cast = make_cast()
    told(cast)
    stop = reverse("notifications:stop_here", args=[newest(cast.watcher)])
    signed_in(client, cast.watcher).post(stop, {"less": "kind"})
    assert choices_of([cast.watcher])(cast.watcher.pk, "talk") == Choice(inbox=False, mail="digest")
    told(cast)
    assert InboxEntry.objects.filter(person=cast.watcher).count() == 1
    stranger = make_person()
    assert signed_in(client, stranger).get(stop).status_code == 404
