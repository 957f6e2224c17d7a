from django.db import migrations

START_SET = [
    ("website", "Website", "Website", "discover"),
    ("app", "App", "App", "use"),
    ("email", "E-Mail", "E-mail", "stay"),
    ("social", "Soziale Medien", "Social media", "discover"),
    ("search_ads", "Suche und Anzeigen", "Search and ads", "discover"),
    ("store", "Filiale", "Store", "buy"),
    ("service", "Kundendienst", "Customer service", "use"),
    ("print", "Print", "Print", "discover"),
    ("events", "Veranstaltungen", "Events", "discover"),
    ("partner", "Partner", "Partners", "choose"),
]


def add_start_set(apps, schema_editor):
    touchpoint = apps.get_model("teams", "Touchpoint")
    touchpoint.objects.bulk_create(
        touchpoint(slug=slug, name_de=german, name_en=english, phase=phase, position=position)
        for position, (slug, german, english, phase) in enumerate(START_SET)
    )


class Migration(migrations.Migration):
    dependencies = [("teams", "0001_initial")]

    operations = [migrations.RunPython(add_start_set, migrations.RunPython.noop)]
