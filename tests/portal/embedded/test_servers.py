"""The embedded servers and their known traps, each on servers of its own."""

import os
import pwd
import signal
import stat
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import psycopg2  # type: ignore[import-untyped]
import pytest
import redis

from portal import embedded
from portal.embedded import locks, places, programs
from portal.embedded.postgresql import PostgreSQL
from tests.processes import Terminal, gone, kill_all, terminal, wait_until

USER = """
import sys
from pathlib import Path
from portal import embedded
embedded.join(Path({folder!r}))
print("joined", flush=True)
sys.stdin.readline()
"""


@contextmanager
def user(folder: Path) -> Iterator[Terminal]:
    """Another process that uses the servers until Enter is pressed, Ctrl-C comes or its terminal closes."""
    with terminal(USER.format(folder=str(folder))) as started:
        started.read_until("joined")
        yield started


def leave(started: Terminal) -> None:
    started.press_enter()
    started.process.wait()


def postmaster(folder: Path) -> int:
    return int((folder / "postgresql" / "postmaster.pid").read_text().split()[0])


def ask(folder: Path, statement: str) -> object:
    with (
        closing(psycopg2.connect(embedded.database_url(folder))) as connection,
        connection.cursor() as cursor,
    ):
        connection.autocommit = True
        cursor.execute(statement)
        row = cursor.fetchone() if cursor.description else None
        return row[0] if row else None


def answers(folder: Path) -> bool:
    try:
        return ask(folder, "SELECT 1") == 1
    except psycopg2.OperationalError:
        return False


def modes_above(path: Path) -> dict[Path, int]:
    return {parent: stat.S_IMODE(parent.stat().st_mode) for parent in path.parents}


def test_both_servers_answer_at_the_computed_addresses(tmp_path: Path) -> None:
    with embedded.join(tmp_path / "var") as servers:
        assert servers.database_url == embedded.database_url(tmp_path / "var")
        assert ask(tmp_path / "var", "SELECT current_database()") == "tandem"
        with redis.Redis.from_url(embedded.redis_url(tmp_path / "var")) as client:
            assert client.ping()


def test_text_search_knows_german_and_english_and_case_knows_umlauts(tmp_path: Path) -> None:
    with embedded.join(tmp_path, throwaway=True):
        assert ask(tmp_path, "SELECT to_tsvector('german', 'Häuser') @@ to_tsquery('german', 'Haus')") is True
        assert (
            ask(tmp_path, "SELECT to_tsvector('english', 'teams') @@ to_tsquery('english', 'team')") is True
        )
        assert ask(tmp_path, "SELECT lower('ÄÖÜ')") == "äöü"


def test_data_stays_when_the_servers_stop(tmp_path: Path) -> None:
    with embedded.join(tmp_path), redis.Redis.from_url(embedded.redis_url(tmp_path)) as client:
        ask(tmp_path, "CREATE TABLE kept AS SELECT 7 AS number")
        client.set("kept", "7")
    with embedded.join(tmp_path), redis.Redis.from_url(embedded.redis_url(tmp_path)) as client:
        assert ask(tmp_path, "SELECT number FROM kept") == 7
        assert client.get("kept") == b"7"


def shared_buffers(folder: Path) -> int:
    """Megabytes; PostgreSQL counts pages of 8 kB."""
    setting = ask(folder, "SELECT setting FROM pg_settings WHERE name = 'shared_buffers'")
    return int(str(setting)) * 8 // 1024


def test_a_database_that_is_kept_takes_a_quarter_of_the_memory_at_most(tmp_path: Path) -> None:
    with embedded.join(tmp_path / "kept"):
        kept = shared_buffers(tmp_path / "kept")
    with embedded.join(tmp_path / "away", throwaway=True):
        away = shared_buffers(tmp_path / "away")
    machine = os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE") // 2**20
    assert kept == min(1024, machine // 4)
    assert away <= 128


def test_throwaway_servers_take_their_folder_along(tmp_path: Path) -> None:
    with embedded.join(tmp_path / "away", throwaway=True):
        assert (tmp_path / "away").exists()
    assert not (tmp_path / "away").exists()


def test_joining_twice_in_one_process_is_one_share_left_at_the_last_leave(tmp_path: Path) -> None:
    with embedded.join(tmp_path, throwaway=True) as outer:
        with embedded.join(tmp_path) as inner:
            assert inner is outer
        assert answers(tmp_path)
    assert not answers(tmp_path)


def test_processes_share_one_server_and_the_last_one_out_stops_it(tmp_path: Path) -> None:
    with user(tmp_path) as first, user(tmp_path) as second:
        server = postmaster(tmp_path)
        leave(first)
        assert answers(tmp_path)
        assert postmaster(tmp_path) == server
        leave(second)
        assert not answers(tmp_path)
        assert gone(first.mark)
        assert gone(second.mark)


def test_a_user_killed_with_9_is_not_counted_any_more(tmp_path: Path) -> None:
    with user(tmp_path) as first, user(tmp_path) as second:
        first.process.kill()
        first.process.wait()
        assert answers(tmp_path)
        second.process.kill()
        second.process.wait()
        assert gone(first.mark)
        assert gone(second.mark)


def test_a_server_killed_with_9_is_started_again_with_its_data(tmp_path: Path) -> None:
    with embedded.join(tmp_path):
        ask(tmp_path, "CREATE TABLE kept AS SELECT 7 AS number")
        killed = postmaster(tmp_path)
        os.kill(killed, signal.SIGKILL)
        assert wait_until(lambda: answers(tmp_path) and postmaster(tmp_path) != killed)
        assert ask(tmp_path, "SELECT number FROM kept") == 7


def test_a_redis_killed_with_9_is_started_again(tmp_path: Path) -> None:
    with embedded.join(tmp_path), redis.Redis.from_url(embedded.redis_url(tmp_path)) as client:
        killed = int(client.info("server")["process_id"])
        os.kill(killed, signal.SIGKILL)

        def back() -> bool:
            try:
                return int(client.info("server")["process_id"]) != killed
            except redis.ConnectionError:
                return False

        assert wait_until(back)


def test_what_a_server_killed_with_9_leaves_behind_is_cleared_at_the_next_start(tmp_path: Path) -> None:
    with user(tmp_path) as first:
        kill_all(first.mark)
        assert gone(first.mark)
    # A process that ends has no words any more a moment before its locks are free.
    assert wait_until(lambda: locks.free(locks.holder(places.at(tmp_path)), exclusive=True))
    assert (tmp_path / "postgresql" / "postmaster.pid").exists()
    with embedded.join(tmp_path):
        assert answers(tmp_path)


def test_a_stale_pid_that_another_process_got_since_does_not_count(tmp_path: Path) -> None:
    with embedded.join(tmp_path):
        pass
    stale = tmp_path / "postgresql" / "postmaster.pid"
    stale.write_text(f"{os.getpid()}\n{tmp_path}/postgresql\n1\n5432\n{tmp_path}/sockets\n\n0 0\nready\n")
    with embedded.join(tmp_path):
        assert answers(tmp_path)
        assert postmaster(tmp_path) != os.getpid()


def test_a_living_server_without_a_holder_is_ended_in_order_first(tmp_path: Path) -> None:
    home = places.at(tmp_path)
    embedded.make_folders(home)
    places.make_private(home.sockets)
    orphan = PostgreSQL(home, throwaway=False)
    orphan.start()
    with embedded.join(tmp_path):
        assert answers(tmp_path)
    assert wait_until(orphan.died)
    assert "not properly shut down" not in (home.log / "postgresql.log").read_text()


def test_killing_the_holder_takes_the_servers_along_and_they_can_be_had_again(tmp_path: Path) -> None:
    with embedded.join(tmp_path) as servers:
        server = postmaster(tmp_path)
        holder = programs.running_pid(places.at(tmp_path).locks / "holder", "portal.embedded.holder")
        assert holder is not None
        os.kill(holder, signal.SIGKILL)
        assert wait_until(lambda: programs.command_line(server) == "")
        servers.ensure_running()
        assert answers(tmp_path)


def test_a_very_deep_folder_gets_a_short_private_socket_folder_removed_at_the_end(tmp_path: Path) -> None:
    deep = tmp_path / ("d" * 120) / ("e" * 120)
    sockets = places.at(deep).sockets
    assert len(os.fsencode(deep)) > 107
    with embedded.join(deep):
        assert answers(deep)
        assert stat.S_IMODE(sockets.stat().st_mode) == 0o700
        assert sockets.parent == places.SHORT_PARENT
    assert not sockets.exists()


def test_a_short_socket_folder_that_somebody_else_laid_out_is_refused(tmp_path: Path) -> None:
    deep = tmp_path / ("d" * 120)
    sockets = places.at(deep).sockets
    sockets.symlink_to(tmp_path)
    try:
        with pytest.raises(embedded.EmbeddedError, match="belongs to another user"):
            embedded.join(deep)
    finally:
        sockets.unlink()


def test_no_folder_above_is_opened_up_and_no_user_is_made(tmp_path: Path) -> None:
    """As root the servers run as nobody, below folders that only root can enter."""
    closed = tmp_path / "closed"
    closed.mkdir(mode=0o700)
    before, people = modes_above(closed / "var"), pwd.getpwall()
    with embedded.join(closed / "var"):
        assert answers(closed / "var")
        owner = Path(f"/proc/{postmaster(closed / 'var')}").stat().st_uid
        assert owner == places.server_user()[0] != 0
    assert {
        path: mode for path, mode in modes_above(closed / "var" / "x").items() if path in before
    } == before
    assert pwd.getpwall() == people
    assert stat.S_IMODE((closed / "var" / "postgresql").stat().st_mode) == 0o700


def test_ctrl_c_leaves_no_process(tmp_path: Path) -> None:
    with user(tmp_path) as only:
        only.press_ctrl_c()
        assert gone(only.mark)


def test_a_closed_terminal_leaves_no_process(tmp_path: Path) -> None:
    with user(tmp_path) as only:
        only.close()
        assert gone(only.mark)


def test_ctrl_c_in_one_terminal_leaves_the_server_to_the_other(tmp_path: Path) -> None:
    with user(tmp_path) as first, user(tmp_path) as second:
        server = postmaster(tmp_path)
        first.press_ctrl_c()
        first.process.wait()
        assert answers(tmp_path)
        assert postmaster(tmp_path) == server
        leave(second)


def test_a_user_that_comes_while_the_servers_stop_gets_new_ones(tmp_path: Path) -> None:
    for _ in range(3):
        with embedded.join(tmp_path):
            assert answers(tmp_path)


def test_a_folder_that_cannot_be_made_is_one_clear_line(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(embedded.EmbeddedError, match="Not a directory"):
        embedded.join(tmp_path / "file" / "var")


def test_data_that_cannot_be_read_as_postgresqls_is_one_clear_line(tmp_path: Path) -> None:
    with embedded.join(tmp_path):
        pass
    (tmp_path / "postgresql" / "PG_VERSION").write_text("9.1\n")
    with pytest.raises(embedded.EmbeddedError, match="PostgreSQL does not start"):
        embedded.join(tmp_path)
    assert locks.free(locks.users(places.at(tmp_path)), exclusive=True)


def test_an_environment_that_names_servers_starts_none(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("DATABASE_URL", "postgresql://x/y")
    monkeypatch.setenv("REDIS_URL", "redis://x")
    monkeypatch.setenv("TANDEM_VAR", str(tmp_path / "var"))
    embedded.join_if_unconfigured()
    assert not (tmp_path / "var").exists()


def test_without_packages_and_addresses_the_program_ends_with_one_line(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.delenv("DATABASE_URL")
    monkeypatch.setenv("TANDEM_VAR", str(tmp_path / "file" / "var"))
    (tmp_path / "file").write_text("")
    with pytest.raises(SystemExit, match=r"Tandem cannot start: .*Not a directory"):
        embedded.join_if_unconfigured()
