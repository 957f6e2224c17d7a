from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("teams", "0008_person_names"),
    ]

    operations = [
        migrations.AddField(
            model_name="person",
            name="letter_keys",
            field=models.BooleanField(default=True, verbose_name="single letters work as keys"),
        ),
    ]
