"""Beginning a request with the words of an earlier one."""

from typing import cast

from django.db import transaction

from requests_app.choices import Status
from requests_app.intake.drafts import save_draft
from requests_app.intake.fields import RequestFields
from requests_app.models import Request
from teams.models import Person

# What is measured and when it is needed belongs to the one occasion.
COPIED = (
    *("title", "customer_need", "outcome", "type", "metric", "unit", "wished_tool"),
    *("requesting_team", "serving_team", "restricted"),
)


def duplicate(number: int, *, by: Person) -> Request:
    """A new draft with the texts of one's own request, without its numbers and dates.

    A goal or touchpoint that is archived meanwhile is left out.

    :raises Http404: where ``number`` is no submitted request that ``by`` filed and sees.
    """
    with transaction.atomic():
        own = Request.objects.with_people().filter(requester=by).exclude(status=Status.DRAFT)
        return save_draft(_copied(own.get_visible(by, number)), by=by)


def _copied(request: Request) -> RequestFields:
    fields = cast(RequestFields, {name: getattr(request, name) for name in COPIED})
    fields["touchpoints"] = list(request.touchpoints.filter(is_archived=False))
    if request.goal and not request.goal.is_archived:
        fields["goal"] = request.goal
    return fields
