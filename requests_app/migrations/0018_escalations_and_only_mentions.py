"""What the portal speaks up about, and silence that lets mentions through; older processes go on writing."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("requests_app", "0017_guarded_index"),
    ]

    operations = [
        migrations.AddField(
            model_name="mute",
            name="keeps_mentions",
            field=models.BooleanField(db_default=False, default=False),
        ),
        migrations.CreateModel(
            name="EscalationRule",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("cause", models.CharField(max_length=20, unique=True)),
                ("is_on", models.BooleanField(default=True)),
                ("after", models.PositiveSmallIntegerField(null=True)),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("after", None), ("after__gte", 1), _connector="OR"),
                        name="escalation_rule_after_some_time",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Escalation",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("cause", models.CharField(max_length=20)),
                ("occasion", models.CharField(max_length=40)),
                ("told_at", models.DateTimeField()),
                (
                    "request",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="escalations",
                        to="requests_app.request",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("request", "cause", "occasion"), name="escalation_once")
                ],
            },
        ),
    ]
