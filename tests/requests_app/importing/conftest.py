"""Files to import, and the command that imports them."""

from collections.abc import Callable
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import call_command

from teams.models import Side, Team
from tests.factories import make_team

DATA = Path(__file__).parent / "data"
Import = Callable[..., list[str]]
Write = Callable[..., Path]


@pytest.fixture
def desk() -> Team:
    """The team that serves what names no other."""
    return make_team(Side.IT, slug="service-desk", name="Service desk")


@pytest.fixture
def write(tmp_path: Path) -> Write:
    """Writes a file to import; returns its path."""

    def written(content: str | bytes, name: str = "requests.csv", encoding: str = "utf-8") -> Path:
        path = tmp_path / name
        path.write_bytes(content.encode(encoding) if isinstance(content, str) else content)
        return path

    return written


@pytest.fixture
def run_import(desk: Team) -> Import:
    """Runs the command; returns the lines that it wrote."""

    def run(path: Path, *options: str, format_name: str = "csv") -> list[str]:
        out = StringIO()
        call_command(
            "import_requests", str(path), "--format", format_name, "--team", desk.slug, *options, stdout=out
        )
        return out.getvalue().splitlines()

    return run
