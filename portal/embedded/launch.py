"""Runs a program that ends with its parent: `launch.py FOLDER PROGRAM …` or `launch.py - PROGRAM …`.

Without a folder it stays beside the program, and when that has died takes along what it left behind:
Granian's workers, for instance, outlive a Granian that is killed with -9, and keep its port.
With a folder it becomes the program, as the unprivileged user who owns the folder where the caller is root.
PostgreSQL refuses to run as root. The project may lie below folders that only root can enter (/root), and
their modes are not ours to change: there the program keeps one Linux capability, to walk through folders of
others. Run by path as a program of its own, with the standard library only.
"""

from __future__ import annotations

import ctypes
import os
import pwd
import signal
import stat
import struct
import sys
from pathlib import Path
from typing import NoReturn

CAP_DAC_OVERRIDE, CAP_DAC_READ_SEARCH = 1, 2
PR_SET_PDEATHSIG, PR_SET_KEEPCAPS, PR_SET_SECUREBITS, PR_CAP_AMBIENT = 1, 8, 28, 47
PR_CAP_AMBIENT_RAISE = 2
# Without it access(2) leaves the capability out, and initdb asks access(2) whether `postgres` is beside it.
SECBIT_NO_SETUID_FIXUP = 1 << 2
_CAPABILITY_VERSION_3 = 0x20080522
FORWARDED = (signal.SIGHUP, signal.SIGINT, signal.SIGQUIT, signal.SIGTERM)


class CannotStepDown(Exception):
    """This machine lets root neither reach the files as another user nor keep the capability for it."""


def unprivileged_ids() -> tuple[int, int]:
    """The (user id, group id) servers run as where the caller is root: nobody's."""
    entry = pwd.getpwnam("nobody")
    return entry.pw_uid, entry.pw_gid


def _libc() -> ctypes.CDLL:
    return ctypes.CDLL(None, use_errno=True)


def _prctl(option: int, *values: int) -> None:
    padded = [*values, 0, 0, 0, 0][:4]
    if _libc().prctl(option, *(ctypes.c_ulong(value) for value in padded)) != 0:
        raise CannotStepDown(f"prctl {option}: {os.strerror(ctypes.get_errno())}")


def _keep_only(capability: int) -> None:
    header = struct.pack("<Ii", _CAPABILITY_VERSION_3, 0)
    mask = 1 << capability
    data = struct.pack("<6I", mask, mask, mask, 0, 0, 0)
    if _libc().capset(header, data) != 0:
        raise CannotStepDown(f"capset: {os.strerror(ctypes.get_errno())}")


def _may_keep(capability: int) -> bool:
    for line in Path("/proc/self/status").read_text().splitlines():
        if line.startswith("CapPrm:"):
            return bool(int(line.split()[1], 16) >> capability & 1)
    return False


def _executable_by_all(program: str) -> bool:
    return bool(Path(program).stat().st_mode & stat.S_IXOTH)


def _choose_capability(program: str) -> int:
    """The weaker one unless the program's own mode shuts others out; some containers lack it."""
    if _executable_by_all(program) and _may_keep(CAP_DAC_READ_SEARCH):
        return CAP_DAC_READ_SEARCH
    if _may_keep(CAP_DAC_OVERRIDE):
        return CAP_DAC_OVERRIDE
    raise CannotStepDown("root has no CAP_DAC_OVERRIDE here")


def _reaches(program: str, folder: str) -> bool:
    """Whether nobody can use both as they are; asked in a child, because there is no way back from nobody."""
    child = os.fork()
    if child == 0:
        _become(*unprivileged_ids())
        os._exit(0 if os.access(program, os.X_OK) and os.access(folder, os.W_OK | os.X_OK) else 1)
    return os.waitpid(child, 0)[1] == 0


def _become(uid: int, gid: int) -> None:
    os.setgroups([])
    os.setresgid(gid, gid, gid)
    os.setresuid(uid, uid, uid)


def step_down(program: str, folder: str) -> None:
    """Become nobody, with at most the one capability that reaching `program` and `folder` needs.

    Raises CannotStepDown where that is not possible.
    """
    if _reaches(program, folder):
        _become(*unprivileged_ids())
        return
    if not sys.platform.startswith("linux"):
        raise CannotStepDown(f"as root, servers run as nobody, who cannot enter {folder}")
    capability = _choose_capability(program)
    _prctl(PR_SET_SECUREBITS, SECBIT_NO_SETUID_FIXUP)
    _become(*unprivileged_ids())
    _keep_only(capability)
    _prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_RAISE, capability)


def die_with_parent() -> None:
    """Ask Linux to end this process with its parent, so that kill -9 of the parent leaves nothing behind."""
    if sys.platform.startswith("linux"):
        _prctl(PR_SET_PDEATHSIG, signal.SIGINT)


def restore_signals() -> None:
    """A background job or the holder ignores some, and what is ignored stays so in the program."""
    for number in FORWARDED:
        signal.signal(number, signal.SIG_DFL)


def become(folder: str, command: tuple[str, ...]) -> NoReturn:
    """Be the program, unprivileged; raises CannotStepDown, OSError and KeyError (there is no user nobody)."""
    os.umask(0o077)
    if os.geteuid() == 0:
        step_down(command[0], folder)
    die_with_parent()
    os.execv(command[0], command)  # noqa: S606


def stay_beside(command: tuple[str, ...]) -> None:
    """Run the program, hand signals on to it, and kill its whole process group when it is gone."""
    if os.getpgrp() != os.getpid():
        os.setpgid(0, 0)
    die_with_parent()
    signal.pthread_sigmask(signal.SIG_BLOCK, FORWARDED)
    child = os.fork()
    if child == 0:
        signal.pthread_sigmask(signal.SIG_UNBLOCK, FORWARDED)
        die_with_parent()
        os.execv(command[0], command)  # noqa: S606
    for number in FORWARDED:
        signal.signal(number, lambda caught, _frame: os.kill(child, caught))
    signal.pthread_sigmask(signal.SIG_UNBLOCK, FORWARDED)
    os.waitpid(child, 0)
    os.killpg(0, signal.SIGKILL)


def main(folder: str, *command: str) -> None:
    restore_signals()
    try:
        if folder == "-":
            stay_beside(command)
        become(folder, command)
    except (CannotStepDown, OSError, KeyError) as error:
        raise SystemExit(f"cannot run {Path(command[0]).name} as asked: {error}") from None


if __name__ == "__main__":
    main(*sys.argv[1:])
