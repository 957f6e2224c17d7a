"""All tables of this room."""

import knowhow.exchanges.models  # noqa: F401 - tables of this app
from knowhow.bridges.models import Mentoring, Openness, RoleProfile, TeamTie
from knowhow.skills.models import PersonSkill, Skill, SkillGroup, SkillWord
from knowhow.solutions.models import Expert, Level, Solution, Stage

__all__ = [
    "Expert",
    "Level",
    "Mentoring",
    "Openness",
    "PersonSkill",
    "RoleProfile",
    "Skill",
    "SkillGroup",
    "SkillWord",
    "Solution",
    "Stage",
    "TeamTie",
]
