"""For each domain function a prepared situation and the call that changes it, room by room."""

from tests.knowhow.exchanges.spine_scenarios import EXCHANGES
from tests.knowhow.solutions.spine_scenarios import SOLUTIONS
from tests.knowhow.spine_scenarios import KNOWHOW
from tests.notifications.chat.spine_scenarios import CHAT
from tests.notifications.digest_scenarios import DIGESTS, DIGESTS_WITHOUT_EVENT
from tests.requests_app.rounds.spine_scenarios import ROUNDS
from tests.requests_app.scoring.spine_scenarios import SCORING
from tests.requests_app.spine_scenarios import REQUESTS, REQUESTS_WITHOUT_EVENT
from tests.teams.spine_scenarios import TEAMS, TEAMS_WITHOUT_EVENT

WITHOUT_EVENT = {**DIGESTS_WITHOUT_EVENT, **REQUESTS_WITHOUT_EVENT, **TEAMS_WITHOUT_EVENT}
SCENARIOS = {**CHAT, **DIGESTS, **EXCHANGES, **KNOWHOW, **REQUESTS, **ROUNDS, **SCORING, **SOLUTIONS, **TEAMS}
