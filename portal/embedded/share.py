"""Becomes a program that has a share in the embedded servers: `python -m portal.embedded.share PROGRAM …`.

Web and worker are started by programs that know nothing of these servers. The lock that is this process's
share goes on with the program it becomes, and the kernel gives it up however that ends: so a `manage.py` that
finishes beside it does not take the servers away, and the last one out stops them.
Where the environment names servers, there is nothing to share.
"""

from __future__ import annotations

import os
import sys
from typing import NoReturn

from portal import embedded


def main() -> NoReturn:
    servers = embedded.join_if_unconfigured()
    if servers is not None:
        servers.hand_on()
    os.execvp(sys.argv[1], sys.argv[1:])  # noqa: S606


if __name__ == "__main__":
    main()
