"""Seven people like the demo's, one who is not signed in, and a request of each kind of visibility."""

from dataclasses import dataclass

from django.utils import timezone

from activity import clock
from knowhow.exchanges.models import Exchange, ExchangeProposal
from knowhow.models import Mentoring, RoleProfile, Skill, Solution
from notifications.models import ChatChannel, InboxEntry
from requests_app.attachments.keeping import attach
from requests_app.choices import Status
from requests_app.links import link
from requests_app.models import (
    Attachment,
    Comment,
    Link,
    Presence,
    Request,
    Round,
    RoundItem,
    SavedReply,
    SavedView,
)
from teams.models import BriefQuestion, Company, Goal, KeyResult, Person, Side, Team, Touchpoint
from teams.understanding import ask
from tests.factories import (
    give_skill,
    holder,
    make_comment,
    make_goal,
    make_key_result,
    make_person,
    make_request,
    make_skill,
    make_solution,
    make_team,
    make_touchpoint,
    make_view,
)
from tests.knowhow.exchanges.making import make_exchange, make_proposal
from tests.notifications.chat.channels import make_channel
from tests.notifications.telling import happened
from tests.requests_app.attachments.samples import upload

# Stand in the texts of hidden requests and must appear in no answer to those they are hidden from: the one
# in requests of other teams and drafts, the other in a request that both teams here see.
CANARY, SECRET = "Kanarienvogel", "Verschlusssache"
KINDS = ("open", "restricted", "foreign", "draft")
WORDS = {"open": "Wort", "restricted": SECRET, "foreign": CANARY}


@dataclass(frozen=True)
class World:
    people: dict[str, Person | None]
    requests: dict[str, Request]
    comments: dict[str, Comment]
    attachments: dict[str, Attachment]
    links: dict[str, Link]
    campaigns: Team
    crm: Team
    goal: Goal
    solution: Solution
    key_result: KeyResult
    question: BriefQuestion
    touchpoint: Touchpoint
    colleague: Person
    view: SavedView
    reply: SavedReply
    # One that goes on, and one that was closed; about all kinds of requests.
    round: Round
    minutes: Round
    skill: Skill
    role: RoleProfile
    # Known to its two alone, who are nobody here.
    pair: Mentoring
    # One that is still to come, held by the colleague, and a wish of theirs.
    exchange: Exchange
    proposal: ExchangeProposal
    # Of the IT team.
    channel: ChatChannel
    # Told to the member of the IT team, about the open request.
    entry: InboxEntry


def build_world() -> World:
    """``restricted`` is seen by both teams and admins, ``foreign`` by admins, ``draft`` by nobody here."""
    Company.objects.create(pk=1, name="Nordwind")
    campaigns = make_team(Side.MARKETING, slug="campaigns")
    crm = make_team(Side.IT, slug="crm-platform", brief="Betreibt das CRM.")
    people = _people(campaigns, crm)
    goal, solution = make_goal(campaigns, crm, brief="More."), make_solution(crm)
    requests = _requests(campaigns, crm, people)
    comments = {
        kind: make_comment(request, request.requester, f"Ein {WORDS[kind]} dazu")
        for kind, request in requests.items()
        if request.requester and kind != "draft"
    }
    colleague = make_person(campaigns)
    view = make_view(colleague, team=crm)
    skill = make_skill()
    give_skill(colleague, skill, teaches=True)
    return World(
        people=people,
        requests=requests,
        comments=comments,
        attachments={kind: _attachment(requests[kind], WORDS[kind]) for kind in WORDS},
        links={kind: _link(requests[kind], requests["open"]) for kind in WORDS if kind != "open"},
        campaigns=campaigns,
        crm=crm,
        goal=goal,
        solution=solution,
        key_result=make_key_result(goal),
        question=ask(goal.understanding, "Why?", by=make_person()),
        touchpoint=make_touchpoint(),
        colleague=colleague,
        view=view,
        reply=SavedReply.objects.create(
            name="Danke", text_de="Danke", text_en="Thanks", changed_at=clock.now()
        ),
        round=_round(colleague, requests),
        minutes=_round(colleague, requests, closed=True),
        exchange=make_exchange(colleague),
        proposal=make_proposal(colleague),
        skill=skill,
        role=_role(colleague),
        pair=_pair(colleague, skill),
        channel=make_channel(crm, added_by=colleague),
        entry=_entry(requests["open"], holder(people["it"])),
    )


def _role(person: Person) -> RoleProfile:
    texts = {"title_de": "Brücke", "title_en": "Bridge", "text_de": "Wir suchen.", "text_en": "We look for."}
    now = clock.now()
    return RoleProfile.objects.create(**texts, written_by=person, created_at=now, changed_at=now)


def _pair(mentor: Person, skill: Skill) -> Mentoring:
    return Mentoring.objects.create(
        mentor=mentor, learner=make_person(), skill=skill, proposed_at=clock.now()
    )


def _round(person: Person, requests: dict[str, Request], *, closed: bool = False) -> Round:
    now = clock.now()
    end = {"closed_by": person, "closed_at": now} if closed else {}
    opened = Round.objects.create(opened_by=person, opened_at=now, minutes=30, **end)
    Presence.objects.create(round=opened, person=person, joined_at=now)
    for place, kind in enumerate(WORDS, start=1):
        of = {"request": requests[kind], "reason": WORDS[kind], "outcome": "deferred"}
        RoundItem.objects.create(round=opened, kind="stalled", position=place, minutes=4, **of)
    return opened


def _attachment(request: Request, word: str) -> Attachment:
    return attach(request.pk, [upload(f"{word}.txt", word.encode())], by=holder(request.requester))[0]


def _entry(request: Request, person: Person) -> InboxEntry:
    event = happened("request.commented", request, None)
    return InboxEntry.objects.create(
        person=person, event=event, request=request, created_at=event.occurred_at
    )


def _link(request: Request, other: Request) -> Link:
    return link(request.pk, "relates_to", other.pk, by=holder(request.requester))


def _people(campaigns: Team, crm: Team) -> dict[str, Person | None]:
    people: dict[str, Person | None] = {
        "nobody": None,
        "outsider": make_person(make_team(Side.OTHER)),
        "marketing": make_person(campaigns),
        "marketing.lead": make_person(lead_of=campaigns),
        "it": make_person(crm),
        "it.lead": make_person(lead_of=crm),
        "bridge": make_person(campaigns, crm),
        "admin": make_person(is_admin=True),
    }
    for person in filter(None, people.values()):
        person.language = "de"
        person.save()
    return people


def _requests(campaigns: Team, crm: Team, people: dict[str, Person | None]) -> dict[str, Request]:
    elsewhere = make_person(make_team(Side.MARKETING))
    colleague = make_person(campaigns)
    hidden = {
        "title": f"{CANARY} im Titel",
        "customer_need": f"{CANARY} im Bedarf",
        "outcome": f"{CANARY} im Ergebnis",
        "wished_tool": f"{CANARY} im Werkzeug",
        "deadline": timezone.localdate(clock.now()),
        "deadline_reason": f"{CANARY} im Grund",
        "blocked_reason": f"{CANARY} blockiert",
        "waiting_for": "marketing",
        "restricted": True,
    }
    both = {"requesting_team": campaigns, "serving_team": crm, "requester": colleague}
    other_it = make_team(Side.IT)
    return {
        "open": make_request(Status.SUBMITTED, **both),
        "restricted": make_request(Status.SUBMITTED, **both, restricted=True, title=f"{SECRET} im Titel"),
        "foreign": make_request(
            Status.SUBMITTED,
            requester=elsewhere,
            requesting_team=elsewhere.teams.get(),
            serving_team=other_it,
            it_owner=make_person(other_it),
            **hidden,
        ),
        "draft": make_request(
            Status.DRAFT, requester=colleague, requesting_team=campaigns, title=f"{CANARY} im Entwurf"
        ),
    }
