"""How the API tells of skills, people, mentors and translators."""

from typing import Any

from django.conf import settings
from rest_framework import serializers

from knowhow.models import Mentoring, Openness, PersonSkill, Skill
from requests_app.api.output import Body
from teams.api import PersonOut, name_out
from teams.models import Person, Side


class NamesOut(serializers.Serializer[Any]):
    name_de = serializers.CharField()
    name_en = serializers.CharField()


class SkillOut(NamesOut):
    """A skill of the directory; a proposal has no group yet."""

    id = serializers.IntegerField()
    group = NamesOut(allow_null=True)
    side = serializers.ChoiceField(Side.choices)
    state = serializers.ChoiceField(Skill.State.choices)
    synonyms = serializers.ListField(child=serializers.CharField())
    url = serializers.URLField()


class PersonSkillOut(serializers.Serializer[Any]):
    """What somebody can, from 0 to 4."""

    skill = serializers.IntegerField()
    name = serializers.CharField()
    level = serializers.IntegerField(min_value=0, max_value=PersonSkill.HIGHEST)
    teaches = serializers.BooleanField()
    wants = serializers.BooleanField()
    last_used = serializers.IntegerField(allow_null=True)


class PersonWithSkillsOut(PersonOut):
    """A person with what they show to you of what they can."""

    teams = serializers.ListField(child=serializers.SlugField())
    skills = PersonSkillOut(many=True)
    url = serializers.URLField()


class OpennessOut(serializers.Serializer[Any]):
    """`bridge` is null until you have answered."""

    skills = serializers.ChoiceField(Openness.Readers.choices)
    bridge = serializers.BooleanField(allow_null=True)
    matching = serializers.BooleanField()


class PieceOut(serializers.Serializer[Any]):
    part = serializers.CharField()
    points = serializers.IntegerField()
    most = serializers.IntegerField()


class ScoreOut(serializers.Serializer[Any]):
    """0 to 100, with its parts; `requests` are those delivered in tandem that you may see."""

    total = serializers.IntegerField(min_value=0, max_value=100)
    pieces = PieceOut(many=True)
    requests = serializers.ListField(child=serializers.IntegerField())


class MentoringOut(serializers.Serializer[Any]):
    """Runs once both agree; null: has not answered yet."""

    id = serializers.IntegerField()
    mentor = PersonOut()
    learner = PersonOut()
    skill = serializers.IntegerField()
    mentor_agrees = serializers.BooleanField(allow_null=True)
    learner_agrees = serializers.BooleanField(allow_null=True)
    running = serializers.BooleanField()
    proposed_at = serializers.DateTimeField()


class TranslatorOut(serializers.Serializer[Any]):
    """Somebody who knows both sides of the subject, the skills that speak for them, and their sides."""

    person = PersonOut()
    skills = serializers.ListField(child=serializers.IntegerField())
    sides = serializers.ListField(child=serializers.ChoiceField(Side.choices))


class TranslatorsOut(serializers.Serializer[Any]):
    """`subject`: the skills that the request's texts name. At most three people, by name."""

    subject = serializers.ListField(child=serializers.IntegerField())
    people = TranslatorOut(many=True)


def skill_out(skill: Skill) -> Body:
    group = skill.group
    return {
        "id": skill.pk,
        "name_de": skill.name_de,
        "name_en": skill.name_en,
        "group": {"name_de": group.name_de, "name_en": group.name_en} if group else None,
        "side": skill.side,
        "state": skill.state,
        "synonyms": [word.text for word in skill.words.all() if word.is_synonym],
        "url": f"{settings.BASE_URL}/know-how/skills/{skill.pk}/",
    }


def own_out(row: PersonSkill) -> Body:
    return {
        "skill": row.skill_id,
        "name": str(row.skill),
        "level": row.level,
        "teaches": row.teaches,
        "wants": row.wants,
        "last_used": row.last_used,
    }


def person_out(person: Person) -> Body:
    return name_out(person) | {
        "teams": [membership.team.slug for membership in person.memberships.all()],
        "skills": [own_out(row) for row in person.shown_skills],  # type: ignore[attr-defined]
        "url": f"{settings.BASE_URL}/people/{person.pk}/",
    }


def openness_out(own: Openness) -> Body:
    return {"skills": own.skills, "bridge": own.bridge, "matching": own.matching}


def mentoring_out(pair: Mentoring) -> Body:
    return {
        "id": pair.pk,
        "mentor": name_out(pair.mentor),
        "learner": name_out(pair.learner),
        "skill": pair.skill_id,
        "mentor_agrees": pair.mentor_agrees,
        "learner_agrees": pair.learner_agrees,
        "running": pair.is_running,
        "proposed_at": pair.proposed_at,
    }
