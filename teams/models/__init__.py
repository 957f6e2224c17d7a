"""The tables of people, teams, goals and what is explained, a module for each subject."""

from teams.models.absences import Absence
from teams.models.access import ApiToken, Invitation, PersonSession
from teams.models.company import Company, Touchpoint
from teams.models.goals import CheckIn, Confidence, Goal, Health, KeyResult, Level
from teams.models.limits import PLAIN_LINE, PLAIN_TEXT, not_blank, text_limit
from teams.models.people import OwnTeam, Person, PersonManager, PersonSide, Side
from teams.models.pointers import Pointer
from teams.models.teams import Membership, Role, Team
from teams.models.understanding import Brief, BriefKind, BriefQuestion, Confirmation

__all__ = [
    "PLAIN_LINE",
    "PLAIN_TEXT",
    "Absence",
    "ApiToken",
    "Brief",
    "BriefKind",
    "BriefQuestion",
    "CheckIn",
    "Company",
    "Confidence",
    "Confirmation",
    "Goal",
    "Health",
    "Invitation",
    "KeyResult",
    "Level",
    "Membership",
    "OwnTeam",
    "Person",
    "PersonManager",
    "PersonSession",
    "PersonSide",
    "Pointer",
    "Role",
    "Side",
    "Team",
    "Touchpoint",
    "not_blank",
    "text_limit",
]
