"""How often Python looks for garbage."""

import gc

# New objects between two looks (Python's own: 700), looks at the young for one at the older, and so on.
THRESHOLDS = 50_000, 20, 50


def collect_seldom() -> None:
    """Look for garbage seldom, and never among what was imported until now.

    Each queryset leaves cycles behind, so that Python by its own measure looks for them all the time.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(*THRESHOLDS)
