"""Image, compose file and Procfile name the same processes; there was no container engine to try them on."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

from portal import run_demo
from portal.bootstrap import BASE_DIR

OURS = ["web", "worker", "beat"]


@pytest.fixture(scope="module")
def services() -> dict[str, Any]:
    return dict(yaml.safe_load((BASE_DIR / "docker-compose.yml").read_text())["services"])


@pytest.fixture(scope="module")
def dockerfile() -> str:
    return (BASE_DIR / "Dockerfile").read_text()


@pytest.mark.parametrize("name", OURS)
def test_each_of_our_services_runs_the_process_of_its_name(services: dict[str, Any], name: str) -> None:
    assert services[name]["command"] == ["./process", name]
    assert name in run_demo.processes()


@pytest.mark.parametrize("name", OURS)
def test_our_services_start_after_the_migration_and_when_the_servers_are_healthy(
    services: dict[str, Any], name: str
) -> None:
    conditions = {other: wait["condition"] for other, wait in services[name]["depends_on"].items()}
    assert conditions == {
        "migrate": "service_completed_successfully",
        "database": "service_healthy",
        "redis": "service_healthy",
    }


def test_the_migration_runs_once(services: dict[str, Any]) -> None:
    assert services["migrate"]["restart"] == "no"
    assert services["migrate"]["command"][:3] == ["python", "manage.py", "migrate"]


def test_data_is_in_named_volumes(services: dict[str, Any]) -> None:
    named = set(yaml.safe_load((BASE_DIR / "docker-compose.yml").read_text())["volumes"])
    used = {volume.split(":")[0] for service in services.values() for volume in service.get("volumes", [])}
    assert used == named


@pytest.mark.parametrize("name", ["migrate", *OURS])
def test_our_services_get_all_that_stands_in_the_file_of_settings(
    services: dict[str, Any], name: str
) -> None:
    assert services[name]["env_file"] == [{"path": ".env", "required": False}]


@pytest.mark.parametrize("name", OURS)
def test_the_port_of_the_machine_is_not_the_port_inside(services: dict[str, Any], name: str) -> None:
    """PORT in the file of settings reaches the container, too, and must not move the process in it."""
    assert services[name]["environment"]["PORT"] == services["web"]["ports"][0].rpartition(":")[2]
    assert services[name]["environment"]["LISTEN"] == "0.0.0.0"  # noqa: S104


def test_no_image_names_a_registry(services: dict[str, Any], dockerfile: str) -> None:
    images = [service["image"] for service in services.values()] + re.findall(
        r"^FROM (\S+)", dockerfile, re.M
    )
    assert not [image for image in images if re.match(r"[^/]*[.:][^/]*/", image)]


def test_the_image_runs_web_as_an_ordinary_user_with_a_health_check(dockerfile: str) -> None:
    last = dockerfile.split("\nFROM ")[-1]
    assert "USER tandem" in last
    assert "/healthz" in last.split("HEALTHCHECK")[1]
    assert last.rstrip().endswith('CMD ["./process", "web"]')


def test_the_image_takes_along_nothing_that_git_ignores() -> None:
    ignored = {
        line.rstrip("/") for line in (BASE_DIR / ".gitignore").read_text().split() if line.endswith("/")
    }
    left_out = (BASE_DIR / ".dockerignore").read_text().replace("**/", "").split()
    assert {name for name in ignored if "*" not in name} <= set(left_out)


@pytest.fixture
def project(tmp_path: Path) -> Path:
    shutil.copy(BASE_DIR / "process", tmp_path)
    (tmp_path / "portal").symlink_to(BASE_DIR / "portal")
    (tmp_path / "Procfile").write_text('web: echo "port ${PORT:-8000}" in "$PWD"\nworker: exit 7\n')
    return tmp_path


def test_process_runs_the_named_process_in_the_projects_folder(project: Path) -> None:
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    environment = {**os.environ, "PORT": "81", "PATH": path}
    done = subprocess.run([project / "process", "web"], env=environment, capture_output=True, text=True)
    assert done.stdout == f"port 81 in {project}\n"


@pytest.mark.parametrize("arguments", [["nothing"], []])
def test_process_refuses_what_the_procfile_does_not_have(project: Path, arguments: list[str]) -> None:
    done = subprocess.run([project / "process", *arguments], capture_output=True, text=True)
    assert done.returncode != 0
    assert "Procfile" in done.stderr
