"""Where a goal may stand in the tree: company goals above joint ones, joint ones above those of one side."""

from django.utils.translation import gettext as _

from teams import fields
from teams.models import Goal, Level

ORDER = tuple(Level)


def check_circle(goal: Goal) -> None:
    """Check, while the tree is locked, that ``goal`` does not serve itself by way of others.

    :raises InvalidFields: naming ``parent``, also where there is no such goal.
    """
    parent, seen = goal.parent_id, {goal.pk}
    while parent is not None:
        if parent in seen:
            words = _("This goal would serve itself in a circle. Choose a goal that does not serve this one.")
            raise fields.wrong("parent", words, "cycle")
        seen.add(parent)
        parent = _parent_of(parent)


def check_parent(goal: Goal) -> None:
    """Check that what ``goal`` is to serve is still pursued.

    :raises InvalidFields: naming ``parent``, where that goal is archived or its period closed.
    """
    above = Goal.objects.filter(pk=goal.parent_id or 0, is_archived=True).first()
    if above is not None:
        words = _("“%(above)s” is archived or closed; nothing new serves it.")
        raise fields.wrong("parent", words % {"above": above.title}, "archived")


def _parent_of(goal_id: int) -> int | None:
    found = Goal.objects.filter(pk=goal_id).values_list("parent").first()
    if found is None:
        raise fields.wrong("parent", _("There is no such goal."))
    parent: int | None = found[0]
    return parent


def check_levels(goal: Goal) -> None:
    """Check, while the tree is locked and once owners are kept, that ``goal`` serves one as wide or wider.

    :raises InvalidFields: naming ``parent`` or ``teams``.
    """
    # Asked anew of the database, because owners may have changed just now.
    rank = ORDER.index(Goal.objects.get(pk=goal.pk).level)
    above = Goal.objects.filter(pk=goal.parent_id).first() if goal.parent_id else None
    if above is not None and ORDER.index(above.level) > rank:
        words = _("“%(above)s” is a %(level)s; a wider goal cannot serve it.")
        raise fields.wrong("parent", words % {"above": above.title, "level": above.level.label}, "level")
    for below in Goal.objects.filter(parent=goal).prefetch_related("teams"):
        if ORDER.index(below.level) < rank:
            words = _("“%(below)s” serves this goal and is wider than it would be. Move that goal first.")
            raise fields.wrong("teams", words % {"below": below.title}, "level")
