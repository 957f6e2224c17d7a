from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("knowhow", "0006_solution_understanding"),
    ]

    operations = [
        migrations.AddField(
            model_name="solution",
            name="few_told_at",
            field=models.DateTimeField(editable=False, null=True),
        ),
    ]
