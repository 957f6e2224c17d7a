"""What an administrator has set for deciding, as it stands now."""

from dataclasses import asdict, dataclass, field
from functools import cache
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db.models import Subquery
from django.db.models.functions import JSONObject

from requests_app.models import Request
from requests_app.scoring.arithmetic import Weights
from teams.models import Company

COLUMNS = ("time_zone", "weight_value", "weight_urgency", "weight_ease", "gate", "first_response_hours")


@dataclass(frozen=True)
class Rules:
    """Weights in percent, the gate that a difference must reach, and the portal's zone."""

    zone: ZoneInfo
    weights: Weights = field(default=Weights())
    gate: int = 40
    # Working hours within which IT says something to a new request.
    first_response_hours: int = 16

    @property
    def told(self) -> dict[str, int]:
        """The weights as a decision keeps them."""
        return asdict(self.weights)


def rules_now() -> Rules:
    """The present rules; before the first start those of PRODUCT §4. One query."""
    return _rules(Company.objects.values(*COLUMNS).first())


@cache
def rules_row() -> Subquery:
    """For annotating requests with what ``rules_for`` reads."""
    return Subquery(Company.objects.values(row=JSONObject(**{name: name for name in COLUMNS}))[:1])


def rules_for(request: Request) -> Rules:
    """The present rules for showing ``request``; no query where ``rules_row`` was read with it."""
    return _rules(request.rules_row) if hasattr(request, "rules_row") else rules_now()


def _rules(row: dict[str, Any] | None) -> Rules:
    if row is None:
        return Rules(ZoneInfo(settings.TIME_ZONE))
    weights = Weights(row["weight_value"], row["weight_urgency"], row["weight_ease"])
    return Rules(ZoneInfo(row["time_zone"]), weights, row["gate"], row["first_response_hours"])
