"""The inbox shows one group for each thing; its indexes are built beside the work."""

from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models
from django.db.models import Q


class Migration(migrations.Migration):
    atomic = False

    dependencies = [("notifications", "0008_digests_of_ones_own")]

    operations = [
        AddIndexConcurrently(
            "inboxentry",
            models.Index(
                fields=["person", "request", "object_type", "object_id", "-created_at", "-id"],
                name="inbox_entry_thread",
            ),
        ),
        AddIndexConcurrently("inboxentry", models.Index(fields=["created_at"], name="inbox_entry_age")),
        AddIndexConcurrently(
            "inboxentry",
            models.Index(
                condition=Q(snoozed_until__isnull=False),
                fields=["snoozed_until"],
                name="inbox_entry_snoozed",
            ),
        ),
    ]
