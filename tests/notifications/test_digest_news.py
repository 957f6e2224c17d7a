"""What a digest tells: decisions with both sides' views, parkings, deliveries, and what moved elsewhere."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.core import mail
from django.test import Client
from django.utils import translation

from activity import clock
from notifications.digest.length import MOST_LINES
from notifications.digest.plan import plan_due
from notifications.digest.send import deliver_digests
from notifications.digest.views_of_both import views_of
from notifications.models import Digest
from requests_app.choices import Status
from requests_app.intake.edit import edit
from requests_app.models import Request
from teams.models import Membership, Person, Side, Team
from tests.factories import make_goal, make_person, make_request, make_scores, make_team, scores
from tests.notifications.digests import MONDAY, happened_at, make_company, send_at, weeks
from tests.notifications.test_length import read_lines

pytestmark = pytest.mark.django_db

SUNDAY = MONDAY - timedelta(days=1)


@pytest.fixture(autouse=True)
def _in_english() -> Iterator[None]:
    make_company()
    with translation.override("en"):
        yield


@pytest.fixture
def reader() -> Person:
    return make_person(language="en")


def parked(**fields: Any) -> Request:
    return make_request(Status.PARKED, **fields)


def mail_of(person: Person) -> str:
    """The digest of ``person`` as plain text."""
    send_at(MONDAY)
    return next(str(sent.body) for sent in mail.outbox if sent.to == [person.email])


def part(text: str, heading: str) -> str:
    """The lines of a section of the mail."""
    return text[text.index(heading.upper()) :].split("\n\n\n")[0]


class TestBothSidesViews:
    def test_a_decision_says_what_each_side_thought(self, reader: Person) -> None:
        request = make_scores(make_request(Status.READY), scores(5), scores(2))
        happened_at(SUNDAY, "request.accepted", request, None)
        assert "accepted · impact 64 of 100 (Marketing 96, IT 33)" in mail_of(reader)

    @pytest.mark.parametrize("side", ["marketing", "it"])
    def test_of_one_side_alone_nothing_is_told_not_even_its_days(self, side: str, reader: Person) -> None:
        request = make_scores(parked(), **{side: scores(5)})
        happened_at(SUNDAY, "request.parked", request, None, reason="Later.")
        text = mail_of(reader)
        assert "“Later.”" in text
        assert "impact" not in text
        assert "person-day" not in text
        assert views_of([request.number]) == {}

    def test_a_new_round_is_blind_again(self) -> None:
        request = make_scores(parked(), scores(5), scores(3))
        assert set(views_of([request.number])) == {request.number}
        Request.objects.filter(pk=request.pk).update(scoring_round=2)
        assert views_of([request.number]) == {}

    def test_many_are_read_in_one_query(self, django_assert_num_queries: object) -> None:
        numbers = [make_scores(parked(), scores(4), scores(3)).number for _ in range(3)]
        with django_assert_num_queries(1):  # type: ignore[operator]
            assert set(views_of(numbers)) == set(numbers)


class TestParked:
    def test_it_stands_by_itself_with_the_days_that_stay_free(self, reader: Person) -> None:
        for _ in range(2):
            request = make_scores(parked(), scores(2), scores(2))
            happened_at(SUNDAY, "request.parked", request, None, reason="Nice to have.")
        declined = make_request(Status.DECLINED)
        happened_at(SUNDAY, "request.declined", declined, None, reason="There is one.")
        text = mail_of(reader)
        assert "6 person-days stay free for what makes the difference" in part(text, "Parked, and why")
        assert "There is one." not in part(text, "Parked, and why")
        assert "Nice to have." not in part(text, "Decided, and why")

    def test_the_days_of_all_count_not_only_of_those_that_are_listed(self, reader: Person) -> None:
        for _ in range(12):
            happened_at(SUNDAY, "request.parked", make_scores(parked(), scores(2), scores(2)), None)
        assert "36 person-days" in part(mail_of(reader), "Parked, and why")


class TestAchieved:
    def test_what_was_measured_stands_beside_what_was_expected(self, reader: Person) -> None:
        done = make_request(Status.DONE, title="QR code", metric="Calls", unit="a week", baseline=9, target=3)
        found = {"measured": "2.5", "verdict": "reached", "learnt": "The text counts."}
        happened_at(SUNDAY, "request.outcome_recorded", done, None, **found)
        section = part(mail_of(reader), "Delivered, and what it achieved")
        assert "measured: 2.5 a week, reached · expected: Calls 9 → 3 a week" in section
        assert "The text counts." in section

    def test_an_outcome_is_no_delivery_in_the_figures(self, reader: Person) -> None:
        done = make_request(Status.DONE)
        happened_at(SUNDAY, "request.outcome_recorded", done, None, measured="2", verdict="missed")
        assert "0 delivered" in mail_of(reader)


class TestOrder:
    def test_mine_come_first_then_those_of_my_teams_and_goals(self) -> None:
        team, foreign = make_team(Side.IT), make_team(Side.IT)
        reader = make_person(team, language="en")
        goal = make_goal(team)
        titles = {
            "rest": parked(serving_team=foreign, title="The rest"),
            "goal": parked(serving_team=foreign, title="My goal", goal=goal),
            "team": parked(serving_team=team, title="My team"),
            "own": parked(serving_team=foreign, title="My request", requester=reader),
        }
        # The nearest happened first, so that time alone would put it last.
        for hours, name in enumerate(("own", "team", "goal", "rest")):
            happened_at(SUNDAY + timedelta(hours=hours), "request.parked", titles[name], None)
        text = part(mail_of(reader), "Parked, and why")
        places = [text.index(titles[name].title) for name in ("team", "own", "goal", "rest")]
        assert places == sorted(places)


class TestElsewhere:
    @pytest.fixture
    def team(self) -> Team:
        return make_team(Side.IT, name="Data")

    @pytest.fixture
    def asking(self, team: Team) -> Team:
        return make_team(Side.MARKETING, name="Shops")

    def _moved(self, team: Team, asking: Team, **fields: Any) -> Request:
        request = make_request(Status.IN_PROGRESS, serving_team=team, requesting_team=asking, **fields)
        happened_at(SUNDAY, "request.started", request, None)
        return request

    def test_what_moved_in_other_teams_is_one_line(self, reader: Person, team: Team, asking: Team) -> None:
        for _ in range(3):
            self._moved(team, asking)
        assert "Everything else that moved, by team: Data 3, Shops 3." in mail_of(reader)

    def test_ones_own_teams_are_not_elsewhere(self, reader: Person, team: Team, asking: Team) -> None:
        Membership.objects.create(person=reader, team=team)
        self._moved(team, asking)
        assert "Everything else that moved, by team: Shops 1." in mail_of(reader)

    def test_a_restricted_request_does_not_count_for_anybody(
        self, reader: Person, team: Team, asking: Team
    ) -> None:
        self._moved(team, asking, restricted=True)
        assert "Data" not in mail_of(reader)

    def test_once_one_is_hidden_no_number_tells_of_it(self, reader: Person, team: Team, asking: Team) -> None:
        request, _other = self._moved(team, asking), self._moved(team, make_team(Side.MARKETING, name="Web"))
        plan_due(MONDAY)
        assert request.requester is not None
        with clock.moved_to(MONDAY):
            edit(request.number, {"restricted": True}, reason="Secret.", by=request.requester)
        deliver_digests(now=MONDAY)
        (text,) = [str(sent.body) for sent in mail.outbox if sent.to == [reader.email]]
        assert "Everything else that moved, by team: Data, Shops, Web 1." in text

    def test_many_teams_are_named_up_to_twelve(self, reader: Person, asking: Team) -> None:
        for _ in range(13):
            self._moved(make_team(Side.IT), asking)
        assert "and 2 more teams." in mail_of(reader)


class TestLength:
    def test_a_full_week_takes_forty_lines_and_the_page_shows_the_rest(self, client: Client) -> None:
        team = make_team(Side.IT)
        reader = make_person(team, language="en")
        for n in range(25):
            request = make_scores(
                parked(serving_team=team, title=f"Wish number {n:02}"), scores(3), scores(2)
            )
            happened_at(SUNDAY, "request.parked", request, None, reason="Too little comes of it. " * 6)
        for _ in range(9):
            request = make_request(Status.READY, serving_team=team, it_owner=reader, turn_since=SUNDAY)
            happened_at(SUNDAY, "request.accepted", request, None)
        text = mail_of(reader)
        assert 30 <= read_lines(text) <= MOST_LINES
        client.force_login(reader)
        page = client.get("/digests/2026-W46/").content.decode()
        assert all(f"Wish number {n:02}" in page for n in range(25))

    def test_an_empty_week_is_three_lines(self) -> None:
        text = mail_of(make_person(language="en")).partition("Read in the browser")[0]
        said = [line for line in text.splitlines() if line.strip()]
        assert said[0] == "Your week 46: nothing waits for you"
        assert said[1:] == ["9 November – 16 November", "Nothing happened that you could see."]

    def test_sections_in_which_nothing_is_do_not_appear(self, reader: Person) -> None:
        happened_at(SUNDAY, "request.parked", parked(), None)
        text = mail_of(reader)
        assert "PARKED, AND WHY" in text
        for heading in ("YOUR TURN", "DECIDED", "DELIVERED", "STANDS STILL"):
            assert heading not in text


def test_what_is_kept_from_before_there_were_parkings_is_shown_alike(reader: Person, client: Client) -> None:
    event = happened_at(SUNDAY, "request.parked", parked(title="Chatbot"), None)
    old = {"your_turn": [], "your_teams": [], "decided": [event], "delivered": [], "stalled": []}
    Digest.objects.create(
        person=reader,
        week="2026-W46",
        period_start=MONDAY - weeks(1),
        period_end=MONDAY,
        selection=old,
        next_weekday=0,
        next_hour=7,
        created_at=MONDAY,
    )
    client.force_login(reader)
    page = client.get("/digests/2026-W46/").content.decode()
    assert page.index("Parked, and why") < page.index("Chatbot", page.index("Parked, and why"))
