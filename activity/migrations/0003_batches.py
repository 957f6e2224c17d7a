"""What one act changed in many places is marked; the column comes empty, so no row is rewritten."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("activity", "0002_append_only")]

    operations = [migrations.AddField("event", "batch", models.UUIDField(null=True))]
