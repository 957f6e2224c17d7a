from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("requests_app", "0015_comment_words"),
    ]

    operations = [
        migrations.AddField(
            model_name="board",
            name="lanes",
            # The database makes a team's own board and names no such column.
            field=models.CharField(
                blank=True, db_default="", default="", max_length=10, verbose_name="lanes"
            ),
        ),
        migrations.AddConstraint(
            model_name="board",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("lanes", ""),
                    ("lanes__in", ("team", "goal", "type", "touchpoint", "owner")),
                    _connector="OR",
                ),
                name="board_lanes_known",
            ),
        ),
    ]
