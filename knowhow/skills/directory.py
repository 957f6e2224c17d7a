"""The skills directory: kept by admins, in groups, with names in both languages and synonyms.

Locks: people, then skills by id. Whoever adds a skill to a profile holds its row as well, so that a merge
and an addition at the same moment come one after the other.
"""

from collections.abc import Iterable, Mapping
from typing import TypedDict

from django.db import IntegrityError, transaction
from django.db.models import Exists, Max, OuterRef
from django.http import Http404
from django.utils.translation import gettext as _

from activity import clock, log
from knowhow.models import Mentoring, PersonSkill, Skill, SkillGroup, SkillWord
from knowhow.skills.models import SKILL_NAME
from knowhow.skills.words import plain
from teams import fields, rights
from teams.models import Person
from teams.rules import Missing, RuleViolation
from teams.texts import clean_line

MOST_SYNONYMS = 20


class SkillFields(TypedDict, total=False):
    """What of a skill an admin can change; ``state`` is listed or archived."""

    group: SkillGroup
    name_de: str
    name_en: str
    synonyms: list[str]
    state: str


def add_group(name_de: str, name_en: str, side: str, *, by: Person | None) -> SkillGroup:
    """Add a shelf at the end of the directory.

    :raises InvalidFields: naming each field that cannot be kept.
    :raises RuleViolation: ``not_yours`` for all but admins.
    """
    names = _names({"name_de": name_de, "name_en": name_en})
    side = fields.clean_side(side)
    with transaction.atomic():
        rights.require_admin(by)
        last = SkillGroup.objects.aggregate(last=Max("position"))["last"]
        group = SkillGroup.objects.create(**names, side=side, position=0 if last is None else last + 1)
        log.record("skill_group.created", group, by=by, data={**names, "side": side})
        return group


def edit_group(
    group: SkillGroup, *, name_de: str, name_en: str, side: str, by: Person, version: int | None = None
) -> SkillGroup:
    """Rename a group, or say at whose home its skills are.

    :raises InvalidFields: naming each field that cannot be kept.
    :raises RuleViolation: ``not_yours`` for all but admins.
    :raises StaleVersion: where somebody changed it since ``version``.
    """
    wanted = {**_names({"name_de": name_de, "name_en": name_en}), "side": fields.clean_side(side)}
    with transaction.atomic():
        group = SkillGroup.objects.select_for_update(no_key=True).get(pk=group.pk)
        rights.require_admin(by)
        fields.check_version(group.version, version)
        now = {name: getattr(group, name) for name in wanted}
        changes = {name: value for name, value in wanted.items() if value != now[name]}
        if changes:
            _write(group, changes)
            data = {"changes": fields.told(changes, now), "version": group.version}
            log.record("skill_group.edited", group, by=by, data=data)
        return group


def add_skill(
    group: SkillGroup, name_de: str, name_en: str, *, by: Person | None, synonyms: Iterable[str] = ()
) -> Skill:
    """Put a skill into the directory.

    :raises InvalidFields: naming each field that cannot be kept.
    :raises RuleViolation: ``not_yours`` for all but admins, ``already_done`` where a word means another one.
    """
    names, others = _names({"name_de": name_de, "name_en": name_en}), clean_synonyms(synonyms)
    with transaction.atomic():
        rights.require_admin(by)
        skill = Skill.objects.create(group=group, **names, created_at=clock.now())
        write_words(skill, others)
        log.record("skill.created", skill, by=by, data={**names, "group": group.pk, "synonyms": others})
        return skill


def edit_skill(skill: Skill, changes: SkillFields, *, by: Person, version: int | None = None) -> Skill:
    """Rename, move, archive a skill or change its synonyms; a proposal that gets a group is listed.

    :raises InvalidFields: naming each field that cannot be kept.
    :raises RuleViolation: ``not_yours`` for all but admins, ``wrong_status`` for what was merged or refused,
        ``already_done`` where a word means another skill.
    :raises StaleVersion: where somebody changed it since ``version``.
    """
    clean = _clean(changes)
    with transaction.atomic():
        skill = hold_skills([skill.pk])[skill.pk]
        rights.require_admin(by)
        fields.check_version(skill.version, version)
        _refuse_gone(skill)
        was_proposed = skill.state == Skill.State.PROPOSED
        if was_proposed and "group" in clean:
            clean.setdefault("state", Skill.State.LISTED)
        data = _apply(skill, clean)
        if data:
            kind = (
                "skill.accepted" if was_proposed and skill.state != Skill.State.PROPOSED else "skill.edited"
            )
            log.record(kind, skill, by=by, data={"changes": data, "version": skill.version})
        return skill


def refuse_skill(skill: Skill, *, by: Person) -> Skill:
    """Do not take a proposal: it disappears from profiles and lists, and its word is free again.

    :raises RuleViolation: ``not_yours`` for all but admins, ``wrong_status`` for what is no proposal.
    """
    with transaction.atomic():
        skill = hold_skills([skill.pk])[skill.pk]
        rights.require_admin(by)
        if skill.state != Skill.State.PROPOSED:
            raise RuleViolation([Missing("wrong_status", _("Only proposals can be turned down."))])
        skill.words.all().delete()
        _write(skill, {"state": Skill.State.REFUSED})
        log.record("skill.refused", skill, by=by, data={"name_de": skill.name_de})
        return skill


def merge_skills(skill: Skill, into: Skill, *, by: Person) -> Skill:
    """Let ``skill`` be meant by ``into``: its words become synonyms, everybody who has it has the other,
    mentors teach and learners learn the other.

    Who had both keeps the higher level, the later year, and teaches or wants what they did in either.
    Returns ``into``.

    :raises RuleViolation: ``not_yours`` for all but admins, ``wrong_status`` for what was merged or refused
        already, or the same skill twice.
    """
    if skill.pk == into.pk:
        raise RuleViolation([Missing("wrong_status", _("Choose another skill to merge it into."), "into")])
    with transaction.atomic():
        held = hold_skills([skill.pk, into.pk])
        skill, into = held[skill.pk], held[into.pk]
        rights.require_admin(by)
        _refuse_gone(skill)
        _refuse_gone(into)
        moved = _move_people(skill, into)
        _move_pairs(skill, into)
        skill.words.update(skill=into, is_synonym=True)
        Skill.objects.filter(merged_into=skill).update(merged_into=into)
        _write(skill, {"state": Skill.State.MERGED, "merged_into": into})
        _write(into, {})
        log.record("skill.merged", skill, by=by, data={"into": into.pk, "people": moved})
        return into


def hold_skills(ids: Iterable[int]) -> dict[int, Skill]:
    """These skills with their rows held, in the order of their ids.

    :raises Http404: where one of them does not exist.
    """
    wanted = set(ids)
    rows = Skill.objects.select_for_update(of=("self",)).filter(pk__in=wanted).order_by("pk")
    found = {skill.pk: skill for skill in rows}
    if set(found) != wanted:
        raise Http404
    return found


def clean_synonyms(synonyms: Iterable[str]) -> list[str]:
    """Synonyms as they are kept, each once.

    :raises InvalidFields: where one is too long, or there are more than MOST_SYNONYMS.
    """
    clean = [plain(word_of(word, "synonyms")) for word in synonyms if word.strip()]
    clean = list(dict.fromkeys(clean))
    if len(clean) > MOST_SYNONYMS:
        words = _("Keep at most %(most)d synonyms.") % {"most": MOST_SYNONYMS}
        raise fields.wrong("synonyms", words, "too_many")
    return clean


def word_of(name: str, field: str) -> str:
    """A name or synonym as it is kept.

    :raises InvalidFields: where it is empty or too long, also in plain letters: ß counts as ss there.
    """
    line = fields.needed_line(name, field, SKILL_NAME)
    clean_line(plain(line), field, SKILL_NAME)
    return line


def write_words(skill: Skill, synonyms: Iterable[str]) -> None:
    """Let names and ``synonyms`` mean ``skill`` and nothing else do.

    :raises RuleViolation: ``already_done`` naming what means another skill already.
    """
    names = {plain(skill.name_de), plain(skill.name_en)}
    wanted = dict.fromkeys(sorted(names), False) | {word: True for word in synonyms if word not in names}
    taken = SkillWord.objects.filter(text__in=wanted).exclude(skill=skill).order_by("text")
    for word in taken.values_list("text", flat=True)[:1]:
        raise _taken(word)
    skill.words.all().delete()
    rows = [SkillWord(skill=skill, text=word, is_synonym=extra) for word, extra in wanted.items()]
    try:
        with transaction.atomic():
            SkillWord.objects.bulk_create(rows)
    except IntegrityError as error:
        # Somebody gave one of the words to another skill since it was looked for.
        raise _taken(skill.name_de) from error


def _taken(word: str) -> RuleViolation:
    text = _("“%(word)s” means another skill already. Merge the two instead.") % {"word": word}
    return RuleViolation([Missing("already_done", text, "name_de")])


def _names(names: dict[str, str]) -> dict[str, str]:
    return {field: word_of(value, field) for field, value in names.items()}


def _clean(changes: SkillFields) -> SkillFields:
    clean = changes.copy()
    for name in ("name_de", "name_en"):
        if name in clean:
            clean[name] = word_of(clean[name], name)
    if "synonyms" in clean:
        clean["synonyms"] = clean_synonyms(clean["synonyms"])
    if clean.get("state", Skill.State.LISTED) not in (Skill.State.LISTED, Skill.State.ARCHIVED):
        raise fields.wrong("state", _("A skill is offered or archived."))
    return clean


def _apply(skill: Skill, clean: SkillFields) -> dict[str, object]:
    """Write what differs; returns it as an event keeps it."""
    if "group" not in clean and skill.group_id is None and clean.get("state") == Skill.State.LISTED:
        raise fields.wrong("group", _("Choose a group."), "required")
    now = {"name_de": skill.name_de, "name_en": skill.name_en, "state": skill.state, "group": skill.group_id}
    given = {**clean, "group": clean["group"].pk} if "group" in clean else dict(clean)
    then = {name: given.get(name, value) for name, value in now.items()}
    told: dict[str, object] = dict(fields.told({k: v for k, v in then.items() if v != now[k]}, now))
    before = sorted(skill.words.filter(is_synonym=True).values_list("text", flat=True))
    synonyms = sorted(clean.get("synonyms", before))
    if synonyms != before:
        told["synonyms"] = {"from": before, "to": synonyms}
    if told:
        _write(skill, {"group_id": then.pop("group"), **then})
        write_words(skill, synonyms)
    return told


def _refuse_gone(skill: Skill) -> None:
    if skill.state in (Skill.State.MERGED, Skill.State.REFUSED):
        words = _("This skill is no longer in the directory. Load the page again.")
        raise RuleViolation([Missing("wrong_status", words)])


def _move_people(skill: Skill, into: Skill) -> int:
    """Everybody's row of ``skill`` becomes one of ``into``; returns how many people had it."""
    held = PersonSkill.objects.select_for_update(no_key=True).filter(skill__in=[skill, into]).order_by("pk")
    found = list(held)
    both = {row.person_id: row for row in found if row.skill_id == into.pk}
    rows = [row for row in found if row.skill_id == skill.pk]
    joined = [_joined(both[row.person_id], row) for row in rows if row.person_id in both]
    PersonSkill.objects.bulk_update(joined, ["level", "teaches", "wants", "last_used"])
    PersonSkill.objects.filter(skill=skill, person__in=both).delete()
    PersonSkill.objects.filter(skill=skill).update(skill=into)
    return len(rows)


def _move_pairs(skill: Skill, into: Skill) -> None:
    """Who was brought together for ``skill`` was so for ``into``; where both were proposed, each stays."""
    same = Mentoring.objects.filter(skill=into, mentor=OuterRef("mentor"), learner=OuterRef("learner"))
    Mentoring.objects.filter(~Exists(same), skill=skill).update(skill=into)


def _joined(kept: PersonSkill, other: PersonSkill) -> PersonSkill:
    kept.level = max(kept.level, other.level)
    kept.teaches, kept.wants = kept.teaches or other.teaches, kept.wants or other.wants
    kept.last_used = max((year for year in (kept.last_used, other.last_used) if year), default=None)
    return kept


def _write(row: Skill | SkillGroup, changes: Mapping[str, object]) -> None:
    for name, value in changes.items():
        setattr(row, name, value)
    row.version += 1
    row.save(update_fields=[*changes, "version"])
