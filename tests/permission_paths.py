"""The paths that stand for each URL pattern; an argument that is not known here fails the test."""

import re
from collections.abc import Callable, Iterator

from tests.permission_world import World

# Django's own pages for adding and changing rows exist once per model; one model stands for all.
ARGUMENT = re.compile(r"<(?:(\w+):)?(\w+)>|\(\?P<(\w+)>[^)]*\)")


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
    "number": lambda world, kind: world.requests[kind].number,
    "slug": lambda world, kind: world.crm.slug,
    "status": lambda world, kind: "ready",
    "action": lambda world, kind: "park",
    "week": lambda world, kind: "2026-W40",
    "object_id": lambda world, kind: world.goal.pk,
    "app_label": lambda world, kind: "teams",
    "content_type_id": lambda world, kind: 1,
    "url": lambda world, kind: "nowhere",
    "path": lambda world, kind: "nowhere",
    "token": lambda world, kind: "wrong-token",
}
SPECIAL: dict[tuple[str, str], Callable[[World, str], object]] = {
    ("teams:goal", "pk"): lambda world, kind: world.goal.pk,
}
