"""The digest as mail and as page: the same content, in words, through what the reader may see."""

import re
from datetime import timedelta

import pytest
from django.core import mail
from django.core.mail import EmailMessage, EmailMultiAlternatives
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from activity import clock
from notifications import mail_links
from notifications.digest import preference
from notifications.digest.preference import Wish
from notifications.models import Digest
from requests_app.choices import Status
from requests_app.models import Request
from teams.models import Person
from tests.factories import make_goal, make_person, make_request
from tests.notifications.digests import MONDAY, happened_at, make_company, send_at, weeks
from tests.notifications.telling import Cast, make_cast

pytestmark = pytest.mark.django_db

SUNDAY = MONDAY - timedelta(days=1)


def week_of(cast: Cast) -> None:
    """A week in which something of everything happened."""
    company = make_company()
    Person.objects.update(language="en")
    it, marketing = cast.request.serving_team, cast.request.requesting_team
    shared = {"serving_team": it, "requesting_team": marketing}
    old = MONDAY - timedelta(hours=company.stalled_after_hours + 24)
    parked = make_request(Status.PARKED, title="Chatbot for sizes", **shared)
    happened_at(
        SUNDAY, "request.parked", parked, None, reason="The size chart answers it.", revisit_on="2027-04-01"
    )
    accepted = make_request(
        Status.READY, title="Stock in search", goal=make_goal(title="Fewer calls"), **shared
    )
    happened_at(SUNDAY, "request.accepted", accepted, None)
    done = make_request(Status.DONE, title="QR code for returns", metric="Calls", unit="a week", **shared)
    happened_at(SUNDAY, "request.delivered", done, None)
    still = make_request(Status.IN_PROGRESS, title="Segments from CRM", **shared)
    Request.objects.filter(pk=still.pk).update(progress_at=old, goal=None)
    happened_at(SUNDAY, "request.started", cast.request, cast.it_owner)
    Request.objects.filter(pk=cast.request.pk).update(turn="it", turn_since=old, title="Topics to choose")


def mail_of(person: Person) -> str:
    return next(str(sent.body) for sent in mail.outbox if sent.to == [person.email])


def html_of(sent: EmailMessage) -> str:
    assert isinstance(sent, EmailMultiAlternatives)
    return str(sent.alternatives[0][0])


def page_of(person: Person, week: str, client: Client) -> str:
    client.force_login(person)
    answer = client.get(reverse("notifications:digest", args=[week]))
    assert answer.status_code == 200
    return answer.content.decode()


EXPECTED = [
    ("Your turn", "Topics to choose", "has waited for you since"),
    ("Stands still, and whose turn it is", "Segments from CRM", "· no goal"),
    ("Decided, and why", "Chatbot for sizes", "parked until 1 April"),
    ("Decided, and why", "Chatbot for sizes", "“The size chart answers it.”"),
    ("Decided, and why", "Stock in search", "accepted"),
    ("Decided, and why", "Stock in search", "Serves the goal “Fewer calls”."),
    ("Delivered", "QR code for returns", "Expected: Calls 1 → 3 a week, to be measured on"),
    ("Stands still, and whose turn it is", "Segments from CRM", "IT"),
]


@pytest.mark.parametrize(("heading", "title", "words"), EXPECTED)
def test_mail_and_page_say_the_same(heading: str, title: str, words: str, client: Client) -> None:
    cast = make_cast(Status.READY)
    week_of(cast)
    send_at(MONDAY)
    text, page = mail_of(cast.it_owner), page_of(cast.it_owner, "2026-W46", client)
    for place, head in ((text, heading.upper()), (page, heading)):
        section = place[place.index(head) :]
        assert title in section
        assert words in section[section.index(title) :]


def test_each_team_of_the_reader_has_its_section() -> None:
    cast = make_cast(Status.READY)
    week_of(cast)
    send_at(MONDAY)
    assert cast.request.serving_team is not None
    assert cast.request.serving_team.name.upper() in mail_of(cast.it_lead)
    assert f"{cast.it_owner.name} started work on this request." in mail_of(cast.it_lead)
    assert cast.request.serving_team.name.upper() not in mail_of(cast.stranger)


def test_the_subject_says_what_waits() -> None:
    cast = make_cast(Status.READY)
    week_of(cast)
    send_at(MONDAY)
    subjects = {sent.to[0]: sent.subject for sent in mail.outbox}
    assert subjects[cast.it_owner.email] == "Your week 46: “Topics to choose” waits for you, 2 decisions"
    assert subjects[cast.stranger.email] == (
        "Your week 46: 2 decisions, “QR code for returns”: delivered or measured"
    )


def test_it_can_be_read_without_images_and_in_one_column() -> None:
    make_person()
    send_at(MONDAY)
    html = html_of(mail.outbox[0])
    assert "<img" not in html
    assert "max-width: 620px" in html


def test_every_address_in_the_mail_is_complete() -> None:
    cast = make_cast(Status.READY)
    week_of(cast)
    send_at(MONDAY)
    for sent in mail.outbox:
        html = html_of(sent)
        assert all(link.startswith("http://127.0.0.1:8000/") for link in re.findall('href="([^"]*)"', html))


def test_what_was_undone_is_not_told() -> None:
    cast = make_cast()
    undone = happened_at(SUNDAY, "request.parked", cast.request, None)
    happened_at(SUNDAY + timedelta(seconds=9), "request.undone", cast.request, None, undone_event=undone)
    send_at(MONDAY)
    assert {row.selection["decided"] == [] for row in Digest.objects.all()} == {True}


def test_what_waits_outside_does_not_stand_still() -> None:
    request = make_request(Status.IN_PROGRESS, waiting_for="outside", blocked_reason="The vendor is silent.")
    Request.objects.filter(pk=request.pk).update(progress_at=MONDAY - weeks(9))
    send_at(MONDAY)
    assert all(row.selection["stalled"] == [] for row in Digest.objects.all())


def test_a_past_digest_is_shown_through_what_may_be_seen_today(client: Client) -> None:
    cast = make_cast(Status.READY)
    week_of(cast)
    send_at(MONDAY)
    assert "Chatbot for sizes" in page_of(cast.stranger, "2026-W46", client)
    Request.objects.filter(title="Chatbot for sizes").update(restricted=True)
    page = page_of(cast.stranger, "2026-W46", client)
    assert "Chatbot for sizes" not in page
    assert "<b>1</b><span>decided</span>" in page


def test_a_past_digest_asks_for_nothing_that_has_been_done(client: Client) -> None:
    cast = make_cast()
    week_of(cast)
    send_at(MONDAY)
    key = Digest.objects.get(person=cast.it_owner).week
    page = page_of(cast.it_owner, key, client)
    assert "has waited for you since" in page
    Request.objects.filter(pk=cast.request.pk).update(status=Status.IN_PROGRESS, rank="zz")
    page = page_of(cast.it_owner, key, client)
    assert "waited for you then; now: In progress" in page
    assert "has waited for you since" not in page


def test_the_running_week_is_a_preview_and_never_mailed(client: Client) -> None:
    cast = make_cast(Status.READY)
    send_at(MONDAY)
    mail.outbox.clear()
    Person.objects.update(language="en")
    happened_at(MONDAY + timedelta(hours=2), "request.parked", cast.request, None, reason="Later is better.")
    with clock.moved_to(MONDAY + timedelta(hours=3)):
        page = page_of(cast.stranger, "2026-W47", client)
    assert "so far" in page
    assert "Later is better." in page
    assert mail.outbox == []
    assert not Digest.objects.filter(week="2026-W47").exists()


def test_a_preview_does_not_tell_again_what_the_last_digest_told(client: Client) -> None:
    cast = make_cast(Status.READY)
    happened_at(SUNDAY, "request.parked", cast.request, None, reason="Told before.")
    send_at(MONDAY)
    with clock.moved_to(MONDAY + timedelta(hours=3)):
        assert "Told before." not in page_of(cast.stranger, "2026-W47", client)


def test_between_midnight_and_seven_the_finished_week_is_still_a_preview(client: Client) -> None:
    person = make_person(language="en")
    with clock.moved_to(MONDAY - timedelta(hours=3)):
        assert "so far" in page_of(person, "2026-W46", client)


@pytest.mark.parametrize(
    "week", ["2026-W40", "2026-W48", "2030-W01", "2026-W54", "2025-W53", "2026-47", "x", "2026-W4٧", "%00"]
)
def test_any_other_week_is_not_found(week: str, client: Client) -> None:
    client.force_login(make_person())
    with clock.moved_to(MONDAY + timedelta(hours=3)):
        assert client.get(f"/digests/{week}/").status_code == 404


def test_nobody_reads_the_digest_of_somebody_else(client: Client) -> None:
    somebody = make_person()
    send_at(MONDAY)
    newcomer = make_person()
    client.force_login(newcomer)
    with clock.moved_to(MONDAY + weeks(2)):
        assert client.get("/digests/2026-W46/").status_code == 404
        client.force_login(somebody)
        assert client.get("/digests/2026-W46/").status_code == 200


def test_the_archive_lists_ones_own_and_leads_to_the_running_week(client: Client) -> None:
    person = make_person(language="en")
    send_at(MONDAY)
    send_at(MONDAY + weeks(1))
    client.force_login(person)
    with clock.moved_to(MONDAY + weeks(1.5)):
        page = client.get(reverse("notifications:digests")).content.decode()
    assert re.findall('/digests/(2026-W[0-9]+)/"', page) == ["2026-W48", "2026-W47", "2026-W46"]


@pytest.mark.parametrize(
    ("path", "queries"), [("/digests/", 12), ("/digests/2026-W46/", 22), ("/digests/2026-W47/", 39)]
)
def test_pages_take_the_same_queries_however_much_happened(
    path: str, queries: int, client: Client, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    cast = make_cast(Status.READY)
    week_of(cast)
    for _ in range(20):
        request = make_request(Status.PARKED, serving_team=cast.request.serving_team)
        happened_at(SUNDAY, "request.parked", request, None)
        happened_at(MONDAY + timedelta(hours=1), "request.parked", request, None)
    send_at(MONDAY)
    client.force_login(cast.it_owner)
    with clock.moved_to(MONDAY + timedelta(hours=2)), django_assert_max_num_queries(queries):
        assert client.get(path).status_code == 200


def headers_of(person: Person) -> dict[str, str]:
    send_at(MONDAY)
    sent = next(sent for sent in mail.outbox if sent.to == [person.email])
    return {name: str(value) for name, value in sent.message().items()}


def link_of(person: Person) -> str:
    return headers_of(person)["List-Unsubscribe"].strip("<>").removeprefix("http://127.0.0.1:8000")


def test_one_click_in_the_mail_program_switches_it_off(client: Client) -> None:
    """As RFC 8058 asks: a POST without session and cookies, to the address in the header."""
    person = make_person()
    headers = headers_of(person)
    assert headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    address = headers["List-Unsubscribe"].strip("<>").removeprefix("http://127.0.0.1:8000")
    fresh = Client(enforce_csrf_checks=True)
    assert fresh.post(address, {"List-Unsubscribe": "One-Click"}).status_code == 200
    assert not preference.gets_weekly(person)


def test_opening_the_link_only_asks(client: Client) -> None:
    person = make_person(language="en")
    page = client.get(link_of(person)).content.decode()
    assert "Stop the weekly digest?" in page
    assert preference.gets_weekly(person)


def test_opening_the_link_again_says_that_it_is_off(client: Client) -> None:
    person = make_person(language="en")
    link = link_of(person)
    client.post(link)
    page = client.get(link).content.decode()
    assert "The weekly digest is switched off" in page
    assert "<button" not in page


def test_a_second_click_changes_nothing() -> None:
    person = make_person()
    link = link_of(person)
    assert [Client().post(link).status_code for _ in range(2)] == [200, 200]
    assert not preference.gets_weekly(person)


def test_a_link_from_before_it_was_switched_on_again_is_used_up(client: Client) -> None:
    person = make_person()
    link = link_of(person)
    client.post(link)
    client.force_login(person)
    client.post(reverse("notifications:digest_rhythm"), {"every": "1"})
    assert preference.gets_weekly(person)
    assert Client().post(link).status_code == 410
    assert preference.gets_weekly(person)


@pytest.mark.parametrize("token", ["x", "WzEsMF0:1abc:def", "%00", "a" * 3_000])
def test_a_forged_link_switches_nothing_off(token: str, client: Client) -> None:
    person = make_person()
    assert client.post(f"/digests/unsubscribe/{token}/").status_code in {404, 410}
    assert preference.gets_weekly(person)


def test_a_link_for_something_else_does_not_work_here() -> None:
    from django.core import signing

    person = make_person()
    other = signing.dumps([person.pk, 0], salt="another purpose")
    assert Client().post(reverse("notifications:unsubscribe", args=[other])).status_code == 410
    assert preference.gets_weekly(person)


def test_an_old_link_does_not_work_any_more() -> None:
    person = make_person()
    link = link_of(person)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(mail_links, "LINK_LASTS", timedelta(seconds=-1))
        assert Client().post(link).status_code == 410


def test_the_link_of_a_removed_person_is_used_up() -> None:
    link = reverse("notifications:unsubscribe", args=[preference.token(987_654, 0)])
    assert Client().post(link).status_code == 410


def test_choosing_on_the_page_when_it_comes(client: Client) -> None:
    person = make_person(language="en")
    client.force_login(person)
    path, archive = reverse("notifications:digest_rhythm"), reverse("notifications:digests")
    chosen = {"every": "2", "weekday": "4", "hour": "16", "language": "de"}
    assert client.post(path, chosen).headers["Location"] == archive
    assert preference.wish_of(person) == Wish(2, 4, 16)
    person.refresh_from_db()
    assert person.language == "de"
    page = client.get(archive).content.decode()
    assert '<option value="2" selected>Jede zweite Woche</option>' in page
    assert '<option value="4" selected>Freitag</option>' in page
    assert '<option value="" >' not in page
    client.post(path, {"every": "0", "language": "en"})
    assert not preference.gets_weekly(person)
    assert "You get no digest by mail." in client.get(archive).content.decode()


def test_the_page_names_what_holds_where_nothing_is_chosen(client: Client) -> None:
    make_company(digest_weekday=2, digest_hour=11)
    client.force_login(make_person(language="en"))
    page = client.get(reverse("notifications:digests")).content.decode()
    assert "Wednesday, as in the company" in page
    assert "11:00, as in the company" in page


@pytest.mark.parametrize(
    "wrong", [{}, {"every": "3"}, {"every": "1", "weekday": "7"}, {"every": "1", "hour": "x"}]
)
def test_what_cannot_be_chosen_is_refused_beside_its_field(wrong: dict[str, str], client: Client) -> None:
    person = make_person()
    client.force_login(person)
    answer = client.post(reverse("notifications:digest_rhythm"), wrong)
    assert answer.status_code == 422
    assert 'class="error"' in answer.content.decode()
    assert preference.wish_of(person) == Wish()


def test_a_digest_is_in_german_by_default() -> None:
    person = make_person()
    send_at(MONDAY)
    assert 'lang="de"' in html_of(mail.outbox[0])
    assert person.language == ""
    assert timezone.now() > MONDAY
