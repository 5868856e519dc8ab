"""A file that one process at a time has for itself."""

from __future__ import annotations

from typing import IO


def claim(file: IO[str]) -> bool:
    """Claim an open file until it is closed; false where another one has it.

    A process that is killed lets go of it. On systems without such claims, each is granted.
    """
    try:
        import fcntl
    except ImportError:  # Windows has none
        return True
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return False
    return True
