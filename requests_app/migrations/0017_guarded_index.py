from django.contrib.postgres.operations import AddIndexConcurrently, RemoveIndexConcurrently
from django.db import migrations, models
from django.db.models import Q


class Migration(migrations.Migration):
    atomic = False  # An index is built beside those who write.

    dependencies = [("requests_app", "0016_board_lanes")]

    operations = [
        AddIndexConcurrently(
            "request",
            models.Index(
                fields=["number"],
                include=[
                    *("status", "restricted", "requester", "marketing_owner", "it_owner"),
                    *("requesting_team", "serving_team"),
                ],
                condition=Q(restricted=True) | Q(status="draft"),
                name="request_guarded",
            ),
        ),
        RemoveIndexConcurrently("request", "request_restricted"),
    ]
