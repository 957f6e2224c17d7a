"""Mentors and learners: proposed by the weekly matching or by one of the two, begun once both agree."""

from collections.abc import Collection, Iterable
from datetime import datetime, timedelta
from random import Random

from django.db import transaction
from django.db.models import Count, Exists, OuterRef, Q
from django.http import Http404
from django.utils.translation import gettext as _

from activity import clock, log
from knowhow.bridges.pairing import MOST_LEARNERS, Pair, Somebody, pairs
from knowhow.models import Mentoring, Openness, PersonSkill
from teams import locks
from teams.models import Person
from teams.people import sides_of
from teams.rules import Missing, RuleViolation

# An unanswered proposal is forgotten after that and frees the mentor's place.
ANSWER_WITHIN = timedelta(days=28)
# So many learners and so many mentors at once: more would be no matching but a mailing.
MOST_MATCHED = 2_000
# A page names a few mentors; nobody reads through all of a large company.
MOST_LOOKED_AT = 500
OFFERED = 6


def taking_place(now: datetime) -> Q:
    """The condition on mentorings that take one of their mentor's places: running, or open and not stale."""
    declined = Q(mentor_agrees=False) | Q(learner_agrees=False)
    running = Q(mentor_agrees=True, learner_agrees=True)
    fresh = Q(proposed_at__gt=now - ANSWER_WITHIN)
    return Q(ended_at=None) & ~declined & (running | fresh)


def propose_pair(mentor_id: int, learner_id: int, skill_id: int, *, by: Person | None) -> Mentoring:
    """Propose that one learns something from the other; who proposes it has agreed. None is the matching.

    :raises Http404: where one of them is not there, or does not show the other what they can.
    :raises RuleViolation: ``not_yours`` for others; ``opted_out`` where one is not to be matched,
        ``not_ahead`` where the mentor does not teach it or knows no more, ``full`` where the mentor has no
        place, ``already_done`` where the two were proposed this before.
    """
    with transaction.atomic():
        people = locks.lock_people([mentor_id, learner_id])
        mentor, learner = people[mentor_id], people[learner_id]
        if by is not None and by.pk not in (mentor_id, learner_id):
            raise RuleViolation([Missing("not_yours", _("Only the two themselves propose this."))])
        _check_pair(mentor, learner, skill_id)
        made = Mentoring.objects.create(
            mentor=mentor,
            learner=learner,
            skill_id=skill_id,
            proposed_at=clock.now(),
            mentor_agrees=True if by and by.pk == mentor_id else None,
            learner_agrees=True if by and by.pk == learner_id else None,
        )
        log.record("mentoring.proposed", made, by=by, data={"mentor": mentor_id, "learner": learner_id})
        return made


def answer_pair(pk: int, agrees: bool, *, by: Person) -> Mentoring:
    """Say yes or no to a proposal; both have to say yes.

    :raises Http404: for all but the two.
    :raises RuleViolation: ``wrong_status`` where it is over, or was left unanswered for ANSWER_WITHIN;
        ``already_done`` where ``by`` has answered.
    """
    with transaction.atomic():
        pair = _held(pk, by)
        if not pair.is_open or pair.proposed_at <= clock.now() - ANSWER_WITHIN:
            raise RuleViolation([Missing("wrong_status", _("This proposal is no longer open."))])
        seat = "mentor_agrees" if by.pk == pair.mentor_id else "learner_agrees"
        if getattr(pair, seat) is not None:
            raise RuleViolation([Missing("already_done", _("You have answered this already."))])
        setattr(pair, seat, agrees)
        pair.version += 1
        pair.save(update_fields=[seat, "version"])
        log.record("mentoring.answered", pair, by=by, data={"agrees": agrees})
        return pair


def end_pair(pk: int, *, by: Person) -> Mentoring:
    """End it, or take a proposal back; either of the two may, without a reason.

    :raises Http404: for all but the two.
    :raises RuleViolation: ``already_done`` where it has ended.
    """
    with transaction.atomic():
        pair = _held(pk, by)
        if pair.ended_at is not None:
            raise RuleViolation([Missing("already_done", _("This has ended already."))])
        pair.ended_at = clock.now()
        pair.version += 1
        pair.save(update_fields=["ended_at", "version"])
        log.record("mentoring.ended", pair, by=by)
        return pair


def propose_matches(now: datetime) -> int:
    """Match all who teach and want something across the sides; returns how many were proposed to each other.

    Run by the schedule once a week. What was proposed before is never proposed again. Of more than
    MOST_MATCHED learners, or mentors of what these want, chance takes others each week.
    """
    chance = Random(f"{now:%G-%V}")  # noqa: S311
    learners = _few(_learners(now), chance)
    wanted = {skill for one in learners for skill in one.skills}
    free = (one for one in _mentors(now) if one.load < MOST_LEARNERS)
    mentors = _few([one for one in free if wanted & one.skills.keys()], chance)
    earlier = Mentoring.objects.values_list("mentor", "learner", "skill")
    found = pairs(mentors, learners, [Pair(*row) for row in earlier])
    return sum(_proposed(pair) for pair in found)


def _few(people: list[Somebody], chance: Random) -> list[Somebody]:
    """Matching takes memory for each mentor with each learner."""
    return people if len(people) <= MOST_MATCHED else chance.sample(people, MOST_MATCHED)


def _proposed(pair: Pair) -> bool:
    try:
        propose_pair(pair.mentor, pair.learner, pair.skill, by=None)
    except (RuleViolation, Http404):
        # Something changed since the people were read; the next week looks again.
        return False
    return True


def may_be_matched() -> Q:
    """The condition on skills of people that their owner has not opted out and shows them to all."""
    closed = Openness.objects.filter(person=OuterRef("person"))
    closed = closed.filter(Q(matching=False) | ~Q(skills=Openness.Readers.ALL))
    return Q(person__is_active=True) & ~Q(Exists(closed))


def _mentors(now: datetime) -> list[Somebody]:
    rows = PersonSkill.objects.counted().filter(may_be_matched(), teaches=True)
    busy = Mentoring.objects.filter(taking_place(now)).values_list("mentor").annotate(n=Count("pk"))
    return _somebodies(rows.select_related("person"), dict(busy))


def _learners(now: datetime) -> list[Somebody]:
    """Who wants something and has no mentor, nor a proposal that waits."""
    rows = PersonSkill.objects.counted().filter(may_be_matched(), wants=True)
    busy = Mentoring.objects.filter(taking_place(now)).values("learner")
    return _somebodies(rows.exclude(person__in=busy).select_related("person"), {})


def _somebodies(rows: Iterable[PersonSkill], loads: dict[int, int]) -> list[Somebody]:
    skills: dict[int, dict[int, int]] = {}
    people: dict[int, Person] = {}
    for row in rows:
        people[row.person_id] = row.person
        skills.setdefault(row.person_id, {})[row.skill_id] = row.level
    return [
        Somebody(pk, frozenset(sides_of(person)), skills[pk], loads.get(pk, 0))
        for pk, person in people.items()
    ]


def free_mentors(skills: Collection[int]) -> dict[int, list[PersonSkill]]:
    """Who teaches each of ``skills``, shows it to all, may be matched and has a free place; by name."""
    busy = Mentoring.objects.filter(taking_place(clock.now())).values("mentor").annotate(n=Count("pk"))
    full = busy.filter(n__gte=MOST_LEARNERS).values("mentor")
    rows = PersonSkill.objects.shown_to_all().filter(may_be_matched(), skill__in=skills, teaches=True)
    found: dict[int, list[PersonSkill]] = {}
    ordered = (
        rows.exclude(person__in=full).select_related("person", "skill").order_by("person__sort_key", "pk")
    )
    for row in ordered[:MOST_LOOKED_AT]:
        found.setdefault(row.skill_id, []).append(row)
    return found


def mentors_for(wish: PersonSkill, learner: Person, free: Iterable[PersonSkill]) -> list[PersonSkill]:
    """Those of ``free`` who know more than ``learner``, the ones of another side first; pure."""
    own = sides_of(learner)
    ahead = [row for row in free if row.person_id != learner.pk and row.level > wish.level]
    return sorted(ahead, key=lambda row: not sides_of(row.person) - own)


def pairs_of(person: Person) -> list[Mentoring]:
    """The pairs of ``person`` that run or wait for somebody, the newest first."""
    rows = Mentoring.objects.visible_to(person).filter(taking_place(clock.now()))
    return list(rows.select_related("mentor", "learner", "skill").order_by("-proposed_at", "-pk"))


def waiting_pairs(people: Collection[Person]) -> dict[int, list[int]]:
    """The ids of the proposals that wait for an answer of each of ``people``, by person. One query."""
    seats = Q(mentor__in=people, mentor_agrees=None) | Q(learner__in=people, learner_agrees=None)
    rows = Mentoring.objects.filter(taking_place(clock.now()) & seats)
    both = rows.filter(mentor__is_active=True, learner__is_active=True).order_by("proposed_at", "pk")
    found: dict[int, list[int]] = {}
    for pair in both:
        for person, said in ((pair.mentor_id, pair.mentor_agrees), (pair.learner_id, pair.learner_agrees)):
            if said is None:
                found.setdefault(person, []).append(pair.pk)
    return found


def may_ask(rows: Iterable[PersonSkill], learner: Person) -> set[int]:
    """Of the skills that somebody shows, the ids of those that ``learner`` may ask them to teach."""
    teaching = [row for row in rows if row.teaches and row.person_id != learner.pk]
    if not teaching:
        return set()
    known = dict(PersonSkill.objects.filter(person=learner).values_list("skill", "level"))
    mentor = teaching[0].person_id
    asked = set(Mentoring.objects.filter(mentor=mentor, learner=learner).values_list("skill", flat=True))
    ahead = (row for row in teaching if row.level > known.get(row.skill_id, 0))
    return {row.skill_id for row in ahead if row.skill_id not in asked}


def _held(pk: int, by: Person) -> Mentoring:
    seen = Mentoring.objects.visible_to(by).select_for_update(of=("self",)).filter(pk=pk)
    found = seen.select_related("mentor", "learner", "skill").first()
    if found is None:
        raise Http404
    return found


def _check_pair(mentor: Person, learner: Person, skill_id: int) -> None:
    teaching = _row(mentor, skill_id, learner)
    if not mentor.is_active or not learner.is_active or teaching is None:
        raise Http404
    _refuse_closed(mentor, learner)
    wanting = _row(learner, skill_id, learner)
    if not teaching.teaches or teaching.level <= (wanting.level if wanting else 0):
        words = _("%(name)s does not teach this, or knows no more about it.") % {"name": mentor.name}
        raise RuleViolation([Missing("not_ahead", words)])
    if Mentoring.objects.filter(mentor=mentor, learner=learner, skill=skill_id).exists():
        raise RuleViolation([Missing("already_done", _("The two of you were proposed this before."))])
    if Mentoring.objects.filter(taking_place(clock.now()), mentor=mentor).count() >= MOST_LEARNERS:
        words = _("%(name)s has no free place at the moment.") % {"name": mentor.name}
        raise RuleViolation([Missing("full", words)])


def _row(person: Person, skill_id: int, reader: Person) -> PersonSkill | None:
    return PersonSkill.objects.visible_to(reader).counted().filter(person=person, skill=skill_id).first()


def _refuse_closed(*people: Person) -> None:
    closed = Openness.objects.filter(person__in=people, matching=False).select_related("person").first()
    if closed is not None:
        words = _("%(name)s does not want to be matched at the moment.") % {"name": closed.person.name}
        raise RuleViolation([Missing("opted_out", words)])
