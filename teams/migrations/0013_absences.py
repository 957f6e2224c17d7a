import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models
from django.db.models import F, Q


class Migration(migrations.Migration):
    dependencies = [("teams", "0012_staleness_and_pointers")]

    operations = [
        migrations.CreateModel(
            name="Absence",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("first_day", models.DateField(verbose_name="first day")),
                ("last_day", models.DateField(verbose_name="last day")),
                ("starts_at", models.DateTimeField()),
                ("ends_at", models.DateTimeField()),
                ("ended_at", models.DateTimeField(null=True)),
                ("created_at", models.DateTimeField()),
                ("version", models.PositiveIntegerField(default=1)),
                (
                    "deputy",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="stands_in",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="absences",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "absence",
                "verbose_name_plural": "absences",
                "constraints": [
                    models.UniqueConstraint(
                        condition=Q(ended_at=None), fields=("person",), name="absence_one_at_a_time"
                    ),
                    models.CheckConstraint(
                        condition=Q(first_day__lte=F("last_day")), name="absence_days_forward"
                    ),
                    models.CheckConstraint(condition=Q(starts_at__lt=F("ends_at")), name="absence_forward"),
                    models.CheckConstraint(
                        condition=Q(deputy=None) | ~Q(deputy=F("person")), name="absence_deputy_is_another"
                    ),
                ],
            },
        ),
    ]
