"""Addresses are computed, equal for every process, and fit into a socket's name."""

import os
import stat
import subprocess
import sys
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import environ
import psycopg2.extensions  # type: ignore[import-untyped]
import pytest
import redis

from portal import embedded
from portal.embedded import places


def test_computing_an_address_touches_nothing(tmp_path: Path) -> None:
    embedded.database_url(tmp_path / "var")
    embedded.redis_url(tmp_path / "var")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("name", ["var", "Groß und klein", "100% & ?x=#1", "a" * 200])
def test_django_libpq_and_redis_read_the_same_folder_from_the_addresses(tmp_path: Path, name: str) -> None:
    home = places.at(tmp_path / name)
    django = environ.Env.db_url_config(home.database_url())
    assert django["OPTIONS"] == {"host": str(home.sockets)}
    assert psycopg2.extensions.parse_dsn(home.database_url())["host"] == str(home.sockets)
    with redis.Redis.from_url(home.redis_url()) as client:
        assert client.connection_pool.connection_kwargs["path"] == str(home.redis_socket)


@pytest.mark.parametrize("length", range(1, 130, 8))
def test_no_socket_path_is_ever_too_long(tmp_path: Path, length: int) -> None:
    home = places.at(tmp_path / ("d" * length))
    assert len(os.fsencode(home.postgresql_socket)) <= places.LONGEST_SOCKET_PATH
    assert len(os.fsencode(home.redis_socket)) <= places.LONGEST_SOCKET_PATH


def test_length_counts_bytes_not_letters() -> None:
    letters = Path("/" + "ü" * 50)
    assert len(str(letters)) + len("/sockets/.s.PGSQL.5432") < places.LONGEST_SOCKET_PATH
    assert places.at(letters).sockets.parent == places.SHORT_PARENT


def test_two_deep_folders_have_two_short_ones(tmp_path: Path) -> None:
    deep = tmp_path / ("d" * 120)
    assert places.at(deep / "a").sockets != places.at(deep / "b").sockets


def test_a_process_with_another_temporary_directory_comes_to_the_same_address(tmp_path: Path) -> None:
    deep = tmp_path / ("d" * 120)
    code = "import pathlib, sys; from portal import embedded\n"
    code += "print(embedded.database_url(pathlib.Path(sys.argv[1])))"
    environment = {**os.environ, "TMPDIR": str(tmp_path)}
    done = subprocess.run([sys.executable, "-c", code, deep], env=environment, capture_output=True, text=True)
    assert done.stdout.strip() == embedded.database_url(deep)


def test_a_link_to_the_folder_is_the_same_folder(tmp_path: Path) -> None:
    (tmp_path / "real").mkdir()
    (tmp_path / "link").symlink_to(tmp_path / "real")
    assert embedded.redis_url(tmp_path / "link") == embedded.redis_url(tmp_path / "real")


def test_a_database_of_another_name_is_at_the_same_server(tmp_path: Path) -> None:
    one, other = (urlsplit(places.at(tmp_path).database_url(name)) for name in ("tandem", "postgres"))
    assert (one.path, other.path) == ("/tandem", "/postgres")
    assert parse_qs(one.query) == parse_qs(other.query)


def test_a_private_folder_is_the_servers_users_alone(tmp_path: Path) -> None:
    places.make_private(tmp_path / "private")
    found = (tmp_path / "private").stat()
    assert stat.S_IMODE(found.st_mode) == 0o700
    assert (found.st_uid, found.st_gid) == places.server_user()


def test_a_private_folder_that_was_opened_is_closed_again(tmp_path: Path) -> None:
    places.make_private(tmp_path / "private")
    (tmp_path / "private").chmod(0o755)
    places.make_private(tmp_path / "private")
    assert stat.S_IMODE((tmp_path / "private").stat().st_mode) == 0o700


def test_servers_never_run_as_root() -> None:
    assert places.server_user()[0] != 0


def test_root_on_a_machine_without_nobody_is_told_so(monkeypatch: pytest.MonkeyPatch) -> None:
    def unknown(name: str) -> None:
        raise KeyError(name)

    monkeypatch.setattr("portal.embedded.places.os.geteuid", lambda: 0)
    monkeypatch.setattr("portal.embedded.places.pwd.getpwnam", unknown)
    with pytest.raises(embedded.EmbeddedError, match="no user nobody"):
        places.server_user()
