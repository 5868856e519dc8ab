"""What the disk alone takes: a block written and forced onto it; and a file's pages put out of memory."""

from __future__ import annotations

import os
from collections.abc import Iterable
from pathlib import Path
from time import perf_counter

BLOCK = 4_096


class Disk:
    """A file to which blocks are appended, each of them forced to the disk."""

    def __init__(self, path: Path) -> None:
        self._file = path.open("wb", buffering=0)

    def write(self) -> float:
        """Append a block and wait for it; the seconds that took."""
        block = os.urandom(BLOCK)
        began = perf_counter()
        self._file.write(block)
        os.fsync(self._file.fileno())
        return perf_counter() - began

    def close(self) -> None:
        """Close the file."""
        self._file.close()


def put_out_of_memory(files: Iterable[Path]) -> bool:
    """Let the next read of `files` come from the disk; whether the system can be asked to."""
    if not hasattr(os, "posix_fadvise"):
        return False
    for file in files:
        with file.open("rb") as opened:
            os.fsync(opened.fileno())
            os.posix_fadvise(opened.fileno(), 0, 0, os.POSIX_FADV_DONTNEED)
    return True
