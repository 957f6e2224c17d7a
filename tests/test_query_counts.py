"""How many SQL queries each list and page takes: the committed table in query_counts.json, whatever the rows.

A change shows in review. Write the table anew with

    UPDATE_QUERY_COUNTS=1 .venv/bin/pytest tests/test_query_counts.py

and add a page by a line in PAGES.
"""

import json
import os
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from activity import clock
from knowhow.bridges.role_profiles import keep_role
from knowhow.exchanges.afterwards import add_material
from knowhow.exchanges.models import Exchange, ExchangeProposal, ExchangeSeries
from knowhow.models import Expert, Mentoring, Openness, Skill, Solution
from notifications.digest.weeks import running_week
from notifications.fanout import fan_out
from notifications.inbox import deliver_inbox
from requests_app.attachments.keeping import MOST_FILES, attach
from requests_app.before_work.checklist import add_item
from requests_app.bridging.ties import recount
from requests_app.choices import BOARD_COLUMNS, Status
from requests_app.discussion import comment, support, watch
from requests_app.intake.edit import edit
from requests_app.links import link
from requests_app.models import Comment, Request
from requests_app.outcomes.record import record_outcome
from requests_app.workflow.inputs import Inputs
from requests_app.workflow.perform import perform
from teams.goals import check_in
from teams.models import ApiToken, Goal, Person, Side, Team
from teams.tokens import create_token
from teams.understanding import answer, ask, confirm
from teams.zones import zone_of
from tests.factories import (
    give_skill,
    holder,
    make_comment,
    make_goal,
    make_key_result,
    make_person,
    make_request,
    make_scores,
    make_skill,
    make_solution,
    make_team,
    make_touchpoint,
    make_view,
    scores,
)
from tests.knowhow.exchanges.making import make_exchange, make_proposal, seat, wait
from tests.requests_app.attachments.samples import upload

TABLE = Path(__file__).with_name("query_counts.json")
UPDATE = "UPDATE_QUERY_COUNTS"
# Lists of the product's budgets take at most so many.
MOST = 12
FEW, MANY = 3, 14


@dataclass(frozen=True)
class World:
    """What the addresses need to know."""

    person: Person
    team: Team
    request: Request
    solution: Solution
    skill: Skill
    exchange: Exchange
    over: Exchange
    wish: ExchangeProposal

    def address(self, page: str) -> str:
        return page.format(
            slug=self.team.slug,
            number=self.request.pk,
            person=self.person.pk,
            solution=self.solution.slug,
            goal=self.request.goal_id,
            brief=self.request.goal.understanding_id if self.request.goal else "",
            key_result=self.request.goal.key_results.latest("pk").pk if self.request.goal else "",
            skill=self.skill.pk,
            exchange=self.exchange.pk,
            over=self.over.pk,
            wish=self.wish.pk,
            week=running_week(clock.now(), zone_of(self.person)).key,
            asking=self.request.requesting_team.slug if self.request.requesting_team else "",
        )


PAGES = {
    "home": "/",
    "request list": "/requests/",
    "request list, filtered": "/requests/?status=open&team={slug}&q=need",
    "request list, three orders, grouped, all columns": "/requests/?ordering=deadline,-title,updated_at"
    "&group=status&columns=status,turn,teams,tandem,goal,deadline,difference,effort,labels",
    "views": "/requests/views/",
    "menu counters": "/counters/",
    "request state": "/requests/{number}/state/",
    "palette": "/palette/?q=team",
    "palette on a request": "/palette/?q=a&on={number}",
    "request page": "/requests/{number}/",
    "people to mention": "/requests/{number}/mentions/?q=pia",
    "forecast": "/requests/{number}/forecast/",
    "timeline": "/requests/{number}/timeline/?told=changes",
    "forecasts": "/forecasts/",
    "earlier scores": "/requests/{number}/scores/earlier/",
    "matrix": "/matrix/",
    "rounds": "/round/",
    "rounds, of a goal": "/round/?about=goal:{goal}&minutes=240",
    "intake form": "/requests/new/",
    "request templates": "/settings/request-templates/",
    "template of a type": "/requests/new/template/?type=automation",
    "triage": "/triage/",
    "triage, put aside": "/triage/?aside=1",
    "triage, beside a request": "/triage/{number}/beside/",
    "first responses": "/triage/first-response/",
    "saved replies": "/settings/saved-replies/",
    "saved replies of a request": "/requests/{number}/replies/",
    "boards": "/boards/",
    "board": "/boards/{slug}/",
    "board, lanes and filters": "/boards/{slug}/?lanes=team&turn=mine&blocked=false",
    "board, lanes of goals": "/boards/{slug}/?lanes=goal",
    "how well goals of lanes are understood": "/boards/lanes/understood/?goal={goal}",
    "board column": "/boards/{slug}/columns/ready/",
    "board filters": "/boards/{slug}/filters/",
    "quick look": "/requests/{number}/look/",
    "search": "/search/?q=customers",
    "inbox": "/inbox/",
    "inbox: my turn": "/inbox/?show=turn",
    "what I am told": "/settings/notifications/",
    "absence": "/people/{person}/absence/",
    "digests": "/digests/",
    "digests, searched": "/digests/?q=request",
    "digest of the company": "/digests/{week}/company/",
    "digest of a team": "/digests/{week}/teams/{slug}/",
    "feed of digests": "/digests/feed/",
    "digest so far": "/digests/{week}/",
    "teams": "/teams/",
    "team": "/teams/{slug}/",
    "goals": "/goals/",
    "goal": "/goals/{goal}/",
    "understanding of a goal": "/understanding/{brief}/",
    "requests of a goal": "/goals/{goal}/requests/",
    "requests without a goal": "/goals/without/",
    "work of a team": "/teams/{slug}/work/",
    "people": "/people/",
    "person": "/people/{person}/",
    "solutions": "/solutions/?q=solution&few=1",
    "solution": "/solutions/{solution}/",
    "requests of a solution": "/solutions/{solution}/requests/",
    "touchpoint map": "/touchpoints/",
    "people, by skill": "/people/?skill=fertigkeit",
    "skills of a person": "/people/{person}/skills/",
    "delivered by a person": "/people/{person}/delivered/",
    "a person between the sides": "/people/{person}/bridge/",
    "whether I could become a bridge": "/know-how/me/",
    "my skills": "/people/me/skills/",
    "know-how": "/know-how/",
    "skill": "/know-how/skills/{skill}/",
    "teams and skills": "/know-how/skills/",
    "what joins teams": "/know-how/teams/",
    "bridges and potentials": "/know-how/people/",
    "mentors": "/know-how/mentors/",
    "role profiles": "/know-how/roles/",
    "new role profile": "/know-how/roles/new/",
    "translators": "/requests/{number}/translators/",
    "skills to choose": "/choices/skills/?q=f",
    "exchanges": "/exchanges/",
    "exchanges, past": "/exchanges/?show=past&q=number",
    "exchanges, wished for": "/exchanges/?show=wished",
    "exchange": "/exchanges/{exchange}/",
    "exchange, over": "/exchanges/{over}/",
    "wished exchange": "/exchanges/proposals/{wish}/",
    "hit rate": "/requests/hit-rate/",
    "people to choose": "/choices/people/?q=pia",
    "teams to choose": "/choices/teams/?q=team",
}
API = {
    "API requests": "/api/v1/requests/",
    "API request": "/api/v1/requests/{number}/",
    "API transitions": "/api/v1/requests/{number}/transitions/",
    "API checklist": "/api/v1/requests/{number}/checklist/",
    "API outcome": "/api/v1/requests/{number}/outcome/",
    "API forecast": "/api/v1/requests/{number}/forecast/",
    "API comments": "/api/v1/requests/{number}/comments/",
    "API attachments": "/api/v1/requests/{number}/attachments/",
    "API links": "/api/v1/requests/{number}/links/",
    "API watchers": "/api/v1/requests/{number}/watchers/",
    "API supporters": "/api/v1/requests/{number}/supporters/",
    "API events of a request": "/api/v1/requests/{number}/events/",
    "API views": "/api/v1/views/",
    "API similar": "/api/v1/similar/?q=Customers+ask+for+number",
    "API boards": "/api/v1/boards/",
    "API board": "/api/v1/boards/{slug}/",
    "API column": "/api/v1/boards/{slug}/columns/ready/",
    "API solutions": "/api/v1/solutions/",
    "API solution": "/api/v1/solutions/{solution}/",
    "API skills": "/api/v1/skills/",
    "API people": "/api/v1/people/",
    "API person": "/api/v1/people/{person}/",
    "API bridge": "/api/v1/people/{person}/bridge/",
    "API own skills": "/api/v1/me/skills/",
    "API mentoring": "/api/v1/me/mentoring/",
    "API translators": "/api/v1/requests/{number}/translators/",
    "API teams": "/api/v1/teams/",
    "API goals": "/api/v1/goals/",
    "API check-ins": "/api/v1/goals/{goal}/check-ins/",
    "API understanding": "/api/v1/goals/{goal}/understanding/",
    "API me": "/api/v1/me/",
    "API events": "/api/v1/events/",
    "API exchanges": "/api/v1/exchanges/",
    "API exchange": "/api/v1/exchanges/{exchange}/",
    "API proposed exchanges": "/api/v1/exchange-proposals/",
    "API key result": "/api/v1/goals/{goal}/key-results/{key_result}/",
    "API understanding of a solution": "/api/v1/solutions/{solution}/understanding/",
    "API touchpoints": "/api/v1/touchpoints/",
    "API bridges": "/api/v1/bridges/",
    "API own potential": "/api/v1/me/potential/",
    "API search": "/api/v1/search/?q=customers",
    "API notifications": "/api/v1/notifications/",
    "API notifications: my turn": "/api/v1/notifications/?show=turn",
    "API digests": "/api/v1/digests/",
    "API digests, searched": "/api/v1/digests/?q=request",
    "API digest so far": "/api/v1/digests/preview/",
    "API digest of the company": "/api/v1/digests/{week}/company/",
    "API digest of a team": "/api/v1/digests/{week}/teams/{slug}/",
}
# What shows one thing with all that belongs to it may take more than a list.
WITHOUT_BUDGET = {
    "API transitions",
    "intake form",
    "digest so far",
    "digest of the company",
    "digest of a team",
    "API digest so far",
    "API digest of the company",
    "API digest of a team",
}


def build_world(rows: int) -> World:
    """``rows`` of each thing, every one with other people and teams than the one before."""
    team = make_team(Side.IT)
    me = make_person(team, lead_of=make_team(Side.IT))
    last = None
    for _row in range(rows):
        for status in (Status.SUBMITTED, *BOARD_COLUMNS):
            last = make_request(status, serving_team=team, goal=make_goal(make_team()))
            make_scores(last, scores(5), scores(2))
            make_comment(last, make_person(team), "Customers ask.")
        delivered = make_request(Status.DONE, serving_team=team)
        record_outcome(delivered.pk, Decimal(2), by=holder(delivered.marketing_owner))
        told = make_request(Status.READY, serving_team=team, it_owner=me)
        comment(told.pk, "News for the inbox.", by=make_person(make_team()))
    found = make_request(Status.READY, serving_team=team, it_owner=me, goal=make_goal(team, brief="More."))
    make_scores(found, scores(5), scores(2), {"reach": 3})
    for _row in range(rows):
        make_comment(found, make_person(team), f"A thought about {told.key}.")
        link(found.pk, "blocks", make_request(title="A consequence").pk, by=make_person())
        watch(found.pk, by=make_person())
        support(found.pk, by=make_person())
    for n in range(min(rows, MOST_FILES)):
        attach(found.pk, [upload(f"{n}.txt", b"words")], by=make_person())
    for _row in range(rows):
        add_item(found.pk, "Ask the lawyers", by=me)
        perform("block", found.pk, by=me, inputs=Inputs(reason="A date", waiting_for="outside"))
        perform("unblock", found.pk, by=me)
    edit(found.pk, {"target": Decimal(9)}, by=me, reason="The market moved.")
    for _row in range(rows):
        make_view(make_person(team), team=team, query=f"team={team.slug}")
    _explained(found.goal, rows)
    skill = build_knowhow(rows, me, team)
    exchanges = build_exchanges(me, rows)
    fan_out()
    deliver_inbox()
    return World(me, team, found, build_catalogue(rows, team), skill, *exchanges)


def build_catalogue(rows: int, team: Team) -> Solution:
    """A solution of ``team`` with ``rows`` of all that belongs to it, and as many neighbours."""
    found = make_solution(team)
    for _row in range(rows):
        touched, neighbour = make_touchpoint(), make_solution(make_team())
        for solution in (found, neighbour):
            solution.touchpoints.add(touched)
            solution.affected_teams.add(make_team())
        Expert.objects.create(solution=found, person=make_person(), level=2)
        Expert.objects.create(solution=neighbour, person=make_person(team), level=3)
        for status in (Status.DONE, Status.SUBMITTED):
            make_request(status, solution=found, goal=make_goal()).touchpoints.add(touched)
    return found


def _explained(goal: Goal | None, rows: int) -> None:
    """A goal that ``rows`` people understand, and that ``rows`` have asked about."""
    assert goal
    for n in range(rows):
        measured = make_key_result(goal, current=Decimal(1))
        check_in(measured, Decimal(1), by=make_person(*goal.teams.all()))
        make_goal(make_team(), parent=goal)
        make_request(goal=None, requesting_team=make_team(Side.MARKETING))
        reader = make_person(make_team())
        make_request(Status.READY, goal=goal, requesting_team=make_team(Side.MARKETING))
        confirm(goal.understanding, "I see", by=reader)
        asked = ask(goal.understanding, "Why?", by=reader)
        if n % 2:
            answer(asked, "Because.", by=make_person(*goal.teams.all()))


def build_knowhow(rows: int, me: Person, team: Team) -> Skill:
    """``rows`` of everything that is known, wanted, taught and open to leads."""
    named = make_skill(Side.IT, name=f"Fertigkeit{rows}")
    for _row in range(rows):
        it, marketing = make_skill(Side.IT), make_skill(Side.MARKETING)
        about = f"{it.name_de}, {marketing.name_de} and {named.name_de}"
        delivered = make_request(Status.DONE, it_owner=me, customer_need=about)
        make_request(Status.READY, serving_team=team, customer_need=about)
        question = make_comment(delivered, holder(delivered.marketing_owner), question_to="it")
        Comment.objects.filter(pk=question.pk).update(answered_by=me, answered_at=clock.now())
        give_skill(me, it, 4)
        give_skill(me, marketing, 1, wants=True)
        other, learner = make_person(team), make_person(make_team(Side.MARKETING))
        give_skill(other, marketing, 4, teaches=True)
        for level, skill in enumerate((it, named), start=3):
            give_skill(other, skill, level)
        give_skill(other, make_skill(Side.MARKETING), 1, wants=True)
        Openness.objects.create(person=other, bridge=True, changed_at=clock.now())
        Mentoring.objects.create(mentor=me, learner=learner, skill=named, proposed_at=clock.now())
        give_skill(learner, named, wants=True)
    recount()
    keep_role({"title_de": "Rolle", "title_en": "Role", "text_de": "Wir.", "text_en": "We."}, by=me)
    return named


def build_exchanges(me: Person, rows: int) -> tuple[Exchange, Exchange, ExchangeProposal]:
    """A series with guests, links and a queue; one that is over; a wish with voices and possible hosts."""
    for _row in range(rows):
        seat(make_exchange(days=3), me)
        make_exchange(days=-3, topic="SQL")
        make_proposal(voices=1)
    series = ExchangeSeries.objects.create(every_weeks=1, times=2)
    coming, over = make_exchange(me, seats=rows, series=series), make_exchange(me, days=-2, seats=rows + 1)
    for _row in range(rows):
        make_exchange(me, series=series)
        seat(coming)
        wait(coming)
        seat(over, attended=True, answer="yes")
        add_material(coming.pk, "Slides", f"https://example.org/{make_person().pk}", by=me)
    return coming, over, make_proposal(topic="SQL", voices=rows)


def signed_in(person: Person) -> Callable[[str], int]:
    """Counts the queries of an address that ``person`` opens, with everything that is cached in place."""
    client = Client()
    client.force_login(person, backend="allauth.account.auth_backends.AuthenticationBackend")
    return lambda address: queries(client, address, {})


def with_token(person: Person) -> Callable[[str], int]:
    """Counts the queries of an address that a script opens with a token of ``person``."""
    secret = create_token(person, "counting", ApiToken.Scope.READ, by=person).secret
    return lambda address: queries(Client(), address, {"Authorization": f"Bearer {secret}"})


def queries(client: Client, address: str, headers: dict[str, str]) -> int:
    assert client.get(address, headers=headers).status_code == 200, address
    with CaptureQueriesContext(
        connection,
    ) as captured:
        client.get(address, headers=headers)
    return len(captured)


def counted(rows: int) -> dict[str, int]:
    world = build_world(rows)
    page, api = signed_in(world.person), with_token(world.person)
    found = {name: page(world.address(path)) for name, path in PAGES.items()}
    return found | {name: api(world.address(path)) for name, path in API.items()}


@pytest.mark.django_db
def test_pages_take_as_many_queries_as_the_table_says_whatever_the_rows() -> None:
    few = counted(FEW)
    # The same tables go on growing, so every page has more rows of everything the second time.
    many = counted(MANY)
    assert many == few
    if os.environ.get(UPDATE):
        TABLE.write_text(json.dumps(few, indent=2) + "\n")
    assert few == json.loads(TABLE.read_text())


def test_the_table_keeps_the_budget() -> None:
    over = {name: n for name, n in json.loads(TABLE.read_text()).items() if n > MOST}
    assert set(over) <= WITHOUT_BUDGET
