"""Day, hour and rhythm of one's own; a private feed; a lead's sentence for a team's readers; daily sums of use.

Safe while workers write: new columns have defaults of the database, and what stands is checked without a lock.
"""

import django.db.models.deletion
from django.conf import settings
from django.contrib.postgres.operations import AddConstraintNotValid, ValidateConstraint
from django.db import migrations, models


class Migration(migrations.Migration):
    atomic = False

    dependencies = [
        ("notifications", "0005_chat_mail_operations"),
        ("teams", "0012_staleness_and_pointers"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="DigestFeed",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("token_hash", models.CharField(max_length=64, unique=True)),
                ("created_at", models.DateTimeField()),
            ],
            options={
                "verbose_name": "digest feed",
                "verbose_name_plural": "digest feeds",
            },
        ),
        migrations.CreateModel(
            name="DigestUse",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("day", models.DateField()),
                (
                    "use",
                    models.CharField(
                        choices=[("opened", "digest page opened"), ("followed", "action followed")],
                        max_length=10,
                    ),
                ),
                ("count", models.PositiveIntegerField()),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("day", "use"), name="digest_use_once_a_day"),
                    models.CheckConstraint(
                        condition=models.Q(("use__in", ["opened", "followed"])), name="digest_use_known"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="TeamWord",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("week", models.CharField(max_length=8)),
                ("text", models.CharField(max_length=280)),
                ("written_at", models.DateTimeField()),
            ],
            options={
                "verbose_name": "word of a lead",
                "verbose_name_plural": "words of leads",
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("text", ""), _negated=True), name="team_word_says_something"
                    ),
                ],
            },
        ),
        migrations.RemoveIndex(
            model_name="digest",
            name="digest_settings_in_use",
        ),
        migrations.AddField(
            model_name="digest",
            name="next_every",
            field=models.PositiveSmallIntegerField(db_default=1, default=1),
        ),
        migrations.AddField(
            model_name="digestpreference",
            name="every",
            field=models.PositiveSmallIntegerField(db_default=1, default=1),
        ),
        migrations.AddField(
            model_name="digestpreference",
            name="hour",
            field=models.PositiveSmallIntegerField(null=True),
        ),
        migrations.AddField(
            model_name="digestpreference",
            name="weekday",
            field=models.PositiveSmallIntegerField(null=True),
        ),
        AddConstraintNotValid(
            model_name="digest",
            constraint=models.CheckConstraint(
                condition=models.Q(("next_every__in", [1, 2])), name="digest_every"
            ),
        ),
        ValidateConstraint(model_name="digest", name="digest_every"),
        migrations.AddConstraint(
            model_name="digestpreference",
            constraint=models.CheckConstraint(
                condition=models.Q(("weekday", None), ("weekday__lte", 6), _connector="OR"),
                name="digest_wish_weekday",
            ),
        ),
        migrations.AddConstraint(
            model_name="digestpreference",
            constraint=models.CheckConstraint(
                condition=models.Q(("hour", None), ("hour__lte", 23), _connector="OR"),
                name="digest_wish_hour",
            ),
        ),
        migrations.AddConstraint(
            model_name="digestpreference",
            constraint=models.CheckConstraint(
                condition=models.Q(("every__in", [1, 2])), name="digest_wish_every"
            ),
        ),
        migrations.AddField(
            model_name="digestfeed",
            name="person",
            field=models.OneToOneField(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="digest_feed",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="teamword",
            name="author",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="teamword",
            name="team",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="digest_words",
                to="teams.team",
            ),
        ),
        migrations.AddConstraint(
            model_name="teamword",
            constraint=models.UniqueConstraint(fields=("team", "week"), name="team_word_once"),
        ),
    ]
