"""What PRODUCT §3 and §4 say of scoring, talk, fields, people and seeing, in plain Python."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

from tests.requests_app.life.lives import (
    AGREED,
    DONE,
    HIDDEN,
    SAME,
    UNDECIDED,
    Answer,
    Life,
    Proposal,
    Step,
    member,
    on,
)
from tests.requests_app.life.portal import Portal, Said

OTHER = {"marketing": "it", "it": "marketing"}
CHANGED_WITHIN = timedelta(minutes=15)


def judge(portal: Portal, step: Step) -> Answer:
    """What becomes of a step that is no transition."""
    life = portal.lives[step.on]
    if not life.sees(step.by):
        return HIDDEN
    return JUDGES[step.name](portal, life, step)


def change(portal: Portal, step: Step) -> None:
    """Take such a step, which was found to be done."""
    CHANGES[step.name](portal, portal.lives[step.on], step)


def _score(portal: Portal, life: Life, step: Step) -> Answer:
    side = step.give["side"]
    codes = [] if life.status in UNDECIDED else ["wrong_status"]
    codes += [] if side in life.scores_for(step.by) else ["not_yours"]
    if codes:
        return Answer.refused(*codes)
    if life.round.scores.get(side) == step.give["values"]:
        return SAME
    told = not life.round.revealed or step.give.get("reason")
    return DONE if told else Answer.refused("reason_missing")


def _scored(portal: Portal, life: Life, step: Step) -> None:
    side, values = step.give["side"], dict(step.give["values"])
    before, was_revealed = life.round.scores.get(side, {}), life.round.revealed
    life.round.scores[side] = values
    life.scored_for.setdefault(step.by, side)
    if was_revealed:
        # What was agreed on other values is agreed no more.
        for name in [name for name in life.round.joint if before[name] != values[name]]:
            del life.round.joint[name]


def _closing_side(life: Life, by: str, present: Proposal | None) -> str:
    """For which side a joint value is proposed or assented to; "" for who may not.

    Who could act for both does so for the side that is asked, else for that of their scores or their team.
    """
    sides = life.seats(by)
    if present and present.by == by:
        sides &= {present.side}
    if len(sides) < 2:
        return next(iter(sides), "")
    if present:
        return OTHER[present.side]
    only_it = on(by, "it") and not on(by, "marketing")
    return life.scored_for.get(by) or ("it" if only_it else "marketing")


def _wrong_round(life: Life) -> Answer | None:
    if life.status not in UNDECIDED:
        return Answer.refused("wrong_status")
    return None if life.round.revealed else Answer.refused("score_missing")


def _propose(portal: Portal, life: Life, step: Step) -> Answer:
    name, value, note = (step.give[key] for key in ("dimension", "value", "note"))
    wrong = _wrong_round(life)
    if wrong:
        return wrong
    present = life.round.joint.get(name)
    if present and present.value == value and step.by in (present.by, present.agreed_by):
        better = note and note != present.note and step.by == present.by and not present.agreed_by
        return DONE if better else SAME
    if name not in life.round.apart():
        return Answer.refused("wrong_status")
    if present and present.agreed_by:
        return Answer.refused("already_done")
    side = _closing_side(life, step.by, present)
    if not side:
        return Answer.refused("not_yours")
    assents = present and present.side != side and present.value == value
    return DONE if assents or note else Answer.invalid("required")


def _proposed(portal: Portal, life: Life, step: Step) -> None:
    name, value, note = (step.give[key] for key in ("dimension", "value", "note"))
    present = life.round.joint.get(name)
    if present and present.value == value and step.by == present.by:
        life.round.joint[name] = replace(present, note=note)
        return
    side = _closing_side(life, step.by, present)
    if present and present.side != side and present.value == value:
        life.round.joint[name] = replace(present, agreed_by=step.by)
    else:
        life.round.joint[name] = Proposal(value, note, side, step.by)


def _reopen_point(portal: Portal, life: Life, step: Step) -> Answer:
    wrong = _wrong_round(life)
    if wrong:
        return wrong
    if not life.seats(step.by):
        return Answer.refused("not_yours")
    return DONE if step.give["dimension"] in life.round.joint else Answer.refused("already_done")


def _point_reopened(portal: Portal, life: Life, step: Step) -> None:
    del life.round.joint[step.give["dimension"]]


def _submitted(portal: Portal, life: Life, step: Step) -> Answer:
    return Answer.refused("wrong_status") if life.status == "draft" else DONE


def _was_said(portal: Portal, life: Life, step: Step) -> None:
    said = Said(step.by, step.on, portal.now, step.give.get("to", ""))
    portal.said.append(said)


def may_answer(life: Life, by: str, side: str) -> bool:
    """The side that is asked: its owner, its team, its leads; nobody from the other side's seat."""
    if side == "it":
        asked = life.serves_or_could(by) or by == life.it_owner
        return asked and by != life.marketing_owner
    asked = by in (life.author, life.marketing_owner) or member(by, life.team)
    return (asked or life.acts_for(by, "marketing")) and by != life.it_owner


def _heard(portal: Portal, life: Life, step: Step) -> Said | None:
    """The comment that is meant, where it is one of this request."""
    one = portal.said[step.give["comment"]]
    return one if one.home == step.on else None


def _answer(portal: Portal, life: Life, step: Step) -> Answer:
    one = _heard(portal, life, step)
    if life.status == "draft":
        return Answer.refused("wrong_status")
    if one is None or not one.question_to:
        return HIDDEN
    if not may_answer(life, step.by, one.question_to):
        return Answer.refused("not_yours")
    if one.deleted:
        return Answer.refused("wrong_status")
    return Answer.refused("already_done") if one.answered else DONE


def _answered(portal: Portal, life: Life, step: Step) -> None:
    portal.said[step.give["comment"]].answered = True
    portal.said.append(Said(step.by, step.on, portal.now, answer_to=step.give["comment"]))


def _reword(portal: Portal, life: Life, step: Step) -> Answer:
    one = _heard(portal, life, step)
    if life.status == "draft":
        return Answer.refused("wrong_status")
    if one is None:
        return HIDDEN
    if one.author != step.by:
        return Answer.refused("not_yours")
    if one.deleted:
        return Answer.refused("wrong_status")
    if one.answered:
        return Answer.refused("already_done")
    return DONE if portal.now - one.at <= CHANGED_WITHIN else Answer.refused("wrong_status")


def _delete(portal: Portal, life: Life, step: Step) -> Answer:
    one = _heard(portal, life, step)
    if life.status == "draft":
        return Answer.refused("wrong_status")
    if one is None:
        return HIDDEN
    if one.author != step.by and not life.leads(step.by):
        return Answer.refused("not_yours")
    return SAME if one.deleted else DONE


def _deleted(portal: Portal, life: Life, step: Step) -> None:
    one = portal.said[step.give["comment"]]
    one.deleted = True
    if one.answer_to is not None:
        # Without its answer the question is open again, wherever it stands.
        portal.said[one.answer_to].answered = False


def _support(portal: Portal, life: Life, step: Step) -> Answer:
    if life.status == "draft":
        return Answer.refused("wrong_status")
    return SAME if (step.by in life.supporters) == (step.name == "support") else DONE


def _supported(portal: Portal, life: Life, step: Step) -> None:
    life.supporters ^= {step.by}


def _watch(portal: Portal, life: Life, step: Step) -> Answer:
    person = step.give["person"]
    takes_care = step.by == life.author or step.by in life.tandem or life.leads(step.by)
    if life.status == "draft":
        return Answer.refused("wrong_status")
    if person != step.by and not takes_care:
        return Answer.refused("not_yours")
    return SAME if (person in life.watchers) == (step.name == "watch") else DONE


def _watched(portal: Portal, life: Life, step: Step) -> None:
    life.watchers ^= {step.give["person"]}


def _after(life: Life, step: Step) -> tuple[str, object]:
    """The field that an edit changes, and what stands in it then."""
    name, value = step.give["field"], step.give["value"]
    if (name, value, life.personal) == ("personal", "unsigned", "signed"):
        # The same data as were signed off.
        value = "signed"
    return name, value


def _edit(portal: Portal, life: Life, step: Step) -> Answer:
    name, value = _after(life, step)
    if getattr(life, name) == value:
        return SAME
    codes = [] if step.by == life.author or step.by in life.tandem or life.leads(step.by) else ["not_yours"]
    if life.status in AGREED and not step.give.get("reason"):
        codes.append("reason_missing")
    if codes:
        return Answer.refused(*codes)
    needs_team = name == "restricted" and value and not life.serving
    return Answer.invalid("team_missing") if needs_team else DONE


def _edited(portal: Portal, life: Life, step: Step) -> None:
    name, value = _after(life, step)
    setattr(life, name, value)
    if name == "restricted" and value:
        # On restricting, earlier watchers lose sight too.
        life.watchers, life.restrictions = set(), life.restrictions + 1


JUDGES: dict[str, Callable[[Portal, Life, Step], Answer]] = {
    "score": _score,
    "propose": _propose,
    "reopen_point": _reopen_point,
    "say": _submitted,
    "ask": _submitted,
    "answer": _answer,
    "reword": _reword,
    "delete": _delete,
    "support": _support,
    "withdraw_support": _support,
    "watch": _watch,
    "unwatch": _watch,
    "edit": _edit,
}
CHANGES: dict[str, Callable[[Portal, Life, Step], None]] = {
    "score": _scored,
    "propose": _proposed,
    "reopen_point": _point_reopened,
    "say": _was_said,
    "ask": _was_said,
    "answer": _answered,
    "reword": lambda portal, life, step: None,
    "delete": _deleted,
    "support": _supported,
    "withdraw_support": _supported,
    "watch": _watched,
    "unwatch": _watched,
    "edit": _edited,
}
