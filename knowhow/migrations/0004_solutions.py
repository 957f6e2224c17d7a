"""An explainer in four sections, and what else a catalogue tells of a solution.

The one text that a solution had becomes the first section; no text is lost or changed.
"""

import django.contrib.postgres.indexes
import django.contrib.postgres.search
import django.db.models.deletion
import django.db.models.functions.text
import django.db.models.lookups
from django.conf import settings
from django.db import migrations, models

from teams.words import weighted_words


def limit(field: str, characters: int, name: str) -> migrations.AddConstraint:
    length = django.db.models.functions.text.Length(field)
    condition = django.db.models.lookups.LessThanOrEqual(length, characters)
    return migrations.AddConstraint("solution", models.CheckConstraint(condition=condition, name=name))


def text(name: str, label: str, characters: int = 10_000) -> migrations.AddField:
    field = models.TextField(blank=True, default="", max_length=characters, verbose_name=label)
    return migrations.AddField("solution", name, field)


class Migration(migrations.Migration):
    dependencies = [
        ("knowhow", "0003_skills"),
        ("teams", "0006_visits"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.RemoveIndex("solution", "solution_words"),
        migrations.RemoveField("solution", "words"),
        migrations.RemoveConstraint("solution", "solution_has_explainer"),
        migrations.RemoveConstraint("solution", "solution_explainer_limit"),
        migrations.RenameField("solution", "explainer", "purpose"),
        migrations.AlterField(
            "solution",
            "purpose",
            models.TextField(max_length=10_000, verbose_name="What it does, and for whom"),
        ),
        migrations.AlterModelOptions(
            "solution",
            {"ordering": ["title", "pk"], "verbose_name": "solution", "verbose_name_plural": "solutions"},
        ),
        text("limits", "What it cannot do"),
        text("what_to_do", "What to do when …"),
        text("terms", "Words explained"),
        text("data_held", "Data it holds", 2_000),
        migrations.AddField(
            "solution",
            "status",
            models.CharField(
                choices=[("pilot", "Pilot"), ("live", "Live"), ("leaving", "Leaving")],
                default="live",
                max_length=10,
                verbose_name="status",
            ),
        ),
        migrations.AddField(
            "solution",
            "review_on",
            models.DateField(blank=True, null=True, verbose_name="Look at it again on"),
        ),
        migrations.AddField(
            "solution",
            "affected_teams",
            models.ManyToManyField(
                related_name="affecting_solutions", to="teams.team", verbose_name="affected teams"
            ),
        ),
        migrations.AddField(
            "solution",
            "touchpoints",
            models.ManyToManyField(
                related_name="solutions", to="teams.touchpoint", verbose_name="touchpoints"
            ),
        ),
        migrations.AddConstraint(
            "solution",
            models.CheckConstraint(
                condition=models.Q(("purpose", ""), _negated=True), name="solution_has_purpose"
            ),
        ),
        *(
            limit(name, 10_000, f"solution_{name}_limit")
            for name in ("purpose", "limits", "what_to_do", "terms")
        ),
        limit("data_held", 2_000, "solution_data_limit"),
        migrations.AddConstraint(
            "solution",
            models.CheckConstraint(
                condition=models.Q(("status__in", ["pilot", "live", "leaving"])), name="solution_status_known"
            ),
        ),
        migrations.AddField(
            "solution",
            "words",
            models.GeneratedField(
                db_persist=True,
                expression=weighted_words(
                    ("title", "A"), ("purpose", "B"), ("what_to_do", "C"), ("terms", "C")
                ),
                output_field=django.contrib.postgres.search.SearchVectorField(),
            ),
        ),
        migrations.AddIndex(
            "solution",
            django.contrib.postgres.indexes.GinIndex(fields=["words"], name="solution_words"),
        ),
        migrations.CreateModel(
            "Expert",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "level",
                    models.PositiveSmallIntegerField(
                        choices=[
                            (0, "is getting to know it"),
                            (1, "knows the basics"),
                            (2, "works with it with help"),
                            (3, "keeps it running alone"),
                            (4, "teaches it to others"),
                        ],
                        verbose_name="level",
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="mastered_solutions",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "solution",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="experts",
                        to="knowhow.solution",
                    ),
                ),
            ],
            options={
                "verbose_name": "expert",
                "verbose_name_plural": "experts",
                "constraints": [
                    models.UniqueConstraint(fields=("solution", "person"), name="expert_once"),
                    models.CheckConstraint(
                        condition=models.Q(("level__in", [0, 1, 2, 3, 4])), name="expert_level_known"
                    ),
                ],
            },
        ),
    ]
