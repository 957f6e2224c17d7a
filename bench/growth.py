"""How pages about goals, teams, people, solutions and know-how grow with the company.

`python -m bench.growth` fills a database that is named in the environment, calls the pages, and writes JSON.
"""

import argparse
import json
from collections.abc import Callable, Iterator
from itertools import cycle
from pathlib import Path
from typing import Any

import django

django.setup()

from django.core.management import call_command  # noqa: E402

from bench.company import Company, fill  # noqa: E402
from bench.paces import measured  # noqa: E402
from bench.scenarios import Actor, Scenario, biggest_team, lead  # noqa: E402
from bench.server import serving  # noqa: E402
from knowhow.models import Skill, Solution  # noqa: E402
from teams.models import Goal  # noqa: E402


def pages() -> list[Scenario]:
    """The pages that grow with the company, read by somebody who leads a team."""
    me, team = Actor(lead()), biggest_team()
    goal = Goal.objects.filter(parent__parent__isnull=False).latest("pk")
    solution = Solution.objects.filter(team=team).earliest("pk")
    skill = Skill.objects.earliest("pk")
    paths = {
        "goal tree": "/goals/",
        "goal": f"/goals/{goal.pk}/",
        "teams": "/teams/",
        "team": f"/teams/{team.slug}/",
        "work of a team": f"/teams/{team.slug}/work/",
        "people": "/people/",
        "people, by skill": "/people/?skill=skill",
        "solutions": "/solutions/",
        "solution": f"/solutions/{solution.slug}/",
        "touchpoint map": "/touchpoints/",
        "know-how": "/know-how/",
        "skill": f"/know-how/skills/{skill.pk}/",
        "teams and skills": "/know-how/skills/",
        "what joins teams": "/know-how/teams/",
        "bridges and potentials": "/know-how/people/",
    }

    def again(path: str) -> Callable[[], Iterator[Any]]:
        return lambda: cycle([me.get(path)])

    return [Scenario(name, again(path)) for name, path in paths.items()]


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--company", type=Company.from_words, required=True)
    parser.add_argument("--calls", type=int, required=True, help="of each page")
    parser.add_argument("--seconds", type=float, required=True, help="at most, for each of them")
    parser.add_argument("--warm-ups", type=int, required=True, help="calls before")
    parser.add_argument("--folder", type=Path, required=True)
    options = parser.parse_args()
    call_command("migrate", verbosity=0)
    fill(options.company)
    with serving(options.folder / "web.log") as port:
        found = {
            page.name: measured(page, port, options.calls, options.seconds, options.warm_ups)
            for page in pages()
        }
    (options.folder / "result.json").write_text(json.dumps(found))


if __name__ == "__main__":
    main()
