"""The paths that stand for each URL pattern; an argument that is not known here fails the test."""

import re
from collections.abc import Callable, Iterator

from tests.permission_world import World

ARGUMENT = re.compile(r"<(?:(\w+):)?(\w+)>|\(\?P<(\w+)>[^)]*\)")


GOALS = (
    *("teams:goal", "teams:goal_edit", "teams:goal_archive", "teams:goal_health", "teams:goal_close"),
    *("teams:key_result_new", "requests:goal_requests"),
    *("api:goal", "api:check_ins", "api:goal_understanding", "api:goal_questions"),
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
    "entry": lambda world, kind: 1,
    "attachment": lambda world, kind: world.attachments[kind].pk if kind in world.attachments else 0,
    "comment": lambda world, kind: world.comments[kind].pk if kind in world.comments else 0,
    "comment_id": lambda world, kind: world.comments[kind].pk if kind in world.comments else 0,
    "link_id": lambda world, kind: world.links[kind].pk if kind in world.links else 0,
    "person_id": lambda world, kind: world.colleague.pk,
    "pk": lambda world, kind: world.colleague.pk,
    "form": lambda world, kind: "csv",
}
VIEWS = ("requests:view", "requests:view_throw_away", "api:view")
BRIEFS = ("understanding", "confirm", "brief_ask", "still_true")
QUESTIONS = ("brief_answer", "brief_settle")
REPLIES = ("requests:reply", "requests:reply_remove")
ROUND = ("round", "round_now", "round_join", "round_step", "round_defer", "round_close")
MINUTES = ("round_correct", "round_file")
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
    ("admin:requests_app_request_change", "object_id"): lambda world, kind: world.requests["foreign"].pk,
    **{(name, "pk"): lambda world, kind: world.reply.pk for name in REPLIES},
    ("requests:template", "slug"): lambda world, kind: "automation",
    ("requests:template_remove", "slug"): lambda world, kind: "automation",
    ("teams:person_change", "action"): lambda world, kind: "deactivate",
}
