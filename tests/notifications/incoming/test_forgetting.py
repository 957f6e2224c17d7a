"""Old mail is forgotten, later than any reply address lasts."""

from datetime import timedelta

import pytest
from django.utils import timezone

from notifications.incoming.addresses import LASTS_DAYS
from notifications.incoming.forgetting import KEPT, forget_old
from notifications.incoming.models import IncomingMail, Outcome
from notifications.tasks import SCHEDULES


@pytest.mark.django_db
def test_what_came_in_long_ago_is_forgotten_and_nothing_younger() -> None:
    now = timezone.now()
    for key, age in (("old", KEPT + timedelta(hours=1)), ("young", KEPT - timedelta(hours=1))):
        IncomingMail.objects.create(key=key, outcome=Outcome.COMMENT, received_at=now - age)
    forget_old(now)
    assert list(IncomingMail.objects.values_list("key", flat=True)) == ["young"]


def test_a_mail_is_known_again_for_as_long_as_its_address_lasts() -> None:
    assert KEPT.days >= LASTS_DAYS
    assert any(schedule.run is forget_old for schedule in SCHEDULES)
