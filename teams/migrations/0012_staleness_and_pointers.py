import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("teams", "0011_goal_tree"),
    ]

    operations = [
        migrations.AddField(
            model_name="company",
            name="brief_stale_days",
            field=models.PositiveSmallIntegerField(
                db_default=30, default=30, verbose_name="briefs are looked at again after days"
            ),
        ),
        migrations.AddConstraint(
            model_name="company",
            constraint=models.CheckConstraint(
                condition=models.Q(("brief_stale_days__gte", 1)), name="company_brief_stale_days"
            ),
        ),
        migrations.CreateModel(
            name="Pointer",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("understand", "Understand"),
                            ("settle", "Settle"),
                            ("exchange", "Exchange"),
                        ],
                        max_length=10,
                    ),
                ),
                ("about", models.BigIntegerField()),
                ("substance", models.PositiveIntegerField(default=0)),
                ("week", models.DateField()),
                ("shown_at", models.DateTimeField()),
                ("dismissed_at", models.DateTimeField(null=True)),
                (
                    "person",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="pointers",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("person", "kind", "week"), name="pointer_once_a_week"),
                    models.UniqueConstraint(
                        fields=("person", "kind", "about", "substance"), name="pointer_once"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("kind__in", ["understand", "settle", "exchange"])),
                        name="pointer_kind_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("dismissed_at", None),
                            ("dismissed_at__gte", models.F("shown_at")),
                            _connector="OR",
                        ),
                        name="pointer_dismissed_after_shown",
                    ),
                ],
            },
        ),
    ]
