"""Requests in which every column holds a canary, and people of every kind around them.

They live a whole life in the open, told to many; then they are made restricted. ``world.people`` of
``permission_world`` belong to other teams and may see none of them, its admin apart.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

from activity import clock
from notifications.digest.plan import plan_due
from notifications.fanout import fan_out
from notifications.inbox import deliver_inbox
from notifications.models import DemoMail
from requests_app.attachments.keeping import attach
from requests_app.before_work.checklist import add_item
from requests_app.before_work.proposals import assent
from requests_app.discussion import answer, comment, edit_comment, mute, support, watch
from requests_app.discussion.mentions import mention
from requests_app.intake.drafts import save_draft
from requests_app.intake.edit import edit
from requests_app.intake.fields import RequestFields
from requests_app.intake.submit import create
from requests_app.links import link
from requests_app.models import Presence, Request, Round, RoundItem
from requests_app.outcomes.record import add_learning, postpone_measuring, record_outcome
from requests_app.scoring.agreement import propose
from requests_app.scoring.enter import Given, enter_scores
from requests_app.triage.snoozing import snooze
from requests_app.workflow.inputs import Inputs
from requests_app.workflow.perform import perform
from teams.models import Membership, Person, Side, Team
from tests.canary_words import NUMBERS, word
from tests.factories import make_person, make_team, make_view, scores
from tests.notifications.digests import let_digests_be_due
from tests.permission_world import World, build_world
from tests.requests_app.attachments.samples import upload
from tests.requests_app.scenes import in_days

# Places whose words are seen by fewer people than those of a restricted request.
DRAFT, PRIVATE, SHARED, MAIL = "draft", "private", "shared", "mail"
HIDDEN = ("main", "twin", "sealed", "private")
# Those who could see the requests while they were open, and no longer.
ONCE = ("supporter", "once.watcher", "mentioned", "once.member")
SEERS = ("owner", "family.lead", "it_owner", "family.it", "family.it.lead", "both.sides", "watcher")
OTHERS = ("outsider", "marketing", "marketing.lead", "it", "it.lead", "bridge")


@dataclass(frozen=True)
class Canaries:
    """The world with the hidden requests among its own: ``main``, ``twin``, ``sealed``, ``private``."""

    world: World
    people: dict[str, Person]
    asking: Team
    serving: Team

    @property
    def hidden(self) -> dict[str, Request]:
        """The requests that are hidden from others, as far as they are there yet."""
        return {kind: one for kind, one in self.world.requests.items() if kind in HIDDEN}

    @property
    def main(self) -> Request:
        return self.world.requests["main"]

    def person(self, name: str) -> Person:
        return self.people[name]


def build_before() -> Canaries:
    """The company as it is before anybody files one of the requests with canaries."""
    world = build_world()
    asking = make_team(Side.MARKETING, slug="asking-team")
    serving = make_team(Side.IT, slug="serving-team")
    known = {name: person for name, person in world.people.items() if person is not None}
    own = {
        "requester": make_person(asking),
        "owner": make_person(asking),
        "family.lead": make_person(lead_of=asking),
        "it_owner": make_person(serving),
        "family.it": make_person(serving),
        "family.it.lead": make_person(lead_of=serving),
        "both.sides": make_person(asking, serving),
        "watcher": make_person(make_team(Side.OTHER)),
        "supporter": make_person(make_team(Side.MARKETING)),
        "once.watcher": make_person(world.campaigns),
        "mentioned": make_person(world.crm),
        "once.member": make_person(asking, world.campaigns),
    }
    for person in own.values():
        person.language = "en"
        person.save()
    return Canaries(replace(world, requests=dict(world.requests)), known | own, asking, serving)


@contextmanager
def days_ago(days: float) -> Iterator[None]:
    """A moment of the life of the requests, all of it within the week that a digest tells of."""
    with clock.moved_to(clock.now() - timedelta(days=days)):
        yield


def live_openly(c: Canaries) -> None:
    """The whole life of the requests, seen by everybody, except ``sealed`` and the draft."""
    requester = c.person("requester")
    with days_ago(5):
        c.world.requests["main"] = create(fields("main", c), by=requester, submit=True)
        c.world.requests["twin"] = create(fields("twin", c), by=requester, submit=True)
        _sealed(c)
        _draft(c)
        _views(c)
    _talk(c)
    _decide(c)
    _work(c)
    _merge(c)
    _look_back(c)
    _talk_in_a_round(c)
    c.world.requests.update({kind: Request.objects.get(pk=one.pk) for kind, one in c.world.requests.items()})


def fields(place: str, c: Canaries) -> RequestFields:
    """A complete request with its own words in each field."""

    def at(column: str) -> str:
        return f"Newsletter {word(f'{place}: {column}')}"

    return {
        "title": at("title"),
        "customer_need": f"{at('need')} T-{c.world.requests['open'].number}",
        "outcome": at("outcome"),
        "type": "automation",
        "metric": at("metric"),
        "unit": word(f"{place}: unit"),
        "baseline": NUMBERS["baseline"],
        "target": NUMBERS["target"],
        "measured_on": in_days(90),
        "labels": [word(f"{place}: label")],
        "goal": c.world.goal,
        "touchpoints": [c.world.touchpoint],
        "deadline": in_days(120),
        "deadline_reason": at("deadline reason"),
        "wished_tool": at("wished tool"),
        "requesting_team": c.asking,
        "serving_team": c.serving,
        "one_off_cost": NUMBERS["one-off cost"],
        "yearly_cost": NUMBERS["yearly cost"],
        "personal_data": "yes",
        "personal_data_which": at("personal data"),
    }


def _sealed(c: Canaries) -> None:
    """Restricted from its first moment on; parked, looked at again, and parked once more."""
    requester, lead = c.person("requester"), c.person("family.it.lead")
    sealed = create({**fields("sealed", c), "restricted": True}, by=requester, submit=True)
    c.world.requests["sealed"] = sealed
    parking = {"revisit_on": in_days(200)}
    _do(c, "sealed", "park", lead, reason=word("sealed: park reason"), **parking)
    _do(c, "sealed", "reconsider", requester, reason=word("sealed: reconsider reason"))
    _do(c, "sealed", "decline", lead, reason=word("sealed: decline reason"))
    _do(c, "sealed", "reconsider", lead, reason=word("sealed: second reconsider reason"))
    snooze(sealed.number, clock.now() + timedelta(days=200), word("sealed: reason of putting aside"), by=lead)


def _draft(c: Canaries) -> None:
    # A draft of the same person, which nobody else sees, admins neither.
    c.world.requests["private"] = save_draft(fields(DRAFT, c), by=c.person("requester"))


def _views(c: Canaries) -> None:
    requester = c.person("requester")
    secret, query = word(f"{PRIVATE}: view"), f"q={word(f'{PRIVATE}: query')}"
    make_view(requester, name=secret, query=query)
    shared, query = word(f"{SHARED}: view"), f"q={word(f'{SHARED}: query')}"
    make_view(requester, team=c.asking, name=shared, query=query)


def _do(c: Canaries, kind: str, action: str, by: Person, **inputs: Any) -> None:
    perform(action, c.world.requests[kind].number, by=by, inputs=Inputs(**inputs))


def _talk(c: Canaries) -> None:
    number, requester, it = c.main.number, c.person("requester"), c.person("it_owner")
    open_one = c.world.requests["open"]
    with days_ago(4.9):
        support(number, by=c.person("supporter"))
        watch(number, by=c.person("once.watcher"))
        mute(number, by=c.person("family.it"))
        comment(number, word("comment of a supporter"), by=c.person("supporter"))
        comment(c.world.requests["twin"].number, word("comment on the twin"), by=requester)
        said = comment(number, f"{word('earlier comment')} {mention(c.person('mentioned'))}", by=requester)
        edit_comment(number, said.pk, word("changed comment"), by=requester)
        asked = comment(number, word("question"), by=requester, question_to="it")
        answer(number, asked.pk, word("answer"), by=it)
        file = upload(f"{word('file name')}.txt", word("file content").encode())
        attach(number, [file], by=requester)
        for relation in ("relates_to", "is_blocked_by"):
            link(number, relation, open_one.number, by=requester)


def speak_of_them(c: Canaries) -> None:
    """What everybody sees names what will be hidden."""
    number, requester = c.world.requests["open"].number, c.person("requester")
    comment(number, f"Like T-{c.main.number}, I think.", by=requester)
    link(number, "duplicates", c.world.requests["twin"].number, by=requester)


def _decide(c: Canaries) -> None:
    number, requester, it = c.main.number, c.person("requester"), c.person("it_owner")
    estimate = {name: NUMBERS[name] for name in ("best", "likely", "worst")}
    with days_ago(4.5):
        _do(c, "main", "shape", it)
        _do(c, "main", "assign", requester, marketing_owner=c.person("owner"))
        enter_scores(number, "marketing", Given(scores(5), {}), by=c.person("owner"))
        enter_scores(number, "it", Given(scores(2, reach=5), estimate), by=it)
        changed = Given(scores(2, reach=4), estimate)
        enter_scores(number, "it", changed, by=it, reason=word("reason of a changed score"))
        propose(number, "customer_value", 4, word("note of an agreement"), by=it)
        propose(number, "customer_value", 4, by=c.person("owner"))
        lead = c.person("family.it.lead")
        _do(c, "main", "accept", lead, override=True, reason=word("reason of an override"))
        _do(c, "main", "rethink", it, reason=word("rethink reason"))
        _do(c, "main", "accept", lead, override=True, reason=word("second reason of an override"))


def _work(c: Canaries) -> None:
    number, it, owner = c.main.number, c.person("it_owner"), c.person("owner")
    signed: RequestFields = {
        "title": f"Newsletter {word('second title')}",
        "personal_data_signed_by": word("signed off by"),
        "personal_data_signed_on": in_days(-45),
    }
    with days_ago(4):
        add_item(number, word("checklist"), it, by=it)
        edit(number, signed, by=owner, reason=word("reason of a change"))
        edit(number, {"target": NUMBERS["target"] + 1}, by=owner, reason=word("reason of a result"))
        assent(number, by=it)
        edit(number, {"target": NUMBERS["target"]}, by=owner, reason=word("second reason of a result"))
        assent(number, by=it)
        _do(c, "main", "start", it)
        _do(c, "main", "block", it, reason=word("first block reason"), waiting_for="outside")
        _do(c, "main", "unblock", it, reason=word("unblock reason"))
        _do(c, "main", "hand_over", it, solution=c.world.solution)
        _do(c, "main", "send_back", owner, reason=word("send back reason"))
        _do(c, "main", "hand_over", it)
        _do(c, "main", "deliver", owner, measured_on=in_days(30))


def _merge(c: Canaries) -> None:
    with days_ago(3.9):
        lead = c.person("family.it.lead")
        _do(c, "twin", "merge", lead, into=c.main.number, reason=word("twin: merge reason"))


def _talk_in_a_round(c: Canaries) -> None:
    """A round that put it off; its minutes stand there for whoever may see the request."""
    requester = c.person("requester")
    with days_ago(1):
        now = clock.now()
        over = {"closed_by": requester, "closed_at": now}
        held = Round.objects.create(opened_by=requester, opened_at=now, minutes=30, **over)
        Presence.objects.create(round=held, person=requester, joined_at=now)
        said = {"reason": word("round: reason"), "note": word("round: note"), "outcome": "deferred"}
        RoundItem.objects.create(round=held, request=c.main, kind="stalled", position=1, minutes=4, **said)


def _look_back(c: Canaries) -> None:
    """What was delivered is measured, taken up again, and now stands blocked with a proposal open."""
    number, it, owner = c.main.number, c.person("it_owner"), c.person("owner")
    with days_ago(2):
        postpone_measuring(number, in_days(60), word("reason of measuring later"), by=owner)
        record_outcome(number, NUMBERS["measured"], word("learnt by Marketing"), by=owner)
        add_learning(number, word("learnt by IT"), by=it)
    with days_ago(0.2):
        _do(c, "main", "reopen", it, reason=word("reopen reason"))
        _do(c, "main", "block", it, reason=word("block reason"), waiting_for="outside")
        wanted: RequestFields = {
            "baseline": NUMBERS["proposed baseline"],
            "target": NUMBERS["proposed target"],
        }
        edit(number, wanted, by=owner, reason=word("proposal reason"))


def tell(c: Canaries) -> None:
    """Tell of everything so far: inboxes are filled and digests made; their mails wait in the queue."""
    fan_out()
    deliver_inbox()
    let_digests_be_due()
    plan_due(clock.now())


def keep_a_mail(c: Canaries) -> None:
    """A mail to the requester, as the demo keeps them."""
    texts = {name: word(f"{MAIL}: {name}") for name in ("subject", "text", "html")}
    headers = {"X-Canary": word(f"{MAIL}: header")}
    to = c.person("requester").email
    DemoMail.objects.create(recipient=to, headers=headers, sent_at=clock.now(), **texts)


def leave(c: Canaries) -> None:
    """One of those who could see them leaves the team."""
    person = c.person("once.member")
    Membership.objects.filter(person=person, team=c.asking).delete()


def restrict(c: Canaries) -> None:
    """Everybody but those concerned loses sight; one is named as a watcher afterwards."""
    requester = c.person("requester")
    for kind in ("main", "twin"):
        why = word(f"{kind}: reason of restricting")
        edit(c.world.requests[kind].number, {"restricted": True}, by=requester, reason=why)
        c.world.requests[kind].refresh_from_db()
    watch(c.main.number, c.person("watcher"), by=requester)
    comment(c.main.number, word("comment among few"), by=c.person("it_owner"))


def open_again(c: Canaries) -> None:
    for kind in ("main", "twin"):
        number = c.world.requests[kind].number
        edit(number, {"restricted": False}, by=c.person("requester"), reason="No secret any more.")
