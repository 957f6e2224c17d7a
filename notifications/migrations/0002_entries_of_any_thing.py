"""An entry of the inbox is about a request or about another thing.

Safe while workers write: the new columns come with defaults of the database, so that no row is rewritten and
processes of the version before go on, and the rule is checked for what stands without holding anybody up.
"""

import django.db.models.deletion
from django.contrib.postgres.operations import AddConstraintNotValid, ValidateConstraint
from django.db import migrations, models
from django.db.models import Q


class Migration(migrations.Migration):
    atomic = False

    dependencies = [
        ("notifications", "0001_initial"),
        ("requests_app", "0005_attachments_links_mutes"),
    ]

    operations = [
        migrations.AddField(
            "inboxentry",
            "object_type",
            models.CharField(blank=True, db_default="", default="", max_length=30),
        ),
        migrations.AddField("inboxentry", "object_id", models.BigIntegerField(null=True)),
        migrations.AlterField(
            "inboxentry",
            "request",
            models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="+",
                to="requests_app.request",
            ),
        ),
        AddConstraintNotValid(
            "inboxentry",
            models.CheckConstraint(
                condition=Q(request__isnull=False, object_type="", object_id=None)
                | Q(~Q(object_type=""), request=None, object_id__isnull=False),
                name="inbox_entry_about_one",
            ),
        ),
        ValidateConstraint("inboxentry", "inbox_entry_about_one"),
    ]
