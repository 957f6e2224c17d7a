"""Further talk about seeded requests, put together by the database: a million comments in minutes."""

from typing import Any

from django.db import connection, transaction
from django.db.models import Count

from activity import clock
from activity.locks import Lock
from activity.models import Origin
from requests_app.models import Comment, Request
from requests_app.seeding.requests import COMMENTS, FIRST_SERIAL, MANY_COMMENTS, TEXTS_EACH
from requests_app.seeding.texts import Phrases

# The numbers of texts of a request that are free for further talk.
FIRST_SLOT = COMMENTS + MANY_COMMENTS
SLOTS = TEXTS_EACH - FIRST_SLOT
# Each request gets a number of comments between none and SLOTS: no more than half of that on average.
MOST_EACH = SLOTS // 2
# Requests whose talk is written in one transaction: some hundred thousand comments.
AT_ONCE = 10_000

SENTENCES = """
CREATE TEMPORARY TABLE seeded_sentence AS
SELECT n - 1 AS n, text FROM unnest(%s::text[]) WITH ORDINALITY AS t (text, n)
"""
# Who may speak about what a team serves: its members, counted from 0.
SPEAKERS = """
CREATE TEMPORARY TABLE seeded_speaker AS
SELECT team_id, person_id, row_number() OVER (PARTITION BY team_id ORDER BY person_id) - 1 AS n,
       count(*) OVER (PARTITION BY team_id) AS of
FROM teams_membership
"""


def _chance(number: str, what_for: int) -> str:
    """Between 0 and 1, by ``number`` alone, so that a second company gets the same; SQL."""
    return f"((hashint8extended({number}, {what_for}) & 2147483647) / 2147483648.0)"


# Each comment has a serial, and each serial a pair of sentences of its own, as in ``texts``.
COMMENTED = f"""
WITH asked AS (
  SELECT number, serving_team_id, requester_id, created_at,
         {FIRST_SLOT} + floor({_chance("number", 1)} * (%(most)s + 1))::int AS beyond
  FROM requests_app_request
  WHERE number > %(after)s AND number <= %(to)s AND status <> 'draft'
    AND {MANY_COMMENTS} <> (SELECT count(*) FROM requests_app_comment WHERE request_id = number)
), slots AS (
  SELECT *, ({FIRST_SERIAL} + number) * {TEXTS_EACH} + slot AS serial
  FROM asked CROSS JOIN LATERAL generate_series({FIRST_SLOT}, beyond - 1) AS slot
), written AS (
  INSERT INTO requests_app_comment (request_id, author_id, body, created_at, question_to, version)
  SELECT number, coalesce(person_id, requester_id), one.text || '. ' || two.text || '.', at, '', 1
  FROM slots
  CROSS JOIN LATERAL (
    SELECT created_at + (%(now)s - created_at) * {_chance("serial", 2)} AS at,
           serial %% %(sentences)s AS first, serial / %(sentences)s AS round
  ) AS chosen
  JOIN seeded_sentence AS one ON one.n = first
  JOIN seeded_sentence AS two ON two.n = (first + 1 + round) %% %(sentences)s
  LEFT JOIN seeded_speaker AS speaker ON speaker.team_id = serving_team_id
    AND speaker.n = floor({_chance("serial", 3)} * speaker.of)::int
  ORDER BY at
  RETURNING id, request_id, author_id, created_at
)
INSERT INTO activity_event
  (kind, object_type, object_id, actor_id, data, shape, occurred_at, recorded_at, origin, position)
SELECT 'request.commented', 'request', request_id, author_id, jsonb_build_object('comment', written.id), 1,
       created_at, %(now)s, '{Origin.COMMAND.value}', last.position + row_number() OVER (ORDER BY written.id)
FROM written, (SELECT coalesce(max(position), 0) AS position FROM activity_event) AS last
ORDER BY written.id
"""  # noqa: S608 - numbers of our own


def add_talk(total: int, phrases: Phrases, *, above: int) -> None:
    """Further comments on the requests above this number, until there are about ``total`` in all.

    Each with its event, of which nobody is told. Once for a request: a second time would say the same again.
    """
    missing = total - Comment.objects.count()
    fresh = Request.objects.submitted().filter(number__gt=above)
    talkative = fresh.annotate(talk=Count("comments")).filter(talk=MANY_COMMENTS)
    quiet = fresh.count() - talkative.count()
    if missing <= 0 or not quiet:
        return
    most = min(SLOTS, round(2 * missing / quiet))
    last = fresh.latest("number").number
    values = {"most": most, "sentences": len(phrases.sentences), "now": clock.now()}
    for after in range(above, last, AT_ONCE):
        _write(phrases, {**values, "after": after, "to": after + AT_ONCE})


def _write(phrases: Phrases, values: dict[str, Any]) -> None:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [Lock.SEQUENCER])
        cursor.execute(SENTENCES, [phrases.sentences])
        cursor.execute(SPEAKERS)
        cursor.execute("ANALYZE seeded_sentence")
        cursor.execute(COMMENTED, values)
        cursor.execute("DROP TABLE seeded_sentence, seeded_speaker")
