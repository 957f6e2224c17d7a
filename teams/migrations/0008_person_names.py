from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.operations import AddIndexConcurrently
from django.contrib.postgres.search import SearchVector
from django.db import migrations


class Migration(migrations.Migration):
    atomic = False

    dependencies = [("teams", "0007_understanding")]

    operations = [
        AddIndexConcurrently("person", GinIndex(SearchVector("name", config="simple"), name="person_names")),
    ]
