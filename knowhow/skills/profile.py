"""What people say of themselves: what they can, teach, want to learn.

The log keeps that somebody changed their skills, not which: what one can is shown to whom one chooses, and
the log is read by administrators for ever.
"""

from collections.abc import Collection, Iterable, Sequence
from typing import TypedDict

from django.db import IntegrityError, transaction
from django.http import Http404
from django.utils.translation import gettext as _

from activity import clock, log
from knowhow.models import PersonSkill, Skill, SkillWord
from knowhow.skills.alike import alike
from knowhow.skills.directory import hold_skills, word_of
from knowhow.skills.reading import IN_DIRECTORY
from knowhow.skills.words import USUAL_LEVEL, Entry, entries, line_of, plain
from teams import fields, locks
from teams.models import Person
from teams.rules import InvalidFields, Missing, RuleViolation
from teams.texts import clean_text

# Beyond this a profile is no longer read.
MOST_SKILLS = 100
MOST_AT_ONCE = 30
# No name is as long as this; what is longer is a text that was pasted into the wrong field.
LONGEST_LINE = 3_000


# What a word no longer leads to.
GONE = (Skill.State.MERGED, Skill.State.REFUSED)


class Changes(TypedDict, total=False):
    """What of one's own skill can be changed."""

    level: int
    teaches: bool
    wants: bool
    last_used: int | None


class Unclear(InvalidFields):
    """A ``word`` that is nearly a skill and none: ``offers`` are names, with what to enter for each."""

    def __init__(self, word: str, offers: Sequence[tuple[str, str]]) -> None:
        names = ", ".join(name for name, _line in offers)
        words = _("“%(word)s” is not in the directory. Did you mean %(names)s? If not, propose it as new.")
        super().__init__([Missing("did_you_mean", words % {"word": word, "names": names}, "skills")])
        self.word, self.offers = word, tuple(offers)


def add_skills(
    text: str, *, by: Person, wanted: bool = False, new: Collection[str] = ()
) -> list[PersonSkill]:
    """Take what a typed line names (``Newsletter 3, SQL``) into one's profile; returns these rows.

    Names, synonyms and either language are understood; what means nothing yet becomes a proposal for the
    directory, where nothing there is alike or it stands among the ``new`` words. Without a level a new skill
    gets USUAL_LEVEL; with one, what is there already takes it.
    ``wanted``: they want to learn all of these; what is new then begins at 0.

    :raises Unclear: for a word that is like others, and not said to be ``new``.
    :raises InvalidFields: where the line is empty, too long, or names too many or too long skills.
    :raises RuleViolation: ``not_yours`` for who is deactivated, ``too_many`` beyond MOST_SKILLS.
    """
    named = _named(text)
    with transaction.atomic():
        person = _held(by)
        meant = _meant(named, person, {plain(word) for word in new})
        before = {row.skill_id: row for row in PersonSkill.objects.filter(person=person)}
        _refuse_archived(skill for skill, _entry in meant if skill.pk not in before)
        changed = [
            _row(before.get(skill.pk), PersonSkill(person=person, skill=skill), entry, wanted)
            for skill, entry in meant
        ]
        fresh = [row for row in changed if row is not None]
        _check_number(person, sum(row.pk is None for row in fresh))
        PersonSkill.objects.bulk_create([row for row in fresh if row.pk is None])
        PersonSkill.objects.bulk_update(
            [row for row in fresh if row.skill_id in before], ["level", "wants", "changed_at"]
        )
        if fresh:
            log.record("skills.added", person, by=by, data={"number": len(fresh)})
        return list(PersonSkill.objects.filter(person=person, skill__in=[skill for skill, _entry in meant]))


def _check_number(person: Person, more: int) -> None:
    """What was turned down since stands on no page, so it takes no room either."""
    if PersonSkill.objects.counted().filter(person=person).count() + more > MOST_SKILLS:
        words = _("A profile holds at most %(most)d skills.") % {"most": MOST_SKILLS}
        raise RuleViolation([Missing("too_many", words, "skills")])


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
            row.save(update_fields=[*different, "changed_at"])
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
    return [Entry(word_of(entry.name, "skills"), entry.level) for entry in named]


def _held(by: Person) -> Person:
    person = locks.lock_people([by.pk])[by.pk]
    if not person.is_active:
        raise RuleViolation([Missing("not_yours", _("This person is deactivated."))])
    return person


def _own(person: Person, skill_id: int) -> PersonSkill:
    """The row, held: a merge that moves it meanwhile comes before or after."""
    rows = PersonSkill.objects.select_for_update(no_key=True).filter(person=person, skill=skill_id)
    found = rows.first()
    if found is None:
        raise Http404
    return found


def _meant(named: Sequence[Entry], person: Person, new: Collection[str]) -> list[tuple[Skill, Entry]]:
    """The skills that are meant, held, each once; what means nothing is proposed by ``person``."""
    while True:
        known = _known(named)
        _ask_what_is_unclear(named, known, new)
        for entry in named:
            if plain(entry.name) not in known:
                known[plain(entry.name)] = _propose(entry.name, person)
        held = hold_skills(known.values())
        # Merged or turned down between looking and holding: the words mean something else by now.
        if not any(skill.state in GONE for skill in held.values()):
            break
    meant: dict[int, Entry] = {}
    for entry in named:
        meant.setdefault(known[plain(entry.name)], entry)
    return [(held[pk], entry) for pk, entry in meant.items()]


def _ask_what_is_unclear(named: Sequence[Entry], known: Collection[str], new: Collection[str]) -> None:
    unclear = [entry for entry in named if plain(entry.name) not in {*known, *new}]
    if not unclear:
        return
    words = list(SkillWord.objects.filter(skill__state__in=IN_DIRECTORY).values_list("text", "skill"))
    for entry in unclear:
        if near := alike(plain(entry.name), words):
            skills = Skill.objects.in_bulk(near)
            # What others proposed may be a slip itself.
            listed_first = sorted(near, key=lambda pk: skills[pk].state != Skill.State.LISTED)
            names = [str(skills[pk]) for pk in listed_first]
            raise Unclear(entry.name, [(name, line_of(named, {entry.name: name})) for name in names])


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
