"""Where embedded servers keep their things, computed from one folder without touching the disk."""

from __future__ import annotations

import hashlib
import os
import pwd
import stat
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

# The kernel's sockaddr_un holds 108 bytes with the final NUL; macOS has 104, which the margin covers.
LONGEST_SOCKET_PATH = 103
POSTGRESQL_SOCKET = ".s.PGSQL.5432"
# Not tempfile.gettempdir(): two processes with different TMPDIR must come to the same address.
SHORT_PARENT = Path("/tmp")  # noqa: S108


class EmbeddedError(Exception):
    """Embedded servers cannot be had here; the text is one line for the person at the terminal."""


def server_user() -> tuple[int, int]:
    """The (user id, group id) the servers run as: our own, or nobody's where we are root."""
    if os.geteuid() != 0:
        return os.geteuid(), os.getegid()
    try:
        entry = pwd.getpwnam("nobody")
    except KeyError:
        raise EmbeddedError(
            "PostgreSQL refuses to run as root, and this machine has no user nobody."
        ) from None
    return entry.pw_uid, entry.pw_gid


@dataclass(frozen=True)
class Places:
    """The paths of one pair of servers below `folder` (absolute)."""

    folder: Path

    @property
    def data(self) -> Path:
        return self.folder / "postgresql"

    @property
    def redis(self) -> Path:
        return self.folder / "redis"

    @property
    def log(self) -> Path:
        return self.folder / "log"

    @property
    def locks(self) -> Path:
        return self.folder / "locks"

    @property
    def sockets(self) -> Path:
        """Beside the data, or a short folder of our own where that path is too long for a socket."""
        beside = self.folder / "sockets"
        if len(os.fsencode(beside / POSTGRESQL_SOCKET)) <= LONGEST_SOCKET_PATH:
            return beside
        digest = hashlib.sha256(os.fsencode(self.folder)).hexdigest()[:16]
        return SHORT_PARENT / f"tandem-{os.geteuid()}-{digest}"

    @property
    def postgresql_socket(self) -> Path:
        return self.sockets / POSTGRESQL_SOCKET

    @property
    def redis_socket(self) -> Path:
        return self.sockets / "redis.sock"

    def database_url(self, name: str = "tandem") -> str:
        return f"postgresql://tandem@/{name}?host={quote(str(self.sockets), safe='')}"

    def redis_url(self) -> str:
        return f"unix://{quote(str(self.redis_socket))}?db=0"


def at(folder: Path) -> Places:
    return Places(folder.resolve())


def make_private(path: Path) -> None:
    """Create a folder only the servers' user can enter; raises EmbeddedError if somebody else's is there."""
    owner, group = server_user()
    try:
        path.mkdir(mode=0o700, parents=True)
        if os.geteuid() == 0:
            os.chown(path, owner, group)
    except FileExistsError:
        pass
    found = path.lstat()
    if not stat.S_ISDIR(found.st_mode) or found.st_uid != owner:
        raise EmbeddedError(
            f"{path} belongs to another user (id {found.st_uid}); remove it or run as that user."
        )
    if stat.S_IMODE(found.st_mode) != 0o700:
        path.chmod(0o700)
