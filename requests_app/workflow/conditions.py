"""Each condition of the transition table: a small function that says what is missing, with code and words.

Conditions on the state tell whether an action is open to a person; conditions on what was handed in
(``asks`` of an action) only hold once the person has filled in the form.
"""

from collections.abc import Callable
from datetime import date, timedelta

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from requests_app.choices import PersonalData, Status
from requests_app.workflow import who
from requests_app.workflow.inputs import Explainer, Unset
from requests_app.workflow.situation import Situation
from requests_app.workflow.turn import has_result
from teams.models import Person, Side
from teams.rules import Missing

Condition = Callable[[Situation], Missing | None]

# Between delivery and measuring, customers need time to notice.
MEASURED_AFTER = timedelta(days=14)
UNDO_WITHIN = timedelta(seconds=60)
UNMERGE_WITHIN = timedelta(days=1)


def goal_named(s: Situation) -> Missing | None:
    if s.request.goal_id is not None:
        return None
    return Missing("goal_missing", _("Name the goal that the request serves."), "goal")


def result_complete(s: Situation) -> Missing | None:
    if has_result(s.request):
        return None
    words = _("Complete the expected result: metric, baseline, target and measuring date.")
    return Missing("result_missing", words, "metric")


def both_scored(s: Situation) -> Missing | None:
    if s.round.is_revealed:
        return None
    words = _("First both sides score the request, each for itself.")
    if Side.MARKETING in s.round.sides:
        words = _("IT has not scored the request yet.")
    if Side.IT in s.round.sides:
        words = _("Marketing has not scored the request yet.")
    return Missing("score_missing", words, "scores")


def divergences_closed(s: Situation) -> Missing | None:
    left = len(s.round.open_divergences)
    if not left:
        return None
    words = ngettext(
        "Both sides still have to talk about %(count)d point.",
        "Both sides still have to talk about %(count)d points.",
        left,
    )
    return Missing("divergence_open", words % {"count": left}, "scores")


def gate_reached(s: Situation) -> Missing | None:
    if not s.round.is_revealed:
        return None
    difference = s.round.difference(s.rules.weights)
    if difference >= s.rules.gate:
        return None
    words = _("The impact is %(difference)d, below the gate of %(gate)d. Park the request as nice to have.")
    return Missing("below_gate", words % {"difference": difference, "gate": s.rules.gate}, "scores")


def marketing_owner_there(s: Situation) -> Missing | None:
    if s.request.marketing_owner_id is not None:
        return None
    return Missing("owner_missing", _("Name the marketing owner."), "marketing_owner")


def it_owner_there(s: Situation) -> Missing | None:
    if s.request.it_owner_id is not None:
        return None
    return Missing("owner_missing", _("Name the IT owner."), "it_owner")


def it_owner_there_or_actor(s: Situation) -> Missing | None:
    """Who shapes a request becomes its IT owner where that seat is empty."""
    return None if takes_it_seat(s) else it_owner_there(s)


def takes_it_seat(s: Situation) -> bool:
    """Whether the actor becomes IT owner by shaping."""
    return s.request.it_owner_id is None and s.roles.on_it and not s.roles.marketing_owner


def serving_team_there(s: Situation) -> Missing | None:
    if s.request.serving_team_id is not None:
        return None
    return Missing("team_missing", _("Choose the serving team first."), "serving_team")


def serving_team_there_while_new(s: Situation) -> Missing | None:
    return serving_team_there(s) if s.request.status == Status.SUBMITTED else None


def slot_free(s: Situation) -> Missing | None:
    if not s.wip.full:
        return None
    words = _("The column “In progress” is full (%(limit)d). Finish something first.")
    return Missing("wip_full", words % {"limit": s.wip.limit or 0})


def personal_data_signed(s: Situation) -> Missing | None:
    if s.request.personal_data != PersonalData.YES or s.request.personal_data_signed_by:
        return None
    words = _("The personal data are not signed off yet: name who signed, and when.")
    return Missing("personal_data_unsigned", words, "personal_data_signed_by")


def reason_given(s: Situation) -> Missing | None:
    return None if s.inputs.reason else Missing("reason_missing", _("Give a reason."), "reason")


def revisit_in_future(s: Situation) -> Missing | None:
    if s.inputs.revisit_on is not None and s.inputs.revisit_on > s.today:
        return None
    return Missing("date_missing", _("Choose a future day on which you look at it again."), "revisit_on")


def measuring_date(s: Situation) -> date | None:
    """The day of measuring that would hold after delivery."""
    return s.inputs.measured_on or s.request.measured_on


def measured_later(s: Situation) -> Missing | None:
    day = measuring_date(s)
    if day is not None and day >= s.today + MEASURED_AFTER:
        return None
    words = _("Choose a day at least 14 days ahead on which you measure the result.")
    return Missing("date_missing", words, "measured_on")


def explained(s: Situation) -> Missing | None:
    explainer = s.inputs.explainer
    if explainer is not None:
        return _explained_whole(explainer)
    if s.inputs.solution is not None or s.request.solution_id is not None:
        return None
    words = _("Name the solution, or explain it in plain language with a title and a text.")
    return Missing("explainer_missing", words, "explainer")


def _explained_whole(explainer: Explainer) -> Missing | None:
    missing = explainer.missing()
    if not missing:
        return None
    if missing[0] in ("title", "text"):
        words = _("Name the solution, or explain it in plain language with a title and a text.")
        return Missing("explainer_missing", words, "explainer")
    words = _("Say as well what it cannot do and what to do when something is unusual.")
    return Missing("explainer_missing", words, f"explainer.{missing[0]}")


def serving_team_yours(s: Situation) -> Missing | None:
    if isinstance(s.inputs.serving_team, Unset) or who.may_set_serving_team(s):
        return None
    words = _("Only members of the serving team and the leads change it.")
    return Missing("not_yours", words, "serving_team")


def serving_team_fits(s: Situation) -> Missing | None:
    team = s.inputs.serving_team
    if isinstance(team, Unset):
        return None
    if team is None:
        return _serving_team_kept(s)
    return (
        None if team.side == Side.IT else Missing("team_missing", _("Choose a team of IT."), "serving_team")
    )


def _serving_team_kept(s: Situation) -> Missing | None:
    if s.request.restricted:
        words = _("A restricted request needs a serving team. Choose another one.")
        return Missing("team_missing", words, "serving_team")
    if s.request.status != Status.SUBMITTED:
        words = _("IT works on this request already. Choose another team.")
        return Missing("team_missing", words, "serving_team")
    return None


def it_owner_yours(s: Situation) -> Missing | None:
    if isinstance(s.inputs.it_owner, Unset) or who.may_set_it_owner(s):
        return None
    return Missing("not_yours", _("Only members of the serving team name the IT owner."), "it_owner")


def it_owner_fits(s: Situation) -> Missing | None:
    if _fits(s.inputs.it_owner, Side.IT):
        return None
    return Missing("owner_missing", _("Choose a person of IT."), "it_owner")


def marketing_owner_yours(s: Situation) -> Missing | None:
    if isinstance(s.inputs.marketing_owner, Unset) or who.may_set_marketing_owner(s):
        return None
    words = _("Only the requester and members of the requesting team name the marketing owner.")
    return Missing("not_yours", words, "marketing_owner")


def marketing_owner_fits(s: Situation) -> Missing | None:
    if _fits(s.inputs.marketing_owner, Side.MARKETING):
        return None
    return Missing("owner_missing", _("Choose a person of Marketing."), "marketing_owner")


def _fits(person: Person | Unset | None, side: str) -> bool:
    if person is None or isinstance(person, Unset):
        return True
    return person.is_active and person.on_side(side)


def owners_differ(s: Situation) -> Missing | None:
    marketing = _owner_after(s.inputs.marketing_owner, s.request.marketing_owner_id)
    it = _owner_after(s.inputs.it_owner, s.request.it_owner_id)
    if marketing is None or marketing != it:
        return None
    field = "marketing_owner" if isinstance(s.inputs.it_owner, Unset) else "it_owner"
    return Missing("owner_missing", _("A tandem is two different people. Choose another one."), field)


def _owner_after(chosen: Person | Unset | None, present: int | None) -> int | None:
    if isinstance(chosen, Unset):
        return present
    return chosen.pk if chosen else None


def undone_in_time(s: Situation) -> Missing | None:
    if s.last is not None and s.now - s.last.at <= UNDO_WITHIN:
        return None
    return Missing("wrong_status", _("A step can be undone for 60 seconds; they are over."))


def nothing_since(s: Situation) -> Missing | None:
    if s.last is not None and not s.last.followed:
        return None
    return Missing("wrong_status", _("Something else has happened since, so this step cannot be undone."))


def unmerged_in_time(s: Situation) -> Missing | None:
    if s.last is not None and s.now - s.last.at <= UNMERGE_WITHIN:
        return None
    return Missing("wrong_status", _("A merge can be undone for one day, which is over."))
