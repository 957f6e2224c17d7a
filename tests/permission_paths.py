"""The paths that stand for each URL pattern; an argument that is not known here fails the test."""

import re
from collections.abc import Callable, Iterator

from tests.permission_world import World

ARGUMENT = re.compile(r"<(?:(\w+):)?(\w+)>|\(\?P<(\w+)>[^)]*\)")


GOALS = (
    *("teams:goal", "teams:goal_edit", "teams:goal_archive", "teams:goal_health", "teams:goal_close"),
    *("teams:key_result_new", "requests:goal_requests"),
    *("api:goal", "api:check_ins", "api:goal_understanding", "api:goal_questions", "api:goal_review"),
    *("api:goal_health", "api:goal_close", "api:key_results", "api:key_result", "api:key_result_end"),
)
KEY_RESULTS = ("teams:key_result", "teams:check_in", "teams:key_result_end")
TOUCHPOINTS = ("teams:touchpoint", "teams:touchpoint_archive")


def paths(name: str, route: str, world: World) -> Iterator[tuple[str, str]]:
    """Kind of request and path, for each request that the pattern can be about."""
    names = [found[2] or found[3] for found in ARGUMENT.finditer(route)]
    if "number" not in names:
        yield "", fill(name, route, world, "open")
        return
    for kind in world.requests:
        yield kind, fill(name, route, world, kind)


def fill(name: str, route: str, world: World, kind: str) -> str:
    def value(found: re.Match[str]) -> str:
        argument = found[2] or found[3]
        return str(value_of(name, argument, world, kind))

    return "/" + re.sub(r"[\^$]|\\Z|\\", "", ARGUMENT.sub(value, route)).replace("?", "")


def value_of(name: str, argument: str, world: World, kind: str) -> object:
    """What stands for ``argument``; a lookup error names what has to be added here."""
    special = SPECIAL.get((name, argument)) or BY_ARGUMENT.get(argument)
    if special is None:
        raise LookupError(f"tests/permission_paths.py does not know <{argument}> of {name}")
    return special(world, kind)


BY_ARGUMENT: dict[str, Callable[[World, str], object]] = {
    # An item of no request: whoever may keep the checklist hears that it is not there.
    "item": lambda world, kind: 0,
    "number": lambda world, kind: world.requests[kind].number,
    "slug": lambda world, kind: world.crm.slug,
    "team_slug": lambda world, kind: world.campaigns.slug,
    "status": lambda world, kind: "ready",
    "action": lambda world, kind: "park",
    "dimension": lambda world, kind: "reach",
    "side": lambda world, kind: "it",
    "week": lambda world, kind: "2026-W40",
    # No such row, whatever the sequences of the tables have handed out.
    "object_id": lambda world, kind: 0,
    "app_label": lambda world, kind: "teams",
    "content_type_id": lambda world, kind: 1,
    "url": lambda world, kind: "nowhere",
    "path": lambda world, kind: "nowhere",
    "token": lambda world, kind: "wrong-token",
    "secret": lambda world, kind: "wrong-secret",
    "uidb36": lambda world, kind: "1",
    "key": lambda world, kind: "wrong-key",
    "mail": lambda world, kind: 1,
    "entry": lambda world, kind: world.entry.pk,
    "standing": lambda world, kind: "lead",
    "attachment": lambda world, kind: world.attachments[kind].pk if kind in world.attachments else 0,
    "comment": lambda world, kind: world.comments[kind].pk if kind in world.comments else 0,
    "comment_id": lambda world, kind: world.comments[kind].pk if kind in world.comments else 0,
    "link_id": lambda world, kind: world.links[kind].pk if kind in world.links else 0,
    "person_id": lambda world, kind: world.colleague.pk,
    "pk": lambda world, kind: world.colleague.pk,
    "form": lambda world, kind: "csv",
    "skill": lambda world, kind: world.skill.pk,
    "key_result": lambda world, kind: world.key_result.pk,
    "language": lambda world, kind: "de",
    # A link of no exchange: whoever may keep it hears that it is not there.
    "material": lambda world, kind: 0,
}
SKILLS = (
    *("knowhow:skill", "knowhow:edit_skill", "knowhow:merge_skill", "knowhow:put_away"),
    "api:skill",
)
ROLES = ("knowhow:role", "knowhow:edit_role", "knowhow:role_file")
VIEWS = ("requests:view", "requests:view_throw_away", "api:view")
BRIEFS = ("understanding", "confirm", "brief_ask", "still_true")
QUESTIONS = ("brief_answer", "brief_settle")
REPLIES = ("requests:reply", "requests:reply_remove")
ROUND = ("round", "round_now", "round_join", "round_step", "round_defer", "round_close")
MINUTES = ("round_correct", "round_file")
SOLUTIONS = (
    *(f"solutions:{page}" for page in ("solution", "edit", "expert", "expert_off", "affect", "affect_not")),
    *("requests:of_solution", "api:solution", "api:expert"),
    *("api:solution_understanding", "api:solution_review", "api:solution_questions"),
)
EXCHANGE = (
    *("exchange", "file", "edit", "move", "cancel", "sign_up", "sign_off", "attendance", "feedback"),
    *("material_add", "material_remove"),
)
EXCHANGE_API = ("", "_move", "_cancel", "_sign_up", "_attendance", "_feedback", "_materials", "_material")
PROPOSAL = ("exchanges:proposal", "exchanges:wish", "exchanges:unwish", "exchanges:withdraw")
SPECIAL: dict[tuple[str, str], Callable[[World, str], object]] = {
    **{(name, "pk"): lambda world, kind: world.goal.pk for name in GOALS},
    **{(name, "pk"): lambda world, kind: world.key_result.pk for name in KEY_RESULTS},
    ("api:brief_question", "pk"): lambda world, kind: world.question.pk,
    **{(name, "pk"): lambda world, kind: world.touchpoint.pk for name in TOUCHPOINTS},
    **{(name, "pk"): lambda world, kind: world.view.pk for name in VIEWS},
    **{(f"requests:{name}", "pk"): lambda world, kind: world.goal.understanding_id for name in BRIEFS},
    **{(f"requests:{name}", "pk"): lambda world, kind: world.question.pk for name in QUESTIONS},
    **{(f"requests:{name}", "pk"): lambda world, kind: world.round.pk for name in ROUND},
    **{(f"requests:{name}", "pk"): lambda world, kind: world.minutes.pk for name in MINUTES},
    **{(name, "pk"): lambda world, kind: world.skill.pk for name in SKILLS},
    **{(name, "pk"): lambda world, kind: world.role.pk for name in ROLES},
    ("knowhow:edit_group", "pk"): lambda world, kind: world.skill.group_id,
    # A pair of two others: whoever asks for it hears that it is not there.
    **{
        (name, "pk"): lambda world, kind: world.pair.pk
        for name in ("knowhow:answer_pair", "api:my_mentoring")
    },
    # A skill that the colleague teaches, and nobody else has.
    **{(name, "person"): lambda world, kind: world.colleague.pk for name in ("knowhow:ask_mentor",)},
    ("admin:requests_app_request_change", "object_id"): lambda world, kind: world.requests["foreign"].pk,
    **{(name, "pk"): lambda world, kind: world.reply.pk for name in REPLIES},
    **{(f"exchanges:{name}", "pk"): lambda world, kind: world.exchange.pk for name in EXCHANGE},
    **{(f"api:exchange{name}", "pk"): lambda world, kind: world.exchange.pk for name in EXCHANGE_API},
    **{
        (name, "pk"): lambda world, kind: world.proposal.pk
        for name in (*PROPOSAL, "api:exchange_proposal", "api:exchange_wish")
    },
    ("requests:template", "slug"): lambda world, kind: "automation",
    ("requests:template_remove", "slug"): lambda world, kind: "automation",
    **{(name, "slug"): lambda world, kind: world.solution.slug for name in SOLUTIONS},
    ("teams:person_change", "action"): lambda world, kind: "deactivate",
    ("notifications:chat", "pk"): lambda world, kind: world.channel.pk,
    ("notifications:chat_act", "pk"): lambda world, kind: world.channel.pk,
    ("notifications:chat_act", "action"): lambda world, kind: "off",
}
