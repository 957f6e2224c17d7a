"""Whom requester, tandem or leads have named to watch sees a restricted request, not who follows it alone.

Only of restricted requests it matters who was named: restricting one takes all earlier watchers out.
"""

from django.db import migrations, models

FROM_THE_LOG = """
UPDATE requests_app_watcher AS watcher SET is_named = false
  FROM requests_app_request AS request
 WHERE request.number = watcher.request_id AND request.restricted
   AND NOT EXISTS (
       SELECT FROM activity_event AS event
        WHERE event.object_type = 'request' AND event.object_id = watcher.request_id
          AND event.kind = 'request.watched' AND event.data ->> 'person' = watcher.person_id::text
          AND event.actor_id IS DISTINCT FROM watcher.person_id
   )
"""


class Migration(migrations.Migration):
    dependencies = [("requests_app", "0018_escalations_and_only_mentions")]

    operations = [
        migrations.AddField(
            model_name="watcher",
            name="is_named",
            field=models.BooleanField(db_default=True, default=True),
        ),
        migrations.RunSQL(FROM_THE_LOG, migrations.RunSQL.noop),
    ]
