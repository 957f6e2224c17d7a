"""The numbers of the portal's advisory locks in one place: what shares a number waits for each other."""

from enum import IntEnum, unique


@unique
class Lock(IntEnum):
    """Arbitrary, but the same across versions. Numbers that come in pairs are a space of their own."""

    SEQUENCER = 7_126_001
    BEAT = 7_126_002
    RULES = 7_126_003
    LINKS = 7_126_004
    GOAL_TREE = 7_126_005
    IMPORT = 7_126_007
    MAILBOX = 7_126_008
