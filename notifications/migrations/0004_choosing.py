"""Choosing what one is told, and what goes out as one mail.

Safe while workers write: new columns are empty or have defaults of the database, and the indexes of the large
table are built beside the work.
"""

import django.contrib.postgres.fields
import django.db.models.deletion
from django.conf import settings
from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    atomic = False

    dependencies = [
        ("activity", "0003_batches"),
        ("notifications", "0002_entries_of_any_thing"),
        ("teams", "0013_absences"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Chosen",
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
                            ("mention", "Somebody mentions me"),
                            ("question", "Questions and answers"),
                            ("decision", "Decisions and deliveries"),
                            ("step", "All other steps"),
                            ("talk", "Comments"),
                            ("reminder", "Reminders and what stands still"),
                            ("goal", "Goals and explanations"),
                            ("know_how", "Know-how: exchanges and mentors"),
                        ],
                        max_length=10,
                    ),
                ),
                ("inbox", models.BooleanField(default=True)),
                (
                    "mail",
                    models.CharField(
                        choices=[
                            ("now", "At once"),
                            ("bundled", "Bundled for ten minutes"),
                            ("digest", "Only in the weekly digest"),
                        ],
                        max_length=10,
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "kind__in",
                                [
                                    "mention",
                                    "question",
                                    "decision",
                                    "step",
                                    "talk",
                                    "reminder",
                                    "goal",
                                    "know_how",
                                ],
                            )
                        ),
                        name="chosen_kind_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("mail__in", ["now", "bundled", "digest"])),
                        name="chosen_mail_known",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="CompanyDefault",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "standing",
                    models.CharField(
                        choices=[
                            ("member", "Members"),
                            ("lead", "Leads of a team"),
                            ("admin", "Administrators who lead no team"),
                        ],
                        max_length=10,
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("mention", "Somebody mentions me"),
                            ("question", "Questions and answers"),
                            ("decision", "Decisions and deliveries"),
                            ("step", "All other steps"),
                            ("talk", "Comments"),
                            ("reminder", "Reminders and what stands still"),
                            ("goal", "Goals and explanations"),
                            ("know_how", "Know-how: exchanges and mentors"),
                        ],
                        max_length=10,
                    ),
                ),
                ("inbox", models.BooleanField(default=True)),
                (
                    "mail",
                    models.CharField(
                        choices=[
                            ("now", "At once"),
                            ("bundled", "Bundled for ten minutes"),
                            ("digest", "Only in the weekly digest"),
                        ],
                        max_length=10,
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("standing", "kind"), name="company_default_once"),
                    models.CheckConstraint(
                        condition=models.Q(("standing__in", ["member", "lead", "admin"])),
                        name="company_default_standing_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "kind__in",
                                [
                                    "mention",
                                    "question",
                                    "decision",
                                    "step",
                                    "talk",
                                    "reminder",
                                    "goal",
                                    "know_how",
                                ],
                            )
                        ),
                        name="company_default_kind_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("mail__in", ["now", "bundled", "digest"])),
                        name="company_default_mail_known",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="QuietTimes",
            fields=[
                (
                    "person",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="quiet_times",
                        serialize=False,
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("starts", models.TimeField(null=True, verbose_name="from")),
                ("ends", models.TimeField(null=True, verbose_name="until")),
                (
                    "days_off",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.PositiveSmallIntegerField(), default=list, size=6
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("ends", None), ("starts", None)),
                            models.Q(
                                ("ends__isnull", False),
                                ("starts__isnull", False),
                                models.Q(("starts", models.F("ends")), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="quiet_times_are_a_span",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("days_off__len__lte", 6)), name="quiet_times_leave_a_day"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("days_off__contained_by", [0, 1, 2, 3, 4, 5, 6])),
                        name="quiet_times_weekdays",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="TeamAttention",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "level",
                    models.CharField(
                        choices=[
                            ("watch", "Everything"),
                            ("mentions", "Only where I am mentioned"),
                            ("mute", "Nothing"),
                        ],
                        max_length=10,
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("level__in", ["watch", "mentions", "mute"])),
                        name="team_attention_level_known",
                    ),
                ],
            },
        ),
        migrations.AddField(
            model_name="delivery",
            name="ready_at",
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name="delivery",
            name="stands_for",
            field=models.ForeignKey(
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="delivery",
            name="together",
            field=models.CharField(blank=True, db_default="", default="", max_length=60),
        ),
        migrations.AddField(
            model_name="delivery",
            name="why",
            field=models.CharField(
                blank=True,
                choices=[
                    ("mentioned", "You are mentioned."),
                    ("owner", "You hold a seat of this request."),
                    ("requester", "You filed this request."),
                    ("asked", "You asked this question."),
                    ("leading", "You lead a team that it concerns."),
                    ("watching", "You watch this request."),
                    ("supporting", "You support this request."),
                    ("team", "You watch a team that it concerns."),
                    ("deputy", "You stand in for somebody who is away."),
                    ("taking_part", "You take part, or were asked to."),
                ],
                db_default="",
                default="",
                max_length=12,
            ),
        ),
        migrations.AddField(
            model_name="inboxentry",
            name="archived_at",
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name="inboxentry",
            name="snoozed_until",
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name="inboxentry",
            name="stands_for",
            field=models.ForeignKey(
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="inboxentry",
            name="why",
            field=models.CharField(
                blank=True,
                choices=[
                    ("mentioned", "You are mentioned."),
                    ("owner", "You hold a seat of this request."),
                    ("requester", "You filed this request."),
                    ("asked", "You asked this question."),
                    ("leading", "You lead a team that it concerns."),
                    ("watching", "You watch this request."),
                    ("supporting", "You support this request."),
                    ("team", "You watch a team that it concerns."),
                    ("deputy", "You stand in for somebody who is away."),
                    ("taking_part", "You take part, or were asked to."),
                ],
                db_default="",
                default="",
                max_length=12,
            ),
        ),
        AddIndexConcurrently(
            model_name="delivery",
            index=models.Index(
                condition=models.Q(("channel", "mail"), ("state", "waiting")),
                fields=["person", "id"],
                name="delivery_to_mail",
            ),
        ),
        AddIndexConcurrently(
            model_name="delivery",
            index=models.Index(
                condition=models.Q(("channel__in", ["mail", "digest"]), ("state", "done")),
                fields=["person", "finished_at"],
                name="delivery_mailed",
            ),
        ),
        migrations.AddField(
            model_name="chosen",
            name="person",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="chosen_news",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="teamattention",
            name="person",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="teamattention",
            name="team",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="+", to="teams.team"
            ),
        ),
        migrations.AddConstraint(
            model_name="chosen",
            constraint=models.UniqueConstraint(fields=("person", "kind"), name="chosen_once"),
        ),
        migrations.AddConstraint(
            model_name="teamattention",
            constraint=models.UniqueConstraint(fields=("person", "team"), name="team_attention_once"),
        ),
    ]
