"""The digests of teams and the company, which all members read alike, and a lead's sentence in them."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.core import mail
from django.core.mail import EmailMultiAlternatives
from django.db import IntegrityError, transaction
from django.http import Http404
from django.test import Client
from django.urls import reverse
from django.utils import translation

from activity import clock
from activity.models import Event
from notifications.digest.lead_words import coming_week, say, word_of
from notifications.digest.open_pages import company_leaf, team_leaf
from notifications.digest.sheet import Sheet
from notifications.digest.weeks import Week
from notifications.models import TeamWord
from requests_app.choices import Status
from requests_app.models import Request
from teams.models import Person, Side, Team
from teams.rules import InvalidFields, RuleViolation
from tests.factories import make_admin, make_person, make_request, make_team
from tests.notifications.digests import MONDAY, W46, happened_at, make_company, send_at, weeks

pytestmark = pytest.mark.django_db

SUNDAY = MONDAY - timedelta(days=1)
AFTER = MONDAY + timedelta(hours=3)
W47 = Week(2026, 47)


@pytest.fixture(autouse=True)
def _in_english() -> Iterator[None]:
    make_company()
    with translation.override("en"), clock.moved_to(AFTER):
        yield


@pytest.fixture
def team() -> Team:
    return make_team(Side.IT, name="CRM")


@pytest.fixture
def lead(team: Team) -> Person:
    return make_person(lead_of=team, name="Lena", language="en")


def parked(team: Team, title: str, **fields: object) -> Request:
    request = make_request(Status.PARKED, serving_team=team, title=title, **fields)
    happened_at(SUNDAY, "request.parked", request, None, reason=f"Why {title}.")
    return request


def words_of(sheet: Sheet) -> str:
    return str([(section.heading, section.word, *section.rows) for section in sheet.sections])


class TestPages:
    def test_the_company_reads_of_all_teams_and_a_team_of_itself(self, team: Team) -> None:
        parked(team, "Chatbot")
        parked(make_team(Side.IT, name="Data"), "Dashboard")
        reader = make_person()
        everything, own = company_leaf("2026-W46", reader).sheet, team_leaf(team, "2026-W46", reader).sheet
        assert "Chatbot" in words_of(everything)
        assert "Dashboard" in words_of(everything)
        assert "Chatbot" in words_of(own)
        assert "Dashboard" not in words_of(own)
        assert everything.heading == "Nordwind, week 46: 2 decisions"
        assert own.heading == "CRM, week 46: “Chatbot” is decided"

    @pytest.mark.parametrize("viewer", ["member", "lead", "admin", "stranger"])
    def test_a_restricted_request_is_in_none_of_them_whoever_looks(
        self, viewer: str, team: Team, lead: Person
    ) -> None:
        who = {"member": make_person(team), "lead": lead, "admin": make_admin(), "stranger": make_person()}
        request = parked(team, "Secret", restricted=True)
        happened_at(SUNDAY, "request.started", request, None)
        for leaf in (
            company_leaf("2026-W46", who[viewer]),
            team_leaf(team, "2026-W46", who[viewer]),
        ):
            assert leaf.sheet.is_empty
            assert leaf.sheet.others == "Nothing happened that you could see."

    def test_nobodys_turn_and_nobodys_questions_are_in_them(self, team: Team, lead: Person) -> None:
        make_request(Status.SUBMITTED, serving_team=team, title="Waits for Lena")
        assert "Waits for Lena" not in words_of(team_leaf(team, "2026-W46", lead).sheet)

    def test_a_week_is_the_companys_and_ends_before_the_next(self, team: Team) -> None:
        monday_0 = MONDAY - timedelta(hours=7)
        for at, title in ((monday_0 - timedelta(minutes=1), "Late"), (monday_0, "Early")):
            request = make_request(Status.PARKED, serving_team=team, title=title)
            happened_at(at, "request.parked", request, None)
        past, now = (team_leaf(team, f"2026-W{n}", make_person()) for n in (46, 47))
        assert ("Late" in words_of(past.sheet), "Early" in words_of(past.sheet)) == (True, False)
        assert ("Late" in words_of(now.sheet), "Early" in words_of(now.sheet)) == (False, True)
        assert (past.is_preview, now.is_preview) == (False, True)
        assert (past.following, now.following) == (W47, None)
        assert past.sheet.period == "9 November – 15 November"

    @pytest.mark.parametrize("week", ["2026-W48", "2030-W01", "2026-W54", "x", "9999-W52", "%00"])
    def test_a_week_that_has_not_begun_and_what_is_none_are_not_found(self, week: str, team: Team) -> None:
        with pytest.raises(Http404):
            team_leaf(team, week, make_person())

    def test_the_pages_lead_to_each_other(self, team: Team, client: Client) -> None:
        client.force_login(make_person(team, language="en"))
        page = client.get(reverse("notifications:company_digest", args=["2026-W46"])).content.decode()
        assert reverse("notifications:team_digest", args=["2026-W46", team.slug]) in page
        page = client.get(reverse("notifications:digests")).content.decode()
        assert reverse("notifications:company_digest", args=["2026-W47"]) in page
        assert reverse("notifications:team_digest", args=["2026-W47", team.slug]) in page

    def test_a_teams_page_leads_to_the_week_that_runs(self, team: Team, client: Client) -> None:
        client.force_login(make_person(team, language="en"))
        link = reverse("notifications:team_digest_now", args=[team.slug])
        assert link in client.get(team.get_absolute_url()).content.decode()
        assert client.get(link)["Location"] == reverse(
            "notifications:team_digest", args=["2026-W47", team.slug]
        )
        assert client.get(reverse("notifications:team_digest_now", args=["nobody"])).status_code == 404


class TestWordOfALead:
    def test_it_stands_in_the_mails_of_the_team_and_on_its_page(self, team: Team, lead: Person) -> None:
        member, stranger = make_person(team, language="en"), make_person(language="en")
        with clock.moved_to(SUNDAY):
            say(team, W46, "Come to the <b>demo</b>.", by=lead)
        send_at(MONDAY)
        said = {sent.to[0]: "Come to the <b>demo</b>.” (Lena)" in str(sent.body) for sent in mail.outbox}
        assert said == {member.email: True, lead.email: True, stranger.email: False}
        htmls = [
            str(sent.alternatives[0][0]) for sent in mail.outbox if isinstance(sent, EmailMultiAlternatives)
        ]
        assert sum("&lt;b&gt;demo" in html for html in htmls) == 2
        assert not any("<b>demo" in html for html in htmls)
        assert "Come to the" in words_of(team_leaf(team, "2026-W46", stranger).sheet)

    def test_who_and_when_are_kept(self, team: Team, lead: Person) -> None:
        say(team, W47, "  Come\nto the demo. ", by=lead)
        word = TeamWord.objects.get()
        assert (word.team, word.week, word.text) == (team, "2026-W47", "Come to the demo.")
        assert (word.author, word.written_at) == (lead, AFTER)
        event = Event.objects.get(kind="team_word.said")
        assert (event.actor, event.data) == (lead, {"team": team.pk, "week": "2026-W47"})

    def test_a_second_one_takes_its_place_and_an_empty_one_takes_it_back(
        self, team: Team, lead: Person
    ) -> None:
        for text in ("First.", "Second.", "Second."):
            say(team, W47, text, by=lead)
        assert TeamWord.objects.get().text == "Second."
        assert Event.objects.filter(kind="team_word.said").count() == 2
        say(team, W47, " ", by=lead)
        assert word_of(team, W47) is None
        assert Event.objects.filter(kind="team_word.taken_back").count() == 1
        assert say(team, W47, "", by=lead) is None

    def test_only_before_the_digests_go_out(self, team: Team, lead: Person) -> None:
        assert coming_week(MONDAY - timedelta(minutes=1)) == W46
        assert coming_week(MONDAY) == W47
        for week in (W46, Week(2026, 48)):
            with pytest.raises(RuleViolation, match="wrong_status"):
                say(team, week, "Too late, or too early.", by=lead)

    def test_only_leads_and_admins(self, team: Team) -> None:
        for person in (make_person(team), make_person(lead_of=make_team())):
            with pytest.raises(RuleViolation, match="not_yours"):
                say(team, W47, "Hello.", by=person)
        assert say(team, W47, "Hello.", by=make_admin()) is not None

    @pytest.mark.parametrize("text", ["x" * 281, "a\x00b", "a\x1bb"])
    def test_what_cannot_stand_there_is_refused(self, text: str, team: Team, lead: Person) -> None:
        with pytest.raises(InvalidFields):
            say(team, W47, text, by=lead)
        assert not TeamWord.objects.exists()

    def test_the_database_keeps_one_for_a_team_and_week_that_says_something(
        self, team: Team, lead: Person
    ) -> None:
        fields = {"team": team, "week": "2026-W47", "author": lead, "written_at": AFTER}
        TeamWord.objects.create(**fields, text="One.")
        for text, week in (("Two.", "2026-W47"), ("", "2026-W48")):
            with pytest.raises(IntegrityError), transaction.atomic():
                TeamWord.objects.create(**{**fields, "week": week}, text=text)

    def test_a_reader_of_every_second_week_reads_the_latest(self, team: Team, lead: Person) -> None:
        from notifications.digest.preference import FORTNIGHTLY, Wish, choose

        member = make_person(team, language="en")
        choose(Wish(FORTNIGHTLY), by=member)
        send_at(MONDAY)
        mail.outbox.clear()
        say(team, W47, "Said in the week between.", by=lead)
        send_at(MONDAY + weeks(2))
        (text,) = [str(sent.body) for sent in mail.outbox if sent.to == [member.email]]
        assert "Said in the week between." in text

    def test_the_page_offers_it_to_leads_in_time(self, team: Team, lead: Person, client: Client) -> None:
        path = reverse("notifications:team_digest", args=["2026-W47", team.slug])
        client.force_login(lead)
        assert "One sentence for the team&#x27;s readers" in client.get(path).content.decode()
        word = reverse("notifications:team_word", args=["2026-W47", team.slug])
        assert client.post(word, {"text": "Hello."}, follow=True).status_code == 200
        assert "“Hello.” (Lena)" in client.get(path).content.decode()
        client.force_login(make_person(team, language="en"))
        assert "One sentence" not in client.get(path).content.decode()
        answer = client.post(word, {"text": "Not mine."}, follow=True).content.decode()
        assert "Only the team&#x27;s leads and administrators may do this." in answer
        assert TeamWord.objects.get().text == "Hello."

    def test_what_is_refused_stands_in_the_form_again(self, team: Team, lead: Person, client: Client) -> None:
        client.force_login(lead)
        for week, text, words in (
            ("2026-W47", "x" * 281, "280"),
            ("2026-W46", "Too late.", "A sentence can only be said for the digests that go out next."),
        ):
            answer = client.post(reverse("notifications:team_word", args=[week, team.slug]), {"text": text})
            assert answer.status_code == 422
            page = answer.content.decode()
            assert words in page
            assert f'value="{text}"' in page
        assert not TeamWord.objects.exists()

    def test_what_was_sent_after_the_session_had_ended_stands_in_the_form(
        self, team: Team, lead: Person, client: Client
    ) -> None:
        word = reverse("notifications:team_word", args=["2026-W47", team.slug])
        sent = client.post(word, {"text": "Typed for long.", "author": str(lead.pk)})
        assert sent.status_code == 302
        client.force_login(lead)
        page = client.get(word, follow=True).content.decode()
        assert 'value="Typed for long."' in page
        assert f'name="author" value="{lead.pk}"' in page
        assert not TeamWord.objects.exists()

    def test_of_a_week_that_is_over_it_is_not_offered(self, team: Team, lead: Person, client: Client) -> None:
        client.force_login(lead)
        path = reverse("notifications:team_digest", args=["2026-W46", team.slug])
        assert "One sentence" not in client.get(path).content.decode()
        assert client.post(reverse("notifications:team_word", args=["x", team.slug])).status_code == 404


def test_by_a_clock_that_goes_on_the_running_week_is_so_far(monkeypatch: pytest.MonkeyPatch) -> None:
    moments = (AFTER + timedelta(microseconds=tick) for tick in range(100_000))
    monkeypatch.setattr("activity.clock.now", lambda: next(moments))
    assert company_leaf("2026-W47", make_person()).is_preview
    assert not company_leaf("2026-W46", make_person()).is_preview
