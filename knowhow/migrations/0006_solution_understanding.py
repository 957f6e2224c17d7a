from django.db import migrations, models
from django.db.models import deletion

from teams.models.understanding import new_brief


class Migration(migrations.Migration):
    dependencies = [
        ("knowhow", "0005_exchanges"),
        ("teams", "0007_understanding"),
    ]

    operations = [
        # The column's default gives each solution that is there already its brief, too.
        migrations.AddField(
            "solution",
            "understanding",
            models.OneToOneField(
                db_default=new_brief("solution"),
                editable=False,
                on_delete=deletion.PROTECT,
                related_name="solution",
                to="teams.brief",
            ),
        ),
    ]
