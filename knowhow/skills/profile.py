"""What people say of themselves: what they can, teach, want to learn.

The log keeps that somebody changed their skills, not which: what one can is shown to whom one chooses, and
the log is read by administrators for ever.
"""

from collections.abc import Iterable, Sequence
from typing import TypedDict

from django.db import IntegrityError, transaction
from django.http import Http404
from django.utils.translation import gettext as _

from activity import clock, log
from knowhow.models import PersonSkill, Skill, SkillWord
from knowhow.skills.directory import hold_skills
from knowhow.skills.models import SKILL_NAME
from knowhow.skills.words import Entry, entries, plain
from teams import fields, locks
from teams.models import Person
from teams.rules import InvalidFields, Missing, RuleViolation
from teams.texts import clean_text

USUAL_LEVEL = 2
# Beyond this a profile is no longer read.
MOST_SKILLS = 100
MOST_AT_ONCE = 30
# No name is as long as this; what is longer is a text that was pasted into the wrong field.
LONGEST_LINE = 3_000


class Changes(TypedDict, total=False):
    """What of one's own skill can be changed."""

    level: int
    teaches: bool
    wants: bool
    last_used: int | None


def add_skills(text: str, *, by: Person, wanted: bool = False) -> list[PersonSkill]:
    """Take what a typed line names (``Newsletter 3, SQL``) into one's profile; returns these rows.

    Names, synonyms and either language are understood; what means nothing yet becomes a proposal for the
    directory. Without a level a new skill gets USUAL_LEVEL; with one, what is there already takes it.
    ``wanted``: they want to learn all of these; what is new then begins at 0.

    :raises InvalidFields: where the line is empty, too long, or names too many or too long skills.
    :raises RuleViolation: ``not_yours`` for who is deactivated, ``too_many`` beyond MOST_SKILLS.
    """
    named = _named(text)
    with transaction.atomic():
        person = _held(by)
        meant = _meant(named, person)
        before = {row.skill_id: row for row in PersonSkill.objects.filter(person=person)}
        _refuse_archived(skill for skill, _entry in meant if skill.pk not in before)
        changed = [
            _row(before.get(skill.pk), PersonSkill(person=person, skill=skill), entry, wanted)
            for skill, entry in meant
        ]
        fresh = [row for row in changed if row is not None]
        if len(before) + sum(row.pk is None for row in fresh) > MOST_SKILLS:
            words = _("A profile holds at most %(most)d skills.") % {"most": MOST_SKILLS}
            raise RuleViolation([Missing("too_many", words, "skills")])
        PersonSkill.objects.bulk_create([row for row in fresh if row.pk is None])
        PersonSkill.objects.bulk_update(
            [row for row in fresh if row.skill_id in before], ["level", "wants", "changed_at"]
        )
        if fresh:
            log.record("skills.added", person, by=by, data={"number": len(fresh)})
        return list(PersonSkill.objects.filter(person=person, skill__in=[skill for skill, _entry in meant]))


def change_skill(skill_id: int, changes: Changes, *, by: Person) -> PersonSkill:
    """Change level, teaching, wish or year of one's own skill; what is the same changes nothing.

    :raises Http404: where ``by`` has no such skill.
    :raises InvalidFields: naming each field that cannot be kept.
    """
    _check(changes)
    with transaction.atomic():
        person = _held(by)
        row = _own(person, skill_id)
        different = {name: value for name, value in changes.items() if value != getattr(row, name)}
        if different:
            for name, value in different.items():
                setattr(row, name, value)
            row.changed_at = clock.now()
            row.save()
            log.record("skills.changed", person, by=by, data={"fields": sorted(different)})
        return row


def drop_skill(skill_id: int, *, by: Person) -> Person:
    """Take a skill out of one's profile.

    :raises Http404: where ``by`` has no such skill.
    """
    with transaction.atomic():
        person = _held(by)
        _own(person, skill_id).delete()
        log.record("skills.dropped", person, by=by)
        return person


def _named(text: str) -> list[Entry]:
    named = entries(clean_text(text, "skills", LONGEST_LINE))
    if not named:
        raise fields.wrong("skills", _("Fill in this field."), "required")
    if len(named) > MOST_AT_ONCE:
        words = _("Enter at most %(most)d skills at once.") % {"most": MOST_AT_ONCE}
        raise fields.wrong("skills", words, "too_many")
    return [Entry(fields.needed_line(entry.name, "skills", SKILL_NAME), entry.level) for entry in named]


def _held(by: Person) -> Person:
    person = locks.lock_people([by.pk])[by.pk]
    if not person.is_active:
        raise RuleViolation([Missing("not_yours", _("This person is deactivated."))])
    return person


def _own(person: Person, skill_id: int) -> PersonSkill:
    found = PersonSkill.objects.filter(person=person, skill=skill_id).first()
    if found is None:
        raise Http404
    return found


def _meant(named: Sequence[Entry], person: Person) -> list[tuple[Skill, Entry]]:
    """The skills that are meant, held, each once; what means nothing is proposed by ``person``."""
    known = _known(named)
    for entry in named:
        if plain(entry.name) not in known:
            known[plain(entry.name)] = _propose(entry.name, person)
    held = hold_skills(known.values())
    if any(skill.state == Skill.State.MERGED for skill in held.values()):
        # Merged between looking and holding: the words lead on by now.
        known = _known(named)
        held = hold_skills(known.values())
    meant: dict[int, Entry] = {}
    for entry in named:
        meant.setdefault(known[plain(entry.name)], entry)
    return [(held[pk], entry) for pk, entry in meant.items()]


def _known(named: Sequence[Entry]) -> dict[str, int]:
    words = SkillWord.objects.filter(text__in=[plain(entry.name) for entry in named])
    return dict(words.values_list("text", "skill"))


def _propose(name: str, person: Person) -> int:
    """A proposal for the directory; whoever was faster with the same word keeps it."""
    try:
        with transaction.atomic():
            skill = Skill.objects.create(
                name_de=name,
                name_en=name,
                state=Skill.State.PROPOSED,
                proposed_by=person,
                created_at=clock.now(),
            )
            SkillWord.objects.create(skill=skill, text=plain(name))
            return skill.pk
    except IntegrityError:
        return int(SkillWord.objects.values_list("skill", flat=True).get(text=plain(name)))


def _refuse_archived(skills: Iterable[Skill]) -> None:
    """What is no longer offered stays with those who have it, and comes to nobody else."""
    for skill in skills:
        if skill.state == Skill.State.ARCHIVED:
            words = _("“%(skill)s” is no longer offered. Choose another word.") % {"skill": skill}
            raise fields.wrong("skills", words)


def _row(row: PersonSkill | None, new: PersonSkill, entry: Entry, wanted: bool) -> PersonSkill | None:
    """The row as it shall be, ``new`` where there is none; None where it is so already."""
    usual = USUAL_LEVEL if not wanted else 0
    kept = row or new
    level = entry.level if entry.level is not None else row.level if row else usual
    wants = wanted or kept.wants
    if row is not None and (level, wants) == (row.level, row.wants):
        return None
    kept.level, kept.wants, kept.changed_at = level, wants, clock.now()
    return kept


def _check(changes: Changes) -> None:
    wrong = []
    level = changes.get("level", 0)
    if not 0 <= level <= PersonSkill.HIGHEST:
        wrong.append(Missing("invalid", _("Choose a level from 0 to 4."), "level"))
    year = changes.get("last_used")
    if year is not None and not 1950 <= year <= clock.now().year:
        wrong.append(Missing("invalid", _("Enter a year that has begun, such as 2024."), "last_used"))
    if wrong:
        raise InvalidFields(wrong)
