"""The one statement of the search for similar requests and solutions; its parts are told in ``search.py``."""

from requests_app.relatives import RELATIVES

CHOOSING = """, asked AS MATERIALIZED (
  -- Of what stands for one subject, a hit counts once; a part in front is a subject of its own.
  SELECT position AS subject, worth, array_agg(stem) AS terms, 1 AS least, true AS is_typed
  FROM stems GROUP BY position, worth
  UNION ALL
  SELECT CASE part WHEN head THEN position ELSE -1 - position END,
         worth * %(part_worth)s, ARRAY[part], 1, false
  FROM parts CROSS JOIN LATERAL (VALUES (head), (modifier)) AS both_ (part)
  WHERE part IS NOT NULL
    AND (modifier IS NOT NULL OR (NOT some_known AND n = 1 AND length(front) >= 4 AND length(head) >= 5))
  UNION
  SELECT position, worth * %(part_worth)s, array_agg(text), sum(texts), false
  FROM longer GROUP BY position, worth
), counted AS MATERIALIZED (
  SELECT subject, terms, texts, everything, is_typed,
         worth * ln(1 + (everything + 1) / (1 + texts)) AS weight
  FROM asked
  CROSS JOIN LATERAL (
    SELECT coalesce(greatest(max(texts), least), 0) AS texts FROM requests_app_word WHERE text = ANY (terms)
  ) AS known
  CROSS JOIN (
    SELECT greatest(reltuples, 50) AS everything FROM pg_class WHERE oid = 'requests_app_request'::regclass
  ) AS size
), queries AS MATERIALIZED (
  SELECT subject, weight, texts, everything, is_typed,
         sum(texts) OVER rarest AS so_far, row_number() OVER rarest AS n,
         (SELECT string_agg(quote_literal(term), ' | ') FROM unnest(terms) AS term)::tsquery AS query
  FROM counted WINDOW rarest AS (ORDER BY texts, weight DESC, terms ROWS UNBOUNDED PRECEDING)
), frequent AS MATERIALIZED (
  SELECT query, weight, texts, everything, row_number() OVER (ORDER BY n) AS n
  FROM queries WHERE is_typed AND so_far > %(most_texts)s ORDER BY n LIMIT %(frequent_words)s
), chosen AS MATERIALIZED (
  SELECT subject, query, weight FROM queries WHERE so_far <= %(most_texts)s
  UNION ALL
  -- Frequent words say little alone, but two of them together, or all, can be rare again.
  SELECT 1000 * one.n + other.n, one.query && other.query, one.weight + other.weight
  FROM frequent AS one JOIN frequent AS other ON one.n < other.n
  WHERE one.texts::float * other.texts / one.everything <= %(most_together)s
  UNION ALL
  SELECT 1000, string_agg('(' || query::text || ')', ' & ')::tsquery, sum(weight)
  FROM frequent HAVING max(everything) * exp(sum(ln((1 + texts) / (1 + everything)))) <= %(most_together)s
), whole AS MATERIALIZED (
  SELECT string_agg(query::text, ' | ')::tsquery AS query FROM queries
), matched AS MATERIALIZED (
  SELECT number, sum(weight) AS score
  FROM (
    SELECT number, max(weight) AS weight
    FROM chosen CROSS JOIN LATERAL ({requests}) AS holding GROUP BY number, subject
  ) AS subjects
  GROUP BY number ORDER BY score DESC, number DESC LIMIT %(candidates)s
), matched_solutions AS MATERIALIZED (
  SELECT id, sum(weight) AS score
  FROM (
    SELECT id, max(weight) AS weight
    FROM chosen CROSS JOIN LATERAL ({solutions}) AS holding GROUP BY id, subject
  ) AS subjects
  GROUP BY id ORDER BY score DESC, id LIMIT %(candidates)s
), found AS MATERIALIZED (
  (SELECT number, NULL::bigint AS solution, score * (1 + %(fit)s * ts_rank(r.words, query)) AS score
   FROM matched JOIN requests_app_request AS r USING (number) CROSS JOIN whole
   ORDER BY score DESC, number DESC LIMIT %(most_requests)s)
  UNION ALL
  (SELECT NULL, id, score * (1 + %(fit)s * ts_rank(s.words, query)) AS score
   FROM matched_solutions JOIN knowhow_solution AS s USING (id) CROSS JOIN whole
   ORDER BY score DESC, id LIMIT %(most_solutions)s)
)
SELECT {columns}, asking.name, serving.name, s.id, s.slug, s.title, s.purpose, owner.name
FROM found
LEFT JOIN requests_app_request AS r ON r.number = found.number
LEFT JOIN teams_team AS asking ON asking.id = r.requesting_team_id
LEFT JOIN teams_team AS serving ON serving.id = r.serving_team_id
LEFT JOIN knowhow_solution AS s ON s.id = found.solution
LEFT JOIN teams_team AS owner ON owner.id = s.team_id
ORDER BY found.score DESC, found.number DESC, found.solution
"""
SEARCH = f"WITH {RELATIVES}{CHOOSING}"
