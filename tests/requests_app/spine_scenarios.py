"""For each domain function of requests and solutions a prepared situation and the call that changes it."""

from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal
from functools import partial
from typing import Any

from activity import clock
from notifications.choosing.kinds import Choice
from notifications.choosing.setting import set_company_defaults
from requests_app.attachments.keeping import attach, detach
from requests_app.before_work.checklist import add_item, change_item, move_item, remove_item
from requests_app.before_work.proposals import assent, reject
from requests_app.boards.making import delete_board, edit_board, make_board
from requests_app.boards.move import move
from requests_app.boards.wip import set_wip_limit
from requests_app.choices import Status
from requests_app.discussion import (
    answer,
    comment,
    delete_comment,
    edit_comment,
    mute,
    support,
    unmute,
    unwatch,
    watch,
    withdraw_support,
)
from requests_app.escalating.rules import rules, set_rule
from requests_app.escalating.speaking import escalate, look
from requests_app.intake.drafts import save_draft, throw_away
from requests_app.intake.duplicate import duplicate
from requests_app.intake.edit import edit
from requests_app.intake.instead import support_instead
from requests_app.intake.submit import create, hand_in
from requests_app.intake.templates import keep_template, remove_template
from requests_app.links import link, unlink
from requests_app.lists.saved import Wanted, change_view, remove_view, save_view
from requests_app.outcomes.record import add_learning, postpone_measuring, record_outcome
from requests_app.reminding import remind
from requests_app.triage.replies import ReplyFields, keep_reply, remove_reply
from requests_app.triage.snoozing import snooze, wake, wake_one
from requests_app.triage.taking import take
from requests_app.workflow.actions import ACTIONS
from requests_app.workflow.inputs import Inputs
from requests_app.workflow.perform import perform
from teams.models import Company, Side, Team
from tests.factories import holder, make_admin, make_person, make_request, make_team, make_view
from tests.requests_app.attachments.samples import upload
from tests.requests_app.scenes import in_days, legal_rows, make_scene, scene_for
from tests.requests_app.test_intake import complete

Change = Callable[[], Any]


def drafting() -> Change:
    person = make_person(make_team(Side.MARKETING))
    return lambda: save_draft({"title": "A thought"}, by=person)


def throwing_away() -> Change:
    person = make_person()
    draft = save_draft({"title": "A thought"}, by=person)
    return lambda: throw_away(draft.pk, by=person)


def filing() -> Change:
    team = make_team(Side.MARKETING)
    person = make_person(team)
    return lambda: create(complete(team), by=person, submit=True)


def handing_in() -> Change:
    team = make_team(Side.MARKETING)
    person = make_person(team)
    draft = create(complete(team), by=person, submit=False)
    return lambda: hand_in(draft.pk, by=person)


def editing() -> Change:
    request = make_request()
    return lambda: edit(request.pk, {"title": "A better title"}, by=holder(request.requester))


def restricting() -> Change:
    request = make_request()
    return lambda: edit(request.pk, {"restricted": True}, by=holder(request.requester))


def performing(action: str) -> Change:
    if action == "submit":
        team = make_team(Side.MARKETING)
        person = make_person(team)
        draft = create(complete(team), by=person, submit=False)
        return lambda: perform("submit", draft.pk, by=person)
    scene, inputs = scene_for(action)
    row = legal_rows().get(action)
    person = scene.people[row.role if row else "it_owner"]
    if action == "assign":
        inputs = {"it_owner": make_person(scene.it_team)}
    return lambda: perform(action, scene.request.number, by=person, inputs=Inputs(**inputs))


def reordering() -> Change:
    above = make_request(Status.READY)
    below = make_request(Status.READY, serving_team=above.serving_team)
    return lambda: move(below.number, by=holder(below.it_owner), status=Status.READY, before=above.number)


def moving_on() -> Change:
    request = make_request(Status.READY)
    return lambda: move(request.number, by=holder(request.it_owner), status=Status.IN_PROGRESS)


def limiting() -> Change:
    team = make_team(Side.IT)
    lead = make_person(lead_of=team)
    return lambda: set_wip_limit(team, Status.IN_PROGRESS, 3, by=lead)


def making_a_board() -> Change:
    lead = make_person(lead_of=make_team(Side.IT))
    return lambda: make_board({"name": "Growth"}, by=lead)


def editing_a_board() -> Change:
    team = make_team(Side.IT)
    lead = make_person(lead_of=team)
    return lambda: edit_board(team.slug, {"columns": {"ready": {"title": "Next"}}}, by=lead)


def deleting_a_board() -> Change:
    lead = make_person(lead_of=make_team(Side.IT))
    slug = make_board({"name": "Growth"}, by=lead).slug
    return lambda: delete_board(slug, by=lead)


def talking(say: Callable[..., Any], first: Callable[..., Any] | None = None, *more: str) -> Change:
    request, person = make_request(), make_person()
    if first:
        first(request.number, by=person)
    return lambda: say(request.number, *more, by=person)


def asking() -> Change:
    request, person = make_request(Status.READY), make_person()
    return lambda: comment(request.number, "Why?", by=person, question_to="marketing")


def on_own_comment(change: Callable[..., Any], *more: str) -> Change:
    request, person = make_request(), make_person()
    said = comment(request.number, "A thought.", by=person)
    return lambda: change(request.number, said.pk, *more, by=person)


def answering() -> Change:
    request = make_request(Status.READY)
    asked = comment(request.number, "Why?", by=make_person(), question_to="marketing")
    return lambda: answer(request.number, asked.pk, "Because.", by=holder(request.marketing_owner))


def deleting_an_answer() -> Change:
    request = make_request(Status.READY)
    owner = holder(request.marketing_owner)
    asked = comment(request.number, "Why?", by=make_person(), question_to="marketing")
    said = answer(request.number, asked.pk, "Because.", by=owner)
    return lambda: delete_comment(request.number, said.pk, by=owner)


def attaching() -> Change:
    request, person = make_request(), make_person()
    return lambda: attach(request.pk, [upload("plan.txt", b"words")], by=person)


def detaching() -> Change:
    request, person = make_request(), make_person()
    (made,) = attach(request.pk, [upload("plan.txt", b"words")], by=person)
    return lambda: detach(request.pk, made.pk, by=person)


def linking() -> Change:
    request, other, person = make_request(), make_request(), make_person()
    return lambda: link(request.pk, "blocks", other.pk, by=person)


def unlinking() -> Change:
    request, other, person = make_request(), make_request(), make_person()
    made = link(request.pk, "blocks", other.pk, by=person)
    return lambda: unlink(request.pk, made.pk, by=person)


def saving_view(*, shared: bool) -> Change:
    team = make_team()
    person = make_person(team)
    return lambda: save_view("Late ones", "status=open", by=person, team=team if shared else None)


def changing_view(wanted: Callable[[Team], Wanted], *, shared: bool) -> Change:
    team = make_team()
    person = make_person(team)
    view = make_view(person, team=team if shared else None)
    return lambda: change_view(view.pk, wanted(team), by=person)


def removing_view(*, shared: bool) -> Change:
    team = make_team()
    person = make_person(team)
    view = make_view(person, team=team if shared else None)
    return lambda: remove_view(view.pk, by=person)


VIEWS = "requests_app.lists.saved."


def copying() -> Change:
    request = make_request()
    return lambda: duplicate(request.pk, by=holder(request.requester))


def joining(body: str = "") -> Change:
    request, person = make_request(), make_person()
    draft = save_draft({"title": "The same"}, by=person)
    return lambda: support_instead(request.pk, by=person, draft=draft.pk, body=body)


def templating() -> Change:
    lead = make_person(lead_of=make_team(Side.IT))
    return lambda: keep_template("automation", {"guidance": "Ask Tom first."}, by=lead)


def untemplating() -> Change:
    lead = make_person(lead_of=make_team(Side.IT))
    keep_template("automation", {"guidance": "Ask Tom first."}, by=lead)
    return lambda: remove_template("automation", by=lead)


def listed(change: Callable[..., Any], *more: Any, items: int = 1, **named: Any) -> Change:
    scene = make_scene("ready")
    made = [add_item(scene.request.pk, f"Item {n}", by=scene.it_owner).pk for n in range(items)]
    return lambda: change(scene.request.pk, made[-1], *more, by=scene.it_owner, **named)


def listing() -> Change:
    scene = make_scene("ready")
    return lambda: add_item(scene.request.pk, "Ask the lawyers", by=scene.it_owner)


def proposing_a_result() -> Change:
    scene = make_scene("ready")
    return lambda: edit(
        scene.request.pk, {"target": Decimal(9)}, by=scene.marketing_owner, reason="The market moved."
    )


def answering_proposal(answer: Callable[..., Any], proposer: str = "marketing_owner") -> Change:
    scene = make_scene("ready")
    edit(scene.request.pk, {"target": Decimal(9)}, by=scene.people[proposer], reason="The market moved.")
    return lambda: answer(scene.request.pk, by=scene.it_owner)


def measuring() -> Change:
    scene = make_scene("done")
    return lambda: record_outcome(scene.request.pk, Decimal(2), "Much", by=scene.marketing_owner)


def learning() -> Change:
    scene = make_scene("done")
    record_outcome(scene.request.pk, Decimal(2), by=scene.marketing_owner)
    return lambda: add_learning(scene.request.pk, "Much", by=scene.it_owner)


def postponing() -> Change:
    scene = make_scene("done")
    return lambda: postpone_measuring(
        scene.request.pk, in_days(200), "The campaign is late.", by=scene.marketing_owner
    )


def reminding(name: str, status: str, **fields: Any) -> Change:
    request, now = make_request(status, **fields), clock.now()
    if name == "outcome again":
        with clock.moved_to(now - timedelta(days=8)):
            remind("outcome", request.pk, now, by=None)
    return lambda: remind(name, request.pk, now, by=None)


LONG_AGO = {"progress_at": clock.now() - timedelta(days=30)}
MEASURED = {"measured_on": in_days(-20)}
REMINDING: dict[str, Callable[[], Change]] = {
    "stalled": partial(reminding, "stalled", "ready", **LONG_AGO),
    "revisit": partial(reminding, "revisit", "parked", revisit_on=in_days(-1)),
    "outcome": partial(reminding, "outcome", "done", **MEASURED),
    "outcome again": partial(reminding, "outcome again", "done", **MEASURED),
}


def escalating() -> Change:
    request, now = make_request("ready", **LONG_AGO), clock.now()
    found = look("stalled long", rules()["stalled long"], now)
    return lambda: escalate("stalled long", found[0], now, by=None) or request


def setting_an_escalation() -> Change:
    Company.objects.get_or_create(pk=1, defaults={"name": "Nordlicht"})
    admin = make_admin()
    return lambda: set_rule("question", True, 5, by=admin)


def setting_what_is_told() -> Change:
    Company.objects.get_or_create(pk=1, defaults={"name": "Nordlicht"})
    admin = make_admin()
    return lambda: set_company_defaults("member", {"talk": Choice(inbox=True, mail="now")}, by=admin)


def taking() -> Change:
    team = make_team(Side.IT)
    request, person = make_request(serving_team=team, it_owner=None), make_person(team)
    return lambda: take(request.number, by=person)


def snoozed(*, until: timedelta) -> tuple[int, Any]:
    team = make_team(Side.IT)
    request, person = make_request(serving_team=team), make_person(team)
    with clock.moved_to(clock.now() - timedelta(days=2)):
        snooze(request.number, clock.now() + until, "Later", by=person)
    return request.number, person


def snoozing() -> Change:
    team = make_team(Side.IT)
    request, person = make_request(serving_team=team), make_person(team)
    return lambda: snooze(request.number, clock.now() + timedelta(days=1), "Later", by=person)


def waking() -> Change:
    number, person = snoozed(until=timedelta(days=9))
    return lambda: wake(number, by=person)


def waking_by_itself() -> Change:
    number, _person = snoozed(until=timedelta(days=1))
    return lambda: wake_one(number, clock.now(), by=None)


REPLY: ReplyFields = {"name": "Thanks", "text_de": "Danke, {name}", "text_en": "Thanks, {name}"}


def replying(*, removed: bool = False, changed: bool = False) -> Change:
    lead = make_person(lead_of=make_team(Side.IT))
    if removed or changed:
        pk = keep_reply(None, REPLY, by=lead).pk
        if removed:
            return lambda: remove_reply(pk, by=lead)
        return lambda: keep_reply(pk, {**REPLY, "name": "Many thanks"}, by=lead)
    return lambda: keep_reply(None, REPLY, by=lead)


REQUESTS_WITHOUT_EVENT: dict[str, Callable[[], Change]] = {
    "requests_app.intake.drafts.save_draft": drafting,
    "requests_app.intake.drafts.throw_away": throwing_away,
    "requests_app.discussion.people.mute": partial(talking, mute),
    "requests_app.discussion.people.unmute": partial(talking, unmute, mute),
    "requests_app.intake.duplicate.duplicate": copying,
    f"{VIEWS}save_view": partial(saving_view, shared=False),
    f"{VIEWS}change_view": partial(changing_view, lambda team: Wanted(name="Other"), shared=False),
    f"{VIEWS}remove_view": partial(removing_view, shared=False),
}
TALK = "requests_app.discussion.people."
SAID = "requests_app.discussion.comments."
REQUESTS: dict[str, Callable[[], Change]] = {
    "requests_app.intake.submit.create": filing,
    "requests_app.intake.submit.hand_in": handing_in,
    "requests_app.intake.edit.edit": editing,
    "requests_app.intake.instead.support_instead": joining,
    "requests_app.intake.instead.support_instead(body)": partial(joining, body="We need it, too."),
    "requests_app.intake.templates.keep_template": templating,
    "requests_app.intake.templates.remove_template": untemplating,
    "requests_app.intake.edit.edit(restricted)": restricting,
    **{f"requests_app.workflow.perform.perform({name})": partial(performing, name) for name in ACTIONS},
    "requests_app.boards.move.move": moving_on,
    "requests_app.boards.move.move(reorder)": reordering,
    "requests_app.boards.wip.set_wip_limit": limiting,
    "requests_app.boards.making.make_board": making_a_board,
    "requests_app.boards.making.edit_board": editing_a_board,
    "requests_app.boards.making.delete_board": deleting_a_board,
    f"{SAID}comment": partial(talking, comment, None, "A thought."),
    f"{SAID}comment(question)": asking,
    f"{SAID}edit_comment": partial(on_own_comment, edit_comment, "A better thought."),
    f"{SAID}delete_comment": partial(on_own_comment, delete_comment),
    f"{SAID}delete_comment(answer)": deleting_an_answer,
    "requests_app.discussion.questions.answer": answering,
    f"{TALK}support": partial(talking, support),
    f"{TALK}withdraw_support": partial(talking, withdraw_support, support),
    f"{TALK}watch": partial(talking, watch),
    f"{TALK}unwatch": partial(talking, unwatch, watch),
    f"{VIEWS}save_view(shared)": partial(saving_view, shared=True),
    f"{VIEWS}change_view(renamed)": partial(changing_view, lambda team: Wanted(name="Other"), shared=True),
    f"{VIEWS}change_view(shared)": partial(
        changing_view, lambda team: Wanted(team=team, moves=True), shared=False
    ),
    f"{VIEWS}change_view(unshared)": partial(changing_view, lambda team: Wanted(moves=True), shared=True),
    f"{VIEWS}remove_view(shared)": partial(removing_view, shared=True),
    "requests_app.attachments.keeping.attach": attaching,
    "requests_app.attachments.keeping.detach": detaching,
    "requests_app.links.link": linking,
    "requests_app.links.unlink": unlinking,
    "requests_app.intake.edit.edit(proposing)": proposing_a_result,
    "requests_app.before_work.proposals.assent": partial(answering_proposal, assent),
    "requests_app.before_work.proposals.assent(half)": partial(answering_proposal, assent, "requester"),
    "requests_app.before_work.proposals.reject": partial(answering_proposal, reject),
    "requests_app.before_work.checklist.add_item": listing,
    "requests_app.before_work.checklist.change_item": partial(listed, change_item, done=True),
    "requests_app.before_work.checklist.move_item": partial(listed, move_item, items=3),
    "requests_app.before_work.checklist.remove_item": partial(listed, remove_item),
    "requests_app.outcomes.record.record_outcome": measuring,
    "requests_app.outcomes.record.add_learning": learning,
    "requests_app.outcomes.record.postpone_measuring": postponing,
    "requests_app.escalating.rules.set_rule": setting_an_escalation,
    "requests_app.escalating.speaking.escalate": escalating,
    "notifications.choosing.setting.set_company_defaults": setting_what_is_told,
    "requests_app.triage.taking.take": taking,
    "requests_app.triage.replies.keep_reply": replying,
    "requests_app.triage.replies.keep_reply(changed)": partial(replying, changed=True),
    "requests_app.triage.replies.remove_reply": partial(replying, removed=True),
    "requests_app.triage.snoozing.snooze": snoozing,
    "requests_app.triage.snoozing.wake": waking,
    "requests_app.triage.snoozing.wake_one": waking_by_itself,
    **{f"requests_app.reminding.remind({name})": start for name, start in REMINDING.items()},
}
