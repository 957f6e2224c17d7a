"""Who wrote to the portal is not kept for ever; long enough to know a mail again that comes twice."""

from datetime import datetime, timedelta

from django.db.models.functions import Now

from notifications.incoming.models import IncomingMail

KEPT = timedelta(days=180)


def forget_old(_now: datetime) -> None:
    """Remove what came in long ago; reply addresses have expired by then."""
    IncomingMail.objects.filter(received_at__lt=Now() - KEPT).delete()
