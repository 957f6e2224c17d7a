"""What each path of the API takes and answers, and the rows that stand for what the paths name."""

from datetime import timedelta
from decimal import Decimal
from typing import Any

from activity import clock
from knowhow.bridges.mentoring import propose_pair
from knowhow.exchanges.afterwards import add_material
from knowhow.models import Expert
from notifications.digest.weeks import running_week
from notifications.models import InboxEntry
from requests_app.attachments.keeping import attach
from requests_app.before_work.checklist import add_item
from requests_app.choices import Status
from requests_app.discussion import support, watch
from requests_app.intake.edit import edit
from requests_app.intake.fields import RequestFields
from requests_app.links import link
from requests_app.outcomes.record import record_outcome
from teams.models import Person, Side, Team
from teams.understanding import ask
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
    make_view,
    scores,
)
from tests.knowhow.exchanges.making import make_exchange, make_proposal, seat
from tests.notifications.telling import happened
from tests.requests_app.attachments.samples import upload

READS = {
    "requests/": "requests/",
    "requests/<int:number>/": "requests/{number}/",
    "requests/<int:number>/transitions/": "requests/{number}/transitions/",
    "requests/<int:number>/scores/": "requests/{number}/scores/",
    "requests/<int:number>/comments/": "requests/{number}/comments/",
    "requests/<int:number>/checklist/": "requests/{number}/checklist/",
    "requests/<int:number>/outcome/": "requests/{number}/outcome/",
    "requests/<int:number>/comments/<int:comment_id>/": "requests/{number}/comments/{comment}/",
    "requests/<int:number>/attachments/": "requests/{number}/attachments/",
    "requests/<int:number>/links/": "requests/{number}/links/",
    "requests/<int:number>/watchers/": "requests/{number}/watchers/",
    "requests/<int:number>/supporters/": "requests/{number}/supporters/",
    "requests/<int:number>/events/": "requests/{number}/events/",
    "requests/<int:number>/forecast/": "requests/{number}/forecast/",
    "boards/": "boards/",
    "boards/<slug:slug>/": "boards/crm-platform/",
    "boards/<slug:slug>/columns/<slug:status>/": "boards/crm-platform/columns/ready/",
    "events/": "events/",
    "views/": "views/",
    "views/<int:pk>/": "views/{view}/",
    "exchanges/": "exchanges/",
    "exchanges/<int:pk>/": "exchanges/{exchange}/",
    "exchanges/<int:pk>/materials/": "exchanges/{exchange}/materials/",
    "exchange-proposals/": "exchange-proposals/",
    "teams/": "teams/",
    "teams/<slug:slug>/": "teams/crm-platform/",
    "goals/": "goals/",
    "goals/<int:pk>/": "goals/{goal}/",
    "solutions/": "solutions/",
    "solutions/<slug:slug>/": "solutions/{solution}/",
    "goals/<int:pk>/check-ins/": "goals/{goal}/check-ins/",
    "goals/<int:pk>/understanding/": "goals/{goal}/understanding/",
    "teams/<slug:slug>/understanding/": "teams/crm-platform/understanding/",
    "solutions/<slug:slug>/understanding/": "solutions/{solution}/understanding/",
    "goals/<int:pk>/key-results/<int:key_result>/": "goals/{goal}/key-results/424242/",
    "touchpoints/": "touchpoints/",
    "bridges/": "bridges/",
    "me/potential/": "me/potential/",
    "me/": "me/",
    "requests/<int:number>/translators/": "requests/{number}/translators/",
    "skills/": "skills/",
    "skills/<int:pk>/": "skills/{skill}/",
    "people/": "people/",
    "people/<int:pk>/": "people/{colleague}/",
    "people/<int:pk>/bridge/": "people/{person}/bridge/",
    "me/skills/": "me/skills/",
    "me/skills/<int:skill>/": "me/skills/{skill}/",
    "me/openness/": "me/openness/",
    "me/mentoring/": "me/mentoring/",
    "notifications/": "notifications/",
    "notifications/unread/": "notifications/unread/",
    "notifications/<int:entry>/": "notifications/{entry}/",
    "digests/": "digests/",
    "digests/preview/": "digests/preview/",
    "digests/<str:week>/": "digests/{week}/",
    "digests/<str:week>/company/": "digests/{week}/company/",
    "digests/<str:week>/teams/<slug:slug>/": "digests/{week}/teams/crm-platform/",
}
# Answer nothing without a parameter: tests/requests_app/api/test_similar.py, tests/portal/api/test_search.py.
ASKED = {"similar/", "search/"}
TOMORROW = (clock.now() + timedelta(days=1)).isoformat()
EXPLAINED = {"title": "Robot", "purpose": "It sends.", "limits": "It writes none.", "what_to_do": "Ask."}
HOURS = {
    "starts_at": (clock.now() + timedelta(days=9)).isoformat(),
    "ends_at": (clock.now() + timedelta(days=9, hours=1)).isoformat(),
}
PLAN = {"title": "Read SQL", "ability": "You read it.", "place": "Room Elbe"}
VIEW, DAYS = scores(), {"best": 2, "likely": 3, "worst": 8}
# Method, path, a body that works, and the status of the answer.
WRITES: dict[str, list[tuple[str, str, dict[str, Any], int]]] = {
    "requests/": [("post", "requests/", {"submit": False}, 201)],
    "requests/<int:number>/": [
        ("patch", "requests/{number}/", {"title": "Better", "reason": "Shorter"}, 200)
    ],
    "requests/<int:number>/transitions/": [
        ("post", "requests/{number}/transitions/", {"action": "withdraw", "reason": "Over"}, 200)
    ],
    "requests/<int:number>/position/": [("post", "requests/{number}/position/", {"status": "ready"}, 200)],
    "requests/<int:number>/scores/marketing/": [("put", "requests/{unscored}/scores/marketing/", VIEW, 200)],
    "requests/<int:number>/scores/it/": [("put", "requests/{served}/scores/it/", VIEW | DAYS, 200)],
    "requests/<int:number>/scores/agreed/<slug:dimension>/": [
        ("put", "requests/{apart}/scores/agreed/reach/", {"value": 3, "note": "Half of them."}, 200)
    ],
    "requests/<int:number>/result-proposal/": [
        ("post", "requests/{proposed}/result-proposal/", {}, 200),
        ("delete", "requests/{proposed}/result-proposal/", {"reason": "Too early"}, 200),
    ],
    "requests/<int:number>/checklist/": [("post", "requests/{number}/checklist/", {"text": "Ask"}, 201)],
    "requests/<int:number>/checklist/<int:item>/": [
        ("patch", "requests/{number}/checklist/{item}/", {"done": True}, 200),
        ("delete", "requests/{number}/checklist/{item}/", {}, 204),
    ],
    "requests/<int:number>/checklist/<int:item>/position/": [
        ("post", "requests/{number}/checklist/{item}/position/", {"after": None}, 200)
    ],
    "requests/<int:number>/outcome/": [("post", "requests/{done}/outcome/", {"measured": 2.5}, 201)],
    "requests/<int:number>/outcome/learning/": [
        ("put", "requests/{measured}/outcome/learning/", {"learnt": "Much"}, 200)
    ],
    "requests/<int:number>/outcome/postponement/": [
        (
            "post",
            "requests/{done}/outcome/postponement/",
            {"measured_on": "2099-01-01", "reason": "Later"},
            200,
        )
    ],
    "requests/<int:number>/comments/": [("post", "requests/{number}/comments/", {"body": "Yes"}, 201)],
    "me/skills/": [("post", "me/skills/", {"skills": "Kerning 3"}, 201)],
    "me/skills/<int:skill>/": [
        ("patch", "me/skills/{skill}/", {"level": 4}, 200),
        ("delete", "me/skills/{skill}/", {}, 204),
    ],
    "me/openness/": [("patch", "me/openness/", {"bridge": True}, 200)],
    "me/mentoring/": [("post", "me/mentoring/", {"mentor": 434343, "skill": 434343}, 201)],
    "me/mentoring/<int:pk>/": [("post", "me/mentoring/{pair}/", {"answer": "yes"}, 200)],
    "views/": [("post", "views/", {"name": "Late", "query": "status=open"}, 201)],
    "views/<int:pk>/": [
        ("patch", "views/{view}/", {"name": "Later"}, 200),
        ("delete", "views/{view}/", {}, 204),
    ],
    "requests/<int:number>/comments/<int:comment_id>/": [
        ("patch", "requests/{number}/comments/{comment}/", {"body": "Or not"}, 200),
        ("delete", "requests/{number}/comments/{comment}/", {}, 204),
    ],
    "requests/<int:number>/comments/<int:comment_id>/answer/": [
        ("post", "requests/{number}/comments/{question}/answer/", {"body": "Six."}, 201)
    ],
    "requests/<int:number>/snooze/": [
        ("post", "requests/{fresh}/snooze/", {"until": TOMORROW, "reason": "Later"}, 200),
        ("delete", "requests/{fresh}/snooze/", {}, 204),
    ],
    "requests/<int:number>/merge/": [("post", "requests/{number}/merge/", {"into": 424242}, 200)],
    "requests/<int:number>/attachments/<int:attachment>/": [
        ("delete", "requests/{number}/attachments/{attachment}/", {}, 204)
    ],
    "requests/<int:number>/links/": [
        ("post", "requests/{number}/links/", {"relation": "blocks", "other": 424242}, 201)
    ],
    "requests/<int:number>/links/<int:link_id>/": [("delete", "requests/{number}/links/{link}/", {}, 204)],
    "requests/<int:number>/watchers/": [("post", "requests/{number}/watchers/", {}, 201)],
    "requests/<int:number>/watchers/<int:person_id>/": [
        ("delete", "requests/{number}/watchers/{person}/", {}, 204)
    ],
    "requests/<int:number>/supporters/": [("post", "requests/{number}/supporters/", {}, 201)],
    "requests/<int:number>/supporters/<int:person_id>/": [
        ("delete", "requests/{number}/supporters/{person}/", {}, 204)
    ],
    "goals/": [("post", "goals/", {"title": "More", "teams": ["led"]}, 201)],
    "goals/<int:pk>/": [("patch", "goals/{led_goal}/", {"title": "More"}, 200)],
    "goals/<int:pk>/health/": [
        ("put", "goals/{led_goal}/health/", {"health": "at_risk", "reason": "Late"}, 200)
    ],
    "goals/<int:pk>/close/": [
        ("post", "goals/{unmeasured}/close/", {"result": "Much", "learning": "More"}, 200)
    ],
    "goals/<int:pk>/key-results/": [
        ("post", "goals/{led_goal}/key-results/", {"title": "A", "baseline": 1, "target": 2}, 201)
    ],
    "goals/<int:pk>/key-results/<int:key_result>/": [
        ("patch", "goals/{led_goal}/key-results/{measured_by}/", {"unit": "%"}, 200)
    ],
    "goals/<int:pk>/key-results/<int:key_result>/end/": [
        ("post", "goals/{led_goal}/key-results/{measured_by}/end/", {"reason": "Over"}, 200)
    ],
    "goals/<int:pk>/review/": [("post", "goals/{led_goal}/review/", {}, 200)],
    "teams/<slug:slug>/review/": [("post", "teams/led/review/", {}, 200)],
    "solutions/<slug:slug>/review/": [("post", "solutions/{led_solution}/review/", {}, 200)],
    "solutions/<slug:slug>/understanding/": [
        ("post", "solutions/{foreign_solution}/understanding/", {}, 201)
    ],
    "solutions/<slug:slug>/questions/": [("post", "solutions/{solution}/questions/", {"text": "Why?"}, 201)],
    "goals/<int:pk>/check-ins/": [
        ("post", "goals/{goal}/check-ins/", {"key_result": 424242, "value": 1.5}, 201)
    ],
    "goals/<int:pk>/understanding/": [("post", "goals/{foreign}/understanding/", {"words": "I see"}, 201)],
    "goals/<int:pk>/questions/": [("post", "goals/{goal}/questions/", {"text": "Why?"}, 201)],
    "teams/<slug:slug>/understanding/": [("post", "teams/web-platform/understanding/", {}, 201)],
    "teams/<slug:slug>/questions/": [("post", "teams/crm-platform/questions/", {"text": "Why?"}, 201)],
    "questions/<int:pk>/": [("patch", "questions/{asked}/", {"answer": "Because."}, 200)],
    "requests/<int:number>/mute/": [
        ("put", "requests/{number}/mute/", {}, 204),
        ("delete", "requests/{number}/mute/", {}, 204),
    ],
    "exchanges/": [("post", "exchanges/", PLAN | HOURS, 201)],
    "exchanges/<int:pk>/": [("patch", "exchanges/{exchange}/", {"title": "Better"}, 200)],
    "exchanges/<int:pk>/move/": [("post", "exchanges/{exchange}/move/", HOURS, 200)],
    "exchanges/<int:pk>/cancel/": [("post", "exchanges/{exchange}/cancel/", {"reason": "Ill"}, 200)],
    "exchanges/<int:pk>/sign-up/": [
        ("put", "exchanges/{others_exchange}/sign-up/", {}, 200),
        ("delete", "exchanges/{others_exchange}/sign-up/", {}, 200),
    ],
    "exchanges/<int:pk>/attendance/": [("put", "exchanges/{held}/attendance/", {"present": []}, 200)],
    "exchanges/<int:pk>/feedback/": [("put", "exchanges/{attended}/feedback/", {"answer": "yes"}, 200)],
    "exchanges/<int:pk>/materials/": [
        ("post", "exchanges/{exchange}/materials/", {"title": "More", "link": "https://example.org/2"}, 201)
    ],
    "exchanges/<int:pk>/materials/<int:material>/": [
        ("delete", "exchanges/{exchange}/materials/{material}/", {}, 204)
    ],
    "exchange-proposals/": [
        ("post", "exchange-proposals/", {"title": "Read SQL", "ability": "I read it."}, 201)
    ],
    "exchange-proposals/<int:pk>/": [("delete", "exchange-proposals/{wish}/", {}, 204)],
    "exchange-proposals/<int:pk>/wish/": [
        ("put", "exchange-proposals/{wished}/wish/", {}, 200),
        ("delete", "exchange-proposals/{wished}/wish/", {}, 200),
    ],
}
WRITES |= {
    "solutions/": [("post", "solutions/", EXPLAINED | {"team": "crm-platform"}, 201)],
    "solutions/<slug:slug>/": [("patch", "solutions/{solution}/", {"title": "Robot"}, 200)],
    "solutions/<slug:slug>/experts/<int:person_id>/": [
        ("put", "solutions/{solution}/experts/{person}/", {"level": 3}, 200),
        ("delete", "solutions/{solution}/experts/{expert}/", {}, 204),
    ],
}
WRITES |= {
    "notifications/unread/": [("post", "notifications/unread/", {}, 200)],
    "notifications/<int:entry>/read/": [
        ("put", "notifications/{entry}/read/", {}, 200),
        ("delete", "notifications/{entry}/read/", {}, 200),
    ],
    "notifications/<int:entry>/archive/": [
        ("put", "notifications/{entry}/archive/", {}, 200),
        ("delete", "notifications/{entry}/archive/", {}, 200),
    ],
    "notifications/<int:entry>/later/": [
        ("put", "notifications/{entry}/later/", {"until": "monday"}, 200),
        ("delete", "notifications/{entry}/later/", {}, 200),
    ],
}
OPEN = {"schema/", "docs/", ""}
WRITE_CASES = [case for cases in WRITES.values() for case in cases]


def make_names() -> dict[str, object]:
    """A person, a request of theirs with all that belongs to one, and what they know, lead and wrote."""
    marketing, it = make_team(Side.MARKETING, slug="campaigns"), make_team(slug="crm-platform")
    person = make_person(marketing, it, lead_of=make_team(slug="led", brief="We lead."))
    team = Team.objects.get(slug="crm-platform")
    request = make_request(Status.READY, requester=person, serving_team=team)
    unscored = make_request(Status.SHAPING, requester=person, serving_team=team)
    served = make_request(Status.SHAPING, serving_team=team, it_owner=person)
    apart = make_request(Status.SHAPING, requester=person, serving_team=team)
    make_scores(apart, scores(5), scores(2))
    other = make_request(number=424242)
    goal = make_goal(team)
    make_key_result(goal, pk=424242)
    foreign = make_team(slug="web-platform", brief="We run the shop.")
    names: dict[str, object] = {
        **{"unscored": unscored.number, "served": served.number, "apart": apart.number},
        "number": request.number,
        "fresh": make_request(serving_team=team).number,
        "goal": goal.pk,
        "foreign": make_goal(foreign, brief="More.").pk,
        "asked": ask(goal.understanding, "Why?", by=make_person()).pk,
        "comment": make_comment(request, person).pk,
        "question": make_comment(request, person, question_to="marketing").pk,
        "attachment": attach(request.number, [upload()], by=person)[0].pk,
        "link": link(request.number, "relates_to", other.number, by=person).pk,
        "person": person.pk,
        "view": make_view(person).pk,
    }
    solution = make_solution(team)
    expert = Expert.objects.create(solution=solution, person=make_person(), level=3).person
    names |= {"solution": solution.slug, "expert": expert.pk}
    names["item"] = add_item(request.number, "Ask the lawyers", by=person).pk
    proposed = make_request(Status.READY, requester=person, serving_team=team)
    wanted: RequestFields = {"target": Decimal(9)}
    edit(proposed.number, wanted, by=holder(proposed.it_owner), reason="The market moved.")
    done = make_request(Status.DONE, requester=person, serving_team=team)
    measured = make_request(Status.DONE, requester=person, serving_team=team)
    record_outcome(measured.number, Decimal(2), by=person)
    names |= {"proposed": proposed.number, "done": done.number, "measured": measured.number}
    names |= _knowhow(person) | _led()
    exchange = make_exchange(person)
    names["material"] = add_material(exchange.pk, "Slides", "https://example.org", by=person).pk
    attended = make_exchange(days=-1)
    seat(attended, person)
    names |= {"exchange": exchange.pk, "others_exchange": make_exchange().pk, "attended": attended.pk}
    names |= {"held": make_exchange(person, days=-1).pk, "wish": make_proposal(person).pk}
    names["wished"] = make_proposal().pk
    told = happened("request.commented", request, None)
    entry = InboxEntry.objects.create(person=person, event=told, request=request, created_at=told.occurred_at)
    names |= {"entry": entry.pk, "week": running_week(clock.now(), zone_of(person)).key}
    watch(request.number, by=person)
    support(request.number, by=person)
    return names


def _led() -> dict[str, object]:
    """What a team answers for that the person leads, and a solution of another one."""
    led = Team.objects.get(slug="led")
    goal = make_goal(led, brief="We reach it.")
    return {
        "led_goal": goal.pk,
        "measured_by": make_key_result(goal).pk,
        "unmeasured": make_goal(led).pk,
        "led_solution": make_solution(led).slug,
        "foreign_solution": make_solution(make_team()).slug,
    }


def _knowhow(person: Person) -> dict[str, int]:
    """A skill of the person, a mentor whom they may ask, and a pair that waits for their answer."""
    own, asked = make_skill(), make_skill(pk=434343)
    give_skill(person, own)
    colleague = make_person(pk=434343)
    for skill in (own, asked):
        give_skill(colleague, skill, 4, teaches=True)
    pair = propose_pair(colleague.pk, person.pk, own.pk, by=colleague)
    return {"skill": own.pk, "colleague": colleague.pk, "pair": pair.pk}
