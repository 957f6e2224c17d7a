"""Comments are found by their words, which the database keeps.

Safe while people write: the column is added empty, the trigger fills it for what is written from then on, what stands
is filled in small steps of their own transactions, and the index is built beside it.
"""

from typing import Any

from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.operations import AddIndexConcurrently
from django.contrib.postgres.search import SearchVectorField
from django.db import migrations

AT_ONCE = 5_000
TRIGGER = """
CREATE FUNCTION requests_app_comment_words() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  NEW.words := to_tsvector('german', NEW.body) || to_tsvector('english', NEW.body);
  RETURN NEW;
END $$;
CREATE TRIGGER comment_words BEFORE INSERT OR UPDATE OF body ON requests_app_comment
FOR EACH ROW EXECUTE FUNCTION requests_app_comment_words();
"""
NO_TRIGGER = """
DROP TRIGGER comment_words ON requests_app_comment;
DROP FUNCTION requests_app_comment_words();
"""
FILL = """
UPDATE requests_app_comment SET words = to_tsvector('german', body) || to_tsvector('english', body)
WHERE id > %s AND id <= %s AND words IS NULL
"""


def fill(apps: Any, schema_editor: Any) -> None:
    with schema_editor.connection.cursor() as cursor:
        cursor.execute("SELECT coalesce(min(id), 1) - 1, coalesce(max(id), 0) FROM requests_app_comment")
        first, last = cursor.fetchone()
        for start in range(first, last, AT_ONCE):
            cursor.execute(FILL, [start, start + AT_ONCE])


class Migration(migrations.Migration):
    atomic = False

    dependencies = [("requests_app", "0014_views_of_boards")]

    operations = [
        migrations.AddField("comment", "words", SearchVectorField(editable=False, null=True)),
        migrations.RunSQL(TRIGGER, NO_TRIGGER),
        migrations.RunPython(fill, migrations.RunPython.noop, elidable=True),
        AddIndexConcurrently("comment", GinIndex(fields=["words"], name="comment_words")),
    ]
