"""What the digest tells of goals, briefs, know-how and questions: as it stands when it is sent."""

from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal

import pytest
from django.core import mail
from django.core.mail import EmailMessage, EmailMultiAlternatives
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import translation
from django.utils.formats import date_format

from activity import clock
from knowhow.bridges.mentoring import answer_pair, propose_pair
from knowhow.exchanges.models import Exchange
from notifications.digest.facts import read_facts, readers
from notifications.digest.page import leaf
from notifications.digest.places import places
from notifications.digest.plan import Making, candidates
from notifications.digest.select import Selection
from notifications.digest.send import deliver_digests
from notifications.digest.sheet import Row
from notifications.digest.weeks import running_week
from requests_app.choices import Status
from requests_app.discussion import answer, comment
from requests_app.models import Comment, Request
from teams.goals import check_in, close_goal, create_goal, edit_goal, say_health
from teams.goals.key_results import today
from teams.models import Brief, Company, Goal, Health, Person, Side, Team
from teams.understanding import answer as answer_brief
from teams.understanding import ask, still_true
from teams.zones import company, zone_of
from tests.factories import (
    add_member,
    give_skill,
    holder,
    make_admin,
    make_goal,
    make_key_result,
    make_person,
    make_request,
    make_skill,
    make_solution,
    make_team,
)
from tests.knowhow.exchanges.making import make_exchange, seat
from tests.notifications.digests import MONDAY, make_company, send_at, weeks

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def there_is_a_company() -> Company:
    return make_company()


@pytest.fixture
def crm() -> Team:
    return make_team(Side.IT, name="CRM", brief="We keep the customer data.")


@pytest.fixture
def tom(crm: Team) -> Person:
    return make_person(crm, name="Tom", language="en")


@pytest.fixture
def campaigns() -> Team:
    return make_team(Side.MARKETING, name="Campaigns")


@pytest.fixture
def mira(campaigns: Team) -> Person:
    return make_person(campaigns, name="Mira", language="en")


def rows(person: Person, slug: str, language: str = "en") -> list[Row]:
    """What the preview of the running week lists in a section; nothing where the section does not appear."""
    with translation.override(language):
        sheet = leaf(person, running_week(clock.now(), zone_of(person)).key).sheet
    return [row for section in sheet.sections if section.slug == slug for row in section.rows]


# Goals ----------------------------------------------------------------------------------------------------


def test_an_empty_week_has_none_of_these_sections(tom: Person) -> None:
    assert [rows(tom, slug) for slug in ("goals", "unseen", "know_how", "questions")] == [[], [], [], []]


def test_a_goal_that_moved_is_told_with_its_check_in_note_and_progress(tom: Person, crm: Team) -> None:
    goal = make_goal(crm, title="More consent")
    result = make_key_result(goal, title="Consent", unit="%", baseline=1, target=3)
    check_in(result, Decimal("1.5"), note="The new banner helps.", by=tom)
    (row,) = rows(tom, "goals")
    assert (row.title, row.path, row.percent, row.reach) == (
        "More consent",
        goal.get_absolute_url(),
        25,
        "25 % of the way",
    )
    with translation.override("en"):
        day = date_format(today(), "MONTH_DAY_FORMAT")
    assert row.line == f"Consent: 1.5 % on {day} (Tom)."
    assert row.quote == "The new banner helps."
    assert "1,5 %" in rows(tom, "goals", "de")[0].line


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda goal, by: say_health(goal, Health.AT_RISK, "Sick leave", by=by), "says: at risk."),
        (
            lambda goal, by: edit_goal(goal, brief="Less", in_substance=True, what_changed="Less", by=by),
            "changed what it means.",
        ),
        (lambda goal, by: close_goal(goal, "Reached.", "Ask earlier.", {}, by=by), "closed it."),
    ],
)
def test_what_else_happens_to_a_goal_is_said_in_a_sentence(
    tom: Person, crm: Team, change: Callable[[Goal, Person], object], said: str
) -> None:
    change(make_goal(crm, brief="More"), make_admin(name="Ada"))
    (row,) = rows(tom, "goals")
    assert row.line == f"Ada {said}"


def test_a_new_goal_is_told_and_a_typo_is_not(tom: Person, crm: Team) -> None:
    admin = make_admin(name="Ada")
    create_goal("Fewer steps", [crm], by=admin)
    edit_goal(make_goal(crm, brief="Mroe"), brief="More", by=admin)
    assert [(row.title, row.line) for row in rows(tom, "goals")] == [
        ("Fewer steps", "Ada wrote down this new goal.")
    ]


def test_ones_own_goals_come_first_and_those_of_others_are_told_too(tom: Person, crm: Team) -> None:
    admin = make_admin()
    create_goal("Own", [crm], by=admin)
    create_goal("Foreign", [make_team()], by=admin)
    assert [row.title for row in rows(tom, "goals")] == ["Own", "Foreign"]


# Briefs that nobody looked at -----------------------------------------------------------------------------


def test_a_stale_brief_is_named_with_its_day_until_somebody_looks_at_it(tom: Person, crm: Team) -> None:
    Brief.objects.update(reviewed_at=clock.now())
    Brief.objects.filter(team=crm).update(reviewed_at=clock.now() - timedelta(days=40))
    (row,) = rows(tom, "unseen")
    assert (row.key, row.title, row.action) == ("Team", "CRM", "Look at it")
    assert row.line.startswith("nobody has looked at this since ")
    still_true(crm.understanding, by=make_admin())
    assert rows(tom, "unseen") == []


def test_after_how_many_days_is_a_setting(tom: Person, crm: Team) -> None:
    Brief.objects.update(reviewed_at=clock.now() - timedelta(days=10))
    assert rows(tom, "unseen") == []
    Company.objects.update(brief_stale_days=9)
    assert [row.title for row in rows(tom, "unseen")] == ["CRM"]


# Know-how -------------------------------------------------------------------------------------------------


def test_an_exchange_about_a_wanted_skill_is_offered_with_the_reason(tom: Person, mira: Person) -> None:
    give_skill(tom, make_skill(Side.MARKETING, name="Newsletter"), 1, wants=True)
    make_exchange(make_person(make_team(Side.IT)), title="Our own side", topic="Kubernetes")
    wanted = make_exchange(mira, title="Write one", topic="newsletter")
    (row,) = rows(tom, "know_how")
    assert (row.title, row.path) == ("Write one", wanted.get_absolute_url())
    assert row.line == "Mira shows it; you want to learn Newsletter"
    seat(wanted, tom)
    assert rows(tom, "know_how") == []


def test_a_proposed_mentor_waits_for_an_answer_of_both(tom: Person, mira: Person) -> None:
    skill = make_skill(name="SQL")
    give_skill(tom, skill, 4, teaches=True)
    give_skill(mira, skill, 1, wants=True)
    pair = propose_pair(tom.pk, mira.pk, skill.pk, by=None)
    for person in (tom, mira):
        (row,) = rows(person, "know_how")
        assert row.title == "SQL"
        assert row.line == "Mira could learn this from Tom. It begins once both agree."
    answer_pair(pair.pk, True, by=tom)
    assert (rows(tom, "know_how"), len(rows(mira, "know_how"))) == ([], 1)


# Questions ------------------------------------------------------------------------------------------------


def test_a_question_about_a_request_stands_there_with_its_words(tom: Person, crm: Team) -> None:
    request = make_request(Status.SHAPING, serving_team=crm)
    asked = comment(
        request.pk, "Which **data** may we use?", question_to=Side.IT, by=holder(request.requester)
    )
    (row,) = rows(tom, "questions")
    assert (row.key, row.title, row.side, row.action) == (request.key, request.title, "it", "Answer")
    assert row.path == f"{request.get_absolute_url()}#comment-{asked.pk}"
    assert "Which" in row.quote
    answer(request.pk, asked.pk, "All of it.", by=tom)
    assert rows(tom, "questions") == []


def test_a_question_about_what_a_team_explains_stands_in_the_digests_of_its_members(
    tom: Person, crm: Team, mira: Person
) -> None:
    things = (crm, make_goal(crm, title="Consent"), make_solution(crm, title="Mailer"))
    questions = [ask(thing.understanding, f"What is {thing}?", by=mira) for thing in things]
    assert [(row.key, row.title, row.quote) for row in rows(tom, "questions")] == [
        ("Team", "CRM", "What is CRM?"),
        ("Goal", "Consent", "What is Consent?"),
        ("Solution", "Mailer", "What is Mailer?"),
    ]
    assert rows(mira, "questions") == []
    answer_brief(questions[0], "Us.", by=tom)
    assert len(rows(tom, "questions")) == 2


def test_who_asked_is_not_asked(tom: Person, crm: Team) -> None:
    ask(crm.understanding, "Who are we?", by=tom)
    assert rows(tom, "questions") == []


def everybody_and_their_questions() -> list[Person]:
    it, marketing, other = make_team(Side.IT), make_team(Side.MARKETING), make_team(Side.OTHER)
    for serving in (it, None):
        for asking in (marketing, other):
            for restricted in (False, True):
                status = Status.SHAPING if serving else Status.SUBMITTED
                request = make_request(
                    status,
                    serving_team=serving,
                    requesting_team=asking,
                    restricted=restricted and bool(serving),
                )
                for side in (Side.IT, Side.MARKETING):
                    Comment.objects.create(
                        request=request,
                        author=request.requester,
                        body="Why?",
                        question_to=side,
                        created_at=clock.now(),
                    )
    for team in (it, marketing, other, make_team(Side.IT)):
        make_person(team, lead_of=None)
        make_person(lead_of=team)
    both = make_person(it)
    add_member(marketing, both)
    make_person()
    return list(Person.objects.order_by("pk"))


def test_for_many_readers_at_once_the_questions_are_those_of_their_own_list() -> None:
    people = everybody_and_their_questions()
    place = places(people)
    teams = {team for row in place.values() for team in row.teams}
    found = readers(people, place, read_facts(MONDAY, clock.now(), company(), teams))
    asked = {person.pk: [one.pk for one in found[person.pk].questions] for person in people}
    assert asked == {
        person.pk: list(Comment.objects.waiting_for(person).values_list("pk", flat=True)) for person in people
    }
    assert sum(bool(pks) for pks in asked.values()) > 5


# At sending -----------------------------------------------------------------------------------------------


def made_for(person: Person) -> None:
    """The digest of ``person`` is made, and waits to be sent."""
    now = clock.now()
    making = Making([person.pk], now, company())
    assert making.make(candidates([person], now, company())) == [person.pk]


def body() -> str:
    deliver_digests()
    (sent,) = mail.outbox
    return in_both(sent)


def in_both(sent: EmailMessage) -> str:
    """The text and the HTML of a mail."""
    assert isinstance(sent, EmailMultiAlternatives)
    return "\n".join([str(sent.body), *(str(content) for content, _kind in sent.alternatives)])


def test_what_is_hidden_or_done_between_making_and_sending_is_in_no_mail(
    tom: Person, crm: Team, mira: Person
) -> None:
    with clock.moved_to(MONDAY):
        hidden, answered, open_one = (make_request(Status.SHAPING, serving_team=crm) for _ in range(3))
        for request, words in ((hidden, "Hidden?"), (answered, "Answered?"), (open_one, "Still open?")):
            comment(request.pk, words, question_to=Side.IT, by=holder(request.requester))
        exchange = make_exchange(mira, title="Called off")
        make_exchange(mira, title="Takes place")
        made_for(tom)
        foreign = make_team(Side.IT)
        Request.objects.filter(pk=hidden.pk).update(restricted=True, serving_team=foreign)
        answer(answered.pk, Comment.objects.get(request=answered).pk, "So.", by=tom)
        Exchange.objects.filter(pk=exchange.pk).update(cancelled_at=clock.now())
        told = body()
    for there in ("Still open?", "Takes place"):
        assert there in told
    for gone in ("Hidden?", "Answered?", "Called off"):
        assert gone not in told


def test_the_mail_shows_the_way_of_a_goal_also_without_images(tom: Person, crm: Team) -> None:
    with clock.moved_to(MONDAY - timedelta(hours=1)):
        goal = make_goal(crm, title="More consent")
        check_in(make_key_result(goal, baseline=0, target=10), Decimal(4), by=tom)
    send_at(MONDAY)
    (sent,) = (one for one in mail.outbox if one.to == [tom.email])
    told = in_both(sent)
    assert told.count("40 % of the way") == 2
    assert 'width="40%"' in told


def test_the_page_draws_the_same_bar_with_words(client: Client, tom: Person, crm: Team) -> None:
    check_in(make_key_result(make_goal(crm), baseline=0, target=10), Decimal(4), by=tom)
    client.force_login(tom)
    page = client.get(f"/digests/{running_week(clock.now(), zone_of(tom)).key}/").content.decode()
    assert 'aria-label="40 % of the way"' in page


def test_more_readers_and_more_rows_take_no_more_queries(crm: Team, mira: Person) -> None:
    def counted(people: int, things: int) -> int:
        team = make_team(Side.IT)
        readers_ = [make_person(team) for _ in range(people)]
        for n in range(things):
            goal = make_goal(team)
            check_in(make_key_result(goal), Decimal(1), by=readers_[0])
            ask(goal.understanding, f"Why {n}?", by=mira)
            make_exchange(mira)
            request = make_request(Status.SHAPING, serving_team=team)
            comment(request.pk, "How?", question_to=Side.IT, by=holder(request.requester))
        ids = [person.pk for person in readers_]
        with CaptureQueriesContext(connection) as captured:
            making = Making(ids, clock.now(), company())
            making.make(candidates(readers_, clock.now(), company()))
        return len(captured)

    with clock.moved_to(MONDAY):
        few = counted(2, 1)
        assert counted(9, 6) == few


def test_a_digest_from_before_there_were_these_sections_is_still_read() -> None:
    old: dict[str, list[int]] = {
        "your_turn": [],
        "your_teams": [],
        "decided": [],
        "delivered": [],
        "stalled": [],
    }
    kept = Selection.from_json(dict(old))
    assert (kept.goals, kept.unseen, kept.know_how, kept.questions) == ([], [], [], [])


def test_nothing_happens_twice_in_consecutive_weeks(tom: Person, crm: Team) -> None:
    with clock.moved_to(MONDAY - timedelta(days=2)):
        check_in(make_key_result(make_goal(crm, title="Once")), Decimal(1), by=tom)
    for week in (0, 1):
        send_at(MONDAY + weeks(week))
    told = [one for one in mail.outbox if one.to == [tom.email]]
    assert ["Once" in str(one.body) for one in told] == [True, False]
